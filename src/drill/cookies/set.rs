//! A Set-Cookie, and what a browser refuses of it (RFC 6265bis §5.6, §5.7).

use super::site::{host, is_public_suffix, is_trustworthy, is_within};
use super::{Cookie, Lifetime, SameSite, date};
use time::{Duration, OffsetDateTime};
use url::Url;

/// Bytes of a name and its value together.
const MAX_PAIR: usize = 4096;
/// Bytes of an attribute's value; longer ones are overlooked.
const MAX_ATTRIBUTE: usize = 1024;
/// No cookie lives longer.
const MAX_AGE: Duration = Duration::days(400);
/// Now, where neither the browser nor the server says: what is set to run out before is to be deleted.
const LONG_SINCE: OffsetDateTime = time::macros::datetime!(2020-01-01 00:00:00 UTC);

/// What else must be known to read a Set-Cookie.
#[derive(Debug, Clone, Copy, Default)]
pub struct At {
    /// How long the browser has lived.
    pub elapsed: Duration,
    /// What the time is, where the server says (`Date`) or the browser was told.
    pub now: Option<OffsetDateTime>,
}

impl Cookie {
    /// `None` for what a browser drops.
    pub(super) fn parse(url: &Url, line: &str, at: At) -> Option<Self> {
        // A tab is allowed; NUL and its like are not.
        if line.chars().any(|c| c.is_ascii_control() && c != '\t') {
            return None;
        }
        let mut parts = line.split(';').map(str::trim);
        let pair = parts.next()?;
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        let (name, value) = (name.trim(), value.trim());
        if name.len() + value.len() > MAX_PAIR || name.is_empty() && value.is_empty() {
            return None;
        }
        let mut cookie = Self {
            host: host(url),
            host_only: true,
            name: name.to_owned(),
            value: value.to_owned(),
            path: default_path(url),
            secure: false,
            http_only: false,
            same_site: None,
            set_at: at.elapsed,
            lifetime: Lifetime::Session,
        };
        let (mut domain, mut max_age, mut expires, mut rooted) = (None, None, None, false);
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            if value.len() > MAX_ATTRIBUTE {
                continue;
            }
            match key.as_str() {
                "secure" => cookie.secure = true,
                "httponly" => cookie.http_only = true,
                "path" => {
                    rooted = value == "/";
                    cookie.path = match value.starts_with('/') {
                        true => value.to_owned(),
                        false => default_path(url),
                    };
                }
                "domain" => {
                    let value = value.strip_prefix('.').unwrap_or(value);
                    domain = Some(value.to_ascii_lowercase());
                }
                "max-age" => max_age = seconds(value).or(max_age),
                "expires" => expires = date::read(value).or(expires),
                // What is none of the three counts as undeclared.
                "samesite" => cookie.same_site = SameSite::read(value),
                _ => {}
            }
        }
        cookie.lifetime = lifetime(max_age, expires, at);
        // A public suffix is nobody's, and an address has nothing below it; but either may set cookies for itself.
        let alone = |domain: &str| is_public_suffix(domain) || url.domain().is_none();
        match domain.filter(|domain| !domain.is_empty()) {
            None => {}
            Some(domain) if !is_within(url, &domain) => return None,
            Some(domain) if !alone(&domain) => (cookie.host, cookie.host_only) = (domain, false),
            Some(domain) if domain != cookie.host => return None,
            Some(_) => {}
        }
        cookie.is_kept(url, rooted).then_some(cookie)
    }

    fn is_kept(&self, url: &Url, rooted: bool) -> bool {
        // A cookie without a name is sent as its value alone, and must not pass for one of the two.
        let named = match self.name.as_str() {
            "" => &self.value,
            name => name,
        };
        let is = |prefix: &str| {
            let start = named.get(..prefix.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        let host_rule =
            !is("__Host-") || self.secure && self.host_only && rooted && !self.name.is_empty();
        let secure_prefix = !is("__Secure-") || self.secure && !self.name.is_empty();
        let secure_rule = !self.secure || is_trustworthy(url);
        let none_rule = self.same_site != Some(SameSite::None) || self.secure;
        host_rule && secure_prefix && secure_rule && none_rule
    }
}

fn lifetime(max_age: Option<i64>, expires: Option<OffsetDateTime>, at: At) -> Lifetime {
    let left = match (max_age, expires) {
        (Some(age), _) => Duration::seconds(age),
        // Measured by the server's own clock, as Chromium does: a clock that is wrong cannot hurt.
        (None, Some(expires)) => expires - at.now.unwrap_or(LONG_SINCE),
        (None, None) => return Lifetime::Session,
    };
    match left.is_positive() {
        true => Lifetime::Until(at.elapsed.saturating_add(left.min(MAX_AGE))),
        false => Lifetime::Over,
    }
}

/// Digits, perhaps behind a minus; more than fit are as many as fit.
fn seconds(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = digits.parse().unwrap_or(i64::MAX);
    Some(if negative { -1 } else { number })
}

/// The folder that the address stands in (RFC 6265bis §5.1.4).
fn default_path(url: &Url) -> String {
    match url.path().rfind('/') {
        None | Some(0) => "/".to_owned(),
        Some(last) => url.path()[..last].to_owned(),
    }
}
