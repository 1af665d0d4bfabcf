//! The cookie that carries the remembered choice, sealed with a key of its own.
//!
//! Sealed (AES-256-GCM, with the cookie's name as associated data), so that a browser cannot be made to
//! remember what its user did not choose, and so that nobody reads from a cookie where somebody works. What does
//! not open, whatever the reason, is no memory at all.

use super::cookies;
use crate::hub::BrowserMemory;
use axum::http::{HeaderMap, HeaderValue};
use cookie::{Cookie, CookieJar, Key, SameSite};

/// Its name; see [`super::browser`] for the prefix.
pub const NAME: &str = "__Host-vejviser-valg";
/// Bytes of the memory before it is sealed. Browsers drop a cookie of more than 4096 bytes, name and
/// attributes included, and sealing makes four bytes of three.
const MOST_BYTES: usize = 2700;
/// Days until a browser drops it; what is in it has dates of its own.
const MAX_AGE: time::Duration = time::Duration::days(400);

/// Opens and seals.
pub struct Seal(Key);

impl Seal {
    /// Bytes that a key must be made from.
    pub const KEY_BYTES: usize = 32;

    /// With a key made from these bytes; none if they are too few.
    pub fn new(secret: &[u8]) -> Option<Self> {
        (secret.len() >= Self::KEY_BYTES).then(|| Self(Key::derive_from(secret)))
    }

    /// With a key made on the spot: what was remembered before is not known any more.
    pub fn fresh() -> Self {
        let mut secret = [0; 64];
        super::world::random(&mut secret);
        Self(Key::from(&secret))
    }

    /// A salt for hashes in what is handed on of `flow`: the same for as long as the key is, and nobody else's.
    pub fn salt(&self, flow: &str) -> [u8; 32] {
        let purpose = format!("vejviser case bundle {flow}");
        openssl::sha::sha256(&[self.0.master(), purpose.as_bytes()].concat())
    }

    /// What the browser remembers.
    pub fn open(&self, headers: &HeaderMap) -> BrowserMemory {
        cookies::all(headers)
            .filter(|cookie| cookie.name() == NAME && cookie.value().len() <= 4096)
            .find_map(|cookie| self.unseal(cookie))
            .unwrap_or_default()
    }

    fn unseal(&self, cookie: Cookie<'_>) -> Option<BrowserMemory> {
        let opened = CookieJar::new()
            .private(&self.0)
            .decrypt(cookie.into_owned())?;
        serde_json::from_str(opened.value()).ok()
    }

    /// The `Set-Cookie` that has the browser remember this, as much of it as fits.
    pub fn cookie(&self, memory: &BrowserMemory) -> Option<HeaderValue> {
        let mut memory = memory.clone();
        let mut text = serde_json::to_string(&memory).ok()?;
        while text.len() > MOST_BYTES && memory.shrink() {
            text = serde_json::to_string(&memory).ok()?;
        }
        let mut jar = CookieJar::new();
        jar.private_mut(&self.0).add(Cookie::new(NAME, text));
        let mut cookie = jar.get(NAME)?.clone();
        cookie.set_max_age(MAX_AGE);
        if memory.is_empty() {
            cookie.set_value("");
            cookie.set_max_age(time::Duration::ZERO);
        }
        // The same attributes whether it is set or taken away: a browser takes them as part of its name.
        cookie.set_path("/");
        cookie.set_http_only(true);
        cookie.set_secure(true);
        cookie.set_same_site(SameSite::None);
        HeaderValue::from_str(&cookie.to_string()).ok()
    }
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::app::Mode;
    use crate::edge::testing::{app, succeeded_with};
    use axum::http::header::COOKIE;

    fn headers(cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_str(cookie).unwrap());
        headers
    }

    /// What a browser sends back of a `Set-Cookie`.
    fn sent_back(set: &HeaderValue) -> String {
        set.to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    fn remembered(app: &crate::edge::App) -> BrowserMemory {
        let system = "https://system.example/metadata";
        succeeded_with(app, BrowserMemory::default(), system, true)
    }

    #[test]
    fn what_is_remembered_comes_back_and_nobody_else_can_write_it() {
        let app = app(Mode::Demo);
        let memory = remembered(&app);
        let seal = Seal::fresh();
        let set = seal.cookie(&memory).unwrap();
        for part in [
            "__Host-vejviser-valg=",
            "HttpOnly",
            "SameSite=None",
            "Secure",
            "Path=/",
            "Max-Age=",
        ] {
            assert!(set.to_str().unwrap().contains(part), "{part} in {set:?}");
        }
        let good = sent_back(&set);
        assert!(!good.contains("idp.example"), "sealed: {good}");
        assert_eq!(seal.open(&headers(&good)), memory);
        // Among others, and after one that is not ours.
        let after = format!("a=b; {NAME}=junk; {good}");
        assert_eq!(seal.open(&headers(&after)), memory);
        // Another key, a flipped letter, a part, another name, junk, too much: no memory.
        assert!(Seal::fresh().open(&headers(&good)).is_empty());
        for at in [NAME.len() + 1, good.len() / 2, good.len() - 2] {
            let letter = if good.as_bytes()[at] == b'A' {
                "B"
            } else {
                "A"
            };
            let flipped = [&good[..at], letter, &good[at + 1..]].concat();
            assert!(seal.open(&headers(&flipped)).is_empty(), "{at}");
        }
        for bad in [
            good[..good.len() - 8].to_owned(),
            good.replace("-valg=", "-andet="),
            format!("{NAME}="),
            format!("{NAME}=%22%3Cscript%3E"),
            format!("{NAME}={}", "A".repeat(60_000)),
        ] {
            assert!(seal.open(&headers(&bad)).is_empty());
        }
    }

    #[test]
    fn the_cookie_of_another_name_cannot_be_passed_off() {
        let app = app(Mode::Demo);
        let memory = remembered(&app);
        let seal = Seal::fresh();
        let mut jar = CookieJar::new();
        let text = serde_json::to_string(&memory).unwrap();
        jar.private_mut(&seal.0).add(Cookie::new("other", text));
        let value = jar.get("other").unwrap().value();
        assert!(seal.open(&headers(&format!("{NAME}={value}"))).is_empty());
    }

    #[test]
    fn a_browser_takes_whatever_is_set() {
        let app = app(Mode::Demo);
        let mut memory = BrowserMemory::default();
        for n in 0..60 {
            let system = format!("https://system{n}.example/{}", "x".repeat(40));
            memory = succeeded_with(&app, memory, &system, true);
        }
        let seal = Seal::fresh();
        let set = seal.cookie(&memory).unwrap();
        assert!(set.len() <= 4096, "{}", set.len());
        let kept = seal.open(&headers(&sent_back(&set)));
        let systems: Vec<_> = kept.choices(app.clock.now()).collect();
        assert!(systems.len() > 5, "{}", systems.len());
        assert!(
            systems
                .iter()
                .any(|c| c.system.as_deref().unwrap().contains("system59.")),
            "the newest stay"
        );
    }

    #[test]
    fn forgetting_everything_takes_the_cookie_away() {
        let set = Seal::fresh().cookie(&BrowserMemory::default()).unwrap();
        let set = set.to_str().unwrap();
        assert!(
            set.starts_with("__Host-vejviser-valg=;") && set.contains("Max-Age=0"),
            "{set}"
        );
        assert!(set.contains("Secure") && set.contains("Path=/") && set.contains("SameSite=None"));
    }

    #[test]
    fn a_short_secret_is_no_key() {
        assert!(Seal::new(&[7; 31]).is_none());
        assert!(Seal::new(&[7; 32]).is_some());
    }
}
