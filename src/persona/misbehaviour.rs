//! What an IdP states instead of the level that was reached.

use super::habits::Asked;
use crate::config::Trait;
use crate::oiosaml::attributes::{ASSURANCE_LEVEL, LOA};
use crate::oiosaml::{Nist, Nsis, OiosamlVersion};

type Attribute = (&'static str, String);

/// The level attributes for a login that reached `level`.
pub(super) fn levels(asked: &Asked<'_>, level: Option<Attribute>) -> Vec<Attribute> {
    if asked.has(Trait::ReturnsNoLevel) {
        return Vec::new();
    }
    if asked.has(Trait::ReturnsHigher) {
        return vec![match (asked.version(), &level) {
            (OiosamlVersion::V3, None | Some((LOA, _))) => (LOA, Nsis::High.word().to_owned()),
            _ => (ASSURANCE_LEVEL, Nist::Four.digit().to_string()),
        }];
    }
    let Some(level) = level else {
        return Vec::new();
    };
    let below = below(&level);
    if asked.has(Trait::ReturnsLower) {
        return vec![below];
    }
    if asked.has(Trait::ContradictoryLevels) {
        // Where nothing is below, what is above contradicts as well.
        let other = match below == level {
            true => (ASSURANCE_LEVEL, Nist::Four.digit().to_string()),
            false => below,
        };
        return vec![level, other];
    }
    vec![level]
}

/// The level below, on the same scale; the lowest is below itself.
fn below((name, value): &Attribute) -> Attribute {
    let nsis = Nsis::parse(value).map(|level| match level {
        Nsis::High => Nsis::Substantial,
        _ => Nsis::Low,
    });
    let nist = Nist::parse(value).map(|level| match level {
        Nist::Four => Nist::Three,
        Nist::Three => Nist::Two,
        _ => Nist::One,
    });
    let word = nsis.map(|level| level.word().to_owned());
    let digit = || nist.map(|level| level.digit().to_string());
    (name, word.or_else(digit).unwrap_or_else(|| value.clone()))
}
