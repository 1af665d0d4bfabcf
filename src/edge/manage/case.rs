//! What is handed on of a flow: the text for a servicedesk, and the case bundle.

use super::api::blocking;
use super::guard::refuse;
use super::view::Detail;
use crate::edge::app::App;
use crate::edge::case::{self, Form, Place};
use crate::edge::journal::Flow;
use crate::edge::page::{self, Text};
use crate::hub::FlowId;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::Arc;

/// `?form=`
#[derive(Debug, Deserialize)]
pub struct Wanted {
    form: Option<String>,
}

/// The text, in the language of the page.
pub async fn text(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let Some(flow) = found(&app, &id).await else {
        return page::not_found().await;
    };
    let snapshot = app.registry.now();
    let language = Text::current().language;
    let text = case::text(&snapshot.federation, &flow, language);
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, text).into_response()
}

/// The bundle, for a page.
pub async fn bundle(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    match found(&app, &id).await {
        Some(flow) => zipped(&app, &flow, wanted),
        None => page::not_found().await,
    }
}

/// The same bytes, for a script.
pub async fn api(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    match found(&app, &id).await {
        Some(flow) => zipped(&app, &flow, wanted),
        None => refuse(StatusCode::NOT_FOUND, "no such flow"),
    }
}

async fn found(app: &Arc<App>, id: &str) -> Option<Flow> {
    let id = FlowId::parse(id)?;
    blocking(app, move |journal| journal.get(&id)).await
}

fn zipped(app: &App, flow: &Flow, wanted: Wanted) -> Response {
    let form = wanted
        .form
        .as_deref()
        .map_or(Some(Form::Masked), Form::named);
    let Some(form) = form else {
        return refuse(StatusCode::BAD_REQUEST, "form is masked, hashed or plain");
    };
    let view = app.view();
    let place = Place {
        hub: &view.hub,
        federation: &view.federation,
        settings: &view.settings,
    };
    let salt = app.seal.salt(flow.id.as_str());
    let shown =
        |flow: &Flow| serde_json::to_value(Detail::of(&view.federation, flow)).unwrap_or_default();
    match case::bundle(place, flow, form, salt, shown) {
        Ok(bytes) => {
            let name = format!("sagspakke-{}-{}.zip", flow.id, form.word());
            let headers = [
                (CONTENT_TYPE, "application/zip".to_owned()),
                (
                    CONTENT_DISPOSITION,
                    format!("attachment; filename=\"{name}\""),
                ),
                (CACHE_CONTROL, "no-store".to_owned()),
            ];
            (headers, bytes).into_response()
        }
        Err(error) => {
            tracing::error!(flow = %flow.id, error, "no case bundle");
            refuse(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the bundle cannot be made",
            )
        }
    }
}
