//! XML signatures and encryption, narrow on purpose.
//!
//! One `ds:Signature` directly after `Issuer` (first child in metadata), one Reference to its parent,
//! transforms exactly enveloped + exclusive C14N, allow-listed algorithms, and keys only from the caller.
//! What [`verify`] hands out is [`SignedXml`]: the canonical bytes that were digested, and nothing else of
//! the message.

mod algorithm;
pub(crate) mod base64;
mod certificate;
mod content;
mod decrypt;
pub(crate) mod der;
mod encrypt;
mod envelope;
mod error;
mod hex;
mod key;
mod oaep;
mod octets;
mod redirect;
mod revocation;
mod sign;
mod structure;
#[cfg(test)]
mod testkeys;
#[cfg(test)]
mod tests;
mod verify;

pub use algorithm::{BlockCipher, Digest, KeyTransport, Policy, SignatureAlgorithm};
pub use certificate::{
    Certificate, Holder, KeyStory, OCES3_ORGANISATION_POLICY, Origin, SignatureStory, Story, Usage,
    Validity,
};
pub use decrypt::{DecryptPolicy, Decrypted, decrypt};
pub(crate) use encrypt::encrypt_octets;
pub use encrypt::{Entropy, Recipient, encrypt};
pub use error::{DecryptError, KeyError, SignatureError};
pub(crate) use hex::hex;
pub(crate) use key::private_key;
pub use key::{DecryptionKey, PublicKey, SigningKey};
pub use redirect::{sign_query, verify_query};
pub use revocation::{
    Revocation, RevocationError, RevocationList, Sources, ocsp_request, read_crl, read_ocsp,
    where_to_ask,
};
pub use sign::{Place, sign};
pub use verify::{SignedXml, has_signature, verify};
