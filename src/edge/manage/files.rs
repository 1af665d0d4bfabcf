//! What is handed out ahead of a change: the next certificate under a name like those of the real hub.

use super::guard::refuse;
use crate::edge::app::App;
use crate::hub::keys::KeyRing;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The name of the next certificate's file: the real hub offers it as `new_ADG_<miljø>_Adgangsstyring_<n>.cer`.
pub fn name(environment: &str) -> String {
    format!("new_ADG_{environment}_Adgangsstyring_2.cer")
}

/// The environment of what is played, or the one of a plan that nobody named.
pub fn environment(app: &App) -> String {
    let playing = app.player.playing(app.clock.real());
    playing.map_or_else(
        || "TEST".to_owned(),
        |(playing, _, _)| playing.plan.environment.clone(),
    )
}

/// The ring of the party that changes: the hub's while nothing is played.
fn ring(app: &App) -> KeyRing {
    match app.player.playing(app.clock.real()) {
        Some((playing, _, _)) => playing.ring().clone(),
        None => app.player.keys().idp.signing.clone(),
    }
}

/// The next certificate as DER, which is what a `.cer` is.
pub async fn next_certificate(State(app): State<Arc<App>>, Path(file): Path<String>) -> Response {
    if file != name(&environment(&app)) {
        return refuse(
            StatusCode::NOT_FOUND,
            "no such file; the page /skifte has its name",
        );
    }
    let Some(next) = ring(&app).next else {
        return refuse(
            StatusCode::NOT_FOUND,
            "the hub has no next certificate: add it as [[hub.keys]] with generation = \"next\"",
        );
    };
    let der = openssl::base64::decode_block(&next.certificate.to_base64());
    let disposition = format!("attachment; filename=\"{file}\"");
    let headers = [
        (CONTENT_TYPE, "application/pkix-cert".to_owned()),
        (CONTENT_DISPOSITION, disposition),
    ];
    (headers, der.unwrap_or_default()).into_response()
}
