//! The level was too low: why, as the answer shows it.

use super::Confidence::{Certain, Likely};
use super::{Cause, Facts, Found};
use crate::hub::{Check, RowOutcome};
use crate::oiosaml::attributes::AUTHN_METHODS;
use crate::oiosaml::request_profile::MULTIPLEAUTHN;
use crate::oiosaml::{Level, Nist, Nsis};
use crate::saml::Assertion;
use crate::xml::{Document, SAML};

pub(super) fn too_low(facts: &Facts<'_>) -> Option<Found> {
    if facts.reason()? != Check::LevelReached {
        return None;
    }
    let (_, row) = facts.row(Check::LevelReached)?;
    let need = named(row.expected.trim_start_matches("at least "));
    let reached = named(&row.found);
    let warns = |check| facts.outcome(check) == Some(RowOutcome::Warn);
    let rows = |more: &[Check]| facts.rows(&[&[Check::LevelReached], more].concat());
    let password_only = matches!(reached, Some(Level::Nist(Nist::One | Nist::Two)))
        || matches!(reached, Some(Level::Nsis(Nsis::Low)));
    if warns(Check::LevelUnambiguous) {
        return Some((
            Cause::LevelContradictory,
            Certain,
            rows(&[Check::LevelUnambiguous]),
        ));
    }
    if warns(Check::LevelCeiling) {
        return Some((
            Cause::LevelAboveCeiling,
            Certain,
            rows(&[Check::LevelCeiling]),
        ));
    }
    let four = Level::Nist(Nist::Four).class_ref();
    if facts.asked_for() == Some(four.as_str()) && password_only {
        return Some((Cause::Nist4NotUnderstood, Likely, rows(&[])));
    }
    Some(match (reached, need) {
        (None, _) => (
            Cause::LevelMissing,
            Certain,
            rows(&[Check::LevelUnambiguous]),
        ),
        (Some(Level::Nist(_)), Some(Level::Nsis(_))) => {
            (Cause::NsisIdentityMissing, Likely, rows(&[]))
        }
        (Some(Level::Nsis(Nsis::Substantial)), Some(Level::Nsis(Nsis::High))) => {
            (Cause::NsisHighNotSupported, Likely, rows(&[]))
        }
        _ if password_only && !shows_two_factors(facts) => {
            (Cause::SecondFactorMissing, Likely, rows(&[]))
        }
        _ => (Cause::LevelLower, Likely, rows(&[])),
    })
}

/// The level that a row writes in English.
fn named(text: &str) -> Option<Level> {
    let mut all = Level::ALL.into_iter();
    all.find(|level| level.english() == text)
}

/// Whether the answer says beside its level that two factors were used: by its class ref, or by AD FS's list of methods.
fn shows_two_factors(facts: &Facts<'_>) -> bool {
    let Some((_, answer)) = facts.answer() else {
        return false;
    };
    let xml = answer.decrypted.as_ref().unwrap_or(&answer.xml);
    let Ok(document) = Document::parse(xml.as_bytes()) else {
        return false;
    };
    let root = document.root();
    let mut all = std::iter::once(root).chain(root.descendants());
    let found = all.find(|node| node.is(SAML, "Assertion"));
    let Some(assertion) = found.and_then(|node| Assertion::read(node).ok()) else {
        return false;
    };
    let statements = assertion.authn_statements.iter();
    let mut class_refs = statements.filter_map(|statement| statement.class_ref.as_deref());
    let strong = |uri: &str| {
        uri == MULTIPLEAUTHN
            || Level::from_class_ref(uri).is_some_and(|level| {
                level.satisfies(Level::Nist(Nist::Three))
                    || level.satisfies(Level::Nsis(Nsis::Substantial))
            })
    };
    class_refs.any(strong)
        || assertion
            .values(AUTHN_METHODS)
            .any(|method| method == MULTIPLEAUTHN)
}
