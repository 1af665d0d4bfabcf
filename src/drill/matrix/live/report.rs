//! What the logins showed, as text, JSON and JUnit.

use super::table::{entry, headings, legend, row};
use super::{Line, State};
use crate::drill::matrix::report::phrases::Text;
use crate::drill::matrix::report::{Table, text, words};
use crate::drill::report::junit::{Case, Failure, Junit, Suite};
use crate::edge::page::Language;
use crate::hub::Actor;
use crate::oiosaml::RequestProfile;
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt::Write;

/// A kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A login went otherwise than predicted.
    Differs,
    /// Somebody must log in.
    Waiting,
    /// Somebody must say whether a second factor was asked for.
    Review,
}

/// Logins to be reported.
#[derive(Debug, Clone, Copy)]
pub struct Live<'a> {
    /// All of them, by IdP.
    pub lines: &'a [Line<'a>],
    /// Whether every IdP is invented: then a difference is a defect of ours.
    pub invented: bool,
    /// Whether what waits for a person is a finding too.
    pub fail_on_review: bool,
    /// Of the text.
    pub language: Language,
}

/// A finding as scripts read it.
#[derive(Debug, Clone, Serialize)]
pub struct Said {
    /// Stable id.
    pub id: &'static str,
    /// Always `error`: what is no finding is a state.
    pub severity: &'static str,
    /// Who must act.
    pub actor: Actor,
    /// What it is, in Danish.
    pub title_da: &'static str,
    /// What it is, in English.
    pub title_en: &'static str,
    /// What happened.
    pub found: String,
    /// What was predicted.
    pub expected: String,
    /// Where.
    #[serde(rename = "where")]
    pub place: String,
}

impl Kind {
    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            Self::Differs => "matrix::live-differs",
            Self::Waiting => "matrix::live-waiting",
            Self::Review => "matrix::live-review",
        }
    }

    /// What it is: Danish and English.
    pub fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::Differs => (
                "Loginnet gik anderledes end beregnet",
                "The login went otherwise than predicted",
            ),
            Self::Waiting => (
                "Et menneske skal logge ind (WAITING)",
                "A person must log in (WAITING)",
            ),
            Self::Review => (
                "Et menneske skal sige, om der blev bedt om en anden faktor (REVIEW)",
                "A person must say whether a second factor was asked for (REVIEW)",
            ),
        }
    }
}

