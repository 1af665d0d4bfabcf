//! `/api/v1/test-ca`: who administers the hub takes certificates back.

use super::{TestCa, address};
use crate::edge::app::App;
use crate::edge::provisioning::Caller;
use crate::registry::{Kind, Reason, Refusal, Revoked};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use serde_json::json;
use std::sync::Arc;

/// Its routes.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/test-ca", get(show))
        .route("/api/v1/test-ca/key", get(key))
        .route("/api/v1/test-ca/revoked", get(list))
        .route(
            "/api/v1/test-ca/revoked/{serial}",
            get(one).put(revoke).delete(restore),
        )
}

/// Its certificate, and what `certs new --revocation-url` takes.
async fn show(State(app): State<Arc<App>>) -> Response {
    let own = app.test_ca.as_ref().and_then(TestCa::own);
    match own {
        Some(own) => Json(json!({
            "revocation_url": address(&app),
            "certificate": own.authority.certificate_pem(),
        }))
        .into_response(),
        None => none(),
    }
}

/// The key of one that is invented: with it `certs new` issues what this process answers for.
async fn key(State(app): State<Arc<App>>) -> Response {
    let ca = app.test_ca.as_ref().filter(|ca| ca.is_invented());
    let pem = ca.and_then(TestCa::own).map(|own| own.authority.key_pem());
    match pem {
        Some(Ok(pem)) => ([(CONTENT_TYPE, "application/x-pem-file")], pem).into_response(),
        _ => refuse(
            StatusCode::NOT_FOUND,
            "only a demo hands out the key of its test CA",
        ),
    }
}

async fn list(State(app): State<Arc<App>>) -> Response {
    if app.test_ca.is_none() {
        return none();
    }
    let revoked: Vec<Revoked> = app.registry.now().content.revoked().collect();
    Json(json!({ "revoked": revoked })).into_response()
}

async fn one(State(app): State<Arc<App>>, Path(serial): Path<String>) -> Response {
    let serial = match named(&app, &serial) {
        Ok(serial) => serial,
        Err((status, why)) => return refuse(status, why),
    };
    match app.registry.now().content.revoked_as(&serial) {
        Some(revoked) => Json(revoked).into_response(),
        None => good(),
    }
}

async fn revoke(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(serial): Path<String>,
) -> Response {
    let serial = match named(&app, &serial) {
        Ok(serial) => serial,
        Err((status, why)) => return refuse(status, why),
    };
    let now = app.clock.now();
    let changed = app
        .registry
        .change(&caller.who, now, move |draft| Ok(draft.revoke(&serial)))
        .await;
    match changed {
        Ok(revoked) => Json(revoked).into_response(),
        Err(refusal) => refused(&refusal),
    }
}

async fn restore(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(serial): Path<String>,
) -> Response {
    let serial = match named(&app, &serial) {
        Ok(serial) => serial,
        Err((status, why)) => return refuse(status, why),
    };
    let now = app.clock.now();
    let changed = app
        .registry
        .change(&caller.who, now, move |draft| {
            match draft.remove(Kind::Revoked, &serial) {
                true => Ok(()),
                false => Err(Refusal::NotFound(Reason::both(serial))),
            }
        })
        .await;
    match changed {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(Refusal::NotFound(_)) => good(),
        Err(refusal) => refused(&refusal),
    }
}

/// The serial number of an address.
fn named(app: &App, written: &str) -> Result<String, (StatusCode, &'static str)> {
    if app.test_ca.is_none() {
        return Err(NONE);
    }
    let serial = Revoked::serial(written);
    serial.ok_or((
        StatusCode::BAD_REQUEST,
        "write a serial number in hex, at most 20 octets",
    ))
}

const NONE: (StatusCode, &str) = (
    StatusCode::NOT_FOUND,
    "this hub has no test CA ([hub] test_ca)",
);

fn none() -> Response {
    refuse(NONE.0, NONE.1)
}

fn good() -> Response {
    refuse(StatusCode::NOT_FOUND, "this one was not taken back")
}

fn refused(refusal: &Refusal) -> Response {
    tracing::error!(?refusal, "nothing was taken back");
    refuse(
        StatusCode::SERVICE_UNAVAILABLE,
        "the store did not take the change; nothing was changed",
    )
}

fn refuse(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({ "error": why }))).into_response()
}
