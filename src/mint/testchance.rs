//! Chance for unit tests, here and to the right.

use super::{Chance, KeyKind};
use crate::dsig::Entropy;
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;

/// Bytes that count from a number, so that what is random is known; keys are as random as anywhere.
pub struct Counting(pub u8);

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
    }
}

impl Chance for Counting {
    fn key(&mut self, kind: KeyKind) -> Result<PKey<Private>, ErrorStack> {
        match kind {
            KeyKind::Rsa(bits) => PKey::from_rsa(Rsa::generate(bits)?),
            KeyKind::P256 => {
                let curve = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
                PKey::from_ec_key(EcKey::generate(&curve)?)
            }
        }
    }
}
