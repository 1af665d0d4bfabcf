//! Sites, as browsers tell them apart: scheme and registrable domain, whatever the port.

use url::{Host, Url};

/// Whether browsers hold two addresses to be of one site.
pub fn same_site(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme() && site(a) == site(b)
}

/// The registrable domain; addresses and single names stand for themselves, and so does each name right below
/// `localhost`, which is no public suffix of the list but counts as one, as every unknown last label does.
fn site(url: &Url) -> String {
    let host = host(url);
    match url.host() {
        Some(Host::Domain(_)) => registrable(&host).unwrap_or(&host).to_owned(),
        _ => host,
    }
}

/// The host as it stands in addresses; no dot at its end.
pub fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    host.trim_end_matches('.').to_owned()
}

/// Whether anybody can register names below it: no cookie may be for all of them.
pub fn is_public_suffix(domain: &str) -> bool {
    registrable(domain).is_none()
}

fn registrable(domain: &str) -> Option<&str> {
    psl::domain_str(domain)
}

/// Where browsers keep Secure cookies: https, loopback and localhost hosts.
pub fn is_trustworthy(url: &Url) -> bool {
    let here = match url.host() {
        Some(Host::Domain(name)) => is_local(name),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || here
}

/// Whether a name is this machine (RFC 6761 §6.3).
pub fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether `host` is `domain` or below it; an IP address is below nothing.
pub fn is_within(url: &Url, domain: &str) -> bool {
    let host = host(url);
    let below = || {
        let rest = host.strip_suffix(domain);
        rest.is_some_and(|rest| rest.ends_with('.'))
    };
    host == domain || matches!(url.host(), Some(Host::Domain(_))) && below()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_told_apart_as_browsers_do() {
        for (a, b, same) in [
            ("https://a.example.dk", "https://b.example.dk:8443", true),
            ("https://example.dk", "https://login.example.dk.", true),
            ("https://a.example.dk", "http://a.example.dk", false),
            ("https://a.co.uk", "https://b.co.uk", false),
            ("https://x.a.co.uk", "https://y.a.co.uk", true),
            ("http://foo.localhost", "http://bar.localhost", false),
            ("http://foo.localhost:1", "http://foo.localhost:2", true),
            ("http://localhost:1", "http://localhost:2", true),
            ("http://localhost", "http://foo.localhost", false),
            ("http://127.0.0.1:1", "http://127.0.0.1:2", true),
            ("http://127.0.0.1", "http://128.0.0.1", false),
            ("http://[::1]", "http://[::1]:5", true),
            ("http://sag", "http://portal", false),
            ("http://a.sag", "http://b.sag", false),
            ("http://x.a.sag", "http://y.a.sag", true),
        ] {
            let read = |text: &str| Url::parse(text).unwrap();
            assert_eq!(same_site(&read(a), &read(b)), same, "{a} {b}");
        }
    }

    #[test]
    fn secure_cookies_need_an_address_that_is_trusted() {
        for (url, trusted) in [
            ("https://hub.test", true),
            ("http://hub.test", false),
            ("http://localhost", true),
            ("http://hub.localhost", true),
            ("http://notlocalhost", false),
            ("http://127.0.0.2", true),
            ("http://127.0.0.1.example.dk", false),
            ("http://[::1]", true),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(is_trustworthy(&Url::parse(url).unwrap()), trusted, "{url}");
        }
    }
}
