//! Test certificates in the shape of OCES3, good ones and broken ones, by an invented CA that nobody trusts.
//!
//! ```text
//! Recipe ──▶ make ──▶ Made { certificate, key, CA }
//!              ▲
//!   Authority ─┴─ Chance: random bytes and fresh keys, of the caller
//! ```
//!
//! The shape is that of the real hub's certificates: subject and extensions in their order, RSA-3072, and a
//! signature by RSASSA-PSS, which some parsers refuse. Addresses and the CA's name are invented.

mod authority;
mod error;
mod extensions;
mod fault;
mod hub_name;
mod recipe;
mod revocation;
#[cfg(test)]
pub(crate) mod testchance;
#[cfg(test)]
mod tests;
mod x509;

pub use authority::Authority;
pub use error::MintError;
pub use extensions::{CERTIFICATE_FILE, LIST_FILE, RESPONDER_PATH};
pub use fault::Fault;
pub use hub_name::hub_name;
pub use recipe::{DAYS_A_YEAR, KeyKind, Recipe};
pub use revocation::{Revoked, crl, ocsp};

use crate::dsig::{Certificate, Entropy};
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Private};
use time::Duration;
use x509::{Fields, Purpose};

/// What is drawn by lot. Whoever stands on the right of this module has it; see `edge::world`.
pub trait Chance: Entropy {
    /// A fresh private key.
    fn key(&mut self, kind: KeyKind) -> Result<PKey<Private>, ErrorStack>;
}

/// A certificate, its key, and the CA's certificate.
#[derive(Clone)]
pub struct Made {
    /// The certificate.
    pub certificate: Certificate,
    /// The certificate in PEM.
    pub certificate_pem: String,
    /// The private key; with [`Fault::WrongKey`] that of no certificate.
    pub key: PKey<Private>,
    /// The same in PEM (PKCS #8).
    pub key_pem: String,
    /// The certificate of the CA in PEM; with [`Fault::SelfSigned`] the certificate itself.
    pub ca_pem: String,
}

/// How far what is expired or not yet valid misses the present: more than any clock is wrong.
const OFF_BY: Duration = Duration::days(30);
/// Within the thirty days in which `check` and `certs show` warn.
const SOON: Duration = Duration::days(14);

/// Makes the certificate of a recipe, issued by `authority`.
pub fn make(
    recipe: &Recipe,
    authority: &Authority,
    chance: &mut dyn Chance,
) -> Result<Made, MintError> {
    recipe.check()?;
    let key = match (recipe.fault, &recipe.reuse) {
        (Some(Fault::Reused), Some(key)) => key.clone(),
        (Some(Fault::Reused), None) => {
            return Err(MintError::Unsuitable(
                "a reused key needs the key of another certificate".to_owned(),
            ));
        }
        (Some(Fault::Rsa1024), _) => chance.key(KeyKind::Rsa(1024))?,
        _ => chance.key(recipe.key)?,
    };
    let other;
    let authority = match recipe.fault {
        Some(Fault::OtherCa) => {
            other = Authority::new(recipe.not_before, recipe.days, chance)?;
            &other
        }
        _ => authority,
    };
    let lifetime = Duration::days(recipe.days.into());
    let from = match recipe.fault {
        Some(Fault::Expired) => recipe.not_before - OFF_BY - lifetime,
        Some(Fault::ExpiresSoon) => recipe.not_before + SOON - lifetime,
        Some(Fault::NotYetValid) => recipe.not_before + OFF_BY,
        _ => recipe.not_before,
    };
    let subject = recipe.subject(chance)?;
    let self_signed = recipe.fault == Some(Fault::SelfSigned);
    let certificate = x509::issue(
        &Fields {
            subject: &subject,
            issuer: if self_signed {
                &subject
            } else {
                authority.name()
            },
            from,
            // RFC 5280 §4.1.2.5: the last second is included.
            until: from + lifetime - Duration::SECOND,
            key: &key,
            authority_key: if self_signed {
                Some(x509::key_identifier(&key)?)
            } else {
                authority.key_identifier()
            },
            purpose: match recipe.fault {
                Some(Fault::WrongUsage) => Purpose::DocumentsOnly,
                _ => Purpose::Party,
            },
            addresses: authority.addresses(),
        },
        if self_signed { &key } else { authority.key() },
        chance,
    )?;
    let certificate_pem = x509::pem(certificate.x509())?;
    let key = match recipe.fault {
        Some(Fault::WrongKey) => chance.key(recipe.key)?,
        _ => key,
    };
    Ok(Made {
        ca_pem: if self_signed {
            certificate_pem.clone()
        } else {
            authority.certificate_pem().to_owned()
        },
        certificate,
        certificate_pem,
        key_pem: x509::key_pem(&key)?,
        key,
    })
}

impl std::fmt::Debug for Made {
    // Key material must not end up in a log by way of {:?}.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Made({:?})", self.certificate)
    }
}
