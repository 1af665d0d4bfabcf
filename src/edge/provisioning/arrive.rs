//! What a request brings.

use super::answer;
use crate::oiosaml::Cvr;
use crate::registry::{Reason, Refusal};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::{CONTENT_TYPE, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use openssl::sha::sha256;
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::convert::Infallible;

/// Who sends a request: the management listener's guard says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// For the change log.
    pub who: String,
    /// The organisation of the client certificate; none for whoever administers the hub, who acts for all.
    pub authority: Option<Cvr>,
}

impl Caller {
    /// Somebody who administers the hub.
    pub fn named(who: &str) -> Self {
        Self {
            who: who.to_owned(),
            authority: None,
        }
    }
}

/// `{id}`: base64 of an identifier.
pub struct Id(pub String);

/// `{id}` and the part behind it, as it stands there.
pub struct IdAnd(pub String, pub String);

/// `{id}` of what has no base64 in its paths: users and client certificates.
pub struct Plain(pub String);

/// A body of JSON.
pub struct Posted(pub Json);

/// `If-Match`, where a writer wants to change only what it has seen. Without it the last write wins whole.
#[derive(Debug, Clone)]
pub struct Seen(Option<String>);

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

/// Base64 of a path's part, in either alphabet, with padding or without: CH.json's “processing instructions for handling base64
/// encoding” are not public.
pub fn decoded(text: &str) -> Option<String> {
    let alphabet = match text.contains(['-', '_']) {
        true => URL_SAFE,
        false => STANDARD,
    };
    let bytes = GeneralPurpose::new(&alphabet, LENIENT).decode(text).ok()?;
    String::from_utf8(bytes).ok()
}

async fn parts(parts: &mut Parts) -> HashMap<String, String> {
    let path = Path::<HashMap<String, String>>::from_request_parts(parts, &()).await;
    path.map_or_else(|_| HashMap::new(), |Path(all)| all)
}

fn id(of: &HashMap<String, String>) -> Result<String, Reason> {
    let text = of.get("id").map_or("", String::as_str);
    decoded(text).filter(|id| !id.is_empty()).ok_or_else(|| {
        Reason::new(
            format!("id: {text} er ikke base64 af et id"),
            format!("id: {text} is not the base64 of an id"),
        )
    })
}

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Response;
    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Response> {
        let id = id(&parts(request).await);
        id.map(Self).map_err(|reason| answer::invalid(vec![reason]))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdAnd {
    type Rejection = Response;
    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Response> {
        let mut all = parts(request).await;
        let id = id(&all).map_err(|reason| answer::invalid(vec![reason]))?;
        let value = all.remove("value").or_else(|| all.remove("item"));
        Ok(Self(id, value.unwrap_or_default()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Plain {
    type Rejection = Infallible;
    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts(request).await.remove("id").unwrap_or_default()))
    }
}

/// Whom the guard did not let in is nobody: without its word, nothing is done.
impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Response;
    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Response> {
        let caller = request.extensions.get::<Self>().cloned();
        let nobody = || answer::error(StatusCode::UNAUTHORIZED, "Unauthorized", Vec::new());
        caller.ok_or_else(nobody)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Seen {
    type Rejection = Infallible;
    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let header = request.headers.get(IF_MATCH);
        Ok(Self(
            header
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
        ))
    }
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Response;
    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let wrong = |da: &str, en: String| answer::invalid(vec![Reason::new(da, en)]);
        if !is_json(request.headers()) {
            return Err(wrong(
                "Content-Type: skal være application/json",
                "Content-Type: must be application/json".to_owned(),
            ));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|error| {
            wrong(
                "body: kan ikke læses",
                format!("body: {}", error.body_text()),
            )
        })?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| wrong("body: er ikke JSON", format!("body: is not JSON: {error}")))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// The tag of an object: another one as soon as anything of it changes.
pub fn tag(object: &impl Serialize) -> String {
    let text = serde_json::to_vec(object).unwrap_or_default();
    let digest = sha256(&text);
    let short = digest.iter().take(12).map(|byte| format!("{byte:02x}"));
    format!("\"{}\"", short.collect::<String>())
}

/// The same as a header.
pub fn tag_header(object: &impl Serialize) -> HeaderValue {
    HeaderValue::from_str(&tag(object)).unwrap_or(HeaderValue::from_static("\"\""))
}

impl Seen {
    /// Whether the object still is what the writer has seen.
    pub fn admits(&self, object: &impl Serialize) -> Result<(), Refusal> {
        let Some(wanted) = &self.0 else {
            return Ok(());
        };
        let now = tag(object);
        let same = wanted.trim() == "*" || wanted.split(',').any(|one| one.trim() == now);
        match same {
            true => Ok(()),
            false => Err(Refusal::Conflict(Reason::new(
                format!("If-Match: objektet er ændret, siden det blev læst; det er nu {now}"),
                format!("If-Match: the object was changed since it was read; it is {now} now"),
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_in_either_alphabet_with_padding_or_without() {
        let id = "https://sp.example.dk/?a=~ÿ";
        for text in [
            "aHR0cHM6Ly9zcC5leGFtcGxlLmRrLz9hPX7Dvw==",
            "aHR0cHM6Ly9zcC5leGFtcGxlLmRrLz9hPX7Dvw",
        ] {
            assert_eq!(decoded(text).as_deref(), Some(id));
        }
        let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
        for id in ["a", "ab?>", "¿¿¿", "~~~?"] {
            assert_eq!(decoded(&engine.encode(id)).as_deref(), Some(id));
            let standard = base64::engine::general_purpose::STANDARD.encode(id);
            assert_eq!(decoded(&standard).as_deref(), Some(id));
        }
        assert_eq!(decoded("https://a"), None);
        assert_eq!(decoded("/w=="), None, "not UTF-8");
    }
}
