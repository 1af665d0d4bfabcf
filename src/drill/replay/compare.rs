//! Then and now.

use super::play::{BROKEN, Left, Played};
use crate::edge::case::File;
use crate::hub::trace::{Direction, Leg};
use crate::hub::verdict::{Ended, Verdict};
use crate::hub::{Actor, Decision, Exchange, FlowId, Row, RowOutcome};
use crate::xml::{Document, SAML, SAMLP};
use serde::Serialize;
use std::collections::BTreeSet;

/// What a replay found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replay {
    /// The flow.
    pub flow: FlowId,
    /// The form of the bundle.
    pub form: String,
    /// How it ended then.
    pub then: Outcome,
    /// How it would end now.
    pub now: Outcome,
    /// What differs, in the order of the login.
    pub differences: Vec<Difference>,
    /// What could not be judged: Danish and English.
    pub not_judged: Vec<(&'static str, &'static str)>,
}

/// How a login ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// `logged-in`, `refused` or `open`.
    pub outcome: &'static str,
    /// The check that it was refused for.
    pub check: Option<&'static str>,
    /// The cause of the verdict.
    pub cause: Option<&'static str>,
    /// Who must act.
    pub actor: Option<Actor>,
}

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Difference {
    /// A decision.
    Decision {
        /// The rule.
        rule: String,
        /// What it decided then, if it was asked.
        then: Option<String>,
        /// What it decides now.
        now: Option<String>,
    },
    /// A field of the request to the identity provider.
    Request {
        /// Which.
        field: &'static str,
        /// Then; none: the request or the field was not there.
        then: Option<String>,
        /// Now.
        now: Option<String>,
    },
    /// A check.
    Check {
        /// Which message of the flow, from 1.
        message: usize,
        /// Its id.
        check: &'static str,
        /// Then.
        then: Option<Judged>,
        /// Now.
        now: Option<Judged>,
    },
}

/// A row of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// How it went.
    pub outcome: RowOutcome,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
}

impl Replay {
    /// Whether anything differs.
    pub fn differs(&self) -> bool {
        !self.differences.is_empty() || self.then != self.now
    }
}

pub(super) fn compare(file: &File, played: Played) -> Replay {
    let mut differences = decisions(file, &played);
    let asked_otherwise = request(file, &played, &mut differences);
    let mut left = played.left.clone();
    if asked_otherwise && !played.judged.iter().all(|(_, one)| one.leg == Leg::System) {
        left.push(Left::FormerQuestion);
    }
    for (place, judged) in &played.judged {
        checks(file, *place, judged, &mut differences, &left);
    }
    let record = &file.flow;
    Replay {
        flow: record.id.clone(),
        form: file.form.clone(),
        then: outcome(ended(file), record.verdict.as_ref()),
        now: outcome(played.ended, played.verdict.as_ref()),
        differences,
        not_judged: left.into_iter().map(words).collect(),
    }
}

fn ended(file: &File) -> Ended {
    match (file.flow.outcome.as_str(), file.flow.refusal) {
        ("logged-in", _) => Ended::LoggedIn,
        ("logged-out", _) => Ended::LoggedOut,
        ("partial-logout", _) => Ended::PartialLogout,
        ("refused", Some(check)) => Ended::Refused(check),
        _ => Ended::Open,
    }
}

/// A flow that is not played again, and why.
pub(super) fn skipped(file: &File, why: Left) -> Replay {
    let then = || outcome(ended(file), file.flow.verdict.as_ref());
    Replay {
        flow: file.flow.id.clone(),
        form: file.form.clone(),
        then: then(),
        now: then(),
        differences: Vec::new(),
        not_judged: vec![words(why)],
    }
}

