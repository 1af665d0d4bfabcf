//! Redirect decoding and the judging of an AuthnRequest: as a raw query, or as XML that the harness deflates
//! and the system signs, so that what lies behind the signature is reached.
#![no_main]

#[path = "../fixed.rs"]
mod fixed;

use fixed::with_world;
use libfuzzer_sys::fuzz_target;
use std::io::Write;
use vejviser::hub::sso::Received;
use vejviser::saml::binding::{decode_post, decode_redirect};

fuzz_target!(|data: &[u8]| {
    let Some((&mode, rest)) = data.split_first() else {
        return;
    };
    let decoded = match mode % 4 {
        0 | 1 => match std::str::from_utf8(rest) {
            Ok(query) if mode % 4 == 0 => decode_redirect(query),
            _ => decode_post(rest),
        },
        _ => {
            let mut deflate =
                flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
            deflate.write_all(rest).unwrap();
            let message = openssl::base64::encode_block(&deflate.finish().unwrap());
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.append_pair("SAMLRequest", &message);
            query.append_pair(
                "SigAlg",
                "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            );
            let octets = query.finish();
            let value = fixed::keys().system.signing.sign_octets(octets.as_bytes());
            let value = openssl::base64::encode_block(&value);
            let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
            decode_redirect(&format!("{octets}&Signature={value}"))
        }
    };
    let Ok(decoded) = decoded else { return };
    with_world(|world| match world.receive(&decoded) {
        Received::Login(login) => {
            let login = login.into_value();
            assert_eq!(login.system, fixed::world::SYSTEM);
            assert_eq!(login.acs_url, fixed::world::ACS);
        }
        Received::Page(_) => {}
        Received::Answer(login, _) => assert_eq!(login.acs_url, fixed::world::ACS),
    });
});
