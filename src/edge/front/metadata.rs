//! The hub's metadata. The hub is frozen and its documents name no time, so each is signed once, when it is
//! first asked for.

use crate::edge::app::App;
use crate::hub::metadata::{self, Form};
use crate::xml::Canonical;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::{Arc, OnceLock};

/// `?samlprofile=nemlogin3` is taken as the real hub takes it, and changes nothing: one form fits both.
#[derive(Debug, Deserialize)]
pub struct Asked {
    quirks: Option<String>,
}

/// The documents that were asked for: by role, then plain and with quirks.
#[derive(Debug, Default)]
pub struct Published {
    idp: [OnceLock<Bytes>; 2],
    sp: [OnceLock<Bytes>; 2],
}

/// For user-facing systems.
pub async fn idp_role(
    State(app): State<Arc<App>>,
    Extension(published): Extension<Arc<Published>>,
    Query(asked): Query<Asked>,
) -> Response {
    let form = asked.form();
    xml(&published.idp, form, || metadata::idp_role(&app.hub, form))
}

/// For identity providers.
pub async fn sp_role(
    State(app): State<Arc<App>>,
    Extension(published): Extension<Arc<Published>>,
    Query(asked): Query<Asked>,
) -> Response {
    let form = asked.form();
    xml(&published.sp, form, || metadata::sp_role(&app.hub, form))
}

impl Asked {
    fn form(&self) -> Form {
        Form {
            quirks: self.quirks.as_deref() == Some("ch2"),
        }
    }
}

fn xml(published: &[OnceLock<Bytes>; 2], form: Form, sign: impl Fn() -> Canonical) -> Response {
    let [plain, quirky] = published;
    let place = if form.quirks { quirky } else { plain };
    let document = place.get_or_init(|| Bytes::copy_from_slice(sign().as_bytes()));
    (
        [(CONTENT_TYPE, "application/samlmetadata+xml")],
        document.clone(),
    )
        .into_response()
}
