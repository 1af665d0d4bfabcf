//! The keys of a party, and which of them does what at a moment.
//!
//! The real hub has one certificate for everything (`ADG_<miljø>_Adgangsstyring`, shared with the security token
//! service); here each role and each use may have its own. What a [`KeyState`] says of generations, a ring of
//! key pairs turns into keys.

mod generation;
mod ring;

pub use generation::{Generation, KeyState, Schedule, Shows};
pub use ring::{HubKeys, KeyPair, KeyRing, RoleRings};

use super::Hub;
use crate::dsig::{Certificate, DecryptionKey, Policy, PublicKey, SigningKey};

/// The keys of one role at one moment.
#[derive(Debug, Clone)]
pub struct RoleKeys {
    /// Signs now.
    pub signing: SigningKey,
    /// Signed the metadata when it was published: a key that the metadata itself shows.
    pub signing_metadata: SigningKey,
    /// What the role's metadata shows now.
    pub shown: Shown,
    /// Decrypt now, in the order in which they are tried.
    pub decryption: Vec<DecryptionKey>,
    /// The generations of `decryption`, for whoever wants to know which one opened a message.
    pub decrypts: Vec<Generation>,
}

/// The certificates of the `KeyDescriptor`s of a role, in document order.
#[derive(Debug, Clone)]
pub struct Shown {
    /// `use="signing"`.
    pub signing: Vec<Certificate>,
    /// `use="encryption"`.
    pub encryption: Vec<Certificate>,
    /// Descriptors without `use` instead (SAML metadata §2.4.1.1: good for both), each certificate once.
    pub without_use: bool,
}

impl RoleKeys {
    /// One key pair for everything, shown.
    pub fn of(pair: &KeyPair) -> Self {
        Self {
            signing: pair.signing.clone(),
            signing_metadata: pair.signing.clone(),
            shown: Shown {
                signing: vec![pair.certificate.clone()],
                encryption: vec![pair.certificate.clone()],
                without_use: false,
            },
            decryption: vec![pair.decryption.clone()],
            decrypts: vec![Generation::Active],
        }
    }

    /// The keys that the role's metadata shows for signing: what a peer verifies with that reads them all.
    pub fn public_keys(&self) -> Vec<PublicKey> {
        public(&self.shown.signing)
    }

    /// The key that the role's metadata shows first for encryption: what a peer encrypts to.
    pub fn encryption_key(&self) -> Option<PublicKey> {
        public(&self.shown.encryption).into_iter().next()
    }
}

impl Hub {
    /// The same hub with the keys of another moment.
    pub fn with_keys(&self, keys: &HubKeys, state: &KeyState) -> Self {
        Self {
            idp: keys.idp.at(state),
            sp: keys.sp.at(state),
            ..self.clone()
        }
    }
}

fn public(certificates: &[Certificate]) -> Vec<PublicKey> {
    let keys = certificates.iter().cloned();
    let keys = keys.map(|certificate| PublicKey::from_certificate(certificate, Policy::Modern));
    keys.filter_map(Result::ok).collect()
}

#[cfg(test)]
mod tests;
