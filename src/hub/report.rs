//! The outcome of every check, not the first error: our users test configurations.

use super::Check;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One row: what was checked, what was found, what was expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The check.
    pub check: Check,
    /// How it went.
    pub outcome: RowOutcome,
    /// What the message had.
    pub found: Cow<'static, str>,
    /// What it should have had.
    pub expected: Cow<'static, str>,
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RowOutcome {
    /// As it should be.
    Pass,
    /// Not as it must be.
    Fail,
    /// Not as it should be, but no reason to refuse.
    Warn,
    /// Could not be judged: an earlier row failed, or nothing was given to judge by.
    Skip,
}

/// Rows in the order of the list of checks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    rows: Vec<Row>,
}

/// A value together with the proof that no mandatory row failed when it was judged. Only
/// `Report::conclude` makes one, inside this folder.
#[derive(Debug, Clone)]
pub struct Accepted<T> {
    value: T,
    report: Report,
}

impl Report {
    /// An empty report with room for a whole Response.
    pub fn new() -> Self {
        Self {
            rows: Vec::with_capacity(48),
        }
    }
    /// Adds a row.
    pub fn add(
        &mut self,
        check: Check,
        outcome: RowOutcome,
        found: impl Into<Cow<'static, str>>,
        expected: impl Into<Cow<'static, str>>,
    ) {
        self.rows.push(Row {
            check,
            outcome,
            found: found.into(),
            expected: expected.into(),
        });
    }
    /// Adds a row that passes or fails.
    pub fn require(
        &mut self,
        check: Check,
        holds: bool,
        found: impl Into<Cow<'static, str>>,
        expected: impl Into<Cow<'static, str>>,
    ) -> bool {
        self.add(
            check,
            if holds {
                RowOutcome::Pass
            } else {
                RowOutcome::Fail
            },
            found,
            expected,
        );
        holds
    }
    /// Adds a row that could not be judged.
    pub fn skip(&mut self, check: Check, why: impl Into<Cow<'static, str>>) {
        self.add(check, RowOutcome::Skip, why, "");
    }
    /// The rows in the order of the list of checks.
    pub fn rows(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by_key(|row| row.check);
        rows
    }
    /// Whether the check has a row, and how it went; the worst of several.
    pub fn outcome(&self, check: Check) -> Option<RowOutcome> {
        use RowOutcome::{Fail, Pass, Skip, Warn};
        let rows = self.rows.iter().filter(|row| row.check == check);
        rows.map(|row| row.outcome)
            .max_by_key(|outcome| match outcome {
                Skip => 0,
                Pass => 1,
                Warn => 2,
                Fail => 3,
            })
    }
    /// Whether the check was made and passed: an absent or skipped row proves nothing.
    pub fn passed(&self, check: Check) -> bool {
        self.outcome(check) == Some(RowOutcome::Pass)
    }
    /// The first failed row in the order of the list of checks: the reason of a refusal.
    pub fn reason(&self) -> Option<&Row> {
        self.rows
            .iter()
            .filter(|row| row.outcome == RowOutcome::Fail)
            .min_by_key(|row| row.check)
    }
    /// The failed and warned rows, in order.
    pub fn findings(&self) -> Vec<&Row> {
        self.rows()
            .into_iter()
            .filter(|row| matches!(row.outcome, RowOutcome::Fail | RowOutcome::Warn))
            .collect()
    }
    /// Rows of another report after these.
    pub fn extend(&mut self, other: Report) {
        self.rows.extend(other.rows);
    }
    /// The value, if every check of `made` has a row and none failed; else the report with its reason, and
    /// the value that it is about. A check that was forgotten is a failed one.
    pub(in crate::hub) fn conclude<T>(
        mut self,
        value: Option<T>,
        made: &[Check],
    ) -> Result<Accepted<T>, (Report, Option<T>)> {
        for check in made {
            if value.is_some() && self.outcome(*check).is_none() {
                self.add(*check, RowOutcome::Fail, "not judged", "judged");
            }
        }
        match value {
            Some(value) if self.reason().is_none() => Ok(Accepted {
                value,
                report: self,
            }),
            other => Err((self, other)),
        }
    }
}

impl<T> Accepted<T> {
    /// What was accepted.
    pub fn value(&self) -> &T {
        &self.value
    }
    /// The rows, all passed, warned or skipped.
    pub fn report(&self) -> &Report {
        &self.report
    }
    /// Takes the value out; the proof is spent.
    pub fn into_value(self) -> T {
        self.value
    }
}
