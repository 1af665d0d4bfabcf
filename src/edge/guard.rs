//! Headers of every answer, and whose Host we answer to.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

/// The policy of a page that posts only to its own site: no inline code or style anywhere.
pub const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                       form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The same policy with other destinations of forms.
pub fn csp_posting_to(destinations: &str) -> String {
    CSP.replace("form-action 'self'", &format!("form-action {destinations}"))
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
}
