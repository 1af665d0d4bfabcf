//! What failed below HTTP, as a [`Cause`].

use super::trust::Witness;
use super::{Cause, CertificateFault, WireError};
use std::io;
use tokio_rustls::rustls::{self, CertificateError};

pub(super) fn unconnected(error: &io::Error) -> Cause {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Cause::Refused,
        _ => Cause::Unreachable(error.to_string()),
    }
}

pub(super) fn broken(error: WireError, limit: usize) -> Cause {
    match error {
        WireError::TooLarge => Cause::TooLarge(limit),
        other => Cause::Broken(other.to_string()),
    }
}

pub(super) fn no_tls(error: &io::Error, witness: &Witness) -> Cause {
    let said = error.get_ref();
    let said = said.and_then(|said| said.downcast_ref::<rustls::Error>());
    let Some(rustls::Error::InvalidCertificate(fault)) = said else {
        return Cause::Tls(error.to_string());
    };
    let fault = match fault {
        CertificateError::UnknownIssuer => CertificateFault::Untrusted,
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            CertificateFault::Expired
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            CertificateFault::NotYet
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            CertificateFault::WrongName
        }
        other => CertificateFault::Other(other.to_string()),
    };
    match witness.refused() {
        Some((subject, issuer)) => Cause::Certificate {
            subject,
            issuer,
            fault,
        },
        None => Cause::Tls(error.to_string()),
    }
}
