use super::*;
use crate::saml::names;
use crate::saml::samples::{document, files, xsd_verdict};
use time::macros::datetime;

fn full() -> AuthnRequest {
    AuthnRequest {
        id: "id0f1e2d3c".to_owned(),
        version: "2.0".to_owned(),
        issue_instant: datetime!(2026-01-05 08:00:00.123 UTC),
        destination: Some("https://idp.testkommune.example/sso?x=1&y=2".to_owned()),
        issuer: Some("https://saml.ch2.example/runtime".to_owned()),
        force_authn: Some(false),
        is_passive: Some(true),
        protocol_binding: Some(names::binding::POST.to_owned()),
        acs_url: Some("https://ch2.example/runtime/saml2auth/consume.idp".to_owned()),
        acs_index: Some(65535),
        attribute_consuming_service_index: Some(0),
        provider_name: Some("Ådal & Co".to_owned()),
        consent: Some("urn:oasis:names:tc:SAML:2.0:consent:unspecified".to_owned()),
        name_id_policy: Some(NameIdPolicy {
            format: Some(names::name_id::PERSISTENT.to_owned()),
            allow_create: Some(true),
        }),
        audiences: vec!["https://saml.ch2.example/runtime".to_owned()],
        requested_authn_context: Some(RequestedAuthnContext {
            comparison: Some(Comparison::Minimum),
            class_refs: vec!["urn:dk:gov:saml:attribute:AssuranceLevel:3".to_owned()],
            decl_refs: Vec::new(),
        }),
        scoping: Some(Scoping {
            proxy_count: Some(1),
            idp_list: vec![
                IdpEntry {
                    provider_id: "https://idp.example".to_owned(),
                    name: Some("A".to_owned()),
                },
                IdpEntry {
                    provider_id: "https://idp2.example".to_owned(),
                    name: None,
                },
            ],
            requester_ids: vec!["https://sp.fagsystem.example".to_owned()],
        }),
    }
}

fn sparse() -> AuthnRequest {
    AuthnRequest {
        destination: None,
        issuer: None,
        force_authn: None,
        is_passive: None,
        protocol_binding: None,
        acs_url: None,
        acs_index: None,
        attribute_consuming_service_index: None,
        provider_name: None,
        consent: None,
        name_id_policy: None,
        audiences: Vec::new(),
        requested_authn_context: None,
        scoping: None,
        ..full()
    }
}

fn read(inside: &str) -> Result<AuthnRequest, crate::saml::SchemaError> {
    let xml = format!(
        "<p:AuthnRequest xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol' xmlns:ds='http://www.w3.org/2000/09/xmldsig#' \
         xmlns:a='urn:oasis:names:tc:SAML:2.0:assertion' ID='_r' Version='2.0' \
         IssueInstant='2026-01-05T08:00:20Z'>{inside}</p:AuthnRequest>"
    );
    AuthnRequest::read(document(xml.as_bytes()).root())
}

#[test]
fn round_trip() {
    let by_declaration = AuthnRequest {
        requested_authn_context: Some(RequestedAuthnContext {
            comparison: None,
            class_refs: Vec::new(),
            decl_refs: vec!["urn:declared".to_owned()],
        }),
        scoping: Some(Scoping::default()),
        name_id_policy: Some(NameIdPolicy::default()),
        ..full()
    };
    for request in [full(), sparse(), by_declaration] {
        let xml = request.to_element().render();
        assert_eq!(
            AuthnRequest::read(document(xml.as_bytes()).root()),
            Ok(request),
            "{}",
            xml.as_str()
        );
        if let Some(verdict) = xsd_verdict(xml.as_bytes()) {
            assert_eq!(verdict, Ok(()), "{}", xml.as_str());
        }
    }
}

#[test]
fn comparison_words() {
    for comparison in [
        Comparison::Exact,
        Comparison::Minimum,
        Comparison::Maximum,
        Comparison::Better,
    ] {
        assert_eq!(Comparison::parse(comparison.as_str()), Some(comparison));
    }
    assert_eq!(Comparison::parse("Minimum"), None);
}

#[test]
fn what_the_schema_has_room_for() {
    for good in [
        "",
        "\n<a:Issuer>i</a:Issuer>\n<ds:Signature/>\n<p:Extensions><x xmlns='urn:x'>any</x></p:Extensions>",
        "<a:Subject><a:NameID>n</a:NameID></a:Subject><p:NameIDPolicy SPNameQualifier='q'/><a:Conditions/>",
        "<p:Scoping><p:IDPList><p:IDPEntry ProviderID='i' Loc='l'/><p:GetComplete>u</p:GetComplete></p:IDPList></p:Scoping>",
    ] {
        assert_eq!(read(good).map(|_| ()), Ok(()), "{good}");
    }
    let request = read("<a:Issuer>\n i </a:Issuer><p:Scoping ProxyCount='0'/>").expect("good");
    assert_eq!(request.issuer.as_deref(), Some("i"));
    assert_eq!(
        request.scoping.and_then(|scoping| scoping.proxy_count),
        Some(0)
    );
}

#[test]
fn what_it_has_no_room_for() {
    for bad in [
        "text",
        "<Unknown/>",
        "<a:Issuer>i</a:Issuer><a:Issuer>i</a:Issuer>",
        "<ds:Signature/><a:Issuer>i</a:Issuer>",
        "<ds:Signature/><ds:Signature/>",
        "<p:Scoping/><p:RequestedAuthnContext><a:AuthnContextClassRef>c</a:AuthnContextClassRef></p:RequestedAuthnContext>",
        "<p:RequestedAuthnContext/>",
        "<p:RequestedAuthnContext Comparison='most'><a:AuthnContextClassRef>c</a:AuthnContextClassRef></p:RequestedAuthnContext>",
        "<p:RequestedAuthnContext><a:AuthnContextClassRef>c</a:AuthnContextClassRef><a:AuthnContextDeclRef>d</a:AuthnContextDeclRef></p:RequestedAuthnContext>",
        "<p:RequestedAuthnContext><p:AuthnContextClassRef>c</p:AuthnContextClassRef></p:RequestedAuthnContext>",
        "<p:NameIDPolicy AllowCreate='maybe'/>",
        "<p:NameIDPolicy><x/></p:NameIDPolicy>",
        "<p:Scoping><p:IDPList/></p:Scoping>",
        "<p:Scoping><p:IDPList><p:IDPEntry/></p:IDPList></p:Scoping>",
        "<p:Scoping><p:RequesterID>r</p:RequesterID><p:IDPList><p:IDPEntry ProviderID='i'/></p:IDPList></p:Scoping>",
        "<p:Scoping ProxyCount='-1'/>",
        "<p:Extensions><a:Assertion/></p:Extensions>",
    ] {
        assert!(read(bad).is_err(), "{bad}");
    }
}

#[test]
fn another_message_is_refused() {
    let xml = document(b"<p:LogoutRequest xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol'/>");
    let error = AuthnRequest::read(xml.root()).expect_err("not an AuthnRequest");
    assert!(
        error.what.starts_with("LogoutRequest in namespace"),
        "{error}"
    );
}

#[test]
fn samples_of_the_real_hub() {
    for (name, xml) in files("spec/messages") {
        if name.starts_with("AuthnRequest") && !name.contains("AttributeService") {
            let request = AuthnRequest::read(document(&xml).root())
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(
                request.audiences,
                request.issuer.into_iter().collect::<Vec<_>>(),
                "{name}"
            );
        }
    }
}
