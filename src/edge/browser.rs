//! The one cookie of the public site: a random name for the browser, which a login is bound to.
//!
//! It must come along when an IdP posts its answer from another site, so it is `SameSite=None`, which
//! browsers take only together with `Secure`. They treat `http://*.localhost` and loopback addresses as
//! secure, so the same cookie works in a demo without TLS.

use super::world::{hex, random_hex};
use crate::hub::BrowserHash;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use cookie::{Cookie, SameSite};
use std::net::IpAddr;

/// Its name. The prefix has browsers insist on `Secure`, `Path=/` and no `Domain`, so that no neighbour of
/// ours can set it.
const NAME: &str = "__Host-vejviser";

/// Whether browsers treat plain http to this host as secure.
pub fn is_local(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The id that the browser brought, if it is one of ours by its form.
pub fn read(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .flatten()
        .find(|cookie| cookie.name() == NAME && is_id(cookie.value()))
        .map(|cookie| cookie.value().to_owned())
}

/// A new id and the `Set-Cookie` that gives it to the browser, until that is closed.
pub fn fresh() -> (String, String) {
    let id = random_hex::<16>();
    let cookie = Cookie::build((NAME, id.clone()))
        .path("/")
        .http_only(true)
        .secure(true)
        .same_site(SameSite::None);
    (id, cookie.build().to_string())
}

/// What is stored of a browser's id.
pub fn hash(id: &str) -> BrowserHash {
    BrowserHash(hex(&openssl::sha::sha256(id.as_bytes())))
}

fn is_id(text: &str) -> bool {
    text.len() == 32
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_survives_a_post_from_another_site() {
        let (id, set) = fresh();
        for part in [
            "__Host-vejviser=",
            "HttpOnly",
            "SameSite=None",
            "Secure",
            "Path=/",
        ] {
            assert!(set.contains(part), "{part} in {set}");
        }
        assert!(!set.contains("Domain") && !set.contains("Max-Age") && set.contains(&id));
    }

    #[test]
    fn only_an_id_of_our_form_is_read() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "a=b; __Host-vejviser=zz".parse().unwrap());
        assert_eq!(read(&headers), None);
        headers.append(
            COOKIE,
            format!("x=y; __Host-vejviser={}", "ab".repeat(16))
                .parse()
                .unwrap(),
        );
        assert_eq!(read(&headers), Some("ab".repeat(16)));
    }
}
