//! Everybody who takes part, from the federation and what its file says of their habits.

use super::{Cast, Party, Role};
use crate::config::Habits;
use crate::hub::Federation;
use crate::hub::rollover::Validities;
use std::collections::BTreeMap;

impl Cast {
    /// The active identity providers and all systems of a federation, in its order. A party without stated habits
    /// gets the worst that one must expect ([`Habits::unknown`]).
    pub fn of(federation: &Federation, habits: &BTreeMap<String, Habits>) -> Self {
        let party = |name: &str, title: &str, role| {
            let known = habits.get(name).cloned();
            let Habits { model, contact } = known.unwrap_or_else(Habits::unknown);
            Party {
                name: name.to_owned(),
                title: title.to_owned(),
                role,
                model,
                contact,
            }
        };
        let idps = federation.active();
        let idps = idps.map(|idp| party(&idp.name, &idp.presentation_name, Role::IdentityProvider));
        let systems = federation.systems.iter();
        let systems = systems.map(|s| party(&s.name, &s.presentation_name, Role::System));
        Self {
            parties: idps.chain(systems).collect(),
            validities: Validities::default(),
        }
    }
}
