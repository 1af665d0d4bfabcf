//! Why a signature, a key or a ciphertext was refused.

use std::fmt;

/// Why a signature was refused. Each variant is one reason that a tester can act on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureError {
    /// No signature where one was required.
    Missing,
    /// No key is registered for the entity: nothing could be trusted.
    NoTrustedKey,
    /// The signature does not stand where it must, or there is more than one.
    Misplaced(String),
    /// The signature's own structure is not the one allowed.
    Structure(String),
    /// The Reference does not point at the parent element.
    Reference(String),
    /// A transform or canonicalization other than enveloped and exclusive C14N.
    Transform(String),
    /// An algorithm that is not allowed; its URI or name.
    Algorithm(String),
    /// The digest of the element is another one: the content was changed after signing.
    Digest,
    /// No registered key made this signature.
    Value,
}

/// Why a key or certificate cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// Cannot be read at all.
    Unreadable(String),
    /// RSA below 2048 bits; the size found.
    TooSmall(u32),
    /// Neither RSA nor ECDSA on P-256 or P-384.
    Unsupported(String),
    /// The private key is not the certificate's.
    Mismatch,
}

/// Decryption failed. One value without a reason, on purpose: a peer must learn nothing from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecryptError {
    /// The structure or the algorithms are not allowed; visible in the message itself, so it may be told.
    NotAllowed(&'static str),
    /// Everything else, indistinguishably.
    Failed,
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => write!(f, "no signature"),
            Self::NoTrustedKey => write!(f, "no key is registered for this entity"),
            Self::Misplaced(how) => write!(f, "the signature is misplaced: {how}"),
            Self::Structure(how) => write!(f, "the signature's structure: {how}"),
            Self::Reference(how) => write!(f, "the signature's reference: {how}"),
            Self::Transform(uri) => write!(f, "transform not allowed: {uri}"),
            Self::Algorithm(uri) => write!(f, "algorithm not allowed: {uri}"),
            Self::Digest => write!(
                f,
                "the content was changed after it was signed (digest differs)"
            ),
            Self::Value => write!(f, "no registered key made this signature"),
        }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(how) => write!(f, "cannot be read: {how}"),
            Self::TooSmall(bits) => write!(f, "RSA with {bits} bits; at least 2048 are needed"),
            Self::Unsupported(what) => write!(
                f,
                "{what} is not supported; use RSA, or ECDSA on P-256 or P-384"
            ),
            Self::Mismatch => write!(f, "the private key does not belong to the certificate"),
        }
    }
}

impl fmt::Display for DecryptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAllowed(what) => write!(f, "{what} is not allowed"),
            Self::Failed => write!(f, "decryption failed"),
        }
    }
}

impl std::error::Error for SignatureError {}
impl std::error::Error for KeyError {}
impl std::error::Error for DecryptError {}
