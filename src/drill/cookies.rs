//! A cookie jar with the rules that matter to a login: host, path, Secure, SameSite.

use url::Url;

/// What a browser keeps.
#[derive(Debug, Clone, Default)]
pub struct Jar {
    cookies: Vec<Cookie>,
}

#[derive(Debug, Clone)]
struct Cookie {
    host: String,
    name: String,
    value: String,
    path: String,
    secure: bool,
    same_site: SameSite,
}

/// `SameSite`. A cookie without it counts as Lax: what a browser does after two minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SameSite {
    None,
    Lax,
    Strict,
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

impl Jar {
    /// Keeps a Set-Cookie of `url`, unless a browser would refuse it.
    pub fn set(&mut self, url: &Url, line: &str) {
        let Some(cookie) = Cookie::parse(url, line) else {
            return;
        };
        self.cookies.retain(|old| {
            !(old.host == cookie.host && old.name == cookie.name && old.path == cookie.path)
        });
        if !is_expired(line) {
            self.cookies.push(cookie);
        }
    }

    /// Keeps a cookie that no answer set.
    pub fn plant(&mut self, host: &str, name: &str, value: &str) {
        self.cookies
            .retain(|old| !(old.host == host && old.name == name));
        self.cookies.push(Cookie {
            host: host.to_owned(),
            name: name.to_owned(),
            value: value.to_owned(),
            path: "/".to_owned(),
            secure: true,
            same_site: SameSite::None,
        });
    }

    /// Keeps what another jar has and this one has not.
    pub fn add(&mut self, other: &Jar) {
        for cookie in &other.cookies {
            let same = |known: &Cookie| {
                known.host == cookie.host && known.name == cookie.name && known.path == cookie.path
            };
            if !self.cookies.iter().any(same) {
                self.cookies.push(cookie.clone());
            }
        }
    }

    /// The Cookie header of a request.
    pub fn header(&self, url: &Url, initiator: Initiator) -> Option<String> {
        let fits = |cookie: &&Cookie| {
            cookie.host == host(url)
                && path_matches(&cookie.path, url.path())
                && (!cookie.secure || is_trustworthy(url))
                && match cookie.same_site {
                    SameSite::None => true,
                    SameSite::Lax => initiator != Initiator::CrossSitePost,
                    SameSite::Strict => initiator == Initiator::SameSite,
                }
        };
        let pairs: Vec<_> = self
            .cookies
            .iter()
            .filter(fits)
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The value of a host's cookie.
    pub fn get(&self, host: &str, name: &str) -> Option<&str> {
        self.cookies
            .iter()
            .find(|cookie| cookie.host == host && cookie.name == name)
            .map(|cookie| cookie.value.as_str())
    }
}

impl Cookie {
    /// `None` for what a browser drops: Secure from an address it does not trust, SameSite=None without
    /// Secure, and a `__Host-` cookie that is not Secure or not for the whole host.
    fn parse(url: &Url, line: &str) -> Option<Self> {
        let mut parts = line.split(';').map(str::trim);
        let (name, value) = parts.next()?.split_once('=')?;
        let mut cookie = Self {
            host: host(url),
            name: name.to_owned(),
            value: value.to_owned(),
            path: "/".to_owned(),
            secure: false,
            same_site: SameSite::Lax,
        };
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            match key.to_ascii_lowercase().as_str() {
                "secure" => cookie.secure = true,
                "path" if value.starts_with('/') => cookie.path = value.to_owned(),
                "samesite" if value.eq_ignore_ascii_case("none") => {
                    cookie.same_site = SameSite::None
                }
                "samesite" if value.eq_ignore_ascii_case("strict") => {
                    cookie.same_site = SameSite::Strict
                }
                _ => {}
            }
        }
        let host_rule =
            !cookie.name.starts_with("__Host-") || (cookie.secure && cookie.path == "/");
        let secure_rule = !cookie.secure || is_trustworthy(url);
        let none_rule = cookie.same_site != SameSite::None || cookie.secure;
        (host_rule && secure_rule && none_rule).then_some(cookie)
    }
}

fn is_expired(line: &str) -> bool {
    line.split(';').any(|part| {
        part.trim()
            .to_ascii_lowercase()
            .strip_prefix("max-age=")
            .is_some_and(|age| age.starts_with(['0', '-']))
    })
}

fn path_matches(cookie: &str, path: &str) -> bool {
    path == cookie
        || path
            .strip_prefix(cookie)
            .is_some_and(|rest| cookie.ends_with('/') || rest.starts_with('/'))
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// Where browsers keep Secure cookies: https, loopback and localhost hosts.
fn is_trustworthy(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "https"
        || host == "localhost"
        || host.ends_with(".localhost")
        || host.starts_with("127.")
        || host == "[::1]"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(set: &str, at: &str, to: &str, initiator: Initiator) -> bool {
        let mut jar = Jar::default();
        jar.set(&Url::parse(at).unwrap(), set);
        jar.header(&Url::parse(to).unwrap(), initiator).is_some()
    }

    #[test]
    fn only_same_site_none_survives_a_cross_site_post() {
        let hub = "http://hub.localhost:8080/a";
        assert!(sent(
            "a=1; SameSite=None; Secure",
            hub,
            hub,
            Initiator::CrossSitePost
        ));
        assert!(!sent(
            "a=1; SameSite=Lax; Secure",
            hub,
            hub,
            Initiator::CrossSitePost
        ));
        assert!(!sent("a=1", hub, hub, Initiator::CrossSitePost));
        assert!(sent("a=1", hub, hub, Initiator::CrossSiteGet));
        assert!(!sent(
            "a=1; SameSite=Strict",
            hub,
            hub,
            Initiator::CrossSiteGet
        ));
    }

    #[test]
    fn drops_what_browsers_drop() {
        let plain = "http://hub.test/";
        assert!(!sent(
            "a=1; SameSite=None; Secure",
            plain,
            plain,
            Initiator::SameSite
        ));
        let hub = "http://hub.localhost/";
        assert!(!sent("a=1; SameSite=None", hub, hub, Initiator::SameSite));
        assert!(!sent(
            "__Host-a=1; Path=/x; Secure",
            hub,
            hub,
            Initiator::SameSite
        ));
        assert!(sent(
            "__Host-a=1; Path=/; Secure",
            hub,
            hub,
            Initiator::SameSite
        ));
    }

    #[test]
    fn keeps_hosts_and_paths_apart() {
        let at = "http://a.localhost/system/sag/acs";
        let set = "a=1; Path=/system/sag";
        assert!(sent(
            set,
            at,
            "http://a.localhost:81/system/sag",
            Initiator::SameSite
        ));
        assert!(!sent(
            set,
            at,
            "http://a.localhost/system/sagen",
            Initiator::SameSite
        ));
        assert!(!sent(
            set,
            at,
            "http://b.localhost/system/sag",
            Initiator::SameSite
        ));
    }

    #[test]
    fn forgets_when_told() {
        let url = Url::parse("http://a.localhost/").unwrap();
        let mut jar = Jar::default();
        jar.set(&url, "a=1");
        jar.set(&url, "a=; Max-Age=0");
        assert_eq!(jar.get("a.localhost", "a"), None);
    }
}
