//! The result in each form. People, JSON and SARIF get both languages.

use super::Told;
use super::args::{LintFormat, severity};
use crate::cli::Failure;
use crate::cli::talk::plain;
use crate::drill::report::book::Book;
use crate::drill::report::junit::{Case, Failure as Failed, Junit, Suite};
use crate::drill::report::metadata::{result, rules, said};
use crate::drill::report::sarif::sarif;
use crate::hub::lint::{LintRole, Rule, Severity};
use serde_json::{Value, json};
use std::fmt::Write;

/// The result in this form.
pub fn rendered(told: &Told, format: LintFormat, book: Option<&Book>) -> Result<String, Failure> {
    match format {
        LintFormat::Human => Ok(human(told)),
        LintFormat::Json => Ok(format!("{:#}\n", value(told))),
        LintFormat::Junit => junit(told)
            .text()
            .map_err(|error| Failure::CouldNotRun(error.to_string())),
        LintFormat::Sarif => {
            let findings = told.linted.findings.iter();
            let results = findings.map(|finding| result(finding, &told.file));
            let results: Vec<_> = results.collect();
            Ok(format!("{:#}\n", sarif(&rules(book), &results)))
        }
    }
}

fn human(told: &Told) -> String {
    let mut out = String::new();
    let role = match told.role {
        LintRole::Idp => "identity provider",
        LintRole::System => "brugervendt system / user-facing system",
    };
    let _ = writeln!(out, "{}: {role}", plain(&told.file));
    if let Some(id) = &told.linted.entity_id {
        let _ = writeln!(out, "entityID: {}", plain(id));
    }
    for finding in &told.linted.findings {
        let info = finding.info();
        let word = match info.severity {
            Severity::Error => "FEJL / ERROR",
            Severity::Warning => "ADVARSEL / WARNING",
            Severity::Note => "bemærk / note",
        };
        let _ = writeln!(
            out,
            "\n{word}  {}\n  {}\n  {}",
            info.id, info.title.0, info.title.1
        );
        if let Some(message) = info.message {
            let _ = writeln!(out, "  Context Handler 2: {message}");
        }
        let _ = writeln!(out, "  fundet / found: {}", plain(&finding.found));
        let _ = writeln!(out, "  ventet / expected: {}", plain(&finding.expected));
        let _ = writeln!(out, "  hvor / where: {}", plain(&finding.place.to_string()));
        if info.severity != Severity::Note {
            let who = finding.actor.text();
            let _ = writeln!(out, "  hvem / who: {} / {}", who.0, who.1);
            let _ = writeln!(out, "  → {}\n  → {}", info.remedy.0, info.remedy.1);
        }
    }
    let verdict = match told.linted.accepted() {
        true => ("ville blive godtaget", "would be accepted"),
        false => ("ville blive afvist", "would be refused"),
    };
    let da = [
        ("fejl", "fejl"),
        ("advarsel", "advarsler"),
        ("bemærkning", "bemærkninger"),
    ];
    let en = [
        ("error", "errors"),
        ("warning", "warnings"),
        ("note", "notes"),
    ];
    let (da, en) = (sums(told, da), sums(told, en));
    let _ = writeln!(out, "\n{}: {da} / {}: {en}", verdict.0, verdict.1);
    out
}

/// How many of each severity, by its words for one and for several.
fn sums(told: &Told, words: [(&str, &str); 3]) -> String {
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let parts = severities.into_iter().zip(words);
    let parts = parts.map(
        |(severity, (one, many))| match told.linted.count(severity) {
            1 => format!("1 {one}"),
            count => format!("{count} {many}"),
        },
    );
    parts.collect::<Vec<_>>().join(", ")
}

fn value(told: &Told) -> Value {
    let findings = told.linted.findings.iter().map(|finding| {
        let info = finding.info();
        let position = finding.place.position;
        json!({
            "id": info.id,
            "severity": info.severity,
            "actor": finding.actor,
            "title_da": info.title.0,
            "title_en": info.title.1,
            "message": info.message,
            "found": finding.found,
            "expected": finding.expected,
            "where": finding.place.to_string(),
            "path": finding.place.path,
            "line": position.map(|position| position.line),
            "column": position.map(|position| position.column),
            "remedy_da": info.remedy.0,
            "remedy_en": info.remedy.1,
            "clause": info.clause,
            "mark": info.mark,
        })
    });
    let count = |severity| told.linted.count(severity);
    json!({
        "summary": {
            "accepted": told.linted.accepted(),
            "errors": count(Severity::Error),
            "warnings": count(Severity::Warning),
            "notes": count(Severity::Note),
        },
        "findings": findings.collect::<Vec<_>>(),
        "file": told.file,
        "entity_id": told.linted.entity_id,
        "role": match told.role {
            LintRole::Idp => "idp",
            LintRole::System => "system",
        },
    })
}

/// A case for each rule: errors fail it, the rest is noted.
fn junit(told: &Told) -> Junit {
    let cases = Rule::ALL.iter().map(|rule| {
        let info = rule.info();
        let here = told
            .linted
            .findings
            .iter()
            .filter(|finding| finding.rule == *rule);
        let mut case = Case {
            name: format!("{} {}", info.id, info.title.1),
            ..Case::default()
        };
        for finding in here {
            match info.severity {
                Severity::Error => case.failures.push(Failed {
                    kind: info.id.to_owned(),
                    message: said(finding),
                    text: format!("{}\n{}", info.remedy.0, info.remedy.1),
                }),
                other => case
                    .noted
                    .push(format!("{}: {}", severity(other), said(finding))),
            }
        }
        case
    });
    let id = told.linted.entity_id.as_deref().unwrap_or_default();
    Junit::new(
        "vejviser lint",
        vec![Suite::new(&told.file, id, cases.collect())],
    )
}
