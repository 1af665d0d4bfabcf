//! Encryption of an assertion for one recipient.

use super::{BlockCipher, KeyTransport, PublicKey};
use crate::xml::{Canonical, Element};

/// Where randomness comes from. The edge gives the system's generator, tests a fixed one.
///
/// OpenSSL draws the seed of OAEP, the salt of PSS and the nonce of ECDSA from its own generator, because
/// handing those in would mean writing the padding ourselves; everything else that is random comes from here.
pub trait Entropy {
    /// Fills `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// Whom to encrypt for, and how.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// The RSA key from the recipient's metadata.
    pub key: PublicKey,
    /// Cipher of the content.
    pub cipher: BlockCipher,
    /// Transport of the content key.
    pub transport: KeyTransport,
}

/// Encrypts one element; the result is `xenc:EncryptedData` of type Element with the EncryptedKey in its
/// KeyInfo.
pub fn encrypt(plain: &Canonical, recipient: &Recipient, entropy: &mut dyn Entropy) -> Element {
    let _ = (plain, recipient, entropy);
    todo!()
}
