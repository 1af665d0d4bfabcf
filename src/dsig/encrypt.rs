//! Encryption of an assertion for one recipient.

use super::oaep::{self, Envelope};
use super::{BlockCipher, Digest, KeyTransport, PublicKey, base64, content};
use crate::xml::{Canonical, DS, Element, XENC, XENC11};

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

/// The `Type` of an EncryptedData that holds one element (XML Encryption 1.1 §3.1).
pub(super) const TYPE_ELEMENT: &str = "http://www.w3.org/2001/04/xmlenc#Element";

/// Encrypts one element; the result is `xenc:EncryptedData` of type Element with the EncryptedKey in its
/// KeyInfo.
///
/// # Panics
///
/// If the recipient's key is not RSA. Whoever makes a [`Recipient`] asks [`PublicKey::is_rsa`] first.
pub fn encrypt(plain: &Canonical, recipient: &Recipient, entropy: &mut dyn Entropy) -> Element {
    encrypt_octets(plain.as_bytes(), recipient, entropy)
}

/// The same of octets that are no element of ours: what a hub with faults sends.
pub(crate) fn encrypt_octets(
    plain: &[u8],
    recipient: &Recipient,
    entropy: &mut dyn Entropy,
) -> Element {
    let cipher = recipient.cipher;
    let mut content_key = vec![0; cipher.cipher().key_len()];
    let mut iv = vec![0; cipher.iv_len()];
    let mut padding = [0; 16];
    entropy.fill(&mut content_key);
    entropy.fill(&mut iv);
    entropy.fill(&mut padding);
    let sealed = content::seal(cipher, &content_key, &iv, plain, &padding)
        .expect("key and IV have the cipher's lengths");
    let transport = normal(recipient.transport);
    let wrapped = oaep::wrap(
        recipient.key.pkey(),
        Envelope::Oaep(transport),
        &content_key,
    )
    .expect("an RSA key of 2048 bits holds a content key");

    let encrypted_key = Element::new(XENC, "EncryptedKey")
        .child(transport_method(transport))
        .child(cipher_data(&wrapped));
    Element::new(XENC, "EncryptedData")
        .attr("Type", TYPE_ELEMENT)
        .child(Element::new(XENC, "EncryptionMethod").attr("Algorithm", cipher.uri()))
        .child(Element::new(DS, "KeyInfo").child(encrypted_key))
        .child(cipher_data(&sealed))
}

/// `rsa-oaep-mgf1p` means MGF1 with SHA-1, whatever the struct says.
fn normal(transport: KeyTransport) -> KeyTransport {
    match transport.xmlenc11 {
        true => transport,
        false => KeyTransport {
            mgf: Digest::Sha1,
            ..transport
        },
    }
}

fn transport_method(transport: KeyTransport) -> Element {
    let method = Element::new(XENC, "EncryptionMethod").attr("Algorithm", transport.uri());
    // Defaults are left out only in the one spelling that everyone has always read that way.
    if transport == KeyTransport::OAEP_MGF1P {
        return method;
    }
    let digest = Element::new(DS, "DigestMethod").attr("Algorithm", transport.digest.uri());
    let mgf = Element::new(XENC11, "MGF").attr("Algorithm", transport.mgf.mgf_uri());
    method
        .child(digest)
        .child_opt(transport.xmlenc11.then_some(mgf))
}

fn cipher_data(bytes: &[u8]) -> Element {
    let value = Element::new(XENC, "CipherValue").text(base64::encode(bytes));
    Element::new(XENC, "CipherData").child(value)
}
