//! Single logout through the public listener: by every binding, from every side, and when something is wrong.

mod caller;
mod pages;
mod stage;
mod wrong;

use crate::support::world::{IDP, SYSTEM, single_logout};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use caller::{Caller, Says};
use stage::*;
use vejviser::dsig::{self, Place};
use vejviser::edge::journal::State;
use vejviser::hub::verdict::Cause;
use vejviser::saml::binding::soap;
use vejviser::saml::metadata::Endpoint;
use vejviser::saml::{LogoutResponse, Status, names};
use vejviser::xml::Document;

const SECOND_SLO: &str = "https://post.example/slo";
const SYSTEM_SLO: &str = "https://sag.example/slo";
const IDP_SLO: &str = "https://idp.provekobing.example/slo";
const BACK: &str = "https://sag.example/slo-answer";

/// The first system asks, and the second is asked.
async fn begun(stage: &Stage) -> Came {
    let request = stage.request(SYSTEM, ISSUE);
    let key = Some(stage.key(SYSTEM));
    stage.redirects(ISSUE, &request, key).await
}

#[tokio::test]
async fn a_system_starts_it_by_redirect_and_everybody_is_told() {
    let stage = Stage::logged_in().await;
    let request = stage.request(SYSTEM, ISSUE);
    let key = Some(stage.key(SYSTEM));
    let asked = stage.redirects(ISSUE, &request, key).await.asks(SECOND_SLO);
    assert_eq!(asked.name_id, Some(stage.name_id()));
    assert_eq!(asked.session_indexes.len(), 1);
    assert_eq!(stage.sessions().await, [], "the session ended first");
    let came = stage
        .answers(SECOND, SIGNOFF, &asked, Status::success())
        .await;
    let asked = came.asks(IDP_SLO);
    assert_eq!(asked.session_indexes, ["_s1"]);
    let came = stage
        .answers(IDP, SIGNOFF_RESPONSE, &asked, Status::success())
        .await;
    let (response, state) = came.answers(BACK);
    assert!(response.status.is_success() && response.status.subcode.is_none());
    assert_eq!(response.in_response_to, Some(request.id));
    assert_eq!(state.as_deref(), Some("mål & <mening>"));
    let flow = stage.flow();
    assert_eq!(flow.state, State::LoggedOut);
    assert_eq!(
        (flow.system.as_deref(), flow.idp.as_deref()),
        (Some(SYSTEM), Some(IDP))
    );
    assert_eq!(flow.content.exchanges.len(), 6, "all legs are one flow");
    assert_eq!(flow.verdict, None);
}

#[tokio::test]
async fn a_system_starts_it_by_post_and_is_answered_by_post() {
    let mut stage = Stage::with(|world| {
        let both = [names::binding::REDIRECT, names::binding::POST];
        world.system().single_logout = single_logout("https://sag.example", &both);
        world.federation.systems.truncate(1);
    });
    stage.logs_in(SYSTEM, crate::support::world::ACS).await;
    let request = stage.request(SYSTEM, ISSUE);
    let element = request.to_element();
    let message = dsig::sign(&element, &request.id, Place::AfterIssuer, stage.key(SYSTEM));
    let message = STANDARD.encode(message.as_bytes());
    let fields = [("SAMLRequest", message.as_str()), ("RelayState", "r")];
    let came = stage.post_from(ISSUE, &fields, false, "cross-site").await;
    let asked = came.asks(IDP_SLO);
    let came = stage
        .answers(IDP, SIGNOFF_RESPONSE, &asked, Status::success())
        .await;
    assert_eq!(came.status, StatusCode::OK);
    assert!(
        came.body.contains(&format!("action=\"{BACK}\"")),
        "{}",
        came.body
    );
    assert!(came.body.contains("name=\"SAMLResponse\"") && came.body.contains("id=\"autopost\""));
}

