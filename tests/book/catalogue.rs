//! The catalogue: an anchor for every id that a report may name.

use super::{escaped, golden, head, one};
use std::fmt::Write;
use vejviser::drill::system_test::{Case, Chapter, Severity as Weight};
use vejviser::hub::lint::{Rule, Severity};
use vejviser::hub::rules::RULES;
use vejviser::hub::verdict::Cause;
use vejviser::hub::{Actor, Check};

/// An id with its anchor, and what is said of it.
fn entry(id: &str, what: &str, facts: &[(&str, String)]) -> String {
    let mut text = format!("<a id=\"{id}\"></a>\n\n### {id}\n\n{}\n\n", escaped(what));
    for (label, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        writeln!(text, "- **{label}:** {value}").unwrap();
    }
    text.push('\n');
    text
}

struct Labels {
    remedy: &'static str,
    who: &'static str,
    severity: &'static str,
    clause: &'static str,
    mark: &'static str,
}

fn labels(language: &str) -> Labels {
    Labels {
        remedy: one(language, ("Gør dette", "What to do")),
        who: one(language, ("Hvem skal handle", "Who must act")),
        severity: one(language, ("Alvor", "Severity")),
        clause: one(language, ("Kilde", "Source")),
        mark: one(language, ("Hvor godt det vides", "How well it is known")),
    }
}

/// What the ids begin with, and what they are about.
const GROUPS: [(&str, &str, &str); 7] = [
    (
        "SYS-Q",
        "Systemets forespørgsel (AuthnRequest)",
        "The system's request (AuthnRequest)",
    ),
    (
        "IDP-R",
        "Identity providerens svar (Response)",
        "The identity provider's answer (Response)",
    ),
    ("SLO", "Beskeder om log ud", "Logout messages"),
    (
        "HUB-C",
        "Hubbens valg af identity provider",
        "The hub's choice of identity provider",
    ),
    ("HUB-F", "Forløbet i hubben", "The flow in the hub"),
    ("MD-", "Metadata", "Metadata"),
    ("no-trusted-key", "Tillid", "Trust"),
];

#[test]
fn every_check_has_an_anchor() {
    golden("checks.md", |language| {
        let l = labels(language);
        let mut text = head(
            language,
            "checks.md",
            ("Kontroller af beskeder", "Checks of messages"),
            (
                "Alt, hvad hubben kontrollerer i en besked. Listen er lavet af programmet selv (`vejviser checks`); id'erne ændrer sig ikke. \
                 En hub, der kører, viser den samme liste på `/kontroller`, og alle forløb henviser dertil.",
                "Everything that the hub checks in a message. The list is made by the program itself (`vejviser checks`); the ids stay. \
                 A running hub shows the same list at `/kontroller`, and all flows link to it.",
            ),
        );
        let mut told = 0;
        for (start, da, en) in GROUPS {
            writeln!(text, "## {}\n", one(language, (da, en))).unwrap();
            for info in Check::ALL.iter().map(|check| check.info()) {
                if !info.id.starts_with(start) {
                    continue;
                }
                told += 1;
                let severity = match info.mandatory {
                    true => ("fejl: fører til afvisning", "error: leads to a refusal"),
                    false => ("advarsel", "warning"),
                };
                text += &entry(
                    info.id,
                    one(language, info.what),
                    &[
                        (l.remedy, escaped(one(language, info.remedy))),
                        (l.who, one(language, info.actor.text()).to_owned()),
                        (l.severity, one(language, severity).to_owned()),
                        (l.clause, escaped(info.clause)),
                    ],
                );
            }
        }
        assert_eq!(
            told,
            Check::ALL.len(),
            "a check belongs to no group, or to two"
        );
        text
    });
}

#[test]
fn every_cause_has_an_anchor() {
    golden("causes.md", |language| {
        let l = labels(language);
        let mut text = head(
            language,
            "causes.md",
            ("Årsager", "Causes"),
            (
                "Hvorfor et login ikke endte, som det skulle: det, der står som *årsag* i dommen på forløbets side. Hvor ingen af dem \
                 passer, er årsagen id'et på [den kontrol](checks.md), der afviste. Listen er lavet af programmet selv \
                 (`vejviser checks --causes`).",
                "Why a login did not end as it should: what stands as *cause* in the verdict on the flow's page. Where none of them \
                 fits, the cause is the id of [the check](checks.md) that refused. The list is made by the program itself \
                 (`vejviser checks --causes`).",
            ),
        );
        let security = one(language, ("Sikkerhed", "Security"));
        for cause in Cause::ALL {
            let info = cause.info();
            let alarm = match info.security {
                true => one(language, ("kan være et angreb", "may be an attack")),
                false => "",
            };
            text += &entry(
                info.id,
                one(language, info.what),
                &[
                    (l.remedy, escaped(one(language, info.remedy))),
                    (l.who, one(language, info.actor.text()).to_owned()),
                    (security, alarm.to_owned()),
                ],
            );
        }
        text
    });
}

