//! Signature wrapping (XSW): a good signature that stands where it proves nothing.

use super::signature::{check, rsa};
use crate::dsig::{Place, Policy, SignatureError as E, sign, verify};
use crate::xml::{Document, Element, SAML, SAMLP};

#[test]
fn a_signature_is_no_use_elsewhere() {
    let key = rsa();
    let assertion = Element::new(SAML, "Assertion")
        .attr("ID", "_a")
        .child(Element::new(SAML, "Issuer").text("idp"));
    let signed = sign(&assertion, "_a", Place::AfterIssuer, &key);
    // Wrapped: the signed element lies in an evil one that has taken its signature.
    let signature = {
        let text = signed.as_str();
        let start = text.find("<ds:Signature").unwrap();
        let end = text.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
        text[start..end].to_owned()
    };
    let original = assertion.render();
    let evil = format!(
        "<saml:Assertion xmlns:saml='{}' ID='_evil'><saml:Issuer>idp</saml:Issuer>{signature}{}</saml:Assertion>",
        SAML.uri,
        original.as_str()
    );
    assert!(matches!(
        check(&evil, &key, Policy::Modern),
        Err(E::Reference(_))
    ));
    let same_id = evil.replace("_evil", "_a");
    assert!(Document::parse(same_id.as_bytes()).is_err());
    let without_id = evil.replace(" ID='_evil'", "");
    assert!(matches!(
        check(&without_id, &key, Policy::Modern),
        Err(E::Reference(_))
    ));
    // A signature below, in an Extension or Object, is not the element's own.
    let below = format!(
        "<samlp:Response xmlns:samlp='{}' ID='_x'><samlp:Extensions>{}</samlp:Extensions></samlp:Response>",
        SAMLP.uri,
        signed.as_str()
    );
    assert_eq!(check(&below, &key, Policy::Modern).unwrap_err(), E::Missing);
    // The signed assertion inside an unsigned Response is verified where it stands.
    let response = Element::new(SAMLP, "Response")
        .attr("ID", "_r")
        .canonical_child(signed)
        .render();
    let document = Document::parse(response.as_bytes()).unwrap();
    let inner = document.root().elements().next().unwrap();
    assert!(verify(inner, &[key.public()], Policy::Modern).is_ok());
}

proptest::proptest! {
    /// Whatever is cut out of a signed message and put in elsewhere: if it still verifies, it says the same.
    #[test]
    fn no_mutant_says_another_thing(
        from in 0usize..3000, length in 0usize..400, to in 0usize..3000, replace in 0usize..30,
    ) {
        let element = super::signature::message();
        let signed = super::signature::signed();
        let mut bytes = signed.as_bytes().to_vec();
        let at = |i: usize| i % bytes.len();
        let (from, to) = (at(from), at(to));
        let piece = bytes[from..(from + length).min(bytes.len())].to_vec();
        let end = (to + replace).min(bytes.len());
        bytes.splice(to..end, piece);
        if let Ok(document) = Document::parse(&bytes) {
            for node in std::iter::once(document.root()).chain(document.root().descendants()) {
                if let Ok(verified) = verify(node, &[super::signature::public()], Policy::Modern) {
                    let said = crate::xml::canonical(verified.root(), None, &[]);
                    proptest::prop_assert!(said == element.render().as_str());
                }
            }
        }
    }
}
