//! Sessions in memory: packed, and found by digests.

use super::super::{GRACE, packed};
use crate::hub::session::{Session, SessionId, SessionKey};
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use time::OffsetDateTime;

/// What a name is in here: the half of a digest, for names are long and many.
type Name = u128;

/// The sessions. What has ended is forgotten as new ones come; what does not fit gives way, the one that was used
/// longest ago: a session is a convenience, and whoever loses one logs in again.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    by_id: HashMap<Name, Kept>,
    by_key: HashMap<Name, Vec<Name>>,
    by_end: BTreeSet<(OffsetDateTime, Name)>,
    by_use: BTreeSet<(OffsetDateTime, Name)>,
}

#[derive(Debug)]
struct Kept {
    packed: Box<[u8]>,
    used: OffsetDateTime,
    ends: OffsetDateTime,
}

impl Sessions {
    pub(super) fn get(&self, id: &SessionId, now: OffsetDateTime) -> Option<Session> {
        self.named(name_of(id), now)
    }

    pub(super) fn find(&self, key: &SessionKey, now: OffsetDateTime) -> Vec<Session> {
        let names = self.by_key.get(&packed::name_of(key)).into_iter().flatten();
        let mut found: Vec<Session> = names
            .filter_map(|name| self.named(*name, now))
            // A digest that is another's by chance finds nobody.
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
        while let Some((_, name)) = (self.by_end.first()).filter(|(ends, _)| *ends <= now - GRACE) {
            self.drop(*name);
        }
        while self.by_id.len() >= limit {
            let Some((_, name)) = self.by_use.first() else {
                break;
            };
            self.drop(*name);
        }
        let name = name_of(&session.id);
        for key in session.keys() {
            let names = self.by_key.entry(packed::name_of(&key)).or_default();
            if !names.contains(&name) {
                names.push(name);
                names.shrink_to_fit();
            }
        }
        self.by_end.insert((session.ends, name));
        self.by_use.insert((session.used, name));
        let kept = Kept {
            packed,
            used: session.used,
            ends: session.ends,
        };
        self.by_id.insert(name, kept);
    }

    pub(super) fn forget(&mut self, id: &SessionId) {
        self.drop(name_of(id));
    }

    /// Whether each session is in every index, and nothing else is.
    #[cfg(test)]
    pub(super) fn holds_together(&self) {
        let names = self.by_key.values().flatten();
        assert!({ names }.all(|name| self.by_id.contains_key(name)));
        assert_eq!(self.by_end.len(), self.by_id.len());
        assert_eq!(self.by_use.len(), self.by_id.len());
        for name in self.by_id.keys() {
            let session = self.named(*name, OffsetDateTime::UNIX_EPOCH);
            for key in session.expect("it is read again").keys() {
                assert!(self.by_key[&packed::name_of(&key)].contains(name));
            }
        }
    }

    fn named(&self, name: Name, now: OffsetDateTime) -> Option<Session> {
        let kept = self.by_id.get(&name).filter(|kept| now < kept.ends)?;
        packed::unpack(&kept.packed)
    }

    fn drop(&mut self, name: Name) {
        let Some(kept) = self.by_id.remove(&name) else {
            return;
        };
        self.by_end.remove(&(kept.ends, name));
        self.by_use.remove(&(kept.used, name));
        let session = packed::unpack(&kept.packed);
        for key in session.iter().flat_map(Session::keys) {
            if let Entry::Occupied(mut names) = self.by_key.entry(packed::name_of(&key)) {
                names.get_mut().retain(|one| *one != name);
                if names.get().is_empty() {
                    names.remove();
                }
            }
        }
    }
}

/// The name of a session is a digest already.
fn name_of(id: &SessionId) -> Name {
    Name::from_str_radix(id.as_str(), 16).unwrap_or_default()
}
