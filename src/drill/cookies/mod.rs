//! A cookie jar as browsers have it (RFC 6265bis): domains and the public suffix list, paths, Secure, prefixes, ages
//! and SameSite. It has no clock: it ages when it is told to.

mod date;
mod set;
mod site;
#[cfg(test)]
mod tests;

pub(super) use date::read as read_date;
pub(super) use set::At;
pub(super) use site::{host, is_local, is_trustworthy, same_site};

use site::is_within;
use time::{Duration, OffsetDateTime};
use url::Url;

/// How long an undeclared cookie travels with a post from another site: Chromium's “Lax-allowing-unsafe”.
const UNDECLARED_TRAVELS: Duration = Duration::minutes(2);
/// Cookies of one registrable domain, and in all; the oldest go first. Chromium's numbers.
const MAX_PER_HOST: usize = 180;
const MAX_IN_ALL: usize = 3300;

/// Whether SameSite is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CookieRules {
    /// As browsers do.
    #[default]
    Enforced,
    /// Cookies travel whatever SameSite says: so a defect that hides behind SameSite can be told from it.
    Relaxed,
}

/// `SameSite`, where it is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SameSite {
    /// With every request.
    None,
    /// Not with a post from another site.
    Lax,
    /// With nothing from another site.
    Strict,
}

/// A cookie, for whoever looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CookieView {
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
    /// The host that set it, or the domain that it is for.
    pub host: String,
    /// Whether it is for this host alone.
    pub host_only: bool,
    /// Path.
    pub path: String,
    /// Whether it needs https (or a host of this machine).
    pub secure: bool,
    /// Whether scripts cannot read it.
    pub http_only: bool,
    /// What is declared.
    pub same_site: Option<SameSite>,
    /// Whether it outlives the browser: `Max-Age` or `Expires`.
    pub persistent: bool,
}

/// What a browser keeps.
#[derive(Debug, Clone, Default)]
pub struct Jar {
    cookies: Vec<Cookie>,
    elapsed: Duration,
    rules: CookieRules,
}

#[derive(Debug, Clone)]
struct Cookie {
    host: String,
    host_only: bool,
    name: String,
    value: String,
    path: String,
    secure: bool,
    http_only: bool,
    same_site: Option<SameSite>,
    set_at: Duration,
    lifetime: Lifetime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lifetime {
    Session,
    Until(Duration),
    Over,
}

/// How a request came about, as far as cookies care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initiator {
    /// The user, or a page of the same site.
    SameSite,
    /// A link or redirect from another site.
    CrossSiteGet,
    /// A form from another site.
    CrossSitePost,
}

impl SameSite {
    fn read(text: &str) -> Option<Self> {
        let all = [
            ("none", Self::None),
            ("lax", Self::Lax),
            ("strict", Self::Strict),
        ];
        let found = all
            .into_iter()
            .find(|(word, _)| text.eq_ignore_ascii_case(word));
        found.map(|(_, same_site)| same_site)
    }
}

impl Jar {
    /// Keeps SameSite or not.
    pub fn rule(&mut self, rules: CookieRules) {
        self.rules = rules;
    }

    /// Time passes: what has run out is forgotten.
    pub fn pass(&mut self, time: Duration) {
        self.elapsed = self.elapsed.saturating_add(time.max(Duration::ZERO));
        let now = self.elapsed;
        let lives =
            |cookie: &Cookie| !matches!(cookie.lifetime, Lifetime::Until(end) if end <= now);
        self.cookies.retain(lives);
    }

    /// How much time has passed.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Keeps a Set-Cookie of `url`, unless a browser would refuse it; `now` is what the server's `Date` says, or what
    /// the browser was told.
    pub fn set(&mut self, url: &Url, line: &str, now: Option<OffsetDateTime>) {
        let at = At {
            elapsed: self.elapsed,
            now,
        };
        let Some(mut cookie) = Cookie::parse(url, line, at) else {
            return;
        };
        // An address that anybody on the line can speak for does not replace what https has set.
        let hides = |old: &Cookie| {
            old.secure
                && old.name == cookie.name
                && (old.fits_host(url) || cookie.host == old.host)
                && path_matches(&old.path, &cookie.path)
        };
        if !is_trustworthy(url) && self.cookies.iter().any(hides) {
            return;
        }
        if let Some(old) = self.cookies.iter().find(|old| old.is_same(&cookie))
            && old.value == cookie.value
        {
            // What is only said again stays as old as it is, as in Chromium.
            cookie.set_at = old.set_at;
        }
        self.cookies.retain(|old| !old.is_same(&cookie));
        if cookie.lifetime != Lifetime::Over {
            self.keep(cookie);
        }
    }

