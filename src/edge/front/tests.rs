mod chooser;
mod language;
mod memory;

use super::*;
use crate::edge::app::Mode;
use crate::edge::browser::{cookie_name, hash};
use crate::edge::journal::State;
use crate::edge::testing::{IDP, app, body, choosing, send, succeeded_with, waiting};
use crate::hub::Check;
use crate::hub::choose::{Chosen, ChosenBy};
use axum::body::Body;
use axum::http::header::{CONTENT_SECURITY_POLICY, COOKIE, LOCATION};
use axum::http::{Request, Response};

const BROWSER: &str = "0123456789abcdef0123456789abcdef";

fn get_as(browser: Option<&str>, uri: &str) -> Request<Body> {
    with_cookie(Request::get(uri), browser)
        .body(Body::empty())
        .unwrap()
}

fn form(browser: Option<&str>, uri: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post(uri).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    with_cookie(request, browser).body(body.into()).unwrap()
}

fn with_cookie(
    request: axum::http::request::Builder,
    browser: Option<&str>,
) -> axum::http::request::Builder {
    match browser {
        Some(id) => request.header(COOKIE, format!("{}={id}", cookie_name(id))),
        None => request,
    }
}

fn chosen() -> Chosen {
    Chosen {
        idp: IDP.to_owned(),
        by: ChosenBy::Chooser,
        since: None,
    }
}

fn policy(response: &Response<Body>) -> &str {
    response.headers()[CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap()
}

/// Danish, English, who must act, and a flow id.
fn is_page(page: &str, about: &str) {
    for part in ["Hvem skal handle", "Who must act", "id=\"flow\">"] {
        assert!(page.contains(part), "{about}: {part} in {page}");
    }
    let (_, rest) = page.split_once("id=\"flow\">").unwrap();
    assert!(crate::hub::FlowId::parse(&rest[..26]).is_some(), "{about}");
}

fn of_method(method: &str, uri: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(uri);
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn every_error_is_a_page() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let typed = |kind: &str, body: &'static str| {
        let request = Request::post("/vaelg").header(CONTENT_TYPE, kind);
        request.body(Body::from(body)).unwrap()
    };
    let form_type = "application/x-www-form-urlencoded";
    for (request, status) in [
        (get_as(None, path::CONSUME), 405),
        (of_method("PUT", path::CONSUME), 405),
        (of_method("DELETE", path::ISSUE), 405),
        (of_method("POST", "/"), 405),
        (of_method("POST", path::IDP_METADATA), 405),
        (get_as(None, "/vaelg?flow=a&flow=b"), 400),
        (
            get_as(None, "/runtime/saml2/metadata.idp?quirks=a&quirks=b"),
            400,
        ),
        (
            get_as(None, "/runtime/saml2auth/metadata.idp?quirks=a&quirks=b"),
            400,
        ),
        (typed("text/plain", "flow=a"), 415),
        (typed(form_type, "flow=a&flow=b"), 422),
        (get_as(None, "/no-such-page"), 404),
    ] {
        let about = format!("{} {}", request.method(), request.uri());
        let response = send(&site, request).await;
        assert_eq!(response.status(), status, "{about}");
        assert_eq!(
            status == 405,
            response.headers().contains_key("allow"),
            "{about}"
        );
        assert!(policy(&response).contains("default-src 'none'"), "{about}");
        is_page(&body(response).await, &about);
    }
    is_page(&body(page::misdirected()).await, "misdirected");
    assert!(app.journal.list().is_empty());
}

#[tokio::test]
async fn a_head_begins_no_login() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    for uri in ["/runtime/saml2/issue.idp?SAMLRequest=x", path::CONSUME] {
        let response = send(&site, of_method("HEAD", uri)).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{uri}");
    }
    assert!(app.journal.list().is_empty());
}

#[tokio::test]
async fn what_could_not_be_stored_is_not_noted_as_sent() {
    let app = app(Mode::Demo);
    let mut pending = waiting(&app, hash(BROWSER));
    let now = app.clock.now();
    app.store.put(&pending, None, now).await.unwrap();
    pending.force_authn = true;
    let trace = crate::hub::Trace::default();
    let flow = pending.flow.clone();
    let response = issue::go(&app, pending, None, chosen(), trace, now).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert!(app.journal.get(&flow).unwrap().content.exchanges.is_empty());
}

#[tokio::test]
async fn every_answer_has_the_headers() {
    let site = router(app(Mode::Demo));
    for (uri, status) in [
        ("/", 200),
        ("/no-such-page", 404),
        ("/assets/autopost.js", 200),
        (path::ISSUE, 400),
    ] {
        let response = send(&site, get_as(None, uri)).await;
        assert_eq!(response.status(), status, "{uri}");
        assert!(
            policy(&response).contains("default-src 'none'")
                && !policy(&response).contains("unsafe"),
            "{uri}"
        );
        assert_eq!(
            response.headers()["x-content-type-options"],
            "nosniff",
            "{uri}"
        );
        let body = body(response).await;
        assert!(
            uri.starts_with("/assets") || body.contains("ikke KOMBITs Context Handler"),
            "{uri}"
        );
    }
}

