//! What a plan is judged for: the parties, and what is known of their keys.

use crate::config::pki;
use crate::dsig::{Certificate, PublicKey};
use crate::hub::Federation;
use crate::hub::keys::{HubKeys, KeyRing};
use crate::hub::rollover::{Moves, Pair, Subject};

/// The parties, and their keys as far as they are registered.
#[derive(Debug, Clone, Copy)]
pub struct Registered<'a> {
    /// The parties.
    pub federation: &'a Federation,
    /// The hub's keys, where it has any of its own.
    pub hub: Option<&'a HubKeys>,
    /// Whether everybody is invented and changes to certificates of the shipped test PKI: these stand for others, so
    /// nothing speaks against them.
    pub stand_ins: bool,
}

impl Registered<'_> {
    /// Who can change.
    pub fn subjects(&self) -> Vec<Subject> {
        let idps = self.federation.identity_providers.iter();
        let idps = idps.map(|idp| Subject::IdentityProvider(idp.name.clone()));
        let systems = self.federation.systems.iter();
        let systems = systems.map(|system| Subject::System(system.name.clone()));
        std::iter::once(Subject::Hub)
            .chain(idps)
            .chain(systems)
            .collect()
    }

    /// The certificates in use and those that are changed to: of the hub one pair for each key pair that changes; where
    /// it has no next one, what it signs for systems with.
    pub fn pairs(&self, subject: &Subject) -> Vec<Pair> {
        match (subject, self.hub) {
            (Subject::Hub, Some(keys)) => of_hub(keys),
            (Subject::Hub, None) => vec![Pair {
                active: self.shipped("hub"),
                next: self.shipped("hub-next"),
            }],
            (Subject::IdentityProvider(name) | Subject::System(name), _) => vec![Pair {
                active: self
                    .keys(subject)
                    .0
                    .first()
                    .and_then(|key| key.certificate())
                    .cloned(),
                next: self.shipped(&format!("{name}-next")),
            }],
        }
    }

    /// Which of the hub's key pairs change.
    pub fn moves(&self, subject: &Subject) -> Moves {
        match (subject, self.hub) {
            (Subject::Hub, Some(keys)) => Moves::of(keys),
            _ => Moves::ALL,
        }
    }

    /// Whether it is known what the party had before the key pair in use.
    pub fn has_previous(&self, subject: &Subject) -> bool {
        match (subject, self.hub) {
            (Subject::Hub, keys) => keys.is_some_and(HubKeys::has_previous),
            _ => !self.keys(subject).1.is_empty(),
        }
    }

    /// The registered keys of a party, and those that were rotated out.
    fn keys(&self, subject: &Subject) -> (&[PublicKey], &[PublicKey]) {
        let found = match subject {
            Subject::Hub => None,
            Subject::IdentityProvider(name) => (self.federation.named(name))
                .map(|idp| (idp.signing_keys.as_slice(), idp.former_keys.as_slice())),
            Subject::System(name) => {
                let mut systems = self.federation.systems.iter();
                let system = systems.find(|system| system.name == *name);
                system.map(|s| (s.signing_keys.as_slice(), s.former_keys.as_slice()))
            }
        };
        found.unwrap_or_default()
    }

    fn shipped(&self, name: &str) -> Option<Certificate> {
        let pem = pki::certificate(name).filter(|_| self.stand_ins)?;
        Certificate::parse(pem.as_bytes()).ok()
    }
}

fn of_hub(keys: &HubKeys) -> Vec<Pair> {
    let mut rings: Vec<&KeyRing> = keys.rings().into_iter().collect();
    if rings.iter().any(|ring| ring.next.is_some()) {
        rings.retain(|ring| ring.next.is_some());
    } else {
        rings.truncate(1);
    }
    let mut pairs: Vec<Pair> = Vec::new();
    for pair in rings.into_iter().map(Pair::of) {
        if !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    pairs
}
