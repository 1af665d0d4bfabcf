//! What the hub issues, read by the system's side: names, order, values, encryption, metadata.

use crate::support::world::*;
use time::Duration;
use vejviser::dsig::{self, DecryptPolicy, Policy, PublicKey};
use vejviser::hub::acs::Answered;
use vejviser::hub::identity::path;
use vejviser::hub::metadata::{Form, idp_role, sp_role};
use vejviser::hub::{Consumed, Settings};
use vejviser::oiosaml::{
    AttributeProfile, Level, Nist, Nsis, OiosamlVersion, RequestProfile, attributes,
};
use vejviser::saml::binding::{MessageField, Outbound, decode_post};
use vejviser::saml::{Assertion, Attribute, Response, metadata, names};
use vejviser::xml::Document;

/// Logs in with what the IdP states, and reads the issued assertion as the system does.
pub fn issued(world: &mut World, bend: impl FnOnce(&mut Assertion)) -> (Response, Assertion) {
    let asked = world.asked();
    let mut assertion = world.assertion(&asked);
    bend(&mut assertion);
    let decoded = assertion_signed(&world.response(&asked), &assertion, &world.keys.idp.signing);
    let Answered::Finish(finish) = world.answer(&decoded, Some(&asked), Some("browser")) else {
        panic!("{:?}", world.trace)
    };
    let Outbound::Post {
        action,
        field,
        message,
        relay_state,
    } = finish.release(&Consumed::Done).unwrap().outbound().clone()
    else {
        panic!("by POST")
    };
    assert_eq!((action.as_str(), field), (ACS, MessageField::Response));
    assert_eq!(
        relay_state.as_deref(),
        Some("træ & co"),
        "the system's own RelayState returns"
    );
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("SAMLResponse", &message);
    let decoded = decode_post(form.finish().as_bytes()).unwrap();
    let document = Document::parse(&decoded.xml).unwrap();
    let response = Response::read(document.root()).unwrap();
    assert!(
        Response::assertions(document.root()).is_empty(),
        "encrypted"
    );
    let encrypted = Response::encrypted_assertions(document.root());
    let decrypted = dsig::decrypt(
        encrypted[0],
        std::slice::from_ref(&world.keys.system.decryption),
        DecryptPolicy::GcmOnly,
    )
    .unwrap();
    let signed = dsig::verify(
        decrypted.document.root(),
        &[world.keys.hub.public()],
        Policy::Modern,
    )
    .unwrap();
    (response, Assertion::read(signed.root()).unwrap())
}

fn set(assertion: &mut Assertion, name: &str, value: &str) {
    assertion
        .attributes
        .retain(|attribute| attribute.name != name);
    assertion.attributes.push(Attribute {
        name: name.to_owned(),
        name_format: None,
        friendly_name: None,
        values: vec![value.to_owned()],
    });
}

fn listed(assertion: &Assertion) -> Vec<(&str, &str)> {
    assertion
        .attributes
        .iter()
        .map(|a| (a.name.as_str(), a.values[0].as_str()))
        .collect()
}

#[test]
fn an_oiosaml3_assertion_has_the_attributes_of_the_sample_in_their_order() {
    let mut world = World::plain();
    let (response, assertion) = issued(&mut world, |a| {
        set(a, attributes::ORG_NAME_3, "What the IdP calls itself")
    });
    assert_eq!(
        listed(&assertion),
        [
            ("https://data.gov.dk/concept/core/nsis/loa", "Substantial"),
            (
                "https://data.gov.dk/model/core/eid/email",
                "prove@provekobing.example"
            ),
            ("https://data.gov.dk/model/core/specVersion", "OIO-SAML-3.0"),
            ("dk:gov:saml:attribute:KombitSpecVer", "2.0"),
            ("https://data.gov.dk/model/core/eid/professional/cvr", CVR),
            (
                "https://data.gov.dk/model/core/eid/professional/orgName",
                "Prøvekøbing Kommune"
            ),
        ]
    );
    assert!(
        assertion
            .attributes
            .iter()
            .all(|a| a.name_format.as_deref() == Some(names::attribute_name_format::URI))
    );
    assert!(response.status.is_success());
    assert_eq!(
        (
            response.in_response_to.as_deref(),
            response.destination.as_deref()
        ),
        (Some("_request-1"), Some(ACS))
    );
    let name_id = assertion.name_id.unwrap();
    assert_eq!(
        name_id.value,
        format!("C=DK,O={CVR},CN=Prøve Prøvesen,Serial=3b2f0c1e-1111-4222-8333-444455556666"),
        "passed through"
    );
    let conditions = assertion.conditions.unwrap();
    assert_eq!(conditions.not_before, Some(NOW), "NotBefore = IssueInstant");
    assert_eq!(conditions.not_on_or_after, Some(NOW + Duration::minutes(5)));
    assert_eq!(conditions.audience_restrictions, [[SYSTEM.to_owned()]]);
    let confirmation = &assertion.confirmations[0];
    assert_eq!(confirmation.recipient.as_deref(), Some(ACS));
    assert_eq!(confirmation.in_response_to.as_deref(), Some("_request-1"));
    assert_eq!(
        confirmation.not_on_or_after,
        Some(NOW + Duration::minutes(5))
    );
    let statement = &assertion.authn_statements[0];
    assert_eq!(
        statement.class_ref.as_deref(),
        Some("https://data.gov.dk/concept/core/nsis/loa/Substantial")
    );
    assert_eq!(statement.authenticating_authorities, [IDP]);
    assert_eq!(statement.authn_instant, NOW);
}

