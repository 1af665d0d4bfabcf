//! `vejviser checks ID`: what any id of a report means, whichever list it stands in.

use super::args::ListFormat;
use super::{Failure, talk};
use crate::drill::system_test::Case;
use crate::edge::page::csv;
use crate::hub::lint::Rule;
use crate::hub::rules::RULES;
use crate::hub::verdict::Cause;
use crate::hub::{Actor, Check};
use serde::Serialize;

/// An id that a report may name.
#[derive(Serialize)]
struct Entry {
    id: &'static str,
    title_da: &'static str,
    title_en: &'static str,
    remedy_da: &'static str,
    remedy_en: &'static str,
    #[serde(skip)]
    who: Option<Actor>,
    clause: &'static str,
}

/// Prints what is known of them; one that stands in no list is an error.
pub fn print(ids: &[String], format: ListFormat) -> Result<(), Failure> {
    let all = all();
    let mut found = Vec::new();
    for id in ids {
        let entry = all.iter().find(|entry| entry.id.eq_ignore_ascii_case(id));
        let near = || nearest(&all, id);
        found.push(entry.ok_or_else(|| {
            Failure::Usage(format!(
                "error: no list has `{id}`; did you mean `{}`?",
                near()
            ))
        })?);
    }
    talk::result(&match format {
        ListFormat::Human => found.iter().map(|entry| human(entry)).collect(),
        ListFormat::Json => format!("{:#}\n", serde_json::json!({ "entries": found })),
        ListFormat::Csv => {
            let head = "id,clause,title_da,title_en,remedy_da,remedy_en\r\n";
            let rows = found.iter().map(|entry| {
                csv::row(&[
                    entry.id,
                    entry.clause,
                    entry.title_da,
                    entry.title_en,
                    entry.remedy_da,
                    entry.remedy_en,
                ])
            });
            std::iter::once(head.to_owned()).chain(rows).collect()
        }
    });
    Ok(())
}

fn all() -> Vec<Entry> {
    let entry = |id, title: (_, _), remedy: (_, _), who, clause| Entry {
        id,
        title_da: title.0,
        title_en: title.1,
        remedy_da: remedy.0,
        remedy_en: remedy.1,
        who,
        clause,
    };
    let checks = Check::ALL.iter().map(|check| check.info());
    let checks = checks.map(|i| entry(i.id, i.what, i.remedy, Some(i.actor), i.clause));
    let causes = Cause::ALL.iter().map(|cause| cause.info());
    let causes = causes.map(|i| entry(i.id, i.what, i.remedy, Some(i.actor), ""));
    let metadata = Rule::ALL.iter().map(|rule| rule.info());
    let metadata = metadata.map(|i| entry(i.id, i.title, i.remedy, i.actor, i.clause));
    let cases = Case::ALL.iter().map(|case| case.info());
    let cases = cases.map(|i| entry(i.id, i.title, i.why, Some(Actor::System), i.clause));
    let rules = RULES
        .iter()
        .map(|rule| entry(rule.name, rule.what, ("", ""), None, rule.source));
    checks
        .chain(causes)
        .chain(metadata)
        .chain(cases)
        .chain(rules)
        .collect()
}

fn nearest(all: &[Entry], id: &str) -> &'static str {
    let distance =
        |entry: &&Entry| strsim::damerau_levenshtein(&entry.id.to_lowercase(), &id.to_lowercase());
    all.iter().min_by_key(distance).map_or("", |entry| entry.id)
}

fn human(entry: &Entry) -> String {
    let mut text = format!("{}\n  {}\n  {}\n", entry.id, entry.title_da, entry.title_en);
    for remedy in [entry.remedy_da, entry.remedy_en] {
        if !remedy.is_empty() {
            text += &format!("  {remedy}\n");
        }
    }
    if let Some(who) = entry.who {
        let (da, en) = who.text();
        text += &format!("  {da} / {en}\n");
    }
    if !entry.clause.is_empty() {
        text += &format!("  {}\n", entry.clause);
    }
    text + "\n"
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

    #[test]
    fn a_slip_of_the_hand_is_understood() {
        assert_eq!(nearest(&all(), "idp-r-36"), "IDP-R-036");
        let refused = print(&["NOPE".to_owned()], ListFormat::Human).unwrap_err();
        assert_eq!(refused.code(), std::process::ExitCode::from(2));
        print(&["idp-r-036".to_owned()], ListFormat::Human).unwrap();
    }
}
