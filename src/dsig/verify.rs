//! Verification of an enveloped signature.

use super::{Policy, PublicKey, SignatureAlgorithm, SignatureError};
use crate::xml::{Document, Node};

/// Every byte in here was covered by one allowed signature of one of the keys given to [`verify`].
/// Only `verify` makes one.
#[derive(Debug, Clone)]
pub struct SignedXml {
    document: Document,
    algorithm: SignatureAlgorithm,
    key: usize,
}

impl SignedXml {
    /// The signed element, read again from the canonical bytes that were digested. The enveloped
    /// signature itself is not in it.
    pub fn root(&self) -> Node<'_> { self.document.root() }
    /// The algorithm of the signature.
    pub fn algorithm(&self) -> SignatureAlgorithm { self.algorithm }
    /// Which of the given keys made it.
    pub fn key_index(&self) -> usize { self.key }
}

/// Whether `element` has a `ds:Signature` as a child, good or bad.
pub fn has_signature(element: Node<'_>) -> bool { let _ = element; todo!() }

/// Verifies the enveloped signature of `element` with the keys of the one entity that must have made it.
///
/// Every one of `keys` is tried; `KeyInfo` in the message is never looked at. Exactly one `ds:Signature`
/// child, directly after `saml:Issuer` or, where there is no Issuer, as the first child element; exactly
/// one Reference with `URI="#ID"` of `element`. The signature value is checked first, the digest second.
pub fn verify(element: Node<'_>, keys: &[PublicKey], policy: Policy) -> Result<SignedXml, SignatureError> {
    let _ = (element, keys, policy);
    todo!()
}
