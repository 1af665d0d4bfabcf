//! Signatures of the HTTP-Redirect binding (SAML bindings §3.4.4.1): over the raw query octets.

use super::{Policy, PublicKey, SignatureAlgorithm, SignatureError, SigningKey, base64, octets};
use std::fmt::Write;

/// Appends `&SigAlg=…&Signature=…` to a query string that has only the message and RelayState.
pub fn sign_query(query: &str, key: &SigningKey) -> String {
    let mut signed = format!("{query}&SigAlg={}", percent_encoded(key.algorithm().uri()));
    let value = base64::encode(&key.sign_octets(signed.as_bytes()));
    let _ = write!(signed, "&Signature={}", percent_encoded(&value));
    signed
}

/// Verifies `signature` over `octets`, exactly as they were received. `algorithm` is the URI in SigAlg.
/// Returns which key made it. ECDSA values are accepted as r‖s and, because deployed senders differ, as DER.
pub fn verify_query(
    octets: &[u8],
    algorithm: &str,
    signature: &[u8],
    keys: &[PublicKey],
    policy: Policy,
) -> Result<(usize, SignatureAlgorithm), SignatureError> {
    if keys.is_empty() {
        return Err(SignatureError::NoTrustedKey);
    }
    let known = SignatureAlgorithm::from_uri(algorithm).filter(|a| policy.admits(a.digest()));
    let known = known.ok_or_else(|| SignatureError::Algorithm(algorithm.to_owned()))?;
    let made_by = |key: &PublicKey| {
        key.is_admitted(policy)
            && key.kind().fits(known)
            && (octets::verify(key.pkey(), key.kind(), known, octets, signature)
                || (matches!(known, SignatureAlgorithm::Ecdsa(_))
                    && octets::verify_value(key.pkey(), known, octets, signature)))
    };
    match keys.iter().position(made_by) {
        Some(index) => Ok((index, known)),
        None => Err(SignatureError::Value),
    }
}

/// Everything but the unreserved characters of RFC 3986 §2.3.
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(
        String::with_capacity(text.len() * 3 / 2),
        |mut out, byte| {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    out.push(byte as char)
                }
                _ => {
                    let _ = write!(out, "%{byte:02X}");
                }
            }
            out
        },
    )
}

#[cfg(test)]
mod tests {
    use super::super::testkeys;
    use super::*;
    use crate::dsig::Digest;
    use openssl::hash::MessageDigest;
    use openssl::pkey::PKey;

    fn split(signed: &str) -> (&str, Vec<u8>) {
        let (octets, value) = signed.split_once("&Signature=").unwrap();
        let value = value
            .replace("%2B", "+")
            .replace("%2F", "/")
            .replace("%3D", "=");
        (octets, base64::decode(&value).unwrap())
    }

    #[test]
    fn queries_are_signed_and_verified() {
        let keys = testkeys::get();
        for pem in [&keys.rsa_pem, &keys.p256_pem, &keys.p384_pem] {
            let key = SigningKey::parse(pem.as_bytes(), None).unwrap();
            let signed = sign_query("SAMLRequest=a%2Bb&RelayState=c", &key);
            let (octets, value) = split(&signed);
            let trusted = [testkeys_foreign(), key.public()];
            let uri = key.algorithm().uri();
            let check = |octets: &str, uri: &str, value: &[u8]| {
                verify_query(octets.as_bytes(), uri, value, &trusted, Policy::Modern)
            };
            assert_eq!(check(octets, uri, &value), Ok((1, key.algorithm())));
            // The same message, encoded otherwise, is other octets.
            let other = octets.replace("%2B", "%2b");
            assert_eq!(check(&other, uri, &value), Err(SignatureError::Value));
            assert_eq!(check(octets, uri, b""), Err(SignatureError::Value));
            assert!(matches!(
                check(octets, "urn:x", &value),
                Err(SignatureError::Algorithm(_))
            ));
            let nobody = verify_query(octets.as_bytes(), uri, &value, &[], Policy::Modern);
            assert_eq!(nobody, Err(SignatureError::NoTrustedKey));
        }
    }

    fn testkeys_foreign() -> PublicKey {
        let foreign = testkeys::ec(openssl::nid::Nid::X9_62_PRIME256V1);
        PublicKey::parse(&foreign.public_key_to_pem().unwrap(), Policy::Modern).unwrap()
    }

    #[test]
    fn ecdsa_is_read_as_der_too() {
        let pem = testkeys::get().p256_pem.as_bytes();
        let key = SigningKey::parse(pem, None).unwrap();
        let pkey = PKey::private_key_from_pem(pem).unwrap();
        let mut signer = openssl::sign::Signer::new(MessageDigest::sha256(), &pkey).unwrap();
        let der = signer.sign_oneshot_to_vec(b"x").unwrap();
        let uri = key.algorithm().uri();
        let verified = verify_query(b"x", uri, &der, &[key.public()], Policy::Modern);
        assert_eq!(verified, Ok((0, key.algorithm())));
    }

    #[test]
    fn sha1_needs_the_legacy_policy() {
        let key = SigningKey::parse(testkeys::get().rsa_pem.as_bytes(), None).unwrap();
        let key = key
            .with_algorithm(SignatureAlgorithm::RsaPkcs1(Digest::Sha1))
            .unwrap();
        let value = key.sign_octets(b"x");
        let verify =
            |policy| verify_query(b"x", key.algorithm().uri(), &value, &[key.public()], policy);
        assert!(matches!(
            verify(Policy::Modern),
            Err(SignatureError::Algorithm(_))
        ));
        assert!(verify(Policy::LegacyForOfflineVerdicts).is_ok());
    }
}