/// Some identity providers add the hub's name; a system that compares it with its own would refuse the login.
#[test]
fn the_name_is_passed_on_without_the_qualifiers_of_another_pair() {
    let mut world = World::plain();
    let (_, assertion) = issued(&mut world, |assertion| {
        let name_id = assertion.name_id.as_mut().unwrap();
        name_id.name_qualifier = Some(IDP.to_owned());
        name_id.sp_name_qualifier = Some("https://hub.example/runtime".to_owned());
    });
    let name_id = assertion.name_id.unwrap();
    let format = name_id.format.as_deref();
    assert_eq!(format, Some(names::name_id::X509_SUBJECT_NAME));
    assert!(name_id.value.starts_with("C=DK,O="), "{}", name_id.value);
    assert_eq!(
        (name_id.name_qualifier, name_id.sp_name_qualifier),
        (None, None)
    );
}

#[test]
fn an_oiosaml2_assertion_has_the_names_and_format_of_oiosaml2() {
    let mut world = World::new(RequestProfile::Oiosaml2, Level::Nist(Nist::Three));
    let (_, assertion) = issued(&mut world, |a| {
        a.attributes
            .retain(|attribute| attribute.name != attributes::LOA);
        set(a, attributes::ASSURANCE_LEVEL, "4");
    });
    assert_eq!(
        listed(&assertion)[..4],
        [
            ("dk:gov:saml:attribute:KombitSpecVer", "1.0"),
            ("dk:gov:saml:attribute:CvrNumberIdentifier", CVR),
            ("dk:gov:saml:attribute:AssuranceLevel", "4"),
            ("dk:gov:saml:attribute:SpecVer", "DK-SAML-2.0"),
        ],
        "in the order of the sample of 2015; the level reached, not the required one"
    );
    assert!(
        assertion
            .attributes
            .iter()
            .all(|a| a.name_format.as_deref() == Some(names::attribute_name_format::BASIC))
    );
    assert_eq!(
        assertion.authn_statements[0].class_ref.as_deref(),
        Some("urn:dk:gov:saml:attribute:AssuranceLevel:4")
    );
}

#[test]
fn an_nsis_answer_is_converted_for_a_nist_system_and_never_the_other_way() {
    let mut world = World::new(RequestProfile::Oiosaml3, Level::Nist(Nist::Two));
    let (_, assertion) = issued(&mut world, |_| {});
    assert_eq!(
        assertion
            .values(attributes::ASSURANCE_LEVEL)
            .collect::<Vec<_>>(),
        ["3"]
    );
    let mut world = World::new(
        RequestProfile::Oiosaml2WithoutRequestedLoa,
        Level::Nsis(Nsis::Low),
    );
    let (_, assertion) = issued(&mut world, |a| {
        a.attributes
            .retain(|attribute| attribute.name != attributes::LOA);
        set(a, attributes::ASSURANCE_LEVEL, "4");
    });
    assert_eq!(
        assertion.values(attributes::LOA).count()
            + assertion.values(attributes::ASSURANCE_LEVEL).count(),
        0,
        "no level, no attribute"
    );
}

#[test]
fn an_oiosaml3_system_with_a_nist_need_gets_assurance_level_by_the_setting() {
    for (setting, expected) in [(true, vec!["3"]), (false, vec![])] {
        let mut world = World::new(RequestProfile::Oiosaml3, Level::Nist(Nist::Three));
        world.system().oiosaml_profile = OiosamlVersion::V3;
        world.settings = Settings {
            assurance_level_for_oiosaml3: setting,
            ..Settings::default()
        };
        let (_, assertion) = issued(&mut world, |_| {});
        assert_eq!(
            assertion
                .values(attributes::ASSURANCE_LEVEL)
                .collect::<Vec<_>>(),
            expected
        );
    }
}

