//! Headers of every answer, and whose Host we answer to.

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::time::Duration;

/// The policy of a page that posts only to its own site: no inline code or style anywhere.
pub const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                       form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The same policy with other destinations of forms.
pub fn csp_posting_to(destinations: &str) -> String {
    CSP.replace("form-action 'self'", &format!("form-action {destinations}"))
}

/// The same policy without a word on forms.
pub fn csp_posting_anywhere() -> String {
    CSP.replace("form-action 'self'; ", "")
}

/// Adds the headers that an answer does not have yet.
pub async fn headers(mut response: Response) -> Response {
    const DEFAULTS: [(HeaderName, &str); 4] = [
        (CONTENT_SECURITY_POLICY, CSP),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in DEFAULTS {
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// How long the body of a request may take to arrive.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// The request once its body is here: in time, and no larger than `limit`. Whoever sends a byte now and
/// then holds a connection for so long and no longer.
pub async fn arrived(
    request: Request,
    limit: usize,
    patience: Duration,
) -> Result<Request, StatusCode> {
    let (parts, body) = request.into_parts();
    if body.is_end_stream() {
        return Ok(Request::from_parts(parts, body));
    }
    let announced = body.size_hint().lower();
    if announced > limit as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match tokio::time::timeout(patience, Limited::new(body, limit).collect()).await {
        Ok(Ok(whole)) => Ok(Request::from_parts(parts, Body::from(whole.to_bytes()))),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

/// Whether a page of another site, or of another host of ours, had the browser send this. Scripts and old
/// browsers do not say.
pub fn is_of_another_page(headers: &HeaderMap) -> bool {
    headers
        .get_all("sec-fetch-site")
        .iter()
        .any(|site| site != "same-origin")
}

/// The host that a request is for, in lower case and without port. An absolute request target wins over
/// the header (RFC 9112 §3.2.2); two headers are none.
pub fn host(request: &Request) -> Option<String> {
    if let Some(authority) = request.uri().authority() {
        return Some(without_port(authority.as_str()));
    }
    let mut hosts = request.headers().get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => Some(without_port(host.to_str().ok()?)),
        _ => None,
    }
}

/// A host without its port, in lower case; an IPv6 address without its brackets.
pub fn without_port(host: &str) -> String {
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or(v6),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.to_ascii_lowercase()
}

/// The origin of an absolute http(s) address, as it stands in a policy.
pub fn origin(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Bytes;
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    /// A body of which nothing ever comes.
    struct Never;

    impl HttpBody for Never {
        type Data = Bytes;
        type Error = Infallible;
        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Infallible>>> {
            Poll::Pending
        }
    }

    #[tokio::test]
    async fn a_body_must_arrive_in_time_and_within_its_limit() {
        let status = async |body, limit| {
            arrived(Request::new(body), limit, Duration::from_millis(20))
                .await
                .map(|_| ())
        };
        assert_eq!(status(Body::empty(), 3).await, Ok(()));
        assert_eq!(status(Body::from("abc"), 3).await, Ok(()));
        assert_eq!(
            status(Body::from("abcd"), 3).await,
            Err(StatusCode::PAYLOAD_TOO_LARGE)
        );
        assert_eq!(
            status(Body::new(Never), 3).await,
            Err(StatusCode::REQUEST_TIMEOUT)
        );
    }

    #[test]
    fn hosts_lose_their_port() {
        assert_eq!(without_port("Hub.localhost:7878"), "hub.localhost");
        assert_eq!(without_port("[::1]:7878"), "::1");
        assert_eq!(without_port("127.0.0.1"), "127.0.0.1");
    }

    #[test]
    fn origins_are_scheme_host_and_port_only() {
        assert_eq!(
            origin("https://sp.example:8443/a?b#c").as_deref(),
            Some("https://sp.example:8443")
        );
        assert_eq!(origin("javascript:alert(1)"), None);
    }

    #[test]
    fn a_policy_says_where_forms_may_go() {
        assert!(csp_posting_to("https://a.example").contains("form-action https://a.example;"));
        let anywhere = csp_posting_anywhere();
        assert!(!anywhere.contains("form-action") && anywhere.contains("frame-ancestors 'none'"));
    }
}
