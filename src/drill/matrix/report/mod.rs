//! The matrix as text, JSON, JUnit, CSV and one HTML page. Pure: the same federation gives the same bytes.

mod csv;
mod full;
mod html;
mod json;
mod junit;
mod named;
pub mod phrases;
pub(super) mod text;
mod view;
pub(super) mod words;

pub use full::{Form, full};
pub use named::named;
pub use view::{Entry, Link, Table};

use super::baseline::{Baseline, Entry as Known};
use super::{Finding, Matrix};
use crate::drill::report::book::Book;
use crate::edge::page::Language;
use phrases::Text;

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Subject {
    /// What each IdP receives and what is wrong.
    #[default]
    Matrix,
    /// The systems and who is not ready.
    Overview,
    /// What becomes of the users, and who must be enrolled.
    People,
    /// Context Handler 1 against 2.
    Generations,
}

/// A matrix to be reported.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The matrix.
    pub matrix: &'a Matrix<'a>,
    /// What is wrong.
    pub findings: &'a [Finding<'a>],
    /// What is asked about.
    pub subject: Subject,
    /// Of text, CSV and JUnit, and the one that the page shows first.
    pub language: Language,
    /// What an earlier matrix makes of the findings.
    pub comparison: Option<&'a Comparison<'a>>,
    /// Where the page says more of the checks that it names.
    pub book: Option<&'a Book>,
}

/// A baseline, and what of it is no longer true.
#[derive(Debug, Clone)]
pub struct Comparison<'a> {
    /// What is known.
    pub baseline: &'a Baseline,
    /// Entries behind which nothing stands.
    pub stale: Vec<&'a Known>,
}

impl<'a> Comparison<'a> {
    /// Of these findings.
    pub fn of(baseline: &'a Baseline, findings: &[Finding<'_>]) -> Self {
        Self {
            baseline,
            stale: baseline.stale(findings),
        }
    }
}

impl Report<'_> {
    /// Whether somebody must act: an error that is not known, or a baseline that is no longer true.
    pub fn fails(&self) -> bool {
        let knows = |finding: &Finding<'_>| {
            let comparison = self.comparison;
            comparison.is_some_and(|comparison| comparison.baseline.knows(finding))
        };
        let mut errors = self
            .findings
            .iter()
            .filter(|finding| finding.kind.about().error);
        errors.any(|finding| !knows(finding))
            || self
                .comparison
                .is_some_and(|comparison| !comparison.stale.is_empty())
    }

    /// For people at a terminal: at most 120 columns, no colour.
    pub fn text(&self) -> String {
        text::text(self)
    }

    /// For scripts, and as the baseline of a later matrix.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        json::json(self)
    }

    /// For CI.
    pub fn junit(&self) -> Result<String, askama::Error> {
        junit::junit(self)
    }

    /// For spreadsheets: what is asked about.
    pub fn csv(&self) -> String {
        csv::csv(self)
    }

    /// One file, without scripts, that prints on A4 and speaks both languages.
    pub fn html(&self) -> Result<String, askama::Error> {
        html::html(self)
    }

    /// How large it is, in a sentence.
    pub fn size(&self, t: &Text) -> String {
        let grid = &self.matrix.grid;
        let systems: usize = grid.needs.iter().map(|need| need.systems.len()).sum();
        let idps: usize = grid.idps.iter().map(|idp| idp.idps.len()).sum();
        t.size(systems, idps, grid.pairs())
    }

    /// The tables of what is asked about.
    pub fn tables(&self, language: Language) -> Vec<Table> {
        let (matrix, t) = (self.matrix, Text::of(language));
        let mut tables = match self.subject {
            Subject::Matrix => vec![view::today(matrix, t)],
            Subject::Overview => vec![view::overview(matrix, t)],
            Subject::People => vec![view::people(matrix, t), view::enrol(matrix, t)],
            Subject::Generations => view::generations(matrix, t).into(),
        };
        if self.subject != Subject::Matrix {
            // The exit code speaks of them too.
            tables.push(view::findings(self, t));
            return tables;
        }
        if let Some(idp) = matrix.one {
            tables.extend(view::profiles(matrix, idp, t));
        }
        if matrix.roster.has_people() {
            tables.push(view::enrol(matrix, t));
        }
        tables.push(view::findings(self, t));
        tables.push(view::rules(matrix, t));
        tables
    }
}
