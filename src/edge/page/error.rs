//! Refusals and other errors. They say everything in both languages, the chosen one first: a user may read
//! one of them aloud to a supplier who knows the other.

use super::language::{Place, place};
use super::{Text, html};
use crate::hub::{Check, FlowId, Refusal};
use askama::Template;
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

/// A login stops here, and this is what the person in front of the browser is told.
#[derive(Template)]
#[template(path = "error.html")]
pub struct Error<'a> {
    /// Texts.
    pub t: &'static Text,
    /// The flow.
    pub flow: &'a str,
    /// Why.
    pub refusal: &'a Refusal,
}

/// Something else than a login went wrong.
#[derive(Template)]
#[template(path = "plain.html")]
pub struct Plain {
    /// Texts.
    pub t: &'static Text,
    /// Whose site it is on.
    pub place: Place,
    /// Names the request in the log.
    pub flow: String,
    /// What went wrong.
    pub status: StatusCode,
}

impl Error<'_> {
    fn actor(&self) -> (&'static str, &'static str) {
        self.refusal.info().actor.text()
    }
    fn what(&self) -> (&'static str, &'static str) {
        self.refusal.info().what
    }
    fn remedy(&self) -> (&'static str, &'static str) {
        self.refusal.info().remedy
    }
    fn check(&self) -> &'static str {
        self.refusal.check.info().id
    }
    /// What it is that stopped.
    fn stopped(&self, t: &Text) -> &'static str {
        match (Check::LogoutReadable..Check::MetadataReadable).contains(&self.refusal.check) {
            true => t.stopped_logout,
            false => t.stopped,
        }
    }
    /// Whether the user can help by forgetting a choice.
    fn is_about_memory(&self) -> bool {
        self.refusal.check == Check::RememberedActive
    }
}

impl Plain {
    /// What, who must act, and what to do.
    fn words(&self, t: &Text) -> (&'static str, &'static str, &'static str) {
        match self.status {
            StatusCode::NOT_FOUND => (t.error_missing, t.by_sender, t.error_missing_do),
            StatusCode::METHOD_NOT_ALLOWED => (t.error_method, t.by_sender, t.error_method_do),
            StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::URI_TOO_LONG
            | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
                (t.error_large, t.by_sender, t.error_large_do)
            }
            StatusCode::MISDIRECTED_REQUEST => (t.error_host, t.by_sender, t.error_host_do),
            StatusCode::REQUEST_TIMEOUT => (t.error_late, t.by_user, t.error_late_do),
            StatusCode::SERVICE_UNAVAILABLE => (t.error_busy, t.by_hub, t.error_busy_do),
            status if status.is_server_error() => (t.error_ours, t.by_hub, t.error_ours_do),
            _ => (t.error_unreadable, t.by_sender, t.error_unreadable_do),
        }
    }
}

/// The page of a refusal.
pub fn refused(status: StatusCode, flow: &FlowId, refusal: &Refusal) -> Response {
    let page = Error {
        t: Text::current(),
        flow: flow.as_str(),
        refusal,
    };
    let mut response = html(status, &page);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

/// No such page.
pub async fn not_found() -> Response {
    failed(StatusCode::NOT_FOUND)
}

/// Not a host of ours.
pub fn misdirected() -> Response {
    failed(StatusCode::MISDIRECTED_REQUEST)
}

/// A handler panicked: a bug of ours, told as such.
pub fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a handler panicked; the request was answered with a page");
    failed(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What a [`failed`] page calls itself; stands in the response's extensions.
#[derive(Debug, Clone)]
pub struct FailedAs(pub FlowId);

/// The page of an error that is no refusal of a login.
pub fn failed(status: StatusCode) -> Response {
    let mut bytes = [0; 16];
    crate::edge::world::random(&mut bytes);
    let flow = FlowId::from_random(bytes);
    tracing::info!(%flow, status = status.as_u16(), "answered with an error page");
    let page = Plain {
        t: Text::current(),
        place: place(),
        flow: flow.to_string(),
        status,
    };
    let mut response = html(status, &page);
    response.extensions_mut().insert(FailedAs(flow));
    response
}

/// Gives an error that has no page yet its page: whatever layer or extractor made it, a person may be
/// looking at it. A SOAP fault stays one: who called is a program.
pub async fn with_page(response: Response) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let has_page = response.headers().get(CONTENT_TYPE).is_some_and(|kind| {
        let kind = kind.as_bytes();
        kind.starts_with(b"text/html") || kind.starts_with(b"text/xml")
    });
    if !is_error || has_page {
        return response;
    }
    let mut page = failed(status);
    for name in [ALLOW, RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}
