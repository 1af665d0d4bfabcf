//! The hub's key pairs by role, use and generation.

use super::HubKeys as Entry;
use super::file::{KeyRole, KeyUse};
use super::kind::{KEY_GENERATION, NO_HUB_KEY};
use super::problem::Sink;
use crate::hub::keys::{Generation, HubKeys, KeyPair, KeyRing, RoleRings};
use std::ops::Range;
use toml::Spanned;

/// The pairs that could be read, with what their entries say of them, in rings. None where a ring would have no
/// active pair; what is missing and what stands twice is told.
pub(super) fn rings(
    sink: &mut Sink<'_>,
    whole: Option<&Range<usize>>,
    pairs: &[(&Spanned<Entry>, KeyPair)],
) -> Option<HubKeys> {
    let (mut told, mut missing) = (Vec::new(), Vec::new());
    let mut ring = |role, usage| {
        let fits = |entry: &Entry| {
            entry.role.is_none_or(|own| own == role) && entry.usage.is_none_or(|own| own == usage)
        };
        let here: Vec<_> = pairs
            .iter()
            .filter(|(entry, _)| fits(entry.get_ref()))
            .collect();
        let mut of = |generation| {
            let mut found = here
                .iter()
                .filter(|(entry, _)| entry.get_ref().generation == generation);
            let first = found.next();
            for (entry, _) in found {
                if !told.contains(&entry.span()) {
                    told.push(entry.span());
                    twice(sink, entry, generation);
                }
            }
            first.map(|(_, pair)| pair.clone())
        };
        let (previous, active, next) = (
            of(Generation::Previous),
            of(Generation::Active),
            of(Generation::Next),
        );
        if active.is_none() {
            missing.push(format!("{} as {}", usage.text(), role.text()));
        }
        Some(KeyRing {
            active: active?,
            previous,
            next,
        })
    };
    let mut role = |role| {
        let (signing, encryption) = (ring(role, KeyUse::Signing), ring(role, KeyUse::Encryption));
        Some(RoleRings {
            signing: signing?,
            encryption: encryption?,
        })
    };
    let (idp, sp) = (role(KeyRole::Idp), role(KeyRole::Sp));
    if !missing.is_empty() && !pairs.is_empty() {
        let what = format!("the hub has no active key for {}", missing.join(", "));
        sink.add(
            NO_HUB_KEY,
            whole.cloned(),
            what,
            "one active pair without role and use serves all, as the real hub has it",
        );
    }
    Some(HubKeys { idp: idp?, sp: sp? })
}

fn twice(sink: &mut Sink<'_>, entry: &Spanned<Entry>, generation: Generation) {
    let certificate = &entry.get_ref().certificate;
    let what = format!(
        "{} is a second {} key for the same role and use",
        certificate.get_ref(),
        generation.word()
    );
    sink.add(
        KEY_GENERATION,
        Some(certificate.span()),
        what,
        "say generation = \"previous\" or \"next\", or which role or use it is for",
    );
}
