use super::*;
use crate::dsig::Digest;
use crate::saml::names;
use crate::saml::samples::{document, files, xsd_verdict};
use time::macros::datetime;

fn endpoint(binding: &str, location: &str, response: Option<&str>) -> Endpoint {
    Endpoint {
        binding: binding.to_owned(),
        location: location.to_owned(),
        response_location: response.map(str::to_owned),
    }
}

fn keys() -> Vec<KeyDescriptor> {
    let transport = |xmlenc11, digest, mgf| {
        EncryptionMethod::Transport(KeyTransport {
            xmlenc11,
            digest,
            mgf,
        })
    };
    vec![
        KeyDescriptor {
            usage: KeyUse::Encryption,
            certificates: vec!["MIIB".to_owned(), "MIIC".to_owned()],
            encryption_methods: vec![
                EncryptionMethod::Cipher(BlockCipher::Aes256Gcm),
                transport(true, Digest::Sha256, Digest::Sha512),
                transport(false, Digest::Sha1, Digest::Sha1),
                EncryptionMethod::Unknown("urn:x:cipher".to_owned()),
            ],
        },
        KeyDescriptor {
            usage: KeyUse::Signing,
            certificates: vec!["MIIB".to_owned()],
            encryption_methods: Vec::new(),
        },
        KeyDescriptor {
            usage: KeyUse::Both,
            certificates: vec!["MIID".to_owned()],
            encryption_methods: Vec::new(),
        },
    ]
}

fn full() -> Entity {
    Entity {
        entity_id: "https://saml.ch2.example/runtime".to_owned(),
        id: Some("_md1".to_owned()),
        valid_until: Some(datetime!(2027-01-01 00:00:00 UTC)),
        idp: Some(IdpRole {
            want_authn_requests_signed: true,
            keys: keys(),
            single_sign_on: vec![endpoint(
                names::binding::REDIRECT,
                "https://ch2.example/issue?a=1&b",
                None,
            )],
            single_logout: vec![endpoint(
                names::binding::POST,
                "https://ch2.example/issue",
                Some("https://ch2.example/off"),
            )],
            name_id_formats: vec![names::name_id::PERSISTENT.to_owned()],
            assurance_certification: vec![
                "urn:dk:gov:saml:attribute:AssuranceLevel:3".to_owned(),
                "https://data.gov.dk/concept/core/nsis/loa/High".to_owned(),
            ],
        }),
        sp: Some(SpRole {
            authn_requests_signed: true,
            want_assertions_signed: false,
            keys: keys(),
            assertion_consumer: vec![
                IndexedEndpoint {
                    endpoint: endpoint(names::binding::POST, "https://ch2.example/consume", None),
                    index: 0,
                    is_default: Some(true),
                },
                IndexedEndpoint {
                    endpoint: endpoint(
                        names::binding::ARTIFACT,
                        "https://ch2.example/artifact",
                        None,
                    ),
                    index: 65535,
                    is_default: None,
                },
            ],
            single_logout: Vec::new(),
            name_id_formats: Vec::new(),
        }),
        organization: Some("Testkommune æøå".to_owned()),
    }
}

/// The types have no equality, because certificates have none; their debug form tells everything.
fn same(one: &Entity, other: &Entity) {
    assert_eq!(format!("{one:#?}"), format!("{other:#?}"));
}

const DECLARED: &str = "xmlns='urn:oasis:names:tc:SAML:2.0:metadata' xmlns:ds='http://www.w3.org/2000/09/xmldsig#' \
    xmlns:a='urn:oasis:names:tc:SAML:2.0:assertion' xmlns:m='urn:oasis:names:tc:SAML:metadata:attribute' \
    xmlns:e='http://www.w3.org/2001/04/xmlenc#' xmlns:f='http://www.w3.org/2009/xmlenc11#'";
const SSO: &str = "<SingleSignOnService Binding='b' Location='l'/>";
const ACS: &str = "<AssertionConsumerService Binding='b' Location='l' index='1'/>";

fn entity(attributes: &str, inside: &str) -> String {
    format!("<EntityDescriptor {DECLARED} {attributes}>{inside}</EntityDescriptor>")
}

