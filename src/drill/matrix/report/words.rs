//! Cells, standings and fates in words.

use super::phrases::Text;
use crate::drill::matrix::{Cell, Fate, Lacks, Sent, Standing};
use crate::hub::Check;
use crate::oiosaml::Level;
use crate::oiosaml::request_profile::MULTIPLEAUTHN;

/// What is sent, as short as it can be understood: `NIST 3 (minimum)`, `multipleauthn + RelayState …`.
pub fn sent(cell: &Cell, t: &Text) -> String {
    match &cell.sent {
        Err(check) => t.refused_before(check.info().id),
        Ok(sent) => of_sent(sent, t),
    }
}

/// The same of what was sent.
pub fn of_sent(sent: &Sent, t: &Text) -> String {
    let mut words = match sent.class_ref.as_deref() {
        None => t.no_class_ref.to_owned(),
        Some(MULTIPLEAUTHN) => "multipleauthn".to_owned(),
        Some(uri) => match Level::from_class_ref(uri) {
            Some(level) => t.language.level(level),
            None => uri.to_owned(),
        },
    };
    if let Some(comparison) = sent.comparison {
        words = format!("{words} ({})", comparison.as_str());
    }
    if sent.says_more() {
        words = format!(
            "{words} + {}",
            t.in_relay_state(sent.relay_state.replace("{handle}", "…"))
        );
    }
    if sent.requester_id.is_some() {
        words = format!("{words} + {}", t.requester_id);
    }
    words
}

/// A standing.
pub fn standing(standing: Standing, t: &Text) -> &'static str {
    match standing {
        Standing::Enough => t.enough,
        Standing::Unasked => t.unasked,
        Standing::TooLow => t.too_low,
        Standing::NotAsked => t.not_asked,
        Standing::Inactive => t.inactive,
    }
}

/// How good a standing is, for badges.
pub fn class(standing: Standing) -> &'static str {
    match standing {
        Standing::Enough => "pass",
        Standing::Unasked | Standing::Inactive => "warn",
        Standing::TooLow | Standing::NotAsked => "fail",
    }
}

/// A fate.
pub fn fate(fate: &Fate, t: &Text) -> String {
    let level = |level: &Option<Level>| {
        level.map_or_else(|| t.no_level.to_owned(), |level| t.language.level(level))
    };
    match fate {
        Fate::Passes {
            level: reached,
            second_factor: false,
        } => t.passes(level(reached)),
        Fate::Passes {
            level: reached,
            second_factor: true,
        } => t.passes_with_factor(level(reached)),
        Fate::UnderAssured { level: reached } => t.under_assured(level(reached)),
        Fate::RefusedByIdp(status) => {
            let why = status.message.as_deref().or(status.subcode.as_deref());
            t.refused_by_idp(why.unwrap_or(&status.code).trim_end_matches('.'))
        }
        Fate::Stuck(_) => t.stuck.to_owned(),
        Fate::RefusedByHub {
            level: reached,
            check: Check::LevelReached,
        } => t.refused_by_hub(Check::LevelReached.info().id, level(reached)),
        Fate::RefusedByHub { check, .. } => t.refused_by_hub_anyhow(check.info().id),
        Fate::NotAsked(check) => t.hub_does_not_ask(check.info().id),
    }
}

/// How good a fate is, for badges.
pub fn fate_class(fate: &Fate) -> &'static str {
    match fate {
        Fate::Passes { .. } => "pass",
        Fate::UnderAssured { .. } => "warn",
        _ => "fail",
    }
}

/// What somebody lacks.
pub fn lacks(lacks: Lacks, t: &Text) -> &'static str {
    match lacks {
        Lacks::SecondFactor => t.lacks_factor,
        Lacks::NsisIdentity => t.lacks_nsis,
        Lacks::Both => t.lacks_both,
    }
}

/// Names with a comma between them; of many the first, and how many more.
pub fn names(names: &[&str], t: &Text) -> String {
    /// So many are read.
    const MOST: usize = 8;
    if names.len() <= MOST {
        return names.join(", ");
    }
    let (first, rest) = names.split_at(MOST - 1);
    format!("{} {}", first.join(", "), t.and_more(rest.len()))
}
