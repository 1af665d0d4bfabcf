//! Who takes part: the hub, two municipalities' IdPs, a system and an attacker, with the keys of `certs/`.

use super::Case;
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use std::path::Path;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use vejviser::dsig::{
    self, BlockCipher, Digest, Entropy, KeyTransport, Place, Policy, PublicKey, Recipient,
    SigningKey,
};
use vejviser::oiosaml::attributes;
use vejviser::saml::response::Content;
use vejviser::saml::{
    Assertion, Attribute, AuthnStatement, Conditions, NameId, Response, Status,
    SubjectConfirmation, names,
};

pub const NOW: OffsetDateTime = datetime!(2026-11-21 12:00:00 UTC);
pub const HUB: &str = "https://hub.example/runtime";
pub const ACS: &str = "https://hub.example/runtime/saml2auth/consume.idp";
pub const ISSUE: &str = "https://hub.example/runtime/saml2/issue.idp";
pub const IDP: &str = "https://idp.eksempelstrup.example/saml";
pub const CVR: &str = "22222222";
pub const OTHER_IDP: &str = "https://idp.testrup.example/saml";
pub const OTHER_CVR: &str = "33333333";
pub const SYSTEM: &str = "https://sag.example/saml";
pub const SYSTEM_ACS: &str = "https://sag.example/acs";
pub const REQUEST: &str = "_request-1";
pub const USER: &str =
    "C=DK,O=22222222,CN=Anna Eksempel,Serial=a0000000-0000-4000-8000-000000000001";
/// Whom an attacker wants to be.
pub const VICTIM: &str =
    "C=DK,O=22222222,CN=Borgmester,Serial=a0000000-0000-4000-8000-00000000ffff";

/// The keys by the names of their files.
pub const IDP_KEY: &str = "eksempelstrup";
pub const OTHER_KEY: &str = "testrup";
pub const SYSTEM_KEY: &str = "sagssystem";
pub const ATTACKER_KEY: &str = "borgerportal";

fn certs(file: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("certs");
    std::fs::read(folder.join(file)).unwrap_or_else(|error| panic!("certs/{file}: {error}"))
}

/// The private key of a party; its certificate is not shown in KeyInfo, to keep the files small.
pub fn key(name: &str) -> SigningKey {
    SigningKey::parse(&certs(&format!("{name}.key.pem")), None).expect(name)
}

pub fn certificate_pem(name: &str) -> Vec<u8> {
    certs(&format!("{name}.pem"))
}

pub fn certificate(name: &str) -> dsig::Certificate {
    dsig::Certificate::parse(&certificate_pem(name)).expect(name)
}

/// A P-256 key that needs no file of its own: everybody can compute it, so it is no secret.
fn p256() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let scalar = BigNum::from_slice(&openssl::sha::sha256(b"Vejviser attack cases")).unwrap();
    let mut context = BigNumContext::new().unwrap();
    let mut point = EcPoint::new(&group).unwrap();
    point.mul_generator2(&group, &scalar, &mut context).unwrap();
    let key = EcKey::from_private_components(&group, &scalar, &point).unwrap();
    PKey::from_ec_key(key).unwrap()
}

/// The file `p256.pem` beside the cases.
pub fn p256_public() -> Vec<u8> {
    p256().public_key_to_pem().unwrap()
}

pub fn p256_key() -> SigningKey {
    SigningKey::parse(&p256().private_key_to_pem_pkcs8().unwrap(), None).unwrap()
}

/// The same bytes in every run.
#[derive(Default)]
pub struct Counted(u8);

impl Entropy for Counted {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
    }
}

pub const OAEP_11: KeyTransport = KeyTransport {
    xmlenc11: true,
    digest: Digest::Sha256,
    mgf: Digest::Sha256,
};

/// The hub, as somebody to encrypt for.
pub fn hub(cipher: BlockCipher, transport: KeyTransport) -> Recipient {
    recipient("hub", cipher, transport)
}

pub fn recipient(name: &str, cipher: BlockCipher, transport: KeyTransport) -> Recipient {
    Recipient {
        key: PublicKey::from_certificate(certificate(name), Policy::Modern).unwrap(),
        cipher,
        transport,
    }
}

pub fn attribute(name: &str, values: &[&str]) -> Attribute {
    Attribute {
        name: name.to_owned(),
        name_format: Some(names::attribute_name_format::URI.to_owned()),
        friendly_name: None,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    }
}

