//! Signatures of the HTTP-Redirect binding (SAML bindings §3.4.4.1): over the raw query octets.

use super::{Policy, PublicKey, SignatureAlgorithm, SignatureError, SigningKey};

/// Appends `&SigAlg=…&Signature=…` to a query string that has only the message and RelayState.
pub fn sign_query(query: &str, key: &SigningKey) -> String {
    let _ = (query, key);
    todo!()
}

/// Verifies `signature` over `octets`, exactly as they were received. `algorithm` is the URI in SigAlg.
/// Returns which key made it. ECDSA values are accepted as r‖s and, because deployed senders differ, as DER.
pub fn verify_query(octets: &[u8], algorithm: &str, signature: &[u8], keys: &[PublicKey], policy: Policy) -> Result<(usize, SignatureAlgorithm), SignatureError> {
    let _ = (octets, algorithm, signature, keys, policy);
    todo!()
}
