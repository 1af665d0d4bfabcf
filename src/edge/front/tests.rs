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
async fn a_second_tab_at_the_chooser_does_not_end_the_login() {
    let app = app(Mode::Demo);
    let flow = choosing(&app, hash(BROWSER)).await;
    let now = app.clock.now();
    let read = app.store.by_flow(&flow, now).await.unwrap().unwrap();
    let go = async || {
        let trace = crate::hub::Trace::default();
        issue::go(&app, read.clone(), Some(read.clone()), chosen(), trace, now).await
    };
    assert_eq!(go().await.status(), StatusCode::SEE_OTHER);
    assert_eq!(go().await.status(), StatusCode::FORBIDDEN);
    let noted = app.journal.get(&flow).unwrap();
    assert_eq!((noted.state, noted.exchanges.len()), (State::Pending, 1));
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
    assert!(app.journal.get(&flow).unwrap().exchanges.is_empty());
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
        let first = body(response).await;
        assert!(first.contains(role), "{uri}");
        let again = body(send(&site, get_as(None, uri)).await).await;
        assert!(first == again, "{uri}: signed once");
    }
}

#[tokio::test]
async fn another_page_cannot_choose_for_the_user() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let flow = choosing(&app, hash(BROWSER)).await;
    let before = app.store.by_flow(&flow, app.clock.now()).await.unwrap();
    for from in ["cross-site", "same-site", "none"] {
        for what in [format!("idp={IDP}"), "cancel=1".to_owned()] {
            let mut request = form(Some(BROWSER), "/vaelg", format!("flow={flow}&{what}"));
            let headers = request.headers_mut();
            headers.insert("sec-fetch-site", from.parse().unwrap());
            let response = send(&site, request).await;
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{from} {what}");
            assert!(body(response).await.contains(flow.as_str()));
        }
    }
    let after = app.store.by_flow(&flow, app.clock.now()).await.unwrap();
    assert_eq!(after, before);
    assert!(app.journal.get(&flow).is_none());
    let mut request = form(Some(BROWSER), "/vaelg", format!("flow={flow}&idp={IDP}"));
    let headers = request.headers_mut();
    headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
    assert_eq!(send(&site, request).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_login_that_was_decided_without_the_user_has_no_chooser() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let mut pending = waiting(&app, hash(BROWSER));
    pending.chooser = false;
    let now = app.clock.now();
    app.store.put(&pending, None, now).await.unwrap();
    let flow = &pending.flow;
    for request in [
        get_as(Some(BROWSER), &format!("/vaelg?flow={flow}")),
        form(Some(BROWSER), "/vaelg", format!("flow={flow}&idp={IDP}")),
        form(Some(BROWSER), "/vaelg", format!("flow={flow}&cancel=1")),
    ] {
        let response = send(&site, request).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        let check = Check::FlowKnown.info().id;
        assert!(body(response).await.contains(check));
    }
    assert_eq!(app.store.by_flow(flow, now).await, Ok(Some(pending)));
}

/// Wherever a page is made, it is in the request's language, and leads to the same page in the other one.
#[tokio::test]
async fn every_layer_answers_in_the_language_of_the_request() {
    let site = router(app(Mode::Demo));
    let panics = shield(Router::new().route("/", get(|| async { panic!("for the test") as () })));
    let large = form(None, path::CONSUME, vec![b'a'; MAX_BODY + 1]);
    for (site, mut request, title) in [
        (&site, get_as(None, "/"), "an unofficial Context Handler 2"),
        (&site, get_as(None, "/no-such-page"), "No such page"),
        (&site, get_as(None, path::ISSUE), "The login stopped here"),
        (&site, get_as(None, path::CONSUME), "The login stopped here"),
        (&site, large, "The message is too large"),
        (&panics, get_as(None, "/"), "Something broke in the hub"),
    ] {
        let fetched = request.method() == "GET";
        let headers = request.headers_mut();
        headers.insert("accept-language", "en".parse().unwrap());
        let page = body(send(site, request).await).await;
        assert!(page.contains("<html lang=\"en\">"), "{title}: {page}");
        let heading = page.split("<h1>").nth(1).unwrap();
        assert!(heading.split("</h1>").next().unwrap().contains(title));
        assert_eq!(page.contains("href=\"?lang=da\""), fetched, "{title}");
    }
}

#[tokio::test]
async fn every_page_of_the_hub_leads_to_the_users_choices() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let flow = choosing(&app, hash(BROWSER)).await;
    for uri in [
        "/",
        "/no-such-page",
        path::ISSUE,
        &format!("/vaelg?flow={flow}"),
    ] {
        let page = body(send(&site, get_as(Some(BROWSER), uri)).await).await;
        assert!(page.contains("href=\"/mit-valg\""), "{uri}");
    }
    let party = shield(Router::new().fallback(page::not_found));
    let page = body(send(&party, get_as(None, "/")).await).await;
    assert!(!page.contains("/mit-valg"), "not a persona's");
}

#[tokio::test]
async fn the_language_link_repeats_the_address_and_nothing_else() {
    let site = router(app(Mode::Demo));
    let response = send(&site, get_as(None, "/x?a='%22%3E//{}&lang=da&b=1")).await;
    assert_eq!(
        response.headers()["set-cookie"],
        "vejviser-sprog=da; Path=/; Max-Age=31536000; SameSite=Lax"
    );
    let page = body(response).await;
    let link = "href=\"?a=%27%22%3E%2F%2F%7B%7D&#38;b=1&#38;lang=en\"";
    assert!(page.contains(link), "{page}");
}

