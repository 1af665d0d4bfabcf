use super::*;
use crate::saml::names;
use crate::xml::Document;
use time::macros::datetime;

fn request() -> LogoutRequest {
    LogoutRequest {
        id: "_l".into(),
        version: "2.0".into(),
        issue_instant: datetime!(2026-11-21 12:00:00 UTC),
        destination: Some("https://hub.example/slo".into()),
        consent: None,
        issuer: Some("https://sag.example/saml".into()),
        issuer_format: Some(names::name_id::ENTITY.into()),
        reason: Some("urn:oasis:names:tc:SAML:2.0:logout:user".into()),
        not_on_or_after: Some(datetime!(2026-11-21 12:05:00 UTC)),
        name_id: Some(NameId {
            value: "C=DK,O=11111111,CN=Prøve,Serial=1".into(),
            format: Some(names::name_id::X509_SUBJECT_NAME.into()),
            name_qualifier: None,
            sp_name_qualifier: None,
        }),
        session_indexes: vec!["_s1".into(), "_s2".into()],
    }
}

fn response() -> LogoutResponse {
    LogoutResponse {
        id: "_r".into(),
        version: "2.0".into(),
        issue_instant: datetime!(2026-11-21 12:00:00 UTC),
        in_response_to: Some("_l".into()),
        destination: None,
        consent: None,
        issuer: Some("https://sag.example/saml".into()),
        issuer_format: None,
        status: Status::refusal(names::status::RESPONDER, None, "no"),
    }
}

fn parse(xml: &str) -> Document {
    Document::parse(xml.as_bytes()).expect(xml)
}

#[test]
fn what_is_written_is_read_again() {
    let written = request().to_element().render();
    assert_eq!(
        LogoutRequest::read(parse(written.as_str()).root()),
        Ok(request())
    );
    let written = response().to_element().render();
    assert_eq!(
        LogoutResponse::read(parse(written.as_str()).root()),
        Ok(response())
    );
    assert!(LogoutRequest::read(parse(written.as_str()).root()).is_err());
}

#[test]
fn the_order_of_the_schema_is_held() {
    let good = request().to_element().render().as_str().to_owned();
    let bend = |from: &str, to: &str| {
        let bent = good.replacen(from, to, 1);
        assert_ne!(bent, good, "{from}");
        LogoutRequest::read(parse(&bent).root())
    };
    const NS: &str = "xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";
    let second = format!("</saml:Issuer><saml:Issuer {NS}>x</saml:Issuer>");
    let second = second.as_str();
    assert!(bend("</saml:Issuer>", second).is_err(), "a second Issuer");
    let index = "<samlp:SessionIndex>_s1</samlp:SessionIndex>";
    assert!(
        bend(index, "<samlp:Other></samlp:Other>").is_err(),
        "another element"
    );
    assert!(bend(index, "text").is_err(), "text between elements");
    assert!(bend(" ID=\"_l\"", "").is_err(), "no ID");
    let assertion = format!(
        "</saml:Issuer><samlp:Extensions><saml:Assertion {NS}></saml:Assertion></samlp:Extensions>"
    );
    let assertion = assertion.as_str();
    assert!(
        bend("</saml:Issuer>", assertion).is_err(),
        "a hidden assertion"
    );
    let encrypted = request()
        .to_element()
        .render()
        .as_str()
        .replace("saml:NameID", "saml:EncryptedID");
    let read = LogoutRequest::read(parse(&encrypted).root()).expect("read");
    assert_eq!(read.name_id, None);
}
