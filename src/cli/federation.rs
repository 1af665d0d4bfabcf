//! The federation that a command is asked about: a file, or the sample federation of the demo.

use super::{Failure, talk};
use crate::config::{self, Loaded};
use crate::persona;
use std::path::{Path, PathBuf};
use time::OffsetDateTime;

/// A federation that was read.
pub struct Given {
    /// What it holds.
    pub loaded: Loaded,
    /// What is written in it.
    pub text: String,
    /// Where.
    pub path: PathBuf,
    /// Whether it is the sample federation.
    pub sample: bool,
}

/// Where the personas would stand if the file does not say where the hub does: it is never told.
pub const ANYWHERE: &str = "http://hub.localhost";

/// Reads the file; without one, the sample federation. Dates are judged as at `now`, and warnings are told. Nothing is
/// served, so sections of invented parties are allowed.
pub fn read(config: Option<&Path>, now: OffsetDateTime) -> Result<Given, Failure> {
    read_for(config, None, now)
}

/// The same, where the hub is known to stand at `base`: there the invented parties have their addresses.
pub fn read_for(
    config: Option<&Path>,
    base: Option<&str>,
    now: OffsetDateTime,
) -> Result<Given, Failure> {
    let (path, text) = match config {
        None => (Path::new("federation.toml"), config::SAMPLE.to_owned()),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| {
                Failure::Usage(format!("error: --config {}: {error}", path.display()))
            })?;
            (path, text)
        }
    };
    let problems = |problems| Failure::Configuration(config::render::text(&problems, &text));
    let file = config::parse(path, &text).map_err(problems)?;
    let stated = file.hub.public_url.as_ref();
    let stated = stated.map_or(ANYWHERE, |url| url.get_ref().as_str());
    let base = base.unwrap_or(stated);
    // What is no address is told with its line by what loads the file.
    let invented = persona::Addresses::new(base)
        .or_else(|_| persona::Addresses::new(ANYWHERE))
        .and_then(|addresses| persona::Cast::new(&file, &addresses))
        .map_err(Failure::CouldNotRun)?;
    let loaded = config::load(path, &text, Some(&invented.rendered()), now).map_err(problems)?;
    if !loaded.warnings.list.is_empty() {
        talk::say(&config::render::text(&loaded.warnings, &text));
    }
    Ok(Given {
        loaded,
        path: path.to_owned(),
        text,
        sample: config.is_none(),
    })
}
