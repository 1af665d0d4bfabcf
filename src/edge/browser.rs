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
use url::{Host, Url};

/// How the cookie is set, depending on the public address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieStyle {
    /// `__Host-`, `SameSite=None; Secure`: https, and http that browsers take for secure.
    Secure,
    /// `SameSite=Lax` without `Secure`: a demo on plain http in a local network, where personas share the
    /// hub's host and therefore its site. Browsers would drop the other form.
    Lax,
}

/// Whether browsers treat plain http to this host as secure.
pub fn is_local(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl CookieStyle {
    /// The style for a public address.
    pub fn for_url(public_url: &Url) -> Self {
        let local = match public_url.host() {
            Some(Host::Domain(name)) => is_local(name),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        };
        if public_url.scheme() == "https" || local {
            Self::Secure
        } else {
            Self::Lax
        }
    }

    /// Name of the cookie.
    pub fn name(self) -> &'static str {
        match self {
            Self::Secure => "__Host-vejviser",
            Self::Lax => "vejviser",
        }
    }

    /// The id that the browser brought, if it is one of ours by its form.
    pub fn read(self, headers: &HeaderMap) -> Option<String> {
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(Cookie::split_parse)
            .flatten()
            .find(|cookie| cookie.name() == self.name() && is_id(cookie.value()))
            .map(|cookie| cookie.value().to_owned())
    }

    /// A new id and the `Set-Cookie` that gives it to the browser, until that is closed.
    pub fn fresh(self) -> (String, String) {
        let id = random_hex::<16>();
        let cookie = Cookie::build((self.name(), id.clone()))
            .path("/")
            .http_only(true);
        let cookie = match self {
            Self::Secure => cookie.same_site(SameSite::None).secure(true),
            Self::Lax => cookie.same_site(SameSite::Lax),
        };
        (id, cookie.build().to_string())
    }
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

    fn style(url: &str) -> CookieStyle {
        CookieStyle::for_url(&Url::parse(url).unwrap())
    }

    #[test]
    fn the_cookie_survives_a_post_from_another_site() {
        assert_eq!(style("http://hub.localhost:7878"), CookieStyle::Secure);
        assert_eq!(style("http://127.0.0.1:7878"), CookieStyle::Secure);
        assert_eq!(style("https://hub.example.dk"), CookieStyle::Secure);
        assert_eq!(style("http://192.0.2.7:7878"), CookieStyle::Lax);
        let (id, set) = CookieStyle::Secure.fresh();
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
        assert_eq!(CookieStyle::Secure.read(&headers), None);
        headers.append(
            COOKIE,
            format!("x=y; __Host-vejviser={}", "ab".repeat(16))
                .parse()
                .unwrap(),
        );
        assert_eq!(CookieStyle::Secure.read(&headers), Some("ab".repeat(16)));
    }
}