#[test]
fn the_attribute_profile_decides_about_personal_data() {
    let with = |profile| {
        let mut world = World::plain();
        world.system().attribute_profile = profile;
        let (_, assertion) = issued(&mut world, |a| {
            set(
                a,
                attributes::UUID_PERSISTENT,
                "3b2f0c1e-1111-4222-8333-444455556666",
            );
            set(a, attributes::CPR_2, "9913991234");
        });
        let has = |name: &str| assertion.values(name).count() == 1;
        (
            has(attributes::EMAIL_3),
            has(attributes::CPR_2),
            has(attributes::UUID_PERSISTENT),
        )
    };
    assert_eq!(with(AttributeProfile::Kombit), (true, false, false));
    assert_eq!(with(AttributeProfile::Seb), (true, true, true));
    assert_eq!(
        with(AttributeProfile::KombitWithoutPersonalData),
        (false, false, false)
    );
}

#[test]
fn a_list_of_which_nothing_is_mapped_leaves_no_attribute() {
    let mut world = World::plain();
    let list = super::roles::list(&[("11111111", "http://kommune.example/roles/jobrole/a/1", &[])]);
    let list = list.write().unwrap();
    let (_, assertion) = issued(&mut world, |a| set(a, attributes::PRIVILEGES_3, &list));
    let names: Vec<&str> = assertion
        .attributes
        .iter()
        .map(|a| a.name.as_str())
        .collect();
    assert!(!names.contains(&attributes::PRIVILEGES_3), "{names:?}");
}

#[test]
fn text_from_an_idp_cannot_become_markup() {
    let mut world = World::plain();
    let hostile = "</saml:AttributeValue><saml:Attribute Name=\"x\"> & \"'\u{e6}\r\n\t";
    let (_, assertion) = issued(&mut world, |a| set(a, attributes::EMAIL_3, hostile));
    assert_eq!(
        assertion.values(attributes::EMAIL_3).collect::<Vec<_>>(),
        [hostile]
    );
    assert_eq!(assertion.attributes.len(), 6);
}

#[test]
fn metadata_of_both_roles_is_signed_names_what_is_served_and_is_the_same_bytes_every_time() {
    let world = World::plain();
    for quirks in [false, true] {
        for make in [idp_role, sp_role] {
            let canonical = make(&world.hub, Form { quirks });
            assert_eq!(canonical, make(&world.hub, Form { quirks }));
            let document = Document::parse(canonical.as_bytes()).unwrap();
            dsig::verify(document.root(), &[world.keys.hub.public()], Policy::Modern)
                .expect("signed by the hub");
            let entities = metadata::read(document.root()).unwrap();
            assert_eq!(
                entities[0].entity_id, "https://hub.example/runtime",
                "one entityID for both roles"
            );
        }
    }
    let document = Document::parse(idp_role(&world.hub, Form::default()).as_bytes()).unwrap();
    let idp = metadata::read(document.root())
        .unwrap()
        .remove(0)
        .idp
        .unwrap();
    assert!(idp.want_authn_requests_signed);
    assert!(
        idp.single_sign_on
            .iter()
            .all(|e| e.location == world.hub.url(path::ISSUE))
    );
    assert_eq!(idp.assurance_certification.len(), 6);
    let document = Document::parse(sp_role(&world.hub, Form::default()).as_bytes()).unwrap();
    let sp = metadata::read(document.root())
        .unwrap()
        .remove(0)
        .sp
        .unwrap();
    assert_eq!(
        sp.default_acs().unwrap().endpoint.location,
        world.hub.url(path::CONSUME)
    );
    assert_eq!(sp.name_id_formats, [names::name_id::X509_SUBJECT_NAME]);
}

/// The real hub's own metadata, at a time when its certificate was valid: signatures verify, and its two
/// roles are an IdP and a system to us.
#[test]
fn the_real_hubs_metadata_is_read_and_its_signature_is_good() {
    let Some(folder) = crate::support::shared("spec/metadata") else {
        return;
    };
    for (file, idp) in [("ch2-idp-exttest.xml", true), ("ch2-sp-exttest.xml", false)] {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let document = Document::parse(&bytes).unwrap();
        let certificate = document
            .root()
            .descendants()
            .find(|node| node.local() == "X509Certificate")
            .unwrap();
        let certificate = dsig::Certificate::from_base64(&certificate.text().unwrap()).unwrap();
        let at = time::macros::datetime!(2026-01-05 08:00:00 UTC);
        assert!(
            certificate.not_before() < at && at < certificate.not_after(),
            "the signer's certificate was valid then"
        );
        let key = PublicKey::from_certificate(certificate, Policy::Modern).unwrap();
        let signed =
            dsig::verify(document.root(), &[key], Policy::Modern).expect("the signature is good");
        let entity = metadata::read(signed.root()).unwrap().remove(0);
        assert_eq!(entity.idp.is_some(), idp);
        assert_eq!(entity.sp.is_some(), !idp);
    }
}
