//! The report for CI. No times of the clock: the same plan gives the same bytes.

use super::view::{PartyView, View};
use super::{Report, key};
use askama::Template;

#[derive(Template)]
#[template(path = "rehearsal/junit.xml")]
struct Junit {
    suites: Vec<Suite>,
}

struct Suite {
    name: String,
    title: String,
    cases: Vec<Case>,
}

struct Case {
    name: String,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    Known {
        message: String,
    },
    Failed {
        kind: &'static str,
        message: String,
        text: String,
    },
    Broken {
        text: String,
    },
}

/// A suite for each run. Down is a failure; with a baseline, what was known is skipped and says so.
pub fn junit(report: &Report<'_>) -> Result<String, askama::Error> {
    let views = report.views(report.language);
    let suites = views.iter().map(|view| suite(report, view)).collect();
    Ok(Junit { suites }.render()? + "\n")
}

fn suite(report: &Report<'_>, view: &View<'_>) -> Suite {
    let mut cases: Vec<Case> = view
        .parties
        .iter()
        .map(|party| case(report, view, party))
        .collect();
    cases.push(Case {
        name: "proof".to_owned(),
        outcome: match &view.disagreement {
            Some(text) => Outcome::Broken { text: safe(text) },
            None => Outcome::Passed,
        },
    });
    let plan = &view.run.plan;
    Suite {
        name: safe(&format!("{}: {}", plan.subject.word(), plan.name)),
        title: safe(&view.title),
        cases,
    }
}

fn case(report: &Report<'_>, view: &View<'_>, party: &PartyView<'_>) -> Case {
    let known = report
        .comparison
        .is_some_and(|comparison| !comparison.is_worse(view.run, party.line));
    let name = safe(&format!("{} ({})", key(party.line), party.line.party.title));
    let first = party.line.outages.first();
    let outcome = match first {
        None => Outcome::Passed,
        Some(_) if known => Outcome::Known {
            message: view.t.known.to_owned(),
        },
        Some(first) => Outcome::Failed {
            kind: first.cause.id(),
            message: safe(&said(view, party, " / ")),
            text: safe(&explained(view, party)),
        },
    };
    Case { name, outcome }
}

fn said(view: &View<'_>, party: &PartyView<'_>, separator: &str) -> String {
    let outages = party.outages.iter();
    let spans = outages.map(|outage| {
        let t = view.t;
        format!(
            "{} {} – {} ({}): {}",
            t.down, outage.from, outage.to, outage.span, outage.title
        )
    });
    spans.collect::<Vec<_>>().join(separator)
}

fn explained(view: &View<'_>, party: &PartyView<'_>) -> String {
    let outages = party.outages.iter();
    let whats =
        outages.map(|outage| format!("{}\n{}: {}", outage.what, view.t.who_acts, outage.who));
    let mut lines = vec![said(view, party, "\n")];
    lines.extend(whats);
    lines.join("\n")
}

/// Without the characters that XML 1.0 cannot carry (§2.2); the rest is escaped by the template.
fn safe(text: &str) -> String {
    let carried = |letter: &char| !letter.is_control() || *letter == '\n' || *letter == '\t';
    let carried_too = |letter: &char| !matches!(letter, '\u{FFFE}' | '\u{FFFF}');
    text.chars()
        .filter(|letter| carried(letter) && carried_too(letter))
        .collect()
}

impl Suite {
    fn count(&self, is: impl Fn(&Outcome) -> bool) -> usize {
        self.cases.iter().filter(|case| is(&case.outcome)).count()
    }
    fn failures(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Failed { .. }))
    }
    fn errors(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Broken { .. }))
    }
    fn skipped(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Known { .. }))
    }
}

impl Junit {
    fn tests(&self) -> usize {
        self.suites.iter().map(|suite| suite.cases.len()).sum()
    }
    fn failures(&self) -> usize {
        self.suites.iter().map(Suite::failures).sum()
    }
    fn errors(&self) -> usize {
        self.suites.iter().map(Suite::errors).sum()
    }
}
