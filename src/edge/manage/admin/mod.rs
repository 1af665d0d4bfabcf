//! The administration: what is registered, for people.
//!
//! ```text
//! form ──▶ typed ──▶ metadata ──▶ object ──▶ plan ──▶ preview ──▶ Registry::change
//!                    (file, XML, address)      └──▶ refusal: the form again, with all reasons
//! ```
//!
//! Nothing takes effect before it was shown and saved, and all of it goes the way that the provisioning interface goes.

mod compare;
mod connect;
mod demo;
mod fetch;
mod form;
mod list;
mod log;
mod metadata;
mod object;
mod party;
mod plan;
mod preview;
mod remove;
mod role;
mod text;
mod typed;

pub use text::Text;

use crate::edge::app::App;
use axum::Router;
use axum::routing::{get, put};
use std::sync::Arc;

/// The pages, and what they show for scripts.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin", get(list::page))
        .route("/admin/log", get(log::page))
        .route("/admin/{role}", get(connect::new).post(connect::posted))
        .route(
            "/admin/{role}/{name}",
            get(connect::edit).post(connect::posted_to),
        )
        .route(
            "/admin/{role}/{name}/delete",
            get(remove::page).post(remove::confirmed),
        )
        .route("/api/v1/identity-providers", get(demo::list))
        .route("/api/v1/parties", get(list::parties))
        .route("/api/v1/changes", get(log::changes))
}

/// What a demo can change besides: close an identity provider, and what “husk mit valg” does.
pub fn demo_routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin", axum::routing::post(demo::pressed))
        .route("/api/v1/identity-providers/{name}", put(demo::change))
        .route(
            "/api/v1/settings",
            put(demo::set_settings).get(demo::settings),
        )
}

/// Whether a form of these pages goes there: it may bring metadata.
pub fn takes_metadata(path: &str) -> bool {
    path.strip_prefix("/admin/")
        .is_some_and(|rest| !rest.is_empty())
}
