//! The algorithms by their URIs, and which of them are allowed.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::hash::hash;
use openssl::md::{Md, MdRef};
use openssl::sha::sha256;
use openssl::symm::Cipher;

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

/// One list of algorithms and URIs, read in both directions.
macro_rules! uris {
    ($type:ident { $($name:ident $(($digest:ident))? => $uri:literal,)* }) => {
        impl $type {
            /// Every algorithm of this kind, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name $((Digest::$digest))?,)*];

            /// The algorithm's URI.
            pub fn uri(self) -> &'static str {
                match self { $(Self::$name $((Digest::$digest))? => $uri,)* }
            }
            /// The algorithm with this URI, if it is one of ours.
            pub fn from_uri(uri: &str) -> Option<Self> {
                match uri { $($uri => Some(Self::$name $((Digest::$digest))?),)* _ => None }
            }
        }
    };
}

uris!(Digest {
    Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
    Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
    Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
    Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
});

uris!(SignatureAlgorithm {
    RsaPkcs1(Sha1) => "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    RsaPkcs1(Sha256) => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    RsaPkcs1(Sha384) => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    RsaPkcs1(Sha512) => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    RsaPss(Sha1) => "http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1",
    RsaPss(Sha256) => "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
    RsaPss(Sha384) => "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1",
    RsaPss(Sha512) => "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
    Ecdsa(Sha1) => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
    Ecdsa(Sha256) => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    Ecdsa(Sha384) => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
    Ecdsa(Sha512) => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
});

uris!(BlockCipher {
    Aes128Gcm => "http://www.w3.org/2009/xmlenc11#aes128-gcm",
    Aes256Gcm => "http://www.w3.org/2009/xmlenc11#aes256-gcm",
    Aes128Cbc => "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
    Aes256Cbc => "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
});

/// Exclusive C14N without comments.
pub(crate) const EXCLUSIVE_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// The transform that takes the signature out of what it signs.
pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// RSAES-PKCS1-v1_5, for offline verdicts only.
pub(crate) const RSA_1_5: &str = "http://www.w3.org/2001/04/xmlenc#rsa-1_5";
/// XML Encryption 1.1 spells SHA-384 in its own namespace too (§5.7.3).
const XMLENC_SHA384: &str = "http://www.w3.org/2001/04/xmlenc#sha384";

impl Digest {
    pub(crate) fn message_digest(self) -> MessageDigest {
        match self {
            Self::Sha1 => MessageDigest::sha1(),
            Self::Sha256 => MessageDigest::sha256(),
            Self::Sha384 => MessageDigest::sha384(),
            Self::Sha512 => MessageDigest::sha512(),
        }
    }
    /// The digest of `octets`; SHA-256 without asking OpenSSL's providers for it first.
    pub(crate) fn of(self, octets: &[u8]) -> Result<Vec<u8>, ErrorStack> {
        match self {
            Self::Sha256 => Ok(sha256(octets).to_vec()),
            other => Ok(hash(other.message_digest(), octets)?.to_vec()),
        }
    }
    pub(crate) fn md(self) -> &'static MdRef {
        match self {
            Self::Sha1 => Md::sha1(),
            Self::Sha256 => Md::sha256(),
            Self::Sha384 => Md::sha384(),
            Self::Sha512 => Md::sha512(),
        }
    }
    /// The digest of an OAEP DigestMethod.
    pub(crate) fn from_oaep_uri(uri: &str) -> Option<Self> {
        if uri == XMLENC_SHA384 {
            Some(Self::Sha384)
        } else {
            Self::from_uri(uri)
        }
    }
    /// The URI of `xenc11:MGF` with this digest (XML Encryption 1.1 §5.5.2).
    pub fn mgf_uri(self) -> &'static str {
        match self {
            Self::Sha1 => "http://www.w3.org/2009/xmlenc11#mgf1sha1",
            Self::Sha256 => "http://www.w3.org/2009/xmlenc11#mgf1sha256",
            Self::Sha384 => "http://www.w3.org/2009/xmlenc11#mgf1sha384",
            Self::Sha512 => "http://www.w3.org/2009/xmlenc11#mgf1sha512",
        }
    }
    /// The digest of the MGF with this URI.
    pub fn from_mgf_uri(uri: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|digest| digest.mgf_uri() == uri)
    }
}

