//! What happened: the newest flows, each with its messages, checks and decisions, within a budget.
//!
//! Messages are most of a flow and seldom read, so they are packed. What came from nobody that we know (junk,
//! unknown issuers, bad signatures) is kept apart and briefly: it never takes the place of real flows.

mod packed;

use crate::edge::world::Clock;
use crate::hub::acs::Outcome;
use crate::hub::choose::{Chosen, ChosenBy};
use crate::hub::pending::PENDING_LIFETIME;
use crate::hub::{Decision, Exchange, FlowId, Refusal, Row, Trace};
use flate2::Compression;
use packed::Packed;
use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::OffsetDateTime;
use tokio::sync::Notify;

/// Messages that are kept of one flow.
pub const MAX_EXCHANGES: usize = 64;

/// What is kept.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Flows.
    pub flows: usize,
    /// Bytes of all flows. Beyond it the oldest flows lose their messages, not their outcome.
    pub bytes: usize,
    /// Bytes of one flow, unpacked.
    pub flow_bytes: usize,
    /// Bytes of one text: the rest of a longer one is cut off.
    pub text: usize,
}

/// Flows in which somebody that we know took part.
pub const REAL: Limits = Limits {
    flows: 1000,
    bytes: 8 * 1024 * 1024,
    flow_bytes: 512 * 1024,
    text: usize::MAX,
};

/// Flows in which nobody did.
pub const JUNK: Limits = Limits {
    flows: 200,
    bytes: 1024 * 1024,
    flow_bytes: 64 * 1024,
    text: 16 * 1024,
};

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
    /// Whether something was left out to stay within the budget.
    pub truncated: bool,
    number: u64,
    packed: Option<Packed>,
    bytes: usize,
}

/// What a handler has to tell of a flow.
#[derive(Debug, Default)]
pub struct Note {
    /// Messages and decisions of a step.
    pub trace: Trace,
    /// entityID of the system.
    pub system: Option<String>,
    /// entityID of the IdP.
    pub idp: Option<String>,
    /// Who chose the IdP.
    pub chosen: Option<Chosen>,
    /// How it ended, if it did.
    pub ended: Option<Outcome>,
}

/// The flows. Bounded: what peers can lengthen draws from a budget.
#[derive(Debug)]
pub struct Journal {
    flows: Mutex<Flows>,
    changed: Notify,
    clock: Arc<Clock>,
}

#[derive(Debug)]
struct Flows {
    real: Ring,
    junk: Ring,
    begun: u64,
}

#[derive(Debug)]
struct Ring {
    limits: Limits,
    by_id: HashMap<FlowId, Flow>,
    order: VecDeque<FlowId>,
    bytes: usize,
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
    /// For a page: Danish, English.
    pub fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::Pending => ("I gang", "Pending"),
            Self::LoggedIn => ("Gennemført", "Logged in"),
            Self::Refused => ("Afvist", "Refused"),
            Self::Abandoned => ("Afbrudt", "Abandoned"),
        }
    }
}

impl Journal {
    /// An empty journal on this clock.
    pub fn new(clock: Arc<Clock>) -> Self {
        Self {
            flows: Mutex::default(),
            changed: Notify::new(),
            clock,
        }
    }

    /// Adds what a step has to tell. The first note of a flow begins it.
    pub fn note(&self, id: &FlowId, note: Note) {
        let now = self.clock.now();
        if let Some(Outcome::Refused(refusal)) = &note.ended {
            // Only names of ours and a Debug-escaped entityID: nothing a peer sends can forge a line.
            tracing::info!(flow = %id, check = refusal.check.info().id, system = ?note.system, idp = ?note.idp, "refused");
        }
        self.lock().note(id, note, now, false);
        self.changed.notify_waiters();
    }

    /// The same for a flow in which nobody that we know took part.
    pub fn note_junk(&self, id: &FlowId, note: Note) {
        let now = self.clock.now();
        self.lock().note(id, note, now, true);
        self.changed.notify_waiters();
    }

    /// All flows, newest first, without their messages.
    pub fn list(&self) -> Vec<Flow> {
        let now = self.clock.now();
        let flows = self.lock();
        let [real, junk] = [&flows.real, &flows.junk].map(|ring| ring.by_id.values());
        let mut all: Vec<&Flow> = real.chain(junk).collect();
        all.sort_unstable_by_key(|flow| std::cmp::Reverse(flow.number));
        all.into_iter()
            .map(|flow| flow.summary().seen_at(now))
            .collect()
    }

    /// One flow.
    pub fn get(&self, id: &FlowId) -> Option<Flow> {
        let now = self.clock.now();
        let flow = self.lock().get(id).cloned();
        flow.map(|flow| flow.unpacked().seen_at(now))
    }

