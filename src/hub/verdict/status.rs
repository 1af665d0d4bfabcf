//! The identity provider refused: what its status and its own words say.

use super::Confidence::{self, Certain, Likely, Possible};
use super::{Cause, Facts, Found};
use crate::hub::Check;
use crate::oiosaml::phrases;
use crate::oiosaml::request_profile::MULTIPLEAUTHN;
use crate::oiosaml::{Level, Nist, Nsis};
use crate::saml::names::status;

/// What vendors write, and what it means; the first that fits says it.
fn by_words(said: &str) -> Option<Cause> {
    let said = said.to_lowercase();
    let says = |phrase: &&str| said.contains(*phrase);
    let single = [
        (phrases::AADSTS75011, Cause::EntraMethodMismatch),
        (phrases::MSIS7102, Cause::ClassRefRefused),
        (phrases::HIGH_NOT_SUPPORTED, Cause::NsisHighNotSupported),
        (phrases::NSIS_NOT_ENOUGH, Cause::NsisIdentityMissing),
    ];
    let found = single.iter().find(|(phrase, _)| says(phrase));
    let factor = || phrases::SECOND_FACTOR.iter().any(says);
    let cancelled = || phrases::CANCELLED.iter().any(says);
    match found {
        Some((_, cause)) => Some(*cause),
        None if factor() => Some(Cause::SecondFactorMissing),
        None if cancelled() => Some(Cause::CancelledAtIdp),
        None => None,
    }
}

pub(super) fn refused(facts: &Facts<'_>) -> Option<Found> {
    if facts.reason()? != Check::ResponseStatus {
        return None;
    }
    let said = facts.found(Check::ResponseStatus)?;
    let (cause, confidence) = match by_words(said) {
        Some(cause) => (cause, Certain),
        None if said.contains(status::NO_AUTHN_CONTEXT) => by_question(facts)?,
        None => return None,
    };
    Some((cause, confidence, facts.rows(&[Check::ResponseStatus])))
}

/// NoAuthnContext without a word: what was asked for tells what may be missing.
fn by_question(facts: &Facts<'_>) -> Option<(Cause, Confidence)> {
    let asked = facts.asked_for()?;
    if asked == MULTIPLEAUTHN {
        return Some((Cause::SecondFactorMissing, Likely));
    }
    let level = Level::from_class_ref(asked)?;
    let (_, question) = facts.question()?;
    Some(match level {
        Level::Nsis(Nsis::High) => (Cause::NsisHighNotSupported, Likely),
        // The address of AD FS, wherever it is installed.
        _ if question.xml.contains("/adfs/ls") => (Cause::ClassRefRefused, Likely),
        Level::Nist(Nist::Three | Nist::Four) | Level::Nsis(Nsis::Substantial) => {
            (Cause::SecondFactorMissing, Possible)
        }
        _ => (Cause::ClassRefRefused, Possible),
    })
}
