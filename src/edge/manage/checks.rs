//! `/kontroller`: every check, cause, rule of metadata and rule of the hub, with an anchor each. The pages of flows link here.
//! A report in a file has no hub to link to, so it says itself what its ids mean.

use crate::edge::page::{self, Text};
use crate::hub::lint::{Rule, Severity};
use crate::hub::rules::{RULES, RuleInfo};
use crate::hub::verdict::Cause;
use crate::hub::{Actor, Check, Source};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

/// Where it is.
pub const PATH: &str = "/kontroller";

#[derive(Template)]
#[template(path = "checks.html")]
struct Page {
    t: &'static Text,
    groups: Vec<Group>,
}

struct Group {
    anchor: &'static str,
    title: &'static str,
    entries: Vec<Entry>,
}

/// One id of the catalogue; what it has not is empty.
#[derive(Default)]
struct Entry {
    id: &'static str,
    what: &'static str,
    remedy: &'static str,
    who: &'static str,
    severity: &'static str,
    mark: String,
    clause: &'static str,
    /// The real service's own words.
    message: &'static str,
}

/// The page.
pub async fn page() -> Response {
    let t = Text::current();
    let groups = vec![
        Group {
            anchor: "checks",
            title: t.catalogue_checks,
            entries: Check::ALL.iter().map(|check| of_check(*check, t)).collect(),
        },
        Group {
            anchor: "causes",
            title: t.catalogue_causes,
            entries: Cause::ALL.iter().map(|cause| of_cause(*cause, t)).collect(),
        },
        Group {
            anchor: "metadata",
            title: t.catalogue_metadata,
            entries: Rule::ALL.iter().map(|rule| of_lint(*rule, t)).collect(),
        },
        Group {
            anchor: "rules",
            title: t.catalogue_rules,
            entries: RULES.iter().map(|rule| of_rule(rule, t)).collect(),
        },
    ];
    page::html(StatusCode::OK, &Page { t, groups })
}

fn of_check(check: Check, t: &'static Text) -> Entry {
    let info = check.info();
    Entry {
        id: info.id,
        what: t.language.pick(info.what),
        remedy: t.language.pick(info.remedy),
        who: t.language.pick(info.actor.text()),
        severity: match info.mandatory {
            true => t.severity_must,
            false => t.severity_warn,
        },
        clause: info.clause,
        ..Entry::default()
    }
}

fn of_cause(cause: Cause, t: &'static Text) -> Entry {
    let info = cause.info();
    Entry {
        id: info.id,
        what: t.language.pick(info.what),
        remedy: t.language.pick(info.remedy),
        who: t.language.pick(info.actor.text()),
        ..Entry::default()
    }
}

fn of_lint(rule: Rule, t: &'static Text) -> Entry {
    let info = rule.info();
    Entry {
        id: info.id,
        what: t.language.pick(info.title),
        remedy: t.language.pick(info.remedy),
        who: t.language.pick(info.actor.unwrap_or(Actor::Sender).text()),
        severity: match info.severity {
            Severity::Error => t.severity_must,
            Severity::Warning => t.severity_warn,
            Severity::Note => t.severity_note,
        },
        mark: t.language.pick(info.mark.text()).to_owned(),
        clause: info.clause,
        message: info.message.unwrap_or_default(),
    }
}

fn of_rule(rule: &RuleInfo, t: &'static Text) -> Entry {
    let marks = rule
        .marks
        .iter()
        .map(|mark: &Source| t.language.pick(mark.text()));
    Entry {
        id: rule.name,
        what: t.language.pick(rule.what),
        mark: marks.collect::<Vec<_>>().join(", "),
        clause: rule.source,
        ..Entry::default()
    }
}
