//! Single logout at the public site: messages at the endpoints of both roles, the page `/log-ud`, and the hub's own calls
//! by SOAP. The core judges and says what is next; here sessions are read, effects carried out, and then something is sent.

mod answer;
mod arrive;
mod begin;
mod drive;
mod end;
mod page;
mod shown;

pub use arrive::{arrived, is_logout};
pub use page::PAGE;

use crate::edge::app::App;
use crate::hub::identity::path;
use axum::Router;
use axum::routing::{get, post};
use std::sync::Arc;

/// The endpoints of logout alone, and the page.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(
            path::SIGNOFF,
            get(arrive::signoff)
                .post(arrive::signoff_posted)
                .head(super::issue::head),
        )
        .route(
            path::SIGNOFF_REQUEST,
            get(arrive::signoff_request)
                .post(arrive::signoff_request_posted)
                .head(super::issue::head),
        )
        .route(
            path::SIGNOFF_RESPONSE,
            get(arrive::signoff_response)
                .post(arrive::signoff_response_posted)
                .head(super::issue::head),
        )
        .route(path::SIGNOFF_SOAP, post(arrive::soap))
        .route(PAGE, get(page::show).post(page::submit))
}

/// How a message came, and so how whoever sent it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// By the user's browser: pages, and messages that it carries on.
    Browser,
    /// On a call of the party: an envelope or a fault.
    Soap,
}
