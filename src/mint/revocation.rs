//! What a CA says of the certificates that it took back: a list (RFC 5280 §5), and answers to questions (RFC 6960).

use super::{Authority, MintError, x509};
use openssl::pkey::{PKey, Private};
use openssl::sha::{sha1, sha256};
use time::{Duration, OffsetDateTime};
use x509_cert::crl::{CertificateList, RevokedCert, TbsCertList};
use x509_cert::der::asn1::{
    BitString, GeneralizedTime, ObjectIdentifier, OctetString, Uint, UtcTime,
};
use x509_cert::der::{DateTime, Decode, Encode};
use x509_cert::ext::{Extension, pkix::AuthorityKeyIdentifier};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;
use x509_ocsp::{
    BasicOcspResponse, CertId, CertStatus, OcspGeneralizedTime, OcspRequest, OcspResponse,
    ResponderId, ResponseData, RevokedInfo, SingleResponse,
};

/// A certificate that was taken back: its serial number, and when.
pub type Revoked = (Vec<u8>, OffsetDateTime);

/// How long an answer is good.
const GOOD_FOR: Duration = Duration::days(1);
/// More certificates than anybody asks about at once.
const MAX_QUESTIONS: usize = 32;
const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.2");
const CRL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.20");
const AUTHORITY_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");

/// The list of what the CA took back, as of `now`, in DER.
pub fn crl(ca: &Authority, revoked: &[Revoked], now: OffsetDateTime) -> Result<Vec<u8>, MintError> {
    let signature = Signature::of(ca.key())?;
    let entries = revoked.iter().map(|(serial, at)| {
        Ok(RevokedCert {
            serial_number: SerialNumber::new(serial)?,
            revocation_date: time(*at)?,
            crl_entry_extensions: None,
        })
    });
    let entries = entries.collect::<Result<Vec<_>, MintError>>()?;
    // A list is newer than another one if its number is higher (RFC 5280 §5.2.3); seconds are.
    let number = u64::try_from(now.unix_timestamp()).unwrap_or_default();
    let number = Uint::new(&number.to_be_bytes())?;
    let mut extensions = vec![extension(CRL_NUMBER, &number)?];
    if let Some(id) = ca.key_identifier() {
        let id = AuthorityKeyIdentifier {
            key_identifier: Some(OctetString::new(id)?),
            ..AuthorityKeyIdentifier::default()
        };
        extensions.push(extension(AUTHORITY_KEY_IDENTIFIER, &id)?);
    }
    let tbs_cert_list = TbsCertList {
        version: x509_cert::Version::V2,
        signature: signature.algorithm.clone(),
        issuer: Name::from_der(ca.name())?,
        this_update: time(now)?,
        next_update: Some(time(now.saturating_add(GOOD_FOR))?),
        // An empty list is left out (RFC 5280 §5.1.2.6).
        revoked_certificates: (!entries.is_empty()).then_some(entries),
        crl_extensions: Some(extensions),
    };
    let value = signature.over(&tbs_cert_list.to_der()?)?;
    let list = CertificateList {
        tbs_cert_list,
        signature_algorithm: signature.algorithm,
        signature: value,
    };
    Ok(list.to_der()?)
}

/// The answer to a request, in DER. Whoever asks what cannot be understood is told so by the protocol; an error is
/// ours. The CA has no list of what it issued: every serial number under its name that it did not take back is good.
pub fn ocsp(
    ca: &Authority,
    request: &[u8],
    revoked: &[Revoked],
    now: OffsetDateTime,
) -> Result<Vec<u8>, MintError> {
    let asked = OcspRequest::from_der(request).map(|request| request.tbs_request);
    let asked = match asked {
        Ok(asked) if (1..=MAX_QUESTIONS).contains(&asked.request_list.len()) => asked,
        _ => return Ok(OcspResponse::malformed_request().to_der()?),
    };
    let key_bits = x509::key_bits(ca.key())?;
    let responses = asked.request_list.into_iter().map(|question| {
        let id = question.req_cert;
        Ok(SingleResponse {
            cert_status: status(&id, ca, &key_bits, revoked)?,
            cert_id: id,
            this_update: general(now)?,
            next_update: Some(general(now.saturating_add(GOOD_FOR))?),
            single_extensions: None,
        })
    });
    let nonce = asked.request_extensions.into_iter().flatten();
    let nonce: Vec<Extension> = nonce.filter(|e| e.extn_id == NONCE).take(1).collect();
    let signature = Signature::of(ca.key())?;
    let tbs_response_data = ResponseData {
        version: Default::default(),
        responder_id: ResponderId::ByKey(OctetString::new(sha1(&key_bits))?),
        produced_at: general(now)?,
        responses: responses.collect::<Result<_, MintError>>()?,
        // An old answer must not be taken for a new one: what the asker drew comes back (RFC 8954).
        response_extensions: (!nonce.is_empty()).then_some(nonce),
    };
    let value = signature.over(&tbs_response_data.to_der()?)?;
    let basic = BasicOcspResponse {
        tbs_response_data,
        signature_algorithm: signature.algorithm,
        signature: value,
        certs: None,
    };
    Ok(OcspResponse::successful(basic)?.to_der()?)
}

