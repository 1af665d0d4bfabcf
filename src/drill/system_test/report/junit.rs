//! The report for CI. No times of the clock: what is found decides the bytes.

use super::case_view::CaseView;
use super::view::{ChapterView, View};
use super::{Outcome, Report, clean, findings, lines};
use crate::drill::report::junit::{Case, Failure, Junit, Suite};
use crate::drill::system_test::Run;

/// A suite for each chapter, and one for the list of known failures where a line of it must go. A known failure is
/// skipped and says until when.
pub fn junit(report: &Report<'_>) -> Result<String, askama::Error> {
    let run = clean::run(report.run);
    let view = report.view(&run, report.language);
    let mut suites: Vec<Suite> = view
        .chapters
        .iter()
        .map(|chapter| suite(chapter, &view, &run))
        .collect();
    suites.extend(stale(report, &view));
    Junit::new("vejviser test-system", suites).text()
}

fn suite(chapter: &ChapterView, view: &View, run: &Run) -> Suite {
    let cases = chapter.cases.iter().map(|case| self::case(case, view));
    let suite = Suite::new(&chapter.id(), chapter.title, cases.collect());
    let subject = &run.subject;
    let properties = [
        ("run", run.name.clone()),
        ("system", subject.entity_id.clone()),
        ("profile", subject.profile.as_str().to_owned()),
        ("level", subject.level.to_string()),
        ("metadata.sha256", subject.metadata_sha256.clone()),
        ("vejviser", env!("CARGO_PKG_VERSION").to_owned()),
        ("browser", subject.browser.clone()),
    ];
    properties
        .into_iter()
        .fold(suite, |suite, (name, value)| suite.property(name, &value))
}

fn case(view: &CaseView, of: &View) -> Case {
    let mut case = Case {
        name: format!("{} {}", view.id, view.title),
        ..Case::default()
    };
    match view.outcome {
        Outcome::Pass => {}
        Outcome::Fail => case.failures.push(Failure {
            kind: view.id.to_owned(),
            message: format!("{}: {}", view.title, view.found),
            text: explained(view, of),
        }),
        Outcome::Known | Outcome::Skip => case.skipped = Some(view.note.clone()),
    }
    case
}

fn explained(case: &CaseView, view: &View) -> String {
    let mut text = String::new();
    lines::labelled(&mut text, "", &case.told(view.t));
    text.trim_end().to_owned()
}

fn stale(report: &Report<'_>, view: &View) -> Option<Suite> {
    let list = report.baseline.filter(|list| !list.stale.is_empty())?;
    let cases = list
        .stale
        .iter()
        .zip(&view.stale)
        .map(|(known, said)| Case {
            name: known.case.info().id.to_owned(),
            failures: vec![Failure {
                kind: findings::STALE.to_owned(),
                message: said.clone(),
                text: String::new(),
            }],
            ..Case::default()
        });
    Some(Suite::new("baseline", view.t.baseline, cases.collect()))
}
