//! An IdP's answer: bare XML; an assertion that the harness encrypts; an assertion that it encrypts after
//! putting it into a Response with what the fuzzer writes around it.
#![no_main]

#[path = "../fixed.rs"]
mod fixed;

use fixed::with_world;
use libfuzzer_sys::fuzz_target;
use openssl::symm::{Cipher, encrypt, encrypt_aead};
use std::sync::OnceLock;
use vejviser::dsig::{self, BlockCipher, DecryptPolicy};
use vejviser::hub::Pending;
use vejviser::hub::acs::{Answered, Outcome};
use vejviser::saml::{Binding, Decoded, MessageField};
use vejviser::xml::{Document, SAML, XENC};

/// The content key of every encrypted input, in its envelope.
struct Sealed {
    wrapped: String,
    pending: Pending,
}

const KEY: [u8; 32] = [7; 32];

fn sealed() -> &'static Sealed {
    static SEALED: OnceLock<Sealed> = OnceLock::new();
    SEALED.get_or_init(|| {
        let mut world = fixed::world(vejviser::oiosaml::RequestProfile::Oiosaml3);
        let pending = world.asked();
        let mut wrapped = Vec::new();
        let mut context = openssl::pkey_ctx::PkeyCtx::new(&world.keys.hub.bare).unwrap();
        context.encrypt_init().unwrap();
        context
            .set_rsa_padding(openssl::rsa::Padding::PKCS1_OAEP)
            .unwrap();
        context.encrypt_to_vec(&KEY, &mut wrapped).unwrap();
        Sealed {
            wrapped: openssl::base64::encode_block(&wrapped),
            pending,
        }
    })
}

fn encrypted(plain: &[u8], cbc: bool) -> String {
    let (cipher, content) = if cbc {
        let content = encrypt(Cipher::aes_256_cbc(), &KEY, Some(&[1; 16]), plain).unwrap();
        (BlockCipher::Aes256Cbc, [&[1; 16][..], &content].concat())
    } else {
        let mut tag = [0; 16];
        let content = encrypt_aead(
            Cipher::aes_256_gcm(),
            &KEY,
            Some(&[1; 12]),
            &[],
            plain,
            &mut tag,
        )
        .unwrap();
        (
            BlockCipher::Aes256Gcm,
            [&[1; 12][..], &content, &tag].concat(),
        )
    };
    let content = openssl::base64::encode_block(&content);
    format!(
        "<xenc:EncryptedData xmlns:xenc=\"{}\"><xenc:EncryptionMethod Algorithm=\"{}\"/>\
         <ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><xenc:EncryptedKey>\
         <xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p\"/>\
         <xenc:CipherData><xenc:CipherValue>{}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>\
         <xenc:CipherData><xenc:CipherValue>{content}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>",
        XENC.uri,
        cipher.uri(),
        sealed().wrapped
    )
}

fuzz_target!(|data: &[u8]| {
    let Some((&mode, rest)) = data.split_first() else {
        return;
    };
    let xml = match mode % 8 {
        // Most of the time: what is encrypted costs an RSA operation.
        0..=4 => rest.to_vec(),
        // Plaintext straight to the decryption.
        5 | 6 => {
            let around = format!(
                "<saml:EncryptedAssertion xmlns:saml=\"{}\">{}</saml:EncryptedAssertion>",
                SAML.uri,
                encrypted(rest, mode % 8 == 6)
            );
            let document = Document::parse(around.as_bytes()).unwrap();
            let keys = [fixed::keys().hub.decryption.clone()];
            let opened = dsig::decrypt(document.root(), &keys, DecryptPolicy::CbcToo);
            assert_eq!(opened.is_ok(), {
                let scope = document.root().namespaces_in_scope();
                Document::parse_in_scope(rest, &scope, &vejviser::xml::Limits::MESSAGE).is_ok()
            });
            return;
        }
        // `@` in what the fuzzer writes becomes the encrypted rest of it.
        _ => {
            let Some(at) = rest.iter().position(|&b| b == b'@') else {
                return;
            };
            let end = rest[at + 1..]
                .iter()
                .rposition(|&b| b == b'@')
                .map_or(rest.len(), |i| at + 1 + i);
            let plain = rest[at + 1..end].to_vec();
            let tail = rest.get(end + 1..).unwrap_or_default();
            [&rest[..at], encrypted(&plain, false).as_bytes(), tail].concat()
        }
    };
    let decoded = Decoded {
        binding: Binding::Post,
        field: MessageField::Response,
        xml,
        relay_state: None,
        query_signature: None,
    };
    with_world(|world| {
        let answered = world.answer(&decoded, Some(&sealed().pending), Some("browser"));
        if let Answered::Finish(finish) = answered
            && let Outcome::LoggedIn { level, .. } = finish.outcome
        {
            // Only seeds are signed by the IdP's key, and a fuzzer does not forge RSA.
            assert!(level.is_some());
        }
    });
});