/// A request with what a browser remembers.
fn remembering(
    app: &crate::edge::App,
    request: axum::http::request::Builder,
) -> axum::http::request::Builder {
    let memory = succeeded_with(
        app,
        crate::hub::BrowserMemory::default(),
        "https://system.example/metadata",
        true,
    );
    let set = app.seal.cookie(&memory).unwrap();
    let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
    request.header(COOKIE, pair)
}

#[tokio::test]
async fn only_the_page_itself_and_the_link_forget() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let form_type = "application/x-www-form-urlencoded";
    let post = |from: &str| {
        remembering(&app, Request::post("/mit-valg/glem"))
            .header("sec-fetch-site", from)
            .header(CONTENT_TYPE, form_type)
            .body(Body::from("alle=1"))
            .unwrap()
    };
    let link = |kind: &str| {
        remembering(&app, Request::get("/mit-valg/glem"))
            .header("sec-fetch-dest", kind)
            .body(Body::empty())
            .unwrap()
    };
    for (request, forgets) in [
        (post("same-origin"), true),
        (post("cross-site"), false),
        (post("same-site"), false),
        (link("document"), true),
        (link("image"), false),
        (link("iframe"), false),
    ] {
        let about = format!("{request:?}");
        let response = send(&site, request).await;
        let gone = response
            .headers()
            .get(axum::http::header::SET_COOKIE)
            .is_some_and(|set| set.to_str().unwrap().contains("Max-Age=0"));
        assert_eq!(gone, forgets, "{about}");
        assert_eq!(response.status().is_client_error(), !forgets, "{about}");
    }
}

#[tokio::test]
async fn what_is_remembered_is_shown_as_text() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let request = remembering(&app, Request::get("/mit-valg?glemt=1&fokus=0"));
    let page = body(send(&site, request.body(Body::empty()).unwrap()).await).await;
    assert!(page.contains("https://system.example/metadata"), "{page}");
    assert!(
        page.contains("Prøve &#60;Kommune&#62;") && page.contains("11111111")
            || page.contains("Prøve"),
        "{page}"
    );
    for odd in [
        "/mit-valg?glemt=-1",
        "/mit-valg?glemt=x",
        "/mit-valg?fokus=99999999999999999999999",
    ] {
        let response = send(&site, Request::get(odd).body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 400, "{odd}");
    }
    // A focus that is nowhere is none.
    let request = remembering(&app, Request::get("/mit-valg?fokus=7"));
    let response = send(&site, request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn organisations_are_found_by_name_cvr_and_mail_and_stand_in_danish_order() {
    let names = [
        "Ølstrup",
        "Aaby",
        "Bøvling",
        "Ærtebjerg",
        "Zinkby",
        "Cedersted",
        "Dunby",
        "Æblerød",
        "Engby",
    ];
    let mut federation = crate::hub::Federation::default();
    for (n, name) in names.iter().enumerate() {
        let cvr = crate::oiosaml::Cvr::parse(&format!("1000000{n}")).unwrap();
        let mut idp = crate::edge::testing::idp();
        idp.id = format!("https://idp{n}.example/metadata");
        idp.name = format!("idp{n}");
        idp.presentation_name = format!("{name} Kommune");
        idp.user_contexts = vec![cvr.clone()];
        federation.identity_providers.push(idp);
        let organisation = crate::hub::federation::Organisation {
            name: format!("{name} Kommune"),
            email_domains: vec![format!("by{n}.example")],
        };
        federation.organisations.insert(cvr, organisation);
    }
    let app = crate::edge::testing::app_with(Mode::Serve, federation);
    let flow = choosing(&app, hash(BROWSER)).await;
    let site = router(app.clone());
    let listed = async |query: &str| {
        let uri = format!("/vaelg?flow={flow}&q={query}");
        let page = body(send(&site, get_as(Some(BROWSER), &uri)).await).await;
        let found: Vec<String> = page
            .split("<span class=\"name\">")
            .skip(1)
            .map(|rest| rest.split(" Kommune").next().unwrap().to_owned())
            .collect();
        (found, page)
    };
    let (all, page) = listed("").await;
    let danish = [
        "Bøvling",
        "Cedersted",
        "Dunby",
        "Engby",
        "Zinkby",
        "Æblerød",
        "Ærtebjerg",
        "Ølstrup",
        "Aaby",
    ];
    assert_eq!(all, danish);
    assert!(page.contains("role=\"search\""));
    for (query, expected) in [
        ("%C3%B8v", vec!["Bøvling"]),
        ("B%C3%98VLING", vec!["Bøvling"]),
        ("10000002", vec!["Bøvling"]),
        ("by3.example", vec!["Ærtebjerg"]),
        ("Hanne.Hansen%40BY3.example", vec!["Ærtebjerg"]),
        ("%20dunby%20", vec!["Dunby"]),
        ("by", vec!["Dunby", "Engby", "Zinkby", "Aaby"]),
        ("1000000", vec![]),
        ("nobody", vec![]),
    ] {
        assert_eq!(listed(query).await.0, expected, "{query}");
    }
    let (_, hostile) = listed("%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(!hostile.contains("<script>alert") && hostile.contains("role=\"status\""));
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
        assert_eq!(noted.refusal.map(|refusal| refusal.check), Some(check));
        assert!(noted.exchanges[0].checks[0].found.contains("413"));
    }
}
