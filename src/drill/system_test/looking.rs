//! Cases about what the system sends and publishes.

use super::login::Scene;
use super::recipe::At;
use super::run::{Learned, Seen};
use super::said::said;
use crate::hub::lint::Severity;
use std::collections::BTreeSet;

/// SAML bindings §3.4.3.
const LONGEST_RELAY_STATE: usize = 80;
/// Characters of an id that nobody guesses, at least: 64 bits in hexadecimal digits.
const SHORTEST_ID: usize = 16;

pub(super) fn judge(scene: Scene<'_>, at: At, learned: &Learned) -> Seen {
    match at {
        At::Errors => metadata(scene, Severity::Error),
        At::Warnings => metadata(scene, Severity::Warning),
        At::Request => {
            let remarks: Vec<&str> = learned.remarks.iter().map(String::as_str).collect();
            let none = said("ingen anmærkninger", "no remarks");
            let found = match remarks.is_empty() {
                true => none.clone(),
                false => said(remarks.join("; "), remarks.join("; ")),
            };
            Seen::judged(remarks.is_empty(), found, none)
        }
        At::Ids => ids(learned),
        At::RelayState => {
            let longest = learned.requests.iter().map(|(_, length)| *length).max();
            let longest = longest.unwrap_or(0);
            Seen::judged(
                longest <= LONGEST_RELAY_STATE,
                said(format!("{longest} bytes"), format!("{longest} bytes")),
                said(
                    format!("højst {LONGEST_RELAY_STATE} bytes"),
                    format!("at most {LONGEST_RELAY_STATE} bytes"),
                ),
            )
        }
    }
}

fn metadata(scene: Scene<'_>, severity: Severity) -> Seen {
    let findings = scene.target.linted.findings.iter();
    let broken = findings.filter(|finding| finding.info().severity == severity);
    let told = |language: fn(&crate::hub::lint::Finding) -> &'static str| {
        let broken = broken.clone();
        let all: Vec<String> = broken
            .map(|finding| format!("{}: {}", finding.info().id, language(finding)))
            .collect();
        all.join("; ")
    };
    let none = match severity {
        Severity::Error => said("ingen fejl", "no errors"),
        _ => said("ingen advarsler", "no warnings"),
    };
    let clean = broken.clone().next().is_none();
    let found = match clean {
        true => none.clone(),
        false => said(
            told(|finding| finding.info().title.0),
            told(|finding| finding.info().title.1),
        ),
    };
    let metadata = broken.cloned().collect();
    Seen {
        metadata,
        ..Seen::judged(clean, found, none)
    }
}

fn ids(learned: &Learned) -> Seen {
    let ids: BTreeSet<&str> = learned.requests.iter().map(|(id, _)| id.as_str()).collect();
    let (all, different) = (learned.requests.len(), ids.len());
    let shortest = ids.iter().map(|id| id.chars().count()).min().unwrap_or(0);
    Seen::judged(
        all == different && shortest >= SHORTEST_ID,
        said(
            format!("{different} forskellige af {all}, det korteste på {shortest} tegn"),
            format!("{different} different of {all}, the shortest of {shortest} characters"),
        ),
        said(
            format!("alle forskellige, mindst {SHORTEST_ID} tegn"),
            format!("all different, at least {SHORTEST_ID} characters"),
        ),
    )
}
