//! A plan that somebody wrote.

use super::super::{Failure, talk};
use crate::config::plan::{self, LoadedPlan};
use crate::config::render;
use crate::hub::Federation;
use std::path::Path;

/// Reads it for the parties of a federation.
pub fn read(path: &Path, federation: &Federation) -> Result<LoadedPlan, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("error: --plan {}: {error}", path.display())))?;
    let loaded = plan::load(path, &text, federation)
        .map_err(|problems| Failure::Configuration(render::text(&problems, &text)))?;
    if !loaded.warnings.list.is_empty() {
        talk::say(&render::text(&loaded.warnings, &text));
    }
    Ok(loaded)
}
