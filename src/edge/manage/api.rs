//! `/api/v1`.

use super::guard::refuse;
use super::view::{Detail, Summary, rfc3339};
use crate::edge::app::App;
use crate::edge::journal::{Filter, Journal};
use crate::hub::FlowId;
use crate::hub::danish_time::in_reach;
use crate::store::Unusable;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;

/// Seconds that `wait` waits unless told, and at most.
const WAIT_DEFAULT: u64 = 30;
const WAIT_MOST: u64 = 300;

/// `?timeout=`
#[derive(Debug, Deserialize)]
pub struct Wait {
    timeout: Option<u64>,
}

/// Where the clock shall be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockChange {
    #[serde(default, with = "time::serde::rfc3339::option")]
    now: Option<OffsetDateTime>,
    offset_seconds: Option<i64>,
}

pub async fn flows(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Response {
    let snapshot = app.registry.now();
    let filter = Filter::of_query(&query.unwrap_or_default(), &snapshot.federation);
    let filter = match filter {
        Ok(filter) => filter,
        Err(why) => return refuse(StatusCode::BAD_REQUEST, &why),
    };
    let found = blocking(&app, move |journal| journal.search(&filter)).await;
    let flows = found.flows.iter();
    let flows: Vec<Summary> = flows
        .map(|flow| Summary::of(&snapshot.federation, flow))
        .collect();
    Json(json!({ "flows": flows, "next": found.next })).into_response()
}

pub async fn flow(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let Some(id) = FlowId::parse(&id) else {
        return unknown();
    };
    match blocking(&app, move |journal| journal.get(&id)).await {
        Some(flow) => Json(Detail::of(&app.registry.now().federation, &flow)).into_response(),
        None => unknown(),
    }
}

/// Deletes a flow: nothing of it is left in the file.
pub async fn delete_flow(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let Some(id) = FlowId::parse(&id) else {
        return unknown();
    };
    let deleted = blocking(&app, move |journal| journal.delete(&id)).await;
    match (app.journal.trouble(), deleted) {
        (Some(trouble), _) => not_deleted(&trouble),
        (None, true) => StatusCode::NO_CONTENT.into_response(),
        (None, false) => unknown(),
    }
}

/// Deletes all flows.
pub async fn delete_flows(State(app): State<Arc<App>>) -> Response {
    blocking(&app, Journal::clear).await;
    match app.journal.trouble() {
        Some(trouble) => not_deleted(&trouble),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

fn not_deleted(trouble: &Unusable) -> Response {
    let why = format!(
        "not deleted from the file / ikke slettet i filen: {} / {}",
        trouble.en(),
        trouble.da()
    );
    refuse(StatusCode::SERVICE_UNAVAILABLE, &why)
}

/// Work that may wait for the disk, where logins do not wait for it.
pub async fn blocking<T: Send + 'static>(
    app: &Arc<App>,
    work: impl FnOnce(&Journal) -> T + Send + 'static,
) -> T {
    let app = app.clone();
    let done = tokio::task::spawn_blocking(move || work(&app.journal)).await;
    // A panic goes on where somebody answers it.
    done.unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic()))
}

pub async fn wait(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(wait): Query<Wait>,
) -> Response {
    let timeout = Duration::from_secs(wait.timeout.unwrap_or(WAIT_DEFAULT).min(WAIT_MOST));
    let Some(id) = FlowId::parse(&id) else {
        return unknown();
    };
    match app.journal.wait(&id, timeout).await {
        Some(flow) => Json(Detail::of(&app.registry.now().federation, &flow)).into_response(),
        None => unknown(),
    }
}

/// Forgets flows, logins that wait, what was used once, and sessions, ends a rehearsal, and sets the clock right.
pub async fn reset(
    State(app): State<Arc<App>>,
    headers: axum::http::HeaderMap,
    body: Bytes,
) -> Response {
    let json_type = headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    if !body.is_empty() && !json_type {
        return refuse(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "a body must be application/json",
        );
    }
    if let Err(error) = app.store.clear().await {
        tracing::error!(%error, "not reset");
        return refuse(StatusCode::SERVICE_UNAVAILABLE, "the store does not answer");
    }
    app.clock.set_offset(time::Duration::ZERO);
    app.player.end();
    app.player.observed.clear();
    if let Err(error) = app.registry.reset(app.clock.now()).await {
        tracing::error!(?error, "not reset");
        return refuse(StatusCode::SERVICE_UNAVAILABLE, "the store does not answer");
    }
    app.metadata.clear();
    app.pinned.clear();
    app.logins.clear();
    blocking(&app, Journal::clear).await;
    app.trials.clear();
    app.next_logins.clear();
    for forget in &app.on_reset {
        forget();
    }
    StatusCode::NO_CONTENT.into_response()
}

pub async fn clock(State(app): State<Arc<App>>) -> Response {
    shown(&app)
}

pub async fn set_clock(
    State(app): State<Arc<App>>,
    change: Result<Json<ClockChange>, JsonRejection>,
) -> Response {
    let change = match change {
        Ok(Json(change)) => change,
        Err(rejection) => return refuse(rejection.status(), &rejection.body_text()),
    };
    let wanted = match (change.now, change.offset_seconds) {
        (Some(now), None) => Some(now),
        (None, Some(seconds)) => app
            .clock
            .real()
            .checked_add(time::Duration::seconds(seconds)),
        _ => None,
    };
    match wanted.filter(|now| in_reach(*now)) {
        Some(now) => match change.offset_seconds {
            Some(seconds) => app.clock.set_offset(time::Duration::seconds(seconds)),
            None => app.clock.set(now),
        },
        None => {
            return refuse(
                StatusCode::BAD_REQUEST,
                "give either now (RFC 3339) or offset_seconds, leading to the years 2000 to 2100",
            );
        }
    }
    shown(&app)
}

fn shown(app: &App) -> Response {
    Json(json!({ "now": rfc3339(app.clock.now()), "offset_seconds": app.clock.offset().whole_seconds() })).into_response()
}

/// The process runs.
pub async fn health() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

/// The store answers, so logins can be served. That flows are not kept is no reason to refuse a login.
pub async fn ready(State(app): State<Arc<App>>) -> Response {
    match app.store.by_flow(&app.new_flow(), app.clock.now()).await {
        Ok(_) => match app.journal.trouble() {
            None => Json(json!({ "status": "ready" })).into_response(),
            Some(_) => Json(json!({
                "status": "ready",
                "warning": "flows are kept in memory only: their file cannot be used; see the log",
            }))
            .into_response(),
        },
        Err(error) => {
            tracing::error!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                Json(json!({ "status": "the store does not answer" })),
            )
                .into_response()
        }
    }
}

/// What there is here.
pub async fn description() -> Response {
    (
        [(CONTENT_TYPE, "application/json")],
        include_str!("../../../assets/openapi.json"),
    )
        .into_response()
}

fn unknown() -> Response {
    refuse(StatusCode::NOT_FOUND, "no such flow")
}
