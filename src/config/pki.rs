//! The test PKI of `certs/`, embedded: its keys are public on purpose, so the demo uses them and `serve`
//! refuses them.

use crate::dsig::{Certificate, Policy, PublicKey};
use crate::hub::keys::{KeyPair, KeyRing};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

macro_rules! pki {
    ($($name:literal)*) => {
        const PAIRS: &[(&str, &str, &str)] = &[$((
            $name,
            include_str!(concat!("../../certs/", $name, ".pem")),
            include_str!(concat!("../../certs/", $name, ".key.pem")),
        ),)*];
    };
}

pki! {
    "hub" "eksempelstrup" "provekobing-adfs" "testrup" "fiktiv-gammel" "fiktiv-ny" "sagssystem" "borgerportal"
    // What each of them changes to when a change of certificates is rehearsed.
    "hub-next" "eksempelstrup-next" "provekobing-adfs-next" "testrup-next" "fiktiv-gammel-next" "fiktiv-ny-next"
    "sagssystem-next" "borgerportal-next"
    // The hub that tests systems, what it changes to, another party of the same CA, and somebody of another one.
    "test-hub" "test-hub-next" "test-neighbour" "test-stranger"
}

/// The certificate of the CA (PEM).
pub const CA: &str = include_str!("../../certs/ca.pem");
/// The certificate of the CA that issued the next generation (PEM).
pub const CA_2: &str = include_str!("../../certs/ca-2.pem");
/// The certificate of the CA of the hub that tests systems (PEM).
pub const CA_3: &str = include_str!("../../certs/ca-3.pem");
/// The certificate of the CA of what that hub changes to (PEM).
pub const CA_4: &str = include_str!("../../certs/ca-4.pem");

/// The certificate `certs/<name>.pem`.
pub fn certificate(name: &str) -> Option<&'static str> {
    PAIRS.iter().find(|pair| pair.0 == name).map(|pair| pair.1)
}

/// The private key `certs/<name>.key.pem`.
pub fn private_key(name: &str) -> Option<&'static str> {
    PAIRS.iter().find(|pair| pair.0 == name).map(|pair| pair.2)
}

/// The pair with this name.
pub fn pair(name: &str) -> Result<KeyPair, String> {
    let (Some(certificate), Some(key)) = (certificate(name), private_key(name)) else {
        return Err(format!("the test PKI has no key pair «{name}»"));
    };
    KeyPair::parse(certificate.as_bytes(), key.as_bytes())
        .map_err(|error| format!("key pair «{name}»: {error}"))
}

/// The pair with this name, and what it changes to.
pub fn ring(name: &str) -> Result<KeyRing, String> {
    Ok(KeyRing {
        active: pair(name)?,
        previous: None,
        next: Some(pair(&format!("{name}-next"))?),
    })
}

/// Every certificate, with its name.
pub fn all_certificates() -> impl Iterator<Item = (&'static str, &'static str)> {
    PAIRS.iter().map(|pair| (pair.0, pair.1))
}

/// Whether everybody has the private key of this one. The key decides, not the certificate: a public key
/// does not become secret by putting it into a new certificate.
pub fn is_public(key: &PublicKey) -> bool {
    static KEYS: LazyLock<BTreeSet<Arc<str>>> = LazyLock::new(|| {
        let certificates =
            all_certificates().filter_map(|(_, pem)| Certificate::parse(pem.as_bytes()).ok());
        certificates
            .filter_map(|c| PublicKey::from_certificate(c, Policy::Modern).ok())
            .map(|key| key.key_id())
            .collect()
    });
    KEYS.contains(&key.key_id())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsig::{DecryptionKey, SigningKey};

    #[test]
    fn every_pair_fits_and_is_known_as_public() {
        for (name, pem) in all_certificates() {
            let certificate = Certificate::parse(pem.as_bytes()).expect(name);
            assert!(
                certificate.subject().contains("NTRDK-"),
                "{name}: {}",
                certificate.subject()
            );
            let key = private_key(name).expect(name).as_bytes();
            SigningKey::parse(key, Some(certificate.clone())).expect(name);
            DecryptionKey::parse(key).expect(name);
            assert!(
                is_public(&PublicKey::from_certificate(certificate, Policy::Modern).expect(name)),
                "{name}"
            );
        }
        assert_eq!(all_certificates().count(), 20);
        assert!(certificate("nobody").is_none() && private_key("ca").is_none());
        for ca in [CA, CA_2, CA_3, CA_4] {
            assert!(Certificate::parse(ca.as_bytes()).is_ok());
        }
    }
}