#[tokio::test]
async fn junk_gets_a_page_with_its_check_and_its_flow_is_journaled() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let junk = [
        (
            get_as(None, "/runtime/saml2/issue.idp?SAMLRequest=%3Cscript%3E"),
            "SYS-Q-001",
            400,
        ),
        (
            get_as(None, "/runtime/saml2/issue.idp?SAMLResponse=x"),
            "SYS-Q-001",
            400,
        ),
        (
            form(None, path::ISSUE, "SAMLRequest=PGEvPg"),
            "SYS-Q-001",
            400,
        ),
        (form(None, path::CONSUME, "SAMLRequest=%"), "IDP-R-001", 400),
        (
            form(None, path::CONSUME, "SAMLResponse=PGEvPg=="),
            "IDP-R-002",
            403,
        ),
        (
            Request::post(path::CONSUME)
                .body(Body::from("SAMLResponse=PGEvPg=="))
                .unwrap(),
            "IDP-R-001",
            400,
        ),
    ];
    for (request, check, status) in junk {
        let uri = request.uri().clone();
        let response = send(&site, request).await;
        assert_eq!(response.status(), status, "{uri}");
        let flow = app.journal.list().remove(0);
        assert_eq!(flow.state, State::Refused);
        assert_eq!(flow.refusal.unwrap().info().id, check, "{uri}");
        let body = body(response).await;
        assert!(
            body.contains(check) && body.contains(flow.id.as_str()) && !body.contains("<script>"),
            "{uri}"
        );
    }
}

#[tokio::test]
async fn junk_does_not_evict_flows() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let flow = app.new_flow();
    app.journal
        .note(&flow, crate::edge::journal::Note::default());
    let junk = crate::edge::journal::JUNK.flows;
    for _ in 0..junk {
        for request in [
            get_as(None, path::ISSUE),
            form(None, path::CONSUME, "SAMLResponse=PGEvPg=="),
            form(None, path::CONSUME, "SAMLResponse=%"),
        ] {
            send(&site, request).await;
        }
    }
    assert!(app.journal.get(&flow).is_some());
    assert_eq!(app.journal.list().len(), junk + 1);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let site = router(app(Mode::Demo));
    let response = send(&site, form(None, path::CONSUME, vec![b'a'; MAX_BODY + 1])).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    is_page(&body(response).await, "too large");
}

#[tokio::test]
async fn a_handler_that_panics_is_a_page() {
    let site = shield(Router::new().route("/", get(|| async { panic!("for the test") as () })));
    let response = send(&site, get_as(None, "/")).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(policy(&response).contains("default-src 'none'"));
    assert!(body(response).await.contains("fejl i Vejviser"));
}

#[tokio::test]
async fn metadata_is_served_in_both_roles() {
    let site = router(app(Mode::Serve));
    for (uri, role) in [
        (
            "/runtime/saml2/metadata.idp?samlprofile=nemlogin3",
            "IDPSSODescriptor",
        ),
        ("/runtime/saml2auth/metadata.idp", "SPSSODescriptor"),
        ("/runtime/saml2/metadata.idp?quirks=ch2", "IDPSSODescriptor"),
    ] {
        let response = send(&site, get_as(None, uri)).await;
        assert_eq!(
            response.headers()[CONTENT_TYPE],
            "application/samlmetadata+xml"
        );
        let first = body(response).await;
        assert!(first.contains(role), "{uri}");
        let again = body(send(&site, get_as(None, uri)).await).await;
        assert!(first == again, "{uri}: signed once");
    }
}

#[tokio::test]
async fn a_message_that_no_handler_saw_is_in_the_journal_under_the_id_of_its_page() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    for (address, check) in [
        (path::ISSUE, Check::RequestReadable),
        (path::CONSUME, Check::ResponseReadable),
    ] {
        let large = format!("SAMLResponse={}", "A".repeat(MAX_BODY));
        let response = send(&site, form(None, address, large)).await;
        assert_eq!(
            response.status(),
            StatusCode::PAYLOAD_TOO_LARGE,
            "{address}"
        );
        let page = body(response).await;
        is_page(&page, address);
        let (_, rest) = page.split_once("id=\"flow\">").unwrap();
        let flow = crate::hub::FlowId::parse(&rest[..26]).unwrap();
        let noted = app.journal.get(&flow).expect(address);
        assert_eq!(noted.refusal, Some(check));
        assert!(noted.content.exchanges[0].checks[0].found.contains("413"));
    }
}