#[tokio::test]
async fn the_identity_provider_starts_it() {
    let stage = Stage::logged_in().await;
    let request = stage.request(IDP, SIGNOFF_REQUEST);
    let key = Some(stage.key(IDP));
    let came = stage.redirects(SIGNOFF_REQUEST, &request, key).await;
    let asked = came.asks(SYSTEM_SLO);
    let came = stage
        .answers(SYSTEM, SIGNOFF, &asked, Status::success())
        .await;
    let asked = came.asks(SECOND_SLO);
    let came = stage
        .answers(SECOND, SIGNOFF, &asked, Status::success())
        .await;
    let (response, _) = came.answers("https://idp.provekobing.example/slo-answer");
    assert!(response.status.is_success());
    assert_eq!(stage.flow().state, State::LoggedOut);
}

/// It says no: the user reads it, and a link carries the answer on.
#[tokio::test]
async fn whoever_says_no_is_named_on_a_page_before_the_answer_goes_back() {
    let stage = Stage::logged_in().await;
    let asked = begun(&stage).await.asks(SECOND_SLO);
    let no = Status::refusal(names::status::RESPONDER, None, "no");
    let asked = stage
        .answers(SECOND, SIGNOFF, &asked, no)
        .await
        .asks(IDP_SLO);
    let came = stage
        .answers(IDP, SIGNOFF_RESPONSE, &asked, Status::success())
        .await;
    assert_eq!(came.status, StatusCode::OK);
    for said in [
        "Du er ikke logget ud overalt",
        "Postsystemet",
        "svarede, at det ikke lykkedes (Responder)",
        "Gå tilbage til Sagssystemet",
        &format!("href=\"{BACK}?SAMLResponse="),
    ] {
        assert!(came.body.contains(said), "{said}: {}", came.body);
    }
    assert!(
        !came.body.contains("autopost"),
        "nobody is carried on unasked"
    );
    let flow = stage.flow();
    assert_eq!(flow.state, State::PartialLogout);
    let verdict = flow.verdict.unwrap();
    assert_eq!(verdict.cause, Cause::SystemNotLoggedOut);
    assert!(!verdict.evidence.is_empty());
}

/// The policy of the page lets its form go where the answer goes, and nowhere else.
#[tokio::test]
async fn a_partial_logout_goes_back_by_post_to_its_target_only() {
    let mut stage = Stage::with(|world| {
        world.system().single_logout =
            single_logout("https://sag.example", &[names::binding::POST]);
        world.federation.systems[1].single_logout = Vec::new();
    });
    stage.logs_in_to_both().await;
    let request = stage.request(SYSTEM, ISSUE);
    let key = Some(stage.key(SYSTEM));
    let asked = stage.redirects(ISSUE, &request, key).await.asks(IDP_SLO);
    let came = stage
        .answers(IDP, SIGNOFF_RESPONSE, &asked, Status::success())
        .await;
    assert!(came.body.contains("har ingen adresse"), "{}", came.body);
    assert!(came.body.contains("name=\"SAMLResponse\"") && !came.body.contains("autopost"));
    let policy = came.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("form-action https://sag.example;"),
        "{policy}"
    );
}

fn by_soap(url: &str) -> Vec<Endpoint> {
    vec![Endpoint {
        binding: names::binding::SOAP.to_owned(),
        location: url.to_owned(),
        response_location: None,
    }]
}

/// A stage whose second system takes calls only.
async fn with_caller(says: Says) -> (Stage, Caller) {
    let plain = Stage::new();
    let key = plain.key(SYSTEM).clone();
    let caller = Caller::start(SECOND, key, plain.clock.now(), says).await;
    let url = caller.url.clone();
    let mut stage = Stage::with(|world| {
        world.federation.systems[1].single_logout = by_soap(&url);
    });
    stage.logs_in_to_both().await;
    (stage, caller)
}

