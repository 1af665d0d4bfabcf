//! What stands between the flows in memory and those in the file: writing them, reading them back, letting them go.
//!
//! Whoever works on the file holds its lock from the first look at memory to the last, so that nothing that was
//! deleted is written again. A login takes memory's lock only, and never waits for the file.

use super::archive::{Archive, Held, Row};
use super::flows::{Flows, Late, Which};
use super::{Changes, Filter, Flow, Found};
use crate::edge::world::Clock;
use crate::hub::FlowId;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Flows that are written in one transaction.
const BATCH: usize = 64;

/// What the journal shares with the thread that writes.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) flows: Mutex<Flows>,
    pub(super) changed: Notify,
    pub(super) changes: Changes,
    pub(super) clock: Arc<Clock>,
    pub(super) archive: Option<Archive>,
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, Flows> {
        self.flows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells everybody who waits that a flow changed.
    pub(super) fn tell(&self, id: &FlowId) {
        self.changes.tell(id);
        self.changed.notify_waiters();
    }

    /// Writes what changed.
    pub(super) fn write(&self, which: Which) {
        let Some(archive) = &self.archive else { return };
        let mut held = archive.lock();
        let opened = archive.reopen(&mut held);
        if opened.is_err() {
            archive.noted(opened);
            return;
        }
        self.settle(archive, &mut held);
        loop {
            let batch = self.lock().take_unwritten(which, BATCH);
            if batch.is_empty() {
                return;
            }
            let rows: Result<Vec<Row<'_>>, _> = batch.iter().map(Row::of).collect();
            let written = rows.and_then(|rows| held.write(&rows));
            match archive.changed(written) {
                Some(gone) => {
                    let mut flows = self.lock();
                    flows.written(&batch);
                    for id in &gone {
                        flows.forget(id);
                    }
                }
                None => {
                    self.lock().not_written(&batch);
                    return;
                }
            }
        }
    }

    /// Lets go of what was kept long enough, and of what is left of it in the log.
    pub(super) fn tidy(&self) {
        let Some(archive) = &self.archive else { return };
        let end = archive.end_of_keeping(self.clock.now());
        self.lock().forget_older(end);
        loop {
            // Taken anew each time: a reader may come in between.
            let mut held = archive.lock();
            match archive.noted(held.delete_older(end)) {
                Some(old) if !old.is_empty() => {
                    let mut flows = self.lock();
                    for id in &old {
                        flows.forget(id);
                    }
                }
                Some(_) => {
                    archive.noted(held.scrub());
                    return;
                }
                None => return,
            }
        }
    }

    /// One flow with its content packed, wherever it lies.
    pub(super) fn find(&self, id: &FlowId) -> Option<Flow> {
        let flows = self.lock();
        let late = flows.has_late();
        let (found, archived) = (flows.get(id).cloned(), flows.is_archived(id));
        drop(flows);
        let Some(archive) = &self.archive else {
            return found;
        };
        let found = match found {
            Some(found) if !late => Some(found),
            None if !archived => None,
            _ => {
                let mut held = archive.lock();
                self.settle(archive, &mut held);
                let found = self.lock().get(id).cloned();
                found.or_else(|| archive.noted(held.read(id)).flatten())
            }
        };
        let end = archive.end_of_keeping(self.clock.now());
        found.filter(|flow| flow.started >= end)
    }

    /// The flows that somebody looks for: what lies in the file, and what does not yet.
    pub(super) fn search(&self, archive: &Archive, filter: &Filter) -> Found {
        let now = self.clock.now();
        let end = archive.end_of_keeping(now);
        let limit = filter.most();
        let mut held = archive.lock();
        self.settle(archive, &mut held);
        let flows = self.lock();
        let newer: Vec<Flow> = flows.not_in_the_file().map(Flow::summary).collect();
        drop(flows);
        let most = limit + 1 + newer.iter().filter(|flow| flow.in_file).count();
        let found = archive.noted(held.search(filter, most, end, now));
        drop(held);
        let mut found = found.unwrap_or_default();
        found.retain(|flow| newer.iter().all(|newer| newer.number != flow.number));
        let newer = newer.into_iter().map(|flow| flow.seen_at(now));
        found.extend(newer.filter(|flow| flow.started >= end && filter.finds(flow)));
        Found::newest(found, limit)
    }

    /// Deletes one flow; whether there was one.
    pub(super) fn delete(&self, id: &FlowId) -> bool {
        let mut held = self.archive.as_ref().map(Archive::lock);
        if let Some((archive, held)) = self.archive.as_ref().zip(held.as_mut()) {
            self.settle(archive, held);
        }
        let archived = self.lock().is_archived(id);
        let mut deleted = self.lock().forget(id);
        if let Some((archive, held)) = self.archive.as_ref().zip(held.as_mut())
            && archived
        {
            deleted |= archive.changed(held.delete(id)).unwrap_or_default();
        }
        drop(held);
        if deleted {
            self.tell(id);
        }
        deleted
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        match &self.archive {
            None => self.lock().clear(),
            Some(archive) => {
                let mut held = archive.lock();
                self.lock().clear();
                archive.changed(archive.clear(&mut held));
            }
        }
        self.changes.start_over();
        self.changed.notify_waiters();
    }

    /// Adds the notes that came for flows which lie in the file only.
    fn settle(&self, archive: &Archive, held: &mut Held) {
        let late = self.lock().take_late();
        for Late { id, note, at } in late {
            if self.lock().get(&id).is_none() {
                match archive.noted(held.read(&id)) {
                    Some(Some(flow)) => self.lock().read(flow),
                    // Gone meanwhile, or unreadable: what is noted now is all there is.
                    Some(None) => {
                        archive.noted(held.delete(&id));
                        self.lock().not_archived(&id);
                    }
                    // It may work the next time: the note waits.
                    None => {}
                }
            }
            self.lock().note(&id, note, at, false);
        }
    }
}

impl Found {
    /// The newest of these.
    pub(super) fn newest(mut flows: Vec<Flow>, limit: usize) -> Self {
        flows.sort_unstable_by_key(|flow| std::cmp::Reverse(flow.number));
        let more = flows.len() > limit;
        flows.truncate(limit);
        let next = flows.last().map(|flow| flow.number).filter(|_| more);
        Self { flows, next }
    }
}
