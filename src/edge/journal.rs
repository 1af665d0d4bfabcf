//! What happened: the newest flows, each with its messages, checks and decisions, within a budget.

use super::world::Clock;
use crate::hub::acs::Outcome;
use crate::hub::pending::PENDING_LIFETIME;
use crate::hub::{Decision, Exchange, FlowId, Refusal, Trace};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::OffsetDateTime;
use tokio::sync::Notify;

/// Flows that are kept.
pub const MAX_FLOWS: usize = 1000;
/// Messages that are kept of one flow.
pub const MAX_EXCHANGES: usize = 64;
/// Bytes that are kept of one flow.
pub const MAX_FLOW_BYTES: usize = 1024 * 1024;
/// Bytes that are kept of all flows. Beyond it the oldest flows lose their messages, not their outcome.
pub const MAX_BYTES: usize = 12 * 1024 * 1024;

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
    /// How it stands.
    pub state: State,
    /// Why it was refused.
    pub refusal: Option<Refusal>,
    /// Level reached, in words, and whether it is lower than needed.
    pub level: Option<(String, bool)>,
    /// Messages in order.
    pub exchanges: Vec<Exchange>,
    /// Decisions in order.
    pub decisions: Vec<Decision>,
    /// Whether something was left out to stay within the budget.
    pub truncated: bool,
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

#[derive(Debug, Default)]
struct Flows {
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
        self.lock().note(id, note, now);
        self.changed.notify_waiters();
    }

    /// All flows, newest first, without their messages.
    pub fn list(&self) -> Vec<Flow> {
        let now = self.clock.now();
        let flows = self.lock();
        let newest = flows
            .order
            .iter()
            .rev()
            .filter_map(|id| flows.by_id.get(id));
        newest.map(|flow| flow.summary().seen_at(now)).collect()
    }

    /// One flow.
    pub fn get(&self, id: &FlowId) -> Option<Flow> {
        let now = self.clock.now();
        self.lock()
            .by_id
            .get(id)
            .map(|flow| flow.clone().seen_at(now))
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

impl Flows {
    fn note(&mut self, id: &FlowId, note: Note, now: OffsetDateTime) {
        if !self.by_id.contains_key(id) {
            self.order.push_back(id.clone());
            self.by_id.insert(id.clone(), Flow::new(id.clone(), now));
        }
        if let Some(flow) = self.by_id.get_mut(id) {
            let before = flow.bytes;
            flow.add(note, now);
            self.bytes += flow.bytes - before;
        }
        while self.order.len() > MAX_FLOWS {
            if let Some(flow) = self
                .order
                .pop_front()
                .and_then(|oldest| self.by_id.remove(&oldest))
            {
                self.bytes -= flow.bytes;
            }
        }
        if self.bytes > MAX_BYTES {
            self.forget_messages();
        }
    }

    fn forget_messages(&mut self) {
        for id in &self.order {
            if self.bytes <= MAX_BYTES {
                break;
            }
            if let Some(flow) = self.by_id.get_mut(id).filter(|flow| flow.bytes > 0) {
                self.bytes -= flow.bytes;
                flow.bytes = 0;
                flow.exchanges = Vec::new();
                flow.decisions = Vec::new();
                flow.truncated = true;
            }
        }
    }
}

impl Flow {
    fn new(id: FlowId, now: OffsetDateTime) -> Self {
        Self {
            id,
            started: now,
            changed: now,
            system: None,
            idp: None,
            state: State::Pending,
            refusal: None,
            level: None,
            exchanges: Vec::new(),
            decisions: Vec::new(),
            truncated: false,
            bytes: 0,
        }
    }

    fn add(&mut self, note: Note, now: OffsetDateTime) {
        self.changed = now;
        self.system = note.system.or(self.system.take());
        self.idp = note.idp.or(self.idp.take());
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
        for exchange in note.trace.exchanges {
            let size = exchange_bytes(&exchange);
            self.keep(
                size,
                |flow| flow.exchanges.len() < MAX_EXCHANGES,
                |flow| flow.exchanges.push(exchange),
            );
        }
        for decision in note.trace.decisions {
            let size = 64 + decision.input.len() + decision.result.len();
            self.keep(
                size,
                |flow| flow.decisions.len() < 4 * MAX_EXCHANGES,
                |flow| flow.decisions.push(decision),
            );
        }
    }

    fn keep(&mut self, size: usize, room: impl Fn(&Self) -> bool, push: impl FnOnce(&mut Self)) {
        if room(self) && self.bytes + size <= MAX_FLOW_BYTES {
            self.bytes += size;
            push(self);
        } else {
            self.truncated = true;
        }
    }

    fn summary(&self) -> Self {
        Self {
            id: self.id.clone(),
            system: self.system.clone(),
            idp: self.idp.clone(),
            refusal: self.refusal.clone(),
            level: self.level.clone(),
            exchanges: Vec::new(),
            decisions: Vec::new(),
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

fn exchange_bytes(exchange: &Exchange) -> usize {
    let optional = [
        &exchange.peer,
        &exchange.decrypted,
        &exchange.relay_state,
        &exchange.query,
    ];
    let rows: usize = exchange
        .checks
        .iter()
        .map(|row| 56 + row.found.len() + row.expected.len())
        .sum();
    128 + exchange.xml.len()
        + exchange.kind.len()
        + rows
        + optional
            .into_iter()
            .flatten()
            .map(String::len)
            .sum::<usize>()
}

#[cfg(test)]
mod tests;
