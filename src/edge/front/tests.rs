use super::*;
use crate::edge::app::Mode;
use crate::edge::browser::hash;
use crate::edge::journal::State;
use crate::edge::testing::{IDP, app, body, choosing, send};
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
        Some(id) => request.header(COOKIE, format!("__Host-vejviser={id}")),
        None => request,
    }
}

fn policy(response: &Response<Body>) -> &str {
    response.headers()[CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap()
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
        assert_eq!(flow.refusal.unwrap().check.info().id, check, "{uri}");
        let body = body(response).await;
        assert!(
            body.contains(check) && body.contains(flow.id.as_str()) && !body.contains("<script>"),
            "{uri}"
        );
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let site = router(app(Mode::Demo));
    let response = send(&site, form(None, path::CONSUME, vec![b'a'; MAX_BODY + 1])).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_chooser_belongs_to_one_browser() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let flow = choosing(&app, hash(BROWSER)).await;
    let uri = format!("/vaelg?flow={flow}");
    for browser in [
        None,
        Some("ffffffffffffffffffffffffffffffff"),
        Some("short"),
    ] {
        let response = send(&site, get_as(browser, &uri)).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        let response = send(
            &site,
            form(browser, "/vaelg", format!("flow={flow}&idp={IDP}")),
        )
        .await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
    }
    let response = send(&site, get_as(Some(BROWSER), &uri)).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(
        policy(&response)
            .contains("form-action 'self' https://idp.example:8443 https://system.example;")
    );
    let body = body(response).await;
    assert!(!body.contains("<Kommune>") && body.contains(IDP));
}

#[tokio::test]
async fn a_choice_leads_to_the_idp_and_a_second_one_replaces_it() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let flow = choosing(&app, hash(BROWSER)).await;
    let mut asked = Vec::new();
    for _ in 0..2 {
        let response = send(
            &site,
            form(Some(BROWSER), "/vaelg", format!("flow={flow}&idp={IDP}")),
        )
        .await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert!(
            response.headers()[LOCATION]
                .to_str()
                .unwrap()
                .starts_with("https://idp.example:8443/sso?SAMLRequest=")
        );
        let pending = app
            .store
            .by_flow(&flow, app.clock.now())
            .await
            .unwrap()
            .unwrap();
        asked.push(pending.asked_with().unwrap().to_owned());
    }
    assert_ne!(asked[0], asked[1]);
    assert!(
        app.store
            .by_request(&asked[0], app.clock.now())
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(app.journal.get(&flow).unwrap().state, State::Pending);
}

#[tokio::test]
async fn an_unknown_idp_is_a_page_and_the_choice_remains() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let flow = choosing(&app, hash(BROWSER)).await;
    let response = send(
        &site,
        form(
            Some(BROWSER),
            "/vaelg",
            format!("flow={flow}&idp=https://evil.example"),
        ),
    )
    .await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert!(body(response).await.contains("HUB-C-002"));
    assert!(
        app.store
            .by_flow(&flow, app.clock.now())
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn cancel_answers_the_system_once() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let flow = choosing(&app, hash(BROWSER)).await;
    let cancel = || form(Some(BROWSER), "/vaelg", format!("flow={flow}&cancel=1"));
    let response = send(&site, cancel()).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(policy(&response).contains("form-action https://system.example;"));
    let page = body(response).await;
    assert!(
        page.contains("action=\"https://system.example/acs\"")
            && page.contains("name=\"SAMLResponse\"")
    );
    assert_eq!(app.journal.get(&flow).unwrap().state, State::Refused);
    assert_eq!(send(&site, cancel()).await.status(), StatusCode::FORBIDDEN);
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
        assert!(body(response).await.contains(role), "{uri}");
    }
}
