//! `/ca` of the public site: certificate, list, OCSP responder. Whoever relies on a certificate asks here, so nobody is
//! asked who they are.

use crate::edge::app::App;
use crate::mint::{CERTIFICATE_FILE, LIST_FILE, MintError, RESPONDER_PATH};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;

/// Where it is.
pub const PATH: &str = "/ca";

/// Its routes.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route(&format!("{PATH}/{CERTIFICATE_FILE}"), get(certificate))
        .route(&format!("{PATH}/{LIST_FILE}"), get(list))
        .route(&format!("{PATH}/{RESPONDER_PATH}"), post(posted))
        // RFC 6960 §A.1: base64 has slashes of its own.
        .route(
            &format!("{PATH}/{RESPONDER_PATH}/{{*request}}"),
            get(in_path),
        )
}

async fn certificate(State(app): State<Arc<App>>) -> Response {
    let own = app.test_ca.as_ref().and_then(|ca| ca.certificate());
    match own {
        Some(certificate) => sent("application/pkix-cert", certificate.der()),
        None => unavailable(),
    }
}

async fn list(State(app): State<Arc<App>>) -> Response {
    let snapshot = app.registry.now();
    let ca = app.test_ca.as_ref();
    let list = ca.and_then(|ca| ca.list(&snapshot.content, app.clock.now()));
    made("application/pkix-crl", list)
}

async fn posted(State(app): State<Arc<App>>, request: Bytes) -> Response {
    answer(&app, &request)
}

async fn in_path(State(app): State<Arc<App>>, Path(request): Path<String>) -> Response {
    // What is no base64 is no request either, and is answered as such.
    answer(&app, &STANDARD.decode(request).unwrap_or_default())
}

fn answer(app: &App, request: &[u8]) -> Response {
    let snapshot = app.registry.now();
    let ca = app.test_ca.as_ref();
    let answer = ca.and_then(|ca| ca.answer(request, &snapshot.content, app.clock.now()));
    made("application/ocsp-response", answer)
}

fn made(kind: &'static str, made: Option<Result<Vec<u8>, MintError>>) -> Response {
    match made {
        Some(Ok(bytes)) => sent(kind, bytes),
        Some(Err(error)) => {
            tracing::error!(%error, "the test CA does not answer");
            unavailable()
        }
        None => unavailable(),
    }
}

/// Nothing is kept on the way: whoever takes a certificate back wants to see it at once.
fn sent(kind: &'static str, bytes: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store")], bytes).into_response()
}

fn unavailable() -> Response {
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
