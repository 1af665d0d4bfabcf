//! A case in words of one language.

use super::findings::{actor, day};
use super::phrases::Text;
use super::{Outcome, Report, clean};
use crate::drill::system_test::{Case, CaseResult, Severity, Verdict};
use crate::hub::lint::Finding;

/// A case.
pub struct CaseView {
    pub case: Case,
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
    /// Where more is said of it.
    pub about: Option<String>,
    pub sent_xml: Option<String>,
    pub sent_clear: Option<String>,
}

impl CaseView {
    /// Of a result whose texts are clean.
    pub fn of(report: &Report<'_>, result: &CaseResult, t: &'static Text) -> Self {
        case(report, result, t)
    }

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

    /// Whether its line in the table says why it was not judged, or until when it is known.
    pub fn notes_in_table(&self) -> bool {
        matches!(self.outcome, Outcome::Skip | Outcome::Known) && !self.note.is_empty()
    }

    /// Whether more is told of it than its line in the table.
    pub fn has_own_section(&self) -> bool {
        matches!(self.outcome, Outcome::Fail | Outcome::Known)
    }
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
        about: (report.book).and_then(|book| book.about(t.language, info.id)),
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
