//! What happened: the newest flows, each with its messages, checks and decisions, within a budget.
//!
//! Messages are most of a flow and seldom read, so they are packed. What came from nobody that we know (junk,
//! unknown issuers, bad signatures) is kept apart and briefly: it never takes the place of real flows.

mod flow;
mod packed;
mod ring;

pub use flow::{Flow, State};

use crate::edge::world::Clock;
use crate::hub::acs::Outcome;
use crate::hub::choose::Chosen;
use crate::hub::trace::Observation;
use crate::hub::{FlowId, Trace};
use ring::Ring;
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
    bytes: 4 * 1024 * 1024,
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
    observed: Vec<Observation>,
}

#[derive(Debug)]
struct Flows {
    real: Ring,
    junk: Ring,
    begun: u64,
}

impl Journal {
    /// An empty journal on this clock.
    pub fn new(clock: Arc<Clock>) -> Self {
        Self {
            flows: Mutex::default(),
            changed: Notify::new(),
            clock,
            observed: Vec::new(),
        }
    }

    /// The same, where captures of the real hub show these rules at work: their decisions say so.
    pub fn observing(self, observed: Vec<Observation>) -> Self {
        Self { observed, ..self }
    }

    /// Adds what a step has to tell. The first note of a flow begins it.
    pub fn note(&self, id: &FlowId, note: Note) {
        let now = self.clock.now();
        if let Some(Outcome::Refused(refusal)) = &note.ended {
            // Only names of ours and a Debug-escaped entityID: nothing a peer sends can forge a line.
            tracing::info!(flow = %id, check = refusal.check.info().id, system = ?note.system, idp = ?note.idp, "refused");
        }
        let note = self.marked(note);
        self.lock().note(id, note, now, false);
        self.changed.notify_waiters();
    }

    /// The same for a flow in which nobody that we know took part.
    pub fn note_junk(&self, id: &FlowId, note: Note) {
        let now = self.clock.now();
        let note = self.marked(note);
        self.lock().note(id, note, now, true);
        self.changed.notify_waiters();
    }

    fn marked(&self, mut note: Note) -> Note {
        let decisions = note.trace.decisions.into_iter();
        note.trace.decisions = decisions
            .map(|decision| decision.seen(&self.observed))
            .collect();
        note
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

#[cfg(test)]
mod tests;
