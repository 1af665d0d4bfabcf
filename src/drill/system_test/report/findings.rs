//! What somebody must act on, in the form that every command has.

use super::phrases::Text;
use super::{Outcome, Report};
use crate::drill::system_test::baseline::Known;
use crate::drill::system_test::{CaseResult, Run, Severity};
use crate::edge::page::{Language, when};
use crate::hub::Actor;
use serde::Serialize;
use time::{Date, Time};

/// The id of a finding about a line whose case passes.
pub const STALE: &str = "system-test::stale-baseline";
/// The id of a finding about a line whose day has gone by.
pub const EXPIRED: &str = "system-test::expired-baseline";

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The case's id, or one about the list of known failures.
    pub id: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// Who must act.
    pub actor: Actor,
    /// Danish title.
    pub title_da: &'static str,
    /// English title.
    pub title_en: &'static str,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// The address at which it was seen, or the file.
    #[serde(rename = "where")]
    pub place: String,
}

/// All of a run whose texts are clean.
pub fn findings(report: &Report<'_>, run: &Run) -> Vec<Finding> {
    let failed = run.failed().into_iter();
    let failed = failed.filter(|result| report.outcome(result) == Outcome::Fail);
    let mut findings: Vec<Finding> = failed.map(|result| failure(run, result)).collect();
    if let Some(list) = report.baseline {
        let (da, en) = (Text::of(Language::Danish), Text::of(Language::English));
        findings.extend(list.stale.iter().map(|known| Finding {
            id: STALE,
            severity: "error",
            actor: Actor::System,
            title_da: da.stale_title,
            title_en: en.stale_title,
            found: en.stale_found(known.case.info().id),
            expected: en.stale_expected.to_owned(),
            place: place(&list.file, known),
        }));
        findings.extend(list.expired.iter().map(|known| Finding {
            id: EXPIRED,
            severity: "warning",
            actor: Actor::System,
            title_da: da.expired_title,
            title_en: en.expired_title,
            found: en.expired_found(known.case.info().id, day(known.until, Language::English)),
            expected: en.expired_expected.to_owned(),
            place: place(&list.file, known),
        }));
    }
    findings
}

fn failure(run: &Run, result: &CaseResult) -> Finding {
    let info = result.case.info();
    let place = match (result.metadata.first(), result.steps.last()) {
        (Some(finding), _) => format!("{}: {}", run.subject.metadata_from, finding.place),
        (None, Some(step)) => step.address.clone(),
        (None, None) => run.subject.login_url.clone(),
    };
    Finding {
        id: info.id,
        severity: match info.severity {
            Severity::Must => "error",
            Severity::Should => "warning",
        },
        actor: actor(result),
        title_da: info.title.0,
        title_en: info.title.1,
        found: result.found.1.clone(),
        expected: result.expected.1.clone(),
        place,
    }
}

/// Who acts on a failure: who wrote the system, but in metadata whoever the first finding names.
pub fn actor(result: &CaseResult) -> Actor {
    let first = result.metadata.first();
    first.map_or(Actor::System, |finding| finding.actor)
}

fn place(file: &str, known: &Known) -> String {
    format!("{file}:{}", known.line)
}

/// A day as people write it.
pub fn day(date: Date, language: Language) -> String {
    // Noon is on the same day in Denmark.
    let noon = Time::from_hms(12, 0, 0).unwrap_or(Time::MIDNIGHT);
    when::calendar_day(date.with_time(noon).assume_utc(), language)
}
