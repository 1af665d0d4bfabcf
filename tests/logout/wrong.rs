//! What is wrong ends nothing, and an outage of the store sends nothing.

use super::stage::*;
use super::{SECOND_SLO, begun};
use crate::support::world::{ACS, IDP, SYSTEM};
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{Request, StatusCode};
use time::Duration;
use vejviser::edge::journal::State;
use vejviser::saml::{Status, names};

#[tokio::test]
async fn forged_unsigned_and_unknown_end_nothing() {
    let stage = Stage::logged_in().await;
    let good = stage.request(SYSTEM, ISSUE);
    let mut unknown = good.clone();
    unknown.issuer = Some("https://unknown.example".to_owned());
    let stranger = &stage.world.keys.stranger.signing;
    for (request, key, check) in [
        (&good, None, "SLO-003"),
        (&good, Some(stranger), "SLO-004"),
        (&unknown, Some(stage.key(SYSTEM)), "SLO-002"),
    ] {
        let came = stage.redirects(ISSUE, request, key).await;
        came.is_page(StatusCode::BAD_REQUEST, check);
        assert!(came.body.contains("Logout stoppede her"), "{}", came.body);
        assert_eq!(stage.sessions().await.len(), 1, "{check}");
        assert_eq!(stage.flow().state, State::Refused);
    }
    // On a call it is a fault.
    let mut call = good.clone();
    call.destination = Some(format!("{HUB}{SOAP}"));
    let came = stage.calls(&call, stranger).await;
    assert_eq!(came.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        came.body.contains("Fault") && came.body.contains("SLO-004"),
        "{}",
        came.body
    );
    assert_eq!(stage.sessions().await.len(), 1);
}

#[tokio::test]
async fn a_known_party_that_is_wrong_gets_a_signed_no() {
    let stage = Stage::logged_in().await;
    let mut somebody = stage.request(SYSTEM, ISSUE);
    somebody.name_id.as_mut().unwrap().value.push('x');
    let mut elsewhere = stage.request(SYSTEM, ISSUE);
    elsewhere.destination = Some("https://other.example".to_owned());
    for (request, subcode) in [
        (&somebody, names::status::UNKNOWN_PRINCIPAL),
        (&elsewhere, names::status::REQUEST_DENIED),
    ] {
        let key = Some(stage.key(SYSTEM));
        let came = stage.redirects(ISSUE, request, key).await;
        let (response, _) = came.answers(super::BACK);
        assert_eq!(response.status.code, names::status::REQUESTER);
        assert_eq!(response.status.subcode.as_deref(), Some(subcode));
        assert_eq!(stage.sessions().await.len(), 1);
        assert_eq!(stage.flow().state, State::Refused);
    }
}

#[tokio::test]
async fn a_request_counts_once() {
    let mut stage = Stage::logged_in().await;
    let request = stage.request(SYSTEM, ISSUE);
    let key = Some(stage.key(SYSTEM).clone());
    stage
        .redirects(ISSUE, &request, key.as_ref())
        .await
        .asks(SECOND_SLO);
    stage.logs_in(SYSTEM, ACS).await;
    let came = stage.redirects(ISSUE, &request, key.as_ref()).await;
    let (response, _) = came.answers(super::BACK);
    assert_eq!(
        response.status.subcode.as_deref(),
        Some(names::status::REQUEST_DENIED)
    );
    assert_eq!(stage.sessions().await.len(), 1, "nothing ended");
    let flow = stage.flow();
    assert_eq!(flow.refusal.map(|check| check.info().id), Some("SLO-013"));
}

#[tokio::test]
async fn an_answer_counts_once_and_only_from_whoever_was_asked() {
    let stage = Stage::logged_in().await;
    let asked = begun(&stage).await.asks(SECOND_SLO);
    // Another party, and nobody at all.
    let other = stage.answers(IDP, SIGNOFF, &asked, Status::success()).await;
    other.is_page(StatusCode::BAD_REQUEST, "SLO-0");
    let came = stage
        .answers(SECOND, SIGNOFF, &asked, Status::success())
        .await;
    came.asks(super::IDP_SLO);
    let again = stage
        .answers(SECOND, SIGNOFF, &asked, Status::success())
        .await;
    again.is_page(StatusCode::BAD_REQUEST, "SLO-015");
}

#[tokio::test]
async fn what_is_no_message_is_a_page_and_on_a_call_a_fault() {
    let stage = Stage::new();
    for path in [SIGNOFF, SIGNOFF_REQUEST, SIGNOFF_RESPONSE] {
        let came = stage.get(path, false).await;
        came.is_page(StatusCode::BAD_REQUEST, "SLO-001");
        let came = stage.post(path, &[("SAMLRequest", "!")], false).await;
        came.is_page(StatusCode::BAD_REQUEST, "SLO-001");
        let head = Request::head(path).header(HOST, "hub.example");
        let came = stage.send(head.body(Body::empty()).unwrap()).await;
        assert_eq!(came.status, StatusCode::METHOD_NOT_ALLOWED);
    }
    for (kind, body) in [
        ("text/xml", "<a/>"),
        ("text/plain", "<a/>"),
        ("text/xml", ""),
    ] {
        let call = Request::post(SOAP)
            .header(HOST, "hub.example")
            .header(CONTENT_TYPE, kind)
            .body(Body::from(body))
            .unwrap();
        let came = stage.send(call).await;
        assert_eq!(came.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(came.body.contains("Fault"), "{}", came.body);
    }
}

/// Nothing is sent while the store is down, and the same works when it is back.
#[tokio::test]
async fn an_outage_at_any_step_sends_nothing_and_passes() {
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    for step in ["sessions", "begin_logout"] {
        let stage = Stage::logged_in().await;
        stage.store.fail(Some(step));
        begun(&stage).await.is_page(unavailable, "HUB-");
        let page = stage.post("/log-ud", &[], true).await;
        page.is_page(unavailable, "HUB-");
        let call = stage.request(SYSTEM, SOAP);
        let fault = stage.calls(&call, stage.key(SYSTEM)).await;
        assert!(fault.body.contains("Fault") && fault.body.contains("Server"));
        assert_eq!(stage.sessions().await.len(), 1, "{step}");
        stage.store.fail(None);
        begun(&stage).await.asks(SECOND_SLO);
    }
    // On the way: the party answers again, and it goes on.
    for step in ["logout", "go_on"] {
        let stage = Stage::logged_in().await;
        let asked = begun(&stage).await.asks(SECOND_SLO);
        stage.store.fail(Some(step));
        let came = stage
            .answers(SECOND, SIGNOFF, &asked, Status::success())
            .await;
        came.is_page(unavailable, "HUB-");
        assert_eq!(
            stage.get("/log-ud", true).await.status == unavailable,
            step == "logout"
        );
        stage.store.fail(None);
        let came = stage
            .answers(SECOND, SIGNOFF, &asked, Status::success())
            .await;
        came.asks(super::IDP_SLO);
    }
}

#[tokio::test]
async fn a_session_that_has_ended_by_itself_is_none() {
    let mut stage = Stage::logged_in().await;
    stage.move_clock(Duration::minutes(481));
    let came = begun(&stage).await;
    let (response, _) = came.answers(super::BACK);
    assert_eq!(
        response.status.subcode.as_deref(),
        Some(names::status::UNKNOWN_PRINCIPAL)
    );
}
