//! The front page: what to try, and what to register.

use crate::edge::app::{App, Mode};
use crate::edge::page::{self, Landing};
use crate::hub::identity::path;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// Shows it.
pub async fn show(State(app): State<Arc<App>>) -> Response {
    let addresses = vec![
        ("entityID", app.hub.entity_id.clone()),
        (
            "Metadata for brugervendte systemer (IdP-rollen)",
            app.hub.url(path::IDP_METADATA),
        ),
        (
            "Metadata for identity providers (SP-rollen)",
            app.hub.url(path::SP_METADATA),
        ),
        ("SingleSignOnService", app.hub.url(path::ISSUE)),
        ("AssertionConsumerService", app.hub.url(path::CONSUME)),
    ];
    let demo = app.mode == Mode::Demo;
    page::html(
        StatusCode::OK,
        &Landing {
            demo,
            app: &app,
            systems: &app.systems,
            idps: &app.idps,
            addresses,
        },
    )
}
