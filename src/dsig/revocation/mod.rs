//! Whether a certificate was revoked: where to ask, and what the answers of others say. Pure: whoever asks hands over
//! the bytes that came back, and the moment.

mod crl;
mod ocsp;

pub use crl::{RevocationList, read_crl};
pub use ocsp::{ocsp_request, read_ocsp};

use super::Certificate;
use std::fmt;
use time::{Duration, OffsetDateTime};
use x509_cert::der::DateTime;

/// What is known of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// Its CA has not revoked it.
    Good,
    /// Its CA revoked it at this moment.
    Revoked(OffsetDateTime),
    /// Its CA says that it does not know it.
    Unknown,
}

/// Why an answer about revocation is none.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationError {
    /// Neither a CRL nor an OCSP response, and why.
    Unreadable(String),
    /// It is of another CA, or does not speak of this certificate.
    NotOfIt,
    /// The CA did not sign it, nor anybody that the CA lets sign it.
    Signature,
    /// It is of the future, or too old.
    Stale {
        /// Made at.
        from: OffsetDateTime,
        /// To be replaced at.
        until: Option<OffsetDateTime>,
    },
    /// The responder would not answer: the status that it gave.
    Refused(&'static str),
    /// It speaks of some certificates or reasons only, in a way that is not understood.
    Partial(String),
}

impl fmt::Display for RevocationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(how) => write!(f, "cannot be read: {how}"),
            Self::NotOfIt => write!(
                f,
                "it is of another CA, or says nothing of this certificate"
            ),
            Self::Signature => write!(f, "it is not signed by the CA of the certificate"),
            Self::Stale { from, until } => {
                write!(f, "it is not of now: made at {from}")?;
                until.map_or(Ok(()), |until| write!(f, ", good until {until}"))
            }
            Self::Refused(status) => write!(f, "the responder gives no answer: {status}"),
            Self::Partial(how) => write!(f, "it does not speak of every certificate: {how}"),
        }
    }
}

impl std::error::Error for RevocationError {}

/// Where a certificate says that one can ask.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources {
    /// The OCSP responder (`authorityInfoAccess`).
    pub ocsp: Option<String>,
    /// The lists (`cRLDistributionPoints`), in order.
    pub crl: Vec<String>,
}

/// Where to ask about a certificate.
pub fn where_to_ask(certificate: &Certificate) -> Sources {
    let responders = certificate.x509().ocsp_responders().ok();
    let first = responders.and_then(|all| all.iter().next().map(|address| address.to_string()));
    Sources {
        ocsp: first,
        crl: certificate.story().revocation_lists,
    }
}

/// How far the clocks of a CA may be from ours.
const SKEW: Duration = Duration::minutes(5);
/// How old an answer may be that does not say when the next one comes.
const WITHOUT_NEXT: Duration = Duration::days(1);

/// Refuses what is not of now.
fn fresh(
    from: OffsetDateTime,
    until: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> Result<(), RevocationError> {
    // Differences, because sums have no value at the end of time.
    let early = from - now > SKEW;
    let late = match until {
        Some(until) => now - until > SKEW,
        None => now - from > WITHOUT_NEXT,
    };
    match early || late {
        true => Err(RevocationError::Stale { from, until }),
        false => Ok(()),
    }
}

fn moment(at: DateTime) -> OffsetDateTime {
    let seconds = i64::try_from(at.unix_duration().as_secs()).unwrap_or_default();
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// A serial number without the zero that keeps it positive in DER.
fn serial(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}

fn own_serial(certificate: &Certificate) -> Vec<u8> {
    let number = certificate.x509().serial_number().to_bn();
    number.map(|number| number.to_vec()).unwrap_or_default()
}

fn unreadable(error: impl fmt::Display) -> RevocationError {
    RevocationError::Unreadable(error.to_string())
}
