//! A party answers, or does not.

use super::message::{arrived, came as came_back};
use super::party::Party;
use super::{ANSWER_WITHIN, Arrival, Failure, PendingLogout, State, Told};
use crate::hub::acs::claimed_in_response_to;
use crate::hub::judge;
use crate::hub::judge::logout::{JudgedLogout, Logout, received};
use crate::hub::trace::KeysUsed;
use crate::hub::{Check, Context, Refusal, Report, RowOutcome, Source, Trace};
use crate::saml::names::status::PARTIAL_LOGOUT;
use crate::saml::{BindingError, Decoded, Status};
use crate::xml::{Document, beginning};

/// What the flow says of a party that failed.
const NOT_LOGGED_OUT: &str = "not logged out";

/// What became of a LogoutResponse.
#[derive(Debug)]
pub enum Answered {
    /// The logout goes on: [`super::next`]. It differs from what was read by the state of the party that answered.
    Goes(Box<PendingLogout>),
    /// A page: nobody waits for it, or nobody that we asked signed it. The logout stays as it was.
    Page(Refusal),
}

/// Judges a LogoutResponse. `logout` is what [`crate::hub::acs::claimed_in_response_to`] led to, if there is one. One
/// that comes to the address for requests is taken, with a row that warns. One that comes late is taken too, as long as
/// nobody went on without it: what it says is what happened.
pub fn answer(
    context: Context<'_>,
    arrival: Arrival<'_>,
    logout: Option<&PendingLogout>,
    trace: &mut Trace,
) -> Answered {
    let mut report = Report::default();
    let claimed = claimed_in_response_to(arrival.decoded);
    let waiting = logout.and_then(|logout| Some((logout, waiting(logout)?)));
    let waiting = waiting.filter(|(_, asked)| claimed.as_deref() == Some(asked.request_id));
    report.require(
        Check::LogoutExpected,
        waiting.is_some(),
        match (&waiting, claimed) {
            (Some(_), _) => "a LogoutRequest that waits".to_owned(),
            (None, Some(id)) => format!("no LogoutRequest that waits: {}", beginning(&id)),
            (None, None) => "no InResponseTo: nobody asked for it".to_owned(),
        },
        "the InResponseTo of a LogoutRequest that the hub waits for",
    );
    let Some((logout, asked)) = waiting else {
        let root = Document::parse(&arrival.decoded.xml).ok();
        let root = root.map(|document| document.root().local().to_owned());
        trace
            .exchanges
            .push(arrived(context, arrival, root, None).judged(&report));
        return Answered::Page(Refusal::of(Check::LogoutExpected));
    };
    let here = context.hub.url(arrival.endpoint.path());
    let (judged, party) = judge(context, arrival.decoded, &asked, Some(&here));
    report.extend(judged.report);
    arrival.endpoint.place(false, context.hub, &mut report);
    if !arrival.endpoint.legs().contains(&asked.told.leg) {
        report.add(
            Check::LogoutDestination,
            RowOutcome::Fail,
            here,
            "the address for parties of its kind",
        );
    }
    trace.keys = keys(judged.message.as_ref());
    let peer = Some((asked.told.leg, asked.told.party.as_str())).filter(|_| party);
    trace
        .exchanges
        .push(arrived(context, arrival, judged.root, peer).judged(&report));
    let status = match judged.message.as_ref().map(judge::Signed::value) {
        Some(Logout::Response(response)) => Some(&response.status),
        _ => None,
    };
    match status {
        Some(status) if is_bound(&report) => {
            let state = noted(&asked, outcome(status), trace);
            Answered::Goes(Box::new(with(logout, &asked, state)))
        }
        _ => {
            let refusal = Refusal::of_report(&report);
            Answered::Page(refusal.unwrap_or_else(|| Refusal::of(Check::LogoutReadable)))
        }
    }
}

/// What came back of a SOAP call: a message, octets that are none, or nothing at all (`Err` with why, for the tester).
/// Whatever it is, the logout goes on.
pub fn called(
    context: Context<'_>,
    logout: PendingLogout,
    came: Result<Result<Decoded, BindingError>, String>,
    trace: &mut Trace,
) -> PendingLogout {
    let Some(asked) = waiting(&logout) else {
        return logout;
    };
    let decoded = match came {
        Ok(Ok(decoded)) => decoded,
        Ok(Err(error)) => return unreachable(&logout, &asked, error.to_string(), trace),
        Err(why) => return unreachable(&logout, &asked, why, trace),
    };
    // It came on the connection that we opened: where to is not for the message to say.
    let (judged, _) = judge(context, &decoded, &asked, None);
    let (leg, peer) = (asked.told.leg, asked.told.party.as_str());
    trace.keys = keys(judged.message.as_ref());
    trace
        .exchanges
        .push(came_back(context, &decoded, judged.root, leg, Some(peer)).judged(&judged.report));
    match judged.message.as_ref().map(judge::Signed::value) {
        Some(Logout::Response(response)) if is_bound(&judged.report) => {
            let state = noted(&asked, outcome(&response.status), trace);
            with(&logout, &asked, state)
        }
        _ => {
            let reason = judged.report.reason();
            let why = reason.map_or("nothing to go by", |row| row.check.info().id);
            unreachable(&logout, &asked, why.to_owned(), trace)
        }
    }
}

