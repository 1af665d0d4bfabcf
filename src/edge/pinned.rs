//! How many logins memory decided, by identity provider: who will break when it is closed.

use crate::hub::choose::{Choice, ChosenBy};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use time::OffsetDateTime;

/// Logins that memory sent to one identity provider since the process started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Uses {
    /// All of them.
    pub uses: u64,
    /// Those that ended on the page of a closed one.
    pub stopped: u64,
    /// The latest.
    pub last: Option<OffsetDateTime>,
}

/// The counts. Only registered identity providers are ever chosen, so there are no more of them.
#[derive(Debug, Default)]
pub struct Pinned(Mutex<BTreeMap<String, Uses>>);

impl Pinned {
    /// Counts a choice, if memory made it.
    pub fn count(&self, choice: &Choice, now: OffsetDateTime) {
        let (chosen, stopped) = match choice {
            Choice::Go(chosen) => (chosen, 0),
            Choice::Stuck(_, chosen) => (chosen, 1),
            Choice::Ask(_) | Choice::Refuse(_) => return,
        };
        if chosen.by == ChosenBy::Memory {
            let mut counts = self.lock();
            let uses = counts.entry(chosen.idp.clone()).or_default();
            uses.uses += 1;
            uses.stopped += stopped;
            uses.last = Some(now);
        }
    }

    /// Those of one identity provider (entityID).
    pub fn of(&self, idp: &str) -> Uses {
        self.lock().get(idp).copied().unwrap_or_default()
    }

    /// Forgets all of them.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Uses>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
