//! Keys and certificates, parsed once and shared.

use super::algorithm::{Digest, Policy, SignatureAlgorithm};
use super::{Certificate, KeyError, hex, octets};
use openssl::nid::Nid;
use openssl::pkey::{HasPublic, Id, PKey, PKeyRef, Private, Public};
use openssl::sha::sha256;
use std::sync::Arc;

/// A public key that an entity registered; the only thing a signature is judged by.
#[derive(Clone)]
pub struct PublicKey {
    key: PKey<Public>,
    kind: Kind,
    /// Computed once: OpenSSL takes longer to write a key than to verify with it.
    id: Arc<str>,
    certificate: Option<Certificate>,
}

/// A private key that signs with one algorithm, and the certificate shown in KeyInfo.
#[derive(Clone)]
pub struct SigningKey {
    key: PKey<Private>,
    kind: Kind,
    algorithm: SignatureAlgorithm,
    certificate: Option<Certificate>,
}

/// A private RSA key that decrypts content keys.
#[derive(Clone)]
pub struct DecryptionKey {
    key: PKey<Private>,
    /// Known to nobody outside: what stands in for a content key that did not open.
    rejection: [u8; 32],
}

/// What a key can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Rsa { bits: u32 },
    P256,
    P384,
}

/// OpenSSL refuses larger moduli too; this says so before anything is computed.
const MAX_RSA_BITS: u32 = 16_384;

impl Kind {
    fn of<T: HasPublic>(key: &PKeyRef<T>, smallest_rsa: u32) -> Result<Self, KeyError> {
        match key.id() {
            Id::RSA if key.bits() < smallest_rsa => Err(KeyError::TooSmall(key.bits())),
            Id::RSA if key.bits() > MAX_RSA_BITS => Err(KeyError::Unsupported(format!(
                "RSA with {} bits",
                key.bits()
            ))),
            Id::RSA => Ok(Self::Rsa { bits: key.bits() }),
            Id::EC => match key.ec_key().ok().and_then(|ec| ec.group().curve_name()) {
                Some(Nid::X9_62_PRIME256V1) => Ok(Self::P256),
                Some(Nid::SECP384R1) => Ok(Self::P384),
                other => {
                    let name = other
                        .and_then(|nid| nid.short_name().ok())
                        .unwrap_or("unnamed");
                    Err(KeyError::Unsupported(format!("the curve {name}")))
                }
            },
            other => Err(KeyError::Unsupported(format!(
                "a key of type {}",
                other.as_raw()
            ))),
        }
    }

    /// Whether a key of this kind makes signatures of that algorithm.
    pub(crate) fn fits(self, algorithm: SignatureAlgorithm) -> bool {
        match algorithm {
            SignatureAlgorithm::RsaPkcs1(_) | SignatureAlgorithm::RsaPss(_) => {
                matches!(self, Self::Rsa { .. })
            }
            SignatureAlgorithm::Ecdsa(_) => matches!(self, Self::P256 | Self::P384),
        }
    }

    /// Bytes of each of r and s (RFC 9231 §2.3.6: the length of the base point's order).
    pub(crate) fn coordinate_len(self) -> usize {
        match self {
            Self::Rsa { .. } => 0,
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }
}

fn unreadable(what: &str) -> KeyError {
    KeyError::Unreadable(what.to_owned())
}

impl PublicKey {
    /// The key of a certificate; refuses what `policy` does not admit.
    pub fn from_certificate(certificate: Certificate, policy: Policy) -> Result<Self, KeyError> {
        let key = certificate.public_key()?;
        Self::new(key, Some(certificate), policy.rsa_bits())
    }
    /// A public key in PEM, or the key of a certificate in PEM or DER.
    pub fn parse(bytes: &[u8], policy: Policy) -> Result<Self, KeyError> {
        if let Ok(certificate) = Certificate::parse(bytes) {
            return Self::from_certificate(certificate, policy);
        }
        let key = PKey::public_key_from_pem(bytes).or_else(|_| PKey::public_key_from_der(bytes));
        let key = key.map_err(|_| unreadable("neither a certificate nor a public key"))?;
        Self::new(key, None, policy.rsa_bits())
    }
    fn new(
        key: PKey<Public>,
        certificate: Option<Certificate>,
        smallest_rsa: u32,
    ) -> Result<Self, KeyError> {
        let kind = Kind::of(&key, smallest_rsa)?;
        let spki = key.public_key_to_der();
        let spki = spki.map_err(|_| unreadable("a key that cannot be written"))?;
        Ok(Self {
            kind,
            id: hex(&sha256(&spki)).into(),
            key,
            certificate,
        })
    }
    /// The certificate it came from.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }
    /// The OpenSSL key.
    pub(crate) fn pkey(&self) -> &PKey<Public> {
        &self.key
    }
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }
    /// Whether this is an RSA key, the only kind one can encrypt for.
    pub fn is_rsa(&self) -> bool {
        matches!(self.kind, Kind::Rsa { .. })
    }
    /// Bits of the modulus of an RSA key.
    pub fn rsa_bits(&self) -> Option<u32> {
        match self.kind {
            Kind::Rsa { bits } => Some(bits),
            Kind::P256 | Kind::P384 => None,
        }
    }
    /// Whether `policy` admits this key, which may have been read under another one.
    pub(crate) fn is_admitted(&self, policy: Policy) -> bool {
        !matches!(self.kind, Kind::Rsa { bits } if bits < policy.rsa_bits())
    }
    /// SHA-256 of the SubjectPublicKeyInfo, lower-case hex: names the key in reports.
    pub fn key_id(&self) -> Arc<str> {
        Arc::clone(&self.id)
    }
}

