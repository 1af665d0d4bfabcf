//! A plan that somebody wrote.

use super::super::{Failure, talk};
use crate::config::plan::{self, LoadedPlan, Purpose, Registered};
use crate::config::render;
use std::path::Path;

/// Its text.
pub fn text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("error: --plan {}: {error}", path.display())))
}

/// Reads it for what is registered.
pub fn read(path: &Path, text: &str, registered: Registered<'_>) -> Result<LoadedPlan, Failure> {
    let loaded = plan::load(path, text, registered, Purpose::Rehearse)
        .map_err(|problems| Failure::Configuration(render::text(&problems, text)))?;
    if !loaded.warnings.list.is_empty() {
        talk::say(&render::text(&loaded.warnings, text));
    }
    Ok(loaded)
}
