//! Decryption of an assertion. Every failure is the same failure to the outside.

use super::envelope::{self, Candidate};
use super::oaep::{self, Envelope};
use super::{BlockCipher, DecryptError, DecryptionKey, KeyTransport, content};
use crate::xml::{Document, Limits, Node};

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
    /// Which of the keys opened it. For ourselves only: a peer who learns it learns that it opened.
    pub key_index: usize,
}

/// Decrypts `saml:EncryptedAssertion` (or any element with one `xenc:EncryptedData` child). The EncryptedKey
/// may stand in KeyInfo or beside EncryptedData. Every one of `keys` is tried.
pub fn decrypt(
    encrypted: Node<'_>,
    keys: &[DecryptionKey],
    policy: DecryptPolicy,
) -> Result<Decrypted, DecryptError> {
    let message = envelope::read(encrypted, policy)?;
    let (content_key, envelope, key_index) =
        content_key(&message.candidates, keys, message.cipher)?;
    let opened = content::open(message.cipher, &content_key, &message.sealed);
    let (plain, valid) = opened.ok_or(DecryptError::Failed)?;
    // The plaintext takes the place of EncryptedData, so its context is the element around that.
    let scope = encrypted.namespaces_in_scope();
    let document = Document::parse_in_scope(&plain, &scope, &Limits::MESSAGE);
    let transport = match envelope {
        Envelope::Oaep(transport) => Some(transport),
        Envelope::Pkcs1v15 => None,
    };
    Ok(Decrypted {
        document: document
            .ok()
            .filter(|_| valid)
            .ok_or(DecryptError::Failed)?,
        cipher: message.cipher,
        transport,
        key_index,
    })
}

/// The content key, or another one (implicit rejection): a peer must not learn from what comes later, or from how long it takes,
/// whether its envelope opened.
fn content_key(
    candidates: &[Candidate],
    keys: &[DecryptionKey],
    cipher: BlockCipher,
) -> Result<(Vec<u8>, Envelope, usize), DecryptError> {
    let length = cipher.cipher().key_len();
    let mut found = None;
    let mut opened = 0;
    for candidate in candidates {
        // No early exit: every key is tried on every candidate.
        let unwrap = |(index, key): (usize, &DecryptionKey)| {
            let unwrapped = oaep::unwrap(key.pkey(), candidate.envelope, &candidate.wrapped);
            let content_key = unwrapped
                .ok()
                .filter(|content_key| content_key.len() == length);
            Some((content_key?, index))
        };
        let mut ours: Vec<_> = keys.iter().enumerate().filter_map(unwrap).collect();
        if let Some((content_key, index)) = ours.pop() {
            opened += 1;
            found = Some((content_key, candidate.envelope, index));
        }
    }
    let (key, candidate) = keys
        .first()
        .zip(candidates.first())
        .ok_or(DecryptError::Failed)?;
    // Made in either case, so that the work is the same.
    let rejection = key.implicit_rejection(&candidate.wrapped);
    // Two envelopes for us would leave open which of them the sender meant.
    if let Some(found) = found.filter(|_| opened == 1) {
        return Ok(found);
    }
    Ok((rejection[..length].to_vec(), candidate.envelope, 0))
}
