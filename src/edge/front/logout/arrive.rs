//! The endpoints: octets in, and whether they are a request or an answer.

use super::{By, answer, begin, end};
use crate::edge::app::App;
use crate::edge::front::{ended, posted};
use crate::edge::journal::Note;
use crate::hub::logout::{Arrival, Endpoint};
use crate::hub::trace::Leg;
use crate::hub::{Check, Refusal};
use crate::saml::binding::soap::{self as envelopes};
use crate::saml::{Binding, BindingError, Decoded, MessageField, binding};
use crate::xml::Document;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use std::sync::Arc;

/// The start tag of a message says enough: who judges it reads the rest.
pub fn is_logout(decoded: &Decoded) -> bool {
    decoded.field == MessageField::Response
        || contains(&decoded.xml, b"LogoutRequest")
            && Document::parse(&decoded.xml)
                .is_ok_and(|document| document.root().local() == "LogoutRequest")
}

/// A login's request need not be read twice.
fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

/// A message that was taken out of its binding.
pub async fn arrived(
    app: &Arc<App>,
    decoded: Decoded,
    endpoint: Endpoint,
    raw_query: Option<&str>,
) -> Response {
    let arrival = Arrival {
        decoded: &decoded,
        endpoint,
        raw_query,
    };
    match (decoded.field, endpoint) {
        (MessageField::Request, Endpoint::Soap) => begin::request(app, arrival, By::Soap).await,
        (MessageField::Request, _) => begin::request(app, arrival, By::Browser).await,
        // The hub calls, and takes answers on its own connections only.
        (MessageField::Response, Endpoint::Soap) => unreadable(
            app,
            Endpoint::Soap,
            Binding::Soap,
            "a LogoutResponse that nobody asked for on this connection".to_owned(),
        ),
        (MessageField::Response, _) => answer::response(app, arrival).await,
    }
}

pub async fn signoff(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Response {
    redirected(&app, Endpoint::Signoff, query).await
}

pub async fn signoff_request(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Response {
    redirected(&app, Endpoint::SignoffRequest, query).await
}

pub async fn signoff_response(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Response {
    redirected(&app, Endpoint::SignoffResponse, query).await
}

pub async fn signoff_posted(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    form(&app, Endpoint::Signoff, &headers, &body).await
}

pub async fn signoff_request_posted(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    form(&app, Endpoint::SignoffRequest, &headers, &body).await
}

pub async fn signoff_response_posted(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    form(&app, Endpoint::SignoffResponse, &headers, &body).await
}

/// A call of a party of either kind.
pub async fn soap(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Response {
    let kind = headers.get(CONTENT_TYPE);
    let is_xml = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/xml"));
    let decoded = match is_xml {
        true => envelopes::decode(&body),
        false => Err(BindingError::NoMessage),
    };
    match decoded {
        Ok(decoded) => arrived(&app, decoded, Endpoint::Soap, None).await,
        Err(error) => unreadable(&app, Endpoint::Soap, Binding::Soap, error.to_string()),
    }
}

async fn redirected(app: &Arc<App>, endpoint: Endpoint, query: Option<String>) -> Response {
    let query = query.unwrap_or_default();
    match binding::decode_redirect(&query) {
        Ok(decoded) => arrived(app, decoded, endpoint, Some(&query)).await,
        Err(error) => unreadable(app, endpoint, Binding::Redirect, error.to_string()),
    }
}

async fn form(app: &Arc<App>, endpoint: Endpoint, headers: &HeaderMap, body: &Bytes) -> Response {
    match posted(headers, body) {
        Ok(decoded) => arrived(app, decoded, endpoint, None).await,
        Err(error) => unreadable(app, endpoint, Binding::Post, error.to_string()),
    }
}

/// Octets that are no message, or none that can be judged here.
fn unreadable(app: &App, endpoint: Endpoint, by: Binding, found: String) -> Response {
    let leg = match endpoint {
        Endpoint::SignoffRequest | Endpoint::SignoffResponse => Leg::IdentityProvider,
        Endpoint::Issue | Endpoint::Signoff | Endpoint::Soap => Leg::System,
    };
    let trace = ended::unreadable(app.clock.now(), leg, by, Check::LogoutReadable, found);
    let note = Note {
        trace,
        ..Note::default()
    };
    let by = match endpoint {
        Endpoint::Soap => By::Soap,
        _ => By::Browser,
    };
    end::stranger(app, by, Refusal::of(Check::LogoutReadable), note)
}
