//! `vejviser checks ID`: what any id of a report means, whichever list it stands in.

use super::args::ListFormat;
use super::{Failure, talk};
use crate::drill::report::catalogue::{Entry, all};
use crate::edge::page::csv;

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

    #[test]
    fn a_slip_of_the_hand_is_understood() {
        assert_eq!(nearest(&all(), "idp-r-36"), "IDP-R-036");
        let refused = print(&["NOPE".to_owned()], ListFormat::Human).unwrap_err();
        assert_eq!(refused.code(), std::process::ExitCode::from(2));
        print(&["idp-r-036".to_owned()], ListFormat::Human).unwrap();
    }
}
