//! Good metadata of both roles, and its signature.

use super::pki::{pki, signer};
use crate::dsig::{Certificate, SigningKey, base64};
use crate::hub::lint::LintRole;
use crate::xml::{Document, canonical};
use openssl::sha::sha256;

/// Where the signature goes.
pub const HERE: &str = "@signature@";

/// The KeyDescriptors of a certificate that is used for both.
pub fn keys(certificate: &Certificate) -> String {
    let one = |usage| key(&format!(" use=\"{usage}\""), &data(&[certificate]));
    one("signing") + &one("encryption")
}

/// A KeyDescriptor.
pub fn key(usage: &str, content: &str) -> String {
    format!("<md:KeyDescriptor{usage}><ds:KeyInfo>{content}</ds:KeyInfo></md:KeyDescriptor>")
}

/// Certificates in one KeyInfo.
pub fn data(certificates: &[&Certificate]) -> String {
    let all = certificates.iter().map(|certificate| {
        format!(
            "<ds:X509Certificate>{}</ds:X509Certificate>",
            certificate.to_base64()
        )
    });
    format!("<ds:X509Data>{}</ds:X509Data>", all.collect::<String>())
}

/// Good metadata, unsigned, with these KeyDescriptors.
pub fn unsigned(role: LintRole, keys: &str) -> String {
    let binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-";
    let (open, close, rest) = match role {
        LintRole::Idp => (
            "<md:IDPSSODescriptor WantAuthnRequestsSigned=\"true\"",
            "</md:IDPSSODescriptor>",
            format!(
                "<md:SingleSignOnService Binding=\"{binding}Redirect\" Location=\"https://part.example/sso\"/>"
            ),
        ),
        LintRole::System => (
            "<md:SPSSODescriptor AuthnRequestsSigned=\"true\" WantAssertionsSigned=\"true\"",
            "</md:SPSSODescriptor>",
            format!(
                "<md:AssertionConsumerService Binding=\"{binding}POST\" Location=\"https://part.example/acs\" index=\"0\" isDefault=\"true\"/>"
            ),
        ),
    };
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" \
         ID=\"_1\" entityID=\"https://part.example/saml\">{HERE}{open} protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
         {keys}<md:SingleLogoutService Binding=\"{binding}Redirect\" Location=\"https://part.example/slo\"/>\
         <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName</md:NameIDFormat>{rest}{close}</md:EntityDescriptor>"
    )
}

/// Signs it, with `shown` in KeyInfo.
pub fn sign(text: &str, key: &SigningKey, shown: &str) -> String {
    let bare = text.replace(HERE, "");
    let document = Document::parse(bare.as_bytes()).expect("well-formed");
    let content = canonical(document.root(), None, &[]);
    let digest = base64::encode(&sha256(content.as_bytes()));
    let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    let info = format!(
        "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:CanonicalizationMethod Algorithm=\"{exclusive}\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"{}\"></ds:SignatureMethod><ds:Reference URI=\"#_1\"><ds:Transforms>\
         <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>\
         <ds:Transform Algorithm=\"{exclusive}\"></ds:Transform></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>\
         <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>",
        key.algorithm().uri()
    );
    let value = base64::encode(&key.sign_octets(info.as_bytes()));
    let shown = match shown {
        "" => String::new(),
        shown => format!("<ds:KeyInfo>{shown}</ds:KeyInfo>"),
    };
    let signature = format!(
        "<ds:Signature>{info}<ds:SignatureValue>{value}</ds:SignatureValue>{shown}</ds:Signature>"
    );
    text.replace(HERE, &signature)
}

/// Signed with the good key.
pub fn good(text: &str) -> String {
    let made = &pki().good;
    let key = signer(made, &made.certificate);
    sign(text, &key, &data(&[&made.certificate]))
}

/// The same with one thing replaced, which must be there, signed with the good key.
pub fn edited(role: LintRole, from: &str, to: &str) -> String {
    let text = unsigned(role, &keys(&pki().good.certificate));
    assert!(text.contains(from), "«{from}» is not in {text}");
    good(&text.replacen(from, to, 1))
}

/// With another certificate on the good key everywhere.
pub fn with(certificate: &Certificate) -> String {
    let text = unsigned(LintRole::System, &keys(certificate));
    let key = signer(&pki().good, certificate);
    sign(&text, &key, &data(&[certificate]))
}
