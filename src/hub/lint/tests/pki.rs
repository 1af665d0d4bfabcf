//! A CA, a good certificate in the shape of OCES3, and odd ones on the same key.

use crate::dsig::{Certificate, SigningKey, der};
use crate::mint::testchance::Counting;
use crate::mint::{self, Authority, DAYS_A_YEAR, KeyKind, Made, Recipe};
use crate::oiosaml::Cvr;
use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{BasicConstraints, KeyUsage};
use openssl::x509::{X509, X509Extension, X509Name};
use std::sync::OnceLock;
use time::OffsetDateTime;
use time::macros::datetime;

pub const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

pub struct Pki {
    pub authority: Authority,
    pub ca: Certificate,
    pub good: Made,
    pub other: Made,
    pub short: Made,
    pub tiny: Made,
    pub curve: Made,
}

pub fn pki() -> &'static Pki {
    static PKI: OnceLock<Pki> = OnceLock::new();
    PKI.get_or_init(|| {
        let mut chance = Counting(0);
        let authority = Authority::on(KeyKind::P256, NOW, 3 * DAYS_A_YEAR, &mut chance).unwrap();
        let mut make = |name: &str, key| {
            let recipe = Recipe {
                organisation: "Opfundne Systemer A/S".to_owned(),
                cvr: Cvr::parse("55555555").unwrap(),
                common_name: name.to_owned(),
                uuid: None,
                not_before: datetime!(2026-11-01 00:00 UTC),
                days: 3 * DAYS_A_YEAR,
                key,
                fault: None,
                reuse: None,
            };
            mint::make(&recipe, &authority, &mut chance).unwrap()
        };
        Pki {
            good: make("Good", KeyKind::Rsa(3072)),
            other: make("Other", KeyKind::Rsa(3072)),
            short: make("Short", KeyKind::Rsa(2048)),
            tiny: make("Tiny", KeyKind::Rsa(1024)),
            curve: make("Curve", KeyKind::P256),
            ca: Certificate::parse(authority.certificate_pem().as_bytes()).unwrap(),
            authority,
        }
    })
}

/// The key of a made certificate, with this certificate in KeyInfo.
pub fn signer(made: &Made, shown: &Certificate) -> SigningKey {
    SigningKey::parse(made.key_pem.as_bytes(), Some(shown.clone())).unwrap()
}

const SUBJECT: [(&str, &str); 5] = [
    ("2.5.4.3", "Odd"),
    ("2.5.4.5", "UI:DK-O:G:3b2f0c1e-1111-4222-8333-444455556666"),
    ("2.5.4.10", "Opfundne Systemer A/S"),
    ("2.5.4.97", "NTRDK-55555555"),
    ("2.5.4.6", "DK"),
];

/// A certificate on the good one's key, of which something is to be changed.
pub struct Odd {
    pub subject: Vec<(String, String)>,
    pub issuer: Option<Vec<(&'static str, &'static str)>>,
    pub policy: Option<&'static str>,
    pub ca: bool,
    pub documents_only: bool,
    pub self_signed: bool,
    pub days: (i64, i64),
}

impl Odd {
    pub fn new() -> Self {
        let subject = SUBJECT.map(|(of, value)| (of.to_owned(), value.to_owned()));
        Self {
            subject: subject.into(),
            issuer: None,
            policy: Some("1.2.208.169.1.1.1.3.7"),
            ca: false,
            documents_only: false,
            self_signed: false,
            days: (-20, 1000),
        }
    }

    /// With another serialNumber.
    pub fn serial(mut self, value: &str) -> Self {
        self.subject[1].1 = value.to_owned();
        self
    }

    /// Without the part with this identifier.
    pub fn without(mut self, of: &str) -> Self {
        self.subject.retain(|part| part.0 != of);
        self
    }

    /// By a CA of this name, whose key is the test CA's.
    pub fn by(mut self, name: &[(&'static str, &'static str)]) -> Self {
        self.issuer = Some(name.to_vec());
        self
    }

    pub fn make(self) -> Certificate {
        let pki = pki();
        let ca = PKey::private_key_from_pem(pki.authority.key_pem().unwrap().as_bytes()).unwrap();
        let mut builder = X509::builder().unwrap();
        builder.set_version(2).unwrap();
        let number = BigNum::from_u32(4711).unwrap().to_asn1_integer().unwrap();
        builder.set_serial_number(&number).unwrap();
        let subject: Vec<(&str, &str)> = (self.subject.iter())
            .map(|(of, value)| (of.as_str(), value.as_str()))
            .collect();
        let subject = name(&subject);
        builder.set_subject_name(&subject).unwrap();
        match (&self.issuer, self.self_signed) {
            (_, true) => builder.set_issuer_name(&subject).unwrap(),
            (Some(issuer), _) => builder.set_issuer_name(&name(issuer)).unwrap(),
            (None, _) => builder
                .set_issuer_name(pki.ca.x509().subject_name())
                .unwrap(),
        }
        builder.set_not_before(&day(self.days.0)).unwrap();
        builder.set_not_after(&day(self.days.1)).unwrap();
        builder.set_pubkey(&pki.good.key).unwrap();
        let mut constraints = BasicConstraints::new();
        if self.ca {
            constraints.ca();
        }
        builder
            .append_extension(constraints.build().unwrap())
            .unwrap();
        let mut usage = KeyUsage::new();
        match self.documents_only {
            true => usage.non_repudiation(),
            false => usage.digital_signature().key_encipherment(),
        };
        builder.append_extension(usage.build().unwrap()).unwrap();
        if let Some(policy) = self.policy {
            let policies = der::sequence(&[&der::sequence(&[&der::oid(policy).unwrap()])]);
            let id = Asn1Object::from_str("2.5.29.32").unwrap();
            let value = Asn1OctetString::new_from_bytes(&policies).unwrap();
            let policy = X509Extension::new_from_der(&id, false, &value);
            builder.append_extension(policy.unwrap()).unwrap();
        }
        let key: &PKey<Private> = if self.self_signed { &pki.good.key } else { &ca };
        builder.sign(key, MessageDigest::sha256()).unwrap();
        Certificate::parse(&builder.build().to_der().unwrap()).unwrap()
    }
}

/// A CA of this name on the test CA's key.
pub fn authority_named(parts: &[(&'static str, &'static str)]) -> Certificate {
    let pki = pki();
    let key = PKey::private_key_from_pem(pki.authority.key_pem().unwrap().as_bytes()).unwrap();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_subject_name(&name(parts)).unwrap();
    builder.set_issuer_name(&name(parts)).unwrap();
    builder.set_not_before(&day(-1000)).unwrap();
    builder.set_not_after(&day(1000)).unwrap();
    builder.set_pubkey(&key).unwrap();
    let constraints = BasicConstraints::new().critical().ca().build();
    builder.append_extension(constraints.unwrap()).unwrap();
    builder.sign(&key, MessageDigest::sha256()).unwrap();
    Certificate::parse(&builder.build().to_der().unwrap()).unwrap()
}

fn name(parts: &[(&str, &str)]) -> X509Name {
    let mut name = X509Name::builder().unwrap();
    for (of, value) in parts {
        name.append_entry_by_text(of, value).unwrap();
    }
    name.build()
}

fn day(days: i64) -> Asn1Time {
    Asn1Time::from_unix(NOW.unix_timestamp() + days * 86_400).unwrap()
}
