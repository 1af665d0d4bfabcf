//! Why no certificate could be made.

use crate::dsig::KeyError;
use openssl::error::ErrorStack;
use std::fmt;

/// Why no certificate could be made.
#[derive(Debug)]
pub enum MintError {
    /// What was asked for cannot stand in a certificate, and why.
    Unsuitable(String),
    /// A certificate or key that was given, or the one that was made, cannot be used.
    Unreadable(KeyError),
    /// OpenSSL did not do its part.
    OpenSsl(ErrorStack),
    /// What was asked for cannot be written in DER.
    Der(x509_cert::der::Error),
}

impl fmt::Display for MintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsuitable(why) => f.write_str(why),
            Self::Unreadable(error) => error.fmt(f),
            Self::OpenSsl(error) => write!(f, "OpenSSL: {error}"),
            Self::Der(error) => write!(f, "DER: {error}"),
        }
    }
}

impl std::error::Error for MintError {}

impl From<ErrorStack> for MintError {
    fn from(error: ErrorStack) -> Self {
        Self::OpenSsl(error)
    }
}

impl From<KeyError> for MintError {
    fn from(error: KeyError) -> Self {
        Self::Unreadable(error)
    }
}

impl From<x509_cert::der::Error> for MintError {
    fn from(error: x509_cert::der::Error) -> Self {
        Self::Der(error)
    }
}
