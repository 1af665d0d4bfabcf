//! Pages: rendered from templates that escape everything, and static files.

use super::app::{App, IdpLink, SystemLink};
use crate::hub::{FlowId, Refusal, RowOutcome};
use askama::Template;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// The landing page of the public site.
#[derive(Template)]
#[template(path = "landing.html")]
pub struct Landing<'a> {
    /// Whether the parties are invented.
    pub demo: bool,
    /// The state.
    pub app: &'a App,
    /// Systems to try.
    pub systems: &'a [SystemLink],
    /// Identity providers.
    pub idps: &'a [IdpLink],
    /// Addresses: Danish label, address.
    pub addresses: Vec<(&'static str, String)>,
}

/// The chooser.
#[derive(Template)]
#[template(path = "chooser.html")]
pub struct Chooser<'a> {
    /// The flow.
    pub flow: &'a FlowId,
    /// Name of the system.
    pub system: &'a str,
    /// The level that is needed.
    pub required: String,
    /// What was searched for.
    pub query: &'a str,
    /// Whether there are enough entries for a search to be of use.
    pub searchable: bool,
    /// What to choose from.
    pub entries: Vec<Entry<'a>>,
}

/// One line of the chooser.
pub struct Entry<'a> {
    /// entityID.
    pub id: &'a str,
    /// Presentation name.
    pub name: &'a str,
    /// Description.
    pub description: &'a str,
}

/// A page that posts a message on.
#[derive(Template)]
#[template(path = "post.html")]
pub struct Post<'a> {
    /// Where to.
    pub action: &'a str,
    /// Name of the message's field.
    pub field: &'a str,
    /// The message.
    pub message: &'a str,
    /// RelayState.
    pub relay_state: Option<&'a str>,
}

/// A login stops here, and this is what the person in front of the browser is told.
#[derive(Template)]
#[template(path = "error.html")]
pub struct Error<'a> {
    /// The flow.
    pub flow: &'a str,
    /// Why.
    pub refusal: &'a Refusal,
}

/// Something else than a login went wrong.
#[derive(Template)]
#[template(path = "plain.html")]
pub struct Plain {
    /// Danish, English: what.
    pub title: (&'static str, &'static str),
    /// Danish, English: what to do.
    pub text: (&'static str, &'static str),
}

impl Error<'_> {
    fn actor(&self) -> (&'static str, &'static str) {
        self.refusal.actor.text()
    }
    fn check(&self) -> &'static str {
        self.refusal.check.info().id
    }
}

/// A rendered page.
pub fn html(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(body) => (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The page of a refusal.
pub fn refused(status: StatusCode, flow: &FlowId, refusal: &Refusal) -> Response {
    let mut response = html(
        status,
        &Error {
            flow: flow.as_str(),
            refusal,
        },
    );
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

/// No such page.
pub async fn not_found() -> Response {
    html(
        StatusCode::NOT_FOUND,
        &Plain {
            title: ("Siden findes ikke", "No such page"),
            text: (
                "Tjek adressen. Hubbens adresser står på forsiden.",
                "Check the address. The hub's addresses are on the front page.",
            ),
        },
    )
}

/// Not a host of ours.
pub fn misdirected() -> Response {
    html(
        StatusCode::MISDIRECTED_REQUEST,
        &Plain {
            title: ("Ukendt værtsnavn", "Unknown host name"),
            text: (
                "Denne server svarer kun på sin egen adresse (public-url), hub.localhost og loopback.",
                "This server answers only to its own address (public-url), hub.localhost and loopback.",
            ),
        },
    )
}

/// A handler panicked: a bug of ours, told as such.
pub fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a handler panicked; the request was answered with a page");
    html(
        StatusCode::INTERNAL_SERVER_ERROR,
        &Plain {
            title: ("Der skete en fejl i hubben", "Something broke in the hub"),
            text: (
                "Start login forfra. Sker det igen, er det en fejl i Vejviser, og ikke hos kommunen eller systemet.",
                "Start the login again. If it happens again, it is a bug of Vejviser, not of the municipality or the system.",
            ),
        },
    )
}

/// A word and a class for the outcome of a check.
pub fn outcome(outcome: RowOutcome) -> (&'static str, &'static str) {
    match outcome {
        RowOutcome::Pass => ("ok", "pass"),
        RowOutcome::Fail => ("fejl", "fail"),
        RowOutcome::Warn => ("advarsel", "warn"),
        RowOutcome::Skip => ("ikke prøvet", "skip"),
    }
}

/// Serves a file of `assets/`.
pub fn asset(content_type: &'static str, body: &'static str) -> Response {
    (
        [
            (CONTENT_TYPE, content_type),
            (CACHE_CONTROL, "max-age=3600"),
        ],
        body,
    )
        .into_response()
}

/// The stylesheet.
pub async fn stylesheet() -> Response {
    asset(
        "text/css; charset=utf-8",
        include_str!("../../assets/vejviser.css"),
    )
}

/// The script that submits the form of a post page.
pub async fn autopost() -> Response {
    asset(
        "text/javascript; charset=utf-8",
        include_str!("../../assets/autopost.js"),
    )
}

/// The icon.
pub async fn icon() -> Response {
    asset("image/svg+xml", include_str!("../../assets/vejviser.svg"))
}

/// The static files that every site serves at the same paths.
pub fn assets<S: Clone + Send + Sync + 'static>() -> axum::Router<S> {
    use axum::routing::get;
    axum::Router::new()
        .route("/assets/vejviser.css", get(stylesheet))
        .route("/assets/autopost.js", get(autopost))
        .route("/assets/vejviser.svg", get(icon))
}
