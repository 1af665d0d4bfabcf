//! The flow inspector: every login on a list, and one login on one page.
//!
//! ```text
//! Flow ─▶ page ─┬▶ verdict   who must act, and what shows it
//!               ├▶ chain     how far along the chain of responsibility it came
//!               ├▶ sequence  a drawing, and the same steps as a list
//!               ├▶ message   checks ─▶ places ─▶ lines of ─▶ xml
//!               └▶ visits    what the browser asked for
//! ```
//!
//! Everything here was written by somebody else, and some of it by an attacker: templates escape it, and
//! `shown` makes visible what would hide or turn around.

mod chain;
mod list;
mod message;
mod page;
mod places;
mod remove;
mod sequence;
pub(super) mod shown;
mod text;
mod verdict;
mod visits;
mod xml;

pub use text::Text;

use crate::edge::app::App;
use axum::Router;
use axum::routing::{get, post};
use std::sync::Arc;

/// The pages.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/forloeb", get(list::page))
        .route("/forloeb/slet", post(remove::all))
        .route("/forloeb/{id}", get(page::page))
        .route("/forloeb/{id}/slet", post(remove::one))
}

#[cfg(test)]
mod tests;
