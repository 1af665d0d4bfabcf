//! A run in words of one language: what text, page and JUnit tell.

use super::case_view::CaseView;
use super::phrases::Text;
use super::{Outcome, Report, clean};
use crate::drill::system_test::{Case, CaseResult, Chapter, Run, Severity};
use crate::edge::page::when;

/// A run.
pub struct View {
    pub t: &'static Text,
    pub title: String,
    /// How many of each, in a line.
    pub counts: String,
    /// What that means.
    pub lead: String,
    /// Whether nobody must act.
    pub is_good: bool,
    /// What the reader must know of the run beside its result.
    pub remarks: Vec<String>,
    pub facts: Vec<(&'static str, String)>,
    /// Lines to remove from the list of known failures.
    pub stale: Vec<String>,
    pub chapters: Vec<ChapterView>,
    /// Places in `chapters`, worst first.
    worst_first: Vec<Case>,
}

/// A chapter with its cases.
pub struct ChapterView {
    pub letter: char,
    pub title: &'static str,
    pub cases: Vec<CaseView>,
}

impl View {
    /// Of a run whose texts are clean.
    pub fn of(report: &Report<'_>, run: &Run, t: &'static Text) -> Self {
        let chapters = Chapter::ALL.into_iter().map(|chapter| ChapterView {
            letter: chapter.letter(),
            title: t.language.pick(chapter.title()),
            cases: run
                .of(chapter)
                .map(|result| CaseView::of(report, result, t))
                .collect(),
        });
        let stale = report.baseline.map_or(&[][..], |list| &list.stale);
        let file = list_file(report).unwrap_or_default();
        Self {
            t,
            title: t.title(&run.subject.title),
            counts: counts(report, t),
            lead: lead(report, t),
            is_good: !report.has_findings(),
            remarks: remarks(report, run, t),
            facts: facts(report, run, t),
            stale: stale
                .iter()
                .map(|known| t.stale_line(&file, known.line, known.case.info().id))
                .collect(),
            chapters: chapters
                .filter(|chapter| !chapter.cases.is_empty())
                .collect(),
            worst_first: run.failed().iter().map(|result| result.case).collect(),
        }
    }

    /// The cases of an outcome; failures worst first.
    pub fn with(&self, outcome: Outcome) -> Vec<&CaseView> {
        let cases = self.chapters.iter().flat_map(|chapter| &chapter.cases);
        let mut cases: Vec<&CaseView> = cases.filter(|case| case.outcome == outcome).collect();
        // Stable: what did not fail stays in the order of the list.
        cases.sort_by_key(|case| {
            self.worst_first
                .iter()
                .position(|worst| *worst == case.case)
        });
        cases
    }

    /// Failures that are not known.
    pub fn failed(&self) -> Vec<&CaseView> {
        self.with(Outcome::Fail)
    }

    /// Failures that are.
    pub fn known(&self) -> Vec<&CaseView> {
        self.with(Outcome::Known)
    }

    /// How many passed, failed, are known and were skipped, over all chapters.
    pub fn sums(&self) -> [usize; 4] {
        Outcome::ALL.map(|outcome| {
            self.chapters
                .iter()
                .map(|chapter| chapter.count(outcome))
                .sum()
        })
    }

    /// How many there are.
    pub fn all(&self) -> usize {
        self.chapters
            .iter()
            .map(|chapter| chapter.cases.len())
            .sum()
    }
}

impl ChapterView {
    /// What its cases' ids begin with.
    pub fn id(&self) -> String {
        format!("SP-{}", self.letter)
    }

    /// How many of an outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        let cases = self.cases.iter();
        cases.filter(|case| case.outcome == outcome).count()
    }

    /// How many passed, failed, are known and were skipped.
    pub fn sums(&self) -> [usize; 4] {
        Outcome::ALL.map(|outcome| self.count(outcome))
    }
}

fn counts(report: &Report<'_>, t: &Text) -> String {
    let (failed, known) = (report.count(Outcome::Fail), report.count(Outcome::Known));
    let passed = t.passed_of(report.count(Outcome::Pass), report.run.results.len());
    let failed = match known {
        0 => t.failures(failed),
        known => t.failures_known(failed + known, known),
    };
    let skipped = t.skips(report.count(Outcome::Skip));
    [passed, failed, skipped].join(" · ")
}

fn lead(report: &Report<'_>, t: &Text) -> String {
    let results = report.run.results.iter();
    let failed: Vec<Severity> = results
        .filter(|result| report.outcome(result) == Outcome::Fail)
        .map(CaseResult::severity)
        .collect();
    let must = failed
        .iter()
        .filter(|severity| **severity == Severity::Must)
        .count();
    let judged = report.count(Outcome::Pass) + report.count(Outcome::Known);
    match (failed.len(), report.has_findings()) {
        (0, true) => t.only_stale.to_owned(),
        (0, false) if judged == 0 => t.nothing_judged.to_owned(),
        (0, false) if report.count(Outcome::Known) > 0 => t.some_known.to_owned(),
        (0, false) => t.all_met.to_owned(),
        (all, _) if must == 0 => t.not_advised(all),
        (all, _) => t.not_met(must, all - must),
    }
}

fn remarks(report: &Report<'_>, run: &Run, t: &Text) -> Vec<String> {
    let mut remarks = Vec::new();
    let good = run
        .results
        .iter()
        .find(|result| result.case == Case::GoodLogin);
    if good.is_some_and(CaseResult::has_failed) {
        remarks.push(t.no_good_login.to_owned());
    }
    let known = report.count(Outcome::Known);
    if known > 0 && report.count(Outcome::Fail) > 0 {
        remarks.push(t.besides_known(known));
    }
    if run.results.len() < Case::ALL.len() {
        remarks.push(t.partial(run.results.len(), Case::ALL.len()));
    }
    remarks
}

fn facts(report: &Report<'_>, run: &Run, t: &Text) -> Vec<(&'static str, String)> {
    let subject = &run.subject;
    let ran_by = subject.ran_by.clone();
    let mut facts = vec![
        (t.system, subject.title.clone()),
        (t.entity_id, subject.entity_id.clone()),
        (t.login_url, subject.login_url.clone()),
        (t.profile, subject.profile.as_str().to_owned()),
        (t.level, t.language.level(subject.level)),
        (t.metadata, subject.metadata_from.clone()),
        (t.sha256, subject.metadata_sha256.clone()),
        (t.told_by, t.language.pick(run.told_by.clone())),
        (t.run, run.name.clone()),
        (
            t.ran_by,
            ran_by.unwrap_or_else(|| t.ran_by_nobody.to_owned()),
        ),
        (t.began, t.danish_time(when::in_full(run.began, t.language))),
        (t.took, when::span(run.took, t.language)),
        (t.tool, t.vejviser(env!("CARGO_PKG_VERSION"))),
        (t.hub, subject.hub.clone()),
        (t.browser, browser(&subject.browser, t)),
        (
            t.baseline,
            list_file(report).unwrap_or_else(|| t.no_baseline.to_owned()),
        ),
    ];
    // Where the good login failed, nothing was learnt of it.
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

/// A real browser has a name and a version.
fn browser(name: &str, t: &Text) -> String {
    match name {
        "vejviser" => t.own_browser.to_owned(),
        other => other.to_owned(),
    }
}

fn list_file(report: &Report<'_>) -> Option<String> {
    report.baseline.map(|list| clean::sentence(&list.file))
}
