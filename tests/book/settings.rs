//! The page about settings: every field of `[settings]`, with what its documentation says. The Danish stands here, a line for
//! each, and a field without one is a failure.

use super::{escaped, golden, head, one};
use std::fmt::Write;
use vejviser::hub::rules::RULES;

const SETTINGS: &str = include_str!("../../src/hub/settings.rs");
const ROLES: &str = include_str!("../../src/hub/roles/settings.rs");

/// Name, Danish.
const DANISH: &[(&str, &str)] = &[
    (
        "multipleauthn_from",
        "Fra hvilket NIST-niveau multipleauthn-profilerne kræver to-faktor; den offentliggjorte tabel har en skrivefejl her. Normalt `3`.",
    ),
    (
        "level_comparison",
        "Den `Comparison`, der sendes med et NIST- eller NSIS-niveau (`none`, `exact`, `minimum`). OIOSAML3 [OIO-SP-06] kræver minimum. Normalt `minimum`.",
    ),
    (
        "multipleauthn_comparison",
        "Den `Comparison`, der sendes med multipleauthn. Normalt `none`.",
    ),
    (
        "relay_state_template",
        "Hvordan RelayState skrives i `OIOSAML3_ADFS_RELAY_STATE`; `{handle}` og `{level}` bliver fyldt ud, og det hele må fylde 80 bytes. Normalt `{handle}&nsis={level}`.",
    ),
    (
        "relay_state_words",
        "Ordene for `{level}`: `danish`, `english` eller `uri`. Normalt `danish`.",
    ),
    (
        "request_conditions",
        "Om hubbens AuthnRequest har Conditions med AudienceRestriction, som eksemplerne fra 2015 har. Normalt `false`.",
    ),
    (
        "requester_id",
        "Hvad RequesterID siger: systemets entityID (`entity_id`) eller formen fra 2015 (`service_provider_cvr_app`). Normalt `entity_id`.",
    ),
    (
        "requested_level",
        "Om niveauet i systemets egen forespørgsel tæller: det højeste af de to (`higher`), eller kun det registrerede (`registered_only`). Normalt `higher`.",
    ),
    (
        "nsis_need_at_oiosaml2_idp",
        "Om et system, der kræver NSIS, kan bruge en IdP, der er registreret som `OIOSAML2` eller `OIOSAML2_ADFS_MULTIPLEAUTHN`: `refuse` eller `ask`. Normalt `refuse`.",
    ),
    (
        "under_assured_logins",
        "Om et for lavt niveau slipper igennem ved `OIOSAML2_WITHOUT_REQUESTED_LOA` og Context Handler 1. Normalt `true`.",
    ),
    (
        "assurance_level_for_oiosaml3",
        "Om et OIOSAML3-system, der kræver et NIST-niveau, får `AssuranceLevel`. Normalt `true`.",
    ),
    (
        "honour_idp_list",
        "Om præcis én aktiv IdP i forespørgslens IDPList afgør valget. Normalt `true`.",
    ),
    (
        "unsigned_status",
        "Om en IdP må afvise uden signatur, når svaret ikke har nogen assertion. Normalt `true`.",
    ),
    (
        "require_x509_subject_name",
        "Om brugeren skal være navngivet med X509SubjectName. Normalt `true`.",
    ),
    (
        "authn_instant",
        "Om AuthnInstant er udstedelsestidspunktet (`issue_time`), som i de offentliggjorte eksempler, eller IdP'ens (`identity_provider`). Normalt `issue_time`.",
    ),
    (
        "remembered_choice",
        "Hvad «husk mit valg» gør: som i november 2024 (`ch2`), eller som det burde (`safe`). Normalt `ch2`.",
    ),
    (
        "remembered_choice_days",
        "Hvor mange dage `ch2` husker; `safe` husker 90. Normalt `365`.",
    ),
    (
        "mobile_filter",
        "Om en mobil browser kun får tilbudt identity providere, der er registreret som mobilvenlige, hvis der er nogen. Normalt `true`.",
    ),
    (
        "single_sign_on",
        "Om et system kan logge ind på et andet systems session uden at spørge IdP'en igen. Normalt `false`: hvert login viser, hvad IdP'en modtager.",
    ),
    (
        "session_idle_minutes",
        "Hvor mange minutter uden login der går, før en session ikke kan bruges af andre systemer. Normalt `20`.",
    ),
    (
        "session_minutes",
        "Hvor mange minutter hubben husker en session; et log ud, der kommer senere, finder ingen. Normalt `480`.",
    ),
    (
        "roles",
        "Hvordan roller behandles: `[settings.roles]`, nedenfor.",
    ),
    (
        "unregistered_job_function_role",
        "En jobfunktionsrolle, som ingen har registreret, men som en rollemapning nævner: `drop` eller `translate`. Normalt `drop`.",
    ),
    (
        "role_of_another_context",
        "En anden organisations rolle i et scope, der er IdP'ens eget: `drop` eller `translate`. Normalt `drop`.",
    ),
    (
        "parametric_values",
        "Hvor værdien af en dynamisk dataafgrænsning bliver fundet, når rollens egen gruppe ingen har: grupper med samme scope (`scope`) eller ingen andre (`group`). Normalt `scope`.",
    ),
    (
        "parametric_attributes",
        "Om værdien må være en SAML-attribut med det navn, som OS2faktor kan sende det. Normalt `true`.",
    ),
    (
        "missing_constraint_value",
        "En rolle, hvis dataafgrænsning ingen værdi har: `drop` eller `translate`. Normalt `drop`.",
    ),
    (
        "constraint_values",
        "Flere værdier: et element til hver (`repeated`), eller ét med kommaer (`joined`). Normalt `repeated`.",
    ),
    (
        "unused_constraints",
        "Dataafgrænsninger fra IdP'en, som ingen rollemapning bruger: `ignore`, eller rollen udelades (`drop`). Normalt `ignore`.",
    ),
    (
        "privilege_order",
        "Rækkefølgen af det, der kommer ud: rollemapningernes (`mapping`) eller IdP'ens (`group`). Normalt `mapping`.",
    ),
    (
        "no_roles",
        "Når ingen roller kommer igennem: attributten udelades (`omit`), eller login afvises (`refuse`). Normalt `omit`.",
    ),
    (
        "unreadable_privileges",
        "Når IdP'ens liste ikke kan læses: `refuse` eller `ignore`. Normalt `refuse`.",
    ),
    (
        "privileges_of_idp_without_roles",
        "Roller fra en IdP, der er registreret uden `KenderRoller`: `drop` eller `translate`. Normalt `drop`.",
    ),
    (
        "user_claims",
        "Hvad brugerregisterets oplysninger gør ved det, IdP'en siger: `fill`, `override` eller `ignore`. Normalt `fill`.",
    ),
];

