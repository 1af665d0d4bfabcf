//! Decryption of an assertion. Every failure is the same failure to the outside.

use super::{BlockCipher, DecryptError, DecryptionKey, KeyTransport};
use crate::xml::{Document, Node};

/// What a sender may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecryptPolicy {
    /// AES-GCM only.
    GcmOnly,
    /// Also AES-CBC: for senders registered with an OIOSAML2 profile.
    CbcToo,
    /// Also RSA-1_5: for `verify --allow-legacy` and the test harness, nowhere else.
    LegacyForOfflineVerdicts,
}

/// A decrypted element and how it was protected.
#[derive(Debug, Clone)]
pub struct Decrypted {
    /// The plaintext as a document of its own. It proves nothing about who wrote it.
    pub document: Document,
    /// Cipher that was used.
    pub cipher: BlockCipher,
    /// Transport that was used; `None` for RSA-1_5.
    pub transport: Option<KeyTransport>,
}

/// Decrypts `saml:EncryptedAssertion` (or any element with one `xenc:EncryptedData` child). The EncryptedKey
/// may stand in KeyInfo or beside EncryptedData. Every one of `keys` is tried.
pub fn decrypt(encrypted: Node<'_>, keys: &[DecryptionKey], policy: DecryptPolicy) -> Result<Decrypted, DecryptError> {
    let _ = (encrypted, keys, policy);
    todo!()
}
