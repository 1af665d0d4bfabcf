//! `vejviser check`: every problem of a configuration at once.

use super::args::{CheckArgs, Format};
use super::{Failure, talk};
use crate::config::{self, render};
use crate::edge::world::Clock;

/// Runs it. Warnings are told and are no failure.
pub fn run(args: &CheckArgs) -> Result<(), Failure> {
    let text = std::fs::read_to_string(&args.file)
        .map_err(|error| Failure::CouldNotRun(format!("{}: {error}", args.file.display())))?;
    let now = args.now.unwrap_or_else(|| Clock::default().now());
    let problems = config::check(&args.file, &text, now);
    match args.format {
        Format::Human => talk::result(&render::text(&problems, &text)),
        Format::Json => {
            let findings = serde_json::to_string_pretty(&render::findings(&problems));
            talk::result(
                &(findings.map_err(|error| Failure::CouldNotRun(error.to_string()))? + "\n"),
            );
        }
    }
    if problems.any_error() {
        Err(Failure::Configuration(String::new()))
    } else {
        Ok(())
    }
}
