//! The federation that a command is asked about: a file, or the sample federation of the demo.

use super::Failure;
use crate::config::{self, Loaded};
use crate::persona;
use std::path::Path;
use time::OffsetDateTime;

/// Where the sample federation's personas would stand: it is never told.
const ANYWHERE: &str = "http://hub.localhost";

/// Reads the file; without one, the sample federation. Dates are judged as at `now`. Nothing is served, so sections of
/// invented parties are allowed.
pub fn read(config: Option<&Path>, now: OffsetDateTime) -> Result<Loaded, Failure> {
    let Some(path) = config else {
        return parse(Path::new("federation.toml"), config::SAMPLE, now);
    };
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("error: --config {}: {error}", path.display())))?;
    parse(path, &text, now)
}

fn parse(path: &Path, text: &str, now: OffsetDateTime) -> Result<Loaded, Failure> {
    let problems = |problems| Failure::Configuration(config::render::text(&problems, text));
    let file = config::parse(path, text).map_err(problems)?;
    let invented = persona::Addresses::new(ANYWHERE)
        .and_then(|addresses| persona::Cast::new(&file, &addresses))
        .map_err(Failure::CouldNotRun)?;
    config::load(path, text, Some(&invented.rendered()), now).map_err(problems)
}
