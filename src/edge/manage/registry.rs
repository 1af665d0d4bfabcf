//! `/api/v1/registry`: what is registered, and what of it has no effect on a login.

use crate::edge::app::App;
use crate::edge::registry::Snapshot;
use crate::registry::{self, Kind};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is registered.
#[derive(Debug, Serialize)]
struct View {
    /// How many objects of each kind.
    counts: BTreeMap<&'static str, usize>,
    /// Parties that are not served, and why.
    notes: Vec<Told>,
    /// Other objects of which the hub makes nothing.
    unserved: Vec<Told>,
}

/// Something that is not served.
#[derive(Debug, Serialize)]
struct Told {
    kind: Kind,
    /// None where it is said of all objects of the kind.
    id: Option<String>,
    da: String,
    en: String,
}

pub async fn show(State(app): State<Arc<App>>) -> Response {
    Json(View::of(&app.registry.now())).into_response()
}

impl View {
    fn of(snapshot: &Snapshot) -> Self {
        let content = &snapshot.content;
        // Marks of federation.toml are bookkeeping, and nobody's objects.
        let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::File);
        let told = registry::unserved(content).into_iter().map(|note| Told {
            kind: note.kind,
            id: note.id,
            da: note.reason.da,
            en: note.reason.en,
        });
        let is_party = |told: &Told| matches!(told.kind, Kind::IdentityProvider | Kind::System);
        let (notes, unserved) = told.partition(is_party);
        Self {
            counts: kinds
                .map(|kind| (kind.as_str(), content.ids(kind).len()))
                .collect(),
            notes,
            unserved,
        }
    }
}
