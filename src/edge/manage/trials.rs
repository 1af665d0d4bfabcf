//! `/api/v1/trials`: logins from the built-in test systems, the latest of each kind.

use super::guard::refuse;
use crate::edge::app::App;
use crate::edge::trials::{TrialView, TrialsView, Try};
use crate::oiosaml::RequestProfile;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::Arc;

/// A person's word.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// Whether a second factor was asked for.
    second_factor: Option<bool>,
    /// That the login ended on a page of the IdP.
    #[serde(default)]
    stopped: bool,
}

/// All of them, and the systems that can begin more.
pub async fn list(State(app): State<Arc<App>>) -> Response {
    let all = TrialsView::of(&app);
    Json(all).into_response()
}

/// What a person says of one.
pub async fn say(
    State(app): State<Arc<App>>,
    Path((idp, profile, system)): Path<(String, String, String)>,
    word: Result<Json<Word>, JsonRejection>,
) -> Response {
    let word = match word {
        Ok(Json(word)) => word,
        Err(rejection) => return refuse(rejection.status(), &rejection.body_text()),
    };
    if word.second_factor.is_none() && !word.stopped {
        return refuse(
            StatusCode::BAD_REQUEST,
            "give second_factor (true or false), or stopped (true)",
        );
    }
    let mut known = RequestProfile::ALL.into_iter();
    let profile = known.find(|known| known.as_str() == profile);
    let said = profile.and_then(|profile| {
        let of = Try {
            idp,
            profile,
            system,
        };
        app.trials.say(&of, word.second_factor, word.stopped)
    });
    match said {
        Some(trial) => Json(TrialView::of(&trial)).into_response(),
        None => refuse(StatusCode::NOT_FOUND, "no such trial"),
    }
}

/// Forgets them.
pub async fn forget(State(app): State<Arc<App>>) -> Response {
    app.trials.clear();
    StatusCode::NO_CONTENT.into_response()
}
