//! Reads the list. Every line is judged by itself, so that one that is wrong does not hide the others.

use super::{Case, Known};
use crate::config::{Problem, Problems, Severity};
use crate::hub::Actor;
use std::ops::Range;
use std::path::Path;
use time::{Date, Month};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const KEYS: [&str; 3] = ["case", "until", "why"];
const EXAMPLE: &str = "[[known]] with case = \"SP-C-021\" and until = 2027-03-01";

/// The lines of a list, or everything that is wrong with it.
pub fn entries(path: &Path, text: &str) -> Result<Vec<Known>, Problems> {
    let mut reader = Reader {
        path,
        text,
        problems: Vec::new(),
    };
    let entries = reader.read();
    // What is missing is told where its table begins: the order of the file again.
    let begins = |problem: &Problem| problem.span.as_ref().map(|span| span.start);
    reader.problems.sort_by_key(begins);
    match reader.problems.is_empty() {
        true => Ok(entries),
        false => Err(Problems {
            list: reader.problems,
        }),
    }
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn add(&mut self, id: &'static str, span: Option<Range<usize>>, what: String, help: &str) {
        self.problems.push(Problem {
            id,
            what,
            help: help.to_owned(),
            file: self.path.to_owned(),
            line: span.as_ref().map(|span| self.line(span.start)),
            span,
            severity: Severity::Fatal,
            actor: Actor::System,
        });
    }

    fn line(&self, at: usize) -> usize {
        let before = self.text.as_bytes().iter().take(at);
        1 + before.filter(|byte| **byte == b'\n').count()
    }

    fn read(&mut self) -> Vec<Known> {
        let (root, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let help = "TOML: key = value; texts stand in quotes, days do not";
            self.add(
                "config::syntax",
                error.span(),
                error.message().to_owned(),
                help,
            );
        }
        if !errors.is_empty() {
            return Vec::new();
        }
        let mut entries: Vec<Known> = Vec::new();
        for (name, value) in root.get_ref() {
            let list = match (name.get_ref().as_ref(), value.get_ref()) {
                ("known", DeValue::Array(list)) => list,
                ("known", _) => {
                    let what = "known is a list of tables".to_owned();
                    self.add("config::wrong-type", Some(value.span()), what, EXAMPLE);
                    continue;
                }
                (other, _) => {
                    let what = format!("`{other}` is no key of a baseline");
                    self.add("config::unknown-key", Some(name.span()), what, EXAMPLE);
                    continue;
                }
            };
            for item in list.iter() {
                let Some(entry) = self.entry(item) else {
                    continue;
                };
                match entries.iter().find(|other| other.case == entry.case) {
                    Some(first) => {
                        let (id, line) = (entry.case.info().id, first.line);
                        let what = format!("{id} stands in line {line} already");
                        let span = Some(item.span());
                        self.add("config::duplicate-id", span, what, "one line for a case");
                    }
                    None => entries.push(entry),
                }
            }
        }
        entries
    }

    fn entry(&mut self, item: &Spanned<DeValue<'_>>) -> Option<Known> {
        let DeValue::Table(table) = item.get_ref() else {
            let what = "known is a list of tables".to_owned();
            self.add("config::wrong-type", Some(item.span()), what, EXAMPLE);
            return None;
        };
        for (name, _) in table {
            if !KEYS.contains(&name.get_ref().as_ref()) {
                let what = format!("`{}` is no key of [[known]]", name.get_ref());
                let help = format!("possible: {}", KEYS.join(", "));
                self.add("config::unknown-key", Some(name.span()), what, &help);
            }
        }
        for key in ["case", "until"] {
            if !table.contains_key(key) {
                let what = format!("`{key}` is missing in [[known]]");
                self.add("config::missing-key", Some(item.span()), what, EXAMPLE);
            }
        }
        let why = table.get("why").map(|value| self.why(value));
        let case = table.get("case").and_then(|value| self.case(value));
        let until = table.get("until").and_then(|value| self.until(value));
        Some(Known {
            case: case?,
            until: until?,
            why: why.unwrap_or(Some(None))?,
            line: self.line(item.span().start),
        })
    }

    fn case(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Case> {
        let DeValue::String(id) = value.get_ref() else {
            let what = "case is the id of a case".to_owned();
            self.add(
                "config::wrong-type",
                Some(value.span()),
                what,
                "case = \"SP-C-021\"",
            );
            return None;
        };
        let case = Case::named(id);
        if case.is_none() {
            let what = format!("there is no case `{id}`");
            let help = "`vejviser test-system --list` shows all cases";
            self.add("config::unknown-word", Some(value.span()), what, help);
        }
        case
    }

    fn until(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Date> {
        let day = match value.get_ref() {
            DeValue::Datetime(at) if at.time.is_none() => at.date,
            _ => None,
        };
        let month = day.and_then(|day| Month::try_from(day.month).ok());
        let date = day.zip(month).and_then(|(day, month)| {
            Date::from_calendar_date(i32::from(day.year), month, day.day).ok()
        });
        if date.is_none() {
            let what = "until is a day".to_owned();
            let help = "until = 2027-03-01, without quotes";
            self.add("config::wrong-type", Some(value.span()), what, help);
        }
        date
    }

    /// What stands there; none where it is no text.
    fn why(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Option<String>> {
        if let DeValue::String(why) = value.get_ref() {
            return Some(Some(why.to_string()));
        }
        let what = "why is a text".to_owned();
        self.add(
            "config::wrong-type",
            Some(value.span()),
            what,
            "why = \"…\"",
        );
        None
    }
}
