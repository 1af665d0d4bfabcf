//! What the scenarios play on: a federation of one town, and messages that somebody bent before they were signed.

use crate::support::demo::Demo;
use crate::support::town::{CVR, Town};
use serde_json::Value;
use std::borrow::Cow;
use time::{Duration, OffsetDateTime};
use vejviser::config::pki;
use vejviser::drill::{Browser, Page};
use vejviser::dsig::{Place, SigningKey, sign};
use vejviser::hub::verdict::Cause;
use vejviser::saml::binding::{MessageField, Outbound, redirect};
use vejviser::saml::names::{BEARER, binding, name_id};
use vejviser::saml::response::Content;
use vejviser::saml::{
    Assertion, Attribute, AuthnRequest, AuthnStatement, Conditions, NameId, Response, Status,
    SubjectConfirmation,
};

/// One login of this person in a new browser, by a script: whoever is stuck at a page of the IdP cancels.
pub async fn login(town: Town<'_>, path: &str, person: &str) -> Value {
    let demo = town.start().await;
    let mut browser = Browser::new();
    let page = to_idp(&demo, &mut browser, path).await;
    if page.url.path() == "/sso" {
        let address = format!("{}&autologin={person}", page.url);
        browser.get(&address).await.unwrap();
    }
    demo.newest_flow().await
}

/// From a system to wherever that leads.
pub async fn to_idp(demo: &Demo, browser: &mut Browser, path: &str) -> Page {
    let (system, query) = path.split_once('?').unwrap_or((path, ""));
    let login = demo.url(system, &format!("/log-ind?{query}"));
    browser.get(&login).await.unwrap()
}

/// The flow says that it was this, and that this one must act.
pub fn shows(flow: &Value, cause: Cause, actor: &str) {
    let verdict = &flow["verdict"];
    assert_eq!(verdict["cause"], cause.info().id, "{flow:#}");
    assert_eq!(verdict["actor"], actor, "{flow:#}");
    // What shows it is there.
    for evidence in verdict["evidence"].as_array().unwrap() {
        let at = |list: &str, key: &str| {
            let at = usize::try_from(evidence[key].as_u64().unwrap()).unwrap();
            flow[list].get(at).cloned().unwrap_or_default()
        };
        let found = match evidence["kind"].as_str().unwrap() {
            "decision" => at("decisions", "decision"),
            "told" => at("told", "told"),
            "message" => at("exchanges", "exchange"),
            _ => {
                let rows = at("exchanges", "exchange")["checks"].clone();
                let rows = rows.as_array().cloned().unwrap_or_default();
                rows.into_iter()
                    .find(|row| row["id"] == evidence["check"])
                    .unwrap_or_default()
            }
        };
        assert!(!found.is_null(), "{evidence} in {flow:#}");
    }
}

/// A message of an IdP of the town, before it is signed.
pub struct Forged {
    pub response: Response,
    pub assertion: Assertion,
    pub key: SigningKey,
}

/// What the IdP would answer to what it was just asked, bent by a test; the browser brings it.
pub async fn answer(
    demo: &Demo,
    browser: &mut Browser,
    at_idp: &Page,
    bend: impl FnOnce(&mut Forged),
) -> Page {
    let flow = demo.newest_flow().await;
    let exchanges = flow["exchanges"].as_array().unwrap();
    let asked = exchanges
        .iter()
        .find(|one| one["leg"] == "identity-provider")
        .unwrap();
    let xml = asked["xml"].as_str().unwrap();
    let id = value(xml, "ID").to_owned();
    let now = demo.app.clock.now();
    let hub = demo.app.hub();
    let acs = hub.url("/runtime/saml2auth/consume.idp");
    let idp = demo.entity_id("idp");
    let mut forged = Forged {
        response: response(&id, &acs, &idp, now),
        assertion: assertion(&id, &acs, &idp, &hub.entity_id, now),
        key: pki::pair("testrup").unwrap().signing,
    };
    bend(&mut forged);
    let element = forged.assertion.to_element();
    let signed = sign(
        &element,
        &forged.assertion.id,
        Place::AfterIssuer,
        &forged.key,
    );
    let message = forged
        .response
        .to_element(Some(Content::Assertion(signed)))
        .render();
    let body = crate::support::raw::base64(message.as_str().as_bytes());
    let form = format!(
        "<form method=\"post\" action=\"{acs}\"><input type=\"hidden\" name=\"SAMLResponse\" value=\"{body}\"><button>x</button></form>"
    );
    let page = Page {
        body: form,
        ..at_idp.clone()
    };
    browser.submit_first(&page).await.unwrap()
}

