//! A good configuration with its files, and what can be wrong with them. Keys are made once per run, so that
//! nobody's key is in here and the shipped ones stay what they are: refused.

use crate::config::pki;
use crate::dsig::{Certificate, Place, SigningKey, sign};
use crate::mint::testchance::Counting;
use crate::mint::{self, Authority, Fault, KeyKind, Made, Recipe};
use crate::oiosaml::Cvr;
use crate::saml::metadata;
use crate::xml::Document;
use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509Name};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use time::OffsetDateTime;
use time::macros::datetime;

pub const NOW: OffsetDateTime = datetime!(2026-12-01 08:00 UTC);

/// A configuration without any problem.
pub const GOOD: &str = r#"[hub]
public_url = "https://hub.example"
[[hub.keys]]
certificate = "hub.pem"
key = "hub.key.pem"

[settings]
multipleauthn_from = "3"

[[organisation]]
cvr = "11111111"
name = "Prøvekøbing Kommune"

[[identity_provider]]
name = "idp"
id = "https://idp.example/saml"
presentation_name = "IdP"
oiosaml_profile = "OIOSAML3"
assurance_level = 3
nsis_assurance_level = "Substantial"
user_contexts = ["11111111"]
saml_metadata = "idp.xml"

[[user_facing_system]]
name = "system"
id = "https://system.example/saml"
cvr = "55555555"
oiosaml_profile = "OIOSAML3"
nsis_assurance_level = "Low"
saml_metadata = "sp.xml"
"#;

