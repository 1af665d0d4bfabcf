//! The hub's public site: the real hub's paths, the chooser, and the front page.

mod choose;
mod circumstances;
mod consume;
mod ended;
mod issue;
mod landing;
mod logout;
mod memory;
mod metadata;
mod observe;
mod sessions;
mod source;
#[cfg(test)]
mod tests;
mod trial;
mod visits;

use super::app::App;
use super::journal::Note;
use super::page::language::{self, Place};
use super::{guard, page, test_ca};
use crate::hub::acs::Outcome;
use crate::hub::identity::path;
use crate::hub::{Check, Leg, Refusal};
use crate::saml::{Binding, BindingError, Decoded, binding};
use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequestParts, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

/// Bytes of a request's body: twice what an encoded message may have, for its percent-encoding.
pub const MAX_BODY: usize = 512 * 1024;
/// How long a request may take.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
pub use memory::FORGET;

/// The chooser.
pub const CHOOSER: &str = "/vaelg";

/// The site.
pub fn router(app: Arc<App>) -> Router {
    let site = Router::new()
        .route(
            path::ISSUE,
            get(issue::redirect).post(issue::post).head(issue::head),
        )
        .route(path::IDP_METADATA, get(metadata::idp_role))
        .route(path::CONSUME, post(consume::post).get(consume::get))
        .route(path::SP_METADATA, get(metadata::sp_role))
        .layer(Extension(Arc::<metadata::Published>::default()))
        .route(CHOOSER, get(choose::show).post(choose::submit))
        .route(memory::PAGE, get(memory::show))
        .route(memory::FORGET, get(memory::forget_all).post(memory::forget))
        .route("/", get(landing::show))
        .merge(logout::routes())
        .merge(page::assets());
    let site = match app.test_ca {
        Some(_) => site.merge(test_ca::site()),
        None => site,
    };
    let site = site.fallback(page::not_found).with_state(app.clone());
    shielded(site, Place::Hub)
        .layer(from_fn_with_state(app.clone(), noted))
        .layer(from_fn_with_state(app, visits::noted))
}

/// A message that no handler saw, because it was too large, came too late, or broke something, is in the
/// journal too, under the flow id of its page.
async fn noted(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (leg, check) = match request.uri().path() {
        path::ISSUE => (Leg::System, Check::RequestReadable),
        path::CONSUME => (Leg::IdentityProvider, Check::ResponseReadable),
        path::SIGNOFF | path::SIGNOFF_SOAP => (Leg::System, Check::LogoutReadable),
        path::SIGNOFF_REQUEST | path::SIGNOFF_RESPONSE => {
            (Leg::IdentityProvider, Check::LogoutReadable)
        }
        _ => return next.run(request).await,
    };
    let binding = match *request.method() {
        Method::POST if request.uri().path() == path::SIGNOFF_SOAP => Binding::Soap,
        Method::GET => Binding::Redirect,
        Method::POST => Binding::Post,
        // Nobody sends a message by another method.
        _ => return next.run(request).await,
    };
    let response = next.run(request).await;
    if let Some(page::FailedAs(flow)) = response.extensions().get() {
        let trace = ended::unreadable(
            app.clock.now(),
            leg,
            binding,
            check,
            response.status().to_string(),
        );
        let note = Note {
            trace,
            ended: Some(Outcome::Refused(Refusal::of(check))),
            ..Note::default()
        };
        app.journal.note_junk(flow, note);
        visits::about(flow);
    }
    response
}

/// What a persona or demo system has around it: the same as the hub.
pub fn shield(site: Router) -> Router {
    shielded(site, Place::Elsewhere)
}

/// What every public site has around it: limits, headers, a language, and a page where a handler panics.
fn shielded(site: Router, place: Place) -> Router {
    site.layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn(arrived))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            REQUEST_TIMEOUT,
        ))
        .layer(CatchPanicLayer::custom(page::panicked))
        .layer(map_response(page::with_page))
        .layer(from_fn_with_state(place, language::answered))
        .layer(map_response(guard::headers))
}

async fn arrived(request: Request, next: Next) -> Response {
    match guard::arrived(request, MAX_BODY, guard::BODY_TIMEOUT).await {
        Ok(request) => next.run(request).await,
        Err(status) => status.into_response(),
    }
}

/// The address that the user came from, as far as it can be trusted.
pub struct Source(pub Option<IpAddr>);

impl FromRequestParts<Arc<App>> for Source {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|ConnectInfo(address)| address.ip().to_canonical());
        Ok(Self(peer.and_then(|peer| {
            source::of(peer, &parts.headers, &app.trusted_proxies)
        })))
    }
}

/// The message of a POST; a body of another type is none.
fn posted(headers: &HeaderMap, body: &Bytes) -> Result<Decoded, BindingError> {
    let form = "application/x-www-form-urlencoded";
    let is_form = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case(form));
    if is_form {
        binding::decode_post(body)
    } else {
        Err(BindingError::NoMessage)
    }
}
