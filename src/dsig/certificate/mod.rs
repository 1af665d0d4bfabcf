//! Certificates, as carriers of keys and as something to tell about.

mod chain;
mod extensions;
mod oces;
mod signature;
mod story;
#[cfg(test)]
mod tests;

pub use oces::{Holder, OCES3_ORGANISATION_POLICY, Origin};
pub use signature::SignatureStory;
pub use story::{KeyStory, Story, Usage, Validity};

use super::{KeyError, base64, hex, private_key};
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::pkey::{PKey, Private, Public};
use openssl::sha::{sha1, sha256};
use openssl::x509::{X509, X509NameRef};
use std::sync::Arc;
use time::OffsetDateTime;

/// A certificate as data: we never build chains from it (keys are trusted because they are registered),
/// but tell its story.
#[derive(Clone)]
pub struct Certificate {
    x509: X509,
    /// As it goes into KeyInfo with every signature.
    base64: Arc<str>,
}

impl Certificate {
    /// Reads PEM (the first certificate) or DER.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyError> {
        let x509 = X509::from_pem(bytes).or_else(|_| X509::from_der(bytes));
        let x509 = x509.map_err(|_| KeyError::Unreadable("not a certificate".to_owned()))?;
        Self::of(x509)
    }
    /// Reads PEM (all certificates of it) or DER.
    pub fn parse_all(bytes: &[u8]) -> Result<Vec<Self>, KeyError> {
        match X509::stack_from_pem(bytes) {
            Ok(all) if !all.is_empty() => all.into_iter().map(Self::of).collect(),
            _ => Self::parse(bytes).map(|one| vec![one]),
        }
    }
    /// Reads the base64 of `ds:X509Certificate`, white space allowed.
    pub fn from_base64(text: &str) -> Result<Self, KeyError> {
        let der =
            base64::decode(text).ok_or_else(|| KeyError::Unreadable("not base64".to_owned()))?;
        let x509 = X509::from_der(&der);
        let x509 = x509.map_err(|_| KeyError::Unreadable("not a certificate".to_owned()))?;
        Self::of(x509)
    }
    fn of(x509: X509) -> Result<Self, KeyError> {
        let der = x509.to_der();
        let der = der.map_err(|_| KeyError::Unreadable("not a certificate".to_owned()))?;
        Ok(Self {
            x509,
            base64: base64::encode(&der).into(),
        })
    }
    /// The base64 of the DER, in one line.
    pub fn to_base64(&self) -> String {
        self.base64.to_string()
    }
    /// SHA-256 fingerprint of the DER, lower-case hex.
    pub fn fingerprint(&self) -> String {
        hex(&sha256(&self.der()))
    }
    /// SHA-1 fingerprint of the DER, lower-case hex: what Windows and AD FS call the thumbprint and show. It tells
    /// certificates apart for people; nothing is trusted by it.
    pub fn thumbprint(&self) -> String {
        hex(&sha1(&self.der()))
    }
    /// Subject as one line, RFC 4514 order as printed by OpenSSL.
    pub fn subject(&self) -> String {
        line(&values(self.x509.subject_name()))
    }
    /// Start of validity.
    pub fn not_before(&self) -> OffsetDateTime {
        moment(self.x509.not_before())
    }
    /// End of validity.
    pub fn not_after(&self) -> OffsetDateTime {
        moment(self.x509.not_after())
    }
    pub(crate) fn public_key(&self) -> Result<PKey<Public>, KeyError> {
        let key = self.x509.public_key();
        key.map_err(|_| KeyError::Unreadable("the certificate's key".to_owned()))
    }
    /// Whether a private key (PEM, without password) is the one that it was made for, of whichever kind and
    /// size.
    pub fn belongs_to(&self, private_pem: &[u8]) -> Result<bool, KeyError> {
        self.is_for(&private_key(private_pem)?)
    }
    /// Whether it was made for this key.
    pub(crate) fn is_for(&self, private: &PKey<Private>) -> Result<bool, KeyError> {
        Ok(self.public_key()?.public_eq(private))
    }
    /// As OpenSSL has it.
    pub(crate) fn x509(&self) -> &X509 {
        &self.x509
    }
    /// The DER.
    pub fn der(&self) -> Vec<u8> {
        self.x509.to_der().unwrap_or_default()
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({})", self.subject())
    }
}

/// The parts of a name by OpenSSL's short names, in the order of the certificate.
fn values(name: &X509NameRef) -> Vec<(String, String)> {
    let parts = name.entries().map(|entry| {
        let object = entry.object();
        let short = object.nid().short_name();
        // What is not text at all is shown as what it is, not guessed at.
        let value = entry.data().to_string();
        (
            short.map_or_else(|_| object.to_string(), str::to_owned),
            value.unwrap_or_else(|_| hex(entry.data().as_slice())),
        )
    });
    parts.collect()
}

/// A name as one line, in the order of RFC 4514 §2.1.
fn line(parts: &[(String, String)]) -> String {
    let parts = parts.iter().rev();
    let parts: Vec<String> = parts
        .map(|(name, value)| format!("{name}={}", escaped(value)))
        .collect();
    parts.join(",")
}

/// RFC 4514 §2.4.
fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let last = value.chars().count().saturating_sub(1);
    for (i, c) in value.chars().enumerate() {
        let edge = (c == ' ' && (i == 0 || i == last)) || (c == '#' && i == 0);
        if edge || matches!(c, '"' | '+' | ',' | ';' | '<' | '>' | '\\') {
            out.push('\\');
        }
        match c.is_control() {
            true => out.push('\u{FFFD}'),
            false => out.push(c),
        }
    }
    out
}

fn moment(time: &Asn1TimeRef) -> OffsetDateTime {
    let epoch = Asn1Time::from_unix(0).and_then(|epoch| epoch.diff(time));
    let seconds = epoch.map_or(0, |d| i64::from(d.days) * 86_400 + i64::from(d.secs));
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
