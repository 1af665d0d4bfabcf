//! A calibration, told: for people, for scripts, and as the lines that go into `federation.toml`.

use super::comparisons::{COMPARISONS, Of};
use super::variants::quoted;
use super::{Calibration, Finding, Form, Proposal};
use crate::hub::Actor;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The object of the contract.
#[derive(Serialize)]
struct Object<'a> {
    summary: Summary,
    findings: Vec<Listed<'a>>,
    proposals: Vec<Proposed<'a>>,
    observed: Vec<Shown<'a>>,
    possible: Vec<Fits<'a>>,
    captures: Vec<Read<'a>>,
    same: &'a [&'static str],
    not_compared: &'a [&'static str],
    toml: String,
}

#[derive(Serialize)]
struct Summary {
    captures: usize,
    messages: usize,
    differences: usize,
    explained: usize,
    unexplained: usize,
    same: usize,
}

#[derive(Serialize)]
struct Listed<'a> {
    id: &'static str,
    severity: &'static str,
    actor: Actor,
    title_da: String,
    title_en: String,
    found: &'a str,
    expected: &'a str,
    #[serde(rename = "where")]
    place: &'a str,
    rule: Option<&'static str>,
    explained_by: &'a [String],
}

#[derive(Serialize)]
struct Proposed<'a> {
    setting: &'static str,
    value: &'a str,
    explains: &'a [&'static str],
    alternatives: &'a [String],
    captures: &'a [String],
    certain: bool,
}

#[derive(Serialize)]
struct Shown<'a> {
    rule: &'a str,
    input: &'a str,
    result: Option<&'a str>,
    capture: &'a str,
    date: Option<String>,
}

#[derive(Serialize)]
struct Fits<'a> {
    #[serde(rename = "where")]
    place: &'a str,
    exactly: bool,
    profiles: BTreeMap<&'static str, Vec<String>>,
}

#[derive(Serialize)]
struct Read<'a> {
    file: &'a str,
    sha256: &'a str,
    form: Form,
    messages: Vec<Message<'a>>,
    unreadable: &'a [String],
}

#[derive(Serialize)]
struct Message<'a> {
    number: usize,
    message: &'static str,
    leg: &'static str,
    to: Option<&'a str>,
    readable: bool,
}

/// For scripts.
pub fn json(calibration: &Calibration) -> Result<String, serde_json::Error> {
    let object = Object {
        summary: summary(calibration),
        findings: calibration.findings.iter().map(listed).collect(),
        proposals: (calibration.proposals.iter())
            .map(|proposal| Proposed {
                setting: proposal.setting,
                value: &proposal.value,
                explains: &proposal.explains,
                alternatives: &proposal.alternatives,
                captures: &proposal.captures,
                certain: proposal.certain,
            })
            .collect(),
        observed: (calibration.observed.iter())
            .map(|observed| Shown {
                rule: &observed.rule,
                input: &observed.input,
                result: observed.result.as_deref(),
                capture: &observed.capture,
                date: observed.date.map(|date| date.to_string()),
            })
            .collect(),
        possible: (calibration.possible.iter())
            .map(|possible| Fits {
                place: &possible.place,
                exactly: possible.exactly,
                profiles: (possible.profiles.iter())
                    .map(|(profile, levels)| {
                        (
                            profile.as_str(),
                            levels.iter().map(ToString::to_string).collect(),
                        )
                    })
                    .collect(),
            })
            .collect(),
        captures: (calibration.captures.iter())
            .map(|told| Read {
                file: &told.file,
                sha256: &told.sha256,
                form: told.form,
                unreadable: &told.unreadable,
                messages: (told.messages.iter())
                    .map(|message| Message {
                        number: message.number,
                        message: message.message,
                        leg: message.leg,
                        to: message.to.as_deref(),
                        readable: message.readable,
                    })
                    .collect(),
            })
            .collect(),
        same: &calibration.same,
        not_compared: &calibration.unseen,
        toml: toml(calibration),
    };
    Ok(serde_json::to_string_pretty(&object)? + "\n")
}

fn summary(calibration: &Calibration) -> Summary {
    let explained = calibration
        .findings
        .iter()
        .filter(|f| !f.explained_by.is_empty())
        .count();
    Summary {
        captures: calibration.captures.len(),
        messages: calibration
            .captures
            .iter()
            .map(|told| told.messages.len())
            .sum(),
        differences: calibration.findings.len(),
        explained,
        unexplained: calibration.findings.len() - explained,
        same: calibration.same.len(),
    }
}

fn listed(finding: &Finding) -> Listed<'_> {
    let (da, en) = message(finding.comparison.of);
    Listed {
        id: finding.comparison.id,
        severity: match finding.explained_by.is_empty() {
            true => "error",
            false => "warning",
        },
        actor: finding.actor(),
        title_da: format!("{da}: {}", finding.comparison.da),
        title_en: format!("{en}: {}", finding.comparison.en),
        found: &finding.found,
        expected: &finding.expected,
        place: &finding.place,
        rule: finding.comparison.rule,
        explained_by: &finding.explained_by,
    }
}

