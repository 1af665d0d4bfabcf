//! The newest flows of one kind, within a budget.

use super::flow::Flow;
use super::{Limits, Note};
use crate::hub::FlowId;
use std::collections::{HashMap, VecDeque};
use time::OffsetDateTime;

#[derive(Debug)]
pub(super) struct Ring {
    pub(super) limits: Limits,
    pub(super) by_id: HashMap<FlowId, Flow>,
    pub(super) order: VecDeque<FlowId>,
    pub(super) bytes: usize,
}

impl Ring {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            by_id: HashMap::new(),
            order: VecDeque::new(),
            bytes: 0,
        }
    }

    pub(super) fn begin(&mut self, flow: Flow) {
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

    pub(super) fn note(&mut self, id: &FlowId, note: Note, now: OffsetDateTime) {
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
