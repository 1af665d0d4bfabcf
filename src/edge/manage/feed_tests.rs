//! Flows by the API: looked for, deleted, and watched.

use super::{Access, router};
use crate::edge::app::{App, Mode};
use crate::edge::journal::{LISTENERS, Note};
use crate::edge::testing::{app, body, send};
use crate::hub::FlowId;
use axum::Router;
use axum::body::{Body, BodyDataStream};
use axum::http::{Method, Request, Response};
use futures_util::StreamExt as _;
use serde_json::Value;
use std::sync::Arc;

fn request(method: Method, uri: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(uri);
    let request = request.header("host", "127.0.0.1:7879");
    request.body(Body::empty()).unwrap()
}

async fn get(site: &Router, uri: &str) -> Response<Body> {
    send(site, request(Method::GET, uri)).await
}

fn noted(app: &App) -> FlowId {
    let id = app.new_flow();
    app.journal.note(&id, Note::default());
    id
}

/// The next event, as lines.
async fn next(stream: &mut BodyDataStream) -> String {
    let bytes = stream.next().await.expect("an event").unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn site() -> (Arc<App>, Router) {
    let app = app(Mode::Demo);
    let site = router(app.clone(), Access::open());
    (app, site)
}

#[tokio::test]
async fn flows_are_looked_for() {
    let (app, site) = site();
    let ids = [noted(&app), noted(&app), noted(&app)];
    let answer = body(get(&site, "/api/v1/flows?outcome=pending&limit=2").await).await;
    let found: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(found["flows"][0]["id"], ids[2].as_str());
    let uri = format!("/api/v1/flows?before={}", found["next"]);
    let rest: Value = serde_json::from_str(&body(get(&site, &uri).await).await).unwrap();
    assert_eq!(rest["flows"][0]["id"], ids[0].as_str());
    assert_eq!(rest["next"], Value::Null);
    let wrong = get(&site, "/api/v1/flows?outcome=fine").await;
    assert_eq!(wrong.status().as_u16(), 400);
    assert!(body(wrong).await.contains("outcome: "));
}

#[tokio::test]
async fn flows_are_deleted_one_by_one_or_all() {
    let (app, site) = site();
    let [one, other] = [noted(&app), noted(&app)];
    let uri = format!("/api/v1/flows/{one}");
    let foreign = |mut request: Request<Body>| {
        let value = "cross-site".parse().unwrap();
        request.headers_mut().insert("sec-fetch-site", value);
        request
    };
    for uri in [uri.as_str(), "/api/v1/flows"] {
        let response = send(&site, foreign(request(Method::DELETE, uri))).await;
        assert_eq!(response.status().as_u16(), 403);
    }
    for (uri, status) in [
        (uri.as_str(), 204),
        (uri.as_str(), 404),
        ("/api/v1/flows/x", 404),
    ] {
        let response = send(&site, request(Method::DELETE, uri)).await;
        assert_eq!(response.status().as_u16(), status, "{uri}");
    }
    assert_eq!(get(&site, &uri).await.status().as_u16(), 404);
    assert!(app.journal.get(&other).is_some());
    let response = send(&site, request(Method::DELETE, "/api/v1/flows")).await;
    assert_eq!(response.status().as_u16(), 204);
    assert!(app.journal.list().is_empty());
}

#[tokio::test]
async fn changes_are_seen_as_they_happen() {
    let (app, site) = site();
    let before = noted(&app);
    let response = get(&site, "/api/v1/flows/events").await;
    let headers = response.headers();
    assert_eq!(headers["content-type"], "text/event-stream");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["x-accel-buffering"], "no");
    let mut stream = response.into_body().into_data_stream();
    let number = app.journal.last_change();
    let hello = next(&mut stream).await;
    assert!(
        hello.contains(&format!("id: {number}")) && !hello.contains("data"),
        "{hello}"
    );
    let flow = noted(&app);
    let event = next(&mut stream).await;
    assert!(event.contains("event: flow") && event.contains(&format!("id: {}", number + 1)));
    let data = event
        .lines()
        .find_map(|line| line.strip_prefix("data: "))
        .unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    assert_eq!(
        (&data["id"], &data["outcome"]),
        (&flow.as_str().into(), &"pending".into())
    );
    app.journal.delete(&before);
    let event = next(&mut stream).await;
    assert!(
        event.contains("event: gone") && event.contains(before.as_str()),
        "{event}"
    );
    app.journal.clear();
    assert!(next(&mut stream).await.contains("event: reset"));
    app.journal.close();
    assert!(stream.next().await.is_none(), "the program stops");
    assert_eq!(
        get(&site, "/api/v1/flows/events").await.status().as_u16(),
        503
    );
}

#[tokio::test]
async fn who_comes_back_hears_what_happened_meanwhile() {
    let (app, site) = site();
    let number = app.journal.last_change();
    let flows = [noted(&app), noted(&app)];
    let again = |last: &str| {
        let mut request = request(Method::GET, "/api/v1/flows/events");
        request
            .headers_mut()
            .insert("last-event-id", last.parse().unwrap());
        request
    };
    let response = send(&site, again(&number.to_string())).await;
    let mut stream = response.into_body().into_data_stream();
    next(&mut stream).await;
    for flow in &flows {
        assert!(next(&mut stream).await.contains(flow.as_str()));
    }
    let uri = format!("/api/v1/flows/events?after={}", number + 1);
    let mut stream = get(&site, &uri).await.into_body().into_data_stream();
    next(&mut stream).await;
    assert!(next(&mut stream).await.contains(flows[1].as_str()));
    for unknown in ["1", "word"] {
        let response = send(&site, again(unknown)).await;
        let mut stream = response.into_body().into_data_stream();
        next(&mut stream).await;
        let event = next(&mut stream).await;
        let now = app.journal.last_change();
        assert!(event.contains("event: reset") && event.contains(&format!("id: {now}")));
    }
}

#[tokio::test]
async fn no_more_watch_than_there_are_places_and_they_need_the_token() {
    let (_app, site) = site();
    let mut all = Vec::new();
    for _ in 0..LISTENERS {
        all.push(get(&site, "/api/v1/flows/events").await);
    }
    assert_eq!(
        get(&site, "/api/v1/flows/events").await.status().as_u16(),
        503
    );
    all.pop();
    assert_eq!(
        get(&site, "/api/v1/flows/events").await.status().as_u16(),
        200
    );
    let access = Access::with_token("secret".to_owned(), false);
    let site = router(app(Mode::Serve), access);
    assert_eq!(
        get(&site, "/api/v1/flows/events").await.status().as_u16(),
        401
    );
    let link = get(&site, "/?token=secret").await;
    let cookie = link.headers()["set-cookie"]
        .to_str()
        .unwrap()
        .split(';')
        .next()
        .unwrap();
    let mut with_cookie = request(Method::GET, "/api/v1/flows/events");
    with_cookie
        .headers_mut()
        .insert("cookie", cookie.parse().unwrap());
    assert_eq!(send(&site, with_cookie).await.status().as_u16(), 200);
}