#[test]
fn every_rule_of_metadata_has_an_anchor() {
    golden("metadata.md", |language| {
        let l = labels(language);
        let mut text = head(
            language,
            "metadata.md",
            ("Regler for metadata", "Rules for metadata"),
            (
                "Det, som `vejviser lint` siger om metadata, før de bliver registreret. Listen er lavet af programmet selv. *Hvor godt \
                 det vides* handler om den rigtige valideringstjeneste: **bekræftet** står i dens grænseflade, **udledt** følger af noget, der står der.",
                "What `vejviser lint` says of metadata before they are registered. The list is made by the program itself. *How well it is \
                 known* is about the real validation service: **confirmed** stands in its interface, **inferred** follows from what stands there.",
            ),
        );
        let message = one(language, ("Tjenestens egne ord", "The service's own words"));
        for info in Rule::ALL.iter().map(|rule| rule.info()) {
            let severity = match info.severity {
                Severity::Error => ("fejl: bliver afvist", "error: is refused"),
                Severity::Warning => ("advarsel", "warning"),
                Severity::Note => ("bemærkning", "note"),
            };
            let actor = info.actor.unwrap_or(Actor::Sender);
            text += &entry(
                info.id,
                one(language, info.title),
                &[
                    (l.remedy, escaped(one(language, info.remedy))),
                    (l.who, one(language, actor.text()).to_owned()),
                    (l.severity, one(language, severity).to_owned()),
                    (l.mark, one(language, info.mark.text()).to_owned()),
                    (message, escaped(info.message.unwrap_or_default())),
                    (l.clause, escaped(info.clause)),
                ],
            );
        }
        text
    });
}

#[test]
fn every_case_of_the_system_test_has_an_anchor() {
    golden("system-tests.md", |language| {
        let l = labels(language);
        let mut text = head(
            language,
            "system-tests.md",
            (
                "Prøver af et brugervendt system",
                "Cases of the system test",
            ),
            (
                "Det, som `vejviser test-system` prøver. Listen er lavet af programmet selv (`vejviser test-system --list`). Én prøve alene: \
                 `--only SP-S-001`.",
                "What `vejviser test-system` tries. The list is made by the program itself (`vejviser test-system --list`). One case alone: \
                 `--only SP-S-001`.",
            ),
        );
        let sent = one(language, ("Det sendes", "What is sent"));
        let why = one(language, ("Hvorfor", "Why it matters"));
        for chapter in Chapter::ALL {
            writeln!(text, "## {}\n", one(language, chapter.title())).unwrap();
            for case in Case::ALL.iter().filter(|case| case.chapter() == chapter) {
                let info = case.info();
                let weight = match info.severity {
                    Weight::Must => ("skal", "must"),
                    Weight::Should => ("bør", "should"),
                };
                text += &entry(
                    info.id,
                    one(language, info.title),
                    &[
                        (sent, escaped(one(language, info.sent))),
                        (why, escaped(one(language, info.why))),
                        (l.severity, one(language, weight).to_owned()),
                        (l.clause, escaped(info.clause)),
                    ],
                );
            }
        }
        text
    });
}

#[test]
fn every_rule_of_the_hub_has_its_source_and_mark() {
    golden("rules.md", |language| {
        let mut text = head(
            language,
            "rules.md",
            ("Hubbens regler", "The rules of the hub"),
            (
                "Hvad hubben selv beslutter i et login, hvor vi ved det fra, og hvor sikkert det er. Tabellen er lavet af programmet selv. \
                 Hvert forløb nævner de regler, der afgjorde det.\n\n\
                 - **bekræftet**: læst i et offentligt dokument om den rigtige hub\n\
                 - **udledt**: følger af noget, der er bekræftet\n\
                 - **indstilling**: ikke offentliggjort; en [indstilling](settings.md) afgør det\n\
                 - **set hos den rigtige hub**: det, et forløb siger, når `[[observed]]` i jeres konfiguration har en optagelse, der viser reglen \
                 (`vejviser calibrate`)\n\n\
                 Flere mærker: det afhænger af, hvad reglen ser på.",
                "What the hub itself decides in a login, where we know it from, and how sure that is. The table is made by the program itself. \
                 Every flow names the rules that decided it.\n\n\
                 - **confirmed**: read in a public document about the real hub\n\
                 - **inferred**: follows from what is confirmed\n\
                 - **setting**: not published; a [setting](settings.md) decides\n\
                 - **seen at the real hub**: what a flow says where `[[observed]]` in your configuration has a capture that shows the rule \
                 (`vejviser calibrate`)\n\n\
                 Several marks: it depends on what the rule looks at.",
            ),
        );
        text += one(
            language,
            (
                "| regel | hvad den afgør | mærke | kilde | indstilling |\n|---|---|---|---|---|\n",
                "| rule | what it decides | mark | source | setting |\n|---|---|---|---|---|\n",
            ),
        );
        for rule in RULES {
            let marks: Vec<&str> = rule
                .marks
                .iter()
                .map(|mark| one(language, mark.text()))
                .collect();
            let settings: Vec<String> = rule
                .settings
                .iter()
                .map(|name| format!("[`{name}`](settings.md#{name})"))
                .collect();
            writeln!(
                text,
                "| <a id=\"{0}\"></a>`{0}` | {1} | {2} | {3} | {4} |",
                rule.name,
                escaped(one(language, rule.what)),
                marks.join(", "),
                escaped(rule.source),
                settings.join(", ")
            )
            .unwrap();
        }
        text
    });
}
