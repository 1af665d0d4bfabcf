//! `vejviser certs show`: the story of certificates, and what is wrong with them.
//!
//! ```text
//! files ──▶ read: Shown ──▶ Story ──▶ judge: Findings ──▶ human | json
//! ```

mod finding;
mod human;
mod json;
mod judge;
mod kind;
mod read;
mod words;

use super::args::ShowArgs;
use crate::cli::args::Format;
use crate::cli::{Failure, given, talk};
use crate::dsig::{self, Story};
use crate::edge::world::Clock;
use crate::hub::Actor;
use finding::{Finding, count};
use kind::{KEY_UNREADABLE, MISMATCH, MISSING_FILE, Severity};
use read::{Read, Shown};
use std::path::Path;
use time::OffsetDateTime;

/// All that can be found, for the help.
pub fn kinds() -> String {
    kind::help()
}

/// Everything that is told.
struct Told {
    now: OffsetDateTime,
    certificates: Vec<One>,
    /// Of everything, those of single certificates first, in their order.
    findings: Vec<Finding>,
}

/// One certificate.
struct One {
    shown: Shown,
    story: Story,
    /// The key file that belongs to it.
    private_key: Option<String>,
}

/// Runs it.
pub fn run(args: &ShowArgs) -> Result<(), Failure> {
    let mut read = Read::default();
    let mut missing = None;
    for (at, path) in args.files.iter().enumerate() {
        // A file that is named twice is one file.
        if args.files[..at].contains(path) {
            continue;
        }
        match given::bytes(Some(path)) {
            Ok(bytes) => read.file(&name(path), &bytes),
            // The others are told all the same: all problems in one answer.
            Err(failure) => {
                read.findings.push(missing_file(path, &failure));
                missing = missing.or(Some(failure));
            }
        }
    }
    let now = args.now.unwrap_or_else(|| Clock::default().now());
    let mut findings = Vec::new();
    let mut shown = Vec::new();
    for certificate in read.shown {
        let story = certificate.certificate.story();
        findings.extend(judge::one(&certificate, &story, now));
        shown.push((certificate, story));
    }
    findings.extend(judge::reused(&shown));
    findings.extend(read.findings);
    let mut certificates: Vec<One> = (shown.into_iter())
        .map(|(shown, story)| One {
            shown,
            story,
            private_key: None,
        })
        .collect();
    for path in &args.key {
        match given::of_option("--key", path) {
            Ok(pem) => findings.extend(pair(&mut certificates, &name(path), &pem)),
            Err(failure) => {
                findings.push(missing_file(path, &failure));
                missing = missing.or(Some(failure));
            }
        }
    }
    let told = Told {
        now,
        certificates,
        findings,
    };
    talk::result(&match args.format {
        Format::Human => human::text(&told),
        Format::Json => json::text(&told),
    });
    let wrong = count(&told.findings, Severity::Error) + count(&told.findings, Severity::Warning);
    match (missing, wrong) {
        // The result has said which.
        (Some(Failure::CouldNotRun(_)), _) => Err(Failure::CouldNotRun(String::new())),
        (Some(_), _) => Err(Failure::Usage(String::new())),
        (None, 0) => Ok(()),
        (None, _) => Err(Failure::Findings(String::new())),
    }
}

/// Notes where a private key belongs; a finding, if nowhere.
fn pair(certificates: &mut [One], name: &str, pem: &[u8]) -> Option<Finding> {
    let key = match dsig::private_key(pem) {
        Ok(key) => key,
        Err(error) => {
            let found = error.to_string();
            return Some(Finding::new(KEY_UNREADABLE, Actor::Sender, found, name));
        }
    };
    let mut belongs = false;
    for one in certificates.iter_mut() {
        // A certificate whose own key cannot be read, which is told of it, is nobody's.
        if one.shown.certificate.is_for(&key).unwrap_or(false) {
            belongs = true;
            one.private_key = Some(name.to_owned());
        }
    }
    let found = match certificates {
        [one] => format!("it is not the key of {}", one.shown.place),
        all => format!("it is the key of none of the {} certificates", all.len()),
    };
    (!belongs).then(|| Finding::new(MISMATCH, Actor::Sender, found, name))
}

fn missing_file(path: &Path, failure: &Failure) -> Finding {
    let found = failure.text().trim_start_matches("error: ");
    Finding::new(MISSING_FILE, Actor::Sender, found, name(path))
}

fn name(path: &Path) -> String {
    match path == Path::new("-") {
        true => "stdin".to_owned(),
        false => path.display().to_string(),
    }
}