impl SigningKey {
    /// Reads a private key in PEM; RSA signs with RSA-SHA256, P-256 and P-384 with their own digest.
    pub fn parse(pem: &[u8], certificate: Option<Certificate>) -> Result<Self, KeyError> {
        let key = private_key(pem)?;
        let kind = Kind::of(&key, Policy::Modern.rsa_bits())?;
        if let Some(certificate) = &certificate
            && !certificate.is_for(&key)?
        {
            return Err(KeyError::Mismatch);
        }
        let algorithm = match kind {
            Kind::Rsa { .. } => SignatureAlgorithm::RsaPkcs1(Digest::Sha256),
            Kind::P256 => SignatureAlgorithm::Ecdsa(Digest::Sha256),
            Kind::P384 => SignatureAlgorithm::Ecdsa(Digest::Sha384),
        };
        Ok(Self {
            key,
            kind,
            algorithm,
            certificate,
        })
    }
    /// The same key with another algorithm that fits it.
    pub fn with_algorithm(self, algorithm: SignatureAlgorithm) -> Result<Self, KeyError> {
        match self.kind.fits(algorithm) {
            true => Ok(Self { algorithm, ..self }),
            false => Err(KeyError::Unsupported(format!(
                "{} with this key",
                algorithm.uri()
            ))),
        }
    }
    /// The algorithm it signs with.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }
    /// The certificate that goes into KeyInfo.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }
    /// The public half.
    pub fn public(&self) -> PublicKey {
        let der = self.key.public_key_to_der();
        let key = der.and_then(|der| PKey::public_key_from_der(&der));
        let key = key.expect("a private key that was read has a public half");
        let public = PublicKey::new(key, self.certificate.clone(), 0);
        public.expect("a key that can sign can verify")
    }
    /// The raw signature over `octets` in the form XML wants (ECDSA as r‖s).
    pub fn sign_octets(&self, octets: &[u8]) -> Vec<u8> {
        let value = octets::sign(&self.key, self.kind, self.algorithm, octets);
        value.expect("a key that was read and fits its algorithm can sign")
    }
}

impl DecryptionKey {
    /// Reads a private RSA key in PEM.
    pub fn parse(pem: &[u8]) -> Result<Self, KeyError> {
        Self::parse_under(pem, Policy::Modern)
    }
    /// Reads a private RSA key in PEM that `policy` admits.
    pub fn parse_under(pem: &[u8], policy: Policy) -> Result<Self, KeyError> {
        let key = private_key(pem)?;
        match Kind::of(&key, policy.rsa_bits())? {
            Kind::Rsa { .. } => {
                let secret = key.private_key_to_der();
                let secret = secret.map_err(|_| unreadable("a key that cannot be written"))?;
                Ok(Self {
                    rejection: sha256(&secret),
                    key,
                })
            }
            _ => Err(KeyError::Unsupported(
                "an elliptic curve key for decryption".into(),
            )),
        }
    }
    /// The OpenSSL key.
    pub(crate) fn pkey(&self) -> &PKey<Private> {
        &self.key
    }
    /// The [`PublicKey::key_id`] of its public half.
    pub fn key_id(&self) -> Arc<str> {
        let spki = self.key.public_key_to_der();
        let spki = spki.expect("a private key that was read has a public half");
        hex(&sha256(&spki)).into()
    }
    /// A content key for an envelope that did not open: unpredictable to the sender, and the same each time,
    /// so that asking twice teaches nothing.
    pub(crate) fn implicit_rejection(&self, wrapped: &[u8]) -> [u8; 32] {
        sha256(&[&self.rejection[..], wrapped].concat())
    }
}

/// Reads a private key in PEM without a password, of whichever kind and size.
pub(crate) fn private_key(pem: &[u8]) -> Result<PKey<Private>, KeyError> {
    // With a callback, so that an encrypted key is an error and not a question on the terminal.
    PKey::private_key_from_pem_callback(pem, |_| Ok(0))
        .map_err(|_| unreadable("not a private key in PEM without a password"))
}

macro_rules! opaque {
    ($($type:ident)*) => {$(
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($type))
            }
        }
    )*};
}

// Key material must not end up in a log by way of {:?}.
opaque!(PublicKey SigningKey DecryptionKey);

#[cfg(test)]
mod tests {
    use super::super::testkeys;
    use super::*;
    use openssl::bn::BigNum;
    use openssl::rsa::Rsa;

