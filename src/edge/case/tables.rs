//! The lists of a flow for spreadsheets.

use crate::edge::journal::Content;
use crate::edge::page::csv;
use crate::hub::RowOutcome;
use crate::hub::trace::{Direction, Exchange, Leg, Source};
use crate::saml::time::format;

/// Which leg, in a word.
pub fn leg(leg: Leg) -> &'static str {
    match leg {
        Leg::System => "system",
        Leg::IdentityProvider => "identity-provider",
    }
}

/// Which direction, in a word.
pub fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "in",
        Direction::Out => "out",
    }
}

/// Every check of every message.
pub fn checks(content: &Content) -> String {
    let mut out = csv::row(&[
        "message",
        "leg",
        "direction",
        "type",
        "check",
        "outcome",
        "clause",
        "found",
        "expected",
    ]);
    for (number, exchange) in content.exchanges.iter().enumerate() {
        for row in &exchange.checks {
            let info = row.check.info();
            out += &csv::row(&[
                &(number + 1).to_string(),
                leg(exchange.leg),
                direction(exchange.direction),
                &exchange.kind,
                info.id,
                outcome(row.outcome),
                info.clause,
                &row.found,
                &row.expected,
            ]);
        }
    }
    out
}

/// Every decision.
pub fn decisions(content: &Content) -> String {
    let mut out = csv::row(&["number", "rule", "input", "result", "source"]);
    for (number, decision) in content.decisions.iter().enumerate() {
        out += &csv::row(&[
            &(number + 1).to_string(),
            &*decision.rule,
            &decision.input,
            &decision.result,
            source(decision.source),
        ]);
    }
    out
}

/// What the browser did.
pub fn visits(content: &Content) -> String {
    let mut out = csv::row(&[
        "at",
        "method",
        "path",
        "status",
        "location",
        "headers",
        "cookies",
        "set-cookies",
    ]);
    for visit in &content.visits {
        let headers = visit.headers.iter();
        let headers: Vec<String> = headers
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        out += &csv::row(&[
            &format(visit.at),
            &visit.method,
            &visit.path,
            &visit.status.to_string(),
            visit.location.as_deref().unwrap_or_default(),
            &headers.join("\n"),
            &visit.cookies.join("\n"),
            &visit.set_cookies.join("\n"),
        ]);
    }
    out
}

/// The name of a message's file without its ending: what a peer called it is part of it only as far as it can be.
pub fn name(number: usize, exchange: &Exchange) -> String {
    let kind: String = exchange
        .kind
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(32)
        .collect();
    let (leg, direction) = (leg(exchange.leg), direction(exchange.direction));
    format!("messages/{:02}-{leg}-{direction}-{kind}", number + 1)
}

fn outcome(outcome: RowOutcome) -> &'static str {
    match outcome {
        RowOutcome::Pass => "pass",
        RowOutcome::Fail => "fail",
        RowOutcome::Warn => "warn",
        RowOutcome::Skip => "skip",
    }
}

fn source(source: Source) -> &'static str {
    match source {
        Source::Observed => "observed",
        Source::Confirmed => "confirmed",
        Source::Inferred => "inferred",
        Source::Setting => "setting",
    }
}
