//! Somebody who logs in: the system, the browser and the identity provider in one, with keys that stand in the file.

use super::hub::Running;
use crate::support::served::{IDP, SYSTEM};
use crate::support::world::{Counted, keys};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use time::{Duration, OffsetDateTime};
use vejviser::dsig::{self, Place};
use vejviser::oiosaml::attributes as a;
use vejviser::saml::authn_request::{IdpEntry, Scoping};
use vejviser::saml::binding::{MessageField, Outbound, decode_redirect, post, redirect};
use vejviser::saml::response::Content;
use vejviser::saml::{
    Assertion, Attribute, AuthnRequest, AuthnStatement, Conditions, NameId, Response, Status,
    SubjectConfirmation, names,
};
use vejviser::xml::Document;

pub struct Visitor {
    host: String,
    url: String,
}

/// What the hub answered.
struct Answer {
    status: u16,
    location: String,
    cookies: String,
    body: String,
}

impl Visitor {
    pub fn of(hub: &Running) -> Self {
        Self {
            host: hub.host.clone(),
            url: hub.url.clone(),
        }
    }

    /// A whole login. The request names the identity provider, so nobody is asked.
    pub fn log_in(&self) {
        let asked = self.request(true);
        assert_eq!(asked.status, 303, "{}", asked.body);
        let (_, query) = asked.location.split_once('?').expect("a question");
        let decoded = decode_redirect(query).unwrap();
        let question = Document::parse(&decoded.xml).unwrap();
        let id = question.root().attribute("ID").unwrap().to_owned();
        let form = self.answer(&id, decoded.relay_state.as_deref());
        let done = self.send(
            "POST",
            "/runtime/saml2auth/consume.idp",
            &asked.cookies,
            &form,
        );
        let sent =
            done.body.contains("SAMLResponse") && done.body.contains("https://system.example/acs");
        assert!(done.status == 200 && sent, "{}: {}", done.status, done.body);
    }

    /// A request that names nobody, and the page to choose at.
    pub fn look(&self) {
        let asked = self.request(false);
        let path = asked.location.replace(&self.url, "");
        let page = self.send("GET", &path, &asked.cookies, "");
        assert!(
            page.status == 200 && page.body.contains("name=\"idp\""),
            "{}: {}",
            page.status,
            page.body
        );
    }

    fn request(&self, names_idp: bool) -> Answer {
        let mut request = AuthnRequest {
            destination: Some(format!("{}/runtime/saml2/issue.idp", self.url)),
            issuer: Some(SYSTEM.to_owned()),
            ..AuthnRequest::new("_request", OffsetDateTime::now_utc())
        };
        if names_idp {
            let entry = IdpEntry {
                provider_id: IDP.to_owned(),
                name: None,
            };
            request.scoping = Some(Scoping {
                idp_list: vec![entry],
                ..Scoping::default()
            });
        }
        let message = request.to_element().render();
        let destination = format!("{}/runtime/saml2/issue.idp", self.url);
        let key = &keys().system.signing;
        let sealed = redirect(
            &destination,
            MessageField::Request,
            &message,
            None,
            Some(key),
        );
        let Outbound::Redirect { url } = sealed else {
            unreachable!("a redirect")
        };
        self.send("GET", &url.replace(&self.url, ""), "", "")
    }

    /// The identity provider's answer as a form.
    fn answer(&self, to: &str, relay_state: Option<&str>) -> String {
        let now = OffsetDateTime::now_utc();
        let consume = format!("{}/runtime/saml2auth/consume.idp", self.url);
        let attribute = |name: &str, value: &str| Attribute {
            name: name.to_owned(),
            name_format: Some(names::attribute_name_format::URI.to_owned()),
            friendly_name: None,
            values: vec![value.to_owned()],
        };
        let assertion = Assertion {
            id: format!("_a{to}"),
            version: "2.0".to_owned(),
            issue_instant: now,
            issuer: IDP.to_owned(),
            issuer_format: None,
            name_id: Some(NameId {
                value:
                    "C=DK,O=11111111,CN=Prøve Prøvesen,Serial=3b2f0c1e-1111-4222-8333-444455556666"
                        .to_owned(),
                format: Some(names::name_id::X509_SUBJECT_NAME.to_owned()),
                name_qualifier: None,
                sp_name_qualifier: None,
            }),
            confirmations: vec![SubjectConfirmation {
                method: names::BEARER.to_owned(),
                recipient: Some(consume.clone()),
                not_before: None,
                not_on_or_after: Some(now + Duration::minutes(5)),
                in_response_to: Some(to.to_owned()),
            }],
            conditions: Some(Conditions {
                not_before: Some(now),
                not_on_or_after: Some(now + Duration::minutes(10)),
                audience_restrictions: vec![vec![format!("{}/runtime", self.url)]],
                ..Conditions::default()
            }),
            authn_statements: vec![AuthnStatement {
                authn_instant: now,
                session_index: Some("_s1".to_owned()),
                session_not_on_or_after: None,
                class_ref: Some(names::PASSWORD_PROTECTED_TRANSPORT.to_owned()),
                authenticating_authorities: Vec::new(),
            }],
            attributes: vec![
                attribute(a::SPEC_VERSION_3, "OIO-SAML-3.0"),
                attribute(a::LOA, "Substantial"),
                attribute(a::CVR_3, "11111111"),
            ],
        };
        let response = Response {
            id: format!("_r{to}"),
            version: "2.0".to_owned(),
            issue_instant: now,
            in_response_to: Some(to.to_owned()),
            destination: Some(consume.clone()),
            consent: None,
            issuer: Some(IDP.to_owned()),
            issuer_format: None,
            status: Status::success(),
        };
        let keys = keys();
        let element = assertion.to_element();
        let signed = dsig::sign(
            &element,
            &assertion.id,
            Place::AfterIssuer,
            &keys.idp.signing,
        );
        let sealed = dsig::encrypt(&signed, &keys.hub.recipient(), &mut Counted::default());
        let message = response
            .to_element(Some(Content::Encrypted(sealed)))
            .render();
        let Outbound::Post { message, .. } = post(&consume, MessageField::Response, &message, None)
        else {
            unreachable!("a post")
        };
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("SAMLResponse", &message);
        form.append_pair("RelayState", relay_state.unwrap_or_default());
        form.finish()
    }

    fn send(&self, method: &str, path: &str, cookies: &str, form: &str) -> Answer {
        // The name is this machine (RFC 6761 §6.3), whatever its resolver knows of it.
        let (_, port) = self.host.rsplit_once(':').unwrap();
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port.parse().unwrap())).unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: {cookies}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.host,
            form.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let header = |name: &str| {
            let lines = head.lines().filter_map(|line| line.split_once(": "));
            let found = lines.filter(|(found, _)| found.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.to_owned()).collect::<Vec<_>>()
        };
        let cookies = header("set-cookie").into_iter();
        let cookies = cookies.map(|line| line.split(';').next().unwrap_or_default().to_owned());
        Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            location: header("location").pop().unwrap_or_default(),
            cookies: cookies.collect::<Vec<_>>().join("; "),
            body: body.to_owned(),
        }
    }
}