    #[test]
    fn keys_are_read_in_their_forms() {
        let keys = testkeys::get();
        let certificate = Certificate::parse(keys.rsa_cert.as_bytes()).unwrap();
        let key = SigningKey::parse(keys.rsa_pem.as_bytes(), Some(certificate.clone())).unwrap();
        let id = key.public().key_id();
        let spki = key.public().pkey().public_key_to_pem().unwrap();
        let der = Certificate::from_base64(&format!(" {}\n", certificate.to_base64())).unwrap();
        for read in [
            PublicKey::parse(keys.rsa_cert.as_bytes(), Policy::Modern),
            PublicKey::parse(&spki, Policy::Modern),
            PublicKey::parse(
                &key.public().pkey().public_key_to_der().unwrap(),
                Policy::Modern,
            ),
            PublicKey::from_certificate(der, Policy::Modern),
        ] {
            assert_eq!(read.unwrap().key_id(), id);
        }
        assert_eq!(id.len(), 64);
        assert!(PublicKey::parse(b"x", Policy::Modern).is_err());
        assert!(format!("{key:?}").len() < 12);
    }

    #[test]
    fn weak_and_foreign_keys_are_refused() {
        let keys = testkeys::get();
        let small = testkeys::rsa(1024);
        let public = small.public_key_to_pem().unwrap();
        assert_eq!(
            PublicKey::parse(&public, Policy::Modern).unwrap_err(),
            KeyError::TooSmall(1024)
        );
        let legacy = PublicKey::parse(&public, Policy::LegacyForOfflineVerdicts).unwrap();
        assert!(!legacy.is_admitted(Policy::Modern));
        let private = small.private_key_to_pem_pkcs8().unwrap();
        assert_eq!(
            SigningKey::parse(&private, None).unwrap_err(),
            KeyError::TooSmall(1024)
        );
        assert_eq!(
            DecryptionKey::parse(&private).unwrap_err(),
            KeyError::TooSmall(1024)
        );
        let ec = keys.p256_pem.as_bytes();
        assert!(matches!(
            DecryptionKey::parse(ec),
            Err(KeyError::Unsupported(_))
        ));
        let k1 = testkeys::ec(Nid::SECP256K1).public_key_to_pem().unwrap();
        assert!(matches!(
            PublicKey::parse(&k1, Policy::Modern),
            Err(KeyError::Unsupported(_))
        ));
        let ed = PKey::generate_ed25519()
            .unwrap()
            .public_key_to_pem()
            .unwrap();
        assert!(matches!(
            PublicKey::parse(&ed, Policy::Modern),
            Err(KeyError::Unsupported(_))
        ));
        let certificate = Certificate::parse(keys.rsa_cert.as_bytes()).unwrap();
        assert_eq!(
            SigningKey::parse(ec, Some(certificate)).unwrap_err(),
            KeyError::Mismatch
        );
    }

    #[test]
    fn a_modulus_has_an_upper_end() {
        let of = |bits: i32| {
            let mut modulus = BigNum::new().unwrap();
            modulus.set_bit(bits - 1).unwrap();
            modulus.set_bit(0).unwrap();
            let exponent = BigNum::from_u32(65_537).unwrap();
            let rsa = Rsa::from_public_components(modulus, exponent).unwrap();
            let pem = PKey::from_rsa(rsa).unwrap().public_key_to_pem().unwrap();
            PublicKey::parse(&pem, Policy::Modern)
        };
        assert_eq!(of(2048).unwrap().kind(), Kind::Rsa { bits: 2048 });
        assert_eq!(of(2047).unwrap_err(), KeyError::TooSmall(2047));
        assert!(of(16_384).is_ok());
        assert!(matches!(of(16_385), Err(KeyError::Unsupported(_))));
    }

    #[test]
    fn what_stands_in_for_a_content_key_is_the_same_each_time_and_known_to_nobody() {
        let read = |pem: &[u8]| DecryptionKey::parse(pem).unwrap();
        let key = read(testkeys::get().rsa_pem.as_bytes());
        let other = read(&testkeys::rsa(2048).private_key_to_pem_pkcs8().unwrap());
        let stand_in = key.implicit_rejection(b"one");
        assert_eq!(stand_in, key.implicit_rejection(b"one"));
        assert_ne!(stand_in, key.implicit_rejection(b"two"));
        assert_ne!(stand_in, other.implicit_rejection(b"one"));
        // What the sender knows does not give it.
        let public = key.pkey().public_key_to_der().unwrap();
        for known in [&b"one"[..], &[&public[..], b"one"].concat()] {
            assert_ne!(stand_in, sha256(known));
        }
    }

    #[test]
    fn an_algorithm_must_fit_the_key() {
        let ec = SigningKey::parse(testkeys::get().p256_pem.as_bytes(), None).unwrap();
        assert_eq!(ec.algorithm(), SignatureAlgorithm::Ecdsa(Digest::Sha256));
        assert!(
            ec.clone()
                .with_algorithm(SignatureAlgorithm::Ecdsa(Digest::Sha512))
                .is_ok()
        );
        assert!(
            ec.with_algorithm(SignatureAlgorithm::RsaPss(Digest::Sha256))
                .is_err()
        );
    }
}
