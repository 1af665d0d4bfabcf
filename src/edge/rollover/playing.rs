//! A plan with the keys that it moves, made ready: nothing is computed twice while it is played.

use super::ask::Refused;
use super::player::Parts;
use super::rings;
use crate::dsig::PublicKey;
use crate::edge::registry::Snapshot;
use crate::hub::Hub;
use crate::hub::keys::{
    Generation, HubKeys, KeyPair, KeyRing, KeyState, RoleKeys, RoleRings, Schedule,
};
use crate::hub::rollover::{
    Holding, Moves, Pair, Plan, Subject, TrustModel, Validities, holding, registration,
};
use crate::hub::trace::Leg;
use std::collections::BTreeMap;
use std::sync::Arc;
use time::OffsetDateTime;

/// A plan that is played.
#[derive(Debug)]
pub struct Playing {
    /// The plan.
    pub plan: Plan,
    /// Its keys as a function of time.
    pub schedule: Schedule,
    /// The hub's rings, with what the plan needs of them.
    pub keys: HubKeys,
    /// Habits by short name.
    pub models: BTreeMap<String, TrustModel>,
    /// The hub in each state of the schedule; one where another party changes.
    hubs: Vec<Arc<Hub>>,
    /// The party that changes, where it is not the hub.
    party: Option<Changing>,
}

#[derive(Debug)]
struct Changing {
    ring: KeyRing,
    states: Vec<Arc<RoleKeys>>,
    /// How the hub takes over its change.
    registration: TrustModel,
}

impl Playing {
    /// Makes a plan ready, or says what it lacks. `stated` are habits that take the place of those of `parts`.
    pub(super) fn new(
        mut plan: Plan,
        hub: &Arc<Hub>,
        keys: &HubKeys,
        parts: &Parts,
        stated: &BTreeMap<String, TrustModel>,
    ) -> Result<Self, Refused> {
        let keys = rings::of_hub(&plan, parts, keys)?;
        let ring = match &plan.subject {
            Subject::Hub => None,
            Subject::IdentityProvider(name) => parts.idps.get(name).map(|ring| (name, ring)),
            Subject::System(name) => parts.systems.get(name).map(|ring| (name, ring)),
        };
        let ring = ring.map(|(name, ring)| rings::of_party(&plan, parts, name, ring));
        let ring = ring.transpose()?;
        let had_another = match &ring {
            Some(ring) => ring.previous.is_some(),
            None => {
                plan.moves = Moves::of(&keys);
                keys.has_previous()
            }
        };
        if had_another {
            plan = plan.with_previous();
        }
        let schedule = plan.schedule();
        let hub_takes_over = stated.get("hub").cloned();
        let party = ring.map(|ring| {
            let rings = RoleRings::shared(ring.clone());
            let states = schedule.states().map(|state| Arc::new(rings.at(state)));
            let stated = hub_takes_over.map(|model| model.facing(&plan.subject, None));
            Changing {
                states: states.collect(),
                registration: stated.unwrap_or_else(|| registration(&plan)),
                ring,
            }
        });
        let hubs = match party {
            Some(_) => vec![hub.clone()],
            None => {
                let states = schedule.states();
                states
                    .map(|state| Arc::new(hub.with_keys(&keys, state)))
                    .collect()
            }
        };
        let mut models = parts.models(&plan);
        models.extend(stated.clone());
        Ok(Self {
            models,
            plan,
            schedule,
            keys,
            hubs,
            party,
        })
    }

    /// The state of the changing party's keys.
    pub fn state(&self, at: OffsetDateTime) -> &KeyState {
        self.schedule.at(at)
    }

    /// The hub.
    pub fn hub(&self, at: OffsetDateTime) -> Option<&Arc<Hub>> {
        let index = self
            .schedule
            .index(at)
            .min(self.hubs.len().saturating_sub(1));
        self.hubs.get(index)
    }

    /// The dates of the certificates that somebody on this side of the hub (none: the hub) looks at.
    pub fn validities(&self, side: Option<Leg>) -> Validities {
        let ring = match (&self.party, side) {
            (Some(party), _) => &party.ring,
            (None, Some(Leg::IdentityProvider)) => &self.keys.sp.signing,
            (None, _) => &self.keys.idp.signing,
        };
        Pair::of(ring).validities().under(&self.plan)
    }

    /// The ring of the one that changes; of the hub, the first that does.
    pub fn ring(&self) -> &KeyRing {
        if let Some(party) = &self.party {
            return &party.ring;
        }
        let mut rings = self.keys.rings().into_iter();
        let changing = rings.find(|ring| ring.next.is_some());
        changing.unwrap_or(&self.keys.idp.signing)
    }

    /// The keys of a party that changes.
    pub fn party_keys(&self, at: OffsetDateTime) -> Option<&Arc<RoleKeys>> {
        let party = self.party.as_ref()?;
        party.states.get(self.schedule.index(at))
    }

    /// The habits of a party; the worst that one must expect where nobody stated any.
    pub fn model(&self, name: &str) -> TrustModel {
        let stated = self.models.get(name).cloned();
        stated.unwrap_or_else(TrustModel::unknown)
    }

    /// How the hub takes over the change of another party.
    pub fn registration(&self) -> Option<&TrustModel> {
        self.party.as_ref().map(|party| &party.registration)
    }

    /// What the hub holds of a party that changes.
    pub fn registered(&self, at: OffsetDateTime) -> Option<Holding> {
        let party = self.party.as_ref()?;
        Some(holding(&self.plan, &party.registration, &[], at))
    }

    /// The parties as the hub knows them, with what it holds of the one that changes.
    pub(super) fn overlaid(&self, known: &Snapshot, holds: &Holding) -> Snapshot {
        let mut snapshot = known.clone();
        let ring = self.party.as_ref().map(|party| &party.ring);
        let pair = |generation: &Generation| Some(ring?.pair(*generation));
        let keys = |pairs: &mut dyn Iterator<Item = &KeyPair>| -> Vec<PublicKey> {
            pairs.map(|pair| pair.signing.public()).collect()
        };
        // An older key than what is held was rotated out; a newer one was never registered.
        let oldest = holds.signing.iter().min();
        let older = Generation::ALL.into_iter();
        let older = older.filter(|generation| oldest.is_some_and(|oldest| generation < oldest));
        let former = keys(&mut older.filter_map(|generation| ring?.own(generation)));
        let keys = keys(&mut holds.signing.iter().filter_map(pair));
        let federation = &mut snapshot.federation;
        match &self.plan.subject {
            Subject::Hub => {}
            Subject::IdentityProvider(name) => {
                let found = federation.identity_providers.iter_mut();
                if let Some(idp) = found.into_iter().find(|idp| idp.name == *name) {
                    idp.signing_keys = keys;
                    idp.former_keys.extend(former);
                }
            }
            Subject::System(name) => {
                let found = federation.systems.iter_mut();
                if let Some(system) = found.into_iter().find(|system| system.name == *name) {
                    system.signing_keys = keys;
                    system.former_keys.extend(former);
                    let to = holds.encryption.as_ref().and_then(pair);
                    if let (Some(recipient), Some(pair)) = (&mut system.encryption, to) {
                        recipient.key = pair.signing.public();
                    }
                }
            }
        }
        snapshot
    }
}
