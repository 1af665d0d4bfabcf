//! One flow: what it keeps, and how it stays within its budget.

use super::packed::Packed;
use super::{Content, Limits, MAX_EXCHANGES, Note};
use crate::hub::acs::Outcome;
use crate::hub::choose::ChosenBy;
use crate::hub::pending::PENDING_LIFETIME;
use crate::hub::verdict::{self, Ended, Facts, Verdict};
use crate::hub::{Check, Decision, Exchange, FlowId, Row};
use crate::oiosaml::{Cvr, Level, RequestProfile};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use time::OffsetDateTime;

/// How a flow stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Waits for the user or the IdP.
    Pending,
    /// The system got an assertion.
    LoggedIn,
    /// Somebody got a refusal.
    Refused,
    /// Nobody came back.
    Abandoned,
    /// A logout: everybody who was told says that the user is logged out.
    LoggedOut,
    /// A logout: the sessions ended at the hub, and somebody else did not log the user out.
    PartialLogout,
}

/// One flow. What is serialised is all but its content.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Flow {
    /// Its name.
    pub id: FlowId,
    /// When it began.
    pub started: OffsetDateTime,
    /// When something last happened.
    pub changed: OffsetDateTime,
    /// entityID of the system, as far as known.
    pub system: Option<String>,
    /// entityID of the IdP, as far as known.
    pub idp: Option<String>,
    /// The profile that the IdP was asked in.
    pub profile: Option<RequestProfile>,
    /// The level that the system needs.
    pub required: Option<Level>,
    /// The organisation (CVR) that the user comes from, as far as known.
    pub organisation: Option<Cvr>,
    /// Who chose the IdP, once it is chosen, and since when that is remembered.
    pub chosen: Option<(ChosenBy, Option<OffsetDateTime>)>,
    /// How it stands.
    pub state: State,
    /// The check that it was refused for.
    #[serde(default, deserialize_with = "if_known")]
    pub refusal: Option<Check>,
    /// Who must act: of a flow that goes on, if nobody comes back.
    #[serde(default, deserialize_with = "if_known")]
    pub verdict: Option<Verdict>,
    /// Level reached, in words, and whether it is lower than needed.
    pub level: Option<(String, bool)>,
    /// What it has in full; empty while the flow is packed.
    #[serde(skip)]
    pub content: Content,
    /// Whether something was left out to stay within the budget.
    pub truncated: bool,
    #[serde(skip)]
    pub(super) stranger: bool,
    #[serde(skip)]
    pub(super) number: u64,
    #[serde(skip)]
    pub(super) packed: Option<Packed>,
    #[serde(skip)]
    pub(super) bytes: usize,
    /// Counts its changes.
    #[serde(skip)]
    pub(super) version: u32,
    /// Whether there is a row of it in the file.
    #[serde(skip)]
    pub(super) in_file: bool,
    /// Whether that row is the flow as it stands.
    #[serde(skip)]
    pub(super) archived: bool,
    /// Whether it is among those that must be written.
    #[serde(skip)]
    pub(super) queued: bool,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Pending,
        Self::LoggedIn,
        Self::Refused,
        Self::Abandoned,
        Self::LoggedOut,
        Self::PartialLogout,
    ];

    /// The word of the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::LoggedIn => "logged-in",
            Self::Refused => "refused",
            Self::Abandoned => "abandoned",
            Self::LoggedOut => "logged-out",
            Self::PartialLogout => "partial-logout",
        }
    }

    /// Whether something ended it.
    pub fn has_ended(self) -> bool {
        !matches!(self, Self::Pending | Self::Abandoned)
    }

    /// Whether it came to what it was begun for: a late message is no news then.
    fn is_settled(self) -> bool {
        matches!(self, Self::LoggedIn | Self::LoggedOut | Self::PartialLogout)
    }
}

impl Flow {
    pub(super) fn new(id: FlowId, number: u64, stranger: bool, now: OffsetDateTime) -> Self {
        let mut flow = Self {
            id,
            stranger,
            number,
            started: now,
            changed: now,
            system: None,
            idp: None,
            profile: None,
            required: None,
            organisation: None,
            chosen: None,
            state: State::Pending,
            refusal: None,
            verdict: None,
            level: None,
            content: Content::default(),
            truncated: false,
            packed: None,
            bytes: 0,
            version: 0,
            in_file: false,
            archived: false,
            queued: false,
        };
        flow.bytes = flow.weight();
        flow
    }

