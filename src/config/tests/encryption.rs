//! How assertions are encrypted: one row for each rule.

use super::samples::base64;
use crate::config::encryption::{NoEncryption, Override, choose};
use crate::config::pki;
use crate::dsig::{BlockCipher, Digest, KeyTransport};
use crate::saml::metadata::{EncryptionMethod, KeyDescriptor, KeyUse};
use BlockCipher::{Aes128Cbc, Aes128Gcm, Aes256Cbc, Aes256Gcm};
use EncryptionMethod::{Cipher, Transport, Unknown};

const fn oaep(xmlenc11: bool, digest: Digest, mgf: Digest) -> KeyTransport {
    KeyTransport {
        xmlenc11,
        digest,
        mgf,
    }
}

const NEW: KeyTransport = oaep(true, Digest::Sha256, Digest::Sha256);
const OLD: KeyTransport = oaep(false, Digest::Sha1, Digest::Sha1);
const OLD_256: KeyTransport = oaep(false, Digest::Sha256, Digest::Sha1);
const NONE: Override = Override {
    cipher: None,
    xmlenc11: None,
    digest: None,
};

fn descriptor(usage: KeyUse, certificate: &str, methods: &[EncryptionMethod]) -> KeyDescriptor {
    let certificates = vec![certificate.to_owned()];
    KeyDescriptor {
        usage,
        certificates,
        encryption_methods: methods.to_vec(),
    }
}

fn hub() -> String {
    base64(pki::certificate("hub").expect("shipped"))
}

#[test]
fn the_first_allowed_cipher_and_transport_count_each_for_itself() {
    let rsa15 = || Unknown("http://www.w3.org/2001/04/xmlenc#rsa-1_5".to_owned());
    let rows: Vec<(
        &str,
        Vec<EncryptionMethod>,
        Override,
        BlockCipher,
        KeyTransport,
    )> = vec![
        ("nothing listed", vec![], NONE, Aes256Gcm, NEW),
        (
            "only a cipher",
            vec![Cipher(Aes128Gcm)],
            NONE,
            Aes128Gcm,
            NEW,
        ),
        (
            "only a transport",
            vec![Transport(OLD)],
            NONE,
            Aes256Gcm,
            OLD,
        ),
        (
            "transport before cipher",
            vec![Transport(OLD_256), Cipher(Aes128Gcm)],
            NONE,
            Aes128Gcm,
            OLD_256,
        ),
        (
            "document order",
            vec![
                Cipher(Aes128Gcm),
                Cipher(Aes256Gcm),
                Transport(OLD),
                Transport(NEW),
            ],
            NONE,
            Aes128Gcm,
            OLD,
        ),
        (
            "CBC is passed over",
            vec![Cipher(Aes256Cbc), Cipher(Aes256Gcm)],
            NONE,
            Aes256Gcm,
            NEW,
        ),
        (
            "RSA 1.5 is passed over",
            vec![rsa15(), Transport(NEW)],
            NONE,
            Aes256Gcm,
            NEW,
        ),
        (
            "unknown things are passed over",
            vec![Unknown(
                "http://www.w3.org/2001/04/xmlenc#kw-aes256".to_owned(),
            )],
            NONE,
            Aes256Gcm,
            NEW,
        ),
        (
            "CBC by registration",
            vec![Cipher(Aes256Cbc)],
            Override {
                cipher: Some(Aes128Cbc),
                ..NONE
            },
            Aes128Cbc,
            NEW,
        ),
        (
            "spelling by registration",
            vec![Transport(NEW)],
            Override {
                xmlenc11: Some(false),
                ..NONE
            },
            Aes256Gcm,
            OLD,
        ),
        (
            "new spelling by registration",
            vec![rsa15()],
            Override {
                xmlenc11: Some(true),
                ..NONE
            },
            Aes256Gcm,
            NEW,
        ),
        (
            "digest by registration",
            vec![Transport(OLD)],
            Override {
                digest: Some(Digest::Sha256),
                ..NONE
            },
            Aes256Gcm,
            OLD_256,
        ),
    ];
    for (what, methods, over, cipher, transport) in rows {
        let chosen = choose(&[descriptor(KeyUse::Encryption, &hub(), &methods)], over).expect(what);
        assert_eq!(
            (chosen.cipher, chosen.transport),
            (cipher, transport),
            "{what}"
        );
    }
}

#[test]
fn what_is_listed_and_not_allowed_is_never_replaced_by_something_else() {
    let cbc = [descriptor(KeyUse::Both, &hub(), &[Cipher(Aes256Cbc)])];
    assert!(
        matches!(choose(&cbc, NONE), Err(NoEncryption::Cipher(listed)) if listed == [Aes256Cbc.uri()])
    );
    let uri = "http://www.w3.org/2001/04/xmlenc#rsa-1_5";
    let rsa15 = [descriptor(KeyUse::Both, &hub(), &[Unknown(uri.to_owned())])];
    assert!(
        matches!(choose(&rsa15, NONE), Err(NoEncryption::Transport(listed)) if listed == [uri])
    );
}

#[test]
fn the_first_key_that_can_be_used_counts() {
    let other = base64(pki::certificate("testrup").expect("shipped"));
    let keys = [
        descriptor(KeyUse::Signing, &other, &[]),
        descriptor(KeyUse::Encryption, "AAAA", &[Cipher(Aes256Gcm)]),
        descriptor(KeyUse::Both, &hub(), &[Cipher(Aes128Gcm)]),
        descriptor(KeyUse::Encryption, &other, &[]),
    ];
    let chosen = choose(&keys, NONE).expect("one can be used");
    assert_eq!(chosen.key.certificate().map(|c| c.to_base64()), Some(hub()));
    assert_eq!(
        chosen.cipher, Aes128Gcm,
        "with the methods of its own descriptor"
    );
    assert!(matches!(choose(&keys[..1], NONE), Err(NoEncryption::Key(why)) if why.is_empty()));
    assert!(matches!(choose(&keys[..2], NONE), Err(NoEncryption::Key(why)) if why.len() == 1));
}
