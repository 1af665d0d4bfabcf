//! The checks that a report names, with what they mean: a page that is read far from the hub has nobody to ask.

use super::Table;
use super::phrases::Text;
use super::view::{Entry, Link};
use crate::hub::Check;

/// A table of them; none where no check is named. `about` is where more is said of one.
pub fn named(tables: &[Table], t: &Text, about: impl Fn(&str) -> Option<String>) -> Option<Table> {
    let said = |table: &Table, id: &str| {
        let mut entries = table.rows.iter().flatten();
        entries.any(|entry| entry.text.contains(id) || entry.in_full().contains(id))
            || table.notes.iter().any(|note| note.contains(id))
    };
    let infos = Check::ALL.iter().map(|check| check.info());
    let rows: Vec<Vec<Entry>> = infos
        .filter(|info| tables.iter().any(|table| said(table, info.id)))
        .map(|info| {
            let mut id = Entry::from(info.id);
            if let Some(href) = about(info.id) {
                id.text = String::new();
                id.links.push(Link {
                    href,
                    text: info.id.to_owned(),
                });
            }
            let pick = |both| t.language.pick(both);
            vec![
                id,
                pick(info.what).into(),
                pick(info.remedy).into(),
                pick(info.actor.text()).into(),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| Table {
        title: t.named_title.to_owned(),
        headings: vec![t.named_check, t.named_meaning, t.named_remedy, t.named_who],
        rows,
        notes: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::page::Language;

    fn table(text: &str) -> Table {
        Table {
            title: String::new(),
            headings: vec![""],
            rows: vec![vec![text.into()]],
            notes: Vec::new(),
        }
    }

    #[test]
    fn each_check_that_is_named_is_explained_and_no_other() {
        let t = Text::of(Language::English);
        let tables = [
            table("is refused by the hub (IDP-R-036)"),
            table("HUB-C-005"),
        ];
        let found = named(&tables, t, |_| None).unwrap();
        let ids: Vec<&str> = found.rows.iter().map(|row| row[0].text.as_str()).collect();
        assert_eq!(ids, ["IDP-R-036", "HUB-C-005"]);
        assert!(found.rows[0].iter().all(|entry| !entry.text.is_empty()));
        let linked = named(&tables, t, |id| Some(format!("/kontroller#{id}"))).unwrap();
        assert_eq!(linked.rows[1][0].links[0].href, "/kontroller#HUB-C-005");
        assert!(named(&[table("fine")], t, |_| None).is_none());
    }
}
