//! The flows in memory: all that there are, or, before a file, those that are not in it yet and the newest others.

use super::flow::Flow;
use super::ring::Ring;
use super::{JUNK, Note, REAL, State};
use crate::hub::FlowId;
use std::collections::HashSet;
use time::OffsetDateTime;

/// Late notes that wait for their flow to be read from the file.
const MOST_LATE: usize = 1000;

#[derive(Debug)]
pub(super) struct Flows {
    pub(super) real: Ring,
    pub(super) junk: Ring,
    pub(super) begun: u64,
    /// Which flows lie in a file; none where there is no file.
    archived: Option<HashSet<u64>>,
    /// Flows that must be written, in the order in which they changed.
    unwritten: Vec<FlowId>,
    late: Vec<Late>,
}

/// A note of a flow that lies in the file only.
#[derive(Debug)]
pub(super) struct Late {
    pub(super) id: FlowId,
    pub(super) note: Note,
    pub(super) at: OffsetDateTime,
}

/// Which flows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// Those that ended: the others are likely to change soon.
    Ended,
    /// All that changed.
    All,
}

impl Default for Flows {
    fn default() -> Self {
        Self {
            real: Ring::new(REAL),
            junk: Ring::new(JUNK),
            begun: 0,
            archived: None,
            unwritten: Vec::new(),
            late: Vec::new(),
        }
    }
}

impl Flows {
    /// Before a file that holds these flows, the newest of which has this number.
    pub(super) fn before(archived: HashSet<u64>, newest: u64) -> Self {
        Self {
            begun: newest,
            archived: Some(archived),
            ..Self::default()
        }
    }

    /// Adds a note; whether there is something to write now.
    pub(super) fn note(&mut self, id: &FlowId, note: Note, at: OffsetDateTime, junk: bool) -> bool {
        let known_as_real = self.real.by_id.contains_key(id);
        let known_as_junk = self.junk.by_id.contains_key(id);
        if !known_as_real && !known_as_junk {
            if self.is_archived(id) {
                return self.postpone(id, note, at);
            }
            self.begun += 1;
            let flow = Flow::new(id.clone(), self.begun, junk, at);
            match junk {
                true => self.junk.begin(flow),
                false => self.real.begin(flow),
            }
        }
        if known_as_junk || (junk && !known_as_real) {
            // Never written: strangers do not fill anybody's disk.
            self.junk.note(id, note, at);
            return false;
        }
        self.real.note(id, note, at);
        self.changed(id)
    }

    /// A flow that was read from the file, as it lies there.
    pub(super) fn read(&mut self, flow: Flow) {
        if !self.real.by_id.contains_key(&flow.id) {
            self.real.begin(flow);
        }
    }

    pub(super) fn get(&self, id: &FlowId) -> Option<&Flow> {
        self.real.by_id.get(id).or_else(|| self.junk.by_id.get(id))
    }

    /// Flows that the file does not hold as they are now.
    pub(super) fn not_in_the_file(&self) -> impl Iterator<Item = &Flow> {
        let real = self.real.by_id.values().filter(|flow| !flow.archived);
        real.chain(self.junk.by_id.values())
    }

    pub(super) fn is_archived(&self, id: &FlowId) -> bool {
        self.archived
            .as_ref()
            .is_some_and(|all| all.contains(&key(id)))
    }

    pub(super) fn take_late(&mut self) -> Vec<Late> {
        std::mem::take(&mut self.late)
    }

    pub(super) fn has_late(&self) -> bool {
        !self.late.is_empty()
    }

    /// Takes a flow out of memory, and out of what is known of the file; whether memory had it.
    pub(super) fn forget(&mut self, id: &FlowId) -> bool {
        self.not_archived(id);
        self.late.retain(|late| late.id != *id);
        self.real.forget(id) | self.junk.forget(id)
    }

    /// Forgets what began before.
    pub(super) fn forget_older(&mut self, than: OffsetDateTime) {
        for ring in [&mut self.real, &mut self.junk] {
            let flows = ring.by_id.values().filter(|flow| flow.started < than);
            let old: Vec<FlowId> = flows.map(|flow| flow.id.clone()).collect();
            for id in &old {
                ring.forget(id);
            }
        }
    }

    /// Forgets everything but how many flows began: no number is given twice.
    pub(super) fn clear(&mut self) {
        *self = Self {
            begun: self.begun,
            archived: self.archived.as_ref().map(|_| HashSet::new()),
            ..Self::default()
        };
    }

    /// So many flows that must be written. Whoever takes them says what came of it.
    pub(super) fn take_unwritten(&mut self, which: Which, most: usize) -> Vec<Flow> {
        let mut taken = Vec::new();
        let real = &mut self.real.by_id;
        self.unwritten.retain(|id| {
            let Some(flow) = real.get_mut(id) else {
                return false;
            };
            let waits = which == Which::Ended && flow.state == State::Pending;
            if waits || taken.len() == most {
                return true;
            }
            flow.queued = false;
            taken.push(flow.clone());
            false
        });
        taken
    }

    /// These lie in the file now.
    pub(super) fn written(&mut self, flows: &[Flow]) {
        for flow in flows {
            if let Some(all) = &mut self.archived {
                all.insert(key(&flow.id));
            }
            if let Some(now) = self.real.by_id.get_mut(&flow.id) {
                now.in_file = true;
                now.archived = now.version == flow.version;
            }
        }
    }

    /// These do not, and must still be written.
    pub(super) fn not_written(&mut self, flows: &[Flow]) {
        for flow in flows {
            self.queue(&flow.id);
        }
    }

    pub(super) fn not_archived(&mut self, id: &FlowId) {
        if let Some(all) = &mut self.archived {
            all.remove(&key(id));
        }
    }

    fn changed(&mut self, id: &FlowId) -> bool {
        if self.archived.is_none() {
            return false;
        }
        self.queue(id);
        let flow = self.real.by_id.get(id);
        flow.is_some_and(|flow| flow.state != State::Pending)
    }

    fn queue(&mut self, id: &FlowId) {
        let flow = self.real.by_id.get_mut(id).filter(|flow| !flow.queued);
        if let Some(flow) = flow {
            flow.queued = true;
            self.unwritten.push(id.clone());
        }
    }

    fn postpone(&mut self, id: &FlowId, note: Note, at: OffsetDateTime) -> bool {
        if self.late.len() < MOST_LATE {
            let id = id.clone();
            self.late.push(Late { id, note, at });
        }
        true
    }
}

/// Tells random ids apart in a third of the memory.
pub(super) fn key(id: &FlowId) -> u64 {
    let last = id.as_str().bytes().rev().take(13);
    last.fold(0, |key, byte| key << 5 ^ u64::from(byte))
}
