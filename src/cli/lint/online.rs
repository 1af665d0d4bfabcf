//! `--online`: what is fetched, and what CAs are asked.

use crate::cli::Failure;
use crate::dsig::Certificate;
use crate::edge::fetch::{Fetcher, Got, Known, Settings};
use crate::edge::metadata;
use crate::hub::lint::Asked;
use std::collections::BTreeMap;
use std::path::Path;
use time::OffsetDateTime;

/// With the roots of this machine.
pub fn fetcher() -> Fetcher {
    Fetcher::of_machine(&Settings::default())
}

/// The file, where it is an address.
pub fn address(file: &Path) -> Option<String> {
    let text = file.to_str()?;
    let (scheme, _) = text.split_once("://")?;
    let http = ["http", "https"].map(|known| scheme.eq_ignore_ascii_case(known));
    http.contains(&true).then(|| text.to_owned())
}

/// What is at an address.
pub async fn metadata(fetcher: &Fetcher, url: &str) -> Result<Vec<u8>, Failure> {
    let why = match fetcher.metadata(url, &Known::default()).await {
        Ok(Got::Fetched(fetched)) => return Ok(fetched.bytes.to_vec()),
        Ok(Got::NotModified) => format!("{url}: 304"),
        // Both name the address.
        Err(error) => format!("{} / {}", error.da(), error.en()),
    };
    Err(Failure::CouldNotRun(format!("error: {why}")))
}

/// Asks the CAs of those certificates of which no given list says anything.
pub async fn ask(
    fetcher: Fetcher,
    certificates: &[Certificate],
    authorities: &[Certificate],
    now: OffsetDateTime,
    known: &mut BTreeMap<String, Asked>,
) {
    let is_open = |certificate: &&Certificate| {
        let said = known.get(&certificate.fingerprint());
        !matches!(said, Some(Asked::Answered(_)))
    };
    let open: Vec<Certificate> = certificates.iter().filter(is_open).cloned().collect();
    let fetcher = fetcher.with_plain_http();
    known.extend(metadata::ask(&fetcher, &open, authorities, now).await);
}
