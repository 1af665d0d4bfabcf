//! Who sent a message that is signed as its binding has it: an AuthnRequest or a logout message.

use crate::dsig::{self, Policy, PublicKey, SignatureError, SignedXml};
use crate::saml::{Binding, Decoded};
use crate::xml::Document;
use std::sync::Arc;

/// One registered key signed the message.
pub(super) struct Proof {
    /// URI of the algorithm.
    pub(super) algorithm: &'static str,
    /// Which key.
    pub(super) key_id: Arc<str>,
    /// What to read; `None` where the octets of the query were signed, and with them the whole document.
    pub(super) xml: Option<SignedXml>,
}

/// Whether the message has the signature that its binding has.
pub(super) fn is_signed(decoded: &Decoded, document: &Document) -> bool {
    match decoded.binding {
        Binding::Redirect => decoded.query_signature.is_some(),
        Binding::Post | Binding::Soap => dsig::has_signature(document.root()),
    }
}

/// Verifies what the binding demands: the query signature of a Redirect (over the octets as received), the
/// enveloped signature of a POST. An enveloped signature inside a Redirect message must be good as well:
/// whatever is signed badly fails closed.
pub(super) fn prove(
    decoded: &Decoded,
    document: &Document,
    keys: &[PublicKey],
    policy: Policy,
) -> Result<Proof, SignatureError> {
    let by = |key: usize, algorithm: dsig::SignatureAlgorithm, xml| Proof {
        algorithm: algorithm.uri(),
        key_id: (keys.get(key)).map(PublicKey::key_id).unwrap_or_default(),
        xml,
    };
    let mut proof = match (decoded.binding, &decoded.query_signature) {
        (Binding::Post | Binding::Soap, _) => None,
        (Binding::Redirect, None) => return Err(SignatureError::Missing),
        (Binding::Redirect, Some(signature)) => {
            let (key, algorithm) = dsig::verify_query(
                &signature.octets,
                &signature.algorithm,
                &signature.value,
                keys,
                policy,
            )?;
            Some(by(key, algorithm, None))
        }
    };
    if dsig::has_signature(document.root()) {
        let xml = dsig::verify(document.root(), keys, policy)?;
        proof = Some(by(xml.key_index(), xml.algorithm(), Some(xml)));
    }
    proof.ok_or(SignatureError::Missing)
}
