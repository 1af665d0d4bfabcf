//! The Online Certificate Status Protocol (RFC 6960).

use super::{Revocation, RevocationError, fresh, moment, own_serial, serial, unreadable};
use crate::dsig::{Certificate, der};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::ocsp::{self, OcspCertId, OcspFlag};
use openssl::sha::{sha1, sha256};
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use time::OffsetDateTime;
use x509_cert::der::Decode;
use x509_ocsp::{BasicOcspResponse, CertId, CertStatus, OcspResponse, OcspResponseStatus};

/// A request about one certificate. SHA-1 names the CA in it, as RFC 5019 §2.1.1 has it: every responder knows that,
/// and nothing is trusted by it.
pub fn ocsp_request(
    certificate: &Certificate,
    issuer: &Certificate,
) -> Result<Vec<u8>, RevocationError> {
    let made = || -> Result<Vec<u8>, ErrorStack> {
        let id = OcspCertId::from_cert(MessageDigest::sha1(), certificate.x509(), issuer.x509())?;
        let mut request = ocsp::OcspRequest::new()?;
        request.add_id(id)?;
        request.to_der()
    };
    made().map_err(unreadable)
}

/// What a response says of a certificate of the CA `issuer`.
pub fn read_ocsp(
    bytes: &[u8],
    certificate: &Certificate,
    issuer: &Certificate,
    now: OffsetDateTime,
) -> Result<Revocation, RevocationError> {
    let response = OcspResponse::from_der(bytes).map_err(unreadable)?;
    let content = match (response.response_status, response.response_bytes) {
        (OcspResponseStatus::Successful, Some(content)) => content,
        (status, _) => return Err(RevocationError::Refused(word(status))),
    };
    let basic = BasicOcspResponse::from_der(content.response.as_bytes()).map_err(unreadable)?;
    if !is_signed(bytes, issuer, now).unwrap_or(false) {
        return Err(RevocationError::Signature);
    }
    let of_it = |id: &CertId| {
        of_issuer(id, issuer) && serial(id.serial_number.as_bytes()) == own_serial(certificate)
    };
    let mut responses = basic.tbs_response_data.responses.iter();
    let single = responses.find(|single| of_it(&single.cert_id));
    let single = single.ok_or(RevocationError::NotOfIt)?;
    let until = single
        .next_update
        .map(|until| moment(until.0.to_date_time()));
    fresh(moment(single.this_update.0.to_date_time()), until, now)?;
    Ok(match single.cert_status {
        CertStatus::Good(_) => Revocation::Good,
        CertStatus::Revoked(info) => {
            Revocation::Revoked(moment(info.revocation_time.0.to_date_time()))
        }
        CertStatus::Unknown(_) => Revocation::Unknown,
    })
}

/// Whether the CA signed it, or somebody whom the CA made a certificate for this (RFC 6960 §4.2.2.2). OpenSSL judges
/// that; the time of its chain is ours.
fn is_signed(bytes: &[u8], issuer: &Certificate, now: OffsetDateTime) -> Result<bool, ErrorStack> {
    let mut parameters = X509VerifyParam::new()?;
    parameters.set_time(now.unix_timestamp());
    parameters.set_flags(X509VerifyFlags::PARTIAL_CHAIN)?;
    let mut store = X509StoreBuilder::new()?;
    store.set_param(&parameters)?;
    store.add_cert(issuer.x509().clone())?;
    let mut known = Stack::new()?;
    known.push(issuer.x509().clone())?;
    let basic = ocsp::OcspResponse::from_der(bytes)?.basic()?;
    Ok(basic
        .verify(&known, &store.build(), OcspFlag::empty())
        .is_ok())
}

/// Whether an id names this CA, by SHA-1 or SHA-256.
fn of_issuer(id: &CertId, issuer: &Certificate) -> bool {
    let x509 = issuer.x509();
    let name = x509.subject_name().to_der().unwrap_or_default();
    let spki = x509.public_key().and_then(|key| key.public_key_to_der());
    let spki = spki.unwrap_or_default();
    // The bits of the key, without the byte that says how many of the last one are unused.
    let bits = der::read(&spki).and_then(|spki| spki.sequence()?.nth(1)?.content.get(1..));
    let Some(bits) = bits else { return false };
    let is = |name_hash: &[u8], key_hash: &[u8]| {
        id.issuer_name_hash.as_bytes() == name_hash && id.issuer_key_hash.as_bytes() == key_hash
    };
    match id.hash_algorithm.oid.to_string().as_str() {
        "1.3.14.3.2.26" => is(&sha1(&name), &sha1(bits)),
        "2.16.840.1.101.3.4.2.1" => is(&sha256(&name), &sha256(bits)),
        _ => false,
    }
}

/// RFC 6960 §4.2.1.
fn word(status: OcspResponseStatus) -> &'static str {
    match status {
        OcspResponseStatus::Successful => "successful, without content",
        OcspResponseStatus::MalformedRequest => "malformedRequest",
        OcspResponseStatus::InternalError => "internalError",
        OcspResponseStatus::TryLater => "tryLater",
        OcspResponseStatus::SigRequired => "sigRequired",
        OcspResponseStatus::Unauthorized => "unauthorized",
    }
}
