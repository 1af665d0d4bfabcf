//! The identity providers that are served, and who is pinned to which; and what a demo can change of them.

use crate::edge::app::App;
use crate::edge::manage::guard::refuse;
use crate::edge::manage::view::rfc3339;
use crate::edge::page::{self, Text};
use crate::edge::pinned::Uses;
use crate::edge::registry::Snapshot;
use crate::hub::IdentityProvider;
use crate::hub::settings::RememberedChoice;
use axum::Json;
use axum::extract::rejection::{FormRejection, JsonRejection};
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;

/// An identity provider.
#[derive(Debug, Serialize)]
pub struct IdpView {
    name: String,
    id: String,
    title: String,
    profile: &'static str,
    active: bool,
    replaced_by: Option<String>,
    pinned: PinnedView,
}

/// Logins that memory sent there.
#[derive(Debug, Serialize)]
pub struct PinnedView {
    uses: u64,
    stopped: u64,
    last: Option<String>,
}

/// What is changed of an identity provider.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdpChange {
    active: bool,
}

/// What is changed of the settings.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsChange {
    remembered_choice: RememberedChoice,
}

/// What a button of the page sends.
#[derive(Debug, Deserialize)]
pub struct Pressed {
    close: Option<String>,
    open: Option<String>,
    remembered_choice: Option<RememberedChoice>,
}

impl IdpView {
    /// Of one that is served.
    pub fn of(idp: &IdentityProvider, uses: Uses) -> Self {
        Self {
            name: idp.name.clone(),
            id: idp.id.clone(),
            title: idp.presentation_name.clone(),
            profile: idp.oiosaml_profile.as_str(),
            active: idp.is_active(),
            replaced_by: idp.replaced_by.clone(),
            pinned: PinnedView {
                uses: uses.uses,
                stopped: uses.stopped,
                last: uses.last.map(rfc3339),
            },
        }
    }
}

/// How often memory decided for it, in words.
pub fn pinned(idp: &IdpView, t: &Text) -> String {
    let pinned = &idp.pinned;
    let mut words = vec![match pinned.uses {
        0 => t.admin_no_use.to_owned(),
        1 => t.admin_one_use.to_owned(),
        uses => t.admin_uses(uses),
    }];
    if pinned.stopped > 0 {
        words.push(t.admin_stopped(pinned.stopped));
    }
    if let Some(last) = pinned.last.as_deref().and_then(|last| last.get(..16)) {
        words.push(t.admin_latest(last.replace('T', " ")));
    }
    words.join(", ")
}

fn idps(app: &App, snapshot: &Snapshot) -> Vec<IdpView> {
    let all = snapshot.federation.identity_providers.iter();
    all.map(|idp| IdpView::of(idp, app.pinned.of(&idp.id)))
        .collect()
}

/// A button of the page, in a demo.
pub async fn pressed(
    State(app): State<Arc<App>>,
    pressed: Result<Form<Pressed>, FormRejection>,
) -> Response {
    let Ok(Form(pressed)) = pressed else {
        return page::failed(StatusCode::UNPROCESSABLE_ENTITY);
    };
    if let Some(name) = &pressed.close {
        app.registry.set_active(name, false);
    }
    if let Some(name) = &pressed.open {
        app.registry.set_active(name, true);
    }
    if let Some(mode) = pressed.remembered_choice {
        app.registry.set_remembered_choice(mode);
    }
    (StatusCode::SEE_OTHER, [(LOCATION, "/admin")]).into_response()
}

/// The identity providers.
pub async fn list(State(app): State<Arc<App>>) -> Response {
    let snapshot = app.registry.now();
    Json(json!({ "identity_providers": idps(&app, &snapshot) })).into_response()
}

/// Closes or opens one, in a demo.
pub async fn change(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    change: Result<Json<IdpChange>, JsonRejection>,
) -> Response {
    let change = match change {
        Ok(Json(change)) => change,
        Err(rejection) => return refuse(rejection.status(), &rejection.body_text()),
    };
    if !app.registry.set_active(&name, change.active) {
        return refuse(StatusCode::NOT_FOUND, "no such identity provider");
    }
    let snapshot = app.registry.now();
    match snapshot.federation.named(&name) {
        Some(idp) => Json(IdpView::of(idp, app.pinned.of(&idp.id))).into_response(),
        None => refuse(StatusCode::NOT_FOUND, "no such identity provider"),
    }
}

/// The settings that can be changed while the demo runs.
pub async fn settings(State(app): State<Arc<App>>) -> Response {
    let remembered_choice = app.registry.now().settings.remembered_choice;
    Json(SettingsChange { remembered_choice }).into_response()
}

/// Changes them.
pub async fn set_settings(
    State(app): State<Arc<App>>,
    change: Result<Json<SettingsChange>, JsonRejection>,
) -> Response {
    match change {
        Ok(Json(change)) => app.registry.set_remembered_choice(change.remembered_choice),
        Err(rejection) => return refuse(rejection.status(), &rejection.body_text()),
    }
    settings(State(app)).await
}
