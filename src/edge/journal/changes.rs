//! Which flows changed, in order: for whoever watches them, and comes back after a broken connection.

use crate::hub::FlowId;
use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Changes that can be told again.
const REMEMBERED: usize = 1024;
/// Who can listen at a time.
pub const LISTENERS: usize = 64;

/// In the place of a number: nothing more will be told.
const CLOSED: u64 = u64::MAX;

#[derive(Debug)]
pub(super) struct Changes {
    told: Mutex<Told>,
    newest: watch::Sender<u64>,
    places: Arc<Semaphore>,
}

#[derive(Debug)]
struct Told {
    /// The number of the newest change.
    last: u64,
    /// The newest number that was there before everything in `list`.
    before: u64,
    list: VecDeque<FlowId>,
}

/// Hears of changes for as long as it lives.
#[derive(Debug)]
pub struct Listener {
    newest: watch::Receiver<u64>,
    _place: OwnedSemaphorePermit,
}

impl Changes {
    /// Numbers go on behind `first`: one that grows from process to process tells their numbers apart.
    pub(super) fn new(first: u64) -> Self {
        Self {
            told: Mutex::new(Told {
                last: first,
                before: first,
                list: VecDeque::new(),
            }),
            newest: watch::Sender::new(first),
            places: Arc::new(Semaphore::new(LISTENERS)),
        }
    }

    pub(super) fn tell(&self, id: &FlowId) {
        let mut told = self.lock();
        told.last += 1;
        told.list.push_back(id.clone());
        if told.list.len() > REMEMBERED {
            told.list.pop_front();
            told.before += 1;
        }
        self.say(told.last);
    }

    /// Everything changed: nobody can be told one by one.
    pub(super) fn start_over(&self) {
        let mut told = self.lock();
        told.last += 1;
        told.before = told.last;
        told.list.clear();
        self.say(told.last);
    }

    pub(super) fn last(&self) -> u64 {
        self.lock().last
    }

    /// What changed after that number, oldest first, each flow once and with its newest number. None if that cannot be
    /// told: it is too long ago, or another process's number.
    pub(super) fn since(&self, after: u64) -> Option<Vec<(u64, FlowId)>> {
        let told = self.lock();
        if !(told.before..=told.last).contains(&after) {
            return None;
        }
        let mut seen = HashSet::new();
        let newest_first = (1..=told.last).rev().zip(told.list.iter().rev());
        let mut found: Vec<_> = newest_first
            .take_while(|(number, _)| *number > after)
            .filter(|(_, id)| seen.insert(*id))
            .map(|(number, id)| (number, id.clone()))
            .collect();
        found.reverse();
        Some(found)
    }

    /// None if too many listen already, or nothing more will be told.
    pub(super) fn listen(&self) -> Option<Listener> {
        Some(Listener {
            _place: self.places.clone().try_acquire_owned().ok()?,
            newest: self.newest.subscribe(),
        })
    }

    /// Ends what listeners hear.
    pub(super) fn close(&self) {
        self.places.close();
        self.newest.send_replace(CLOSED);
    }

    fn say(&self, last: u64) {
        let more = |newest: &mut u64| {
            let open = *newest != CLOSED;
            if open {
                *newest = last;
            }
            open
        };
        self.newest.send_if_modified(more);
    }

    fn lock(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener {
    /// Returns once something changed after that number; false if nothing more will be told.
    pub async fn heard(&mut self, after: u64) -> bool {
        let newest = self.newest.wait_for(|newest| *newest > after).await;
        newest.is_ok_and(|newest| *newest != CLOSED)
    }
}
