//! Cookies and what is kept behind them: bounded, forgotten by the clock of the process, and never trusted
//! for more than finding an entry.

use super::Site;
use crate::dsig::Entropy as _;
use crate::edge::cookies;
use crate::edge::world::{Clock, SystemEntropy};
use axum::http::{HeaderMap, HeaderValue};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

/// Entries of one memory: a rehearsal of a few hundred people at once. The one that nobody asked for longest gives
/// way. (By how often an entry was asked for, the cache's own policy, the newest one would: somebody who has just
/// logged in.)
const MAX_ENTRIES: u64 = 250;

/// A bounded memory of `T` by an unguessable name.
#[derive(Clone)]
pub struct Memory<T: Clone + Send + Sync + 'static> {
    entries: Cache<String, (OffsetDateTime, T)>,
    lifetime: Duration,
    clock: Arc<Clock>,
}

impl<T: Clone + Send + Sync + 'static> Memory<T> {
    /// An empty one. The cache itself has no clock, so that tests can move ours.
    pub fn new(lifetime: Duration, clock: Arc<Clock>) -> Self {
        Self {
            entries: Cache::builder()
                .max_capacity(MAX_ENTRIES)
                .eviction_policy(EvictionPolicy::lru())
                .build(),
            lifetime,
            clock,
        }
    }
    /// Keeps `value` as `name`.
    pub fn put(&self, name: String, value: T) {
        self.entries
            .insert(name, (self.clock.now() + self.lifetime, value));
    }
    /// What is kept as `name`.
    pub fn get(&self, name: &str) -> Option<T> {
        self.entries
            .get(name)
            .filter(|(expires, _)| *expires > self.clock.now())
            .map(|(_, value)| value)
    }
    /// Forgets `name`; what was kept, for the one caller who is first.
    pub fn take(&self, name: &str) -> Option<T> {
        self.entries
            .remove(name)
            .filter(|(expires, _)| *expires > self.clock.now())
            .map(|(_, value)| value)
    }
    /// Forgets whatever is such.
    pub fn forget_where(&self, such: impl Fn(&T) -> bool) {
        let entries = self.entries.iter();
        let found = entries.filter(|(_, (_, value))| such(value));
        let names: Vec<Arc<String>> = found.map(|(name, _)| name).collect();
        for name in names {
            self.entries.invalidate(&*name);
        }
    }
    /// Forgets everything.
    pub fn clear(&self) {
        self.entries.invalidate_all();
    }
}

/// 32 random hexadecimal digits.
pub fn random_name() -> String {
    let mut bytes = [0; 16];
    SystemEntropy.fill(&mut bytes);
    crate::dsig::hex(&bytes)
}

/// A fresh `xs:ID`.
pub fn random_id() -> String {
    format!("_{}", random_name())
}

/// The value of the first cookie called `name`.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    cookies::all(headers)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// What a cookie declares of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declared {
    /// What it takes to come back with the hub's answer.
    Fully,
    /// `SameSite=Lax`, as a framework's default has it.
    Lax,
    /// Nothing of SameSite: as browsers think fit.
    Undeclared,
    /// Fully, but for `HttpOnly`.
    Scriptable,
}

/// A Set-Cookie of this site. Answers come by cross-site POST, which only `SameSite=None` survives, and that
/// needs `Secure`: https, or a `localhost` host. On plain http elsewhere all sites share the hub's host, and
/// `Lax` reaches them.
pub fn set_cookie(site: &Site, name: &str, value: &str) -> HeaderValue {
    declare_cookie(site, name, value, Declared::Fully)
}

/// The same as somebody declares it who may not know what it takes.
pub fn declare_cookie(site: &Site, name: &str, value: &str, declared: Declared) -> HeaderValue {
    line(site, (name, value), declared, "")
}

/// A Set-Cookie that forgets.
pub fn forget_cookie(site: &Site, name: &str) -> HeaderValue {
    line(site, (name, ""), Declared::Fully, "; Max-Age=0")
}

fn line(site: &Site, (name, value): (&str, &str), declared: Declared, more: &str) -> HeaderValue {
    let trustworthy = site.base.starts_with("https:") || !site.key.starts_with('/');
    let same_site = match (trustworthy, declared) {
        (true, Declared::Lax) => "; SameSite=Lax; Secure",
        (true, Declared::Undeclared) => "; Secure",
        (true, _) => "; SameSite=None; Secure",
        (false, Declared::Undeclared) => "",
        (false, _) => "; SameSite=Lax",
    };
    let http_only = match declared {
        Declared::Scriptable => "",
        _ => "; HttpOnly",
    };
    let text = format!(
        "{name}={value}; Path={}{http_only}{same_site}{more}",
        site.cookie_path()
    );
    // Names and values are ours: hexadecimal digits.
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_taken_once_and_not_after_its_time() {
        let clock = Arc::new(Clock::default());
        let memory = Memory::new(Duration::minutes(5), Arc::clone(&clock));
        memory.put("a".into(), 1);
        assert_eq!(memory.take("a"), Some(1));
        assert_eq!(memory.take("a"), None);
        memory.put("b".into(), 2);
        clock.set_offset(Duration::minutes(6));
        assert_eq!(memory.get("b"), None);
    }

    #[test]
    fn what_is_such_is_forgotten_and_nothing_else() {
        let memory = Memory::new(Duration::minutes(5), Arc::new(Clock::default()));
        for number in 0..6 {
            memory.put(number.to_string(), number);
        }
        memory.forget_where(|number| number % 2 == 0);
        let left: Vec<i32> = (0..6)
            .filter_map(|number| memory.get(&number.to_string()))
            .collect();
        assert_eq!(left, [1, 3, 5]);
    }

    #[test]
    fn finds_its_own_cookie_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(
            axum::http::header::COOKIE,
            HeaderValue::from_static("other=1; mine=2; mine2=3"),
        );
        assert_eq!(cookie(&headers, "mine").as_deref(), Some("2"));
        assert_eq!(cookie(&headers, "min"), None);
    }

    /// Sessions that somebody keeps looking at, and then a crowd: each newcomer finds what was just put.
    #[test]
    fn the_newest_entry_is_never_the_one_that_gives_way() {
        let memory = Memory::new(Duration::hours(1), Arc::new(Clock::default()));
        for _ in 0..20 {
            for number in 0..MAX_ENTRIES {
                memory.put(format!("old-{number}"), number);
                memory.get(&format!("old-{number}"));
            }
        }
        for number in 0..2_000 {
            let name = format!("new-{number}");
            memory.put(name.clone(), number);
            // The cache settles what gives way only now and then.
            memory.entries.run_pending_tasks();
            assert_eq!(memory.get(&name), Some(number));
        }
    }
}
