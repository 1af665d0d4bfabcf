use super::*;
use crate::saml::names;
use crate::saml::samples::{document, files, xsd_verdict};
use time::macros::datetime;

/// Everything that the type can hold and the schema can say.
pub(crate) fn full() -> Assertion {
    Assertion {
        id: "_a1".to_owned(),
        version: "2.0".to_owned(),
        issue_instant: datetime!(2026-01-05 08:00:20.5 UTC),
        issuer: "https://idp.testkommune.example".to_owned(),
        issuer_format: Some(names::name_id::ENTITY.to_owned()),
        name_id: Some(NameId {
            value: "C=DK,O=11111111,CN=Åse <&> \"Test\",Serial=1".to_owned(),
            format: Some(names::name_id::X509_SUBJECT_NAME.to_owned()),
            name_qualifier: Some("q".to_owned()),
            sp_name_qualifier: Some("sp".to_owned()),
        }),
        confirmations: vec![
            SubjectConfirmation {
                method: names::BEARER.to_owned(),
                recipient: Some("https://ch2.example/acs?a=b&c=d".to_owned()),
                not_before: Some(datetime!(2026-01-05 08:00:00 UTC)),
                not_on_or_after: Some(datetime!(2026-01-05 08:05:20.5 UTC)),
                in_response_to: Some("id0f1e".to_owned()),
            },
            SubjectConfirmation {
                method: "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches".to_owned(),
                recipient: None,
                not_before: None,
                not_on_or_after: None,
                in_response_to: None,
            },
        ],
        conditions: Some(Conditions {
            not_before: Some(datetime!(2026-01-05 08:00:20.5 UTC)),
            not_on_or_after: Some(datetime!(2026-01-05 08:05:20.5 UTC)),
            audience_restrictions: vec![
                vec![
                    "https://sp.example".to_owned(),
                    "https://other.example".to_owned(),
                ],
                vec!["https://sp.example".to_owned()],
            ],
            one_time_use: true,
            proxy_restriction: Some(Some(0)),
            unknown: Vec::new(),
        }),
        authn_statements: vec![AuthnStatement {
            authn_instant: datetime!(2026-01-05 08:00:19 UTC),
            session_index: Some("WUkV1sgEnIlnouAlAhVpwQ==".to_owned()),
            session_not_on_or_after: Some(datetime!(2026-01-05 16:00:19 UTC)),
            class_ref: Some("https://data.gov.dk/concept/core/nsis/loa/Substantial".to_owned()),
            authenticating_authorities: vec!["https://idp.testkommune.example".to_owned()],
        }],
        attributes: vec![
            Attribute {
                name: "https://data.gov.dk/concept/core/nsis/loa".to_owned(),
                name_format: Some(names::attribute_name_format::URI.to_owned()),
                friendly_name: Some("loa".to_owned()),
                values: vec!["Substantial".to_owned(), String::new()],
            },
            Attribute {
                name: "empty".to_owned(),
                name_format: None,
                friendly_name: None,
                values: Vec::new(),
            },
        ],
    }
}

fn read(xml: &str) -> Result<Assertion, crate::saml::SchemaError> {
    Assertion::read(document(xml.as_bytes()).root())
}

/// An assertion around `inside`, which follows the Issuer.
fn around(inside: &str) -> String {
    format!(
        "<a:Assertion xmlns:a='urn:oasis:names:tc:SAML:2.0:assertion' xmlns:ds='http://www.w3.org/2000/09/xmldsig#' \
         xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' ID='_a' Version='2.0' \
         IssueInstant='2026-01-05T08:00:20Z'><a:Issuer> https://idp.example\n</a:Issuer>{inside}</a:Assertion>"
    )
}

/// A second assertion, to be hidden in one.
fn other() -> String {
    around("").replace("'_a'", "'_b'")
}

const BEARER: &str = "<a:SubjectConfirmation Method='urn:oasis:names:tc:SAML:2.0:cm:bearer'/>";

fn subject(inside: &str) -> String {
    around(&format!("<a:Subject>{inside}</a:Subject>"))
}

