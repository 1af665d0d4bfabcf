//! Everything a certificate says, as data. Nothing is judged and nothing proven.

use super::signature::{self, SignatureStory};
use super::{Certificate, extensions, hex, moment, values};
use openssl::nid::Nid;
use openssl::pkey::Id;
use openssl::sha::sha256;
use openssl::x509::X509KeyUsage;
use time::{Duration, OffsetDateTime};

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// The subject's parts in the order of the certificate, by OpenSSL's short names (`CN`, `O`).
    pub subject: Vec<(String, String)>,
    /// The issuer's parts.
    pub issuer: Vec<(String, String)>,
    /// Serial number, lower-case hex.
    pub serial: String,
    /// First moment of validity.
    pub not_before: OffsetDateTime,
    /// Last moment of validity.
    pub not_after: OffsetDateTime,
    /// The key it is for.
    pub key: KeyStory,
    /// How the certificate itself is signed.
    pub signature: SignatureStory,
    /// `keyUsage`; none: the key may be used for everything (RFC 5280 §4.2.1.3).
    pub key_usage: Option<Vec<Usage>>,
    /// `certificatePolicies`, with dots.
    pub policies: Vec<String>,
    /// `basicConstraints`: whether it may issue others.
    pub is_ca: bool,
    /// Addresses of `authorityInfoAccess`: the issuer's certificate, then OCSP.
    pub authority_info: Vec<String>,
    /// Addresses of `cRLDistributionPoints`.
    pub revocation_lists: Vec<String>,
    /// SHA-1 of the DER, lower-case hex: what Windows calls thumbprint. Names a certificate, protects nothing.
    pub sha1: String,
    /// SHA-256 of the DER, lower-case hex.
    pub sha256: String,
    /// SHA-256 of the SubjectPublicKeyInfo, lower-case hex; [`crate::dsig::PublicKey::key_id`].
    pub key_id: String,
    /// Whether it names itself as issuer and its own key made the signature.
    pub self_signed: bool,
}

/// A key by kind and size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyStory {
    /// RSA with so many bits.
    Rsa(u32),
    /// An elliptic curve by OpenSSL's name.
    Ec(String),
    /// Another kind, by OpenSSL's name.
    Other(String),
}

/// A bit of `keyUsage` (RFC 5280 §4.2.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// digitalSignature
    DigitalSignature,
    /// nonRepudiation, also called contentCommitment
    NonRepudiation,
    /// keyEncipherment
    KeyEncipherment,
    /// dataEncipherment
    DataEncipherment,
    /// keyAgreement
    KeyAgreement,
    /// keyCertSign
    KeyCertSign,
    /// cRLSign
    CrlSign,
}

impl Usage {
    const ALL: [(Self, X509KeyUsage, &'static str); 7] = [
        (
            Self::DigitalSignature,
            X509KeyUsage::DIGITAL_SIGNATURE,
            "digitalSignature",
        ),
        (
            Self::NonRepudiation,
            X509KeyUsage::NON_REPUDIATION,
            "nonRepudiation",
        ),
        (
            Self::KeyEncipherment,
            X509KeyUsage::KEY_ENCIPHERMENT,
            "keyEncipherment",
        ),
        (
            Self::DataEncipherment,
            X509KeyUsage::DATA_ENCIPHERMENT,
            "dataEncipherment",
        ),
        (
            Self::KeyAgreement,
            X509KeyUsage::KEY_AGREEMENT,
            "keyAgreement",
        ),
        (
            Self::KeyCertSign,
            X509KeyUsage::KEY_CERT_SIGN,
            "keyCertSign",
        ),
        (Self::CrlSign, X509KeyUsage::CRL_SIGN, "cRLSign"),
    ];

    /// As RFC 5280 writes it.
    pub fn as_str(self) -> &'static str {
        let found = Self::ALL.iter().find(|(usage, ..)| *usage == self);
        found.map_or("", |(_, _, name)| name)
    }
}

/// Where a moment stands in the life of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// After its end.
    Expired,
    /// Before its beginning.
    NotYet,
    /// In the thirty days before its end.
    EndsSoon,
    /// Far from both.
    Valid,
}

