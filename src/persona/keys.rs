//! The key pair of a persona or demo system, from the test PKI inside the binary.

use crate::dsig::{Certificate, DecryptionKey, SigningKey};

/// One certificate for signing and encryption, as the real parties have it.
#[derive(Debug, Clone)]
pub struct KeyPair {
    /// What metadata shows.
    pub certificate: Certificate,
    /// Signs.
    pub signing: SigningKey,
    /// Decrypts.
    pub decryption: DecryptionKey,
}

impl KeyPair {
    /// Reads a pair of PEM texts.
    pub fn parse(certificate: &[u8], key: &[u8]) -> Result<Self, String> {
        let certificate = Certificate::parse(certificate).map_err(|error| format!("certificate: {error}"))?;
        let signing = SigningKey::parse(key, Some(certificate.clone())).map_err(|error| format!("private key: {error}"))?;
        let decryption = DecryptionKey::parse(key).map_err(|error| format!("private key: {error}"))?;
        Ok(Self { certificate, signing, decryption })
    }
}
