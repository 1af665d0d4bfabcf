//! The newest flows of one kind, within a budget.

use super::flow::Flow;
use super::{Content, Limits, Note, State};
use crate::hub::FlowId;
use std::collections::{HashMap, VecDeque};
use time::OffsetDateTime;

#[derive(Debug)]
pub(super) struct Ring {
    pub(super) limits: Limits,
    pub(super) by_id: HashMap<FlowId, Flow>,
    pub(super) order: VecDeque<FlowId>,
    pub(super) bytes: usize,
    /// The flow that ended last, while it is not packed: what the browser got is noted right after.
    fresh: Option<FlowId>,
}

impl Ring {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            by_id: HashMap::new(),
            order: VecDeque::new(),
            bytes: 0,
            fresh: None,
        }
    }

    pub(super) fn begin(&mut self, flow: Flow) {
        self.bytes += flow.bytes;
        self.order.push_back(flow.id.clone());
        self.by_id.insert(flow.id.clone(), flow);
        while self.order.len() > self.limits.flows {
            if !self.leave_to_the_file() {
                let oldest = self.order.pop_front();
                oldest.and_then(|oldest| self.taken(&oldest));
            }
        }
    }

    pub(super) fn note(&mut self, id: &FlowId, note: Note, now: OffsetDateTime) {
        if self.fresh.as_ref().is_some_and(|fresh| fresh != id) {
            self.pack_fresh();
        }
        let is_last = note.visit.is_some();
        if let Some(flow) = self.by_id.get_mut(id) {
            self.bytes -= flow.bytes;
            flow.add(note, now, self.limits);
            self.bytes += flow.bytes;
            // A login that goes on is read and written again within seconds.
            if flow.state != State::Pending {
                self.fresh = Some(id.clone());
            }
        }
        if is_last {
            self.pack_fresh();
        }
        while self.bytes > self.limits.bytes && self.leave_to_the_file() {}
        if self.bytes > self.limits.bytes {
            self.forget_messages();
        }
    }

    fn pack_fresh(&mut self) {
        let fresh = self.fresh.take();
        if let Some(flow) = fresh.and_then(|id| self.by_id.get_mut(&id)) {
            self.bytes -= flow.bytes;
            flow.pack();
            self.bytes += flow.bytes;
        }
    }

    /// Takes a flow out; whether it was there.
    pub(super) fn forget(&mut self, id: &FlowId) -> bool {
        self.order.retain(|other| other != id);
        self.taken(id).is_some()
    }

    /// Lets go of the oldest flow that lies in the file as it stands; whether there was one.
    fn leave_to_the_file(&mut self) -> bool {
        let kept = |id: &FlowId| self.by_id.get(id).is_none_or(|flow| flow.archived);
        let Some(at) = self.order.iter().position(kept) else {
            return false;
        };
        if let Some(id) = self.order.remove(at) {
            self.taken(&id);
        }
        true
    }

    fn taken(&mut self, id: &FlowId) -> Option<Flow> {
        let flow = self.by_id.remove(id)?;
        self.bytes -= flow.bytes;
        Some(flow)
    }

    fn forget_messages(&mut self) {
        for id in &self.order {
            if self.bytes <= self.limits.bytes {
                break;
            }
            if let Some(flow) = self.by_id.get_mut(id).filter(|flow| flow.has_messages()) {
                self.bytes -= flow.bytes;
                flow.content = Content::default();
                flow.packed = None;
                flow.truncated = true;
                flow.bytes = flow.weight();
                self.bytes += flow.bytes;
            }
        }
    }
}
