//! Every id that a report may name, whichever list it stands in, and the page of the book that has it.

use crate::drill::system_test::Case;
use crate::hub::lint::Rule;
use crate::hub::rules::RULES;
use crate::hub::verdict::Cause;
use crate::hub::{Actor, Check};
use serde::Serialize;

/// An id that a report may name.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// The page of the book that has its list.
    #[serde(skip)]
    pub page: &'static str,
    /// The id.
    pub id: &'static str,
    /// What it means, in Danish.
    pub title_da: &'static str,
    /// In English.
    pub title_en: &'static str,
    /// What to do, in Danish; empty where there is nothing to do.
    pub remedy_da: &'static str,
    /// In English.
    pub remedy_en: &'static str,
    /// Who must act.
    #[serde(skip)]
    pub who: Option<Actor>,
    /// Where it comes from.
    pub clause: &'static str,
}

/// All of them, a list after the other.
pub fn all() -> Vec<Entry> {
    let entry = |page, id, title: (_, _), remedy: (_, _), who, clause| Entry {
        page,
        id,
        title_da: title.0,
        title_en: title.1,
        remedy_da: remedy.0,
        remedy_en: remedy.1,
        who,
        clause,
    };
    let checks = Check::ALL.iter().map(|check| check.info());
    let checks = checks.map(|i| entry("checks", i.id, i.what, i.remedy, Some(i.actor), i.clause));
    let causes = Cause::ALL.iter().map(|cause| cause.info());
    let causes = causes.map(|i| entry("causes", i.id, i.what, i.remedy, Some(i.actor), ""));
    let metadata = Rule::ALL.iter().map(|rule| rule.info());
    let metadata = metadata.map(|i| entry("metadata", i.id, i.title, i.remedy, i.actor, i.clause));
    let cases = Case::ALL.iter().map(|case| case.info());
    let cases = cases.map(|i| {
        entry(
            "system-tests",
            i.id,
            i.title,
            i.why,
            Some(Actor::System),
            i.clause,
        )
    });
    let rules = RULES
        .iter()
        .map(|rule| entry("rules", rule.name, rule.what, ("", ""), None, rule.source));
    checks
        .chain(causes)
        .chain(metadata)
        .chain(cases)
        .chain(rules)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One address in the book and one answer of the command: an id stands in one list only.
    #[test]
    fn no_id_stands_in_two_lists() {
        let mut ids: Vec<&str> = all().iter().map(|entry| entry.id).collect();
        assert!(ids.len() > 280, "{}", ids.len());
        ids.sort_unstable();
        let many = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), many);
    }
}
