//! Signing what our own writer wrote.

use super::algorithm::{ENVELOPED, EXCLUSIVE_C14N};
use super::{SigningKey, base64};
use crate::xml::{Canonical, DS, Element, SAML};
use openssl::hash::hash;

/// Where the signature goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// After the first child, `saml:Issuer`: messages and assertions.
    AfterIssuer,
    /// Before all children: metadata.
    First,
}

/// Renders `element`, which has an `ID` attribute, and puts an enveloped signature over it in `place`.
/// The certificate of the key is shown in KeyInfo.
pub fn sign(element: &Element, id: &str, place: Place, key: &SigningKey) -> Canonical {
    // An element without Issuer is signed before all children, which is where a verifier looks for it.
    let after_issuer = place == Place::AfterIssuer && element.starts_with(SAML, "Issuer");
    let (rendered, at) = element.render_before(usize::from(after_issuer));
    // The writer's output is canonical, so its bytes are what a verifier will digest, and SignedInfo on its
    // own is what a verifier will canonicalise out of the Signature.
    let signed_info = signed_info(rendered.as_bytes(), id, key);
    let value = key.sign_octets(signed_info.render().as_bytes());
    let key_info = key.certificate().map(|certificate| {
        let certificate = Element::new(DS, "X509Certificate").text(certificate.to_base64());
        Element::new(DS, "KeyInfo").child(Element::new(DS, "X509Data").child(certificate))
    });
    let signature = Element::new(DS, "Signature")
        .child(signed_info)
        .child(Element::new(DS, "SignatureValue").text(base64::encode(&value)))
        .child_opt(key_info);
    rendered.splice(at, &signature.render())
}

fn signed_info(content: &[u8], id: &str, key: &SigningKey) -> Element {
    let method = |name, uri: &'static str| Element::new(DS, name).attr("Algorithm", uri);
    // SHA-1 is for signatures that are meant to be refused; nothing digests with it otherwise.
    let digest = key.algorithm().digest();
    let value = hash(digest.message_digest(), content).expect("OpenSSL has the SHA family");
    let transforms = Element::new(DS, "Transforms")
        .child(method("Transform", ENVELOPED))
        .child(method("Transform", EXCLUSIVE_C14N));
    Element::new(DS, "SignedInfo")
        .child(method("CanonicalizationMethod", EXCLUSIVE_C14N))
        .child(method("SignatureMethod", key.algorithm().uri()))
        .child(
            Element::new(DS, "Reference")
                .attr("URI", format!("#{id}"))
                .child(transforms)
                .child(method("DigestMethod", digest.uri()))
                .child(Element::new(DS, "DigestValue").text(base64::encode(&value))),
        )
}
