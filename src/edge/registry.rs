//! The federation and the settings as they are now: immutable snapshots, of which the newest holds.
//!
//! A handler takes one snapshot for one step, so no step ever sees half a change.

use crate::hub::settings::RememberedChoice;
use crate::hub::{Context, Federation, Hub, Settings};
use std::sync::{Arc, PoisonError, RwLock};
use time::OffsetDateTime;

/// The federation and the settings at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The parties.
    pub federation: Federation,
    /// What is unknown of the real hub.
    pub settings: Settings,
}

/// The newest snapshot, and the one that the process started with.
#[derive(Debug)]
pub struct Registry {
    first: Arc<Snapshot>,
    newest: RwLock<Arc<Snapshot>>,
}

impl Snapshot {
    /// What a step of the hub gets to know, at `now`.
    pub fn context<'a>(&'a self, hub: &'a Hub, now: OffsetDateTime) -> Context<'a> {
        Context {
            hub,
            federation: &self.federation,
            settings: &self.settings,
            now,
        }
    }
}

impl Snapshot {
    /// What people call a system.
    pub fn system_title<'a>(&'a self, entity_id: &'a str) -> &'a str {
        let known = self.federation.system(entity_id);
        known.map_or(entity_id, |system| &system.presentation_name)
    }

    /// What people call an identity provider.
    pub fn idp_title<'a>(&'a self, entity_id: &'a str) -> &'a str {
        let known = self.federation.identity_provider(entity_id);
        known.map_or(entity_id, |idp| &idp.presentation_name)
    }
}

impl Registry {
    /// With the federation that was read.
    pub fn new(federation: Federation, settings: Settings) -> Self {
        let first = Arc::new(Snapshot {
            federation,
            settings,
        });
        Self {
            newest: RwLock::new(first.clone()),
            first,
        }
    }

    /// The newest snapshot.
    pub fn now(&self) -> Arc<Snapshot> {
        self.newest
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Back to how the process started.
    pub fn reset(&self) {
        self.replace(|_| (*self.first).clone());
    }

    /// Closes an identity provider, or opens it again with the user contexts it was registered with. Whether
    /// there is one of this name.
    pub fn set_active(&self, name: &str, active: bool) -> bool {
        let Some(registered) = self.first.federation.named(name) else {
            return false;
        };
        let contexts = match active {
            true => registered.user_contexts.clone(),
            false => Vec::new(),
        };
        self.replace(|snapshot| Snapshot {
            federation: snapshot.federation.with_user_contexts(name, contexts),
            ..snapshot
        });
        true
    }

    /// Sets what “husk mit valg” does.
    pub fn set_remembered_choice(&self, mode: RememberedChoice) {
        self.replace(|mut snapshot| {
            snapshot.settings.remembered_choice = mode;
            snapshot
        });
    }

    fn replace(&self, change: impl FnOnce(Snapshot) -> Snapshot) {
        let mut newest = self.newest.write().unwrap_or_else(PoisonError::into_inner);
        *newest = Arc::new(change((**newest).clone()));
    }
}