/// The logout with whoever had to answer before now as one that did not, if there is one; then [`super::next`].
pub fn overdue(
    context: Context<'_>,
    logout: &PendingLogout,
    trace: &mut Trace,
) -> Option<PendingLogout> {
    let asked = waiting(logout)?;
    (asked.until <= context.now).then(|| {
        let state = noted(&asked, State::Failed(Failure::NoAnswer), trace);
        with(logout, &asked, state)
    })
}

/// The party is one that failed: for the logout, and for the flow.
pub(super) fn failed(told: &mut Told, failure: Failure, trace: &mut Trace) {
    decide(told, &failure, trace);
    told.state = State::Failed(failure);
}

fn noted(asked: &Asked<'_>, state: State, trace: &mut Trace) -> State {
    if let State::Failed(failure) = &state {
        decide(asked.told, failure, trace);
    }
    state
}

fn decide(told: &Told, failure: &Failure, trace: &mut Trace) {
    let why = match failure {
        Failure::NoEndpoint => "no SingleLogoutService that can be used".to_owned(),
        Failure::Unknown => "not registered any more".to_owned(),
        Failure::NoAnswer => format!("no answer within {} s", ANSWER_WITHIN.whole_seconds()),
        Failure::Unreachable => "no LogoutResponse came back".to_owned(),
        Failure::Status(status) => status.clone(),
    };
    let input = format!("{}: {why}", told.party);
    trace.decide("logout-party", input, NOT_LOGGED_OUT, Source::Setting);
}

/// The party that is asked, and how.
struct Asked<'a> {
    at: usize,
    told: &'a Told,
    request_id: &'a str,
    until: time::OffsetDateTime,
}

fn waiting(logout: &PendingLogout) -> Option<Asked<'_>> {
    let mut all = logout.parties.iter().enumerate();
    all.find_map(|(at, told)| match &told.state {
        State::Asked {
            request_id, until, ..
        } => Some(Asked {
            at,
            told,
            request_id,
            until: *until,
        }),
        _ => None,
    })
}

/// Judges it with the keys of the party that was asked, and of nobody else; and whether that one is still registered.
fn judge(
    context: Context<'_>,
    decoded: &Decoded,
    asked: &Asked<'_>,
    destination: Option<&str>,
) -> (JudgedLogout, bool) {
    let party = Party::of(context, asked.told.leg, &asked.told.party);
    let in_response_to = Some(asked.request_id);
    let judged = received(decoded, false, |_| {
        party.map(|party| party.expected(context, false, destination, in_response_to))
    });
    (judged, party.is_some())
}

fn keys(message: Option<&judge::Signed<Logout>>) -> Option<KeysUsed> {
    let signed = message?;
    let Logout::Response(response) = signed.value() else {
        return None;
    };
    Some(KeysUsed {
        signed_by: signed.key_id().to_owned(),
        issued: Some(response.issue_instant),
        opened_with: None,
    })
}

/// Whether the party can be held to it. That it says “no” is an answer as well.
fn is_bound(report: &Report) -> bool {
    let made = Check::of_logout(false).filter(|check| *check != Check::LogoutStatus);
    let rows = report.findings().into_iter();
    let mut failed = rows.filter(|row| row.outcome == RowOutcome::Fail);
    failed.all(|row| row.check == Check::LogoutStatus) && { made }
        .all(|check| report.outcome(check).is_some())
}

fn outcome(status: &Status) -> State {
    let partial = status.subcode.as_deref() == Some(PARTIAL_LOGOUT);
    if status.is_success() && !partial {
        return State::LoggedOut;
    }
    let codes = [Some(&status.code), status.subcode.as_ref()];
    let codes: Vec<String> = codes
        .into_iter()
        .flatten()
        .map(|one| beginning(one))
        .collect();
    State::Failed(Failure::Status(codes.join(" / ")))
}

fn unreachable(
    logout: &PendingLogout,
    asked: &Asked<'_>,
    why: String,
    trace: &mut Trace,
) -> PendingLogout {
    let input = format!("{} by SOAP: {}", asked.told.party, beginning(&why));
    trace.decide("logout-party", input, NOT_LOGGED_OUT, Source::Setting);
    with(logout, asked, State::Failed(Failure::Unreachable))
}

fn with(logout: &PendingLogout, asked: &Asked<'_>, state: State) -> PendingLogout {
    let mut logout = logout.clone();
    if let Some(told) = logout.parties.get_mut(asked.at) {
        told.state = state;
    }
    logout
}
