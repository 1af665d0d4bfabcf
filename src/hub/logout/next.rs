//! The next party is told, or the logout ends.

use super::answer::failed;
use super::message::{self, Way};
use super::party::Party;
use super::{ANSWER_WITHIN, Failure, PendingLogout, ReplyTo, StartedBy, State};
use crate::dsig::Entropy;
use crate::hub::ask::new_id;
use crate::hub::{Check, Context, Refusal, Sealed, Trace};
use crate::saml::names::status;
use crate::saml::{Binding, Outbound, Status};

/// What to do.
#[derive(Debug)]
pub enum Next {
    /// Store the logout in the place of what was read, then send: the browser carries it.
    Ask(Box<PendingLogout>, Sealed),
    /// Store the logout in the place of what was read, then post `message` to `url` by SOAP, and take what comes back to
    /// [`super::called`].
    Call {
        /// The logout.
        logout: Box<PendingLogout>,
        /// Where to.
        url: String,
        /// The envelope.
        message: String,
    },
    /// Delete the logout, if it still is what was read; then end.
    End(Box<End>),
}

/// The end of a logout.
#[derive(Debug)]
pub struct End {
    /// The logout as it stands.
    pub logout: PendingLogout,
    /// The LogoutResponse to whoever started it; none where the user did on the hub's page, or where the party has no
    /// endpoint for answers. By SOAP it is an envelope ([`crate::saml::Outbound::Soap`]).
    pub send: Option<Sealed>,
}

/// Tells the next party. Where no browser carries the message (`started_by` SOAP), only parties with a SOAP endpoint can be told; where
/// one does, HTTP-Redirect is preferred, then HTTP-POST, then SOAP. Parties that cannot be told are passed over, and
/// counted as failed. Whoever is asked already has answered by then, or is overdue: it is not asked twice.
pub fn next(
    context: Context<'_>,
    logout: PendingLogout,
    entropy: &mut dyn Entropy,
    trace: &mut Trace,
) -> Next {
    let mut logout = logout;
    let browser = !by_soap(&logout);
    while let Some(told) = (logout.parties.iter_mut()).find(|told| told.state == State::ToTell) {
        let party = Party::of(context, told.leg, &told.party);
        let way = party.map(|party| party.takes_requests(browser));
        let (binding, url) = match way {
            Some(Some(way)) => way,
            other => {
                let failure = match other {
                    None => Failure::Unknown,
                    Some(_) => Failure::NoEndpoint,
                };
                failed(told, failure, trace);
                continue;
            }
        };
        let request_id = new_id(entropy);
        told.state = State::Asked {
            request_id: request_id.clone(),
            binding,
            until: context.now + ANSWER_WITHIN,
        };
        let way = Way {
            leg: told.leg,
            party: &told.party,
            binding,
            url: Some(url),
            relay_state: None,
        };
        let whom = (&told.name_id, told.indexes.as_slice());
        let outbound = message::request(context, &request_id, &way, whom, trace);
        let url = url.to_owned();
        return match outbound {
            Outbound::Soap { envelope } => Next::Call {
                logout: Box::new(logout),
                url,
                message: envelope,
            },
            other => Next::Ask(Box::new(logout), Sealed::new(other)),
        };
    }
    let send = match &logout.started_by {
        StartedBy::Party(to) => {
            let status = ended(&logout);
            respond(context, to, status, entropy, trace)
        }
        StartedBy::Page => None,
    };
    Next::End(Box::new(End { logout, send }))
}

/// A signed LogoutResponse with the refusal's status: nothing was ended. `None` where the party has no endpoint for
/// answers.
pub fn refused(
    context: Context<'_>,
    to: &ReplyTo,
    refusal: &Refusal,
    entropy: &mut dyn Entropy,
    trace: &mut Trace,
) -> Option<Sealed> {
    let (code, subcode) = refusal.status;
    let info = refusal.info();
    let status = Status::refusal(code, subcode, format!("{} ({})", info.what.0, info.id));
    respond(context, to, status, entropy, trace)
}

/// Success in any case, for the sessions ended here; that somebody else did not end its own is the second level's word
/// (SAML core §3.7.3.2).
fn ended(logout: &PendingLogout) -> Status {
    if logout.failed().next().is_none() {
        return Status::success();
    }
    let info = Check::LogoutParty.info();
    let message = format!("{} ({}, tråd-id {})", info.what.0, info.id, logout.flow);
    Status::refusal(status::SUCCESS, Some(status::PARTIAL_LOGOUT), message)
}

fn respond(
    context: Context<'_>,
    to: &ReplyTo,
    status: Status,
    entropy: &mut dyn Entropy,
    trace: &mut Trace,
) -> Option<Sealed> {
    if to.url.is_none() && to.binding != Binding::Soap {
        return None;
    }
    let way = Way {
        leg: to.leg,
        party: &to.party,
        binding: to.binding,
        url: to.url.as_deref(),
        relay_state: to.relay_state.as_deref(),
    };
    let outbound = message::response(context, &way, &to.request_id, status, entropy, trace);
    Some(Sealed::new(outbound))
}

/// Whether no browser carries the messages.
fn by_soap(logout: &PendingLogout) -> bool {
    matches!(&logout.started_by, StartedBy::Party(to) if to.binding == Binding::Soap)
}