fn outcome(ended: Ended, verdict: Option<&Verdict>) -> Outcome {
    let info = verdict.map(|verdict| verdict.cause.info());
    let (outcome, check) = match ended {
        Ended::LoggedIn => ("logged-in", None),
        Ended::Refused(check) => ("refused", Some(check.info().id)),
        Ended::Open => ("open", None),
        Ended::LoggedOut => ("logged-out", None),
        Ended::PartialLogout => ("partial-logout", None),
    };
    Outcome {
        outcome,
        check,
        cause: info.map(|info| info.id),
        actor: info.map(|info| info.actor),
    }
}

/// Rule by rule, each of them once a login; of several, the last counts.
fn decisions(file: &File, played: &Played) -> Vec<Difference> {
    let (then, now) = (&file.flow.content.decisions, &played.trace.decisions);
    let latest = |all: &[Decision], rule: &str| {
        let found = all.iter().rev().find(|one| one.rule == rule)?;
        Some(without_handle(&format!(
            "{} → {}",
            found.input, found.result
        )))
    };
    let mut seen = BTreeSet::new();
    let rules = then.iter().chain(now).map(|one| one.rule.to_string());
    let rules: Vec<String> = rules.filter(|rule| seen.insert(rule.clone())).collect();
    let lines = rules.into_iter().filter_map(|rule| {
        // What is issued is encrypted to the system, and of a masked flow nobody's roles are known.
        let skipped =
            file.is_masked() && matches!(rule.as_str(), "roles" | "user-claims" | "encryption");
        let (then, now) = (latest(then, &rule), latest(now, &rule));
        (then != now && !skipped).then_some(Difference::Decision { rule, then, now })
    });
    lines.collect()
}

/// Field by field; whether anything differs between a request that was sent and the one that would be.
fn request(file: &File, played: &Played, differences: &mut Vec<Difference>) -> bool {
    let all = &file.flow.content.exchanges;
    let mut sent = all.iter().rev();
    let sent = sent.find(|one| one.leg == Leg::IdentityProvider && one.direction == Direction::Out);
    let asked = played.asked.as_ref().map(|(asked, _)| asked);
    if sent.is_none() && asked.is_none() {
        return false;
    }
    let (then, now) = (sent.map(fields), asked.map(fields));
    let before = differences.len();
    for (at, field) in FIELDS.into_iter().enumerate() {
        let of =
            |fields: &Option<[Option<String>; 7]>| fields.as_ref().and_then(|all| all[at].clone());
        let (then, now) = (of(&then), of(&now));
        if then != now {
            differences.push(Difference::Request { field, then, now });
        }
    }
    differences.len() > before && sent.is_some()
}

const FIELDS: [&str; 7] = [
    "Destination",
    "AuthnContextClassRef",
    "Comparison",
    "RelayState",
    "RequesterID",
    "ForceAuthn",
    "peer",
];

fn fields(exchange: &Exchange) -> [Option<String>; 7] {
    let document = Document::parse(exchange.xml.as_bytes()).ok();
    let root = document.as_ref().map(Document::root);
    let attribute = |name| {
        root.and_then(|root| root.attribute(name))
            .map(str::to_owned)
    };
    let context = root.and_then(|root| root.child(SAMLP, "RequestedAuthnContext"));
    let refs: Vec<String> = context
        .iter()
        .flat_map(|context| context.elements())
        .filter(|node| node.is(SAML, "AuthnContextClassRef"))
        .filter_map(|node| Some(node.text()?.trim().to_owned()))
        .collect();
    let requester = root.and_then(|root| root.child(SAMLP, "Scoping")?.child(SAMLP, "RequesterID"));
    [
        attribute("Destination"),
        (!refs.is_empty()).then(|| refs.join(" ")),
        context
            .and_then(|context| context.attribute("Comparison"))
            .map(str::to_owned),
        exchange.relay_state.as_deref().map(without_handle),
        requester
            .and_then(|node| node.text())
            .map(|text| text.trim().to_owned()),
        attribute("ForceAuthn"),
        exchange.peer.clone(),
    ]
}

