//! Metadata by address: when it was fetched, when it is fetched next, why not, and what is new in it.

use super::guard::refuse;
use super::view::rfc3339;
use crate::edge::app::App;
use crate::edge::fetch::refresh::Diff;
use crate::edge::metadata::{Refreshed, again};
use crate::registry::object::SamlMetadata;
use crate::registry::{Kind, Reason, Registered};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;

/// A party that is registered by an address.
#[derive(Debug, Serialize)]
pub struct MetadataView {
    /// Short name.
    name: String,
    /// entityID.
    id: String,
    /// Where it is fetched.
    url: String,
    /// When what is in force was fetched.
    in_force_since: Option<String>,
    /// When it was fetched the last time and was good.
    last: Option<String>,
    /// When it is fetched next; none for invented parties, which change by themselves.
    next: Option<String>,
    /// Why the last try came to nothing.
    failed: Option<FailedView>,
    /// What was new the last time that something was.
    diff: Option<Diff>,
}

/// A try that came to nothing; the last good metadata stays.
#[derive(Debug, Serialize)]
pub struct FailedView {
    at: String,
    da: String,
    en: String,
}

impl FailedView {
    fn of(at: time::OffsetDateTime, why: &Reason) -> Self {
        Self {
            at: rfc3339(at),
            da: why.da.clone(),
            en: why.en.clone(),
        }
    }
}

impl MetadataView {
    fn of(app: &App, party: &dyn Registered) -> Option<Self> {
        let SamlMetadata::Address(url) = party.registered() else {
            return None;
        };
        let known = app.metadata.state(party);
        let next = (!party.beside().is_invented()).then(|| known.next(app.clock.now()));
        Some(Self {
            name: party.beside().name.clone(),
            id: party.id().to_owned(),
            url: url.clone(),
            in_force_since: party.fetched().map(|fetched| rfc3339(fetched.at)),
            last: known.last.map(rfc3339),
            next: next.map(rfc3339),
            failed: known
                .failed
                .as_ref()
                .map(|(at, why)| FailedView::of(*at, why)),
            diff: known.diff,
        })
    }
}

/// All of them.
pub async fn list(State(app): State<Arc<App>>) -> Response {
    let content = app.registry.now().content.clone();
    let all: Vec<_> = content
        .parties()
        .filter_map(|party| MetadataView::of(&app, party))
        .collect();
    Json(json!({ "metadata": all })).into_response()
}

/// Fetches one now, due or not.
pub async fn refresh(State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    let content = app.registry.now().content.clone();
    let idp = content
        .identity_providers
        .values()
        .find(|party| party.beside.name == name);
    let system = content
        .systems
        .values()
        .find(|party| party.beside.name == name);
    let party = match (&idp, &system) {
        (Some(party), _) => Some((Kind::IdentityProvider, &***party as &dyn Registered)),
        (None, Some(party)) => Some((Kind::System, &***party as &dyn Registered)),
        (None, None) => None,
    };
    let Some((kind, party)) = party else {
        return refuse(StatusCode::NOT_FOUND, "there is no party of this name");
    };
    let SamlMetadata::Address(url) = party.registered() else {
        return refuse(
            StatusCode::CONFLICT,
            "its metadata is a document, and is not fetched",
        );
    };
    if party.beside().is_invented() {
        return refuse(
            StatusCode::CONFLICT,
            "an invented party's metadata changes by itself",
        );
    }
    match again(&app, kind, party.id(), url, party.fetched().cloned()).await {
        Refreshed::Changed(diff) => {
            Json(json!({ "outcome": "changed", "diff": diff })).into_response()
        }
        Refreshed::Same => Json(json!({ "outcome": "same" })).into_response(),
        Refreshed::Kept(why) => {
            let failed = FailedView::of(app.clock.now(), &why);
            Json(json!({ "outcome": "kept", "failed": failed })).into_response()
        }
    }
}
