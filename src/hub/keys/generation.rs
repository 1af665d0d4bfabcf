//! Generations of keys as a function of time.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// A generation of a party's key pair, called by what it is when a change begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Generation {
    /// In use before.
    Previous,
    /// In use.
    Active,
    /// What is changed to.
    Next,
}

/// What a party does with its keys between two changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyState {
    /// Signs.
    pub signs: Generation,
    /// Decrypt, in the order in which they are tried. The profile demands two during a change (IIP-SP08).
    pub decrypts: Vec<Generation>,
    /// What metadata shows.
    pub shows: Shows,
}

/// The `KeyDescriptor`s of metadata, in document order: some peers read only the first, some only the last.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shows {
    /// For signing.
    pub signing: Vec<Generation>,
    /// For encryption.
    pub encryption: Vec<Generation>,
    /// Whether the descriptors have no `use`.
    pub without_use: bool,
}

/// The states of a party's keys, each from a moment on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    start: KeyState,
    changes: Vec<(OffsetDateTime, KeyState)>,
}

impl Generation {
    /// All of them, oldest first.
    pub const ALL: [Self; 3] = [Self::Previous, Self::Active, Self::Next];

    /// As plans and reports write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Previous => "previous",
            Self::Active => "active",
            Self::Next => "next",
        }
    }
}

impl KeyState {
    /// Everything with one generation.
    pub fn only(generation: Generation) -> Self {
        Self {
            signs: generation,
            decrypts: vec![generation],
            shows: Shows::only(generation),
        }
    }
}

impl Shows {
    /// One generation for both uses.
    pub fn only(generation: Generation) -> Self {
        Self {
            signing: vec![generation],
            encryption: vec![generation],
            without_use: false,
        }
    }

    /// The descriptors where they have no `use`: what is shown for encryption, then the rest, each once.
    pub fn listed(&self) -> Vec<Generation> {
        let mut list: Vec<Generation> = Vec::new();
        for generation in self.encryption.iter().chain(&self.signing) {
            if !list.contains(generation) {
                list.push(*generation);
            }
        }
        list
    }
}

impl Schedule {
    /// `start`, until there is a change.
    pub fn new(start: KeyState) -> Self {
        Self {
            start,
            changes: Vec::new(),
        }
    }

    /// From `at` on the newest state is what `change` makes of it. Changes are added in the order of time; an
    /// earlier moment counts as the moment of the last change.
    pub fn change(&mut self, at: OffsetDateTime, change: impl FnOnce(&mut KeyState)) {
        let mut state = self.last().clone();
        change(&mut state);
        if state == *self.last() {
            return;
        }
        match self.changes.last_mut() {
            Some((moment, last)) if *moment >= at => *last = state,
            _ => self.changes.push((at, state)),
        }
    }

    /// The state at `now`: a change holds from its moment on.
    pub fn at(&self, now: OffsetDateTime) -> &KeyState {
        self.state(self.index(now)).unwrap_or(&self.start)
    }

    /// How many changes lie before or at `now`: the place of its state in [`Self::states`].
    pub fn index(&self, now: OffsetDateTime) -> usize {
        self.changes.partition_point(|(at, _)| *at <= now)
    }

    /// All states in the order of time.
    pub fn states(&self) -> impl Iterator<Item = &KeyState> {
        std::iter::once(&self.start).chain(self.changes.iter().map(|(_, state)| state))
    }

    /// The moments at which something changes.
    pub fn moments(&self) -> impl Iterator<Item = OffsetDateTime> {
        self.changes.iter().map(|(at, _)| *at)
    }

    fn state(&self, index: usize) -> Option<&KeyState> {
        self.states().nth(index)
    }

    fn last(&self) -> &KeyState {
        self.changes.last().map_or(&self.start, |(_, state)| state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;
    use time::macros::datetime;

    #[test]
    fn a_change_holds_from_its_moment_on() {
        let six = datetime!(2026-12-02 06:00 +1);
        let mut schedule = Schedule::new(KeyState::only(Generation::Active));
        schedule.change(six, |state| state.signs = Generation::Next);
        schedule.change(six, |state| state.decrypts.push(Generation::Next));
        schedule.change(six + Duration::minutes(30), |state| {
            state.shows = Shows::only(Generation::Next);
        });
        // Nothing changes, so nothing is kept.
        schedule.change(six + Duration::hours(1), |_| {});
        assert_eq!(schedule.states().count(), 3);
        let before = schedule.at(six - Duration::nanoseconds(1));
        assert_eq!(*before, KeyState::only(Generation::Active));
        let swapped = schedule.at(six);
        assert_eq!(swapped.signs, Generation::Next);
        assert_eq!(swapped.decrypts, [Generation::Active, Generation::Next]);
        assert_eq!(swapped.shows, Shows::only(Generation::Active));
        let last = schedule.at(six + Duration::days(9));
        assert_eq!(last.shows, Shows::only(Generation::Next));
        assert_eq!(
            schedule.moments().collect::<Vec<_>>(),
            [six, six + Duration::minutes(30)]
        );
    }
}
