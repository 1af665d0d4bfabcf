//! A certificate in DER (RFC 5280 §4.1). OpenSSL's binding cannot sign one with RSASSA-PSS, so its fields are
//! put together here; OpenSSL signs, and reads the result.

use super::MintError;
use super::extensions::{self, Addresses};
use crate::dsig::der::{self, context, oid, sequence, write};
use crate::dsig::{Certificate, Entropy, KeyError};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{Id, PKey, Private};
use openssl::rsa::Padding;
use openssl::sha::sha1;
use openssl::sign::{RsaPssSaltlen, Signer};
use openssl::x509::{X509, X509Name};
use time::{OffsetDateTime, UtcOffset};

pub(super) const COMMON_NAME: &str = "2.5.4.3";
pub(super) const SERIAL_NUMBER: &str = "2.5.4.5";
pub(super) const COUNTRY: &str = "2.5.4.6";
pub(super) const ORGANISATION: &str = "2.5.4.10";
/// ETSI EN 319 412-1 §5.1.4.
pub(super) const ORGANISATION_IDENTIFIER: &str = "2.5.4.97";

const SHA256: &str = "2.16.840.1.101.3.4.2.1";
const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";
const MGF1: &str = "1.2.840.113549.1.1.8";
const ECDSA_WITH_SHA256: &str = "1.2.840.10045.4.3.2";
const NULL: &[u8] = &[5, 0];

/// What a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To sign, and to be encrypted for.
    Party,
    /// To sign documents, which no login is.
    DocumentsOnly,
    /// To issue others.
    Authority,
}

/// What goes into a certificate.
pub(super) struct Fields<'a> {
    /// Its name, in DER.
    pub subject: &'a [u8],
    /// The issuer's name, in DER.
    pub issuer: &'a [u8],
    /// First second of validity.
    pub from: OffsetDateTime,
    /// Last second of validity.
    pub until: OffsetDateTime,
    /// Its key; only the public half goes in.
    pub key: &'a PKey<Private>,
    /// The issuer's subjectKeyIdentifier, if it has one.
    pub authority_key: Option<Vec<u8>>,
    /// What it is for.
    pub purpose: Purpose,
    /// Where its issuer answers.
    pub addresses: &'a Addresses,
}

/// A certificate, signed by `issuer`.
pub(super) fn issue(
    fields: &Fields<'_>,
    issuer: &PKey<Private>,
    entropy: &mut (impl Entropy + ?Sized),
) -> Result<Certificate, MintError> {
    // RFC 5280 §4.1.2.2: positive, at most 20 octets; OCES3 has 20.
    let mut serial = [0; 20];
    entropy.fill(&mut serial);
    serial[0] = serial[0] & 0x3f | 0x40;
    let algorithm = can_sign(issuer)?;
    let extensions = extensions::of(fields)?;
    let extensions: Vec<&[u8]> = extensions.iter().map(Vec::as_slice).collect();
    let to_be_signed = sequence(&[
        &write(context(0), &write(der::INTEGER, &[2])),
        &write(der::INTEGER, &serial),
        &algorithm,
        fields.issuer,
        &sequence(&[&time(fields.from), &time(fields.until)]),
        fields.subject,
        &fields.key.public_key_to_der()?,
        &write(context(3), &sequence(&extensions)),
    ]);
    let mut signature = vec![0]; // no unused bits
    signature.extend(sign(issuer, &to_be_signed)?);
    let certificate = sequence(&[
        &to_be_signed,
        &algorithm,
        &write(der::BIT_STRING, &signature),
    ]);
    Ok(Certificate::parse(&certificate)?)
}

/// The signature of a key that [`can_sign`].
pub(super) fn sign(key: &PKey<Private>, to_be_signed: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let mut signer = Signer::new(MessageDigest::sha256(), key)?;
    if key.id() == Id::RSA {
        signer.set_rsa_padding(Padding::PKCS1_PSS)?;
        signer.set_rsa_mgf1_md(MessageDigest::sha256())?;
        signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
    }
    signer.sign_oneshot_to_vec(to_be_signed)
}

/// The AlgorithmIdentifier of what this key signs with: RSASSA-PSS with SHA-256, MGF1-SHA-256 and 32 bytes of
/// salt (RFC 4055 §3.1), as OCES3; ECDSA with SHA-256 for a key on a curve.
pub(super) fn can_sign(key: &PKey<Private>) -> Result<Vec<u8>, MintError> {
    let sha256 = sequence(&[&oid(SHA256)?, NULL]);
    match key.id() {
        Id::RSA => {
            let mgf1 = sequence(&[&oid(MGF1)?, &sha256]);
            let parameters = sequence(&[
                &write(context(0), &sha256),
                &write(context(1), &mgf1),
                &write(context(2), &write(der::INTEGER, &[32])),
            ]);
            Ok(sequence(&[&oid(RSASSA_PSS)?, &parameters]))
        }
        Id::EC => Ok(sequence(&[&oid(ECDSA_WITH_SHA256)?])),
        _ => Err(MintError::Unsuitable(
            "the CA's key is neither RSA nor on an elliptic curve".to_owned(),
        )),
    }
}

/// A name in DER, with one part in each relative name, in the order given. OpenSSL knows that country and
/// serialNumber are PrintableString and the others UTF8String (RFC 5280 appendix A), and how long each may be.
pub(super) fn name(parts: &[(&str, &str)]) -> Result<Vec<u8>, ErrorStack> {
    let mut name = X509Name::builder()?;
    for (of, value) in parts {
        name.append_entry_by_text(of, value)?;
    }
    name.build().to_der()
}

/// RFC 5280 §4.2.1.2 (1): SHA-1 of the bits of the public key.
pub(super) fn key_identifier(key: &PKey<Private>) -> Result<Vec<u8>, MintError> {
    Ok(sha1(&key_bits(key)?).to_vec())
}

/// The bits of the public key, without what says of which kind it is.
pub(super) fn key_bits(key: &PKey<Private>) -> Result<Vec<u8>, MintError> {
    let spki = key.public_key_to_der()?;
    let bits = der::read(&spki).and_then(|spki| spki.sequence()?.nth(1));
    // The first byte says how many bits of the last are unused.
    let bits = bits.and_then(|bits| bits.content.get(1..));
    let unreadable = || KeyError::Unreadable("a public key without bits".to_owned());
    Ok(bits.ok_or_else(unreadable)?.to_vec())
}

/// RFC 5280 §4.1.2.5: UTCTime to 2049, GeneralizedTime from 2050.
fn time(at: OffsetDateTime) -> Vec<u8> {
    let at = at.to_offset(UtcOffset::UTC);
    let (year, month, day) = at.to_calendar_date();
    let (hour, minute, second) = at.to_hms();
    let month = u8::from(month);
    let rest = format!("{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
    match year {
        1950..=2049 => write(der::UTC_TIME, format!("{:02}{rest}", year % 100).as_bytes()),
        _ => write(der::GENERALIZED_TIME, format!("{year:04}{rest}").as_bytes()),
    }
}

/// A certificate in PEM.
pub(super) fn pem(certificate: &X509) -> Result<String, MintError> {
    let pem = certificate.to_pem()?;
    Ok(String::from_utf8_lossy(&pem).into_owned())
}

/// A private key in PEM, PKCS #8.
pub(super) fn key_pem(key: &PKey<Private>) -> Result<String, MintError> {
    let pem = key.private_key_to_pem_pkcs8()?;
    Ok(String::from_utf8_lossy(&pem).into_owned())
}