/// The message that a comparison is about.
fn message(of: Of) -> (&'static str, &'static str) {
    match of {
        Of::Request => ("Forespørgsel til IdP", "Request to the IdP"),
        Of::Response => ("Svar til systemet", "Answer to the system"),
        Of::Assertion => ("Assertion til systemet", "Assertion to the system"),
        Of::Logout => ("Logout", "Logout"),
    }
}

/// The lines for `federation.toml`: what explains the differences, and what was seen.
pub fn toml(calibration: &Calibration) -> String {
    if calibration.proposals.is_empty() && calibration.observed.is_empty() {
        return String::new();
    }
    let mut out = String::new();
    for told in &calibration.captures {
        let file: String = told.file.chars().filter(|c| !c.is_control()).collect();
        let _ = writeln!(out, "# vejviser calibrate: {file}, SHA-256 {}", told.sha256);
    }
    if !calibration.proposals.is_empty() {
        out.push_str("[settings]\n");
        for proposal in &calibration.proposals {
            proposed(&mut out, proposal);
        }
    }
    for observed in &calibration.observed {
        let _ = write!(
            out,
            "\n[[observed]]\nrule = {}\ninput = {}\ncapture = {}\n",
            quoted(&observed.rule),
            quoted(&observed.input),
            quoted(&observed.capture)
        );
        if let Some(date) = observed.date {
            let _ = writeln!(out, "date = {date}");
        }
        if let Some(result) = &observed.result {
            let _ = writeln!(out, "note = {}", quoted(result));
        }
    }
    out
}

fn proposed(out: &mut String, proposal: &Proposal) {
    let _ = writeln!(
        out,
        "{} = {}  # {}",
        proposal.setting,
        proposal.value,
        proposal.explains.join(", ")
    );
    for other in &proposal.alternatives {
        let _ = writeln!(out, "# eller / or: {other}");
    }
}

/// For people.
pub fn human(calibration: &Calibration) -> String {
    let mut out = String::new();
    let s = summary(calibration);
    let _ = match s.differences {
        0 => writeln!(
            out,
            "INGEN FORSKEL / NO DIFFERENCE  {} ens / the same",
            s.same
        ),
        _ => writeln!(
            out,
            "FORSKELLE / DIFFERENCES  {}: {} forklaret af en indstilling / explained by a setting, {} uforklaret / unexplained; {} ens / the same",
            s.differences, s.explained, s.unexplained, s.same
        ),
    };
    for told in &calibration.captures {
        let _ = writeln!(
            out,
            "\n{}  ({})\n  SHA-256 {}",
            told.file,
            form(told.form),
            told.sha256
        );
        for message in &told.messages {
            let unread = match message.readable {
                true => "",
                false => "  (krypteret, ikke åbnet / encrypted, not opened: --key)",
            };
            let _ = writeln!(
                out,
                "  {:>2}  {:<14}  {:<24}  {}{unread}",
                message.number,
                message.message,
                message.leg,
                message.to.as_deref().unwrap_or("–")
            );
        }
        for why in &told.unreadable {
            let _ = writeln!(out, "   –  ulæselig / unreadable: {why}");
        }
    }
    for finding in &calibration.findings {
        let listed = listed(finding);
        let _ = writeln!(
            out,
            "\n{}  {}  {}\n  {}\n  {}\n  fundet / found:    {}\n  ventet / expected: {}",
            match listed.severity {
                "error" => "ULØST / OPEN",
                _ => "INDSTILLING / SETTING",
            },
            listed.id,
            listed.place,
            listed.title_da,
            listed.title_en,
            listed.found,
            listed.expected
        );
        match finding.explained_by.is_empty() {
            true => {
                out.push_str("  ingen indstilling forklarer det / no setting explains it\n");
            }
            false => {
                let _ = writeln!(
                    out,
                    "  forklares af / explained by: {}",
                    finding.explained_by.join(", ")
                );
            }
        }
    }
    for possible in &calibration.possible {
        let _ = writeln!(
            out,
            "\n{}\n  {}",
            possible.place,
            match possible.exactly {
                true =>
                    "registreringen er ikke kendt; disse er mulige / the registration is not known; these are possible:",
                false =>
                    "ingen registrering giver denne besked; disse ligger nærmest / no registration makes this message; these are nearest:",
            }
        );
        for (profile, levels) in &possible.profiles {
            let levels: Vec<String> = levels.iter().map(ToString::to_string).collect();
            let _ = writeln!(out, "  {:<32} {}", profile.as_str(), levels.join(" "));
        }
    }
    if !calibration.unseen.is_empty() {
        let _ = writeln!(
            out,
            "\nIkke sammenlignet, fordi optagelsen mangler noget / Not compared, because the capture lacks something:"
        );
        for id in &calibration.unseen {
            let comparison = COMPARISONS.iter().find(|comparison| comparison.id == *id);
            let (_, en) = comparison.map_or(("", ""), |comparison| message(comparison.of));
            let _ = writeln!(out, "  {id}  {en}: {}", comparison.map_or("", |c| c.en));
        }
    }
    let toml = toml(calibration);
    if !toml.is_empty() {
        let _ = write!(out, "\nTil / for federation.toml:\n\n{toml}");
    }
    out
}

fn form(form: Form) -> &'static str {
    match form {
        Form::SamlTracer => "SAML-tracer",
        Form::Har => "HAR",
        Form::Message => "besked / message",
    }
}