/// Rows of a message. Of a masked one only how they went: what was found is masked.
fn checks(
    file: &File,
    place: usize,
    judged: &Exchange,
    differences: &mut Vec<Difference>,
    left: &[Left],
) {
    let recorded = &file.flow.content.exchanges[place].checks;
    let envelope = left.contains(&Left::Envelope) && judged.leg == Leg::IdentityProvider;
    let of =
        |rows: &[Row], wanted: &Row| rows.iter().find(|row| row.check == wanted.check).cloned();
    let mut rows: Vec<Row> = recorded.iter().chain(&judged.checks).cloned().collect();
    rows.sort_by_key(|row| row.check);
    rows.dedup_by_key(|row| row.check);
    for row in rows {
        let masked = file.is_masked() && BROKEN.contains(&row.check);
        let put_in = envelope && BROKEN[4..9].contains(&row.check);
        if masked || put_in {
            continue;
        }
        let (then, now) = (of(recorded, &row), of(&judged.checks, &row));
        let same = match (&then, &now) {
            (Some(then), Some(now)) if file.is_masked() => then.outcome == now.outcome,
            _ => then == now,
        };
        if !same {
            differences.push(Difference::Check {
                message: place + 1,
                check: row.check.info().id,
                then: then.map(told),
                now: now.map(told),
            });
        }
    }
}

fn told(row: Row) -> Judged {
    Judged {
        outcome: row.outcome,
        found: row.found.into_owned(),
        expected: row.expected.into_owned(),
    }
}

/// What is drawn for each login says nothing.
fn without_handle(text: &str) -> String {
    let parts = text.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let parts = parts.map(|part| {
        let word = part.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        let handle = FlowId::parse(word).is_some() || word.starts_with("relay-state-");
        match handle {
            true => format!("{{handle}}{}", &part[word.len()..]),
            false => part.to_owned(),
        }
    });
    parts.collect()
}

fn words(left: Left) -> (&'static str, &'static str) {
    match left {
        Left::Truncated => (
            "noget af forløbet er udeladt: det var større, end hubben gemmer",
            "something of the flow was left out: it was larger than what the hub keeps",
        ),
        Left::NoRequest => (
            "forløbet har ingen anmodning fra et system, så intet kan spilles igen",
            "the flow has no request of a system, so nothing can be played again",
        ),
        Left::Masked => (
            "underskrifter, kryptering, NameID og roller: pakken er maskeret; brug formen plain",
            "signatures, encryption, NameID and roles: the bundle is masked; use the form plain",
        ),
        Left::Unreadable => (
            "en besked, som maskeringen ikke lod noget tilbage af; det, der blev sagt om den, står ved magt",
            "a message of which masking left nothing; what was said of it stands",
        ),
        Left::Envelope => (
            "underskriften om den krypterede assertion: ingen har hubbens nøgle her, så assertionen er sat ind i klartekst",
            "the signature around the encrypted assertion: nobody has the hub's key here, so the assertion was put in in clear",
        ),
        Left::Event => (
            "afslutningen: den hang på noget, der skete, og ikke på det registrerede",
            "the end: it hung on something that happened, and not on what is registered",
        ),
        Left::FormerQuestion => (
            "IdP'ens svar på det nye spørgsmål: det optagne svar er på det gamle",
            "the IdP's answer to the new question: the recorded answer is to the former one",
        ),
        Left::Logout => (
            "forløbet er et logout: det hænger på sessioner, som ingen pakke har, så det spilles ikke igen",
            "the flow is a logout: it hangs on sessions that no bundle has, so it is not played again",
        ),
        Left::Session => (
            "loginet kom fra en session i hubben, som ingen pakke har, så det spilles ikke igen",
            "the login came from a session at the hub, which no bundle has, so it is not played again",
        ),
        Left::Chooser => (
            "brugerens valg: ingen har valgt en IdP",
            "the user's choice: nobody chose an IdP",
        ),
    }
}