/// A folder with every file that a configuration of the tests names. It goes when the test is over.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static FILES: OnceLock<Vec<(&str, String)>> = OnceLock::new();
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("vejviser-config-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("folder");
        for (name, content) in FILES.get_or_init(files) {
            std::fs::write(folder.join(name), content).expect(name);
        }
        Self(folder)
    }
    /// Where the configuration would stand.
    pub fn configuration(&self) -> PathBuf {
        self.0.join("federation.toml")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn files() -> Vec<(&'static str, String)> {
    // The hub's, the identity provider's and the system's: nobody has the key of another one.
    let (hub_key, key, small) = (rsa(2048), rsa(2048), rsa(1024));
    let lasting = |key| certificate(key, "20260102000000Z", "20560102000000Z");
    let (hub, good) = (lasting(&hub_key), lasting(&key));
    let sp_pem = lasting(&rsa(2048));
    let (hub_cert, cert, sp_cert) = (base64(&hub), base64(&good), base64(&sp_pem));
    let dated = |from: &str, to: &str| base64(&certificate(&key, from, to));
    let pem = |key: &PKey<Private>| {
        String::from_utf8(key.private_key_to_pem_pkcs8().expect("pem")).expect("text")
    };
    let public = base64(pki::certificate("testrup").expect("shipped"));
    let small = base64(&certificate(&small, "20260102000000Z", "20560102000000Z"));
    let ca = base64(&certificate(
        &rsa(2048),
        "20260102000000Z",
        "20560102000000Z",
    ));
    let idp_xml = idp(&cert);
    let sp_xml = sp(&sp_cert);
    let signed = signed(&idp_xml, pem(&key).as_bytes(), &good);
    // One character of base64 becomes another one.
    let damaged = |element: &str| {
        let start = signed.find(&format!("{element}>")).expect(element) + element.len() + 10;
        let other = if &signed[start..=start] == "A" {
            "B"
        } else {
            "A"
        };
        format!("{}{other}{}", &signed[..start], &signed[start + 1..])
    };
    let gcm = "http://www.w3.org/2009/xmlenc11#aes128-gcm";
    let with_methods = |methods: &[&str]| {
        let methods: String = methods
            .iter()
            .map(|uri| format!("<md:EncryptionMethod Algorithm=\"{uri}\"/>"))
            .collect();
        sp_xml.replace("<!-- methods -->", &methods)
    };
    let authority = Authority::new(NOW, 365, &mut Counting(0)).expect("CA");
    let broken = |fault| broken(&authority, fault);
    let (usage, weak, late) = (
        broken(Fault::WrongUsage),
        broken(Fault::Rsa1024),
        broken(Fault::Expired),
    );
    vec![
        ("usage.pem", usage.certificate_pem.clone()),
        ("usage.key.pem", usage.key_pem.clone()),
        ("weak.pem", weak.certificate_pem.clone()),
        ("weak.key.pem", weak.key_pem.clone()),
        ("late.pem", late.certificate_pem.clone()),
        ("late.key.pem", late.key_pem.clone()),
        ("idp-usage.xml", idp(&usage.certificate.to_base64())),
        ("sp-usage.xml", sp(&usage.certificate.to_base64())),
        ("sp-usage-enc.xml", sp_xml.replace("<md:KeyDescriptor>", "<md:KeyDescriptor use=\"signing\">").replace("<md:AssertionConsumerService", &format!("<md:KeyDescriptor use=\"encryption\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:AssertionConsumerService", usage.certificate.to_base64()))),
        ("hub.pem", hub),
        ("hub.key.pem", pem(&hub_key)),
        ("sp.pem", sp_pem),
        ("other.pem", good.clone()),
        ("expired.pem", certificate(&hub_key, "20230101000000Z", "20261101000000Z")),
        ("later.pem", certificate(&key, "20270101000000Z", "20300101000000Z")),
        ("short.key", "31 bytes are one byte too few.\n".to_owned()),
        ("other.key.pem", pem(&rsa(2048))),
        ("shipped.pem", pki::certificate("hub").expect("shipped").to_owned()),
        ("shipped.key.pem", pki::private_key("hub").expect("shipped").to_owned()),
        ("idp.xml", idp_xml.clone()),
        ("idp-broken.xml", "<md:EntityDescriptor".to_owned()),
        ("idp-doctype.xml", format!("<!DOCTYPE x>{idp_xml}")),
        ("idp-late.xml", idp_xml.replace("entityID", "validUntil=\"2026-11-30T00:00:00Z\" entityID")),
        ("idp-post.xml", idp_xml.replace("HTTP-Redirect", "HTTP-POST")),
        ("idp-http.xml", idp_xml.replace("https://idp.example/sso", "http://idp.example/sso")),
        ("idp-nokey.xml", idp_xml.replace("use=\"signing\"", "use=\"encryption\"")),
        ("idp-small.xml", idp(&small)),
        ("idp-public.xml", idp(&public)),
        ("idp-expired.xml", idp(&dated("20230101000000Z", "20261101000000Z"))),
        ("idp-soon.xml", idp(&dated("20240101000000Z", "20261215000000Z"))),
        ("idp-early.xml", idp(&dated("20270101000000Z", "20300101000000Z"))),
        ("idp-two.xml", idp_xml.replace(&format!("{cert}</ds:X509Certificate>"), &format!("{cert}</ds:X509Certificate></ds:X509Data><ds:X509Data><ds:X509Certificate>bm90IG9uZQ==</ds:X509Certificate>"))),
        ("idp-chain.xml", idp_xml.replace(&format!("{cert}</ds:X509Certificate>"), &format!("{cert}</ds:X509Certificate><ds:X509Certificate>{ca}</ds:X509Certificate>"))),
        ("idp-signed.xml", signed.clone()),
        ("idp-changed.xml", signed.replace("https://idp.example/sso", "https://idp2.example/sso")),
        ("idp-value.xml", damaged("SignatureValue")),
        ("idp-info.xml", damaged("DigestValue")),
        ("idp-uri.xml", signed.replace("URI=\"#m1\"", "URI=\"#m2\"")),
        ("idp-sha1.xml", signed.replace("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#rsa-sha1")),
        ("idp-bom.xml", format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>{idp_xml}")),
        ("idp-boms.xml", format!("\u{feff}\u{feff}{idp_xml}")),
        ("idp-idn.xml", idp_xml.replace("https://idp.example/sso", "https://prøve.example/sso")),
        ("idp-port.xml", idp_xml.replace("https://idp.example/sso", "https://idp.example:port/sso")),
        ("sp-space.xml", sp_xml.replace("https://system.example/acs", "https://system.example/a cs")),
        ("idp-shared.xml", idp(&hub_cert)),
        ("sp-shared.xml", sp(&cert)),
        ("sp-shared-enc.xml", sp_xml.replace("<md:KeyDescriptor>", "<md:KeyDescriptor use=\"signing\">").replace("<md:AssertionConsumerService", &format!("<md:KeyDescriptor use=\"encryption\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{hub_cert}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:AssertionConsumerService"))),
        ("sp-oiosaml2.xml", with_methods(&["http://www.w3.org/2001/04/xmlenc#tripledes-cbc", "http://www.w3.org/2001/04/xmlenc#aes256-cbc", "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"])),
        ("idp-role.xml", sp_xml.replace("https://system.example/saml", "https://idp.example/saml")),
        ("sp.xml", sp_xml.clone()),
        ("sp-role.xml", idp_xml.replace("https://idp.example/saml", "https://system.example/saml")),
        ("sp-artifact.xml", sp_xml.replace("HTTP-POST", "HTTP-Artifact")),
        ("sp-noenc.xml", sp_xml.replace("<md:KeyDescriptor>", "<md:KeyDescriptor use=\"signing\">")),
        ("sp-public.xml", sp_xml.replace("<md:KeyDescriptor>", "<md:KeyDescriptor use=\"signing\">").replace("<md:AssertionConsumerService", &format!("<md:KeyDescriptor use=\"encryption\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{public}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:AssertionConsumerService"))),
        ("sp-cbc.xml", with_methods(&["http://www.w3.org/2001/04/xmlenc#aes256-cbc"])),
        ("sp-rsa15.xml", with_methods(&[gcm, "http://www.w3.org/2001/04/xmlenc#rsa-1_5"])),
        ("federation.xml", format!("<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{idp_xml}{sp_xml}</md:EntitiesDescriptor>")),
    ]
}

/// As `certs new --fault` makes it.
fn broken(authority: &Authority, fault: Fault) -> Made {
    let recipe = Recipe {
        organisation: "Opfundet".to_owned(),
        cvr: Cvr::parse("99999999").expect("digits"),
        common_name: format!("{fault:?}"),
        uuid: None,
        not_before: NOW,
        days: 365,
        key: KeyKind::Rsa(2048),
        fault: Some(fault),
        reuse: None,
    };
    mint::make(&recipe, authority, &mut Counting(0)).expect("made")
}

fn signed(xml: &str, key: &[u8], certificate: &str) -> String {
    let document = Document::parse(xml.as_bytes()).expect("xml");
    let mut entity = metadata::read(document.root()).expect("metadata").remove(0);
    entity.id = Some("m1".to_owned());
    let certificate = Certificate::parse(certificate.as_bytes()).expect("certificate");
    let key = SigningKey::parse(key, Some(certificate)).expect("key");
    let bytes = sign(&entity.to_element(), "m1", Place::First, &key)
        .as_bytes()
        .to_vec();
    String::from_utf8(bytes).expect("text")
}

/// Metadata of an identity provider.
pub fn idp(certificate: &str) -> String {
    format!(
        r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://idp.example/saml"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>"#
    )
}

/// Metadata of a user-facing system.
pub fn sp(certificate: &str) -> String {
    format!(
        r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://system.example/saml"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo><!-- methods --></md:KeyDescriptor><md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://system.example/acs" index="0"/></md:SPSSODescriptor></md:EntityDescriptor>"#
    )
}

/// The base64 of a certificate in PEM.
pub fn base64(pem: &str) -> String {
    Certificate::parse(pem.as_bytes())
        .expect("certificate")
        .to_base64()
}

fn rsa(bits: u32) -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(bits).expect("rsa")).expect("key")
}

fn certificate(key: &PKey<Private>, from: &str, to: &str) -> String {
    let mut name = X509Name::builder().expect("name");
    name.append_entry_by_text("CN", "Prøve").expect("name");
    let name = name.build();
    let mut x509 = X509::builder().expect("x509");
    x509.set_version(2).expect("version");
    x509.set_subject_name(&name).expect("subject");
    x509.set_issuer_name(&name).expect("issuer");
    x509.set_pubkey(key).expect("key");
    x509.set_not_before(&Asn1Time::from_str(from).expect("time"))
        .expect("from");
    x509.set_not_after(&Asn1Time::from_str(to).expect("time"))
        .expect("to");
    x509.sign(key, MessageDigest::sha256()).expect("signature");
    String::from_utf8(x509.build().to_pem().expect("pem")).expect("text")
}
