//! Verification of an enveloped signature.

use super::structure::Structure;
use super::{Policy, PublicKey, SignatureAlgorithm, SignatureError, octets};
use crate::xml::{DS, Document, Limits, Node, SAML, canonical_within};
use openssl::memcmp;

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
    pub fn root(&self) -> Node<'_> {
        self.document.root()
    }
    /// The algorithm of the signature.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }
    /// Which of the given keys made it.
    pub fn key_index(&self) -> usize {
        self.key
    }
}

/// Whether `element` has a `ds:Signature` as a child, good or bad.
pub fn has_signature(element: Node<'_>) -> bool {
    element.child(DS, "Signature").is_some()
}

/// Verifies the enveloped signature of `element` with the keys of the one entity that must have made it.
///
/// Every one of `keys` is tried; `KeyInfo` in the message is never looked at. Exactly one `ds:Signature`
/// child, directly after `saml:Issuer` or, where there is no Issuer, as the first child element; exactly
/// one Reference with `URI="#ID"` of `element`. The signature value is checked first, the digest second.
pub fn verify(
    element: Node<'_>,
    keys: &[PublicKey],
    policy: Policy,
) -> Result<SignedXml, SignatureError> {
    let signature = find(element)?;
    if keys.is_empty() {
        return Err(SignatureError::NoTrustedKey);
    }
    let structure = Structure::read(signature, policy)?;
    let id = element.attribute("ID").filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| SignatureError::Reference("the element has no ID".to_owned()))?;
    if structure.uri.strip_prefix('#') != Some(id) {
        let how = format!("URI {:?}, but the element's ID is {id:?}", structure.uri);
        return Err(SignatureError::Reference(how));
    }
    let signed_info = canonical_text(structure.signed_info, None, &structure.signed_info_prefixes)?;
    let made_by = |key: &PublicKey| {
        key.is_admitted(policy)
            && key.kind().fits(structure.algorithm)
            && octets::verify(
                key.pkey(),
                key.kind(),
                structure.algorithm,
                signed_info.as_bytes(),
                &structure.value,
            )
    };
    let key = keys.iter().position(made_by).ok_or(SignatureError::Value)?;

    let content = canonical_text(element, Some(signature), &structure.prefixes)?;
    let digest = structure.digest.of(content.as_bytes());
    let digest = digest.map_err(|_| SignatureError::Digest)?;
    // memcmp panics on different lengths.
    if digest.len() != structure.digest_value.len() || !memcmp::eq(&digest, &structure.digest_value)
    {
        return Err(SignatureError::Digest);
    }
    Ok(SignedXml {
        document: read_again(&content)?,
        algorithm: structure.algorithm,
        key,
    })
}

/// The one signature, where it must stand (SAML core schemas: right after Issuer; metadata: first).
fn find(element: Node<'_>) -> Result<Node<'_>, SignatureError> {
    let misplaced = |how: &str| Err(SignatureError::Misplaced(how.to_owned()));
    let mut signatures = element.elements().filter(|e| e.is(DS, "Signature"));
    let Some(signature) = signatures.next() else {
        return Err(SignatureError::Missing);
    };
    if signatures.next().is_some() {
        return misplaced("more than one in the same element");
    }
    let mut elements = element.elements();
    let first = elements.next().filter(|first| first.is(SAML, "Issuer"));
    let expected = match first {
        Some(_) => elements.next(),
        None => element.elements().next(),
    };
    // An Issuer further down does not make the first place one for the signature.
    let has_issuer = element.child(SAML, "Issuer").is_some();
    match expected {
        Some(found) if found.same(signature) && first.is_some() == has_issuer => Ok(signature),
        _ if has_issuer => misplaced("it must follow Issuer directly"),
        _ => misplaced("it must be the first element"),
    }
}

/// Canonical form, at most a few times what arrived: a message in which a few declarations become megabytes
/// is no message.
fn canonical_text(
    apex: Node<'_>,
    omit: Option<Node<'_>>,
    prefixes: &[&str],
) -> Result<String, SignatureError> {
    let budget = 4 * apex.source_len() + 64 * 1024;
    let text = canonical_within(apex, omit, prefixes, budget);
    text.ok_or_else(|| SignatureError::Structure("canonical form too large".to_owned()))
}

/// What was digested, as a document. It has the nodes of one that was read within limits, but its namespace
/// declarations may stand on other elements.
fn read_again(content: &str) -> Result<Document, SignatureError> {
    let limits = Limits {
        bytes: usize::MAX,
        attributes: 128,
        namespaces: 128,
        ..Limits::METADATA
    };
    Document::parse_text(content, &limits)
        .map_err(|error| SignatureError::Structure(format!("canonical form: {error}")))
}
