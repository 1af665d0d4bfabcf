//! `/api/v1/next-login`: programs the next login of a system, and tells what came of it.

use super::api::blocking;
use super::guard::refuse;
use super::view::{Detail, rfc3339};
use crate::edge::app::App;
use crate::edge::next_login::{LONGEST, Program, Programmed, USUALLY, is_run};
use crate::hub::fault::Fault;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// Seconds that `wait` waits unless told, and at most.
const WAIT_DEFAULT: u64 = 30;
const WAIT_MOST: u64 = 300;

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Short name or entityID.
    system: String,
    run: Option<String>,
    idp: Option<String>,
    person: Option<String>,
    fault: Option<String>,
    /// Seconds.
    expires_in: Option<u32>,
}

/// `?timeout=`
#[derive(Debug, Deserialize)]
pub struct Wait {
    timeout: Option<u64>,
}

/// Programming, looking and withdrawing.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/next-login", post(program))
        .route("/api/v1/next-login/{id}", get(show).delete(withdraw))
        .route("/api/v1/faults", get(faults))
}

/// Waiting, which has a limit of its own.
pub fn waiting() -> Router<Arc<App>> {
    Router::new().route("/api/v1/next-login/{id}/wait", get(wait))
}

async fn program(
    State(app): State<Arc<App>>,
    asked: Result<Json<Asked>, JsonRejection>,
) -> Response {
    let asked = match asked {
        Ok(Json(asked)) => asked,
        Err(rejection) => return refuse(rejection.status(), &rejection.body_text()),
    };
    match checked(&app, asked) {
        Ok((system, run, program, waits)) => {
            let programmed = app.next_logins.add(system, run, program, waits);
            (StatusCode::CREATED, Json(told(&app, &programmed))).into_response()
        }
        Err((status, why)) => refuse(status, &why),
    }
}

type Checked = (String, Option<String>, Program, time::Duration);

fn checked(app: &App, asked: Asked) -> Result<Checked, (StatusCode, String)> {
    let bad = |why: String| (StatusCode::BAD_REQUEST, why);
    let snapshot = app.registry.now();
    let federation = &snapshot.federation;
    let mut systems = federation.systems.iter().chain(&federation.test_systems);
    let system = systems
        .find(|system| system.name == asked.system || system.id == asked.system)
        .ok_or_else(|| bad(format!("no system is called {}", shortened(&asked.system))))?;
    if let Some(run) = asked.run.as_deref().filter(|run| !is_run(run)) {
        let why = "letters, digits, . - _, at most 64";
        return Err(bad(format!("run {}: {why}", shortened(run))));
    }
    if let Some(name) = &asked.idp
        && federation.named(name).is_none()
    {
        let name = shortened(name);
        return Err(bad(format!("no identity provider is called {name}")));
    }
    if let Some(person) = &asked.person {
        let of =
            |idp: &&crate::edge::IdpLink| asked.idp.as_deref().is_none_or(|name| idp.name == name);
        let mut idps = app.idps.iter().filter(of);
        if !idps.any(|idp| idp.people.iter().any(|(id, _)| id == person)) {
            return Err(bad(format!("nobody is called {}", shortened(person))));
        }
        if asked.idp.is_none() {
            return Err(bad(
                "a person is logged in at an idp: name it too".to_owned()
            ));
        }
    }
    let fault = match &asked.fault {
        None => None,
        Some(name) => Some(
            Fault::named(name)
                .ok_or_else(|| bad(format!("no fault is called {}", shortened(name))))?,
        ),
    };
    if fault.is_some() && app.hub().faults.is_none() {
        let why = "this hub has no faults: start it with vejviser test-system --serve";
        return Err((StatusCode::CONFLICT, why.to_owned()));
    }
    let most = LONGEST.whole_seconds();
    let waits = match asked.expires_in.map(i64::from) {
        None => USUALLY,
        Some(seconds) if (1..=most).contains(&seconds) => time::Duration::seconds(seconds),
        Some(_) => return Err(bad(format!("expires_in: 1 to {most} seconds"))),
    };
    let program = Program {
        idp: asked.idp,
        person: asked.person,
        fault,
    };
    Ok((system.id.clone(), asked.run, program, waits))
}

/// What somebody sent, short enough for an answer.
fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
}

async fn show(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    match app.next_logins.get(&id) {
        Some(programmed) => Json(told(&app, &programmed)).into_response(),
        None => unknown(),
    }
}

async fn withdraw(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    match app.next_logins.withdraw(&id) {
        true => StatusCode::NO_CONTENT.into_response(),
        false => unknown(),
    }
}

/// As soon as a login took it and ended; the flow has every message that was received and sent.
async fn wait(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(wait): Query<Wait>,
) -> Response {
    let seconds = wait.timeout.unwrap_or(WAIT_DEFAULT).min(WAIT_MOST);
    let timeout = Duration::from_secs(seconds);
    let ended = async {
        let taken = app.next_logins.wait(&id, timeout).await;
        if let Some(flow) = taken.and_then(|programmed| programmed.flow) {
            app.journal.wait(&flow, timeout).await;
        }
    };
    // One limit for both; how it stands is looked at afterwards.
    let _ = tokio::time::timeout(timeout, ended).await;
    let Some(programmed) = app.next_logins.get(&id) else {
        return unknown();
    };
    let mut told = told(&app, &programmed);
    if let Some(flow) = programmed.flow {
        let flow = blocking(&app, move |journal| journal.get(&flow)).await;
        let federation = &app.registry.now().federation;
        told["login"] = json!(flow.map(|flow| Detail::of(federation, &flow)));
    }
    Json(told).into_response()
}

async fn faults(State(app): State<Arc<App>>) -> Response {
    let faults = Fault::ALL.iter().filter(|_| app.hub().faults.is_some());
    let faults = faults.map(|fault| json!({ "name": fault.name(), "what": fault.what() }));
    Json(json!({ "faults": faults.collect::<Vec<_>>() })).into_response()
}

fn told(app: &App, programmed: &Programmed) -> Value {
    json!({
        "id": programmed.id,
        "system": programmed.system,
        "run": programmed.run,
        "idp": programmed.program.idp,
        "person": programmed.program.person,
        "fault": programmed.program.fault,
        "state": programmed.state(app.next_logins.now()),
        "expires": rfc3339(programmed.expires),
        "flow": programmed.flow.as_ref().map(ToString::to_string),
        "login": null,
    })
}

fn unknown() -> Response {
    refuse(StatusCode::NOT_FOUND, "no such next login")
}