/// As long before the end as one should know: somebody has to order a certificate, and two parties have to put it
/// in place.
const SOON: Duration = Duration::days(30);

impl Story {
    /// Where `now` stands in its life. The end itself is too late, as for everybody who compares with it.
    pub fn validity(&self, now: OffsetDateTime) -> Validity {
        // A difference, because `now + SOON` has no value in the last month that there is.
        if self.not_after <= now {
            Validity::Expired
        } else if now < self.not_before {
            Validity::NotYet
        } else if self.not_after - now <= SOON {
            Validity::EndsSoon
        } else {
            Validity::Valid
        }
    }

    /// What `keyUsage` does not let the key be used for, of what is needed.
    pub fn lacks(&self, needed: &[Usage]) -> Vec<Usage> {
        let needed = needed.iter().copied();
        needed.filter(|usage| !self.allows(*usage)).collect()
    }

    /// The first part of the subject with this name.
    pub fn subject_part(&self, name: &str) -> Option<&str> {
        let mut parts = self.subject.iter();
        parts
            .find(|(of, _)| of == name)
            .map(|(_, value)| value.as_str())
    }

    /// The subject as one line, as [`Certificate::subject`].
    pub fn subject_line(&self) -> String {
        super::line(&self.subject)
    }

    /// The issuer as one line, as [`Certificate::subject`].
    pub fn issuer_line(&self) -> String {
        super::line(&self.issuer)
    }

    /// Whether `keyUsage` lets the key be used so; without `keyUsage` everything is allowed.
    pub fn allows(&self, usage: Usage) -> bool {
        (self.key_usage.as_ref()).is_none_or(|allowed| allowed.contains(&usage))
    }
}

impl Certificate {
    /// Everything it says.
    pub fn story(&self) -> Story {
        let x509 = &self.x509;
        let der = self.der();
        let found = extensions::read(x509, &der);
        let public = x509.public_key().ok();
        let spki = public.as_ref().and_then(|key| key.public_key_to_der().ok());
        let serial = x509.serial_number().to_bn().map(|number| number.to_vec());
        // Not OpenSSL's X509_check_issued, which wants keyCertSign too.
        let names_itself = x509.subject_name().to_der().ok() == x509.issuer_name().to_der().ok();
        let own_key = || {
            public
                .as_ref()
                .is_some_and(|key| x509.verify(key).unwrap_or(false))
        };
        Story {
            subject: values(x509.subject_name()),
            issuer: values(x509.issuer_name()),
            serial: hex(&serial.unwrap_or_default()),
            not_before: moment(x509.not_before()),
            not_after: moment(x509.not_after()),
            key: self.key_story(),
            signature: signature::read(x509, &der),
            key_usage: x509.key_usage().map(|bits| {
                let set = Usage::ALL.iter().filter(|(_, bit, _)| bits.contains(*bit));
                set.map(|(usage, ..)| *usage).collect()
            }),
            policies: found.policies,
            is_ca: found.is_ca,
            authority_info: found.authority_info,
            revocation_lists: found.revocation_lists,
            sha1: self.thumbprint(),
            sha256: self.fingerprint(),
            key_id: spki.map(|spki| hex(&sha256(&spki))).unwrap_or_default(),
            self_signed: names_itself && own_key(),
        }
    }

    fn key_story(&self) -> KeyStory {
        let Ok(key) = self.x509.public_key() else {
            return KeyStory::Other("unreadable".to_owned());
        };
        match key.id() {
            Id::RSA => KeyStory::Rsa(key.bits()),
            Id::EC => {
                let curve = key.ec_key().ok().and_then(|key| key.group().curve_name());
                KeyStory::Ec(name(curve))
            }
            other => KeyStory::Other(name(Some(Nid::from_raw(other.as_raw())))),
        }
    }
}

/// OpenSSL's long name.
pub(super) fn name(nid: Option<Nid>) -> String {
    let found = nid.and_then(|nid| nid.long_name().ok());
    found.unwrap_or("unnamed").to_owned()
}
