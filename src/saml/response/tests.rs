use super::*;
use crate::saml::Assertion;
use crate::saml::assertion::full_assertion;
use crate::saml::names;
use crate::saml::samples::{document, files, xsd_verdict};
use crate::xml::XENC;
use time::macros::datetime;

fn full() -> Response {
    Response {
        id: "_r1".to_owned(),
        version: "2.0".to_owned(),
        issue_instant: datetime!(2026-01-05 08:00:20.001 UTC),
        in_response_to: Some("id0f1e".to_owned()),
        destination: Some("https://ch2.example/runtime/saml2auth/consume.idp".to_owned()),
        consent: Some("urn:oasis:names:tc:SAML:2.0:consent:unspecified".to_owned()),
        issuer: Some("https://idp.testkommune.example".to_owned()),
        issuer_format: Some(names::name_id::ENTITY.to_owned()),
        status: Status::refusal(
            names::status::RESPONDER,
            Some(names::status::NO_AUTHN_CONTEXT),
            "Identity Provider kunne ikke levere det krævede <sikringsniveau>",
        ),
    }
}

fn sparse() -> Response {
    Response {
        in_response_to: None,
        destination: None,
        consent: None,
        issuer: None,
        issuer_format: None,
        status: Status::success(),
        ..full()
    }
}

fn xml(inside: &str) -> String {
    format!(
        "<p:Response xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol' xmlns:ds='http://www.w3.org/2000/09/xmldsig#' \
         xmlns:a='urn:oasis:names:tc:SAML:2.0:assertion' ID='_r' Version='2.0' \
         IssueInstant='2026-01-05T08:00:20Z'>{inside}</p:Response>"
    )
}

fn read(inside: &str) -> Result<Response, SchemaError> {
    Response::read(document(xml(inside).as_bytes()).root())
}

const OK: &str =
    "<p:Status><p:StatusCode Value='urn:oasis:names:tc:SAML:2.0:status:Success'/></p:Status>";

#[test]
fn round_trip() {
    for response in [full(), sparse()] {
        let xml = response.to_element(None).render();
        assert_eq!(
            Response::read(document(xml.as_bytes()).root()),
            Ok(response),
            "{}",
            xml.as_str()
        );
        if let Some(verdict) = xsd_verdict(xml.as_bytes()) {
            assert_eq!(verdict, Ok(()), "{}", xml.as_str());
        }
    }
}

#[test]
fn around_an_assertion() {
    let response = Response {
        status: Status::success(),
        ..full()
    };
    let xml = response
        .to_element(Some(Content::Assertion(
            full_assertion().to_element().render(),
        )))
        .render();
    let document = document(xml.as_bytes());
    assert_eq!(Response::read(document.root()), Ok(response));
    let assertions = Response::assertions(document.root());
    assert_eq!(assertions.len(), 1);
    assert_eq!(Assertion::read(assertions[0]), Ok(full_assertion()));
    assert!(Response::encrypted_assertions(document.root()).is_empty());
    if let Some(verdict) = xsd_verdict(xml.as_bytes()) {
        assert_eq!(verdict, Ok(()), "{}", xml.as_str());
    }
}

#[test]
fn around_an_encrypted_assertion() {
    let content = Content::Encrypted(Element::new(XENC, "EncryptedData"));
    let xml = sparse().to_element(Some(content)).render();
    let document = document(xml.as_bytes());
    assert_eq!(Response::read(document.root()), Ok(sparse()));
    assert_eq!(Response::encrypted_assertions(document.root()).len(), 1);
    assert!(Response::assertions(document.root()).is_empty());
}

#[test]
fn codes() {
    assert!(Status::success().is_success() && !full().status.is_success());
    let response = read(
        "<p:Status><p:StatusCode Value='urn:a'><p:StatusCode Value='urn:b'><p:StatusCode Value='urn:c'/>\
         </p:StatusCode></p:StatusCode><p:StatusMessage/><p:StatusDetail>any<x/></p:StatusDetail></p:Status>",
    );
    let status = response.expect("good").status;
    assert_eq!(
        (status.code.as_str(), status.subcode.as_deref()),
        ("urn:a", Some("urn:b"))
    );
    assert_eq!(status.message.as_deref(), Some(""));
}

#[test]
fn what_the_schema_has_no_room_for() {
    assert_eq!(read(OK).map(|_| ()), Ok(()));
    let hidden = "<x xmlns='urn:x'><a:Assertion/></x>";
    for bad in [
        String::new(),
        format!("text{OK}"),
        format!("{OK}{OK}"),
        format!("{OK}<a:Issuer>i</a:Issuer>"),
        format!("{OK}<ds:Signature/>"),
        format!("<ds:Signature/><ds:Signature/>{OK}"),
        format!("{OK}<p:Extensions/>"),
        format!("{OK}<x xmlns='urn:x'/>"),
        format!("<a:Assertion/>{OK}"),
        "<p:Status/>".to_owned(),
        "<p:Status><p:StatusCode/></p:Status>".to_owned(),
        "<p:Status><p:StatusCode Value='a'>x</p:StatusCode></p:Status>".to_owned(),
        "<p:Status><p:StatusMessage>m</p:StatusMessage><p:StatusCode Value='a'/></p:Status>"
            .to_owned(),
        // Where wrapping attacks put the assertion that was signed.
        format!("<p:Extensions>{hidden}</p:Extensions>{OK}"),
        format!("<ds:Signature><ds:Object>{hidden}</ds:Object></ds:Signature>{OK}"),
        format!(
            "<p:Status><p:StatusCode Value='a'/><p:StatusDetail>{hidden}</p:StatusDetail></p:Status>"
        ),
        format!("{OK}<a:Assertion>{hidden}</a:Assertion>"),
        format!("{OK}<a:Assertion><a:Assertion/></a:Assertion>"),
        format!("{OK}<a:EncryptedAssertion><a:EncryptedAssertion/></a:EncryptedAssertion>"),
        format!(
            "<p:Extensions>{}</p:Extensions>{OK}",
            xml(OK).replace("_r", "_s")
        ),
    ] {
        assert!(read(&bad).is_err(), "{bad}");
    }
}

#[test]
fn assertions_in_their_place_are_skipped_unread() {
    let xml = xml(&format!(
        "{OK}<a:Assertion/><a:EncryptedAssertion/><a:Assertion/>"
    ));
    let document = document(xml.as_bytes());
    assert!(Response::read(document.root()).is_ok());
    assert_eq!(Response::assertions(document.root()).len(), 2);
    assert_eq!(Response::encrypted_assertions(document.root()).len(), 1);
}

#[test]
fn samples_of_the_real_hub() {
    for (name, xml) in files("spec/messages") {
        if !name.starts_with("Assertion") {
            continue;
        }
        let document = document(&xml);
        let root = document.root();
        // Two of the samples travel in a SOAP envelope.
        let node = if root.is(SAMLP, "Response") {
            root
        } else {
            root.descendants()
                .find(|node| node.is(SAMLP, "Response"))
                .expect("a Response inside")
        };
        let response = Response::read(node).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(response.status.is_success(), "{name}");
        assert_eq!(
            Response::assertions(node).len() + Response::encrypted_assertions(node).len(),
            1,
            "{name}"
        );
    }
}
