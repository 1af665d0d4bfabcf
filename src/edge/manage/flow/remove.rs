//! Forgetting flows: by forms, so that it works without scripts. The guard lets only our own pages post here.

use crate::edge::app::App;
use crate::edge::journal::Journal;
use crate::edge::manage::api::blocking;
use crate::edge::page;
use crate::hub::FlowId;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Says on the list that something is gone.
pub const DONE: &str = "slettet";

/// All of them.
pub async fn all(State(app): State<Arc<App>>) -> Response {
    blocking(&app, Journal::clear).await;
    back(&app)
}

/// One.
pub async fn one(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let Some(id) = FlowId::parse(&id) else {
        return page::not_found().await;
    };
    match blocking(&app, move |journal| journal.delete(&id)).await {
        true => back(&app),
        false => page::not_found().await,
    }
}

/// To the list; or word that the file still has what should be gone.
fn back(app: &App) -> Response {
    if app.journal.trouble().is_some() {
        return page::failed(StatusCode::SERVICE_UNAVAILABLE);
    }
    let address = format!("/forloeb?{DONE}=1");
    (StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response()
}
