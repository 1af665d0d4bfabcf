//! The report for CI. No times of the clock: the same plan gives the same bytes.

use super::view::{PartyView, View};
use super::{Report, key};
use crate::drill::report::junit::{Case, Failure, Junit, Suite};

/// A suite for each run. Down is a failure; with a baseline, what was known is skipped and says so.
pub fn junit(report: &Report<'_>) -> Result<String, askama::Error> {
    let views = report.views(report.language);
    let suites = views.iter().map(|view| suite(report, view)).collect();
    Junit::new("vejviser rehearse", suites).text()
}

fn suite(report: &Report<'_>, view: &View<'_>) -> Suite {
    let mut cases: Vec<Case> = view
        .parties
        .iter()
        .map(|party| case(report, view, party))
        .collect();
    let broken = view.disagreement.iter().map(|text| Failure {
        kind: "rollover::proof-disagrees".to_owned(),
        message: text.to_string(),
        text: String::new(),
    });
    cases.push(Case {
        name: "proof".to_owned(),
        errors: broken.collect(),
        ..Case::default()
    });
    let plan = &view.run.plan;
    let name = format!("{}: {}", plan.subject.word(), plan.name);
    Suite::new(&name, &view.title, cases)
}

fn case(report: &Report<'_>, view: &View<'_>, party: &PartyView<'_>) -> Case {
    let known = report
        .comparison
        .is_some_and(|comparison| !comparison.is_worse(view.run, party.line));
    let mut case = Case {
        name: format!("{} ({})", key(party.line), party.line.party.title),
        ..Case::default()
    };
    match party.line.outages.first() {
        None => {}
        Some(_) if known => case.skipped = Some(view.t.known.to_owned()),
        Some(first) => case.failures.push(Failure {
            kind: first.cause.id().to_owned(),
            message: said(view, party, " / "),
            text: explained(view, party),
        }),
    }
    case
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
