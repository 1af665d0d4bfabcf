//! `/ClientCertificates`: by their thumbprints, which are no base64, and are shown whole in the list.

use super::answer;
use super::arrive::{Caller, Plain, Seen};
use super::objects::{self, discard, one};
use crate::edge::app::App;
use crate::registry::object::ClientCertificate;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use std::sync::Arc;

/// The routes. A certificate is never changed: another one has another thumbprint.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(list).post(objects::create::<ClientCertificate>))
        .route("/{id}", get(show).delete(remove))
}

async fn list(State(app): State<Arc<App>>) -> Response {
    let snapshot = app.registry.now();
    let all: Vec<ClientCertificate> = snapshot.content.all().collect();
    answer::object(&all)
}

async fn show(State(app): State<Arc<App>>, Plain(id): Plain) -> Response {
    one::<ClientCertificate>(&app, &id.to_ascii_lowercase())
}

async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Plain(id): Plain,
    seen: Seen,
) -> Response {
    discard::<ClientCertificate>(&app, &caller, id.to_ascii_lowercase(), seen).await
}
