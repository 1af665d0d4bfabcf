//! The report for scripts.

use super::phrases::Text;
use super::view::{Downtime, title};
use super::{Change, Report, key, rfc3339};
use crate::drill::rehearsal::words::{self, Who};
use crate::drill::rehearsal::{Line, Moment, Proof, Run, Situation};
use crate::edge::page::Language;
use crate::hub::Actor;
use crate::hub::keys::Generation;
use crate::hub::rollover::{Action, Holding, Outage, Plan, Step};
use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;

#[derive(Serialize)]
struct Object {
    summary: Summary,
    findings: Vec<Finding>,
    runs: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<Value>,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    runs: usize,
    runs_with_outages: usize,
}

#[derive(Serialize)]
struct Finding {
    id: &'static str,
    severity: &'static str,
    actor: Actor,
    title_da: &'static str,
    title_en: &'static str,
    found: String,
    expected: String,
    #[serde(rename = "where")]
    place: String,
}

/// The object of the contract, and the runs.
pub fn json(report: &Report<'_>) -> Result<String, serde_json::Error> {
    let findings: Vec<Finding> = report
        .runs
        .iter()
        .flat_map(|run| findings(report, run))
        .collect();
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == "error")
        .count();
    let object = Object {
        summary: Summary {
            errors,
            warnings: findings.len() - errors,
            runs: report.runs.len(),
            runs_with_outages: report.runs.iter().filter(|run| run.anyone_down()).count(),
        },
        runs: report
            .runs
            .iter()
            .map(|run| self::run(report, run))
            .collect(),
        baseline: report.comparison.map(|comparison| {
            json!({
                "file": comparison.file,
                "worse": comparison.worse.iter().map(change).collect::<Vec<_>>(),
                "better": comparison.better.iter().map(change).collect::<Vec<_>>(),
                "unchanged": comparison.unchanged,
                "not_rehearsed": comparison.missing,
            })
        }),
        findings,
    };
    Ok(serde_json::to_string_pretty(&object)? + "\n")
}

/// A finding for each outage, for each party of unknown habits that goes down, and for a proof that failed.
fn findings(report: &Report<'_>, run: &Run) -> Vec<Finding> {
    let mut findings = Vec::new();
    for line in &run.parties {
        let place = format!("{}: {}", run.plan.name, key(line));
        findings.extend(
            line.outages
                .iter()
                .map(|outage| down(report, run, line, outage, &place)),
        );
        if !line.party.model.stated && !line.outages.is_empty() {
            findings.push(Finding {
                id: "rollover::habits-unknown",
                severity: "warning",
                actor: words::actor(Who::Holder, &line.party, &run.plan),
                title_da: "Ingen har oplyst, hvordan parten skifter certifikat",
                title_en: "Nobody has said how the party takes over certificates",
                found: "no habits are stated; the worst is assumed".to_owned(),
                expected: "the party says how and when it takes over a new certificate".to_owned(),
                place,
            });
        }
    }
    findings.extend(run.proof.disagreements.iter().map(|situation| Finding {
        id: "rollover::proof-disagrees",
        severity: "error",
        actor: Actor::Hub,
        title_da: "Et rigtigt login gik anderledes end beregnet: en fejl i Vejviser",
        title_en: "A real login ended otherwise than computed: a defect of Vejviser",
        found: format!("{situation:?}"),
        expected: format!(
            "the login {}",
            if situation.works() { "works" } else { "fails" }
        ),
        place: run.plan.name.clone(),
    }));
    findings
}

fn down(report: &Report<'_>, run: &Run, line: &Line, outage: &Outage, place: &str) -> Finding {
    let (title_da, title_en) = words::title(outage.cause);
    let file = report.file(run);
    let said = words::explain(
        outage,
        &line.party,
        &run.plan,
        &run.changer,
        &file,
        Language::English,
    );
    let who = said.now.first().map_or(Who::Holder, |duty| duty.who);
    let to = outage
        .to
        .map_or_else(|| "beyond the end of the rehearsal".to_owned(), rfc3339);
    let expected: Vec<String> = said.before.into_iter().map(|duty| duty.text).collect();
    Finding {
        id: outage.cause.id(),
        severity: "error",
        actor: words::actor(who, &line.party, &run.plan),
        title_da,
        title_en,
        found: format!(
            "{} is down from {} to {to}",
            line.party.title,
            rfc3339(outage.from)
        ),
        expected: expected.join(" "),
        place: place.to_owned(),
    }
}

fn run(report: &Report<'_>, run: &Run) -> Value {
    json!({
        "plan": plan(report, run),
        "moments": run.moments.iter().map(moment).collect::<Vec<_>>(),
        "parties": run.parties.iter().map(|line| party(report, run, line)).collect::<Vec<_>>(),
        "proof": proof(&run.proof),
    })
}