impl SignatureAlgorithm {
    /// The digest that is signed.
    pub fn digest(self) -> Digest {
        let (Self::RsaPkcs1(digest) | Self::RsaPss(digest) | Self::Ecdsa(digest)) = self;
        digest
    }
}

impl BlockCipher {
    /// Whether the ciphertext carries its own proof of integrity.
    pub fn is_authenticated(self) -> bool {
        matches!(self, Self::Aes128Gcm | Self::Aes256Gcm)
    }
    pub(crate) fn cipher(self) -> Cipher {
        match self {
            Self::Aes128Gcm => Cipher::aes_128_gcm(),
            Self::Aes256Gcm => Cipher::aes_256_gcm(),
            Self::Aes128Cbc => Cipher::aes_128_cbc(),
            Self::Aes256Cbc => Cipher::aes_256_cbc(),
        }
    }
    /// 96 bits for GCM (XML Encryption 1.1 §5.2.4), a block for CBC.
    pub(crate) fn iv_len(self) -> usize {
        if self.is_authenticated() { 12 } else { 16 }
    }
}

impl KeyTransport {
    /// `rsa-oaep-mgf1p` with SHA-1 throughout: what every recipient can read.
    pub const OAEP_MGF1P: Self = Self {
        xmlenc11: false,
        digest: Digest::Sha1,
        mgf: Digest::Sha1,
    };

    const MGF1P_URI: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
    const XMLENC11_URI: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";

    /// The URI of the spelling; digest and MGF stand in elements of their own.
    pub fn uri(self) -> &'static str {
        if self.xmlenc11 {
            Self::XMLENC11_URI
        } else {
            Self::MGF1P_URI
        }
    }
    /// The transport with this URI and the digests that hold where none are named.
    pub fn from_uri(uri: &str) -> Option<Self> {
        let xmlenc11 = match uri {
            Self::MGF1P_URI => false,
            Self::XMLENC11_URI => true,
            _ => return None,
        };
        Some(Self {
            xmlenc11,
            ..Self::OAEP_MGF1P
        })
    }
}

impl Policy {
    /// Whether a signature may rest on this digest.
    pub(crate) fn admits(self, digest: Digest) -> bool {
        self == Self::LegacyForOfflineVerdicts || digest != Digest::Sha1
    }
    /// The smallest RSA key in bits.
    pub(crate) fn rsa_bits(self) -> u32 {
        match self {
            Self::Modern => 2048,
            Self::LegacyForOfflineVerdicts => 1024,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_go_both_ways() {
        for &a in SignatureAlgorithm::ALL {
            assert_eq!(SignatureAlgorithm::from_uri(a.uri()), Some(a));
        }
        for &d in Digest::ALL {
            assert_eq!(Digest::from_uri(d.uri()), Some(d));
            assert_eq!(Digest::from_mgf_uri(d.mgf_uri()), Some(d));
        }
        for &c in BlockCipher::ALL {
            assert_eq!(BlockCipher::from_uri(c.uri()), Some(c));
        }
        let eleven = KeyTransport {
            xmlenc11: true,
            ..KeyTransport::OAEP_MGF1P
        };
        for t in [KeyTransport::OAEP_MGF1P, eleven] {
            assert_eq!(KeyTransport::from_uri(t.uri()), Some(t));
        }
        assert_eq!(
            SignatureAlgorithm::from_uri("http://www.w3.org/2000/09/xmldsig#hmac-sha1"),
            None
        );
    }
}