    pub(super) fn add(&mut self, note: Note, now: OffsetDateTime, limits: Limits) {
        self.unpack();
        self.version = self.version.wrapping_add(1);
        self.archived = false;
        self.changed = now;
        let mut names = [note.system, note.idp];
        for name in names.iter_mut().flatten() {
            self.truncated |= cut(name, limits.text.min(MAX_NAME));
        }
        let [system, idp] = names;
        self.system = system.or(self.system.take());
        self.idp = idp.or(self.idp.take());
        self.profile = note.profile.or(self.profile);
        self.required = note.required.or(self.required);
        self.organisation = note.organisation.or(self.organisation.take());
        let chosen = note.chosen.map(|chosen| (chosen.by, chosen.since));
        self.chosen = chosen.or(self.chosen);
        self.bytes = self.weight();
        match note.ended {
            Some(Outcome::LoggedIn {
                level,
                under_assured,
            }) => {
                self.state = State::LoggedIn;
                self.refusal = None;
                let level = level.map_or_else(|| "–".to_owned(), |level| level.to_string());
                self.level = Some((level, under_assured));
            }
            // A login that succeeded stays so: a late copy of its answer is no news.
            Some(Outcome::LoggedOut { failed }) => {
                self.state = match failed.is_empty() {
                    true => State::LoggedOut,
                    false => State::PartialLogout,
                };
                self.refusal = None;
            }
            Some(Outcome::Refused(refusal)) if !self.state.is_settled() => {
                self.state = State::Refused;
                self.refusal = Some(refusal.check);
            }
            Some(Outcome::Refused(_)) | None => {}
        }
        for mut exchange in note.trace.exchanges {
            for text in texts(&mut exchange) {
                self.truncated |= cut(text, limits.text);
            }
            let size = size_of::<Exchange>() + exchange_bytes(&exchange);
            if self.content.exchanges.len() < MAX_EXCHANGES && self.has_room(size, limits) {
                self.content.exchanges.push(exchange);
            } else {
                self.truncated = true;
            }
        }
        for decision in note.trace.decisions {
            let size = size_of::<Decision>() + decision_bytes(&decision);
            if self.content.decisions.len() < 4 * MAX_EXCHANGES && self.has_room(size, limits) {
                self.content.decisions.push(decision);
            } else {
                self.truncated = true;
            }
        }
        if let Some(story) = note.trace.roles {
            match self.has_room(json_bytes(&story), limits) {
                true => self.content.story = Some(story),
                false => self.truncated = true,
            }
        }
        if let Some(visit) = note.visit {
            match self.content.visits.len() < MAX_EXCHANGES
                && self.has_room(json_bytes(&visit), limits)
            {
                true => self.content.visits.push(visit),
                false => self.truncated = true,
            }
        }
        if let Some(told) = note.told {
            match self.content.told.len() < MAX_EXCHANGES
                && self.has_room(json_bytes(&told), limits)
            {
                true => self.content.told.push(told),
                false => self.truncated = true,
            }
        }
        self.verdict = verdict::of(&self.facts());
        self.bytes = self.weight();
    }

    fn has_room(&mut self, size: usize, limits: Limits) -> bool {
        let fits = self.bytes + size <= limits.flow_bytes;
        if fits {
            self.bytes += size;
        }
        fits
    }

    pub(super) fn pack(&mut self) {
        self.packed = Packed::pack(&self.content);
        if self.packed.is_some() {
            self.content = Content::default();
        }
        self.bytes = self.weight();
    }

    pub(super) fn unpack(&mut self) {
        let Some(packed) = self.packed.take() else {
            return;
        };
        match packed.unpack() {
            Some(content) => self.content = content,
            // Another version packed it.
            None => self.truncated = true,
        }
    }

    pub(super) fn unpacked(mut self) -> Self {
        self.unpack();
        self
    }

