//! Findings of metadata as SARIF: the same rules and words in every command that judges metadata.

use super::book::Book;
use super::sarif::{Level, SarifResult, SarifRule};
use crate::edge::page::Language;
use crate::hub::lint::{Finding, Rule, Severity};

/// All rules, with what the book says of them.
pub fn rules(book: Option<&Book>) -> Vec<SarifRule> {
    let rules = Rule::ALL.iter().map(|rule| {
        let info = rule.info();
        SarifRule {
            id: info.id.to_owned(),
            title: format!("{} / {}", info.title.0, info.title.1),
            help: format!("{} / {}", info.remedy.0, info.remedy.1),
            about: book.and_then(|book| book.about(Language::English, info.id)),
            level: level(info.severity),
        }
    });
    rules.collect()
}

/// A finding in a file, as the file was named.
pub fn result(finding: &Finding, file: &str) -> SarifResult {
    SarifResult {
        rule: finding.info().id.to_owned(),
        level: level(finding.info().severity),
        message: said(finding),
        file: file.to_owned(),
        position: finding.place.position.map(|at| (at.line, at.column)),
        path: finding.place.path.clone(),
    }
}

/// A finding in one line, in both languages.
pub fn said(finding: &Finding) -> String {
    let info = finding.info();
    format!(
        "{} / {} ({}; {})",
        info.title.0, info.title.1, finding.found, finding.place
    )
}

fn level(severity: Severity) -> Level {
    match severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Note => Level::Note,
    }
}
