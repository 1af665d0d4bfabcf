//! Which IdP: one in the request's list, the only one, the one of the source address, the remembered one, or
//! the user's choice.

use super::memory::{BrowserMemory, Notice, Recall};
use super::settings::RememberedChoice;
use super::{Check, Context, IdentityProvider, Pending, Refusal, Source, Trace};
use crate::saml::time as saml_time;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use time::OffsetDateTime;

/// What decides or asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Go to this IdP.
    Go(Chosen),
    /// Show the chooser; if a choice is remembered, why all the same.
    Ask(Option<Notice>),
    /// Answer the system with a refusal.
    Refuse(Refusal),
    /// A page: memory leads to an IdP that is closed, and nobody but the user can undo that.
    Stuck(Refusal, Chosen),
}

/// An IdP, and who chose it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// entityID of the IdP.
    pub idp: String,
    /// Who chose.
    pub by: ChosenBy,
    /// Since when that is remembered.
    pub since: Option<OffsetDateTime>,
}

/// Who chose the IdP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChosenBy {
    /// The request's IDPList.
    IdpList,
    /// Nobody: there is only one.
    OnlyOne,
    /// The address that the user came from.
    SourceAddress,
    /// A remembered choice.
    Memory,
    /// The user, at the chooser.
    Chooser,
    /// Whoever tries the IdP with a test system.
    Trial,
    /// Nobody: the user has a session with it.
    Session,
}

/// What is known of the browser that brought the request.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// Where it came from: the address of the socket, or a trusted proxy's word for it.
    pub source: Option<IpAddr>,
    /// What it remembers.
    pub memory: &'a BrowserMemory,
    /// Whether the request asks for the chooser (`?vaelg=1`).
    pub asks: bool,
}

/// Decides without the user where that is possible.
pub fn decide(
    context: Context<'_>,
    pending: &Pending,
    arrival: Arrival<'_>,
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
            return Choice::Go(chosen(only, ChosenBy::IdpList, None));
        }
    }
    if let [only] = active.as_slice() {
        trace.decide(
            "idp-choice/only-one",
            "1 active identity provider",
            only.id.clone(),
            Source::Inferred,
        );
        return Choice::Go(chosen(only, ChosenBy::OnlyOne, None));
    }
    if let Some(source) = arrival.source {
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
            return Choice::Go(chosen(only, ChosenBy::SourceAddress, None));
        }
    }
    let notice = match remembered(context, pending, arrival, trace) {
        Ok(choice) => return choice,
        Err(notice) => notice,
    };
    if pending.is_passive {
        return Choice::Refuse(Refusal::of(Check::ChoosePassive));
    }
    trace.decide(
        "idp-choice/chooser",
        format!("{} active identity providers", active.len()),
        "the user chooses",
        Source::Confirmed,
    );
    Choice::Ask(notice)
}

/// What memory decides; else why the chooser is shown although something is remembered.
fn remembered(
    context: Context<'_>,
    pending: &Pending,
    arrival: Arrival<'_>,
    trace: &mut Trace,
) -> Result<Choice, Option<Notice>> {
    let (input, source) = match context.settings.remembered_choice {
        RememberedChoice::Ch2 => (
            "for every system (remembered_choice = ch2)",
            Source::Confirmed,
        ),
        RememberedChoice::Safe => (
            "for this system (remembered_choice = safe)",
            Source::Setting,
        ),
    };
    let since =
        |since: OffsetDateTime| format!("remembered since {}, {input}", saml_time::format(since));
    match arrival.memory.recall(context, pending, arrival.asks) {
        Recall::Nothing => Err(None),
        Recall::Go(idp, at) => {
            trace.decide("idp-choice/remembered", since(at), idp.id.clone(), source);
            replaced(context, idp, trace);
            Ok(Choice::Go(chosen(idp, ChosenBy::Memory, Some(at))))
        }
        Recall::Inactive(idp, at) => {
            let result = format!(
                "{}, which is inactive: a page that names the memory",
                idp.id
            );
            trace.decide("idp-choice/remembered", since(at), result, source);
            replaced(context, idp, trace);
            let refusal = Refusal::of(Check::RememberedActive);
            Ok(Choice::Stuck(
                refusal,
                chosen(idp, ChosenBy::Memory, Some(at)),
            ))
        }
        Recall::Ask(notice) => {
            let why = match notice {
                Notice::Asked => "the request asks for the chooser (vaelg=1)",
                Notice::ForceAuthn => "the request has ForceAuthn",
                Notice::DidNotComeBack => "the latest login that memory decided did not come back",
                Notice::Moved => {
                    "the organisation's identity provider is closed, and none replaced it"
                }
                Notice::Several => "the organisation has several identity providers",
                Notice::Unknown => "the remembered identity provider is not registered",
            };
            trace.decide("idp-choice/not-remembered", why, "not used", source);
            Err(Some(notice))
        }
    }
}

/// Notes that another one took the remembered one's place: what mode `ch2` does not look at.
fn replaced(context: Context<'_>, idp: &IdentityProvider, trace: &mut Trace) {
    if let Some(successor) = context.federation.successor(idp) {
        trace.decide(
            "idp-choice/replaced",
            format!("{} was replaced (replaced_by)", idp.id),
            successor.id.clone(),
            Source::Setting,
        );
    }
}

fn chosen(idp: &IdentityProvider, by: ChosenBy, since: Option<OffsetDateTime>) -> Chosen {
    Chosen {
        idp: idp.id.clone(),
        by,
        since,
    }
}

/// A test system tries this IdP, in whatever profile: nobody chooses, and no memory decides.
pub fn tried(idp: &IdentityProvider, trace: &mut Trace) -> Chosen {
    trace.decide(
        "idp-choice/trial",
        idp.name.clone(),
        idp.id.clone(),
        Source::Setting,
    );
    chosen(idp, ChosenBy::Trial, None)
}

/// Whether the chooser offers only those that are for mobile use. Where none is, the flag says nothing, and nobody is shut out.
pub fn offers_mobile_only(context: Context<'_>, mobile: bool) -> bool {
    let mut active = context.federation.active();
    mobile && context.settings.mobile_filter && active.any(|idp| idp.mobile_friendly)
}

/// Notes what was offered to a mobile browser.
pub fn on_mobile(context: Context<'_>, trace: &mut Trace) {
    let all = context.federation.active().count();
    let friendly = context.federation.active();
    let friendly = friendly.filter(|idp| idp.mobile_friendly).count();
    trace.decide(
        "idp-choice/mobile",
        "a mobile browser (mobile_filter)",
        format!("{friendly} of {all} active identity providers are offered"),
        Source::Setting,
    );
}

/// The user picked an IdP at the chooser. Only an active one can be picked, whatever the form says.
pub fn picked(context: Context<'_>, idp: &str, trace: &mut Trace) -> Result<Chosen, Refusal> {
    let known = context.federation.active().find(|known| known.id == idp);
    let known = known.ok_or_else(|| Refusal::of(Check::ChooseActive))?;
    trace.decide(
        "idp-choice/picked",
        known.presentation_name.clone(),
        known.id.clone(),
        Source::Confirmed,
    );
    Ok(chosen(known, ChosenBy::Chooser, None))
}

/// The user cancelled at the chooser.
pub fn cancelled() -> Refusal {
    Refusal::of(Check::ChooseCancelled)
}
