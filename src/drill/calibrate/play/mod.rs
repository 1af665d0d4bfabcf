//! The same login through our own hub: what it would have sent, as a message. Nothing here knows a rule; every message
//! is made by the hub's own steps, with stand-ins whose keys come from the shipped test PKI.
//!
//! The hub has the name and the addresses of the one that was captured, so that messages can be compared. It listens
//! nowhere, and what it makes is never sent.

mod answering;
mod asking;
mod own;
mod stand_ins;

pub use answering::{authority, is_status};
pub use stand_ins::{idp_key, system_key};

use super::login::Login;
use super::message::Message;
use crate::hub::acs::Answered;
use crate::hub::choose::{Arrival, Choice, decide};
use crate::hub::issue::{self, ReplyTo};
use crate::hub::question::{Need, question};
use crate::hub::required::required;
use crate::hub::roles::{NoRoles, RoleSettings, UnreadablePrivileges};
use crate::hub::{
    BrowserMemory, Consumed, Context, Federation, IdentityProvider, Pending, Report, Settings,
    Trace, UserFacingSystem,
};
use crate::oiosaml::mask::Masker;
use crate::saml::AuthnRequest;
use answering::answer;
use asking::pending;
use own::own;
use stand_ins::{Counted, Times, hub};

/// The parties of a login as the registry has them, or as they are supposed to be.
#[derive(Clone)]
pub struct Parties {
    /// The identity provider.
    pub idp: IdentityProvider,
    /// The system.
    pub system: UserFacingSystem,
    /// The federation in which both are.
    pub federation: Federation,
}

/// What our hub made of a login.
#[derive(Default)]
pub struct Played {
    /// Its request to the identity provider.
    pub request: Option<Message>,
    /// Its answer to the system.
    pub response: Option<Message>,
    /// Why it stopped, and before which message.
    pub refused: Option<Refused>,
    /// The identity provider that it would have asked, if not the one that was.
    pub chose: Option<String>,
    /// What it decided.
    pub trace: Trace,
}

/// Where our hub stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// The check.
    pub check: &'static str,
}

/// Plays the login.
pub fn play(
    login: &Login<'_>,
    parties: &Parties,
    settings: &Settings,
    masker: &mut Masker,
) -> Played {
    let mut played = Played::default();
    let hub = hub(login);
    // What roles a user has is masked, and so no list of them can be read.
    let settings = &Settings {
        roles: RoleSettings {
            unreadable_privileges: UnreadablePrivileges::Ignore,
            no_roles: NoRoles::Omit,
            ..settings.roles
        },
        ..settings.clone()
    };
    let mut entropy = Counted(login.request.map_or(1, |seen| seen.number as u64 + 1));
    let times = Times::of(login);
    let at = |now| Context {
        hub: &hub,
        federation: &parties.federation,
        settings,
        now,
    };
    let pending = match pending(login, parties, at(times.asked), &mut played) {
        Ok(pending) => pending,
        Err((refusal, pending)) => {
            played.refused = Some(Refused {
                check: refusal.check.info().id,
            });
            if let Some(pending) = pending {
                let to = ReplyTo::of(&pending);
                let sealed = issue::status(
                    at(times.response),
                    to,
                    &refusal,
                    &mut entropy,
                    &mut Trace::default(),
                );
                played.response = own(&sealed, None, masker);
            }
            return played;
        }
    };
    let mut trace = std::mem::take(&mut played.trace);
    let idp = choose(
        at(times.request),
        &pending,
        parties,
        &mut trace,
        &mut played,
    );
    let asked = crate::hub::ask::ask(at(times.request), &pending, &idp, &mut entropy, &mut trace);
    played.trace = trace;
    let (asked, sealed) = match asked {
        Ok(asked) => asked,
        Err(refusal) => {
            played.refused = Some(Refused {
                check: refusal.check.info().id,
            });
            let to = ReplyTo::of(&pending);
            let sealed = issue::status(
                at(times.response),
                to,
                &refusal,
                &mut entropy,
                &mut Trace::default(),
            );
            played.response = own(&sealed, None, masker);
            return played;
        }
    };
    played.request = own(&sealed, None, masker);
    if login.response.is_none() {
        return played;
    }
    let Some(answer) = answer(login, parties, &asked, &hub, times.response) else {
        return played;
    };
    let browser = asked.browser.clone();
    let mut trace = std::mem::take(&mut played.trace);
    let answered = crate::hub::acs::receive(
        at(times.response),
        &answer,
        Some(&asked),
        Some(&browser),
        &mut entropy,
        &mut trace,
    );
    let clear = trace
        .exchanges
        .last()
        .and_then(|exchange| exchange.decrypted.clone());
    match answered {
        Answered::Page(refusal) => {
            played.refused = Some(Refused {
                check: refusal.check.info().id,
            });
        }
        Answered::Finish(finish) => {
            if let crate::hub::acs::Outcome::Refused(refusal) = &finish.outcome {
                played.refused = Some(Refused {
                    check: refusal.check.info().id,
                });
            }
            let sealed = finish.release(&Consumed::Done);
            played.response = sealed.and_then(|sealed| own(sealed, clear.as_deref(), masker));
        }
    }
    played.trace = trace;
    played
}

/// What decides our request to the identity provider: two registrations with the same key make the same one.
pub fn key(login: &Login<'_>, parties: &Parties, settings: &Settings) -> String {
    let hub = hub(login);
    let context = Context {
        hub: &hub,
        federation: &parties.federation,
        settings,
        now: Times::of(login).request,
    };
    let (system, mut trace) = (&parties.system, Trace::default());
    let asked = login
        .asked
        .and_then(|seen| AuthnRequest::read(seen.message.root()).ok());
    let required = match asked {
        Some(asked) => {
            let requested = asked.requested_authn_context.as_ref();
            required(
                context,
                system,
                requested,
                &mut Report::default(),
                &mut trace,
            )
        }
        None => system.required_level,
    };
    let need = Need {
        system: &system.id,
        registered: Some(system),
        required,
        enforced: system.generation.is_two(context.now),
    };
    let question = question(settings, need, &parties.idp, "handle", &mut trace);
    format!(
        "{question:?} {} {}",
        settings.request_conditions, settings.honour_idp_list
    )
}

/// The identity provider that is asked: the one that was, unless the request's own list leads to another one. What
/// the user, the address or the browser's memory chose is in no message.
fn choose(
    context: Context<'_>,
    pending: &Pending,
    parties: &Parties,
    trace: &mut Trace,
    played: &mut Played,
) -> String {
    if pending.idp_list.is_empty() {
        return parties.idp.id.clone();
    }
    let memory = BrowserMemory::default();
    let arrival = Arrival {
        source: None,
        memory: &memory,
        asks: false,
    };
    match decide(context, pending, arrival, trace) {
        Choice::Go(chosen) if chosen.idp != parties.idp.id => {
            played.chose = Some(chosen.idp.clone());
            chosen.idp
        }
        _ => parties.idp.id.clone(),
    }
}
