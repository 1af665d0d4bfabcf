//! Sessions in memory: packed, and found by digests.

use super::super::{GRACE, packed};
use crate::hub::session::{Session, SessionId, SessionKey};
use std::collections::BTreeSet;
use time::OffsetDateTime;

/// Where a session lies.
type Place = u32;

/// The sessions. What has ended is forgotten as new ones come; what does not fit gives way, the one that was used
/// longest ago: a session is a convenience, and whoever loses one logs in again.
///
/// A hub has many, so that what finds one is small: four bytes of a digest. Whether it is the right one is seen
/// from the session itself.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    kept: Vec<Option<Kept>>,
    free: Vec<Place>,
    by_key: BTreeSet<(u32, Place)>,
    by_end: BTreeSet<(i64, Place)>,
    by_use: BTreeSet<(i64, Place)>,
}

#[derive(Debug)]
struct Kept {
    packed: Box<[u8]>,
    used: i64,
    ends: i64,
}

impl Sessions {
    pub(super) fn get(&self, id: &SessionId, now: OffsetDateTime) -> Option<Session> {
        let mut places = self.places(packed::name_of_id(id));
        places.find_map(|place| self.at(place, now).filter(|session| session.id == *id))
    }

    pub(super) fn find(&self, key: &SessionKey, now: OffsetDateTime) -> Vec<Session> {
        let mut found: Vec<Session> = self
            .places(packed::name_of(key))
            .filter_map(|place| self.at(place, now))
            .filter(|session| session.keys().contains(key))
            .collect();
        found.sort_by(|one, other| one.id.cmp(&other.id));
        found
    }

    pub(super) fn put(&mut self, session: &Session, limit: usize, now: OffsetDateTime) {
        let Some(packed) = packed::pack(session) else {
            return;
        };
        self.forget(&session.id);
        self.purge(now - GRACE);
        if self.by_use.len() >= limit {
            self.purge(now);
        }
        while self.by_use.len() >= limit {
            let Some((_, place)) = self.by_use.first() else {
                break;
            };
            self.drop(*place);
        }
        let kept = Kept {
            packed,
            used: seconds(session.used),
            ends: seconds(session.ends),
        };
        let Some(place) = self.free.pop().or_else(|| self.kept.len().try_into().ok()) else {
            return;
        };
        for name in names(session) {
            self.by_key.insert((name, place));
        }
        self.by_end.insert((kept.ends, place));
        self.by_use.insert((kept.used, place));
        match self.kept.get_mut(place as usize) {
            Some(free) => *free = Some(kept),
            None => self.kept.push(Some(kept)),
        }
    }

    pub(super) fn forget(&mut self, id: &SessionId) {
        let own = |place: &Place| self.read(*place).is_some_and(|session| session.id == *id);
        let place = self.places(packed::name_of_id(id)).find(own);
        if let Some(place) = place {
            self.drop(place);
        }
    }

    /// Forgets what had ended by the second before.
    fn purge(&mut self, before: OffsetDateTime) {
        let before = seconds(before);
        while let Some((_, place)) = self.by_end.first().filter(|(ends, _)| *ends < before) {
            self.drop(*place);
        }
    }

    /// Where sessions lie that may have this name.
    fn places(&self, name: u32) -> impl Iterator<Item = Place> + '_ {
        let same = self.by_key.range((name, Place::MIN)..=(name, Place::MAX));
        same.map(|(_, place)| *place)
    }

    fn at(&self, place: Place, now: OffsetDateTime) -> Option<Session> {
        self.read(place).filter(|session| now < session.ends)
    }

    fn read(&self, place: Place) -> Option<Session> {
        packed::unpack(&self.kept.get(place as usize)?.as_ref()?.packed)
    }

    fn drop(&mut self, place: Place) {
        for name in self.read(place).iter().flat_map(names) {
            self.by_key.remove(&(name, place));
        }
        let kept = self.kept.get_mut(place as usize).and_then(Option::take);
        if let Some(kept) = kept {
            self.by_end.remove(&(kept.ends, place));
            self.by_use.remove(&(kept.used, place));
            self.free.push(place);
        }
    }

    /// Whether each session is in every index, and nothing else is.
    #[cfg(test)]
    pub(super) fn holds_together(&self) {
        let all: Vec<Place> = (0..)
            .zip(&self.kept)
            .filter_map(|(place, kept)| kept.as_ref().map(|_| place))
            .collect();
        for (_, place) in self.by_key.iter().chain(
            &self
                .by_end
                .iter()
                .map(|(_, place)| (0, *place))
                .collect::<Vec<_>>(),
        ) {
            assert!(all.contains(place));
        }
        assert_eq!(
            (self.by_end.len(), self.by_use.len()),
            (all.len(), all.len())
        );
        for place in all {
            let session = self.read(place).expect("it is read again");
            for name in names(&session) {
                assert!(self.by_key.contains(&(name, place)));
            }
        }
    }
}

/// By the second: what is a moment longer in here than it should be is not found any more.
fn seconds(at: OffsetDateTime) -> i64 {
    at.unix_timestamp()
}

/// What it is found by.
fn names(session: &Session) -> Vec<u32> {
    let keys = session.keys();
    let id = packed::name_of_id(&session.id);
    keys.iter().map(packed::name_of).chain([id]).collect()
}