fn status(
    id: &CertId,
    ca: &Authority,
    key_bits: &[u8],
    revoked: &[Revoked],
) -> Result<CertStatus, MintError> {
    let is = |name: &[u8], key: &[u8]| {
        id.issuer_name_hash.as_bytes() == name && id.issuer_key_hash.as_bytes() == key
    };
    let ours = match id.hash_algorithm.oid.to_string().as_str() {
        "1.3.14.3.2.26" => is(&sha1(ca.name()), &sha1(key_bits)),
        "2.16.840.1.101.3.4.2.1" => is(&sha256(ca.name()), &sha256(key_bits)),
        _ => false,
    };
    if !ours {
        return Ok(CertStatus::unknown());
    }
    let mut taken_back = revoked.iter();
    let asked = positive(id.serial_number.as_bytes());
    match taken_back.find(|(serial, _)| positive(serial) == asked) {
        None => Ok(CertStatus::good()),
        Some((_, at)) => Ok(CertStatus::revoked(RevokedInfo {
            revocation_time: general(*at)?,
            revocation_reason: None,
        })),
    }
}

/// Without the zero that keeps a number positive in DER.
fn positive(serial: &[u8]) -> &[u8] {
    let zeros = serial.iter().take_while(|byte| **byte == 0).count();
    &serial[zeros..]
}

fn extension(id: ObjectIdentifier, value: &impl Encode) -> Result<Extension, MintError> {
    Ok(Extension {
        extn_id: id,
        critical: false,
        extn_value: OctetString::new(value.to_der()?)?,
    })
}

fn date_time(at: OffsetDateTime) -> Result<DateTime, MintError> {
    let since = at - OffsetDateTime::UNIX_EPOCH;
    Ok(DateTime::from_unix_duration(
        since.max(Duration::ZERO).unsigned_abs(),
    )?)
}

fn general(at: OffsetDateTime) -> Result<OcspGeneralizedTime, MintError> {
    // Whole seconds (RFC 5280 §4.1.2.5.2).
    let at = at.replace_nanosecond(0).unwrap_or(at);
    Ok(GeneralizedTime::from_date_time(date_time(at)?).into())
}

/// RFC 5280 §5.1.2.4: UTCTime to 2049, GeneralizedTime from 2050.
fn time(at: OffsetDateTime) -> Result<Time, MintError> {
    let at = date_time(at.replace_nanosecond(0).unwrap_or(at))?;
    Ok(match UtcTime::from_date_time(at) {
        Ok(time) => Time::UtcTime(time),
        Err(_) => Time::GeneralTime(GeneralizedTime::from_date_time(at)),
    })
}

/// A key, and the name of what it signs with.
struct Signature<'k> {
    key: &'k PKey<Private>,
    algorithm: AlgorithmIdentifierOwned,
}

impl<'k> Signature<'k> {
    fn of(key: &'k PKey<Private>) -> Result<Self, MintError> {
        let algorithm = AlgorithmIdentifierOwned::from_der(&x509::can_sign(key)?)?;
        Ok(Self { key, algorithm })
    }

    fn over(&self, to_be_signed: &[u8]) -> Result<BitString, MintError> {
        Ok(BitString::from_bytes(&x509::sign(self.key, to_be_signed)?)?)
    }
}
