//! Logouts in memory.

use super::super::LogoutKey;
use crate::hub::FlowId;
use crate::hub::logout::PendingLogout;
use std::collections::{BTreeSet, HashMap};
use time::OffsetDateTime;

/// The logouts under way, and those that ended in a page that somebody may still look at.
#[derive(Debug, Default)]
pub(super) struct Logouts {
    by_flow: HashMap<FlowId, PendingLogout>,
    by_request: HashMap<String, FlowId>,
    by_browser: HashMap<String, Vec<FlowId>>,
    by_time: BTreeSet<(OffsetDateTime, FlowId)>,
}

impl Logouts {
    pub(super) fn find(&self, key: LogoutKey<'_>, now: OffsetDateTime) -> Option<&PendingLogout> {
        match key {
            LogoutKey::Flow(flow) => self.alive(flow, now),
            LogoutKey::Request(id) => self.alive(self.by_request.get(id)?, now),
            LogoutKey::Browser(browser) => {
                let flows = self.by_browser.get(&browser.0)?.iter();
                let alive = flows.filter_map(|flow| self.alive(flow, now));
                alive.max_by_key(|logout| (logout.started, &logout.flow))
            }
        }
    }

    pub(super) fn has_room(&mut self, limit: usize, now: OffsetDateTime) -> bool {
        while let Some((_, flow)) = self
            .by_time
            .first()
            .filter(|(time, _)| *time <= now)
            .cloned()
        {
            self.forget(&flow);
        }
        self.by_flow.len() < limit
    }

    pub(super) fn put(&mut self, logout: &PendingLogout) {
        self.forget(&logout.flow);
        let flow = &logout.flow;
        if let Some(request) = logout.asked_with() {
            self.by_request.insert(request.to_owned(), flow.clone());
        }
        let of_browser = self.by_browser.entry(logout.browser.0.clone()).or_default();
        of_browser.push(flow.clone());
        self.by_time.insert((logout.expires, flow.clone()));
        self.by_flow.insert(flow.clone(), logout.clone());
    }

    pub(super) fn forget(&mut self, flow: &FlowId) {
        let Some(logout) = self.by_flow.remove(flow) else {
            return;
        };
        if let Some(request) = logout.asked_with() {
            self.by_request.remove(request);
        }
        if let Some(flows) = self.by_browser.get_mut(&logout.browser.0) {
            flows.retain(|one| one != flow);
            if flows.is_empty() {
                self.by_browser.remove(&logout.browser.0);
            }
        }
        self.by_time.remove(&(logout.expires, logout.flow));
    }

    fn alive(&self, flow: &FlowId, now: OffsetDateTime) -> Option<&PendingLogout> {
        let logout = self.by_flow.get(flow)?;
        (now < logout.expires).then_some(logout)
    }
}
