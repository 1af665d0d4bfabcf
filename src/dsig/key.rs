//! Keys and certificates, parsed once and shared.

use super::{KeyError, Policy, SignatureAlgorithm};
use openssl::pkey::{PKey, Private, Public};
use openssl::x509::X509;
use time::OffsetDateTime;

/// A certificate as data: we never build chains from it (keys are trusted because they are registered),
/// but tell its story.
#[derive(Clone)]
pub struct Certificate {
    x509: X509,
}

/// A public key that an entity registered; the only thing a signature is judged by.
#[derive(Clone)]
pub struct PublicKey {
    key: PKey<Public>,
    certificate: Option<Certificate>,
}

/// A private key that signs with one algorithm, and the certificate shown in KeyInfo.
#[derive(Clone)]
pub struct SigningKey {
    key: PKey<Private>,
    algorithm: SignatureAlgorithm,
    certificate: Option<Certificate>,
}

/// A private RSA key that decrypts content keys.
#[derive(Clone)]
pub struct DecryptionKey {
    key: PKey<Private>,
}

impl Certificate {
    /// Reads PEM (the first certificate) or DER.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyError> { let _ = bytes; todo!() }
    /// Reads the base64 of `ds:X509Certificate`, white space allowed.
    pub fn from_base64(text: &str) -> Result<Self, KeyError> { let _ = text; todo!() }
    /// The base64 of the DER, in one line.
    pub fn to_base64(&self) -> String { todo!() }
    /// SHA-256 fingerprint of the DER, lower-case hex.
    pub fn fingerprint(&self) -> String { let _ = &self.x509; todo!() }
    /// Subject as one line, RFC 4514 order as printed by OpenSSL.
    pub fn subject(&self) -> String { todo!() }
    /// Start of validity.
    pub fn not_before(&self) -> OffsetDateTime { todo!() }
    /// End of validity.
    pub fn not_after(&self) -> OffsetDateTime { todo!() }
}

impl PublicKey {
    /// The key of a certificate; refuses what `policy` does not admit.
    pub fn from_certificate(certificate: Certificate, policy: Policy) -> Result<Self, KeyError> { let _ = (certificate, policy); todo!() }
    /// A public key in PEM, or the key of a certificate in PEM or DER.
    pub fn parse(bytes: &[u8], policy: Policy) -> Result<Self, KeyError> { let _ = (bytes, policy); todo!() }
    /// The certificate it came from.
    pub fn certificate(&self) -> Option<&Certificate> { self.certificate.as_ref() }
    /// The OpenSSL key.
    pub(crate) fn pkey(&self) -> &PKey<Public> { &self.key }
    /// SHA-256 of the SubjectPublicKeyInfo, lower-case hex: names the key in reports.
    pub fn key_id(&self) -> String { todo!() }
}

impl SigningKey {
    /// Reads a private key in PEM; RSA signs with RSA-SHA256, P-256 and P-384 with their own digest.
    pub fn parse(pem: &[u8], certificate: Option<Certificate>) -> Result<Self, KeyError> { let _ = (pem, certificate); todo!() }
    /// The same key with another algorithm that fits it.
    pub fn with_algorithm(self, algorithm: SignatureAlgorithm) -> Result<Self, KeyError> { let _ = algorithm; todo!() }
    /// The algorithm it signs with.
    pub fn algorithm(&self) -> SignatureAlgorithm { self.algorithm }
    /// The certificate that goes into KeyInfo.
    pub fn certificate(&self) -> Option<&Certificate> { self.certificate.as_ref() }
    /// The public half.
    pub fn public(&self) -> PublicKey { todo!() }
    /// The raw signature over `octets` in the form XML wants (ECDSA as r‖s).
    pub fn sign_octets(&self, octets: &[u8]) -> Vec<u8> { let _ = (&self.key, octets); todo!() }
}

impl DecryptionKey {
    /// Reads a private RSA key in PEM.
    pub fn parse(pem: &[u8]) -> Result<Self, KeyError> { let _ = pem; todo!() }
    /// The OpenSSL key.
    pub(crate) fn pkey(&self) -> &PKey<Private> { &self.key }
}

impl std::fmt::Debug for Certificate { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("Certificate") } }
impl std::fmt::Debug for PublicKey { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("PublicKey") } }
impl std::fmt::Debug for SigningKey { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("SigningKey") } }
impl std::fmt::Debug for DecryptionKey { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("DecryptionKey") } }
