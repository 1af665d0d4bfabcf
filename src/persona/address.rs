//! Where a persona or demo system lives: a host of its own on this machine, a path of the hub elsewhere.

use url::{Host, Url};

/// The addresses of all sites, derived from the hub's public address.
#[derive(Debug, Clone)]
pub struct Addresses {
    public_url: Url,
    local: bool,
}

/// One site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Address without a slash at the end.
    pub base: String,
    /// How the edge tells it from the others: a host name, or a path that starts with `/`.
    pub key: String,
}

/// What lives at a site; part of its path where sites have no hosts of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A municipal IdP.
    Idp,
    /// A demo system.
    System,
}

impl Addresses {
    /// From the hub's public address, with its port.
    pub fn new(public_url: &str) -> Result<Self, String> {
        let url = Url::parse(public_url).map_err(|error| format!("{public_url}: {error}"))?;
        let local = match url.host() {
            Some(Host::Domain(host)) => host == "localhost" || host.ends_with(".localhost"),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => return Err(format!("{public_url} has no host")),
        };
        Ok(Self {
            public_url: url,
            local,
        })
    }

    /// The site of `name`. On this machine every site has its own host below `localhost`, because such hosts
    /// are cross-site to each other, as the real parties are; ports of one host would share their cookies
    /// and hide what a rehearsal must find.
    pub fn site(&self, role: Role, name: &str) -> Site {
        if self.local {
            let host = format!("{name}.localhost");
            let port = self
                .public_url
                .port()
                .map(|port| format!(":{port}"))
                .unwrap_or_default();
            return Site {
                base: format!("{}://{host}{port}", self.public_url.scheme()),
                key: host,
            };
        }
        let path = match role {
            Role::Idp => format!("/idp/{name}"),
            Role::System => format!("/system/{name}"),
        };
        Site {
            base: format!("{}{path}", self.public_url.as_str().trim_end_matches('/')),
            key: path,
        }
    }
}

impl Site {
    /// A path of the site as an absolute address.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
    /// The front page. A nested router answers to its path without a slash.
    pub fn home(&self) -> String {
        if self.key.starts_with('/') {
            self.base.clone()
        } else {
            self.url("/")
        }
    }
    /// The `Path` that its cookies are limited to.
    pub fn cookie_path(&self) -> &str {
        if self.key.starts_with('/') {
            &self.key
        } else {
            "/"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(public_url: &str) -> (String, String) {
        let site = Addresses::new(public_url)
            .unwrap()
            .site(Role::System, "sag");
        (site.base, site.key)
    }

    #[test]
    fn on_this_machine_every_site_has_its_own_host() {
        let own = (
            "http://sag.localhost:8080".to_owned(),
            "sag.localhost".to_owned(),
        );
        for hub in [
            "http://hub.localhost:8080",
            "http://localhost:8080/",
            "http://127.0.0.1:8080",
            "http://[::1]:8080",
        ] {
            assert_eq!(site(hub), own, "{hub}");
        }
        assert_eq!(site("https://hub.localhost").0, "https://sag.localhost");
    }

    #[test]
    fn elsewhere_sites_are_paths_of_the_hub() {
        let expected = (
            "https://hub.example.dk/system/sag".to_owned(),
            "/system/sag".to_owned(),
        );
        assert_eq!(site("https://hub.example.dk"), expected);
        assert_eq!(site("https://hub.example.dk/"), expected);
        let not_local = site("https://localhost.example.dk");
        assert!(not_local.1.starts_with("/system/"));
    }
}
