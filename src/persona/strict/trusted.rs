//! The hub's keys as a strict system holds them: as metadata showed them when it was read, until it is read again.

use crate::config::Defect;
use crate::dsig::PublicKey;
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

/// What a system holds of the hub.
#[derive(Default)]
pub struct Trusted {
    held: RwLock<Option<Held>>,
}

#[derive(Clone, Default)]
struct Held {
    keys: Vec<PublicKey>,
    /// Every key that was ever held, by name.
    known: BTreeSet<Arc<str>>,
}

impl Trusted {
    /// The keys; the first time, those that metadata `shows`.
    pub fn keys(
        &self,
        defect: Option<Defect>,
        shows: impl FnOnce() -> Vec<PublicKey>,
    ) -> Vec<PublicKey> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = &*held {
            return held.keys.clone();
        }
        drop(held);
        self.read(defect, shows());
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref()
            .map(|held| held.keys.clone())
            .unwrap_or_default()
    }

    /// Takes over what metadata shows now: all of it, and nothing else.
    pub fn read(&self, defect: Option<Defect>, shown: Vec<PublicKey>) {
        let mut slot = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let mut held = slot.take().unwrap_or_default();
        let before = std::mem::take(&mut held.keys);
        held.keys = match defect {
            Some(Defect::ReadsFirstCertificate) => shown.into_iter().take(1).collect(),
            Some(Defect::ReadsLastCertificate) => {
                shown.into_iter().next_back().into_iter().collect()
            }
            Some(Defect::KeepsRemovedKey) => {
                let new = |key: &PublicKey| before.iter().all(|old| old.key_id() != key.key_id());
                let new: Vec<PublicKey> = shown.into_iter().filter(new).collect();
                [before, new].concat()
            }
            _ => shown,
        };
        held.known.extend(held.keys.iter().map(PublicKey::key_id));
        *slot = Some(held);
    }

    /// Whether this key was ever held.
    pub fn knew(&self, key: &PublicKey) -> bool {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref()
            .is_some_and(|held| held.known.contains(&key.key_id()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::pki;
    use crate::dsig::Policy;

    fn key(name: &str) -> PublicKey {
        let pem = pki::certificate(name).unwrap();
        PublicKey::parse(pem.as_bytes(), Policy::Modern).unwrap()
    }

    /// What is held after metadata showed the old key, both, and the new one.
    fn held(defect: Option<Defect>) -> [Vec<Arc<str>>; 3] {
        let (old, new) = (key("hub"), key("hub-next"));
        let trusted = Trusted::default();
        let now = |shown: Vec<PublicKey>| {
            let keys = trusted.keys(defect, || shown);
            keys.iter().map(PublicKey::key_id).collect::<Vec<_>>()
        };
        let first = now(vec![old.clone()]);
        // Shown, and not read yet.
        assert_eq!(now(vec![new.clone()]), first);
        trusted.read(defect, vec![old, new.clone()]);
        let both = now(Vec::new());
        trusted.read(defect, vec![new]);
        [first, both, now(Vec::new())]
    }

    #[test]
    fn metadata_is_taken_over_whole_and_only_when_it_is_read() {
        let (old, new) = (key("hub").key_id(), key("hub-next").key_id());
        let table = [
            (None, vec![&old, &new], vec![&new]),
            (Some(Defect::ReadsFirstCertificate), vec![&old], vec![&new]),
            (Some(Defect::ReadsLastCertificate), vec![&new], vec![&new]),
            (
                Some(Defect::KeepsRemovedKey),
                vec![&old, &new],
                vec![&old, &new],
            ),
        ];
        for (defect, both, after) in table {
            let [first, second, third] = held(defect);
            assert_eq!(first, std::slice::from_ref(&old), "{defect:?}");
            assert_eq!(second.iter().collect::<Vec<_>>(), both, "{defect:?}");
            assert_eq!(third.iter().collect::<Vec<_>>(), after, "{defect:?}");
        }
    }

    #[test]
    fn what_was_held_is_known_for_ever() {
        let trusted = Trusted::default();
        trusted.read(None, vec![key("hub")]);
        trusted.read(None, vec![key("hub-next")]);
        assert!(trusted.knew(&key("hub")) && trusted.knew(&key("hub-next")));
        assert!(!trusted.knew(&key("testrup")));
    }
}
