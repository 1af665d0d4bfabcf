//! The CA that issues: an invented one, or one that is given.

use super::extensions::Addresses;
use super::x509::{self, Fields, Purpose};
use super::{Chance, KeyKind, MintError, OFF_BY};
use crate::dsig::{Certificate, KeyError, hex, private_key};
use openssl::pkey::{PKey, Private};
use time::{Duration, OffsetDateTime};

/// A CA with its key.
#[derive(Clone)]
pub struct Authority {
    key: PKey<Private>,
    name: Vec<u8>,
    key_identifier: Option<Vec<u8>>,
    pem: String,
    addresses: Addresses,
}

/// At least as long on either side as half the life of the shipped test CA.
const HALF: Duration = Duration::days(10 * 365);

impl Authority {
    /// An invented CA of its own name, valid for ten years before and after `at`, and for longer where what it is
    /// to issue lives for more `days` than that: a chain is over as soon as one link of it is.
    pub fn new(
        at: OffsetDateTime,
        days: u32,
        chance: &mut (impl Chance + ?Sized),
    ) -> Result<Self, MintError> {
        Self::on(KeyKind::Rsa(3072), at, days, chance)
    }

    /// The same on a key of this kind.
    pub fn on(
        kind: KeyKind,
        at: OffsetDateTime,
        days: u32,
        chance: &mut (impl Chance + ?Sized),
    ) -> Result<Self, MintError> {
        let key = chance.key(kind)?;
        // Two CAs must not share a name: who has both in a trust store could not tell which one issued.
        let mut number = [0; 3];
        chance.fill(&mut number);
        let number = hex(&number).to_uppercase();
        let name = x509::name(&[
            (x509::COMMON_NAME, &format!("Vejviser Test CA {number}")),
            (x509::ORGANISATION, "Vejviser (opfundet)"),
            (x509::COUNTRY, "DK"),
        ])?;
        let key_identifier = Some(x509::key_identifier(&key)?);
        // What it issues may have ended, or begin, well off the present (`Fault`).
        let half = HALF.max(Duration::days(days.into()) + OFF_BY);
        let from = at.saturating_sub(half);
        let addresses = Addresses::nowhere();
        let fields = Fields {
            subject: &name,
            issuer: &name,
            from,
            until: at.saturating_add(half - Duration::SECOND),
            key: &key,
            authority_key: key_identifier.clone(),
            purpose: Purpose::Authority,
            addresses: &addresses,
        };
        let pem = x509::pem(x509::issue(&fields, &key, chance)?.x509())?;
        Ok(Self {
            key,
            name,
            key_identifier,
            pem,
            addresses,
        })
    }

    /// A CA that somebody has: its certificate (PEM or DER) and its private key (PEM, without password).
    pub fn given(certificate: &[u8], private_pem: &[u8]) -> Result<Self, MintError> {
        let (read, key) = (Certificate::parse(certificate)?, private_key(private_pem)?);
        if !read.is_for(&key)? {
            return Err(KeyError::Mismatch.into());
        }
        if !read.story().is_ca {
            return Err(MintError::Unsuitable(format!(
                "{} is no CA: basicConstraints does not say so",
                read.subject()
            )));
        }
        x509::can_sign(&key)?;
        let x509 = read.x509();
        Ok(Self {
            key,
            name: x509.subject_name().to_der()?,
            key_identifier: x509.subject_key_id().map(|id| id.as_slice().to_vec()),
            pem: x509::pem(x509)?,
            addresses: Addresses::nowhere(),
        })
    }

    /// The same, of which one can ask below this address whether it took a certificate back: what it issues says so.
    pub fn answering_at(self, base: &str) -> Self {
        Self {
            addresses: Addresses::below(base),
            ..self
        }
    }

    /// Its certificate in PEM.
    pub fn certificate_pem(&self) -> &str {
        &self.pem
    }

    /// Its private key in PEM (PKCS #8). Who has it can issue certificates in its name.
    pub fn key_pem(&self) -> Result<String, MintError> {
        x509::key_pem(&self.key)
    }

    pub(super) fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    pub(super) fn key(&self) -> &PKey<Private> {
        &self.key
    }

    pub(super) fn name(&self) -> &[u8] {
        &self.name
    }

    pub(super) fn key_identifier(&self) -> Option<Vec<u8>> {
        self.key_identifier.clone()
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authority")
    }
}