fn conditions(inside: &str) -> String {
    around(&format!("<a:Conditions>{inside}</a:Conditions>"))
}

fn statement(context: &str) -> String {
    around(&format!(
        "<a:AuthnStatement AuthnInstant='2026-01-05T08:00:20Z'>{context}</a:AuthnStatement>"
    ))
}

fn value(value: &str) -> String {
    around(&format!(
        "<a:AttributeStatement><a:Attribute Name='n'>{value}</a:Attribute></a:AttributeStatement>"
    ))
}

#[test]
fn round_trip() {
    let sparse = Assertion {
        issuer_format: None,
        name_id: None,
        confirmations: Vec::new(),
        conditions: Some(Conditions {
            proxy_restriction: Some(None),
            ..Conditions::default()
        }),
        authn_statements: Vec::new(),
        attributes: Vec::new(),
        ..full()
    };
    for assertion in [full(), sparse] {
        let xml = assertion.to_element().render();
        assert_eq!(
            Assertion::read(document(xml.as_bytes()).root()),
            Ok(assertion),
            "{}",
            xml.as_str()
        );
        if let Some(verdict) = xsd_verdict(xml.as_bytes()) {
            assert_eq!(verdict, Ok(()), "{}", xml.as_str());
        }
    }
}

#[test]
fn values_of_all_attributes_with_a_name() {
    let mut assertion = full();
    assertion.attributes.extend_from_within(0..1);
    let values: Vec<_> = assertion
        .values("https://data.gov.dk/concept/core/nsis/loa")
        .collect();
    assert_eq!(values, ["Substantial", "", "Substantial", ""]);
}

#[test]
fn text_is_kept_as_the_type_says() {
    let read = read(&subject("<a:NameID> C=DK,<!-- x -->O=1 </a:NameID>")).expect("good");
    assert_eq!(read.issuer, "https://idp.example");
    assert_eq!(
        read.name_id.map(|name| name.value).as_deref(),
        Some(" C=DK,O=1 ")
    );
}

#[test]
fn what_the_schema_has_room_for() {
    for good in [
        around(""),
        around("<ds:Signature><ds:Object>any</ds:Object></ds:Signature>"),
        around("<a:Advice><x xmlns='urn:x'>any</x></a:Advice>"),
        subject(BEARER),
        subject(&format!("<a:EncryptedID/>{BEARER}")),
        subject("<a:BaseID/>"),
        subject(
            "<a:SubjectConfirmation Method='m'><a:NameID>n</a:NameID><a:SubjectConfirmationData><ds:KeyInfo/></a:SubjectConfirmationData></a:SubjectConfirmation>",
        ),
        statement(
            "<a:SubjectLocality Address='::1'/><a:AuthnContext><a:AuthnContextDeclRef>d</a:AuthnContextDeclRef></a:AuthnContext>",
        ),
        statement(
            "<a:AuthnContext><a:AuthnContextClassRef>c</a:AuthnContextClassRef><a:AuthnContextDecl><x/></a:AuthnContextDecl><a:AuthenticatingAuthority>i</a:AuthenticatingAuthority></a:AuthnContext>",
        ),
        value("<a:AttributeValue xsi:type='xs:string'>v</a:AttributeValue>"),
        value("<a:AttributeValue xsi:nil='true'/>"),
        value(""),
    ] {
        assert_eq!(read(&good).map(|_| ()), Ok(()), "{good}");
    }
}