fn value<'a>(xml: &'a str, name: &str) -> &'a str {
    let (_, rest) = xml.split_once(&format!(" {name}=\"")).unwrap();
    rest.split('"').next().unwrap()
}

fn response(id: &str, acs: &str, idp: &str, now: OffsetDateTime) -> Response {
    Response {
        id: fresh("r"),
        version: "2.0".into(),
        issue_instant: now,
        in_response_to: Some(id.to_owned()),
        destination: Some(acs.to_owned()),
        consent: None,
        issuer: Some(idp.to_owned()),
        issuer_format: None,
        status: Status::success(),
    }
}

fn assertion(id: &str, acs: &str, idp: &str, hub: &str, now: OffsetDateTime) -> Assertion {
    let attribute = |(name, value): (&str, &str)| Attribute {
        name: name.to_owned(),
        name_format: None,
        friendly_name: None,
        values: vec![value.to_owned()],
    };
    Assertion {
        id: fresh("a"),
        version: "2.0".into(),
        issue_instant: now,
        issuer: idp.to_owned(),
        issuer_format: None,
        name_id: Some(NameId {
            value: format!(
                "C=DK,O={CVR},CN=Totte Prøve,Serial=e0000000-0000-4000-8000-000000000001"
            ),
            format: Some(name_id::X509_SUBJECT_NAME.into()),
            name_qualifier: None,
            sp_name_qualifier: None,
        }),
        confirmations: vec![SubjectConfirmation {
            method: BEARER.into(),
            recipient: Some(acs.to_owned()),
            not_before: None,
            not_on_or_after: Some(now + Duration::minutes(5)),
            in_response_to: Some(id.to_owned()),
        }],
        conditions: Some(Conditions {
            not_before: Some(now),
            not_on_or_after: Some(now + Duration::minutes(5)),
            audience_restrictions: vec![vec![hub.to_owned()]],
            ..Conditions::default()
        }),
        authn_statements: vec![AuthnStatement {
            authn_instant: now,
            session_index: None,
            session_not_on_or_after: None,
            class_ref: None,
            authenticating_authorities: Vec::new(),
        }],
        attributes: [
            ("https://data.gov.dk/concept/core/nsis/loa", "Substantial"),
            ("https://data.gov.dk/model/core/eid/professional/cvr", CVR),
        ]
        .map(attribute)
        .into(),
    }
}

/// An ID that nothing else has.
fn fresh(kind: &str) -> String {
    let mut bytes = [0; 16];
    vejviser::edge::world::random(&mut bytes);
    let id = vejviser::hub::FlowId::from_random(bytes);
    format!("_{kind}{id}")
}

/// A request of a system, bent before it is signed by `key`; without a key it is not signed.
pub async fn request(
    demo: &Demo,
    browser: &mut Browser,
    system: &str,
    key: Option<&str>,
    relay_state: Option<&str>,
    bend: impl FnOnce(&mut AuthnRequest),
) -> Page {
    let hub = demo.app.hub();
    let sso = hub.url("/runtime/saml2/issue.idp");
    let mut request = AuthnRequest {
        destination: Some(sso.clone()),
        issuer: Some(demo.entity_id(system)),
        protocol_binding: Some(binding::POST.into()),
        acs_url: Some(demo.url(system, "/acs")),
        ..AuthnRequest::new(fresh("q"), demo.app.clock.now())
    };
    bend(&mut request);
    let key = key.map(|name| pki::pair(name).unwrap().signing);
    let message = request.to_element().render();
    let sent = redirect(
        &sso,
        MessageField::Request,
        &message,
        relay_state,
        key.as_ref(),
    );
    let Outbound::Redirect { url } = sent else {
        panic!("a redirect")
    };
    browser.get(&Cow::from(url)).await.unwrap()
}
