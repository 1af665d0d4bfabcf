//! The hub's metadata, signed anew at each request: it costs a millisecond, and is never stale.

use crate::edge::app::App;
use crate::hub::metadata::{self, Form};
use crate::xml::Canonical;
use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::Arc;

/// `?samlprofile=nemlogin3` is taken as the real hub takes it, and changes nothing: one form fits both.
#[derive(Debug, Deserialize)]
pub struct Asked {
    quirks: Option<String>,
}

/// For user-facing systems.
pub async fn idp_role(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Response {
    xml(&metadata::idp_role(&app.hub, asked.form()))
}

/// For identity providers.
pub async fn sp_role(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Response {
    xml(&metadata::sp_role(&app.hub, asked.form()))
}

impl Asked {
    fn form(&self) -> Form {
        Form {
            quirks: self.quirks.as_deref() == Some("ch2"),
        }
    }
}

fn xml(document: &Canonical) -> Response {
    (
        [(CONTENT_TYPE, "application/samlmetadata+xml")],
        document.as_bytes().to_vec(),
    )
        .into_response()
}
