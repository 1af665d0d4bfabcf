//! The key pair of a persona or demo system, from the test PKI inside the binary.

use crate::config::pki;
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
    /// The pair with this name.
    pub fn of(name: &str) -> Result<Self, String> {
        let (Some(certificate), Some(key)) = (pki::certificate(name), pki::private_key(name))
        else {
            return Err(format!("the test PKI has no key pair «{name}»"));
        };
        let unusable = |error| format!("key pair «{name}»: {error}");
        let certificate = Certificate::parse(certificate.as_bytes()).map_err(unusable)?;
        let signing =
            SigningKey::parse(key.as_bytes(), Some(certificate.clone())).map_err(unusable)?;
        let decryption = DecryptionKey::parse(key.as_bytes()).map_err(unusable)?;
        Ok(Self {
            certificate,
            signing,
            decryption,
        })
    }
}
