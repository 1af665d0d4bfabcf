//! Answers: the Error object, and which status code says what.

use crate::registry::{Reason, Refusal};
use axum::Json;
use axum::body::to_bytes;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// `Error` of CH.json.
#[derive(Debug, Serialize)]
struct Error {
    code: u16,
    message: String,
    /// “Set to '2.0' to indicate that a response is from the new service.”
    version: &'static str,
    #[serde(rename = "errorDetails")]
    details: Vec<String>,
}

/// Marks an answer that has the interface's form already.
#[derive(Clone)]
struct InItsWords;

/// An error, with everything that is wrong.
pub fn error(status: StatusCode, message: &str, details: Vec<String>) -> Response {
    let error = Error {
        code: status.as_u16(),
        message: message.to_owned(),
        version: "2.0",
        details,
    };
    let mut response = (status, Json(error)).into_response();
    response.extensions_mut().insert(InItsWords);
    response
}

/// Why a change is not made. The messages are CH.json's descriptions of the status codes.
pub fn refused(refusal: Refusal) -> Response {
    let told = |reasons: Vec<Reason>| reasons.into_iter().map(|reason| reason.en).collect();
    match refusal {
        Refusal::Invalid(reasons) => invalid(reasons),
        Refusal::NotFound(reason) => error(StatusCode::NOT_FOUND, "Unknown id", vec![reason.en]),
        Refusal::Conflict(reason) => {
            error(StatusCode::CONFLICT, "Conflicting request", vec![reason.en])
        }
        Refusal::Unavailable(reasons) => error(
            StatusCode::SERVICE_UNAVAILABLE,
            "Unavailable",
            told(reasons),
        ),
        Refusal::Store(why) => {
            tracing::error!(%why, "nothing was changed");
            let details = vec!["the store did not take the change; nothing was changed".to_owned()];
            error(StatusCode::SERVICE_UNAVAILABLE, "Unavailable", details)
        }
    }
}

/// Everything that is wrong with what was sent.
pub fn invalid(reasons: Vec<Reason>) -> Response {
    let details = reasons.into_iter().map(|reason| reason.en).collect();
    error(StatusCode::BAD_REQUEST, "Invalid data supplied", details)
}

/// Done. CH.json has no body for it, but says that whatever is answered is JSON.
pub fn done() -> Response {
    (StatusCode::OK, [(CONTENT_TYPE, "application/json")]).into_response()
}

/// An object.
pub fn object(object: &impl Serialize) -> Response {
    Json(object).into_response()
}

/// An error of what stands in front of the interface, in its form. CH.json knows six status codes.
pub async fn in_its_words(response: Response) -> Response {
    let status = response.status();
    let spoken = response.extensions().get::<InItsWords>().is_some();
    if spoken || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (said, message) = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            (StatusCode::UNAUTHORIZED, "Unauthorized")
        }
        StatusCode::NOT_FOUND => (status, "Unknown id"),
        // An answer that HTTP has for a method that is not there, with the header that goes with it.
        StatusCode::METHOD_NOT_ALLOWED => (status, "Method not allowed"),
        StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => {
            (StatusCode::SERVICE_UNAVAILABLE, "Unavailable")
        }
        status if status.is_server_error() => {
            (StatusCode::INTERNAL_SERVER_ERROR, "Unexpected server error")
        }
        _ => (StatusCode::BAD_REQUEST, "Invalid data supplied"),
    };
    let (parts, body) = response.into_parts();
    let why = to_bytes(body, 64 * 1024).await.unwrap_or_default();
    let why = serde_json::from_slice::<serde_json::Value>(&why).ok();
    let why = why.and_then(|why| Some(why.get("error")?.as_str()?.to_owned()));
    let mut answer = error(said, message, why.into_iter().collect());
    for (name, value) in &parts.headers {
        // The body is another one.
        if name != CONTENT_TYPE && name != axum::http::header::CONTENT_LENGTH {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    answer
}