fn plan(report: &Report<'_>, run: &Run) -> Value {
    let plan: &Plan = &run.plan;
    let (from, to) = plan.horizon();
    json!({
        "name": plan.name,
        "title_da": title(run, Text::of(Language::Danish)),
        "title_en": title(run, Text::of(Language::English)),
        "environment": plan.environment,
        "subject": plan.subject.word(),
        "subject_title": run.changer,
        "strategy": plan.strategy.map(|strategy| strategy.word()),
        "same_key": plan.same_key,
        "keys_changed": {
            "idp_signing": plan.moves.idp_signing,
            "idp_encryption": plan.moves.idp_encryption,
            "sp_signing": plan.moves.sp_signing,
            "sp_encryption": plan.moves.sp_encryption,
        },
        "window": { "from": rfc3339(plan.window.from), "to": rfc3339(plan.window.to) },
        "horizon": { "from": rfc3339(from), "to": rfc3339(to) },
        "file": report.file(run),
        "steps": plan.steps.iter().map(step).collect::<Vec<_>>(),
    })
}

fn step(step: &Step) -> Value {
    let mut value = json!({ "at": rfc3339(step.at), "action": step.action.word() });
    let more = match &step.action {
        Action::Show(shows) => json!({
            "signing": generations(&shows.signing),
            "encryption": generations(&shows.encryption),
            "without_use": shows.without_use,
        }),
        Action::Sign(generation) => json!({ "with": generation.word() }),
        Action::Decrypt(with) => json!({ "with": generations(with) }),
        Action::Announce | Action::HandOut | Action::Expire | Action::RollBack => Value::Null,
    };
    if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
        value.extend(more);
    }
    value
}

fn moment(moment: &Moment) -> Value {
    json!({
        "at": rfc3339(moment.at),
        "steps": moment.steps.iter().map(|step| step.action.word()).collect::<Vec<_>>(),
        "working": moment.working,
        "tried": moment.tried,
    })
}

fn party(report: &Report<'_>, run: &Run, line: &Line) -> Value {
    let time = Downtime::of(line, run.plan.horizon().1);
    json!({
        "id": key(line),
        "title": line.party.title,
        "contact": line.party.contact,
        "habits_stated": line.party.model.stated,
        "updates": updates(line),
        "seconds_down": time.span.whole_seconds(),
        "recovers": !time.open,
        "down": line.down().iter().map(|down| json!({
            "from": rfc3339(down.from),
            "to": down.to.map(rfc3339),
        })).collect::<Vec<_>>(),
        "outages": line.outages.iter().map(|outage| self::outage(report, run, line, outage)).collect::<Vec<_>>(),
    })
}

/// What the party took over, where it was not what it held already.
fn updates(line: &Line) -> Vec<Value> {
    let mut last = None;
    let mut updates = Vec::new();
    for update in &line.updates {
        if last != Some(&update.holding) {
            updates.push(held(update.at, &update.holding));
        }
        last = Some(&update.holding);
    }
    updates
}

fn held(at: OffsetDateTime, holding: &Holding) -> Value {
    json!({
        "at": rfc3339(at),
        "signing": generations(&holding.signing),
        "encryption": holding.encryption.map(Generation::word),
    })
}

fn outage(report: &Report<'_>, run: &Run, line: &Line, outage: &Outage) -> Value {
    let file = report.file(run);
    let said = |language| {
        let said = words::explain(
            outage,
            &line.party,
            &run.plan,
            &run.changer,
            &file,
            language,
        );
        let duties = |duties: Vec<words::Duty>| {
            let duties = duties.into_iter().map(|duty| {
                json!({
                    "actor": words::actor(duty.who, &line.party, &run.plan),
                    "task": duty.text,
                })
            });
            duties.collect::<Vec<_>>()
        };
        json!({ "what": said.what, "now": duties(said.now), "prevention": duties(said.before) })
    };
    json!({
        "from": rfc3339(outage.from),
        "to": outage.to.map(rfc3339),
        "cause": outage.cause.id(),
        "da": said(Language::Danish),
        "en": said(Language::English),
    })
}

fn proof(proof: &Proof) -> Value {
    json!({
        "logins": proof.logins,
        "keys": "stand-ins of the shipped test PKI",
        "disagreements": proof.disagreements.iter().map(situation).collect::<Vec<_>>(),
    })
}

fn situation(situation: &Situation) -> Value {
    json!({
        "signs": situation.signs.word(),
        "decrypts": generations(&situation.decrypts),
        "trusts": situation.trusts.as_ref().map(|trusted| generations(trusted)),
        "encrypts_to": situation.encrypts_to.map(Generation::word),
        "computed": if situation.works() { "works" } else { "fails" },
    })
}

fn change(change: &Change) -> Value {
    let (before, after) = change.seconds();
    json!({
        "plan": change.plan,
        "subject": change.subject,
        "party": change.party,
        "seconds_down_before": before,
        "seconds_down": after,
    })
}

fn generations(generations: &[Generation]) -> Vec<&'static str> {
    generations
        .iter()
        .map(|generation| generation.word())
        .collect()
}