/// What the IdP says of a user who did everything right.
pub fn assertion() -> Assertion {
    Assertion {
        id: "_assertion-1".to_owned(),
        version: "2.0".to_owned(),
        issue_instant: NOW,
        issuer: IDP.to_owned(),
        issuer_format: None,
        name_id: Some(NameId {
            value: USER.to_owned(),
            format: Some(names::name_id::X509_SUBJECT_NAME.to_owned()),
            name_qualifier: None,
            sp_name_qualifier: None,
        }),
        confirmations: vec![SubjectConfirmation {
            method: names::BEARER.to_owned(),
            recipient: Some(ACS.to_owned()),
            not_before: None,
            not_on_or_after: Some(NOW + Duration::minutes(5)),
            in_response_to: Some(REQUEST.to_owned()),
        }],
        conditions: Some(Conditions {
            not_before: Some(NOW),
            not_on_or_after: Some(NOW + Duration::minutes(10)),
            audience_restrictions: vec![vec![HUB.to_owned()]],
            ..Conditions::default()
        }),
        authn_statements: vec![AuthnStatement {
            authn_instant: NOW,
            session_index: Some("_session-1".to_owned()),
            session_not_on_or_after: None,
            class_ref: Some(names::PASSWORD_PROTECTED_TRANSPORT.to_owned()),
            authenticating_authorities: Vec::new(),
        }],
        attributes: vec![
            attribute(attributes::SPEC_VERSION_3, &["OIO-SAML-3.0"]),
            attribute(attributes::LOA, &["Substantial"]),
            attribute(attributes::CVR_3, &[CVR]),
        ],
    }
}

/// What the attacker would like the IdP to have said.
pub fn evil() -> Assertion {
    let mut evil = assertion();
    evil.id = "_evil-1".to_owned();
    evil.name_id.as_mut().unwrap().value = VICTIM.to_owned();
    evil
}

pub fn response() -> Response {
    Response {
        id: "_response-1".to_owned(),
        version: "2.0".to_owned(),
        issue_instant: NOW,
        in_response_to: Some(REQUEST.to_owned()),
        destination: Some(ACS.to_owned()),
        consent: None,
        issuer: Some(IDP.to_owned()),
        issuer_format: None,
        status: Status::success(),
    }
}

/// The assertion, signed by `key`.
pub fn signed(assertion: &Assertion, key: &SigningKey) -> String {
    let element = assertion.to_element();
    let signed = dsig::sign(&element, &assertion.id, Place::AfterIssuer, key);
    signed.as_str().to_owned()
}

/// An unsigned Response around `content`, whatever that is.
pub fn around(response: &Response, content: &str) -> String {
    let empty = response.to_element(None).render();
    let end = "</samlp:Response>";
    empty.as_str().replacen(end, &[content, end].concat(), 1)
}

/// The form that most IdPs send without encryption: the assertion signed, the Response not.
pub fn plain(bend: impl FnOnce(&mut Response, &mut Assertion)) -> String {
    plain_by(&key(IDP_KEY), bend)
}

pub fn plain_by(key: &SigningKey, bend: impl FnOnce(&mut Response, &mut Assertion)) -> String {
    let (mut response, mut assertion) = (response(), assertion());
    bend(&mut response, &mut assertion);
    around(&response, &signed(&assertion, key))
}

/// The other form: the Response signed, the assertion in it not.
pub fn whole(bend: impl FnOnce(&mut Response, &mut Assertion)) -> String {
    whole_by(&key(IDP_KEY), bend)
}

pub fn whole_by(key: &SigningKey, bend: impl FnOnce(&mut Response, &mut Assertion)) -> String {
    let (mut response, mut assertion) = (response(), assertion());
    bend(&mut response, &mut assertion);
    let content = Content::Assertion(assertion.to_element().render());
    signed_response(&response, Some(content), key)
}

pub fn signed_response(response: &Response, content: Option<Content>, key: &SigningKey) -> String {
    let element = response.to_element(content);
    let signed = dsig::sign(&element, &response.id, Place::AfterIssuer, key);
    signed.as_str().to_owned()
}

/// A case about an IdP's Response, with everything given that there is to judge it by.
pub fn answer(name: &str, expect: &str, why: &str, message: impl Into<Vec<u8>>) -> Case {
    case(name, "response", "xml", expect, why, message)
        .set("profile", "oiosaml3")
        .set("peer", IDP)
        .set("peer-key", IDP_KEY)
        .set("me", HUB)
        .set("acs", ACS)
        .set("in-response-to", REQUEST)
        .set("key", "hub")
        .set("required-level", "Substantial")
}

/// The same for a Response that is good: whom it names is stated too.
pub fn good(name: &str, why: &str, message: impl Into<Vec<u8>>) -> Case {
    answer(name, "accept", why, message)
        .set("name-id", USER)
        .set("level", "Substantial")
}

/// A case about anything; the class is what its name begins with.
pub fn case(
    name: &str,
    kind: &str,
    input: &str,
    expect: &str,
    why: &str,
    message: impl Into<Vec<u8>>,
) -> Case {
    let class = name
        .split('-')
        .next()
        .unwrap_or_default()
        .trim_start_matches('0');
    Case::new(name, message)
        .set("kind", kind)
        .set("input", input)
        .set("expect", expect)
        .set("class", class)
        .set("why", why)
        .set("now", "2026-11-21T12:00:00Z")
}

/// With `also`, unless there is nothing to say.
pub trait Also {
    fn also(self, checks: &str) -> Self;
    fn chance(self) -> Self;
}

impl Also for Case {
    fn also(self, checks: &str) -> Self {
        self.set("also", checks)
    }
    fn chance(self) -> Self {
        self.set("chance", "yes")
    }
}

/// The public key of a certificate, as OpenSSL has it.
pub fn certificate_key(name: &str) -> PKey<openssl::pkey::Public> {
    let certificate = openssl::x509::X509::from_pem(&certificate_pem(name)).unwrap();
    certificate.public_key().unwrap()
}
