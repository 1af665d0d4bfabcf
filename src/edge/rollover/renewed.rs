//! A new certificate on an old key: for a demo, whose test PKI has none.

use crate::edge::world::random;
use crate::hub::keys::KeyPair;
use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::x509::X509;
use time::{Duration, OffsetDateTime};

/// How long before the window it is valid, so that it can be handed out.
const BEFORE: Duration = Duration::days(90);
/// As OCES3 has it.
const VALID: Duration = Duration::days(3 * 365);

/// The same subject and key in a new certificate. It is signed by itself: trust is of keys, and nobody here builds
/// a chain. Not by `mint`, whose CA would need a fresh RSA key each time a plan is started.
pub fn renewed(pair: &KeyPair, window: OffsetDateTime) -> Result<KeyPair, String> {
    make(pair, window).map_err(|error| error.to_string())
}

fn make(pair: &KeyPair, window: OffsetDateTime) -> Result<KeyPair, Box<dyn std::error::Error>> {
    let old = openssl::base64::decode_block(&pair.certificate.to_base64())?;
    let old = X509::from_der(&old)?;
    let key = pair.decryption.pkey();
    let mut serial = [0; 16];
    random(&mut serial);
    serial[0] = serial[0] & 0x7f | 1;
    let day = |at: OffsetDateTime| Asn1Time::from_unix(at.unix_timestamp());
    let from = window - BEFORE;
    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    builder.set_serial_number(&*Asn1Integer::from_bn(&*BigNum::from_slice(&serial)?)?)?;
    builder.set_subject_name(old.subject_name())?;
    builder.set_issuer_name(old.subject_name())?;
    builder.set_pubkey(key)?;
    builder.set_not_before(&*day(from)?)?;
    builder.set_not_after(&*day(from + VALID)?)?;
    builder.sign(key, MessageDigest::sha256())?;
    let certificate = builder.build().to_pem()?;
    Ok(KeyPair::parse(
        &certificate,
        &key.private_key_to_pem_pkcs8()?,
    )?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::pki;
    use time::macros::datetime;

    #[test]
    fn the_key_stays_and_the_certificate_is_another_one() {
        let pair = pki::pair("hub").unwrap();
        let new = renewed(&pair, datetime!(2026-12-02 06:00 +1)).unwrap();
        assert_eq!(
            new.signing.public().key_id(),
            pair.signing.public().key_id()
        );
        assert_eq!(new.certificate.subject(), pair.certificate.subject());
        assert_ne!(
            new.certificate.fingerprint(),
            pair.certificate.fingerprint()
        );
        assert!(new.certificate.not_before() < datetime!(2026-11-01 00:00 UTC));
        assert!(new.certificate.not_after() > datetime!(2029-01-01 00:00 UTC));
    }
}
