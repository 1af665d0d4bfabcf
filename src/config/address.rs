//! What an address of our own may be: none of the real federation's.

use url::Url;

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
}
