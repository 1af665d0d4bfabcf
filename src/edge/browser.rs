//! The cookie that names a browser: a login is bound to it.
//!
//! It must come along when an IdP posts its answer from another site, so it is `SameSite=None`, which
//! browsers take only together with `Secure`. They treat `http://*.localhost` and loopback addresses as
//! secure, so the same cookie works in a demo without TLS.
//!
//! Two tabs that start at once in a browser without cookie get one name each. Each is a cookie of its own, so
//! that neither takes the other's place; a browser is known by any of its names.

use super::cookies;
use super::world::{hex, random_hex};
use crate::hub::{BrowserHash, Pending};
use axum::http::HeaderMap;
use cookie::{Cookie, SameSite};
use std::net::IpAddr;

/// How its cookies begin; the first digits of the name follow. The prefix `__Host-` has browsers insist on
/// `Secure`, `Path=/` and no `Domain`, so that no neighbour of ours can set one.
const PREFIX: &str = "__Host-vejviser-";
/// Digits of the name in the cookie's own name.
const DIGITS: usize = 6;
/// Names that are looked at.
const MOST: usize = 8;

/// The names that a browser brought, hashed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Browser(Vec<BrowserHash>);

/// Whether browsers treat plain http to this host as secure.
pub fn is_local(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl Browser {
    /// What the request has of our cookies.
    pub fn of(headers: &HeaderMap) -> Self {
        let names = cookies::all(headers)
            .filter(|cookie| is_id(cookie.value()) && cookie.name() == cookie_name(cookie.value()))
            .map(|cookie| hash(cookie.value()));
        Self(names.take(MOST).collect())
    }

    /// The name that a new login is bound to; none if the browser has none.
    pub fn name(&self) -> Option<&BrowserHash> {
        self.0.first()
    }

    /// All of its names.
    pub fn names(&self) -> impl Iterator<Item = &BrowserHash> {
        self.0.iter()
    }

    /// Whether it has this name.
    pub fn has(&self, name: &BrowserHash) -> bool {
        self.0.contains(name)
    }

    /// Whether the login is bound to this browser.
    pub fn started(&self, pending: &Pending) -> bool {
        self.0.contains(&pending.browser)
    }

    /// The name to judge an answer to this login by: the one that it is bound to, if the browser has it.
    pub fn name_for(&self, pending: Option<&Pending>) -> Option<&BrowserHash> {
        let bound = self
            .0
            .iter()
            .find(|name| pending.is_some_and(|p| p.browser == **name));
        bound.or(self.name())
    }
}

/// A new name and the `Set-Cookie` that gives it to the browser, until that is closed.
pub fn fresh() -> (BrowserHash, String) {
    let id = random_hex::<16>();
    let cookie = Cookie::build((cookie_name(&id), id.clone()))
        .path("/")
        .http_only(true)
        .secure(true)
        .same_site(SameSite::None);
    (hash(&id), cookie.build().to_string())
}

/// What is stored of a browser's name.
pub fn hash(id: &str) -> BrowserHash {
    BrowserHash(hex(&openssl::sha::sha256(id.as_bytes())))
}

/// The cookie that carries this name.
pub fn cookie_name(id: &str) -> String {
    let digits = id.get(..DIGITS).unwrap_or_default();
    format!("{PREFIX}{digits}")
}

fn is_id(text: &str) -> bool {
    text.len() == 32
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Whether a browser says that it is a mobile one: by its client hint (User-Agent Client Hints §3.3), and by the word that all
/// makers put into User-Agent where it sends none. Good for what is offered; nobody is trusted for it.
pub fn is_mobile(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-ch-ua-mobile").map(str::trim) {
        Some(hint) => hint == "?1",
        None => text("user-agent").is_some_and(|agent| agent.contains("Mobi")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::COOKIE;

    #[test]
    fn a_mobile_browser_says_so() {
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1";
        let desk = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        for (hint, agent, mobile) in [
            (Some("?1"), desk, true),
            (Some("?0"), phone, false),
            (None, phone, true),
            (None, desk, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("user-agent", agent.parse().unwrap());
            if let Some(hint) = hint {
                headers.insert("sec-ch-ua-mobile", hint.parse().unwrap());
            }
            assert_eq!(is_mobile(&headers), mobile, "{hint:?} {agent}");
        }
        assert!(!is_mobile(&HeaderMap::new()));
    }

    fn with(cookies: &str) -> Browser {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, cookies.parse().unwrap());
        Browser::of(&headers)
    }

    #[test]
    fn the_cookie_survives_a_post_from_another_site() {
        let (name, set) = fresh();
        for part in [
            "__Host-vejviser-",
            "HttpOnly",
            "SameSite=None",
            "Secure",
            "Path=/",
        ] {
            assert!(set.contains(part), "{part} in {set}");
        }
        assert!(!set.contains("Domain") && !set.contains("Max-Age"));
        let back = with(set.split(';').next().unwrap());
        assert_eq!(back.name(), Some(&name));
    }

    #[test]
    fn two_names_stand_side_by_side() {
        let (one, first) = fresh();
        let (two, second) = fresh();
        let pair = |set: &str| set.split(';').next().unwrap().to_owned();
        let both = with(&format!("{}; {}", pair(&first), pair(&second)));
        assert_eq!(both, Browser(vec![one, two]));
    }

    #[test]
    fn only_a_name_of_our_form_is_read() {
        let id = "ab".repeat(16);
        for junk in [
            "a=b; __Host-vejviser-zz=zz".to_owned(),
            format!("vejviser-ababab={id}"),
            format!("__Host-vejviser-cdcdcd={id}"),
            format!("__Host-vejviser-ABABAB={}", id.to_uppercase()),
            "__Host-vejviser-valg=abc".to_owned(),
        ] {
            assert_eq!(with(&junk), Browser::default(), "{junk}");
        }
        let many: Vec<String> = (0..50)
            .map(|n| format!("__Host-vejviser-{n:06x}={n:06x}{}", "0".repeat(26)))
            .collect();
        assert_eq!(with(&many.join("; ")).0.len(), MOST);
        assert_eq!(
            with(&format!("x=y; __Host-vejviser-ababab={id}")),
            Browser(vec![hash(&id)])
        );
    }
}
