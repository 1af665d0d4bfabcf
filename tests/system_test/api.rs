//! `/api/v1/next-login`: a login is programmed from outside, taken once by the right browser, and told.

use crate::support::demo::Demo;
use crate::support::served;
use serde_json::{Value, json};
use std::time::Duration;
use vejviser::drill::Browser;
use vejviser::testing::{Fault, Hub, Level, Nsis, OiosamlVersion, Program};

async fn asked(demo: &Demo, body: Value) -> (u16, Value) {
    call(demo, "POST", "/api/v1/next-login", Some(body)).await
}

async fn call(demo: &Demo, method: &'static str, path: &str, body: Option<Value>) -> (u16, Value) {
    let (host, path) = (format!("127.0.0.1:{}", demo.manage), path.to_owned());
    let answered =
        tokio::task::spawn_blocking(move || served::ask(&host, "", method, &path, body.as_ref()));
    let (status, text) = answered.await.unwrap().expect("an answer");
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

async fn get(demo: &Demo, path: &str) -> (u16, Value) {
    call(demo, "GET", path, None).await
}

#[tokio::test]
async fn parallel_jobs_do_not_mix() {
    let demo = Demo::start().await;
    let mut ids = Vec::new();
    for (run, person) in [("job-1", "anna"), ("job-2", "carla")] {
        let body =
            json!({ "system": "sagssystem", "run": run, "idp": "eksempelstrup", "person": person });
        let (status, told) = asked(&demo, body).await;
        assert_eq!(status, 201, "{told}");
        assert_eq!(told["state"], "waiting");
        ids.push(told["id"].as_str().unwrap().to_owned());
    }
    // The second job is faster.
    for (run, name) in [("job-2", "Carla Uden NSIS"), ("job-1", "Anna Eksempel")] {
        let mut browser = Browser::new();
        browser.set_cookie("hub.localhost", "vejviser_run", run);
        let page = browser
            .get(&demo.url("sagssystem", "/log-ind"))
            .await
            .unwrap();
        assert!(page.body.contains(name), "{}", page.text());
    }
    // Whoever names no run is asked as ever.
    let page = Browser::new()
        .get(&demo.url("sagssystem", "/log-ind"))
        .await;
    assert!(page.unwrap().url.path().starts_with("/vaelg"));
    for (id, person) in ids.iter().zip(["anna", "carla"]) {
        let (status, told) = get(&demo, &format!("/api/v1/next-login/{id}/wait?timeout=5")).await;
        assert_eq!(status, 200);
        assert_eq!(
            (&told["state"], &told["person"]),
            (&json!("taken"), &json!(person))
        );
        let login = &told["login"];
        assert_eq!(login["outcome"], "logged-in", "{login}");
        // What was received and what was sent, and who asked for it.
        let kinds = login["exchanges"].as_array().unwrap().iter();
        let kinds: Vec<&str> = kinds
            .map(|exchange| exchange["type"].as_str().unwrap())
            .collect();
        assert_eq!(
            kinds,
            ["AuthnRequest", "AuthnRequest", "Response", "Response"]
        );
        let decisions = login["decisions"].as_array().unwrap();
        let audit = decisions
            .iter()
            .find(|decision| decision["rule"] == "next-login");
        let result = audit.unwrap()["result"].as_str().unwrap();
        assert!(result.contains(&format!("person {person}")), "{result}");
    }
}

#[tokio::test]
async fn it_is_taken_once_expires_and_can_be_withdrawn() {
    let demo = Demo::start().await;
    let body = json!({ "system": "sagssystem", "idp": "eksempelstrup", "person": "anna", "expires_in": 60 });
    let (_, first) = asked(&demo, body.clone()).await;
    let (_, second) = asked(&demo, body.clone()).await;
    let path = |told: &Value| format!("/api/v1/next-login/{}", told["id"].as_str().unwrap());
    assert_eq!(call(&demo, "DELETE", &path(&second), None).await.0, 204);
    assert_eq!(call(&demo, "DELETE", &path(&second), None).await.0, 404);
    assert_eq!(get(&demo, &path(&second)).await.0, 404);
    let page = Browser::new()
        .get(&demo.url("sagssystem", "/log-ind"))
        .await
        .unwrap();
    assert!(page.body.contains("Anna Eksempel"));
    assert_eq!(get(&demo, &path(&first)).await.1["state"], "taken");
    let page = Browser::new()
        .get(&demo.url("sagssystem", "/log-ind"))
        .await
        .unwrap();
    assert!(page.url.path().starts_with("/vaelg"), "only once");
    let (_, third) = asked(&demo, body).await;
    demo.move_clock(time::Duration::seconds(61));
    assert_eq!(get(&demo, &path(&third)).await.1["state"], "expired");
}

#[tokio::test]
async fn what_cannot_be_programmed_is_refused_in_words() {
    let demo = Demo::start().await;
    for (body, status, why) in [
        (
            json!({ "system": "nobody" }),
            400,
            "no system is called nobody",
        ),
        (
            json!({ "system": "sagssystem", "run": "<x>" }),
            400,
            "run <x>",
        ),
        (
            json!({ "system": "sagssystem", "idp": "nobody" }),
            400,
            "no identity provider",
        ),
        (
            json!({ "system": "sagssystem", "idp": "testrup", "person": "anna" }),
            400,
            "nobody is called anna",
        ),
        (
            json!({ "system": "sagssystem", "person": "anna" }),
            400,
            "name it too",
        ),
        (
            json!({ "system": "sagssystem", "fault": "nothing" }),
            400,
            "no fault is called nothing",
        ),
        // The demo's hub is not one that tests systems.
        (
            json!({ "system": "sagssystem", "fault": "unsigned" }),
            409,
            "test-system --serve",
        ),
        (
            json!({ "system": "sagssystem", "expires_in": 0 }),
            400,
            "expires_in",
        ),
        (json!({ "system": "sagssystem", "wrong": 1 }), 422, "wrong"),
    ] {
        let (found, told) = asked(&demo, body.clone()).await;
        assert_eq!(found, status, "{body}");
        let error = told["error"].as_str().unwrap();
        assert!(error.contains(why), "{body}: {error}");
    }
    assert_eq!(
        get(&demo, "/api/v1/faults").await.1,
        json!({ "faults": [] })
    );
}

/// A fault by the Rust harness: a browser of the test's own, and the flow afterwards.
#[tokio::test]
async fn a_fault_is_asked_for_by_name_and_told_in_the_flow() {
    let level = Level::Nsis(Nsis::Substantial);
    let hub = Hub::reserve().await.unwrap();
    let test = hub
        .start_demo(None, OiosamlVersion::V3, level)
        .await
        .unwrap();
    let next = test.next_login(Program {
        fault: Some(Fault::AudienceOther),
        ..Program::default()
    });
    let mut browser = Browser::new();
    let (name, value) = next.cookie();
    browser.set_cookie("hub.localhost", name, value);
    let page = browser.get(test.login_url().as_str()).await.unwrap();
    assert_eq!(page.status, 403, "{}", page.text());
    let flow = next.ended(Duration::from_secs(5)).await.unwrap();
    let mut decisions = flow.content.decisions.iter();
    let fault = decisions.find(|decision| decision.rule == "fault").unwrap();
    assert_eq!(fault.input, "audience-other");
    let unused = test.next_login(Program::default());
    assert!(unused.ended(Duration::from_millis(10)).await.is_none());
}
