//! `vejviser flows replay`.

use super::args::ReplayArgs;
use crate::cli::args::Format;
use crate::cli::{Failure, demo, federation, registered, talk};
use crate::drill::replay::{
    Difference, Given, Judged, MAX_BUNDLE, Outcome, Replay, Unreadable, read, replay,
};
use crate::hub::{Actor, Check, RowOutcome};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Read as _;

/// Runs it: exit code 1 where something would differ.
pub fn run(args: &ReplayArgs) -> Result<(), Failure> {
    let bytes = bundle(args)?;
    let file = read(&bytes).map_err(|Unreadable(danish, english)| {
        Failure::Configuration(talk::plain(&format!(
            "error: {}: {danish} / {english}",
            args.bundle.display()
        )))
    })?;
    let moment = file.flow.started;
    let base = Some(file.hub.public_url.as_str());
    let known = federation::read_for(args.config.as_deref(), base, moment)?;
    let mut parties = registered::content(&known, moment)?.federation();
    parties
        .test_systems
        .clone_from(&known.loaded.federation.test_systems);
    let keys = match &known.loaded.keys {
        Some(keys) => keys.clone(),
        None => demo::hub_keys().map_err(Failure::CouldNotRun)?,
    };
    let given = Given {
        federation: parties,
        settings: known.loaded.settings.clone(),
        keys,
    };
    let told = replay(&file, &given);
    talk::result(&match args.format {
        Format::Human => human(&told),
        Format::Json => in_json(&told),
    });
    match told.differs() {
        true => Err(Failure::Findings(String::new())),
        false => Ok(()),
    }
}

fn bundle(args: &ReplayArgs) -> Result<Vec<u8>, Failure> {
    let failed = |error: &std::io::Error| {
        Failure::Usage(format!("error: {}: {error}", args.bundle.display()))
    };
    let file = std::fs::File::open(&args.bundle).map_err(|error| failed(&error))?;
    let mut bytes = Vec::new();
    let most = MAX_BUNDLE as u64 + 1;
    file.take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| failed(&error))?;
    Ok(bytes)
}

fn human(told: &Replay) -> String {
    let mut out = format!("{} ({})\n", told.flow, told.form);
    let _ = writeln!(out, "før / then: {}", outcome(&told.then));
    let _ = writeln!(out, "nu / now:   {}", outcome(&told.now));
    if !told.differs() {
        out += "\nintet er anderledes / nothing differs\n";
    } else if !told.differences.is_empty() {
        out += "\nanderledes / differs:\n";
    }
    for difference in &told.differences {
        let (what, then, now) = parts(difference);
        let _ = writeln!(
            out,
            "  {what}\n    før / then: {}\n    nu / now:   {}",
            or_none(then),
            or_none(now)
        );
    }
    if !told.not_judged.is_empty() {
        out += "\nikke afgjort / not judged:\n";
    }
    for (danish, english) in &told.not_judged {
        let _ = writeln!(out, "  {danish}\n  {english}");
    }
    let lines = out.lines().map(talk::plain);
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn or_none(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".to_owned())
}

fn outcome(outcome: &Outcome) -> String {
    let word = match outcome.outcome {
        "logged-in" => "logget ind / logged in",
        "refused" => "afvist / refused",
        "logged-out" => "logget ud / logged out",
        "partial-logout" => "delvist logget ud / partly logged out",
        _ => "venter på IdP eller bruger / waits for IdP or user",
    };
    let mut out = word.to_owned();
    if let Some(check) = outcome.check {
        let _ = write!(out, " ({check})");
    }
    if let (Some(cause), Some(actor)) = (outcome.cause, outcome.actor) {
        let (danish, english) = actor.text();
        let _ = write!(out, "; {cause}: {danish} / {english}");
    }
    out
}

/// What differs, how it was and how it would be.
fn parts(difference: &Difference) -> (String, Option<String>, Option<String>) {
    match difference {
        Difference::Decision { rule, then, now } => (rule.clone(), then.clone(), now.clone()),
        Difference::Request { field, then, now } => (
            format!("AuthnRequest til IdP'en / to the IdP: {field}"),
            then.clone(),
            now.clone(),
        ),
        Difference::Check {
            message,
            check,
            then,
            now,
        } => {
            let told = |row: &Judged| {
                let word = match row.outcome {
                    RowOutcome::Pass => "pass",
                    RowOutcome::Fail => "fail",
                    RowOutcome::Warn => "warn",
                    RowOutcome::Skip => "skip",
                };
                format!(
                    "{word}; fundet / found: {}; krav / expected: {}",
                    row.found, row.expected
                )
            };
            (
                format!("{check} (besked / message {message})"),
                then.as_ref().map(told),
                now.as_ref().map(told),
            )
        }
    }
}

/// In the form of all findings, and beside it in a form of its own.
fn in_json(told: &Replay) -> String {
    let findings: Vec<Value> = told.differences.iter().map(finding).collect();
    let json = json!({
        "summary": { "flow": told.flow, "form": told.form, "differs": told.differs(), "findings": findings.len() },
        "findings": findings,
        "then": told.then,
        "now": told.now,
        "differences": told.differences,
        "not_judged": told.not_judged.iter().map(|(da, en)| json!({ "da": da, "en": en })).collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&json).unwrap_or_default() + "\n"
}

fn finding(difference: &Difference) -> Value {
    let (_, then, now) = parts(difference);
    let (id, place, titles, actor) = match difference {
        Difference::Decision { rule, .. } => (
            rule.as_str(),
            "decisions".to_owned(),
            ("En afgørelse er en anden", "A decision is another one"),
            Actor::Registration,
        ),
        Difference::Request { field, .. } => (
            *field,
            "request".to_owned(),
            (
                "IdP'en bliver spurgt på en anden måde",
                "The IdP is asked otherwise",
            ),
            Actor::Registration,
        ),
        Difference::Check { message, check, .. } => {
            let info = Check::named(check).map(Check::info);
            (
                *check,
                format!("messages/{message}"),
                ("En kontrol falder anderledes ud", "A check goes otherwise"),
                info.map_or(Actor::Registration, |info| info.actor),
            )
        }
    };
    json!({
        "id": id, "severity": "info", "actor": actor, "title_da": titles.0, "title_en": titles.1,
        "found": now, "expected": then, "where": place,
    })
}
