//! The keys that a plan needs, of those that there are.

use super::ask::Refused;
use super::player::Parts;
use super::renewed::renewed;
use crate::hub::keys::{HubKeys, KeyPair, KeyRing};
use crate::hub::rollover::{Moves, Objection, Pair, Plan, Subject};

/// The hub's rings as the plan needs them. A task without a next pair keeps the one that it has; where there is none for
/// any of them, there is nothing to play.
pub(super) fn of_hub(plan: &Plan, parts: &Parts, hub: &HubKeys) -> Result<HubKeys, Refused> {
    let mut keys = hub.clone();
    if plan.subject != Subject::Hub {
        return Ok(keys);
    }
    let roles = [&mut keys.idp, &mut keys.sp];
    let rings = roles.map(|role| [&mut role.signing, &mut role.encryption]);
    let mut made: Vec<(String, KeyPair)> = Vec::new();
    for ring in rings.into_iter().flatten() {
        renew(plan, parts, ring, &mut made)?;
    }
    if keys.rings().iter().all(|ring| ring.next.is_none()) {
        let tasks = |pick: fn((&'static str, &'static str)) -> &'static str| {
            let tasks = Moves::ALL.tasks().map(|(_, task)| pick(task));
            tasks.join("; ")
        };
        let (da, en) = (tasks(|task| task.0), tasks(|task| task.1));
        return Err(Refused::new(
            format!(
                "hubben har ingen næste nøgle til nogen opgave ({da}): tilføj den i [[hub.keys]] med generation = \"next\", og start igen"
            ),
            format!(
                "the hub has no next key for any task ({en}): add it as [[hub.keys]] with generation = \"next\", and start again"
            ),
        ));
    }
    let mut objections: Vec<(Objection, Vec<(&str, &str)>)> = Vec::new();
    for (ring, (_, task)) in keys.rings().into_iter().zip(Moves::ALL.tasks()) {
        for objection in against(plan, parts, ring) {
            match objections.iter_mut().find(|(known, _)| *known == objection) {
                Some((_, tasks)) => tasks.push(task),
                None => objections.push((objection, vec![task])),
            }
        }
    }
    match objections.is_empty() {
        true => Ok(keys),
        false => {
            let da = objections.iter().map(|(objection, tasks)| {
                let tasks: Vec<&str> = tasks.iter().map(|task| task.0).collect();
                told(&tasks, objection.what().0, objection.help(&plan.subject).0)
            });
            let en = objections.iter().map(|(objection, tasks)| {
                let tasks: Vec<&str> = tasks.iter().map(|task| task.1).collect();
                told(&tasks, objection.what().1, objection.help(&plan.subject).1)
            });
            Err(Refused::new(
                da.collect::<Vec<_>>().join("\n"),
                en.collect::<Vec<_>>().join("\n"),
            ))
        }
    }
}

fn told(tasks: &[&str], what: String, help: String) -> String {
    match tasks.len() == Moves::ALL.tasks().len() {
        true => format!("{what}: {help}"),
        false => format!("{}: {what}: {help}", tasks.join("; ")),
    }
}

/// What speaks against a ring, where it changes. Of what is invented nothing does; and that a certificate really ends at
/// another time than in the plan is what an expiry is played for.
fn against(plan: &Plan, parts: &Parts, ring: &KeyRing) -> Vec<Objection> {
    let mut objections = match ring.next.is_some() && !parts.invented {
        true => Pair::of(ring).objections(plan),
        false => Vec::new(),
    };
    objections.retain(|objection| !matches!(objection, Objection::EndsElsewhere(..)));
    objections
}

/// The ring of an invented party as the plan needs it.
pub(super) fn of_party(
    plan: &Plan,
    parts: &Parts,
    name: &str,
    ring: &KeyRing,
) -> Result<KeyRing, Refused> {
    let mut ring = ring.clone();
    renew(plan, parts, &mut ring, &mut Vec::new())?;
    if ring.next.is_none() {
        return Err(Refused::new(
            format!(
                "{name} har ingen næste nøgle: dens nøgler er testnøgler, som følger med Vejviser (certs/*-next.pem); vælg en part, der har en"
            ),
            format!(
                "{name} has no next key: its keys are test keys that come with Vejviser (certs/*-next.pem); choose a party that has one"
            ),
        ));
    }
    if plan.uses_previous() && ring.previous.is_none() {
        return Err(Refused::new(
            format!(
                "{name} har ingen forrige nøgle: testnøglerne har kun den nuværende og den næste; skriv active eller next"
            ),
            format!(
                "{name} has no previous key: test keys are of the present and the next generation only; say active or next"
            ),
        ));
    }
    Ok(ring)
}

/// A demo has no certificates on old keys, so one is made; one for all rings that have the same active pair.
fn renew(
    plan: &Plan,
    parts: &Parts,
    ring: &mut KeyRing,
    made: &mut Vec<(String, KeyPair)>,
) -> Result<(), Refused> {
    let fits = Pair::of(ring).on_one_key() == Some(true);
    if !plan.same_key || !parts.invented || fits {
        return Ok(());
    }
    let active = ring.active.certificate.fingerprint();
    if let Some((_, next)) = made.iter().find(|(of, _)| *of == active) {
        ring.next = Some(next.clone());
        return Ok(());
    }
    let next = renewed(&ring.active, plan.window.from).map_err(|error| {
        Refused::new(
            format!("certifikatet kan ikke fornyes: {error}"),
            format!("the certificate cannot be renewed: {error}"),
        )
    })?;
    made.push((active, next.clone()));
    ring.next = Some(next);
    Ok(())
}
