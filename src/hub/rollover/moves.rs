//! Which of the hub's key pairs a change moves. The real hub has one for everything; where each task has its own, each
//! may change at a time of its own.

use crate::hub::keys::{HubKeys, KeyRing};
use crate::hub::trace::Leg;

/// The tasks whose key pair changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moves {
    /// The hub signs answers to systems (and its metadata for them).
    pub idp_signing: bool,
    /// What systems encrypt to the hub.
    pub idp_encryption: bool,
    /// The hub signs requests to identity providers (and its metadata for them).
    pub sp_signing: bool,
    /// What identity providers encrypt to the hub.
    pub sp_encryption: bool,
}

impl Moves {
    /// One pair for everything, or all pairs at a time.
    pub const ALL: Self = Self {
        idp_signing: true,
        idp_encryption: true,
        sp_signing: true,
        sp_encryption: true,
    };

    /// The tasks for which the hub has a next pair. Where there is none at all, nobody has decided yet, and a rehearsal
    /// takes it to be all.
    pub fn of(keys: &HubKeys) -> Self {
        let has = |ring: &KeyRing| ring.next.is_some();
        let moves = Self {
            idp_signing: has(&keys.idp.signing),
            idp_encryption: has(&keys.idp.encryption),
            sp_signing: has(&keys.sp.signing),
            sp_encryption: has(&keys.sp.encryption),
        };
        match moves.tasks().iter().any(|(moves, _)| *moves) {
            true => moves,
            false => Self::ALL,
        }
    }

    /// What changes for whoever is on this side of the hub: what it verifies with, and what it encrypts to.
    pub fn towards(self, side: Leg) -> (bool, bool) {
        match side {
            Leg::IdentityProvider => (self.sp_signing, self.sp_encryption),
            Leg::System => (self.idp_signing, self.idp_encryption),
        }
    }

    /// The tasks as people call them, in Danish and English, each with whether its key pair changes.
    pub fn tasks(self) -> [(bool, (&'static str, &'static str)); 4] {
        [
            (
                self.idp_signing,
                (
                    "signering over for systemer (rolle idp)",
                    "signing towards systems (role idp)",
                ),
            ),
            (
                self.idp_encryption,
                (
                    "dekryptering over for systemer (rolle idp)",
                    "decryption towards systems (role idp)",
                ),
            ),
            (
                self.sp_signing,
                (
                    "signering over for IdP'er (rolle sp)",
                    "signing towards identity providers (role sp)",
                ),
            ),
            (
                self.sp_encryption,
                (
                    "dekryptering over for IdP'er (rolle sp)",
                    "decryption towards identity providers (role sp)",
                ),
            ),
        ]
    }
}
