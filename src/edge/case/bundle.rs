//! The case bundle: everything that the page of a flow shows, as files in a zip. The same flow gives the same bytes.

use super::environment::{self, Place};
use super::masked::{Form, masked};
use super::record::{FORMAT, File, HubNames, Record, VERSION};
use super::{read_me, tables, text};
use crate::edge::journal::Flow;
use crate::edge::page::Language;
use std::io::{Cursor, Write as _};
use time::OffsetDateTime;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The bytes of the bundle. `shown` is what the API shows of a flow.
pub fn bundle(
    place: Place<'_>,
    flow: &Flow,
    form: Form,
    salt: [u8; 32],
    shown: impl FnOnce(&Flow) -> serde_json::Value,
) -> Result<Vec<u8>, String> {
    let flow = &masked(place.federation, flow, form, salt);
    let files = files(place, flow, form, shown).map_err(|error| error.to_string())?;
    packed(&files, flow.started).map_err(|error| error.to_string())
}

/// The files by name, those of the reader last: they have the hashes of the others.
fn files(
    place: Place<'_>,
    flow: &Flow,
    form: Form,
    shown: impl FnOnce(&Flow) -> serde_json::Value,
) -> Result<Vec<(String, Vec<u8>)>, serde_json::Error> {
    let file = File {
        format: FORMAT.to_owned(),
        version: VERSION,
        form: form.word().to_owned(),
        vejviser: env!("CARGO_PKG_VERSION").to_owned(),
        hub: HubNames {
            entity_id: place.hub.entity_id.clone(),
            public_url: place.hub.public_url.clone(),
        },
        flow: Record::of(flow),
        shown: shown(flow),
    };
    let content = &flow.content;
    let mut files = vec![
        ("flow.json".to_owned(), serde_json::to_vec_pretty(&file)?),
        (
            "environment.json".to_owned(),
            serde_json::to_vec_pretty(&environment::environment(place, flow))?,
        ),
        (
            "checks.csv".to_owned(),
            tables::checks(content).into_bytes(),
        ),
        (
            "decisions.csv".to_owned(),
            tables::decisions(content).into_bytes(),
        ),
        (
            "visits.csv".to_owned(),
            tables::visits(content).into_bytes(),
        ),
    ];
    for (name, language) in [
        ("sag.da.txt", Language::Danish),
        ("case.en.txt", Language::English),
    ] {
        let text = text::of(place.federation, flow, language);
        files.push((name.to_owned(), text.into_bytes()));
    }
    for (number, exchange) in content.exchanges.iter().enumerate() {
        let name = tables::name(number, exchange);
        files.push((format!("{name}.xml"), exchange.xml.clone().into_bytes()));
        if let Some(decrypted) = &exchange.decrypted {
            files.push((
                format!("{name}-decrypted.xml"),
                decrypted.clone().into_bytes(),
            ));
        }
        if let Some(query) = &exchange.query {
            files.push((format!("{name}-query.txt"), query.clone().into_bytes()));
        }
    }
    files.sort();
    let (danish, english) = (
        read_me::danish(flow, form, &files),
        read_me::english(flow, form, &files),
    );
    files.push(("LÆS-MIG.txt".to_owned(), danish.into_bytes()));
    files.push(("README.txt".to_owned(), english.into_bytes()));
    files.sort();
    Ok(files)
}

fn packed(files: &[(String, Vec<u8>)], at: OffsetDateTime) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(moment(at))
        .unix_permissions(0o600);
    for (name, bytes) in files {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// A zip knows the years from 1980 to 2107, and no zone.
fn moment(at: OffsetDateTime) -> DateTime {
    let at = at.checked_to_offset(time::UtcOffset::UTC).unwrap_or(at);
    let year = u16::try_from(at.year()).unwrap_or_default();
    let time = DateTime::from_date_and_time(
        year,
        at.month().into(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
    );
    time.unwrap_or_default()
}
