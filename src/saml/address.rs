//! What an address in a message or in metadata may be: one that a browser can be sent to, and https.

use url::{Host, Url};

/// Why a browser cannot be sent to an address as it is written: it goes into a header, so it must be an
/// absolute URL in ASCII (RFC 3986), without what a URL parser would silently drop.
pub fn unsendable(address: &str) -> Option<String> {
    if let Some(odd) = address.chars().find(|c| !c.is_ascii_graphic()) {
        return Some(format!("{address:?} has {odd:?} in it"));
    }
    match Url::parse(address) {
        Ok(url) if url.has_host() => None,
        Ok(_) => Some(format!("{address} has no host")),
        Err(why) => Some(format!("{address} is no address: {why}")),
    }
}

/// Why an address cannot be used: it must be https; http only on loopback and `*.localhost`.
pub fn insecure(address: &str) -> Option<String> {
    let url = match Url::parse(address) {
        Ok(url) => url,
        Err(why) => return Some(format!("{address} is no address: {why}")),
    };
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return Some(format!("{address} has no host")),
    };
    match url.scheme() {
        "https" => None,
        "http" if loopback => None,
        _ => Some(format!("{address} is not https")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_absolute_url_in_ascii_can_be_sent() {
        for good in ["https://xn--prve-hra.dk/sso?a=%C3%B8&b", "http://[::1]:80/"] {
            assert_eq!(unsendable(good), None);
        }
        for bad in [
            "https://prøve.dk/sso",
            "https://a.example/sø",
            "https://a.example/s o",
            "https://a.example/\nX: y",
            " https://a.example/",
            "https://a.example:port/",
            "https://[::1/",
            "/sso",
            "mailto:a@a.example",
            "",
        ] {
            assert!(unsendable(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn http_stays_at_home() {
        for good in [
            "https://a.example/x",
            "http://127.0.0.1:80/",
            "http://[::1]/",
            "http://hub.localhost:8080",
        ] {
            assert_eq!(insecure(good), None);
        }
        for bad in [
            "http://a.example/",
            "http://localhost.example/",
            "ftp://localhost/",
            "javascript:alert(1)",
            "/x",
            "",
        ] {
            assert!(insecure(bad).is_some(), "{bad}");
        }
    }
}
