//! What happened: the newest flows, each with its messages, checks and decisions, within a budget.
//!
//! With a file (`serve`), what ended lies there for a set time, and memory holds what is not in it yet and the newest
//! beside it. A thread of its own writes; recording never waits for the file and is never a reason to refuse a login.
//!
//! Messages are most of a flow and seldom read, so they are packed. What came from nobody that we know (junk,
//! unknown issuers, bad signatures) is kept apart and briefly, in memory only: it never takes the place of real flows.

mod archive;
mod changes;
mod content;
mod filter;
mod flow;
mod flows;
mod keep;
mod packed;
mod ring;
mod visit;
mod writer;

pub use archive::MOST;
pub use changes::{LISTENERS, Listener};
pub use content::Content;
pub use filter::{Filter, Found};
pub use flow::{Flow, State};
pub use visit::Visit;

use crate::edge::world::Clock;
use crate::hub::acs::Outcome;
use crate::hub::choose::Chosen;
use crate::hub::trace::{Observation, Told};
use crate::hub::{FlowId, Trace};
use crate::oiosaml::{Cvr, Level, RequestProfile};
use crate::store::{StoreError, Unusable};
use archive::Archive;
use changes::Changes;
use flows::{Flows, Which};
use keep::Shared;
use std::path::Path;
use std::sync::Arc;
use time::Duration;
use tokio::sync::Notify;
use writer::Writer;

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
    /// The profile that the IdP is asked in.
    pub profile: Option<RequestProfile>,
    /// The level that the system needs.
    pub required: Option<Level>,
    /// The user's organisation.
    pub organisation: Option<Cvr>,
    /// What the browser did.
    pub visit: Option<Visit>,
    /// What a party said of the hub's message.
    pub told: Option<Told>,
    /// How it ended, if it did.
    pub ended: Option<Outcome>,
}

/// The flows. Bounded: what peers can lengthen draws from a budget.
#[derive(Debug)]
pub struct Journal {
    shared: Arc<Shared>,
    observed: Vec<Observation>,
    writer: Option<Writer>,
}

impl Journal {
    /// An empty journal on this clock, in memory only.
    pub fn new(clock: Arc<Clock>) -> Self {
        Self::of(clock, None, Flows::default())
    }

    /// A journal that keeps flows in a file for so long after they began, and [`MOST`] of them at most. The file is
    /// made (mode 0600) if there is none; [`StoreError::Unusable`] says why it cannot be used. Blocks.
    pub fn kept(clock: Arc<Clock>, file: &Path, keep: Duration) -> Result<Self, StoreError> {
        let (archive, lies) = Archive::open(file, keep)?;
        let flows = Flows::before(lies.ids, lies.newest);
        let journal = Self::of(clock, Some(archive), flows);
        journal.shared.tidy();
        Ok(journal)
    }

    fn of(clock: Arc<Clock>, archive: Option<Archive>, flows: Flows) -> Self {
        // Changes are numbered from a moment on, so that a later process gives other numbers.
        let first = clock.real().unix_timestamp_nanos() / 1_000_000;
        let shared = Shared {
            flows: flows.into(),
            changed: Notify::new(),
            changes: Changes::new(u64::try_from(first).unwrap_or(0)),
            clock,
            archive,
        };
        Self {
            shared: Arc::new(shared),
            observed: Vec::new(),
            writer: None,
        }
    }

    /// The same, where captures of the real hub show these rules at work: their decisions say so.
    pub fn observing(self, observed: Vec<Observation>) -> Self {
        Self { observed, ..self }
    }

    /// The same with a thread that writes to the file, if there is one. Without it only [`Self::flush`] does.
    pub fn writing(self) -> Self {
        let file = self.shared.archive.as_ref();
        let writer = file.map(|_| Writer::start(self.shared.clone()));
        Self { writer, ..self }
    }

    /// Adds what a step has to tell. The first note of a flow begins it.
    pub fn note(&self, id: &FlowId, note: Note) {
        if let Some(Outcome::Refused(refusal)) = &note.ended {
            // Only names of ours and a Debug-escaped entityID: nothing a peer sends can forge a line.
            tracing::info!(flow = %id, check = refusal.check.info().id, system = ?note.system, idp = ?note.idp, "refused");
        }
        self.add(id, note, false);
    }

