//! The management listener: what happened, for people and for scripts.
//!
//! Loopback is not authentication: any page in the same browser can send requests here. `guard` says who
//! may read and who may change.

pub mod admin;
mod api;
mod bar;
mod case;
mod checks;
mod feed;
#[cfg(test)]
mod feed_tests;
mod files;
pub mod flow;
mod flow_query;
mod guard;
mod line;
mod metadata;
mod next_login;
mod pages;
mod parties;
mod readiness;
mod ready_view;
mod registry;
mod rehearsal;
mod roles;
mod shown;
mod skifte;
#[cfg(test)]
mod tests;
mod trials;
mod view;

pub use checks::PATH as CATALOGUE;
pub use guard::Access;
pub use shown::Administrators;

use super::app::{App, Mode};
use super::page::language::{self, Place};
use super::{guard as headers, page, provisioning, test_ca};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{get, post, put};
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

/// Bytes of a request's body: most take no more than a few words.
const MAX_BODY: usize = 64 * 1024;
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The listener's site.
pub fn router(app: Arc<App>, access: Access) -> Router {
    let door = guard::Door {
        app: app.clone(),
        access,
    };
    let mut site = Router::new()
        .route("/", get(pages::overview))
        .merge(flow::routes())
        .route("/forloeb/{id}/sag.txt", get(case::text))
        .route("/forloeb/{id}/sagspakke.zip", get(case::bundle))
        .merge(admin::routes())
        .route("/api/v1/flows", get(api::flows).delete(api::delete_flows))
        .route(
            "/api/v1/flows/{id}",
            get(api::flow).delete(api::delete_flow),
        )
        .route("/api/v1/flows/{id}/bundle", get(case::api))
        .route(
            "/api/v1/rehearsal",
            get(rehearsal::show)
                .put(rehearsal::start)
                .delete(rehearsal::end),
        )
        .route("/skifte", get(skifte::page).post(skifte::pressed))
        .route("/skifte/parathed.csv", get(readiness::csv))
        // The announcement and the calendar file of a plan have their place beside it.
        .route("/skifte/filer/{file}", get(files::file))
        .route(checks::PATH, get(checks::page))
        .route("/api/v1/readiness", get(readiness::show))
        .route("/api/v1/registry", get(registry::show))
        .route("/api/v1/rehearsal/time", put(rehearsal::jump))
        .route("/api/v1/rehearsal/speed", put(rehearsal::set_speed))
        .route("/api/v1/trials", get(trials::list).delete(trials::forget))
        .route("/api/v1/trials/{idp}/{profile}/{system}", put(trials::say))
        .route("/api/v1/metadata", get(metadata::list))
        .route("/api/v1/metadata/{name}/refresh", post(metadata::refresh))
        .route("/api/openapi.json", get(api::description))
        .merge(test_ca::api())
        .merge(provisioning::router())
        .merge((app.pages)())
        .merge(page::assets());
    if app.mode == Mode::Demo {
        site = site
            .route("/api/v1/reset", post(api::reset))
            .merge(admin::demo_routes())
            .merge(next_login::routes())
            .route("/api/v1/clock", put(api::set_clock).get(api::clock));
    }
    // Waiting has a limit of its own, and watching has none.
    let waiting = match app.mode {
        Mode::Demo => next_login::waiting(),
        Mode::Serve => Router::new(),
    };
    let site = site
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            REQUEST_TIMEOUT,
        ))
        .merge(waiting)
        .route("/api/v1/flows/{id}/wait", get(api::wait))
        .route("/api/v1/flows/events", get(feed::events))
        .fallback(page::not_found)
        .layer(from_fn_with_state(Arc::new(door), guard::admit));
    // Probes come without a token, and under whatever name a container has.
    site.route("/healthz", get(api::health))
        .route("/readyz", get(api::ready))
        .with_state(app)
        .layer(DefaultBodyLimit::max(provisioning::MAX_BODY))
        .layer(from_fn(arrived))
        .layer(CatchPanicLayer::custom(page::panicked))
        .layer(from_fn_with_state(Place::Management, language::answered))
        .layer(from_fn(provisioning::in_its_words))
        .layer(map_response(headers::headers))
}

async fn arrived(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let most = match provisioning::is_here(path) || admin::takes_metadata(path) {
        true => provisioning::MAX_BODY,
        false => MAX_BODY,
    };
    match headers::arrived(request, most, headers::BODY_TIMEOUT).await {
        Ok(request) => next.run(request).await,
        Err(status) => guard::refuse(status, "the body did not arrive, or is too large"),
    }
}
