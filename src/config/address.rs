//! What an address may be: https, and none of the real federation's where it is our own.

use url::{Host, Url};

/// The real federation's domains, its test environments among them: Context Handler itself, its
/// administration, and KOMBIT. A registrable domain that ends in `-<name>` is a test environment of it
/// (`eksterntest-stoettesystemerne.dk`).
const REAL: [&str; 3] = ["stoettesystemerne", "serviceplatformen", "kombit"];

/// Whether an address or entityID lies under a domain of the real federation. Nobody may take it for their
/// own; as a peer it is welcome.
pub fn is_real_federation(address: &str) -> bool {
    // As a browser would read it (letters that look alike become what they stand for), and as it is
    // written, for an entityID that is no URL.
    let host = Url::parse(address)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default();
    let words = address.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-'));
    words.chain([host.as_str()]).any(is_real_host)
}

fn is_real_host(host: &str) -> bool {
    let host = host.trim_matches('.').to_lowercase();
    let mut labels = host.rsplit('.');
    let (Some("dk"), Some(name)) = (labels.next(), labels.next()) else {
        return false;
    };
    REAL.iter().any(|real| {
        name == *real
            || name
                .strip_suffix(real)
                .is_some_and(|rest| rest.ends_with('-'))
    })
}

/// Why a browser cannot be sent to an address as it is written: it goes into a header, so it must be an
/// absolute URL in ASCII (RFC 3986), without what a URL parser would silently drop.
pub(super) fn unsendable(address: &str) -> Option<String> {
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
    fn the_real_federation_is_recognised_however_it_is_written() {
        for real in [
            "https://saml.n2adgangsstyring.stoettesystemerne.dk/runtime",
            "https://n2adgangsstyring.eksterntest-stoettesystemerne.dk:443/",
            "https://ADMIN.Serviceplatformen.DK./x",
            "urn:saml.adgangsstyring.stoettesystemerne.dk",
            "https://kombit.dk",
            "https://ｋｏｍｂｉｔ.dk/",
        ] {
            assert!(is_real_federation(real), "{real}");
        }
        for ours in [
            "https://hub.localhost:8443/runtime",
            "https://vejviser.example.dk",
            "https://notkombit.dk",
            "https://kombit.example",
        ] {
            assert!(!is_real_federation(ours), "{ours}");
        }
    }

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
