//! The algorithms by their URIs, and which of them are allowed.

/// A digest of a Reference, of OAEP, or of MGF1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Digest {
    /// SHA-1: in OAEP only, where it is not a weakness; as a signature digest only under a legacy policy.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// How a signature is made (RFC 9231 for the URIs).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 with the digest.
    RsaPkcs1(Digest),
    /// RSASSA-PSS with MGF1 of the same digest and a salt as long as the digest, no parameters.
    RsaPss(Digest),
    /// ECDSA with the digest; the XML value is raw r‖s. Curves P-256 and P-384.
    Ecdsa(Digest),
}

/// The cipher of an EncryptedData.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockCipher {
    /// AES-128-GCM.
    Aes128Gcm,
    /// AES-256-GCM.
    Aes256Gcm,
    /// AES-128-CBC: only where a registration asks for it.
    Aes128Cbc,
    /// AES-256-CBC: only where a registration asks for it.
    Aes256Cbc,
}

/// How the content key travels: RSA-OAEP in one of its spellings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyTransport {
    /// `xmlenc11#rsa-oaep` when true, `xmlenc#rsa-oaep-mgf1p` (MGF1 with SHA-1) when false.
    pub xmlenc11: bool,
    /// OAEP digest.
    pub digest: Digest,
    /// MGF1 digest; SHA-1 whenever `xmlenc11` is false.
    pub mgf: Digest,
}

/// Which algorithms a verifier admits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// What the running hub admits: SHA-256 and up, RSA from 2048 bits.
    Modern,
    /// Also SHA-1 and RSA-1024: for `verify --allow-legacy` and the test harness, nowhere else.
    LegacyForOfflineVerdicts,
}

macro_rules! uris {
    ($type:ident { $($variant:pat => $value:expr, $uri:literal;)* }) => {
        impl $type {
            /// The algorithm's URI.
            pub fn uri(self) -> &'static str {
                match self { $($variant => $uri,)* _ => "" }
            }
            /// The algorithm with this URI, if it is one of ours.
            pub fn from_uri(uri: &str) -> Option<Self> {
                match uri { $($uri => Some($value),)* _ => None }
            }
        }
    };
}
