//! One flow: what it keeps, and how it stays within its budget.

use super::packed::Packed;
use super::{Limits, MAX_EXCHANGES, Note};
use crate::hub::acs::Outcome;
use crate::hub::choose::ChosenBy;
use crate::hub::pending::PENDING_LIFETIME;
use crate::hub::roles::Story;
use crate::hub::{Decision, Exchange, FlowId, Refusal, Row};
use flate2::Compression;
use std::borrow::Cow;
use time::OffsetDateTime;

/// How a flow stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Waits for the user or the IdP.
    Pending,
    /// The system got an assertion.
    LoggedIn,
    /// Somebody got a refusal.
    Refused,
    /// Nobody came back.
    Abandoned,
}

/// One flow.
#[derive(Debug, Clone)]
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
    /// Who chose the IdP, once it is chosen, and since when that is remembered.
    pub chosen: Option<(ChosenBy, Option<OffsetDateTime>)>,
    /// How it stands.
    pub state: State,
    /// Why it was refused.
    pub refusal: Option<Refusal>,
    /// Level reached, in words, and whether it is lower than needed.
    pub level: Option<(String, bool)>,
    /// Messages in order; none while the flow is packed.
    pub exchanges: Vec<Exchange>,
    /// Decisions in order; none while the flow is packed.
    pub decisions: Vec<Decision>,
    /// What became of the user's roles, as JSON ([`Story`]); none while the flow is packed.
    pub(super) roles: Option<String>,
    /// Whether something was left out to stay within the budget.
    pub truncated: bool,
    pub(super) number: u64,
    pub(super) packed: Option<Packed>,
    pub(super) bytes: usize,
}

impl State {
    /// The word of the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::LoggedIn => "logged-in",
            Self::Refused => "refused",
            Self::Abandoned => "abandoned",
        }
    }
}

impl Flow {
    pub(super) fn new(id: FlowId, number: u64, now: OffsetDateTime) -> Self {
        let mut flow = Self {
            id,
            number,
            started: now,
            changed: now,
            system: None,
            idp: None,
            chosen: None,
            state: State::Pending,
            refusal: None,
            level: None,
            exchanges: Vec::new(),
            decisions: Vec::new(),
            roles: None,
            truncated: false,
            packed: None,
            bytes: 0,
        };
        flow.bytes = flow.weight();
        flow
    }

    pub(super) fn add(&mut self, note: Note, now: OffsetDateTime, limits: Limits) {
        self.unpack();
        self.changed = now;
        let mut names = [note.system, note.idp];
        for name in names.iter_mut().flatten() {
            self.truncated |= cut(name, limits.text.min(MAX_NAME));
        }
        let [system, idp] = names;
        self.system = system.or(self.system.take());
        self.idp = idp.or(self.idp.take());
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
            Some(Outcome::Refused(refusal)) if self.state != State::LoggedIn => {
                self.state = State::Refused;
                self.refusal = Some(refusal);
            }
            Some(Outcome::Refused(_)) | None => {}
        }
        for mut exchange in note.trace.exchanges {
            for text in texts(&mut exchange) {
                self.truncated |= cut(text, limits.text);
            }
            let size = size_of::<Exchange>() + exchange_bytes(&exchange);
            if self.exchanges.len() < MAX_EXCHANGES && self.has_room(size, limits) {
                self.exchanges.push(exchange);
            } else {
                self.truncated = true;
            }
        }
        for decision in note.trace.decisions {
            let size = size_of::<Decision>() + decision_bytes(&decision);
            if self.decisions.len() < 4 * MAX_EXCHANGES && self.has_room(size, limits) {
                self.decisions.push(decision);
            } else {
                self.truncated = true;
            }
        }
        let roles = note
            .trace
            .roles
            .and_then(|story| serde_json::to_string(&story).ok());
        if let Some(roles) = roles {
            match self.has_room(roles.len(), limits) {
                true => self.roles = Some(roles),
                false => self.truncated = true,
            }
        }
        // A login that goes on is read and written again within seconds.
        if self.state != State::Pending {
            self.pack();
        }
        self.bytes = self.weight();
    }

    fn has_room(&mut self, size: usize, limits: Limits) -> bool {
        let fits = self.bytes + size <= limits.flow_bytes;
        if fits {
            self.bytes += size;
        }
        fits
    }

    /// A flow that may go on is packed in haste, one that has ended for good.
    fn pack(&mut self) {
        let compression = if self.state == State::Pending {
            Compression::fast()
        } else {
            Compression::default()
        };
        let roles = self.roles.as_deref();
        self.packed = Packed::pack(&self.exchanges, &self.decisions, roles, compression);
        if self.packed.is_some() {
            self.exchanges = Vec::new();
            self.decisions = Vec::new();
            self.roles = None;
        }
    }

    pub(super) fn unpack(&mut self) {
        if let Some(unpacked) = self.packed.take().and_then(|packed| packed.unpack()) {
            self.exchanges = unpacked.exchanges;
            self.decisions = unpacked.decisions;
            self.roles = unpacked.roles;
        }
    }

    pub(super) fn unpacked(mut self) -> Self {
        self.unpack();
        self
    }

    /// What became of the user's roles, where it came to that.
    pub fn story(&self) -> Option<Story> {
        serde_json::from_str(self.roles.as_deref()?).ok()
    }

    pub(super) fn has_messages(&self) -> bool {
        let packed = self
            .packed
            .as_ref()
            .is_some_and(|packed| !packed.is_empty());
        packed || !self.exchanges.is_empty() || !self.decisions.is_empty()
    }

    /// Bytes that the flow takes, the ring's own share included: its id three times, and a place in a table
    /// that is at most half empty.
    pub(super) fn weight(&self) -> usize {
        let names = [&self.system, &self.idp];
        let names = names.into_iter().flatten().map(String::capacity);
        let level = self.level.iter().map(|(level, _)| level.capacity());
        let lists = self.exchanges.capacity() * size_of::<Exchange>()
            + self.decisions.capacity() * size_of::<Decision>();
        2 * (size_of::<Self>() + size_of::<FlowId>())
            + 3 * block(26)
            + size_of::<FlowId>()
            + names.chain(level).map(block).sum::<usize>()
            + self
                .roles
                .as_ref()
                .map_or(0, |roles| block(roles.capacity()))
            + block(lists)
            + self.exchanges.iter().map(exchange_bytes).sum::<usize>()
            + self.decisions.iter().map(decision_bytes).sum::<usize>()
            + self.packed.as_ref().map_or(0, Packed::bytes)
    }

    pub(super) fn summary(&self) -> Self {
        Self {
            id: self.id.clone(),
            system: self.system.clone(),
            idp: self.idp.clone(),
            chosen: self.chosen,
            level: self.level.clone(),
            exchanges: Vec::new(),
            decisions: Vec::new(),
            roles: None,
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

/// Bytes of a name that a peer gave itself.
pub(super) const MAX_NAME: usize = 1024;

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
