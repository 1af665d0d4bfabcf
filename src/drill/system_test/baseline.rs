//! Failures that are known, and until when: a list that people write and that runs out.
//!
//! ```toml
//! [[known]]
//! case = "SP-C-021"
//! until = 2027-03-01
//! why = "Rettes i version 4.2"
//! ```
//!
//! A known failure is no finding. A line whose case passes is one, because the list is then no longer true; a line whose
//! day has gone by holds no more.

mod read;
#[cfg(test)]
mod tests;

use super::{Case, Run, Verdict};
use crate::config::Problems;
use crate::hub::danish_time;
use std::path::Path;
use time::{Date, OffsetDateTime};

/// The list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    file: String,
    entries: Vec<Known>,
}

/// A line of the list: a failure that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The case.
    pub case: Case,
    /// The last day on which it is known, in Danish time.
    pub until: Date,
    /// Why it is, where somebody says so.
    pub why: Option<String>,
    /// Where it stands in the file, from 1.
    pub line: usize,
}

/// What a list makes of a run at a moment. A line whose case was skipped or not run is in none of the three.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The file of the list, as it was named.
    pub file: String,
    /// Failures that are no findings.
    pub known: Vec<Known>,
    /// Lines whose case passed: they must go.
    pub stale: Vec<Known>,
    /// Lines whose case failed after their day: the failure counts.
    pub expired: Vec<Known>,
}

impl Baseline {
    /// Reads the content of a file. All its problems come in one answer, each with its line;
    /// [`config::render::text`](crate::config::render::text) shows them.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Problems> {
        Ok(Self {
            file: path.display().to_string(),
            entries: read::entries(path, text)?,
        })
    }

    /// The lines, in the order of the file.
    pub fn entries(&self) -> &[Known] {
        &self.entries
    }

    /// Compares a run with the list, as it holds at a moment.
    pub fn compare(&self, run: &Run, now: OffsetDateTime) -> Comparison {
        let today = danish_time(now).date();
        let mut comparison = Comparison {
            file: self.file.clone(),
            known: Vec::new(),
            stale: Vec::new(),
            expired: Vec::new(),
        };
        for entry in &self.entries {
            let result = run.results.iter().find(|result| result.case == entry.case);
            match result.map(|result| &result.verdict) {
                Some(Verdict::Failed) if today <= entry.until => {
                    comparison.known.push(entry.clone())
                }
                Some(Verdict::Failed) => comparison.expired.push(entry.clone()),
                Some(Verdict::Passed) => comparison.stale.push(entry.clone()),
                Some(Verdict::Skipped(..)) | None => {}
            }
        }
        comparison
    }
}

impl Comparison {
    /// The line that makes a case's failure known.
    pub fn knows(&self, case: Case) -> Option<&Known> {
        self.known.iter().find(|entry| entry.case == case)
    }

    /// The line that would, had its day not gone by.
    pub fn expired(&self, case: Case) -> Option<&Known> {
        self.expired.iter().find(|entry| entry.case == case)
    }
}