impl Live<'_> {
    /// What must be acted on.
    pub fn findings(&self) -> Vec<Said> {
        let found = self.lines.iter().flat_map(|line| {
            let said = |kind: Kind, found: String, expected: String| Said {
                id: kind.id(),
                severity: "error",
                actor: match (kind, self.invented) {
                    (Kind::Differs, true) => Actor::Hub,
                    (Kind::Differs, false) => Actor::IdentityProvider,
                    (Kind::Waiting | Kind::Review, _) => Actor::User,
                },
                title_da: kind.title().0,
                title_en: kind.title().1,
                found,
                expected,
                place: place(line),
            };
            match (line.state(), self.fail_on_review) {
                (State::Differs, _) => line
                    .differences()
                    .into_iter()
                    .map(|difference| {
                        let found = format!("{}: {}", difference.what, difference.found);
                        said(Kind::Differs, found, difference.expected)
                    })
                    .collect(),
                (State::Waiting, true) => vec![said(Kind::Waiting, line.link(), String::new())],
                (State::Review, true) => vec![said(Kind::Review, line.link(), String::new())],
                _ => Vec::new(),
            }
        });
        found.collect()
    }

    /// How many lines stand so.
    pub fn count(&self, state: State) -> usize {
        let all = self.lines.iter();
        all.filter(|line| line.state() == state).count()
    }

    /// For people at a terminal.
    pub fn text(&self) -> String {
        let t = Text::of(self.language);
        let mut out = String::new();
        let _ = writeln!(out, "{}", t.live_title);
        let _ = writeln!(out, "{}", t.live_unofficial);
        let _ = writeln!(out, "{}", self.size(t));
        for table in self.tables(t) {
            text::table(&mut out, &table);
        }
        let waiting: Vec<&Line<'_>> = self
            .lines
            .iter()
            .filter(|line| matches!(line.state(), State::Waiting | State::Review))
            .collect();
        if !waiting.is_empty() {
            let _ = writeln!(out, "\n{}", t.live_links);
            for line in waiting {
                let _ = writeln!(out, "  {:7}  {}", line.state().word(), line.link());
            }
        }
        out
    }

    fn size(&self, t: &Text) -> String {
        t.live_size(
            self.lines.len(),
            self.count(State::Agrees),
            self.count(State::Differs),
            self.count(State::Waiting),
            self.count(State::Review),
            self.count(State::Unpredicted),
        )
    }

    fn tables(&self, t: &'static Text) -> Vec<Table> {
        let mut tables: Vec<Table> = self.by_idp().map(|lines| self.table(lines, t)).collect();
        if let Some(last) = tables.last_mut() {
            last.notes = legend(t);
        }
        let findings = self.findings();
        let rows = findings.iter().map(|finding| {
            let expected = finding.expected.as_str();
            vec![
                t.language.pick((finding.title_da, finding.title_en)).into(),
                finding.place.as_str().into(),
                finding.found.as_str().into(),
                expected.into(),
            ]
        });
        tables.push(Table {
            title: t.findings.to_owned(),
            headings: vec![t.findings, t.concerns, t.live_found, t.live_predicted],
            notes: match findings.is_empty() {
                true => vec![t.no_findings.to_owned()],
                false => Vec::new(),
            },
            rows: rows.collect(),
        });
        tables
    }

    fn by_idp(&self) -> impl Iterator<Item = &[Line<'_>]> {
        self.lines.chunk_by(|a, b| a.idp.name == b.idp.name)
    }

    fn table(&self, lines: &[Line<'_>], t: &'static Text) -> Table {
        let systems: Vec<&str> = {
            let mut names: Vec<&str> = lines.iter().map(|line| line.system.name.as_str()).collect();
            let mut seen = std::collections::BTreeSet::new();
            names.retain(|name| seen.insert(*name));
            names
        };
        let rows = RequestProfile::ALL.into_iter().filter_map(|profile| {
            let here = lines.iter().filter(|line| line.profile == profile);
            let here: Vec<&Line<'_>> = here.collect();
            let cells = here
                .iter()
                .map(|line| entry(line.seen.as_ref(), Some(line.state()), t));
            (!here.is_empty()).then(|| row(profile, cells))
        });
        let all = headings(t);
        let names = crate::config::BUILT_IN;
        let shown = all.iter().skip(1).zip(names);
        let shown = shown.filter(|(_, name)| systems.contains(name));
        let mut headings = vec![t.profile];
        headings.extend(shown.map(|(heading, _)| *heading));
        let title = lines
            .first()
            .map_or_else(String::new, |line| line.idp.presentation_name.clone());
        Table {
            title: t.live_of(title),
            headings,
            rows: rows.collect(),
            notes: Vec::new(),
        }
    }

    /// For scripts.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        let findings = self.findings();
        let states = [
            State::Agrees,
            State::Differs,
            State::Waiting,
            State::Review,
            State::Unpredicted,
        ]
        .map(|state| (state.word().to_owned(), self.count(state).into()));
        let object = json!({
            "summary": {
                "errors": findings.len(),
                "warnings": 0,
                "trials": self.lines.len(),
                "states": serde_json::Map::from_iter(states),
            },
            "findings": findings,
            "trials": self.lines.iter().map(value).collect::<Vec<_>>(),
        });
        Ok(serde_json::to_string_pretty(&object)? + "\n")
    }

    /// For CI: a suite for each IdP, a case for each login.
    pub fn junit(&self) -> Result<String, askama::Error> {
        let t = Text::of(self.language);
        let findings = self.findings();
        let suites = self.by_idp().map(|lines| {
            let cases = lines.iter().map(|line| {
                let here = place(line);
                let here = findings.iter().filter(|finding| finding.place == here);
                let title = |said: &Said| t.language.pick((said.title_da, said.title_en));
                let failures: Vec<Failure> = here
                    .map(|said| Failure {
                        kind: said.id.to_owned(),
                        message: format!("{}: {}", title(said), said.found),
                        text: String::new(),
                    })
                    .collect();
                let open = matches!(line.state(), State::Waiting | State::Review);
                Case {
                    name: format!("{} level {}", line.profile.as_str(), line.level),
                    skipped: (open && failures.is_empty()).then(|| line.state().word().to_owned()),
                    failures,
                    ..Case::default()
                }
            });
            let name = lines
                .first()
                .map_or_else(String::new, |line| format!("idp:{}", line.idp.name));
            Suite::new(&name, "", cases.collect())
        });
        Junit::new("vejviser matrix --live", suites.collect()).text()
    }
}

fn place(line: &Line<'_>) -> String {
    format!(
        "idp:{} profile:{} level:{}",
        line.idp.name,
        line.profile.as_str(),
        line.level
    )
}

fn value(line: &Line<'_>) -> Value {
    let t = Text::of(Language::English);
    let sent = line.predicted.cell.sent.as_ref();
    let differences = line.differences().into_iter().map(|difference| {
        json!({
            "what": difference.what,
            "expected": difference.expected,
            "found": difference.found,
        })
    });
    json!({
        "idp": line.idp.name,
        "profile": line.profile.as_str(),
        "registered_profile": line.idp.oiosaml_profile.as_str(),
        "system": line.system.name,
        "level": line.level.to_string(),
        "state": line.state().word(),
        "predicted": {
            "class_ref": sent.ok().and_then(|sent| sent.class_ref.clone()),
            "comparison": sent.ok().and_then(|sent| sent.comparison).map(|comparison| comparison.as_str()),
            "relay_state": sent.ok().map(|sent| sent.relay_state.clone()),
            "requester_id": sent.ok().and_then(|sent| sent.requester_id.clone()),
            "fate": line.predicted.fate.as_ref().map(|fate| fate.word()),
            "fate_en": line.predicted.fate.as_ref().map(|fate| words::fate(fate, t)),
        },
        "seen": line.seen,
        "differences": differences.collect::<Vec<_>>(),
        "link": line.link(),
    })
}
