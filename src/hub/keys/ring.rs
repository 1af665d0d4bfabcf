//! Key pairs by generation.

use super::{Generation, KeyState, RoleKeys, Shown};
use crate::dsig::{Certificate, DecryptionKey, KeyError, SigningKey};

/// One certificate and its key, for signing and decryption.
#[derive(Debug, Clone)]
pub struct KeyPair {
    /// What metadata shows.
    pub certificate: Certificate,
    /// Signs.
    pub signing: SigningKey,
    /// Decrypts.
    pub decryption: DecryptionKey,
}

/// The generations of one key pair.
#[derive(Debug, Clone)]
pub struct KeyRing {
    /// In use.
    pub active: KeyPair,
    /// In use before.
    pub previous: Option<KeyPair>,
    /// What is changed to.
    pub next: Option<KeyPair>,
}

/// The rings of one role. The real hub has the same one for both uses.
#[derive(Debug, Clone)]
pub struct RoleRings {
    /// For signing.
    pub signing: KeyRing,
    /// For decryption.
    pub encryption: KeyRing,
}

/// The rings of the hub's two roles.
#[derive(Debug, Clone)]
pub struct HubKeys {
    /// IdP role: towards user-facing systems.
    pub idp: RoleRings,
    /// SP role: towards identity providers.
    pub sp: RoleRings,
}

impl KeyPair {
    /// Reads a certificate and its RSA key, both PEM. Fails where they do not belong together.
    pub fn parse(certificate: &[u8], key: &[u8]) -> Result<Self, KeyError> {
        let certificate = Certificate::parse(certificate)?;
        Ok(Self {
            signing: SigningKey::parse(key, Some(certificate.clone()))?,
            decryption: DecryptionKey::parse(key)?,
            certificate,
        })
    }
}

impl KeyRing {
    /// One pair, which never changes.
    pub fn of(active: KeyPair) -> Self {
        Self {
            active,
            previous: None,
            next: None,
        }
    }

    /// The pair of a generation. A ring that a change does not concern has no other than the active one, which
    /// then does the work of every generation.
    pub fn pair(&self, generation: Generation) -> &KeyPair {
        self.own(generation).unwrap_or(&self.active)
    }

    /// The pair of a generation, if there is one of its own.
    pub fn own(&self, generation: Generation) -> Option<&KeyPair> {
        match generation {
            Generation::Active => Some(&self.active),
            Generation::Previous => self.previous.as_ref(),
            Generation::Next => self.next.as_ref(),
        }
    }

    /// The generations whose pairs differ, each once.
    fn distinct(&self, generations: &[Generation]) -> Vec<Generation> {
        let mut found: Vec<Generation> = Vec::new();
        for generation in generations {
            let pair = self.pair(*generation);
            let same = |known: &Generation| std::ptr::eq(self.pair(*known), pair);
            if !found.iter().any(same) {
                found.push(*generation);
            }
        }
        found
    }

    fn certificates(&self, generations: &[Generation]) -> Vec<Certificate> {
        let pairs = self.distinct(generations).into_iter();
        pairs
            .map(|generation| self.pair(generation).certificate.clone())
            .collect()
    }
}

impl RoleRings {
    /// One ring for both uses.
    pub fn shared(ring: KeyRing) -> Self {
        Self {
            signing: ring.clone(),
            encryption: ring,
        }
    }

    /// The role's keys in a state.
    pub fn at(&self, state: &KeyState) -> RoleKeys {
        let decrypts = self.encryption.distinct(&state.decrypts);
        let decryption = decrypts
            .iter()
            .map(|generation| self.encryption.pair(*generation));
        let shown = &state.shows.signing;
        let signed_metadata = match shown.first() {
            Some(first) if !shown.contains(&state.signs) => *first,
            _ => state.signs,
        };
        RoleKeys {
            signing_metadata: self.signing.pair(signed_metadata).signing.clone(),
            signing: self.signing.pair(state.signs).signing.clone(),
            shown: Shown {
                signing: self.signing.certificates(&state.shows.signing),
                encryption: self.encryption.certificates(&state.shows.encryption),
                without_use: state.shows.without_use,
            },
            decryption: decryption.map(|pair| pair.decryption.clone()).collect(),
            decrypts,
        }
    }
}

impl HubKeys {
    /// What the hub does with its keys while no change is planned: the next generation waits, and the previous
    /// one still decrypts.
    pub fn unplanned(&self) -> KeyState {
        KeyState {
            decrypts: vec![Generation::Active, Generation::Previous],
            ..KeyState::only(Generation::Active)
        }
    }

    /// The four rings: those of the IdP role for signing and encryption, then those of the SP role.
    pub fn rings(&self) -> [&KeyRing; 4] {
        [
            &self.idp.signing,
            &self.idp.encryption,
            &self.sp.signing,
            &self.sp.encryption,
        ]
    }

    /// Whether any of them still has what was in use before.
    pub fn has_previous(&self) -> bool {
        self.rings().iter().any(|ring| ring.previous.is_some())
    }

    /// One ring for both roles and both uses, as the real hub has it.
    pub fn shared(ring: KeyRing) -> Self {
        let rings = RoleRings::shared(ring);
        Self {
            idp: rings.clone(),
            sp: rings,
        }
    }
}
