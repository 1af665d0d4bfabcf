//! The verdict for scripts and for people.

use crate::cli::talk::plain;
use crate::hub::offline::Verdict;
use crate::hub::{Row, RowOutcome};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The object of the contract.
#[derive(Serialize)]
struct Object<'v> {
    verdict: &'static str,
    reason: Option<&'static str>,
    checks: Vec<Judged<'v>>,
    assertion_id: Option<&'v str>,
    name_id: Option<&'v str>,
    attributes: &'v BTreeMap<String, Vec<String>>,
    level: Option<String>,
}

#[derive(Serialize)]
struct Judged<'v> {
    id: &'static str,
    outcome: RowOutcome,
    clause: &'static str,
    found: &'v str,
    expected: &'v str,
}

/// For scripts.
pub fn json(verdict: &Verdict) -> Result<String, serde_json::Error> {
    let told = &verdict.told;
    let object = Object {
        verdict: if verdict.accepted { "accept" } else { "reject" },
        reason: verdict.reason().map(|row| row.check.info().id),
        checks: verdict.rows.iter().map(judged).collect(),
        assertion_id: told.assertion_id.as_deref(),
        name_id: told.name_id.as_deref(),
        attributes: &told.attributes,
        level: told.level.map(|level| level.to_string()),
    };
    Ok(serde_json::to_string_pretty(&object)? + "\n")
}

fn judged(row: &Row) -> Judged<'_> {
    let info = row.check.info();
    Judged {
        id: info.id,
        outcome: row.outcome,
        clause: info.clause,
        found: &row.found,
        expected: &row.expected,
    }
}

/// The verdict first, then what fails and warns with what to do, then every row on a line.
pub fn human(verdict: &Verdict) -> String {
    let mut out = String::new();
    let _ = match verdict.reason() {
        Some(reason) => writeln!(out, "AFVIST / REJECTED  {}", reason.check.info().id),
        None if verdict.accepted => writeln!(out, "GODTAGET / ACCEPTED"),
        None => writeln!(out, "AFVIST / REJECTED"),
    };
    let told = &verdict.told;
    for (name, value) in [
        ("assertion", &told.assertion_id),
        ("NameID", &told.name_id),
        ("niveau / level", &told.level.map(|level| level.to_string())),
    ] {
        if let Some(value) = value {
            let _ = writeln!(out, "  {name}: {}", plain(value));
        }
    }
    for (name, values) in &told.attributes {
        let _ = writeln!(out, "  {} = {}", plain(name), plain(&values.join(" | ")));
    }
    let findings = [RowOutcome::Fail, RowOutcome::Warn];
    for row in (verdict.rows.iter()).filter(|row| findings.contains(&row.outcome)) {
        finding(&mut out, row);
    }
    out.push('\n');
    for row in &verdict.rows {
        let id = row.check.info().id;
        let _ = writeln!(
            out,
            "{:<4}  {id:<14}  {}",
            word(row.outcome),
            plain(&row.found)
        );
    }
    out
}

fn finding(out: &mut String, row: &Row) {
    let info = row.check.info();
    let (da, en) = info.actor.text();
    let _ = writeln!(
        out,
        "\n{}  {}  ({})\n  {}\n  {}\n  fundet / found: {}\n  ventet / expected: {}\n  {da} / {en}:\n  {}\n  {}",
        word(row.outcome),
        info.id,
        info.clause,
        info.what.0,
        info.what.1,
        plain(&row.found),
        plain(&row.expected),
        info.remedy.0,
        info.remedy.1,
    );
}

fn word(outcome: RowOutcome) -> &'static str {
    match outcome {
        RowOutcome::Pass => "pass",
        RowOutcome::Fail => "FAIL",
        RowOutcome::Warn => "warn",
        RowOutcome::Skip => "skip",
    }
}
