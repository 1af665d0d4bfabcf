//! Certificates, as carriers of keys and as something to tell about.

use super::KeyError;
use super::base64;
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::pkey::{PKey, Public};
use openssl::sha::sha256;
use openssl::x509::X509;
use std::fmt::Write;
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
    /// Subject as one line, RFC 4514 order as printed by OpenSSL.
    pub fn subject(&self) -> String {
        let entries = self.x509.subject_name().entries();
        let mut parts: Vec<String> = entries
            .map(|entry| {
                let object = entry.object();
                let name = object
                    .nid()
                    .short_name()
                    .map_or_else(|_| object.to_string(), str::to_owned);
                // What is not text at all is shown as what it is, not guessed at.
                let value = entry
                    .data()
                    .to_string()
                    .unwrap_or_else(|_| hex(entry.data().as_slice()));
                format!("{name}={}", escaped(&value))
            })
            .collect();
        parts.reverse();
        parts.join(",")
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
    fn der(&self) -> Vec<u8> {
        self.x509.to_der().unwrap_or_default()
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({})", self.subject())
    }
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

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
}

#[cfg(test)]
mod tests {
    use super::super::testkeys;
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_certificate_tells_its_story() {
        let certificate = Certificate::parse(testkeys::get().rsa_cert.as_bytes()).unwrap();
        assert_eq!(certificate.subject(), "CN=Prøve\\, test,O=Vejviser,C=DK");
        assert_eq!(certificate.not_before(), datetime!(2026-01-02 03:04:05 UTC));
        assert_eq!(certificate.not_after(), datetime!(2056-01-02 03:04:05 UTC));
        // As any other tool has it: of the DER.
        let der = base64::decode(&certificate.to_base64()).unwrap();
        assert_eq!(certificate.fingerprint(), hex(&sha256(&der)));
        assert_eq!(
            Certificate::parse(&der).unwrap().subject(),
            certificate.subject()
        );
        assert!(Certificate::from_base64("%%").is_err() && Certificate::parse(b"").is_err());
    }

    #[test]
    fn a_name_is_escaped_as_rfc_4514_has_it() {
        for (value, expected) in [
            ("Ea Eksempel", "Ea Eksempel"),
            (" Ea ", "\\ Ea\\ "),
            ("  Ea", "\\  Ea"),
            ("Ea  ", "Ea \\ "),
            (" ", "\\ "),
            ("#1", "\\#1"),
            ("1#", "1#"),
            (" #", "\\ #"),
            ("a\"b+c,d;e<f>g\\h", "a\\\"b\\+c\\,d\\;e\\<f\\>g\\\\h"),
            ("a=b", "a=b"),
            // Nothing that a terminal would obey.
            ("a\u{1b}[2J\n", "a\u{FFFD}[2J\u{FFFD}"),
            ("", ""),
        ] {
            assert_eq!(escaped(value), expected, "{value:?}");
        }
    }
}