/// The fields of the first struct in a source, with their documentation.
fn fields(source: &str) -> Vec<(String, String)> {
    let body = source.split("pub struct ").nth(1).unwrap();
    let body = body.split("\n}").next().unwrap();
    let mut fields = Vec::new();
    let mut said: Vec<&str> = Vec::new();
    for line in body.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("/// ") {
            said.push(text);
        } else if let Some(field) = line.strip_prefix("pub ") {
            let name = field.split(':').next().unwrap();
            fields.push((name.to_owned(), said.join(" ")));
            said.clear();
        }
    }
    fields
}

#[test]
fn every_setting_stands_on_its_page() {
    golden("settings.md", |language| {
        let mut text = head(
            language,
            "settings.md",
            ("Indstillinger", "Settings"),
            (
                "Ikke alt om den rigtige hub er offentliggjort. Det, der ikke er, er en indstilling under `[settings]` i `federation.toml`, med en \
                 værdi, der er sagt højt. [Hubbens regler](rules.md) siger, hvilken beslutning hver af dem ændrer. Kender I svaret fra den rigtige \
                 hub, så sæt det her; `vejviser calibrate` kan læse det ud af en optagelse.",
                "Not everything about the real hub is published. What is not is a setting under `[settings]` in `federation.toml`, with a stated \
                 default. [The rules of the hub](rules.md) say which decision each of them changes. If you know the answer from the real \
                 hub, set it here; `vejviser calibrate` can read it out of a capture.",
            ),
        );
        let parts = [("", SETTINGS), ("roles.", ROLES)];
        for (prefix, source) in parts {
            let title = match prefix {
                "" => "[settings]",
                _ => "[settings.roles]",
            };
            writeln!(text, "## {}\n", escaped(title)).unwrap();
            let fields = fields(source);
            assert!(fields.len() > 8);
            for (name, english) in fields {
                let danish = DANISH.iter().find(|(known, _)| *known == name);
                let (_, danish) = danish.unwrap_or_else(|| panic!("`{name}` has no Danish line"));
                let full = format!("{prefix}{name}");
                writeln!(text, "<a id=\"{full}\"></a>\n\n### {name}\n").unwrap();
                let said = match language {
                    "da" => (*danish).to_owned(),
                    _ => said(&english),
                };
                writeln!(text, "{said}\n").unwrap();
                let deciding: Vec<String> = RULES
                    .iter()
                    .filter(|rule| rule.settings.contains(&full.as_str()))
                    .map(|rule| format!("[`{0}`](rules.md#{0})", rule.name))
                    .collect();
                if !deciding.is_empty() {
                    let label = one(language, ("Regel", "Rule"));
                    writeln!(text, "{label}: {}\n", deciding.join(", ")).unwrap();
                }
            }
        }
        text
    });
    let known: Vec<String> = [SETTINGS, ROLES]
        .iter()
        .flat_map(|source| fields(source))
        .map(|(name, _)| name)
        .collect();
    for (name, _) in DANISH {
        assert!(
            known.iter().any(|field| field == name),
            "no setting `{name}`"
        );
    }
}

/// Links of rustdoc lead nowhere here.
fn said(documentation: &str) -> String {
    documentation
        .replace("[OIO-SP-06]", "\\[OIO-SP-06\\]")
        .replace('<', "&lt;")
}
