//! What kind of certificate is wanted.

use super::{Fault, MintError, x509};
use crate::dsig::{Entropy, hex};
use crate::oiosaml::Cvr;
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Private};
use time::OffsetDateTime;

/// OCES3 counts three years as 1095 days, also over a leap day (seen in the real hub's certificates).
pub const DAYS_A_YEAR: u32 = 365;

/// The kind of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA with so many bits; OCES3 has 3072.
    Rsa(u32),
    /// ECDSA on P-256: signs, and cannot decrypt.
    P256,
}

/// What kind of certificate is wanted.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// `O`: 1 to 64 characters (X.520 upper bound), none of them a control character.
    pub organisation: String,
    /// `organizationIdentifier`: `NTRDK-<cvr>`.
    pub cvr: Cvr,
    /// `CN`: 1 to 64 characters.
    pub common_name: String,
    /// The UUID of `serialNumber`; none: a new one, as each OCES3 certificate has.
    pub uuid: Option<String>,
    /// First moment of validity, and the moment that faults of time count from; of the years 1970 to 2400.
    pub not_before: OffsetDateTime,
    /// Days of validity, 1 to 36 500.
    pub days: u32,
    /// The kind of its key.
    pub key: KeyKind,
    /// What is wrong with it.
    pub fault: Option<Fault>,
    /// The key of another certificate, for [`Fault::Reused`].
    pub reuse: Option<PKey<Private>>,
}

impl Recipe {
    /// Whether it can stand in a certificate that every reader reads.
    pub(super) fn check(&self) -> Result<(), MintError> {
        for (what, value) in [
            ("the organisation", &self.organisation),
            ("the common name", &self.common_name),
        ] {
            let length = value.chars().count();
            if value.trim().is_empty() || length > 64 {
                return Err(MintError::Unsuitable(format!(
                    "{what} has {length} characters; a certificate takes 1 to 64"
                )));
            }
            if value.chars().any(char::is_control) {
                return Err(MintError::Unsuitable(format!(
                    "{what} contains a control character"
                )));
            }
        }
        let year = self.not_before.year();
        if !(1970..=2400).contains(&year) {
            return Err(MintError::Unsuitable(format!(
                "validity from the year {year}; 1970 to 2400 can be made"
            )));
        }
        match self.days {
            1..=36_500 => Ok(()),
            days => Err(MintError::Unsuitable(format!(
                "{days} days of validity; 1 to 36500 can be made"
            ))),
        }
    }

    /// The subject, in the order of the real hub's certificates: CN, serialNumber, O, organizationIdentifier, C.
    pub(super) fn subject(
        &self,
        entropy: &mut (impl Entropy + ?Sized),
    ) -> Result<Vec<u8>, ErrorStack> {
        let uuid = self.uuid.clone();
        let uuid = uuid.unwrap_or_else(|| random_uuid(entropy));
        x509::name(&[
            (x509::COMMON_NAME, &self.common_name),
            (x509::SERIAL_NUMBER, &format!("UI:DK-O:G:{uuid}")),
            (x509::ORGANISATION, &self.organisation),
            (
                x509::ORGANISATION_IDENTIFIER,
                &format!("NTRDK-{}", self.cvr.as_str()),
            ),
            (x509::COUNTRY, "DK"),
        ])
    }
}

/// RFC 9562 §5.4.
fn random_uuid(entropy: &mut (impl Entropy + ?Sized)) -> String {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex(&bytes);
    let [a, b, c, d, e] = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &text[part]);
    format!("{a}-{b}-{c}-{d}-{e}")
}