    /// What the verdict looks at.
    fn facts(&self) -> Facts<'_> {
        let content = &self.content;
        Facts {
            ended: match (self.state, self.refusal) {
                (State::LoggedIn, _) => Ended::LoggedIn,
                (State::Refused, Some(check)) => Ended::Refused(check),
                (State::LoggedOut, _) => Ended::LoggedOut,
                (State::PartialLogout, _) => Ended::PartialLogout,
                _ => Ended::Open,
            },
            chosen: self.chosen.is_some(),
            exchanges: &content.exchanges,
            decisions: &content.decisions,
            story: content.story.as_ref(),
            told: &content.told,
        }
    }

    /// Whether nobody that we know took part in it, as far as we can tell.
    pub fn is_from_a_stranger(&self) -> bool {
        self.stranger
    }

    /// Its place in the order in which flows began.
    pub fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn has_messages(&self) -> bool {
        self.packed.is_some() || !self.content.is_empty()
    }

    /// Bytes that the flow takes, the ring's own share included: its id three times, and a place in a table
    /// that is at most half empty.
    pub(super) fn weight(&self) -> usize {
        let names = [&self.system, &self.idp];
        let names = names.into_iter().flatten().map(String::capacity);
        let level = self.level.iter().map(|(level, _)| level.capacity());
        let content = &self.content;
        let lists = content.exchanges.capacity() * size_of::<Exchange>()
            + content.decisions.capacity() * size_of::<Decision>();
        2 * (size_of::<Self>() + size_of::<FlowId>())
            + 3 * block(26)
            + size_of::<FlowId>()
            + names.chain(level).map(block).sum::<usize>()
            + content.story.as_ref().map_or(0, json_bytes)
            + content.visits.iter().map(json_bytes).sum::<usize>()
            + content.told.iter().map(json_bytes).sum::<usize>()
            + block(lists)
            + content.exchanges.iter().map(exchange_bytes).sum::<usize>()
            + content.decisions.iter().map(decision_bytes).sum::<usize>()
            + self.packed.as_ref().map_or(0, Packed::bytes)
    }

    pub(super) fn summary(&self) -> Self {
        Self {
            id: self.id.clone(),
            system: self.system.clone(),
            idp: self.idp.clone(),
            chosen: self.chosen,
            level: self.level.clone(),
            organisation: self.organisation.clone(),
            verdict: self.verdict.clone(),
            content: Content::default(),
            packed: None,
            ..*self
        }
    }

    pub(super) fn seen_at(mut self, now: OffsetDateTime) -> Self {
        if self.state == State::Pending && now - self.started >= PENDING_LIFETIME {
            self.state = State::Abandoned;
        }
        self
    }
}

/// What another version may have called by a name that this one does not know.
fn if_known<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: serde::de::DeserializeOwned,
{
    let value = serde_json::Value::deserialize(from)?;
    Ok(serde_json::from_value(value).ok())
}

/// Bytes of a name that a peer gave itself.
pub(super) const MAX_NAME: usize = 1024;

/// Bytes of something that is small and rare, about.
fn json_bytes(value: &impl serde::Serialize) -> usize {
    serde_json::to_vec(value).map_or(0, |json| block(json.len()))
}

/// Bytes of the texts and rows that an exchange refers to.
fn exchange_bytes(exchange: &Exchange) -> usize {
    let optional = [
        &exchange.peer,
        &exchange.decrypted,
        &exchange.relay_state,
        &exchange.query,
    ];
    let texts = [&exchange.kind, &exchange.xml];
    let texts = texts.into_iter().chain(optional.into_iter().flatten());
    let rows = exchange.checks.iter();
    let found = rows.flat_map(|row| [&row.found, &row.expected]);
    texts.map(|text| block(text.capacity())).sum::<usize>()
        + block(exchange.checks.capacity() * size_of::<Row>())
        + found
            .map(|text| match text {
                Cow::Owned(text) => block(text.capacity()),
                Cow::Borrowed(_) => 0,
            })
            .sum::<usize>()
}

fn decision_bytes(decision: &Decision) -> usize {
    block(decision.input.capacity()) + block(decision.result.capacity())
}

/// What the allocator takes for so many bytes.
pub(super) fn block(bytes: usize) -> usize {
    if bytes == 0 {
        0
    } else {
        (bytes + 8).next_multiple_of(16).max(32)
    }
}

/// The texts that a peer can make long.
fn texts(exchange: &mut Exchange) -> impl Iterator<Item = &mut String> {
    let optional = [
        &mut exchange.peer,
        &mut exchange.decrypted,
        &mut exchange.relay_state,
        &mut exchange.query,
    ];
    let rows = exchange.checks.iter_mut();
    let rows = rows.flat_map(|row| [&mut row.found, &mut row.expected]);
    [&mut exchange.kind, &mut exchange.xml]
        .into_iter()
        .chain(optional.into_iter().flatten())
        .chain(rows.filter_map(|text| match text {
            Cow::Owned(text) => Some(text),
            Cow::Borrowed(_) => None,
        }))
}

/// Cuts off what is beyond `most` bytes; whether there was any.
fn cut(text: &mut String, most: usize) -> bool {
    if text.len() <= most {
        return false;
    }
    let end = (0..=most).rev().find(|end| text.is_char_boundary(*end));
    text.truncate(end.unwrap_or(0));
    text.shrink_to_fit();
    true
}
