//! Metadata from an address, when somebody who administers asks for it.

use crate::edge::app::App;
use crate::edge::fetch::{Fetcher, Got, Known, Settings};
use crate::registry::Reason;
use crate::registry::object::MAX_METADATA;
use std::net::SocketAddr;

/// Fetches it now, never from the hub's own management listener.
pub async fn fetch(app: &App, url: &str) -> Result<Vec<u8>, Reason> {
    let own = url::Url::parse(&app.manage_url).ok();
    let own: Vec<SocketAddr> = own
        .and_then(|own| own.socket_addrs(|| None).ok())
        .unwrap_or_default();
    let settings = Settings {
        forbidden: own,
        ..Settings::default()
    };
    let fetcher = Fetcher::new(settings).map_err(|error| Reason::both(error.to_string()))?;
    let got = fetcher.metadata(url, &Known::default()).await;
    match got.map_err(|error| Reason::new(error.da(), error.en()))? {
        Got::Fetched(fetched) if fetched.bytes.len() <= MAX_METADATA => Ok(fetched.bytes.to_vec()),
        Got::Fetched(fetched) => Err(Reason::new(
            format!(
                "{url}: {} bytes er mere end de {MAX_METADATA}, der kan registreres",
                fetched.bytes.len()
            ),
            format!(
                "{url}: {} bytes are more than the {MAX_METADATA} that can be registered",
                fetched.bytes.len()
            ),
        )),
        // Nothing was said to be known.
        Got::NotModified => Err(Reason::new(
            format!("{url}: svarede uden metadata"),
            format!("{url}: answered without metadata"),
        )),
    }
}