    /// The same for a flow in which nobody that we know took part.
    pub fn note_junk(&self, id: &FlowId, note: Note) {
        self.add(id, note, true);
    }

    fn add(&self, id: &FlowId, note: Note, junk: bool) {
        let now = self.shared.clock.now();
        let note = self.marked(note);
        let to_write = self.lock().note(id, note, now, junk);
        if let Some(writer) = self.writer.as_ref().filter(|_| to_write) {
            writer.ring();
        }
        self.shared.tell(id);
    }

    /// Notes what a browser did, in a flow that is there: a visit alone begins none, and changes nothing of how it stands.
    pub fn visited(&self, id: &FlowId, visit: Visit) {
        let known = {
            let flows = self.lock();
            flows.get(id).is_some() || flows.is_archived(id)
        };
        if known {
            let note = Note {
                visit: Some(visit),
                ..Note::default()
            };
            self.add(id, note, false);
        }
    }

    fn marked(&self, mut note: Note) -> Note {
        if self.observed.is_empty() {
            return note;
        }
        let decisions = note.trace.decisions.into_iter();
        note.trace.decisions = decisions
            .map(|decision| decision.seen(&self.observed))
            .collect();
        note
    }

    /// All flows, newest first, without their messages; where a file keeps more, the newest [`Filter::MOST`].
    pub fn list(&self) -> Vec<Flow> {
        if let Some(archive) = &self.shared.archive {
            let all = Filter {
                limit: Some(Filter::MOST),
                ..Filter::default()
            };
            return self.shared.search(archive, &all).flows;
        }
        let now = self.shared.clock.now();
        let flows = self.lock();
        let all = flows.not_in_the_file().map(Flow::summary);
        let all = all.map(|flow| flow.seen_at(now)).collect();
        drop(flows);
        Found::newest(all, usize::MAX).flows
    }

    /// The flows that somebody looks for, newest first.
    pub fn search(&self, filter: &Filter) -> Found {
        if let Some(archive) = &self.shared.archive {
            return self.shared.search(archive, filter);
        }
        let mut flows = self.list();
        flows.retain(|flow| filter.finds(flow));
        Found::newest(flows, filter.most())
    }

    /// One flow.
    pub fn get(&self, id: &FlowId) -> Option<Flow> {
        self.shared.find(id).map(|flow| self.seen(flow.unpacked()))
    }

    /// One flow without its content.
    pub fn summary(&self, id: &FlowId) -> Option<Flow> {
        self.shared.find(id).map(|flow| self.seen(flow.summary()))
    }

    fn seen(&self, flow: Flow) -> Flow {
        flow.seen_at(self.shared.clock.now())
    }

    /// One flow, as soon as it is no longer pending, or as it stands after `timeout`.
    pub async fn wait(&self, id: &FlowId, timeout: std::time::Duration) -> Option<Flow> {
        let ended = async {
            loop {
                let changed = self.shared.changed.notified();
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

    /// Deletes a flow, from the file too: none of its bytes are left there. Whether there was one. Waits for the
    /// disk; if the file cannot be written, [`Self::trouble`] says so.
    pub fn delete(&self, id: &FlowId) -> bool {
        self.shared.delete(id)
    }

    /// Forgets everything: a file is made anew.
    pub fn clear(&self) {
        self.shared.clear();
    }

    /// Why flows are not kept in the file at the moment, if they should be.
    pub fn trouble(&self) -> Option<Unusable> {
        self.shared.archive.as_ref()?.trouble()
    }

    /// Writes everything that changed and lets go of what was kept long enough, here and now.
    pub fn flush(&self) {
        self.shared.write(Which::All);
        self.shared.tidy();
    }

    /// The number of the newest change.
    pub fn last_change(&self) -> u64 {
        self.shared.changes.last()
    }

    /// Which flows changed after that change, oldest first, each once. None if that cannot be told any more.
    pub fn changes_since(&self, after: u64) -> Option<Vec<(u64, FlowId)>> {
        self.shared.changes.since(after)
    }

    /// Hears of changes. None if [`LISTENERS`] do already, or the journal is closed.
    pub fn listen(&self) -> Option<Listener> {
        self.shared.changes.listen()
    }

    /// Ends what listeners hear: the process stops.
    pub fn close(&self) {
        self.shared.changes.close();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Flows> {
        self.shared.lock()
    }
}

#[cfg(test)]
mod tests;
