//! A bundle is somebody else's file: what is read of it is bounded, and nothing of it is ever written anywhere.

use crate::edge::case::{FORMAT, File, Head, VERSION};
use crate::edge::journal::MAX_EXCHANGES;
use std::io::{Cursor, Read as _};

/// Bytes of a bundle.
pub const MAX_BUNDLE: usize = 16 * 1024 * 1024;
/// Bytes of the one file in it that is read.
const MAX_FLOW: u64 = 16 * 1024 * 1024;
/// Files that a bundle may name.
const MAX_FILES: usize = 1024;
/// The file that is read; all others are for people.
const FLOW: &str = "flow.json";

/// Why a file is no bundle: Danish, English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(pub String, pub String);

impl Unreadable {
    fn new(danish: impl Into<String>, english: impl Into<String>) -> Self {
        Self(danish.into(), english.into())
    }
}

/// Reads a bundle, or a `flow.json` alone.
pub fn read(bytes: &[u8]) -> Result<File, Unreadable> {
    if bytes.len() > MAX_BUNDLE {
        return Err(Unreadable::new("den er over 16 MiB", "it is over 16 MiB"));
    }
    let json = match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => bytes.to_vec(),
        _ => unzipped(bytes)?,
    };
    let head: Head = serde_json::from_slice(&json).map_err(|error| no_flow(&error))?;
    if head.format != FORMAT {
        return Err(Unreadable::new(
            format!("{FLOW} er ikke et forløb fra Vejviser"),
            format!("{FLOW} is no flow of Vejviser's"),
        ));
    }
    if head.version != VERSION {
        return Err(Unreadable::new(
            format!(
                "formen har version {}; denne Vejviser læser version {VERSION}",
                head.version
            ),
            format!(
                "the form has version {}; this Vejviser reads version {VERSION}",
                head.version
            ),
        ));
    }
    let file: File = serde_json::from_slice(&json).map_err(|error| no_flow(&error))?;
    match file.flow.content.exchanges.len() > MAX_EXCHANGES {
        true => Err(Unreadable::new(
            format!("over {MAX_EXCHANGES} beskeder"),
            format!("over {MAX_EXCHANGES} messages"),
        )),
        false => Ok(file),
    }
}

fn unzipped(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let no_zip = || {
        Unreadable::new(
            "den er ikke en zip-fil, der kan læses",
            "it is no zip that can be read",
        )
    };
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| no_zip())?;
    if zip.len() > MAX_FILES {
        return Err(no_zip());
    }
    let file = zip.by_name(FLOW).map_err(|_| {
        Unreadable::new(
            format!("der er ingen {FLOW} i den"),
            format!("there is no {FLOW} in it"),
        )
    })?;
    let mut json = Vec::new();
    // What it says of its size is a claim; what comes out of it is counted.
    let read = file.take(MAX_FLOW + 1).read_to_end(&mut json);
    read.map_err(|_| no_zip())?;
    match json.len() as u64 > MAX_FLOW {
        true => Err(Unreadable::new(
            format!("{FLOW} er over 16 MiB, når den er pakket ud"),
            format!("{FLOW} is over 16 MiB once unpacked"),
        )),
        false => Ok(json),
    }
}

/// Where, and what; the error of serde quotes what it found.
fn no_flow(error: &serde_json::Error) -> Unreadable {
    let error: String = error.to_string().chars().take(200).collect();
    Unreadable::new(
        format!("{FLOW} kan ikke læses: {error}"),
        format!("{FLOW} cannot be read: {error}"),
    )
}
