//! Whether the metadata is what its owner signed.

use super::Rule;
use super::finding::Sink;
use super::keys::Used;
use crate::dsig::{self, Certificate, Policy, PublicKey, SignatureError};
use crate::xml::{DS, Node};

/// A chain has a handful.
const MAX_SHOWN: usize = 8;

/// Judges the signature of the one party's descriptor. Who may sign is not published: the certificate in KeyInfo and
/// those of the role are tried.
pub(super) fn judge(sink: &mut Sink, entity: Node<'_>, used: &[Used]) {
    let Some(signature) = entity.child(DS, "Signature") else {
        sink.add(
            Rule::SignatureMissing,
            entity,
            "no Signature",
            "a Signature",
        );
        return;
    };
    let shown = shown(signature);
    let own = used.iter().map(|used| used.certificate.clone());
    let (mut keys, mut refused) = (Vec::new(), Vec::new());
    for certificate in shown.into_iter().chain(own) {
        match PublicKey::from_certificate(certificate, Policy::Modern) {
            Ok(key) => keys.push(key),
            Err(why) => refused.push(why.to_string()),
        }
    }
    if keys.is_empty() {
        let found = match refused.is_empty() {
            true => "no certificate, neither in KeyInfo nor in the role".to_owned(),
            false => refused.join("; "),
        };
        let expected = "an X509Certificate in KeyInfo";
        sink.add(Rule::SignatureKey, signature, found, expected);
        return;
    }
    match dsig::verify(entity, &keys, Policy::Modern) {
        Ok(signed) => {
            let by = keys[signed.key_index()].key_id();
            let own = used
                .iter()
                .any(|used| used.certificate.story().key_id == *by);
            // Of a role without a readable certificate, that is told.
            if !own && !used.is_empty() {
                let certificate = keys[signed.key_index()].certificate();
                let found = certificate.map(Certificate::subject).unwrap_or_default();
                let expected = "the certificate of the role";
                sink.add(Rule::SignatureForeign, signature, found, expected);
            }
        }
        Err(why @ (SignatureError::Digest | SignatureError::Value)) => {
            let found = match why {
                SignatureError::Value => {
                    "neither the certificate in KeyInfo nor one of the role made it".to_owned()
                }
                why => why.to_string(),
            };
            let expected = "the signature of what stands in the file";
            sink.add(Rule::SignatureBroken, signature, found, expected);
        }
        Err(why) => {
            let expected = "RSA-SHA256 over the whole EntityDescriptor, enveloped, exclusive C14N";
            sink.add(Rule::SignatureForm, signature, why.to_string(), expected);
        }
    }
}

/// The certificates in KeyInfo.
fn shown(signature: Node<'_>) -> Vec<Certificate> {
    let info = signature.elements().filter(|node| node.is(DS, "KeyInfo"));
    let below = info.flat_map(Node::descendants);
    let texts = below.filter(|node| node.is(DS, "X509Certificate"));
    // More would only be more keys to try.
    let texts = texts.take(MAX_SHOWN);
    texts
        .filter_map(|node| Certificate::from_base64(&node.text()?).ok())
        .collect()
}