#[test]
fn what_it_has_no_room_for() {
    for bad in [
        // Order, number and names of children.
        around("stray"),
        around("<a:Issuer>i</a:Issuer>"),
        around("<ds:Signature/><ds:Signature/>"),
        around("<a:Conditions/><ds:Signature/>"),
        around("<a:Conditions/><a:Subject><a:NameID>n</a:NameID></a:Subject>"),
        around("<a:Conditions/><a:Conditions/>"),
        around("<x xmlns='urn:x'/>"),
        around("<a:AuthzDecisionStatement/>"),
        around("<a:Statement/>"),
        subject(""),
        subject("<a:NameID>n</a:NameID><a:NameID>n</a:NameID>"),
        subject("<a:NameID>n<b/></a:NameID>"),
        subject(&format!("{BEARER}<a:NameID>n</a:NameID>")),
        subject("<a:SubjectConfirmation/>"),
        subject("<a:SubjectConfirmation Method='m'>text</a:SubjectConfirmation>"),
        subject(
            "<a:SubjectConfirmation Method='m'><a:SubjectConfirmationData><b/></a:SubjectConfirmationData></a:SubjectConfirmation>",
        ),
        conditions("<a:AudienceRestriction/>"),
        conditions("<a:OneTimeUse/><a:OneTimeUse/>"),
        conditions("<a:ProxyRestriction/><a:ProxyRestriction/>"),
        conditions("<a:ProxyRestriction Count='-1'/>"),
        statement(""),
        statement("<a:AuthnContext/>"),
        statement(
            "<a:AuthnContext><a:AuthnContextClassRef>c</a:AuthnContextClassRef><a:AuthnContextClassRef>c</a:AuthnContextClassRef></a:AuthnContext>",
        ),
        statement(
            "<a:AuthnContext><a:AuthnContextDeclRef>c</a:AuthnContextDeclRef><a:AuthnContextClassRef>c</a:AuthnContextClassRef></a:AuthnContext>",
        ),
        around("<a:AttributeStatement/>"),
        around("<a:AttributeStatement><a:EncryptedAttribute/></a:AttributeStatement>"),
        around("<a:AttributeStatement><a:Attribute/></a:AttributeStatement>"),
        value("<a:AttributeValue><a:NameID>n</a:NameID></a:AttributeValue>"),
        value("<a:AttributeValue xsi:nil='1'>v</a:AttributeValue>"),
        value("text"),
        // Hiding places.
        around(&format!("<a:Advice>{}</a:Advice>", other())),
        around("<a:Advice><x><a:EncryptedAssertion/></x></a:Advice>"),
        around(&format!(
            "<ds:Signature><ds:Object>{}</ds:Object></ds:Signature>",
            other()
        )),
        // Values.
        around("").replace("ID='_a'", "ID='1a'"),
        around("").replace("ID='_a'", ""),
        around("").replace("Version='2.0'", ""),
        around("").replace("20Z", "20"),
        around("").replace("IssueInstant", "Issued"),
        around("").replace("SAML:2.0:assertion", "SAML:1.0:assertion"),
    ] {
        assert!(read(&bad).is_err(), "{bad}");
    }
}

#[test]
fn unknown_conditions_are_told_by_name() {
    let xml = conditions(
        "<a:Condition xsi:type='del:DelegationRestrictionType'/><a:Condition/><Mine xmlns='urn:x'/>\
         <a:ProxyRestriction Count='2'><a:Audience>https://sp.example</a:Audience></a:ProxyRestriction>",
    );
    let conditions = read(&xml).expect("good").conditions.expect("there");
    assert_eq!(
        conditions.unknown,
        [
            "del:DelegationRestrictionType",
            "Condition",
            "{urn:x}Mine",
            "ProxyRestriction/Audience"
        ]
    );
    assert_eq!(conditions.proxy_restriction, Some(Some(2)));
}

#[test]
fn a_refusal_tells_where() {
    let error = read(&around("\n  <a:Nonsense/>")).expect_err("bad");
    assert_eq!(error.what, "Assertion has no room for Nonsense here");
    assert_eq!((error.position.line, error.position.column), (3, 3));
}

#[test]
fn samples_of_the_real_hub() {
    for (name, xml) in files("spec/messages") {
        if !name.starts_with("Assertion") {
            continue;
        }
        let document = document(&xml);
        let found = document
            .root()
            .descendants()
            .find(|node| node.is(crate::xml::SAML, "Assertion"));
        let Some(found) = found else {
            assert!(name.contains("encrypted"), "{name} has no assertion");
            continue;
        };
        let assertion = Assertion::read(found).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(
            assertion.name_id.is_some() && !assertion.attributes.is_empty(),
            "{name}"
        );
        let again = assertion.to_element().render();
        assert_eq!(
            Assertion::read(self::document(again.as_bytes()).root()),
            Ok(assertion),
            "{name}"
        );
    }
}
