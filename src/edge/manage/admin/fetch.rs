//! Metadata from an address, when somebody who administers asks for it.

use crate::edge::app::App;
use crate::edge::fetch::{Fetched, Got, Known};
use crate::registry::Reason;
use crate::registry::object::MAX_METADATA;

/// Fetches it now, never from the hub's own management listener.
pub async fn fetch(app: &App, url: &str) -> Result<Fetched, Reason> {
    match app.metadata.fetch(url, &Known::default()).await? {
        Got::Fetched(fetched) if fetched.bytes.len() <= MAX_METADATA => Ok(fetched),
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
