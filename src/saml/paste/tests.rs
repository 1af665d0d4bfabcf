use super::super::binding::{post, redirect};
use super::*;
use crate::saml::Outbound;
use crate::xml::{Element, SAMLP};

const XML: &str = "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_æ>?>?>\"></samlp:Response>";

fn forms() -> (String, String) {
    let message = Element::new(SAMLP, "Response")
        .attr("ID", "_æ>?>?>".to_owned())
        .render();
    let Outbound::Redirect { url } = redirect(
        "https://hub.example/a?b=c",
        MessageField::Response,
        &message,
        Some("r"),
        None,
    ) else {
        unreachable!()
    };
    let Outbound::Post { message, .. } = post("https://x", MessageField::Response, &message, None)
    else {
        unreachable!()
    };
    (url, message)
}

#[test]
fn whatever_it_looks_like_it_is_found() {
    let (url, base64) = forms();
    let value = url.split("SAMLResponse=").nth(1).unwrap();
    let value = value.split('&').next().unwrap();
    let deflated = value
        .replace("%2B", "+")
        .replace("%2F", "/")
        .replace("%3D", "=");
    let (first, second) = base64.split_at(40);
    let given = [
        forms_xml(),
        base64.clone(),
        format!("  {first}\r\n  {second}\n"),
        deflated.clone(),
        value.to_owned(),
        url.clone(),
        format!("GET {url} HTTP/1.1\nHost: hub.example\n"),
        format!("curl '{url}'"),
        format!("{url}#fragment"),
        format!(
            "SAMLResponse={}",
            base64.replace('+', "%2B").replace('=', "%3D")
        ),
        format!("SAMLResponse={base64}"),
        format!("POST\nSAMLResponse: {first}\n{second}\nRelayState: x"),
        format!(
            "<!DOCTYPE html><form><input type=hidden name=\"SAMLResponse\" value=\"{base64}\"></form>"
        ),
    ];
    for text in given {
        let found = read(text.as_bytes(), Input::Auto);
        let found = found.unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(
            String::from_utf8_lossy(&found.xml).replace("&gt;", ">"),
            XML,
            "{text}"
        );
    }
    assert_eq!(
        read(url.as_bytes(), Input::Auto)
            .unwrap()
            .relay_state
            .as_deref(),
        Some("r")
    );
}

fn forms_xml() -> String {
    XML.to_owned()
}

#[test]
fn a_named_form_is_held_to_it() {
    let (url, base64) = forms();
    assert!(read(url.as_bytes(), Input::Url).is_ok());
    let deflated = read(url.replace("a?b=c&", "").as_bytes(), Input::Form);
    assert!(deflated.is_err() || deflated.is_ok_and(|found| !looks_like_xml(&found.xml)));
    assert!(read(base64.as_bytes(), Input::Url).is_err());
    assert!(read(base64.as_bytes(), Input::Base64).is_ok());
    for junk in [
        "",
        "junk",
        "%%%",
        "SAMLResponse=",
        "SAMLResponse:",
        "<html",
        "æ\u{0}",
    ] {
        let found = read(junk.as_bytes(), Input::Auto);
        assert!(
            found.is_err() || found.is_ok_and(|found| found.xml != XML.as_bytes()),
            "{junk}"
        );
    }
    assert!(read(b"\xFF\xFE", Input::Auto).is_err());
}
