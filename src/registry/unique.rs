//! What must be one party's within the federation: entityIDs, short names, keys (CH.json: “globally unique within the
//! federation”, “uniqueness checks”).

use super::beside::Beside;
use super::compile::Judge;
use super::content::Content;
use super::{Kind, Reason};
use crate::dsig::PublicKey;
use crate::hub;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is registered, asked whether something is free.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unique<'c> {
    pub content: &'c Content,
    pub judge: &'c Judge,
}

impl<'c> Unique<'c> {
    pub fn party(&self, kind: Kind, id: &str, beside: &Beside, reasons: &mut Vec<Reason>) {
        self.id(kind, id, reasons);
        reasons.extend(beside.reasons());
        let mut others = self.content.parties().filter(|party| party.id() != id);
        if beside.name == "hub" || others.any(|party| party.beside().name == beside.name) {
            reasons.push(Reason::new(
                format!("{}: kortnavnet er optaget", beside.name),
                format!("{}: the short name is taken", beside.name),
            ));
        }
    }

    /// An entityID names one party of the federation.
    pub fn id(&self, kind: Kind, id: &str, reasons: &mut Vec<Reason>) {
        let own = id == self.judge.own_id;
        let kinds = [Kind::IdentityProvider, Kind::System, Kind::AttributeService];
        let mut others = kinds.into_iter().filter(|other| *other != kind);
        let taken = others.find(|other| self.content.ids(*other).contains(&id));
        let holder = match (own, taken) {
            (true, _) => ("hubben selv", "the hub itself"),
            (_, Some(Kind::IdentityProvider)) => ("en identity provider", "an identity provider"),
            (_, Some(Kind::System)) => ("et brugervendt system", "a user-facing system"),
            (_, Some(_)) => ("en attributservice", "an attribute service"),
            (false, None) => return,
        };
        reasons.push(Reason::new(
            format!(
                "Id: {id} tilhører {} og skal være entydigt i føderationen",
                holder.0
            ),
            format!(
                "Id: {id} is that of {} and must be unique within the federation",
                holder.1
            ),
        ));
    }

    /// A key is one party's: who has another one's key can speak for it.
    pub fn keys<'k>(
        &self,
        name: &str,
        keys: impl Iterator<Item = &'k PublicKey>,
        reasons: &mut Vec<Reason>,
    ) {
        self.told(&self.holders(), name, keys, reasons);
    }

    fn told<'k>(
        &self,
        holders: &BTreeMap<Arc<str>, &str>,
        name: &str,
        keys: impl Iterator<Item = &'k PublicKey>,
        reasons: &mut Vec<Reason>,
    ) {
        let mut told = BTreeSet::new();
        for key in keys {
            let Some(holder) = holders.get(&key.key_id()) else {
                continue;
            };
            if *holder != name && told.insert(*holder) {
                reasons.push(Reason::new(
                    format!("SamlMetadata: certifikatets nøgle bruges allerede af {holder}; hver part skal have sin egen"),
                    format!("SamlMetadata: the certificate's key is used by {holder} already; each party must have one of its own"),
                ));
            }
        }
    }

    /// Whose keys are whose.
    fn holders(&self) -> BTreeMap<Arc<str>, &'c str> {
        let own = self.judge.own_keys.iter();
        let mut holders: BTreeMap<Arc<str>, &str> = own.map(|id| (id.clone(), "hub")).collect();
        for party in self.content.identity_providers.values() {
            let keys = party.served.iter().flat_map(|served| &served.signing_keys);
            for key in keys {
                holders.entry(key.key_id()).or_insert(&party.beside.name);
            }
        }
        for party in self.content.systems.values() {
            for key in party.served.iter().flat_map(system_keys) {
                holders.entry(key.key_id()).or_insert(&party.beside.name);
            }
        }
        holders
    }

    /// All parties against each other: after a file was taken over beside what was registered otherwise.
    pub fn whole(&self) -> Result<(), Vec<Reason>> {
        let mut reasons = Vec::new();
        let holders = self.holders();
        for (id, party) in self.content.identity_providers.iter() {
            self.party(Kind::IdentityProvider, id, &party.beside, &mut reasons);
            let keys = party.served.iter().flat_map(|served| &served.signing_keys);
            self.told(&holders, &party.beside.name, keys, &mut reasons);
        }
        for (id, party) in self.content.systems.iter() {
            self.party(Kind::System, id, &party.beside, &mut reasons);
            let keys = party.served.iter().flat_map(system_keys);
            self.told(&holders, &party.beside.name, keys, &mut reasons);
        }
        match reasons.is_empty() {
            true => Ok(()),
            false => Err(reasons),
        }
    }
}

/// Every key of a system: those it signs with, and the one that it decrypts with.
pub(super) fn system_keys(served: &hub::UserFacingSystem) -> impl Iterator<Item = &PublicKey> {
    let recipient = served.encryption.as_ref().map(|recipient| &recipient.key);
    served.signing_keys.iter().chain(recipient)
}
