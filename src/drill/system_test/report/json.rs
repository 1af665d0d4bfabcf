//! The report for scripts, in both languages. `assets/test-system.schema.json` describes it.

use super::findings::{Finding, findings};
use super::{Outcome, Report, clean};
use crate::drill::system_test::baseline::{Comparison, Known};
use crate::drill::system_test::{CaseResult, Run, Severity, Verdict};
use crate::hub::danish_time;
use crate::hub::lint::Finding as MetadataFinding;
use serde::Serialize;
use serde_json::{Value, json};
use time::Duration;
use time::format_description::well_known::Rfc3339;

#[derive(Serialize)]
struct Object {
    summary: Value,
    findings: Vec<Finding>,
    run: Value,
    system: Value,
    environment: Value,
    baseline: Option<Value>,
    cases: Vec<Value>,
}

/// The object of the contract, and what the run was.
pub fn json(report: &Report<'_>) -> Result<String, serde_json::Error> {
    let run = clean::run(report.run);
    let findings = findings(report, &run);
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == "error")
        .count();
    let subject = &run.subject;
    let object = Object {
        summary: json!({
            "errors": errors,
            "warnings": findings.len() - errors,
            "cases": run.results.len(),
            "passed": report.count(Outcome::Pass),
            "failed": report.count(Outcome::Fail),
            "known": report.count(Outcome::Known),
            "skipped": report.count(Outcome::Skip),
        }),
        findings,
        run: json!({
            "name": run.name,
            "ran_by": subject.ran_by,
            // A moment that RFC 3339 cannot write (the year 10000) is left empty.
            "began": danish_time(run.began).format(&Rfc3339).unwrap_or_default(),
            "milliseconds": milliseconds(run.took),
        }),
        system: json!({
            "title": subject.title,
            "entity_id": subject.entity_id,
            "login_url": subject.login_url,
            "profile": subject.profile.as_str(),
            "level": subject.level.to_string(),
            "metadata": subject.metadata_from,
            "metadata_sha256": subject.metadata_sha256,
            "told_by_da": run.told_by.0,
            "told_by_en": run.told_by.1,
        }),
        environment: json!({
            "vejviser": env!("CARGO_PKG_VERSION"),
            "hub": subject.hub,
            "browser": subject.browser,
        }),
        baseline: report.baseline.map(baseline),
        cases: run
            .results
            .iter()
            .map(|result| case(report, result, &run))
            .collect(),
    };
    Ok(serde_json::to_string_pretty(&object)? + "\n")
}

fn baseline(list: &Comparison) -> Value {
    let lines = |all: &[Known]| all.iter().map(line).collect::<Vec<_>>();
    json!({
        "file": list.file,
        "known": lines(&list.known),
        "stale": lines(&list.stale),
        "expired": lines(&list.expired),
    })
}

fn line(known: &Known) -> Value {
    json!({
        "case": known.case.info().id,
        "until": known.until.to_string(),
        "why": known.why.as_deref().map(clean::sentence),
        "line": known.line,
    })
}

fn case(report: &Report<'_>, result: &CaseResult, run: &Run) -> Value {
    let info = result.case.info();
    let skipped = match &result.verdict {
        Verdict::Skipped(da, en) => Some((da, en)),
        Verdict::Passed | Verdict::Failed => None,
    };
    let steps = result.steps.iter().map(|step| {
        json!({
            "method": step.method,
            "address": step.address,
            "status": step.status,
        })
    });
    let file = &run.subject.metadata_from;
    let metadata = result
        .metadata
        .iter()
        .map(|finding| of_metadata(finding, file));
    json!({
        "id": info.id,
        "chapter": result.case.chapter().letter().to_string(),
        "severity": match info.severity {
            Severity::Must => "must",
            Severity::Should => "should",
        },
        "outcome": report.outcome(result).word(),
        "title_da": info.title.0,
        "title_en": info.title.1,
        "sent_da": info.sent.0,
        "sent_en": info.sent.1,
        "why_da": info.why.0,
        "why_en": info.why.1,
        "clause": info.clause,
        "found_da": result.found.0,
        "found_en": result.found.1,
        "expected_da": result.expected.0,
        "expected_en": result.expected.1,
        "skipped_da": skipped.map(|(da, _)| da),
        "skipped_en": skipped.map(|(_, en)| en),
        "steps": steps.collect::<Vec<_>>(),
        "metadata": metadata.collect::<Vec<_>>(),
        "flow": result.flow,
        "milliseconds": milliseconds(result.took),
    })
}

fn of_metadata(finding: &MetadataFinding, file: &str) -> Value {
    let info = finding.info();
    let position = finding.place.position;
    json!({
        "id": info.id,
        "severity": info.severity,
        "actor": finding.actor,
        "title_da": info.title.0,
        "title_en": info.title.1,
        "found": finding.found,
        "expected": finding.expected,
        "where": format!("{file}: {}", finding.place),
        "line": position.map(|at| at.line),
        "column": position.map(|at| at.column),
    })
}

fn milliseconds(span: Duration) -> u64 {
    u64::try_from(span.whole_milliseconds()).unwrap_or(0)
}
