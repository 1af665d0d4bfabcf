//! A run in words of one language: what text, page and JUnit tell.

use super::findings::{actor, day};
use super::phrases::Text;
use super::{Outcome, Report, clean};
use crate::drill::system_test::{Case, CaseResult, Chapter, Run, Severity, Verdict};
use crate::edge::page::when;
use crate::hub::lint::Finding;

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

/// A case.
pub struct CaseView {
    case: Case,
    pub id: &'static str,
    pub outcome: Outcome,
    pub outcome_word: &'static str,
    pub weight: &'static str,
    pub title: &'static str,
    pub title_other: &'static str,
    pub clause: &'static str,
    pub found: String,
    /// Why it was skipped, until when it is known.
    pub note: String,
    /// Everything about it, with labels, in the order in which it is read.
    pub rows: Vec<(&'static str, String)>,
    pub steps: Vec<String>,
    /// Findings of the metadata.
    pub metadata: Vec<String>,
    /// The command that runs it again.
    pub again: String,
    pub sent_xml: Option<String>,
    pub sent_clear: Option<String>,
}

impl View {
    /// Of a run whose texts are clean.
    pub fn of(report: &Report<'_>, run: &Run, t: &'static Text) -> Self {
        let chapters = Chapter::ALL.into_iter().map(|chapter| ChapterView {
            letter: chapter.letter(),
            title: t.language.pick(chapter.title()),
            cases: run
                .of(chapter)
                .map(|result| case(report, result, t))
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

impl CaseView {
    /// Everything about it in lines, with labels; a line without one goes on with the label above.
    pub fn told(&self, t: &Text) -> Vec<(&'static str, String)> {
        let mut rows = self.rows.clone();
        for (label, values) in [(t.in_metadata, &self.metadata), (t.steps, &self.steps)] {
            let labels = std::iter::once(label).chain(std::iter::repeat(""));
            rows.extend(labels.zip(values.iter().cloned()));
        }
        rows.push((t.again, self.again.clone()));
        rows
    }

    /// Whether more is told of it than its line in the table.
    pub fn has_own_section(&self) -> bool {
        matches!(self.outcome, Outcome::Fail | Outcome::Known)
    }
}

impl ChapterView {
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
    vec![
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
    ]
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

fn case(report: &Report<'_>, result: &CaseResult, t: &'static Text) -> CaseView {
    let info = result.case.info();
    let pick = |pair: (&'static str, &'static str)| t.language.pick(pair);
    let said = |pair: &(String, String)| t.language.pick(pair.clone());
    let outcome = report.outcome(result);
    let found = said(&result.found);
    let note = note(report, result, t);
    let mut rows = vec![(t.sent, pick(info.sent).to_owned())];
    if result.has_failed() {
        rows.push((t.found, found.clone()));
        rows.push((t.expected, said(&result.expected)));
    }
    rows.push((t.why, pick(info.why).to_owned()));
    if outcome != Outcome::Pass {
        rows.push((t.remark, note.clone()));
    }
    if result.has_failed() {
        rows.push((t.who, pick(actor(result).text()).to_owned()));
    }
    rows.push((t.clause, info.clause.to_owned()));
    if let Some(flow) = &result.flow {
        rows.push((t.flow, flow.clone()));
    }
    rows.retain(|(_, value)| !value.is_empty());
    let steps = result.steps.iter();
    let steps = steps.map(|step| t.step(&step.method, &step.address, step.status));
    let metadata = result
        .metadata
        .iter()
        .map(|finding| in_metadata(finding, t));
    CaseView {
        case: result.case,
        id: info.id,
        outcome,
        outcome_word: match outcome {
            Outcome::Pass => t.pass,
            Outcome::Fail => t.fail,
            Outcome::Known => t.known,
            Outcome::Skip => t.skip,
        },
        weight: match info.severity {
            Severity::Must => t.must,
            Severity::Should => t.should,
        },
        title: pick(info.title),
        title_other: t.other().language.pick(info.title),
        clause: info.clause,
        found,
        note,
        rows,
        steps: steps.collect(),
        metadata: metadata.collect(),
        again: format!("{} --only {}", clean::sentence(report.command), info.id),
        sent_xml: result.sent_xml.clone(),
        sent_clear: result.sent_clear.clone(),
    }
}

fn in_metadata(finding: &Finding, t: &Text) -> String {
    let about = finding.info();
    let title = t.language.pick(about.title).trim_end_matches('.');
    let place = &finding.place;
    let line = place.position.map(|at| t.metadata_line(at.line));
    let path = Some(place.path.clone()).filter(|path| !path.is_empty());
    let place: Vec<String> = [line, path].into_iter().flatten().collect();
    format!(
        "{} {title}: {} ({})",
        about.id,
        finding.found,
        place.join(", ")
    )
}

/// What the list of known failures says of it, or why it was skipped.
fn note(report: &Report<'_>, result: &CaseResult, t: &Text) -> String {
    if let Verdict::Skipped(da, en) = &result.verdict {
        return t.language.pick((da.clone(), en.clone()));
    }
    let Some(list) = report.baseline else {
        return String::new();
    };
    let (known, said) = match (list.knows(result.case), list.expired(result.case)) {
        (Some(known), _) => (known, t.known_until(day(known.until, t.language))),
        (None, Some(known)) => (known, t.expired_since(day(known.until, t.language))),
        (None, None) => return String::new(),
    };
    match &known.why {
        Some(why) => format!("{said} ({})", clean::sentence(why)),
        None => said,
    }
}