#[tokio::test]
async fn a_system_that_takes_calls_is_called_meanwhile() {
    let (stage, caller) = with_caller(Says::Success).await;
    let asked = begun(&stage).await.asks(IDP_SLO);
    assert_eq!(caller.asked.lock().unwrap().len(), 1);
    let came = stage
        .answers(IDP, SIGNOFF_RESPONSE, &asked, Status::success())
        .await;
    let (response, _) = came.answers(BACK);
    assert!(response.status.subcode.is_none(), "{:?}", response.status);
    assert_eq!(stage.flow().state, State::LoggedOut);
}

#[tokio::test]
async fn a_call_that_leads_nowhere_holds_nobody_up() {
    for says in [Says::Fault, Says::Elsewhere, Says::Nothing] {
        let (stage, _caller) = with_caller(says).await;
        let asked = begun(&stage).await.asks(IDP_SLO);
        let came = stage
            .answers(IDP, SIGNOFF_RESPONSE, &asked, Status::success())
            .await;
        assert!(came.body.contains("kunne ikke nås"), "{}", came.body);
        assert_eq!(stage.flow().state, State::PartialLogout);
    }
}

/// Without a browser only those are told who take calls; the others are named.
#[tokio::test]
async fn a_system_starts_it_by_a_call_and_is_answered_on_it() {
    let (stage, caller) = with_caller(Says::Success).await;
    let request = stage.request(SYSTEM, SOAP);
    let came = stage.calls(&request, stage.key(SYSTEM)).await;
    assert_eq!(came.status, StatusCode::OK, "{came:?}");
    assert!(
        came.headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/xml")
    );
    let decoded = soap::decode(came.body.as_bytes()).unwrap();
    let document = Document::parse(&decoded.xml).unwrap();
    let response = LogoutResponse::read(document.root()).unwrap();
    assert_eq!(response.in_response_to, Some(request.id));
    assert_eq!(response.status.code, names::status::SUCCESS);
    assert_eq!(
        response.status.subcode.as_deref(),
        Some(names::status::PARTIAL_LOGOUT)
    );
    assert_eq!(caller.asked.lock().unwrap().len(), 1);
    assert_eq!(stage.sessions().await, []);
    let flow = stage.flow();
    assert_eq!(flow.state, State::PartialLogout);
    assert_eq!(flow.verdict.unwrap().cause, Cause::IdpNotLoggedOut);
}

/// One login for both, and one logout for both.
#[tokio::test]
async fn the_second_system_is_served_from_the_session_where_the_setting_says_so() {
    let mut stage = Stage::with(|world| world.settings.single_sign_on = true);
    let acs = "https://post.example/acs";
    stage.logs_in(SYSTEM, crate::support::world::ACS).await;
    let came = stage.begins(SECOND, acs, |_| {}).await;
    assert_eq!(came.status, StatusCode::OK, "{came:?}");
    assert!(came.body.contains("name=\"SAMLResponse\"") && came.body.contains(acs));
    let flow = stage.flow();
    assert_eq!(flow.state, State::LoggedIn);
    let chosen = serde_json::to_value(flow.chosen.unwrap().0).unwrap();
    assert_eq!(chosen, "session");
    assert_eq!(stage.sessions().await[0].systems.len(), 2);
    // Who demands a fresh login gets one.
    let fresh = stage
        .begins(SECOND, acs, |request| request.force_authn = Some(true))
        .await;
    assert!(
        fresh
            .location()
            .unwrap()
            .starts_with("https://idp.provekobing.example/sso")
    );
    for step in ["sessions", "join"] {
        stage.store.fail(Some(step));
        let came = stage.begins(SECOND, acs, |_| {}).await;
        came.is_page(StatusCode::SERVICE_UNAVAILABLE, "HUB-");
        stage.store.fail(None);
    }
    let came = stage.begins(SECOND, acs, |_| {}).await;
    assert!(
        came.body.contains("name=\"SAMLResponse\""),
        "it works again"
    );
    let asked = begun(&stage).await.asks(SECOND_SLO);
    assert_eq!(asked.session_indexes.len(), 2);
}