fn role(name: &str, inside: &str) -> String {
    format!(
        "<{name} protocolSupportEnumeration='urn:x\n{}'>{inside}</{name}>",
        names::PROTOCOL
    )
}

fn read_text(xml: &str) -> Result<Vec<Entity>, crate::saml::SchemaError> {
    read(document(xml.as_bytes()).root())
}

fn idp(inside: &str) -> Result<IdpRole, crate::saml::SchemaError> {
    let xml = entity("entityID='e'", &role("IDPSSODescriptor", inside));
    read_text(&xml).map(|mut entities| entities.remove(0).idp.expect("an identity provider"))
}

fn key(attributes: &str, inside: &str) -> Result<KeyDescriptor, crate::saml::SchemaError> {
    idp(&format!(
        "<KeyDescriptor {attributes}>{inside}</KeyDescriptor>{SSO}"
    ))
    .map(|mut role| role.keys.remove(0))
}

#[test]
fn round_trip() {
    let system = Entity {
        idp: None,
        id: None,
        valid_until: None,
        organization: None,
        ..full()
    };
    let provider = Entity { sp: None, ..full() };
    for entity in [full(), system, provider] {
        let xml = entity.to_element().render();
        let read =
            read_text(xml.as_str()).unwrap_or_else(|error| panic!("{error}: {}", xml.as_str()));
        assert_eq!(read.len(), 1);
        same(&read[0], &entity);
        if let Some(verdict) = xsd_verdict(xml.as_bytes()) {
            assert_eq!(verdict, Ok(()), "{}", xml.as_str());
        }
    }
}

#[test]
fn metadata_of_the_real_hub() {
    for (name, xml) in files("spec/metadata") {
        let entities = read_text(&String::from_utf8_lossy(&xml))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(entities.len(), 1, "{name}");
        let entity = &entities[0];
        let keys = match (&entity.idp, &entity.sp) {
            (Some(idp), None) if name.contains("-idp-") => &idp.keys,
            (None, Some(sp)) if name.contains("-sp-") => &sp.keys,
            _ => panic!("{name} has other roles"),
        };
        for usage in [KeyUse::Encryption, KeyUse::Signing] {
            assert_eq!(
                keys.iter().filter(|key| key.usage == usage).count(),
                1,
                "{name}"
            );
        }
        if name.starts_with("ch2-idp") {
            // Written in the wrong namespace, an attribute for each value.
            assert_eq!(
                entity
                    .idp
                    .as_ref()
                    .map(|idp| idp.assurance_certification.len()),
                Some(6)
            );
        }
        if name != "ch1-idp-exttest.xml" {
            assert!(entity.organization.is_some(), "{name}");
        }
    }
}