    fn keep(&mut self, cookie: Cookie) {
        let of_host = |old: &&Cookie| old.host == cookie.host;
        let full = self.cookies.iter().filter(of_host).count() >= MAX_PER_HOST;
        if full || self.cookies.len() >= MAX_IN_ALL {
            let leaves = |old: &Cookie| !full || old.host == cookie.host;
            if let Some(oldest) = self.cookies.iter().position(leaves) {
                self.cookies.remove(oldest);
            }
        }
        self.cookies.push(cookie);
    }

    /// Keeps a cookie that no answer set.
    pub fn plant(&mut self, host: &str, name: &str, value: &str) {
        self.forget(host, name);
        self.keep(Cookie {
            host: host.to_owned(),
            host_only: true,
            name: name.to_owned(),
            value: value.to_owned(),
            path: "/".to_owned(),
            secure: true,
            http_only: false,
            same_site: Some(SameSite::None),
            set_at: self.elapsed,
            lifetime: Lifetime::Session,
        });
    }

    /// Forgets a host's cookies of this name.
    pub fn forget(&mut self, host: &str, name: &str) {
        self.cookies
            .retain(|old| !(old.host == host && old.name == name));
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.cookies.clear();
    }

    /// Keeps what another jar has and this one has not.
    pub fn add(&mut self, other: &Jar) {
        for cookie in &other.cookies {
            if !self.cookies.iter().any(|known| known.is_same(cookie)) {
                self.keep(cookie.clone().moved(other.elapsed, self.elapsed));
            }
        }
    }

    /// Keeps what another jar has, as old as it is, and nothing else.
    pub fn take(&mut self, other: &Jar) {
        let cookies = other.cookies.iter().cloned();
        let moved = cookies.map(|cookie| cookie.moved(other.elapsed, self.elapsed));
        self.cookies = moved.collect();
    }

    /// The Cookie header of a request: longer paths first, then older cookies.
    pub fn header(&self, url: &Url, initiator: Initiator) -> Option<String> {
        let fits = |cookie: &&Cookie| {
            cookie.fits_host(url)
                && path_matches(&cookie.path, url.path())
                && (!cookie.secure || is_trustworthy(url))
                && (self.rules == CookieRules::Relaxed || self.travels(cookie, initiator))
        };
        let mut found: Vec<&Cookie> = self.cookies.iter().filter(fits).collect();
        found.sort_by_key(|cookie| (std::cmp::Reverse(cookie.path.len()), cookie.set_at));
        let pair = |cookie: &Cookie| match cookie.name.as_str() {
            "" => cookie.value.clone(),
            name => format!("{name}={}", cookie.value),
        };
        let pairs: Vec<_> = found.into_iter().map(pair).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn travels(&self, cookie: &Cookie, initiator: Initiator) -> bool {
        let fresh = || self.elapsed - cookie.set_at <= UNDECLARED_TRAVELS;
        match (cookie.same_site, initiator) {
            (Some(SameSite::None), _) | (_, Initiator::SameSite) => true,
            (Some(SameSite::Strict), _) => false,
            (_, Initiator::CrossSiteGet) => true,
            (Some(SameSite::Lax), Initiator::CrossSitePost) => false,
            (None, Initiator::CrossSitePost) => fresh(),
        }
    }

    /// The value of a host's cookie.
    pub fn get(&self, host: &str, name: &str) -> Option<&str> {
        self.cookies
            .iter()
            .find(|cookie| cookie.host == host && cookie.name == name)
            .map(|cookie| cookie.value.as_str())
    }

    /// All, in the order in which they were set.
    pub fn view(&self) -> Vec<CookieView> {
        let view = |cookie: &Cookie| CookieView {
            name: cookie.name.clone(),
            value: cookie.value.clone(),
            host: cookie.host.clone(),
            host_only: cookie.host_only,
            path: cookie.path.clone(),
            secure: cookie.secure,
            http_only: cookie.http_only,
            same_site: cookie.same_site,
            persistent: cookie.lifetime != Lifetime::Session,
        };
        self.cookies.iter().map(view).collect()
    }
}

impl Cookie {
    fn is_same(&self, other: &Self) -> bool {
        self.host == other.host
            && self.host_only == other.host_only
            && self.name == other.name
            && self.path == other.path
    }

    fn fits_host(&self, url: &Url) -> bool {
        match self.host_only {
            true => host(url) == self.host,
            false => is_within(url, &self.host),
        }
    }

    /// The same cookie in another jar, as old there.
    fn moved(mut self, from: Duration, to: Duration) -> Self {
        let ahead = to.saturating_sub(from);
        self.set_at = self.set_at.saturating_add(ahead);
        if let Lifetime::Until(end) = &mut self.lifetime {
            *end = end.saturating_add(ahead);
        }
        self
    }
}

fn path_matches(cookie: &str, path: &str) -> bool {
    path == cookie
        || path
            .strip_prefix(cookie)
            .is_some_and(|rest| cookie.ends_with('/') || rest.starts_with('/'))
}
