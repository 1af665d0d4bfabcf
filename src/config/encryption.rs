//! How assertions for a system are encrypted: from its metadata, and from its registration where that says
//! otherwise (design: first allowed cipher and first allowed key transport in document order, independently).

use super::EncryptionEntry;
use crate::dsig::{BlockCipher, Certificate, Digest, KeyTransport, Policy, PublicKey, Recipient};
use crate::saml::metadata::{EncryptionMethod, KeyDescriptor, KeyUse};

/// What metadata without EncryptionMethod gets: what the real hub was seen to send in 2026.
const DEFAULT_CIPHER: BlockCipher = BlockCipher::Aes256Gcm;
const DEFAULT_TRANSPORT: KeyTransport = KeyTransport {
    xmlenc11: true,
    digest: Digest::Sha256,
    mgf: Digest::Sha256,
};
const OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
pub(super) const OAEP_MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";

/// Algorithms that the registration chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Override {
    /// The block cipher; CBC is possible only here.
    pub cipher: Option<BlockCipher>,
    /// The spelling of the key transport: `xmlenc11#rsa-oaep` or not.
    pub xmlenc11: Option<bool>,
    /// The OAEP digest.
    pub digest: Option<Digest>,
}

/// Why there is no way to encrypt for a system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoEncryption {
    /// No key that can be used; why each of them cannot.
    Key(Vec<String>),
    /// Ciphers are listed, and none is allowed.
    Cipher(Vec<String>),
    /// Key transports are listed, and none is allowed.
    Transport(Vec<String>),
}

/// Reads the registration's choice; what it says that nobody knows, as (key, value, what is possible).
pub fn read_override(
    entry: &EncryptionEntry,
) -> Result<Override, Vec<(&'static str, String, String)>> {
    let mut unknown = Vec::new();
    let cipher = entry.cipher.as_ref().and_then(|uri| {
        let known = BlockCipher::from_uri(uri);
        if known.is_none() {
            unknown.push((
                "cipher",
                uri.clone(),
                BlockCipher::ALL
                    .iter()
                    .map(|c| c.uri())
                    .collect::<Vec<_>>()
                    .join(" "),
            ));
        }
        known
    });
    let xmlenc11 = entry
        .key_transport
        .as_ref()
        .and_then(|uri| match uri.as_str() {
            OAEP => Some(true),
            OAEP_MGF1P => Some(false),
            _ => {
                unknown.push(("key_transport", uri.clone(), format!("{OAEP} {OAEP_MGF1P}")));
                None
            }
        });
    let digest = entry.digest.as_ref().and_then(|uri| {
        let known = Digest::from_uri(uri);
        if known.is_none() {
            unknown.push((
                "digest",
                uri.clone(),
                Digest::ALL
                    .iter()
                    .map(|d| d.uri())
                    .collect::<Vec<_>>()
                    .join(" "),
            ));
        }
        known
    });
    if unknown.is_empty() {
        Ok(Override {
            cipher,
            xmlenc11,
            digest,
        })
    } else {
        Err(unknown)
    }
}

/// Whom to encrypt for and how: the first descriptor with a key that can be used decides.
pub fn choose(descriptors: &[KeyDescriptor], over: Override) -> Result<Recipient, NoEncryption> {
    let mut unusable = Vec::new();
    for descriptor in descriptors
        .iter()
        .filter(|descriptor| descriptor.usage != KeyUse::Signing)
    {
        // One key a descriptor: further certificates are the same key or the chain above it.
        let Some(text) = descriptor.certificates.first() else {
            continue;
        };
        match usable(text) {
            Ok(key) => {
                let methods = &descriptor.encryption_methods;
                let cipher = over.cipher.map_or_else(|| cipher(methods), Ok)?;
                let transport = transport(methods, over)?;
                return Ok(Recipient {
                    key,
                    cipher,
                    transport,
                });
            }
            Err(why) => unusable.push(why),
        }
    }
    Err(NoEncryption::Key(unusable))
}

fn usable(certificate: &str) -> Result<PublicKey, String> {
    let key = Certificate::from_base64(certificate)
        .and_then(|c| PublicKey::from_certificate(c, Policy::Modern));
    let key = key.map_err(|why| why.to_string())?;
    if key.is_rsa() {
        Ok(key)
    } else {
        Err("not an RSA key; only RSA keys can be encrypted to".to_owned())
    }
}

fn cipher(methods: &[EncryptionMethod]) -> Result<BlockCipher, NoEncryption> {
    let mut refused = Vec::new();
    for method in methods {
        match method {
            EncryptionMethod::Cipher(gcm @ (BlockCipher::Aes128Gcm | BlockCipher::Aes256Gcm)) => {
                return Ok(*gcm);
            }
            EncryptionMethod::Cipher(cbc) => refused.push(cbc.uri().to_owned()),
            EncryptionMethod::Unknown(uri) if uri.ends_with("-cbc") || uri.ends_with("-gcm") => {
                refused.push(uri.clone())
            }
            _ => {}
        }
    }
    if refused.is_empty() {
        Ok(DEFAULT_CIPHER)
    } else {
        Err(NoEncryption::Cipher(refused))
    }
}

fn transport(methods: &[EncryptionMethod], over: Override) -> Result<KeyTransport, NoEncryption> {
    if let Some(xmlenc11) = over.xmlenc11 {
        return Ok(spelled(
            xmlenc11,
            over.digest.unwrap_or(if xmlenc11 {
                Digest::Sha256
            } else {
                Digest::Sha1
            }),
        ));
    }
    let mut refused = Vec::new();
    for method in methods {
        match method {
            EncryptionMethod::Transport(transport) => {
                return Ok(over
                    .digest
                    .map_or(*transport, |digest| spelled(transport.xmlenc11, digest)));
            }
            EncryptionMethod::Unknown(uri) if uri.contains("#rsa") => refused.push(uri.clone()),
            _ => {}
        }
    }
    match over.digest {
        Some(digest) => Ok(spelled(true, digest)),
        None if refused.is_empty() => Ok(DEFAULT_TRANSPORT),
        None => Err(NoEncryption::Transport(refused)),
    }
}

/// A transport whose mask is made with its own digest where its spelling lets it say so.
fn spelled(xmlenc11: bool, digest: Digest) -> KeyTransport {
    KeyTransport {
        xmlenc11,
        digest,
        mgf: if xmlenc11 { digest } else { Digest::Sha1 },
    }
}