    /// One flow, as soon as it is no longer pending, or as it stands after `timeout`.
    pub async fn wait(&self, id: &FlowId, timeout: std::time::Duration) -> Option<Flow> {
        let ended = async {
            loop {
                let changed = self.changed.notified();
                tokio::pin!(changed);
                // Registered before looking, so that nothing is missed in between.
                changed.as_mut().enable();
                match self.get(id) {
                    Some(flow) if flow.state == State::Pending => changed.await,
                    other => return other,
                }
            }
        };
        match tokio::time::timeout(timeout, ended).await {
            Ok(flow) => flow,
            Err(_) => self.get(id),
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.lock() = Flows::default();
        self.changed.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, Flows> {
        self.flows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Flows {
    fn default() -> Self {
        Self {
            real: Ring::new(REAL),
            junk: Ring::new(JUNK),
            begun: 0,
        }
    }
}

impl Flows {
    fn note(&mut self, id: &FlowId, note: Note, now: OffsetDateTime, junk: bool) {
        let known_as_real = self.real.by_id.contains_key(id);
        let known_as_junk = self.junk.by_id.contains_key(id);
        let ring = if known_as_junk || (junk && !known_as_real) {
            &mut self.junk
        } else {
            &mut self.real
        };
        if !known_as_real && !known_as_junk {
            self.begun += 1;
            ring.begin(Flow::new(id.clone(), self.begun, now));
        }
        ring.note(id, note, now);
    }

    fn get(&self, id: &FlowId) -> Option<&Flow> {
        self.real.by_id.get(id).or_else(|| self.junk.by_id.get(id))
    }
}

impl Ring {
    fn new(limits: Limits) -> Self {
        Self {
            limits,
            by_id: HashMap::new(),
            order: VecDeque::new(),
            bytes: 0,
        }
    }

    fn begin(&mut self, flow: Flow) {
        self.bytes += flow.bytes;
        self.order.push_back(flow.id.clone());
        self.by_id.insert(flow.id.clone(), flow);
        while self.order.len() > self.limits.flows {
            if let Some(flow) = self
                .order
                .pop_front()
                .and_then(|oldest| self.by_id.remove(&oldest))
            {
                self.bytes -= flow.bytes;
            }
        }
    }

    fn note(&mut self, id: &FlowId, note: Note, now: OffsetDateTime) {
        if let Some(flow) = self.by_id.get_mut(id) {
            self.bytes -= flow.bytes;
            flow.add(note, now, self.limits);
            self.bytes += flow.bytes;
        }
        if self.bytes > self.limits.bytes {
            self.forget_messages();
        }
    }

    fn forget_messages(&mut self) {
        for id in &self.order {
            if self.bytes <= self.limits.bytes {
                break;
            }
            if let Some(flow) = self.by_id.get_mut(id).filter(|flow| flow.has_messages()) {
                self.bytes -= flow.bytes;
                flow.exchanges = Vec::new();
                flow.decisions = Vec::new();
                flow.packed = None;
                flow.truncated = true;
                flow.bytes = flow.weight();
                self.bytes += flow.bytes;
            }
        }
    }
}

impl Flow {
    fn new(id: FlowId, number: u64, now: OffsetDateTime) -> Self {
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
            truncated: false,
            packed: None,
            bytes: 0,
        };
        flow.bytes = flow.weight();
        flow
    }

    fn add(&mut self, note: Note, now: OffsetDateTime, limits: Limits) {
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
        self.packed = Packed::pack(&self.exchanges, &self.decisions, compression);
        if self.packed.is_some() {
            self.exchanges = Vec::new();
            self.decisions = Vec::new();
        }
    }

    fn unpack(&mut self) {
        if let Some((exchanges, decisions)) = self.packed.take().and_then(|packed| packed.unpack())
        {
            self.exchanges = exchanges;
            self.decisions = decisions;
        }
    }

    fn unpacked(mut self) -> Self {
        self.unpack();
        self
    }

    fn has_messages(&self) -> bool {
        let packed = self
            .packed
            .as_ref()
            .is_some_and(|packed| !packed.is_empty());
        packed || !self.exchanges.is_empty() || !self.decisions.is_empty()
    }

    /// Bytes that the flow takes, the ring's own share included: its id three times, and a place in a table
    /// that is at most half empty.
    fn weight(&self) -> usize {
        let names = [&self.system, &self.idp];
        let names = names.into_iter().flatten().map(String::capacity);
        let level = self.level.iter().map(|(level, _)| level.capacity());
        let lists = self.exchanges.capacity() * size_of::<Exchange>()
            + self.decisions.capacity() * size_of::<Decision>();
        2 * (size_of::<Self>() + size_of::<FlowId>())
            + 3 * block(26)
            + size_of::<FlowId>()
            + names.chain(level).map(block).sum::<usize>()
            + block(lists)
            + self.exchanges.iter().map(exchange_bytes).sum::<usize>()
            + self.decisions.iter().map(decision_bytes).sum::<usize>()
            + self.packed.as_ref().map_or(0, Packed::bytes)
    }

    fn summary(&self) -> Self {
        Self {
            id: self.id.clone(),
            system: self.system.clone(),
            idp: self.idp.clone(),
            chosen: self.chosen,
            level: self.level.clone(),
            exchanges: Vec::new(),
            decisions: Vec::new(),
            packed: None,
            ..*self
        }
    }

    fn seen_at(mut self, now: OffsetDateTime) -> Self {
        if self.state == State::Pending && now - self.started >= PENDING_LIFETIME {
            self.state = State::Abandoned;
        }
        self
    }
}

/// Bytes of a name that a peer gave itself.
const MAX_NAME: usize = 1024;

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
fn block(bytes: usize) -> usize {
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

#[cfg(test)]
mod tests;
