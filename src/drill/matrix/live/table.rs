//! Trials in words: a table of six profiles and seven levels for one IdP.

use super::compare::sent;
use super::{State, link};
use crate::drill::matrix::report::phrases::Text;
use crate::drill::matrix::report::{Entry, Link, Table, words};
use crate::edge::App;
use crate::edge::trials::{TrialView, Try};
use crate::hub::IdentityProvider;
use crate::oiosaml::{Level, RequestProfile};

/// Levels as headings.
const LEVELS: [(&str, &str); 7] = [
    ("NIST 1", "NIST 1"),
    ("NIST 2", "NIST 2"),
    ("NIST 3", "NIST 3"),
    ("NIST 4", "NIST 4"),
    ("NSIS Lav", "NSIS Low"),
    ("NSIS Betydelig", "NSIS Substantial"),
    ("NSIS Høj", "NSIS High"),
];

/// What trials at `idp` have shown so far, with the addresses at which a person starts each of them.
pub fn live_table(app: &App, idp: &IdentityProvider, t: &'static Text) -> Table {
    if app.test_systems.is_empty() {
        return Table {
            title: t.live_of(&idp.presentation_name),
            headings: Vec::new(),
            rows: Vec::new(),
            notes: vec![t.live_off.to_owned()],
        };
    }
    let rows = RequestProfile::ALL.map(|profile| {
        let cells = app.test_systems.iter().map(|system| {
            let of = Try {
                idp: idp.name.clone(),
                profile,
                system: system.name.clone(),
            };
            let seen = app.trials.latest(&of).map(|trial| TrialView::of(&trial));
            let mut entry = entry(seen.as_ref(), None, t);
            if let Some(seen) = &seen {
                entry.links.push(Link {
                    href: format!("/forloeb/{}", seen.flow),
                    text: t.live_flow.to_owned(),
                });
            }
            if let Some(login) = &system.login_url {
                entry.links.push(Link {
                    href: link((login, app.trials.ticket()), &idp.name, profile, None),
                    text: t.live_try.to_owned(),
                });
            }
            entry
        });
        row(profile, cells)
    });
    Table {
        title: t.live_of(&idp.presentation_name),
        headings: headings(t),
        rows: rows.into(),
        notes: legend(t),
    }
}

/// The profile, and its seven cells.
pub(super) fn row(profile: RequestProfile, cells: impl Iterator<Item = Entry>) -> Vec<Entry> {
    let mut row = vec![Entry::from(profile.title())];
    row.extend(cells);
    row
}

pub(super) fn headings(t: &'static Text) -> Vec<&'static str> {
    let mut headings = vec![t.profile];
    headings.extend(LEVELS.map(|level| t.language.pick(level)));
    headings
}

/// What the words in the cells mean.
pub(super) fn legend(t: &Text) -> Vec<String> {
    vec![
        t.live_legend.to_owned(),
        t.live_waiting.to_owned(),
        t.live_review.to_owned(),
    ]
}

/// One trial, as short as it can be understood: what was sent, what came, the second factor, how long it took.
pub(super) fn entry(seen: Option<&TrialView>, state: Option<State>, t: &Text) -> Entry {
    let Some(seen) = seen else {
        return match state {
            Some(_) => State::Waiting.word().into(),
            None => "–".into(),
        };
    };
    let asked = seen.sent.as_ref();
    let asked = asked.map_or("–".to_owned(), |view| words::of_sent(&sent(view), t));
    let mut said = vec![format!("{asked} → {}", came(seen, t))];
    match seen.second_factor {
        Some(true) => said.push(t.live_factor.to_owned()),
        Some(false) if seen.outcome == "logged-in" => said.push(t.live_no_factor.to_owned()),
        _ => {}
    }
    if let Some(seconds) = seen.seconds {
        said.push(t.live_seconds(decimal(seconds, t)));
    }
    if seen.todo.as_deref() == Some("REVIEW") {
        said.push("REVIEW".to_owned());
    }
    let class = match (seen.outcome.as_str(), seen.under_assured, &seen.todo) {
        ("waiting", ..) => "",
        ("logged-in", false, None) => "pass",
        ("logged-in", ..) => "warn",
        _ => "fail",
    };
    let text = said.join(", ");
    Entry {
        whole: None,
        class,
        text: match state {
            Some(State::Differs) => format!("≠ {text}"),
            _ => text,
        },
        links: Vec::new(),
    }
}

fn came(seen: &TrialView, t: &Text) -> String {
    let level = seen
        .level
        .clone()
        .and_then(|level| Level::try_from(level).ok());
    let level = level.map_or_else(|| t.no_level.to_owned(), |level| t.language.level(level));
    match seen.outcome.as_str() {
        "waiting" => State::Waiting.word().to_owned(),
        "logged-in" if seen.under_assured => t.live_under(level),
        "logged-in" => level,
        "stopped-at-idp" => t.live_stopped.to_owned(),
        "refused-by-idp" => {
            let status = seen.status.as_ref();
            let last = |code: &str| code.rsplit(':').next().unwrap_or_default().to_owned();
            let why = status.map(|status| {
                let own = status.message.clone();
                own.unwrap_or_else(|| last(status.subcode.as_ref().unwrap_or(&status.code)))
            });
            t.refused_by_idp(why.unwrap_or_default().trim_end_matches('.'))
        }
        _ => t.live_refused(seen.check.as_deref().unwrap_or("?")),
    }
}

/// With a comma in Danish.
fn decimal(seconds: f64, t: &Text) -> String {
    let text = format!("{seconds:.1}");
    match t.language {
        crate::edge::page::Language::Danish => text.replace('.', ","),
        crate::edge::page::Language::English => text,
    }
}
