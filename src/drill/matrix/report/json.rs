//! The matrix for scripts: findings in the form that every command has, then the groups of equal cells.

use super::{Comparison, Report, view};
use crate::drill::matrix::baseline::STALE;
use crate::drill::matrix::{Cell, Fate, Finding, Grid, Matrix, Standing, advice, report};
use crate::hub::{Actor, Decision, IdentityProvider};
use crate::oiosaml::{Level, RequestProfile};
use crate::saml;
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Serialize)]
struct Object {
    summary: Value,
    findings: Vec<Said>,
    groups: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    profiles: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recommendation: Option<Value>,
    people: Vec<Value>,
    enrol: Vec<Value>,
    generations: Vec<Value>,
    systems: Vec<Value>,
}

#[derive(Serialize)]
struct Said {
    id: &'static str,
    severity: &'static str,
    actor: Actor,
    title_da: &'static str,
    title_en: &'static str,
    found: String,
    expected: String,
    #[serde(rename = "where")]
    place: String,
    known: bool,
}

/// The object of the contract, and the groups.
pub fn json(report: &Report<'_>) -> Result<String, serde_json::Error> {
    let (matrix, grid) = (report.matrix, &report.matrix.grid);
    let mut findings: Vec<Said> = report
        .findings
        .iter()
        .map(|finding| said(report, finding))
        .collect();
    findings.extend(stale(report.comparison));
    let count = |severity| {
        findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let standings =
        Standing::ALL.map(|standing| (standing.word().to_owned(), grid.count(standing).into()));
    let object = Object {
        summary: json!({
            "errors": count("error"),
            "warnings": count("warning"),
            "systems": grid.needs.iter().map(|need| need.systems.len()).sum::<usize>(),
            "identity_providers": grid.idps.iter().map(|idp| idp.idps.len()).sum::<usize>(),
            "ways": grid.pairs(),
            "standings": serde_json::Map::from_iter(standings),
        }),
        groups: groups(matrix),
        profiles: matrix
            .one
            .map_or_else(Vec::new, |idp| profiles(matrix, idp)),
        recommendation: matrix.one.map(|idp| recommendation(matrix, idp)),
        people: people(matrix, grid),
        enrol: enrol(matrix),
        generations: generations(matrix),
        systems: systems(matrix),
        findings,
    };
    Ok(serde_json::to_string_pretty(&object)? + "\n")
}

fn said(report: &Report<'_>, finding: &Finding<'_>) -> Said {
    let about = finding.kind.about();
    let t = report::phrases::Text::of(crate::edge::page::Language::English);
    let systems = finding.need.map(|need| need.names().join(", "));
    let found = finding.fate.as_ref().map_or_else(
        || {
            format!(
                "{} at {}",
                systems.clone().unwrap_or_default(),
                finding.idp.oiosaml_profile.as_str()
            )
        },
        |fate| {
            let systems = systems.clone().unwrap_or_default();
            format!("{systems}: {}", report::words::fate(fate, t))
        },
    );
    Said {
        id: about.id,
        severity: if about.error { "error" } else { "warning" },
        actor: about.actor,
        title_da: about.title.0,
        title_en: about.title.1,
        found,
        expected: about.remedy.1.to_owned(),
        place: finding.place(),
        known: report
            .comparison
            .is_some_and(|comparison| comparison.baseline.knows(finding)),
    }
}

fn stale(comparison: Option<&Comparison<'_>>) -> Vec<Said> {
    let stale = comparison.map_or(&[][..], |comparison| &comparison.stale);
    let said = stale.iter().map(|entry| Said {
        id: STALE,
        severity: "error",
        actor: Actor::Registration,
        title_da: "En linje i baseline passer ikke længere",
        title_en: "A line of the baseline no longer holds",
        found: format!("{} {}", entry.id, entry.place),
        expected: "write the baseline anew".to_owned(),
        place: entry.place.clone(),
        known: false,
    });
    said.collect()
}

fn groups(matrix: &Matrix<'_>) -> Vec<Value> {
    let todays = matrix.grid.todays();
    let groups = todays.map(|(need, idp, cell)| {
        json!({
            "required": need.required,
            "generation": if need.enforced { 2 } else { 1 },
            "systems": need.names(),
            "idps": idp.names(),
            "profile": idp.profile.as_str(),
            "cell": view_of(cell),
        })
    });
    groups.collect()
}

fn view_of(cell: &Cell) -> Value {
    let sent = cell.sent.as_ref();
    json!({
        "class_ref": sent.ok().and_then(|sent| sent.class_ref.as_deref()),
        "comparison": sent.ok().and_then(|sent| sent.comparison.map(saml::Comparison::as_str)),
        "relay_state": sent.ok().map(|sent| &sent.relay_state),
        "requester_id": sent.ok().and_then(|sent| sent.requester_id.as_deref()),
        "refused": sent.err().map(|check| check.info().id),
        "standing": cell.standing.word(),
        "rules": rules(&cell.rules),
    })
}

fn rules(rules: &[Decision]) -> Vec<Value> {
    let rules = rules.iter().map(|rule| {
        json!({ "rule": rule.rule, "input": rule.input, "result": rule.result, "source": rule.source })
    });
    rules.collect()
}

fn profiles(matrix: &Matrix<'_>, idp: &IdentityProvider) -> Vec<Value> {
    let grid = Grid::of_levels([idp], matrix.settings);
    let mut profiles = Vec::new();
    for (p, profile) in RequestProfile::ALL.into_iter().enumerate() {
        for (n, level) in grid.needs.iter().enumerate() {
            let Some(cell) = grid.cells(n, 0).and_then(|cells| cells.get(p)) else {
                continue;
            };
            let fates = matrix.fates_in(&grid, n, 0, idp, profile);
            let fates = fates.iter().map(|(person, fate)| {
                json!({ "person": person.id, "fate": fate.word(), "level": level_of(fate) })
            });
            profiles.push(json!({
                "profile": profile.as_str(),
                "registered": profile == idp.oiosaml_profile,
                "required": level.required,
                "cell": view_of(cell),
                "people": fates.collect::<Vec<_>>(),
            }));
        }
    }
    profiles
}

fn level_of(fate: &Fate) -> Option<Level> {
    match fate {
        Fate::Passes { level, .. }
        | Fate::UnderAssured { level }
        | Fate::RefusedByHub { level, .. } => *level,
        Fate::RefusedByIdp(_) | Fate::Stuck(_) | Fate::NotAsked(_) => None,
    }
}

fn recommendation(matrix: &Matrix<'_>, idp: &IdentityProvider) -> Value {
    let mut groups = matrix.grid.idps.iter();
    let index = groups.position(|group| group.idps.iter().any(|known| known.name == idp.name));
    let advice = advice(matrix, index.unwrap_or_default(), idp);
    let tried = advice.tried.iter().map(|tried| {
        json!({
            "profile": tried.profile.as_str(),
            "all": tried.all,
            "working": tried.working,
            "under_assured": tried.under,
        })
    });
    json!({
        "counted": if advice.people { "logins" } else { "systems" },
        "profile": advice.best.map(RequestProfile::as_str),
        "tried": tried.collect::<Vec<_>>(),
    })
}

fn people(matrix: &Matrix<'_>, grid: &Grid<'_>) -> Vec<Value> {
    let mut people = Vec::new();
    for (n, need) in grid.needs.iter().enumerate() {
        for (i, group) in grid.idps.iter().enumerate() {
            for idp in &group.idps {
                for (person, fate) in matrix.fates(grid, n, i, idp) {
                    people.push(json!({
                        "required": need.required,
                        "systems": need.names(),
                        "idp": idp.name,
                        "person": person.id,
                        "fate": fate.word(),
                        "level": level_of(&fate),
                    }));
                }
            }
        }
    }
    people
}

fn enrol(matrix: &Matrix<'_>) -> Vec<Value> {
    let list = view::to_enrol(matrix);
    let list = list.iter().map(|entry| {
        json!({
            "idp": entry.idp.name,
            "person": entry.person.id,
            "lacks": entry.lacks.word(),
            "systems": entry.systems,
        })
    });
    list.collect()
}

fn generations(matrix: &Matrix<'_>) -> Vec<Value> {
    let one = matrix.grid.in_generation(false, matrix.settings);
    let two = matrix.grid.in_generation(true, matrix.settings);
    let mut list = Vec::new();
    for (n, need) in two.needs.iter().enumerate() {
        for (i, group) in two.idps.iter().enumerate() {
            let (Some(before), Some(after)) = (one.today(n, i), two.today(n, i)) else {
                continue;
            };
            let mut people = Vec::new();
            for idp in &group.idps {
                let was = matrix.fates(&one, n, i, idp);
                for ((person, was), (_, will)) in was.into_iter().zip(matrix.fates(&two, n, i, idp))
                {
                    if was.word() != will.word() {
                        people.push(json!({
                            "idp": idp.name,
                            "person": person.id,
                            "one": was.word(),
                            "two": will.word(),
                            "actor": will.actor(),
                        }));
                    }
                }
            }
            list.push(json!({
                "required": need.required,
                "systems": need.names(),
                "idps": group.names(),
                "message_changes": before.sent != after.sent,
                "one": view_of(before),
                "two": view_of(after),
                "outcomes_that_change": people,
            }));
        }
    }
    list
}

fn systems(matrix: &Matrix<'_>) -> Vec<Value> {
    let two = matrix.grid.in_generation(true, matrix.settings);
    let mut systems = Vec::new();
    for (n, need) in two.needs.iter().enumerate() {
        let english = report::phrases::Text::of(crate::edge::page::Language::English);
        let not_ready = view::not_ready(matrix, &two, n, english);
        for system in &need.systems {
            systems.push(json!({
                "name": system.name,
                "title": system.presentation_name,
                "required": system.required_level,
                "nist_3_or_higher": view::needs_second_factor(system.required_level),
                "generation": if system.generation.is_two(matrix.now) { 2 } else { 1 },
                "generation_2_from": match system.generation {
                    crate::hub::federation::Generation::OneUntil(date) => Some(date.to_string()),
                    _ => None,
                },
                "not_ready": not_ready,
            }));
        }
    }
    systems
}
