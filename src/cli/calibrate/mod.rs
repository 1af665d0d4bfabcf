//! `vejviser calibrate`: captures of the real hub against our rules ([`crate::drill::calibrate`]).

mod args;

pub use args::CalibrateArgs;

use super::args::Format;
use super::{Failure, federation, given, output};
use crate::drill::calibrate::{Capture, File, Known, Masker, calibrate, capture, report};
use crate::dsig::DecryptionKey;
use crate::edge::world::Clock;
use crate::hub::Settings;
use std::io::{IsTerminal as _, Read as _};
use std::path::Path;

/// Runs it: exit code 1 where something differs, 4 where nothing does but not everything could be read.
pub fn run(args: &CalibrateArgs) -> Result<(), Failure> {
    let keys = keys(&args.key)?;
    let (federation, settings) = match &args.config {
        Some(path) => {
            let loaded = federation::read(Some(path), Clock::default().now())?.loaded;
            (Some(loaded.federation), loaded.settings)
        }
        None => (None, Settings::default()),
    };
    let known = Known {
        federation,
        profile: args.profile,
        required: args.required_level,
        supports_scope: args.supports_scope,
    };
    let mut masker = Masker::default();
    let captures = captures(&args.captures, &keys, &mut masker)?;
    let calibration = calibrate(&captures, &known, &settings, &mut masker);
    let format = args
        .format
        .unwrap_or(match std::io::stdout().is_terminal() {
            true => Format::Human,
            false => Format::Json,
        });
    output::deliver(format, &args.output, |format| match format {
        Format::Human => Ok(report::human(&calibration)),
        Format::Json => {
            report::json(&calibration).map_err(|error| Failure::CouldNotRun(error.to_string()))
        }
    })?;
    if !calibration.findings.is_empty() {
        return Err(Failure::Findings(String::new()));
    }
    // Who asks whether the hubs differ gets no yes for what was not looked at.
    let unread = calibration
        .captures
        .iter()
        .map(|told| told.unreadable.len());
    match unread.sum() {
        0 => Ok(()),
        parts @ 1.. => Err(Failure::CouldNotRun(format!(
            "error: nothing differs in what was read, but {parts} could not be read (“unreadable” in the result)"
        ))),
    }
}

/// Reads all of them before anything is told; what cannot be read is told of every one.
fn captures(
    paths: &[std::path::PathBuf],
    keys: &[DecryptionKey],
    masker: &mut Masker,
) -> Result<Vec<Capture>, Failure> {
    let mut captures = Vec::new();
    let mut unreadable = Vec::new();
    for path in paths {
        let bytes = bytes(path)?;
        // A report is the same whoever makes it, so it names no folder.
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name = super::talk::plain(&name.to_string_lossy());
        let file = File {
            name: &name,
            bytes: &bytes,
        };
        match capture::read(file, keys, masker) {
            Ok(capture) => captures.push(capture),
            Err(error) => unreadable.push(format!("error: {}: {error}", path.display())),
        }
    }
    match unreadable.is_empty() {
        true => Ok(captures),
        false => Err(Failure::CouldNotRun(unreadable.join("\n"))),
    }
}

/// The bytes of a capture, and one more than a capture may have.
fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let most = capture::MAX_CAPTURE as u64 + 1;
    let mut bytes = Vec::new();
    let read = match path == Path::new("-") {
        true => std::io::stdin().lock().take(most).read_to_end(&mut bytes),
        false => std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)),
    };
    read.map_err(|error| {
        let text = format!("error: {}: {error}", path.display());
        match error.kind() {
            std::io::ErrorKind::NotFound => Failure::Usage(text),
            _ => Failure::CouldNotRun(text),
        }
    })?;
    Ok(bytes)
}

fn keys(paths: &[std::path::PathBuf]) -> Result<Vec<DecryptionKey>, Failure> {
    let key = |path: &std::path::PathBuf| {
        let bytes = given::of_option("--key", path)?;
        DecryptionKey::parse(&bytes).map_err(|error| {
            Failure::Usage(format!(
                "error: --key {}: {error}\n\ngive a private RSA key in PEM, without a passphrase",
                path.display()
            ))
        })
    };
    paths.iter().map(key).collect()
}
