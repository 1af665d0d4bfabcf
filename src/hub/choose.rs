//! Which IdP: one in the request's list, the only one, the one of the source address, or the user's choice.

use super::{Check, Context, IdentityProvider, Pending, Refusal, Source, Trace};
use std::net::IpAddr;

/// What decides or asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Go to this IdP (entityID).
    Go(String),
    /// Show the chooser.
    Ask,
    /// Answer the system with a refusal.
    Refuse(Refusal),
}

/// Decides without the user where that is possible. `source` is the address of the socket, or of a trusted
/// proxy's word for it.
pub fn decide(
    context: Context<'_>,
    pending: &Pending,
    source: Option<IpAddr>,
    trace: &mut Trace,
) -> Choice {
    let active: Vec<&IdentityProvider> = context.federation.active().collect();
    if active.is_empty() {
        return Choice::Refuse(Refusal::of(Check::ChooseKnown));
    }
    if context.settings.honour_idp_list && !pending.idp_list.is_empty() {
        let listed: Vec<_> = active
            .iter()
            .filter(|idp| pending.idp_list.contains(&idp.id))
            .collect();
        if let [only] = listed.as_slice() {
            trace.decide(
                "idp-choice/idp-list",
                pending.idp_list.join(" "),
                only.id.clone(),
                Source::Setting,
            );
            return Choice::Go(only.id.clone());
        }
    }
    if let [only] = active.as_slice() {
        trace.decide(
            "idp-choice/only-one",
            "1 active identity provider",
            only.id.clone(),
            Source::Inferred,
        );
        return Choice::Go(only.id.clone());
    }
    if let Some(source) = source {
        let of_address: Vec<_> = active
            .iter()
            .filter(|idp| idp.ip_addresses.contains(&source))
            .collect();
        if let [only] = of_address.as_slice() {
            trace.decide(
                "idp-choice/source-address",
                source.to_string(),
                only.id.clone(),
                Source::Confirmed,
            );
            return Choice::Go(only.id.clone());
        }
    }
    if pending.is_passive {
        return Choice::Refuse(Refusal::of(Check::ChoosePassive));
    }
    trace.decide(
        "idp-choice/chooser",
        format!("{} active identity providers", active.len()),
        "the user chooses",
        Source::Confirmed,
    );
    Choice::Ask
}

/// The user picked an IdP at the chooser. Only an active one can be picked, whatever the form says.
pub fn picked(context: Context<'_>, idp: &str, trace: &mut Trace) -> Choice {
    match context.federation.active().find(|known| known.id == idp) {
        Some(known) => {
            trace.decide(
                "idp-choice/picked",
                known.presentation_name.clone(),
                known.id.clone(),
                Source::Confirmed,
            );
            Choice::Go(known.id.clone())
        }
        None => Choice::Refuse(Refusal::of(Check::ChooseActive)),
    }
}

/// The user cancelled at the chooser.
pub fn cancelled() -> Refusal {
    Refusal::of(Check::ChooseCancelled)
}
