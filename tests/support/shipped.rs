//! The keys that the project ships for tests, as a federation of the tests has them: the same in every run.

use super::world::{Keys, Pair};
use openssl::pkey::PKey;
use std::sync::OnceLock;
use vejviser::dsig::{Certificate, DecryptionKey, SigningKey};

macro_rules! pair {
    ($name:literal) => {
        pair(
            include_bytes!(concat!("../../certs/", $name, ".key.pem")),
            include_bytes!(concat!("../../certs/", $name, ".pem")),
        )
    };
}

fn pair(key: &[u8], certificate: &[u8]) -> Pair {
    let certificate = Certificate::parse(certificate).unwrap();
    Pair {
        signing: SigningKey::parse(key, Some(certificate.clone())).unwrap(),
        decryption: DecryptionKey::parse(key).unwrap(),
        encryption: certificate.clone(),
        certificate,
        bare: PKey::private_key_from_pem(key).unwrap(),
    }
}

/// Hub, IdP, system and stranger.
pub fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys {
        hub: pair!("hub"),
        idp: pair!("provekobing-adfs"),
        system: pair!("sagssystem"),
        stranger: pair!("testrup"),
    })
}
