//! What came of a run: plain data, from which every report is made.

use super::case::{Case, Chapter, Severity};
use crate::hub::lint::Finding as MetadataFinding;
use crate::oiosaml::{Level, OiosamlVersion};
use time::{Duration, OffsetDateTime};

/// A run against one system: a good login, and every case that was wanted.
#[derive(Debug, Clone)]
pub struct Run {
    /// What the run is called: in the audit, and in the watermark of everything that was issued.
    pub name: String,
    /// When it began.
    pub began: OffsetDateTime,
    /// How long it took.
    pub took: Duration,
    /// The system.
    pub subject: Subject,
    /// How it was told that somebody is logged in, in the good login: Danish, English.
    pub told_by: (String, String),
    /// What became of each case, in the order of the list.
    pub results: Vec<CaseResult>,
}

/// The system that was tested, and by what.
#[derive(Debug, Clone)]
pub struct Subject {
    /// What people call it.
    pub title: String,
    /// entityID.
    pub entity_id: String,
    /// Where a login begins.
    pub login_url: String,
    /// OIOSAML version that it is registered with.
    pub profile: OiosamlVersion,
    /// Level that it is registered with.
    pub level: Level,
    /// Where its metadata was read: a file or an address.
    pub metadata_from: String,
    /// SHA-256 of its metadata, in hex.
    pub metadata_sha256: String,
    /// entityID of the hub that tested it.
    pub hub: String,
    /// What drove it: `vejviser`, or the name and version of a real browser.
    pub browser: String,
    /// Who ran it, where a CI server tells: `CI #812`.
    pub ran_by: Option<String>,
}

/// What became of one case.
#[derive(Debug, Clone)]
pub struct CaseResult {
    /// The case.
    pub case: Case,
    /// How it ended.
    pub verdict: Verdict,
    /// What the system did: Danish, English. Empty where the case did not run.
    pub found: (String, String),
    /// What it should have done: Danish, English.
    pub expected: (String, String),
    /// What the browser saw, in order; without cookies and message bodies.
    pub steps: Vec<Step>,
    /// The message as it was sent to the system, where one was.
    pub sent_xml: Option<String>,
    /// What was encrypted in it, in clear.
    pub sent_clear: Option<String>,
    /// The flow in the hub's journal.
    pub flow: Option<String>,
    /// What was found in the metadata, for the cases about it.
    pub metadata: Vec<MetadataFinding>,
    /// How long it took.
    pub took: Duration,
}

/// How a case ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The system did right.
    Passed,
    /// It did not.
    Failed,
    /// It does not apply, or cannot be judged: why. Danish, English.
    Skipped(String, String),
}

/// A step of the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// `GET` or `POST`.
    pub method: String,
    /// Address, without its query.
    pub address: String,
    /// Status of the answer.
    pub status: u16,
}

impl Run {
    /// The results of a chapter.
    pub fn of(&self, chapter: Chapter) -> impl Iterator<Item = &CaseResult> {
        let all = self.results.iter();
        all.filter(move |result| result.case.chapter() == chapter)
    }

    /// The cases that failed, worst first: by severity, then in the order of the list.
    pub fn failed(&self) -> Vec<&CaseResult> {
        let mut failed: Vec<&CaseResult> = self.results.iter().filter(|r| r.has_failed()).collect();
        failed.sort_by_key(|result| (result.case.info().severity, result.case));
        failed
    }

    /// How many passed, failed and were skipped.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |is: fn(&&CaseResult) -> bool| self.results.iter().filter(is).count();
        (
            count(|result| result.verdict == Verdict::Passed),
            count(|result| result.has_failed()),
            count(|result| matches!(result.verdict, Verdict::Skipped(..))),
        )
    }
}

impl CaseResult {
    /// Whether the system did wrong.
    pub fn has_failed(&self) -> bool {
        self.verdict == Verdict::Failed
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        self.case.info().severity
    }
}
