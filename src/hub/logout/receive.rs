//! A LogoutRequest arrives.

use super::message::arrived;
use super::party::Party;
use super::{Endpoint, ReplyTo};
use crate::hub::acs::LONGEST_REPLAY_MEMORY;
use crate::hub::judge::logout::{Logout, received};
use crate::hub::judge::{SKEW, Signed, request::MAX_AGE};
use crate::hub::session::SessionKey;
use crate::hub::trace::KeysUsed;
use crate::hub::{Check, Context, Refusal, Report, Trace};
use crate::saml::{Decoded, LogoutRequest, NameId};
use openssl::sha::sha256;
use time::{Duration, OffsetDateTime};

/// A message, and where it came to.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// The message.
    pub decoded: &'a Decoded,
    /// The endpoint.
    pub endpoint: Endpoint,
    /// The query as it came, for the journal.
    pub raw_query: Option<&'a str>,
}

/// What became of it.
#[derive(Debug)]
pub enum Received {
    /// Accepted so far: look up the sessions by [`Wanted::key`], and go on to [`super::begin`].
    Find(Box<Wanted>),
    /// Refused on a page (SOAP: a fault): nobody that we know signed it. It ends nothing.
    Page(Refusal),
    /// Refused with a signed LogoutResponse to the party that signed it. It ends nothing.
    Answer(ReplyTo, Refusal),
}

/// A LogoutRequest that was accepted, but for whether there is such a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What the sessions are found by: the signed Issuer and NameID.
    pub key: SessionKey,
    /// NameID, all of it: a format or qualifier that it states must be the session's too.
    pub name_id: NameId,
    /// SessionIndexes; none means all sessions of the user.
    pub indexes: Vec<String>,
    /// How the answer goes back.
    pub reply: ReplyTo,
    /// The request's `ID`, and until when it must be remembered.
    pub replay: (String, OffsetDateTime),
}

/// Judges a request.
pub fn receive(context: Context<'_>, arrival: Arrival<'_>, trace: &mut Trace) -> Received {
    let here = context.hub.url(arrival.endpoint.path());
    // An entity may be registered in both roles, and SOAP has one address for both: the role whose keys fit counts; of
    // two that do not, the one that is known says more.
    let legs = arrival.endpoint.legs().iter();
    let judged = legs.map(|leg| {
        let mut party = None;
        let judged = received(arrival.decoded, true, |issuer| {
            party = Party::of(context, *leg, issuer?);
            Some(party?.expected(context, true, Some(&here), None))
        });
        (judged, party)
    });
    let best = judged.min_by_key(|(judged, party)| (judged.message.is_none(), party.is_none()));
    let Some((judged, party)) = best else {
        return Received::Page(Refusal::of(Check::LogoutReadable));
    };
    let mut report = judged.report;
    arrival.endpoint.place(true, context.hub, &mut report);
    if let Some(Logout::Request(request)) = judged.message.as_ref().map(Signed::value) {
        trace.keys = judged.message.as_ref().map(|signed| KeysUsed {
            signed_by: signed.key_id().to_owned(),
            issued: Some(request.issue_instant),
            opened_with: None,
        });
    }
    let peer = party.map(|party| (party.leg, party.id));
    trace
        .exchanges
        .push(arrived(context, arrival, judged.root, peer).judged(&report));
    match (judged.message, party) {
        (Some(signed), Some(party)) => decide(context, arrival, &signed, party, report),
        _ => {
            let refusal = Refusal::of_report(&report);
            Received::Page(refusal.unwrap_or_else(|| Refusal::of(Check::LogoutReadable)))
        }
    }
}

/// A party that we know signed it: it gets an answer, whatever else is wrong.
fn decide(
    context: Context<'_>,
    arrival: Arrival<'_>,
    signed: &Signed<Logout>,
    party: Party<'_>,
    report: Report,
) -> Received {
    let Logout::Request(request) = signed.value() else {
        return Received::Page(Refusal::of(Check::LogoutReadable));
    };
    let (binding, url) = party.takes_answers(arrival.decoded.binding);
    let reply = ReplyTo {
        party: party.id.to_owned(),
        leg: party.leg,
        request_id: request.id.clone(),
        binding,
        url,
        relay_state: arrival.decoded.relay_state.clone(),
    };
    let made: Vec<Check> = Check::of_logout(true).collect();
    match report.conclude(request.name_id.clone(), &made) {
        Ok(name_id) => {
            let name_id = name_id.into_value();
            Received::Find(Box::new(Wanted {
                key: SessionKey::Party {
                    party: party.id.to_owned(),
                    name_id: name_id.value.clone(),
                },
                name_id,
                indexes: request.session_indexes.clone(),
                reply,
                replay: replay(context, party.id, request),
            }))
        }
        Err((report, _)) => {
            // A request that names nobody has its row, too.
            let refusal = Refusal::of_report(&report);
            let refusal = refusal.unwrap_or_else(|| Refusal::of(Check::LogoutNameId));
            Received::Answer(reply, refusal)
        }
    }
}

/// The request's name in the replay memory, of as many bytes as any other and unlike another party's; and when nobody
/// would accept it any more.
fn replay(context: Context<'_>, party: &str, request: &LogoutRequest) -> (String, OffsetDateTime) {
    // No part can hold a NUL: XML has none.
    let name = ["logout", party, &request.id].join("\0");
    let latest = request.issue_instant + MAX_AGE;
    let latest = request
        .not_on_or_after
        .map_or(latest, |end| end.max(latest));
    // Capped before anything is added: a peer may name the last instant of the year 9999. A second more, because a
    // request that is just as old as it may be is taken.
    let until = latest.min(context.now + LONGEST_REPLAY_MEMORY) + SKEW + Duration::SECOND;
    (crate::dsig::hex(&sha256(name.as_bytes())), until)
}