#[test]
fn aggregates() {
    let one = |id: &str, until: &str| {
        entity(
            &format!("entityID='{id}' {until}"),
            &role("IDPSSODescriptor", SSO),
        )
    };
    let xml = format!(
        "<EntitiesDescriptor {DECLARED} validUntil='2026-06-01T00:00:00Z'>{}{}\
         <EntitiesDescriptor validUntil='2026-03-01T00:00:00Z'><Extensions><any/></Extensions>{}</EntitiesDescriptor>\
         </EntitiesDescriptor>",
        one("a", ""),
        one("b", "validUntil='2026-01-01T00:00:00Z'"),
        one("c", "validUntil='2027-01-01T00:00:00Z'"),
    );
    let found: Vec<_> = read_text(&xml)
        .expect("good")
        .into_iter()
        .map(|entity| {
            (
                entity.entity_id,
                entity.valid_until.expect("inherited").date().month() as u8,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("a".to_owned(), 6),
            ("b".to_owned(), 1),
            ("c".to_owned(), 3)
        ]
    );
    let twice = xml.replace("entityID='c'", "entityID='a'");
    assert_eq!(
        read_text(&twice).expect_err("twice").what,
        "a second descriptor of a"
    );
    assert!(read_text(&format!("<EntitiesDescriptor {DECLARED}/>")).is_err());
}

#[test]
fn the_validity_of_a_role_counts() {
    let role = role("SPSSODescriptor", ACS).replace(
        "<SPSSODescriptor",
        "<SPSSODescriptor validUntil='2026-01-01T00:00:00Z'",
    );
    let entities = read_text(&entity(
        "entityID='e' validUntil='2026-06-01T00:00:00Z'",
        &role,
    ))
    .expect("good");
    assert_eq!(
        entities[0].valid_until,
        Some(datetime!(2026-01-01 00:00:00 UTC))
    );
}

#[test]
fn levels_wherever_they_stand() {
    let attribute = |prefix: &str, value: &str| {
        format!(
            "<Extensions><x xmlns='urn:x'/><m:EntityAttributes><{prefix}:Attribute Name='{}'>\
             <{prefix}:AttributeValue> {value}\n</{prefix}:AttributeValue></{prefix}:Attribute>\
             <a:Attribute Name='other'><a:AttributeValue>no</a:AttributeValue></a:Attribute></m:EntityAttributes></Extensions>",
            names::ASSURANCE_CERTIFICATION
        )
    };
    let role = role(
        "IDPSSODescriptor",
        &format!("{}{SSO}", attribute("m", "two")),
    );
    let xml = entity("entityID='e'", &format!("{}{role}", attribute("a", "one")));
    let idp = read_text(&xml)
        .expect("good")
        .remove(0)
        .idp
        .expect("a role");
    assert_eq!(idp.assurance_certification, ["one", "two"]);
}

#[test]
fn other_roles_and_protocols_are_skipped() {
    let saml1 = role("IDPSSODescriptor", SSO).replace("SAML:2.0:protocol", "SAML:1.1:protocol");
    let inside = format!(
        "<RoleDescriptor xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='x'>any</RoleDescriptor>{saml1}\
         {}<AttributeAuthorityDescriptor/><Organization><any/></Organization><ContactPerson/><ContactPerson/>\
         <AdditionalMetadataLocation/>",
        role(
            "SPSSODescriptor",
            &format!(
                "<ArtifactResolutionService/><ManageNameIDService/>{ACS}<AttributeConsumingService/>"
            )
        ),
    );
    let entity = read_text(&entity("entityID='e'", &inside))
        .expect("good")
        .remove(0);
    assert!(entity.idp.is_none() && entity.organization.is_none());
    let system = entity.sp.expect("a system");
    assert!(!system.authn_requests_signed && !system.want_assertions_signed);
    assert!(system.keys.is_empty());
}

#[test]
fn keys_by_use() {
    let info = "<ds:KeyInfo><ds:KeyName>k</ds:KeyName><ds:X509Data><ds:X509Certificate>\n A\nB </ds:X509Certificate>\
                <ds:X509Certificate>C</ds:X509Certificate></ds:X509Data><ds:X509Data><ds:X509SubjectName/>\
                <ds:X509Certificate>D</ds:X509Certificate></ds:X509Data></ds:KeyInfo>";
    let both = key("", info).expect("good");
    assert_eq!(
        (both.usage, both.certificates),
        (KeyUse::Both, vec!["A\nB".into(), "C".into(), "D".into()])
    );
    assert_eq!(
        key("use='signing'", info).map(|key| key.usage),
        Ok(KeyUse::Signing)
    );
    assert_eq!(
        key("use='encryption'", info).map(|key| key.usage),
        Ok(KeyUse::Encryption)
    );
    for bad in ["use=''", "use='Signing'", "use='signing encryption'"] {
        assert!(key(bad, info).is_err(), "{bad}");
    }
    assert!(key("", "").is_err() && key("", &format!("{info}{info}")).is_err());
}

#[test]
fn encryption_methods() {
    let method = |algorithm: &str, inside: &str| {
        let xml = format!(
            "<ds:KeyInfo/><EncryptionMethod Algorithm='{algorithm}'>{inside}</EncryptionMethod>"
        );
        key("", &xml).expect("good").encryption_methods.remove(0)
    };
    let transport = |xmlenc11, digest, mgf| {
        EncryptionMethod::Transport(KeyTransport {
            xmlenc11,
            digest,
            mgf,
        })
    };
    let (oaep, mgf1p) = (
        "http://www.w3.org/2009/xmlenc11#rsa-oaep",
        "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
    );
    let sha256 = "<ds:DigestMethod Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/>";
    let mask256 = "<f:MGF Algorithm='http://www.w3.org/2009/xmlenc11#mgf1sha256'/>";
    assert_eq!(
        method(
            "http://www.w3.org/2009/xmlenc11#aes256-gcm",
            "<e:KeySize>256</e:KeySize>"
        ),
        EncryptionMethod::Cipher(BlockCipher::Aes256Gcm)
    );
    assert_eq!(
        method(mgf1p, ""),
        transport(false, Digest::Sha1, Digest::Sha1)
    );
    assert_eq!(
        method(mgf1p, sha256),
        transport(false, Digest::Sha256, Digest::Sha1)
    );
    assert_eq!(
        method(oaep, "<e:OAEPparams> </e:OAEPparams>"),
        transport(true, Digest::Sha1, Digest::Sha1)
    );
    assert_eq!(
        method(oaep, &format!("{sha256}{mask256}")),
        transport(true, Digest::Sha256, Digest::Sha256)
    );
    for (algorithm, inside) in [
        ("http://www.w3.org/2001/04/xmlenc#rsa-1_5", ""),
        (mgf1p, mask256),
        (oaep, "<e:OAEPparams>bGFiZWw=</e:OAEPparams>"),
        (oaep, "<ds:DigestMethod Algorithm='urn:x'/>"),
        (oaep, "<f:MGF Algorithm='urn:x'/>"),
    ] {
        assert_eq!(
            method(algorithm, inside),
            EncryptionMethod::Unknown(algorithm.to_owned()),
            "{inside}"
        );
    }
}

#[test]
fn what_the_schema_has_no_room_for() {
    let good = role("IDPSSODescriptor", SSO);
    assert!(read_text(&entity("entityID='e'", &good)).is_ok());
    for bad in [
        entity("", &good),
        entity("entityID=''", &good),
        entity(&format!("entityID='{}'", "e".repeat(1025)), &good),
        entity("entityID='e' ID='1'", &good),
        entity("entityID='e' validUntil='tomorrow'", &good),
        entity("entityID='e'", ""),
        entity("entityID='e'", "text"),
        entity("entityID='e'", &format!("{good}<Unknown/>")),
        entity("entityID='e'", &format!("{good}<Extensions/>")),
        entity("entityID='e'", &format!("{good}{good}")),
        entity(
            "entityID='e'",
            &good.replace("protocolSupportEnumeration", "protocols"),
        ),
        entity("entityID='e'", &role("IDPSSODescriptor", "")),
        entity(
            "entityID='e'",
            &role("IDPSSODescriptor", "<SingleSignOnService Binding='b'/>"),
        ),
        entity(
            "entityID='e'",
            &role(
                "IDPSSODescriptor",
                &format!("{SSO}<KeyDescriptor><ds:KeyInfo/></KeyDescriptor>"),
            ),
        ),
        entity("entityID='e'", &role("SPSSODescriptor", "")),
        entity(
            "entityID='e'",
            &role("SPSSODescriptor", &ACS.replace("index='1'", "")),
        ),
        entity(
            "entityID='e'",
            &role(
                "SPSSODescriptor",
                &ACS.replace("index='1'", "index='65536'"),
            ),
        ),
        entity(
            "entityID='e'",
            &role(
                "SPSSODescriptor",
                &ACS.replace("index='1'", "index='1' isDefault='yes'"),
            ),
        ),
        entity("entityID='e'", &good).replace("EntityDescriptor", "Entity"),
    ] {
        assert!(read_text(&bad).is_err(), "{bad}");
    }
}

#[test]
fn the_default_endpoint() {
    let mut role = SpRole::default();
    assert_eq!(role.default_acs(), None);
    for (defaults, expected) in [
        (vec![Some(false), None, Some(true)], 2),
        (vec![Some(false), None, None], 1),
        (vec![Some(false), Some(false)], 0),
        (vec![None, Some(true)], 1),
    ] {
        role.assertion_consumer = (0u16..)
            .zip(defaults)
            .map(|(index, is_default)| IndexedEndpoint {
                endpoint: endpoint("b", "l", None),
                index,
                is_default,
            })
            .collect();
        assert_eq!(
            role.default_acs().map(|service| service.index),
            Some(expected)
        );
    }
}
