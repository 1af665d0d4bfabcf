//! What is told of an IdP and its people.

use super::page::TraitRow;
use crate::config::{Mark, Nature, Person, Persona, Trait};
use crate::edge::page::Text;
use crate::oiosaml::Level;

/// What is special about a person.
pub fn traits(person: &Person, t: &Text) -> Vec<String> {
    let factor = if person.second_factor {
        t.with_factor
    } else {
        t.without_factor
    };
    let nsis = match person.nsis {
        Some(level) => t.language.level(Level::Nsis(level)),
        None => t.without_nsis.to_owned(),
    };
    let roles = match person.roles.len() {
        0 => t.without_roles.to_owned(),
        count => t.with_roles(count),
    };
    vec![factor.to_owned(), nsis, roles]
}

/// What the IdP does, for its front page.
pub fn rows(persona: &Persona, t: &Text) -> Vec<TraitRow> {
    let row = |one: Trait| {
        let about = one.about();
        TraitRow {
            id: about.id,
            what: t.pick((about.da, about.en)),
            source: about.source,
            mark: match about.mark {
                Mark::Confirmed => t.mark_confirmed,
                Mark::Inferred => t.mark_inferred,
                Mark::Ours => t.mark_ours,
            },
            trips: match about.nature {
                Nature::Misbehaviour(Some(check)) => Some(check.info().id),
                Nature::Misbehaviour(None) | Nature::Vendor => None,
            },
            misbehaves: about.nature != Nature::Vendor,
        }
    };
    persona.all_traits().into_iter().map(row).collect()
}
