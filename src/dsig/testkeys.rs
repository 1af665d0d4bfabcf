//! Keys for the unit tests, made once per run.

use openssl::asn1::Asn1Time;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509Name};
use std::sync::OnceLock;

pub struct TestKeys {
    pub rsa_pem: String,
    pub rsa_cert: String,
    pub p256_pem: String,
    pub p384_pem: String,
}

pub fn get() -> &'static TestKeys {
    static KEYS: OnceLock<TestKeys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let key = rsa(2048);
        let pem = |key: &PKey<Private>| {
            String::from_utf8(key.private_key_to_pem_pkcs8().unwrap()).unwrap()
        };
        TestKeys {
            rsa_cert: certificate(&key),
            rsa_pem: pem(&key),
            p256_pem: pem(&ec(Nid::X9_62_PRIME256V1)),
            p384_pem: pem(&ec(Nid::SECP384R1)),
        }
    })
}

pub fn rsa(bits: u32) -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap()
}

pub fn ec(curve: Nid) -> PKey<Private> {
    let group = EcGroup::from_curve_name(curve).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

fn certificate(key: &PKey<Private>) -> String {
    let mut name = X509Name::builder().unwrap();
    for (field, value) in [("C", "DK"), ("O", "Vejviser"), ("CN", "Prøve, test")] {
        name.append_entry_by_text(field, value).unwrap();
    }
    let name = name.build();
    let mut x509 = X509::builder().unwrap();
    x509.set_version(2).unwrap();
    x509.set_subject_name(&name).unwrap();
    x509.set_issuer_name(&name).unwrap();
    x509.set_pubkey(key).unwrap();
    x509.set_not_before(&Asn1Time::from_str("20260102030405Z").unwrap())
        .unwrap();
    x509.set_not_after(&Asn1Time::from_str("20560102030405Z").unwrap())
        .unwrap();
    x509.sign(key, MessageDigest::sha256()).unwrap();
    String::from_utf8(x509.build().to_pem().unwrap()).unwrap()
}
