//! The verdict on a Response.

use super::{Profile, Question, Told, Verdict, conclude, skip_all};
use crate::hub::judge::{self, Content, Expected, IdentityRules, Signed};
use crate::hub::level::{Ceiling, Reached, enough, reached};
use crate::hub::roles;
use crate::hub::{Check, Report, RowOutcome, Trace};
use crate::oiosaml::{Level, Nist, Nsis};
use crate::saml::paste::Pasted;
use crate::saml::{Assertion, MessageField};
use std::collections::BTreeMap;

pub(super) fn verdict(pasted: Pasted, question: &Question<'_>) -> Verdict {
    let mut report = Report::new();
    skip_all(
        &mut report,
        &[
            Check::ResponseExpected,
            Check::ResponseBrowser,
            Check::IdpActive,
        ],
        "only a running hub can tell",
    );
    report.skip(
        Check::RolesGranted,
        "only whoever knows the system's role mappings can tell; `vejviser roles explain` does",
    );
    if pasted.field == Some(MessageField::Request) {
        report.add(
            Check::ResponseReadable,
            RowOutcome::Fail,
            "SAMLRequest",
            "a SAML 2.0 Response",
        );
        return conclude::<()>(report, None, Check::of_answers(), |()| Told::default());
    }
    let judged = judge::response(&pasted.xml, &expected(question));
    report.extend(judged.report);
    let content = match judged.content {
        Content::Assertion(signed) => Some(signed),
        _ => None,
    };
    let level = level(content.as_deref(), question, &mut report);
    conclude(
        report,
        content.map(|signed| (signed, level)),
        Check::of_answers(),
        |(signed, level)| told(signed.value(), *level),
    )
}

fn expected<'a>(question: &Question<'a>) -> Expected<'a> {
    Expected {
        sender: question.peer,
        keys: question.keys,
        former_keys: &[],
        decryption_keys: question.decryption_keys,
        signatures: question.signatures,
        encryption: question.encryption,
        audience: question.me,
        acs: question.acs,
        in_response_to: question.in_response_to,
        now: question.now,
        skew: question.skew,
        forced_at: None,
        // Whoever asks here wants to know what the hub would do, and the hub passes logins on.
        proxies: true,
        // As the hub does by default: it is a refusal all the same.
        unsigned_status: true,
        identity: match question.profile {
            Profile::Saml => None,
            Profile::Oiosaml(version) => Some(IdentityRules {
                contexts: question.contexts,
                x509_subject_name: true,
                version,
            }),
        },
    }
}

/// The level by the rules of the federation; without them there is none.
fn level(
    signed: Option<&Signed<Assertion>>,
    question: &Question<'_>,
    report: &mut Report,
) -> Option<Level> {
    const IDENTITY: [Check; 7] = [
        Check::NameIdFormat,
        Check::NameIdSyntax,
        Check::CvrContext,
        Check::NameIdOrganisation,
        Check::SpecVersion,
        Check::KombitSpecVersion,
        Check::IdentityLength,
    ];
    const ROLES: &[Check] = &[Check::PrivilegesReadable];
    const LEVEL: [Check; 3] = [
        Check::LevelUnambiguous,
        Check::LevelCeiling,
        Check::LevelReached,
    ];
    let (Profile::Oiosaml(_), Some(signed)) = (question.profile, signed) else {
        if question.profile == Profile::Saml {
            let why = "a rule of the federation, not of --profile saml";
            skip_all(report, &IDENTITY, why);
            skip_all(report, &LEVEL, why);
            skip_all(report, ROLES, why);
        }
        return None;
    };
    roles::judge_list(signed.value(), report);
    let reached = reach(signed.value(), question.ceiling, report);
    match question.required {
        Some(required) => enough(reached, required, false, report),
        None => report.skip(Check::LevelReached, "no required level was given"),
    }
    reached.level()
}

/// The level that counts. Without a ceiling nothing is cut.
fn reach(assertion: &Assertion, given: Option<Level>, report: &mut Report) -> Reached {
    let mut rows = Report::default();
    let reached = reached(assertion, ceiling(given), &mut rows, &mut Trace::default());
    for row in rows.rows() {
        if row.check == Check::LevelCeiling && given.is_none() {
            report.skip(Check::LevelCeiling, "no ceiling was given");
        } else {
            report.add(
                row.check,
                row.outcome,
                row.found.clone(),
                row.expected.clone(),
            );
        }
    }
    reached
}

/// A sender that may state NSIS Substantial may state NIST 3; one that may state NIST 3 is not registered for
/// NSIS at all.
fn ceiling(given: Option<Level>) -> Ceiling {
    match given {
        Some(Level::Nist(nist)) => Ceiling { nist, nsis: None },
        Some(Level::Nsis(nsis)) => Ceiling {
            nist: nsis.to_nist(),
            nsis: Some(nsis),
        },
        None => Ceiling {
            nist: Nist::Four,
            nsis: Some(Nsis::High),
        },
    }
}

fn told(assertion: &Assertion, level: Option<Level>) -> Told {
    let mut attributes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for attribute in &assertion.attributes {
        let values = attributes.entry(attribute.name.clone()).or_default();
        values.extend(attribute.values.iter().cloned());
    }
    Told {
        assertion_id: Some(assertion.id.clone()),
        name_id: assertion.name_id.as_ref().map(|name| name.value.clone()),
        attributes,
        level,
    }
}
