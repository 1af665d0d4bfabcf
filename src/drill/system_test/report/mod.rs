//! What a test of a system found, as text, JSON, JUnit, SARIF and one HTML page that prints to A4. Pure: the same run
//! gives the same bytes.
//!
//! ```text
//! Run ──▶ clean ──▶ view (one language) ──▶ text, html, junit
//!              └──▶ json (both languages), sarif
//! ```

mod case_view;
mod clean;
mod findings;
mod html;
mod json;
mod junit;
mod lines;
pub mod phrases;
#[cfg(test)]
pub(crate) mod sample;
mod sarif;
#[cfg(test)]
mod tests;
mod text;
mod view;

pub use findings::Finding;

use super::baseline::Comparison;
use super::{CaseResult, Run, Verdict};
use crate::drill::report::book::Book;
use crate::edge::page::Language;
use view::View;

/// A run to be reported.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The run.
    pub run: &'a Run,
    /// What a list of known failures makes of it.
    pub baseline: Option<&'a Comparison>,
    /// Of text and JUnit, and the one that the page shows first.
    pub language: Language,
    /// The command that runs the test again, without `--only`: [`COMMAND`] where nobody knows better.
    pub command: &'a str,
    /// Whether the text lists what passed too.
    pub verbose: bool,
    /// Where the page and SARIF say more of cases and rules.
    pub book: Option<&'a Book>,
}

/// How a case is run again.
pub const COMMAND: &str = "vejviser test-system …";

/// How a case stands in the reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The system did right.
    Pass,
    /// It did not.
    Fail,
    /// It did not, and that is known.
    Known,
    /// Not judged.
    Skip,
}

/// A page or JUnit file could not be written: no value of ours refuses to be shown, so this does not happen.
#[derive(Debug)]
pub struct Unwritable(String);

impl std::fmt::Display for Unwritable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the report cannot be written: {}", self.0)
    }
}

impl std::error::Error for Unwritable {}

/// The JSON Schema (draft-07) of what [`Report::json`] writes.
pub fn schema() -> &'static str {
    include_str!("../../../../assets/test-system.schema.json")
}

impl<'a> Report<'a> {
    /// For people at a terminal: at most 96 columns, no colour.
    pub fn text(&self) -> String {
        text::text(self)
    }

    /// For scripts: findings in the form that every command has, then every case. [`schema`] describes it.
    pub fn json(&self) -> Result<String, Unwritable> {
        json::json(self).map_err(|error| Unwritable(error.to_string()))
    }

    /// For CI: a suite for each chapter, a case for each case.
    pub fn junit(&self) -> Result<String, Unwritable> {
        junit::junit(self).map_err(|error| Unwritable(error.to_string()))
    }

    /// For code hosts: what is wrong in the metadata file, where it was a file.
    pub fn sarif(&self) -> Result<String, Unwritable> {
        sarif::sarif(self).map_err(|error| Unwritable(error.to_string()))
    }

    /// For everybody: one file, without scripts, that prints on A4 and speaks both languages.
    pub fn html(&self) -> Result<String, Unwritable> {
        html::html(self).map_err(|error| Unwritable(error.to_string()))
    }

    /// What somebody must act on, worst first; then what is wrong with the list of known failures.
    pub fn findings(&self) -> Vec<Finding> {
        findings::findings(self, &clean::run(self.run))
    }

    /// Whether there is any: a failure that is not known, or a list that no longer holds.
    pub fn has_findings(&self) -> bool {
        let stale = self.baseline.is_some_and(|list| !list.stale.is_empty());
        stale
            || self
                .run
                .results
                .iter()
                .any(|result| self.outcome(result) == Outcome::Fail)
    }

    /// How a case stands.
    pub fn outcome(&self, result: &CaseResult) -> Outcome {
        let known = self.baseline.and_then(|list| list.knows(result.case));
        match (&result.verdict, known) {
            (Verdict::Passed, _) => Outcome::Pass,
            (Verdict::Skipped(..), _) => Outcome::Skip,
            (Verdict::Failed, None) => Outcome::Fail,
            (Verdict::Failed, Some(_)) => Outcome::Known,
        }
    }

    fn count(&self, outcome: Outcome) -> usize {
        let results = self.run.results.iter();
        results
            .filter(|result| self.outcome(result) == outcome)
            .count()
    }

    fn view(&self, run: &Run, language: Language) -> View {
        View::of(self, run, phrases::Text::of(language))
    }
}

impl Outcome {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Pass, Self::Fail, Self::Known, Self::Skip];

    /// As in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Known => "known",
            Self::Skip => "skip",
        }
    }

    /// A sign that is told from the others without colour.
    fn sign(self) -> char {
        match self {
            Self::Pass => '✓',
            Self::Fail => '✗',
            Self::Known => '◌',
            Self::Skip => '–',
        }
    }
}
