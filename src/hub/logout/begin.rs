//! The sessions that a logout ends, and whom to tell.

use super::{BeginLogout, LOGOUT_LIFETIME, PendingLogout, ReplyTo, StartedBy, State, Told, Wanted};
use crate::hub::session::Session;
use crate::hub::trace::Direction;
use crate::hub::{
    BrowserHash, Check, Context, FlowId, Leg, Refusal, Report, RowOutcome, Source, Trace,
};
use crate::saml::{NameId, names::name_id::UNSPECIFIED};
use crate::xml::beginning;

/// The rule that says whom a logout tells.
const ORDER: &str = "logout-order";

/// What became of it.
#[derive(Debug)]
pub enum Begun {
    /// The effect; then [`super::next`].
    Ends(Box<BeginLogout>),
    /// No session is such: a signed LogoutResponse says so, and nothing ends.
    Answer(ReplyTo, Refusal),
}

/// The sessions of [`Wanted::key`] that the request means: those with one of its SessionIndexes, or all where it names
/// none. Of a session every party is told but the one that asks. The request in `trace`, which [`super::receive`] put
/// there, gets a row of the check `LogoutSession`. May be called again, when the store says that a session changed.
pub fn begin(
    context: Context<'_>,
    wanted: &Wanted,
    sessions: Vec<Session>,
    flow: FlowId,
    trace: &mut Trace,
) -> Begun {
    let ends: Vec<Session> = (sessions.into_iter())
        .filter(|session| is_meant(session, wanted, &context.hub.entity_id))
        .collect();
    row(wanted, ends.len(), trace);
    // The page about it is for the browser that was used last: a request does not say which one brought it.
    let Some(latest) = ends.iter().max_by_key(|session| session.used) else {
        return Begun::Answer(wanted.reply.clone(), Refusal::of(Check::LogoutSession));
    };
    let browser = latest.browser.clone();
    let started_by = StartedBy::Party(wanted.reply.clone());
    let logout = pending(context, flow, browser, started_by, &ends, trace);
    Begun::Ends(Box::new(BeginLogout {
        logout,
        ends,
        replay: Some(wanted.replay.clone()),
    }))
}

/// From the hub's own page: all sessions of the browser.
pub fn from_page(
    context: Context<'_>,
    browser: &BrowserHash,
    sessions: Vec<Session>,
    flow: FlowId,
    trace: &mut Trace,
) -> BeginLogout {
    let ends: Vec<Session> = (sessions.into_iter())
        .filter(|session| session.browser == *browser)
        .collect();
    let browser = browser.clone();
    let logout = pending(context, flow, browser, StartedBy::Page, &ends, trace);
    BeginLogout {
        logout,
        ends,
        replay: None,
    }
}

/// Whether the request is about this session, as the party that asks knows it. The store looked by entityID and NameID;
/// who is logged out is not left to it alone.
fn is_meant(session: &Session, wanted: &Wanted, hub: &str) -> bool {
    let party = wanted.reply.party.as_str();
    let known_by: Option<&[String]> = match wanted.reply.leg {
        Leg::IdentityProvider => (session.idp == party).then_some(session.idp_indexes.as_slice()),
        Leg::System => {
            let mut systems = session.systems.iter();
            let participant = systems.find(|participant| participant.system == party);
            participant.map(|participant| participant.indexes.as_slice())
        }
    };
    let named = |known: &[String]| {
        wanted.indexes.is_empty() || wanted.indexes.iter().any(|index| known.contains(index))
    };
    let own = match wanted.reply.leg {
        Leg::IdentityProvider => session.name_id.clone(),
        // It was told the name without qualifiers, which means these (SAML core §2.2.2); it may write them out.
        Leg::System => NameId {
            name_qualifier: Some(hub.to_owned()),
            sp_name_qualifier: Some(party.to_owned()),
            ..session.name_id.clone()
        },
    };
    names(&wanted.name_id, &own) && known_by.is_some_and(named)
}

/// Whether a stated NameID is that of the session (SAML core §3.7.3.1: it must match strongly). What it leaves out may be
/// anything; a format that nobody stated is “unspecified” (§2.2.2).
fn names(stated: &NameId, own: &NameId) -> bool {
    let format = own.format.as_deref().unwrap_or(UNSPECIFIED);
    let same = |stated: &Option<String>, own: &Option<String>| {
        stated.is_none() || own.is_none() || stated == own
    };
    stated.value == own.value
        && (stated.format.as_deref()).is_none_or(|stated| stated == format)
        && same(&stated.name_qualifier, &own.name_qualifier)
        && same(&stated.sp_name_qualifier, &own.sp_name_qualifier)
}

/// The row, beside those of the request it is about.
fn row(wanted: &Wanted, found: usize, trace: &mut Trace) {
    let mut exchanges = trace.exchanges.iter_mut().rev();
    let request = exchanges
        .find(|exchange| exchange.direction == Direction::In && exchange.kind == "LogoutRequest");
    let Some(request) = request else { return };
    let indexes = match wanted.indexes.as_slice() {
        [] => "any SessionIndex".to_owned(),
        some => beginning(&some.join(" ")),
    };
    let mut report = Report::default();
    report.add(
        Check::LogoutSession,
        match found {
            0 => RowOutcome::Fail,
            _ => RowOutcome::Pass,
        },
        match found {
            0 => "no session".to_owned(),
            1 => "1 session".to_owned(),
            more => format!("{more} sessions"),
        },
        format!(
            "a session with {} and {indexes}",
            beginning(&wanted.name_id.value)
        ),
    );
    // The sessions may have been read before.
    request
        .checks
        .retain(|row| row.check != Check::LogoutSession);
    request.checks.extend(report.rows().into_iter().cloned());
}

/// The logout before anybody was told.
fn pending(
    context: Context<'_>,
    flow: FlowId,
    browser: BrowserHash,
    started_by: StartedBy,
    ends: &[Session],
    trace: &mut Trace,
) -> PendingLogout {
    let asker = match &started_by {
        StartedBy::Party(reply) => Some((reply.leg, reply.party.as_str())),
        StartedBy::Page => None,
    };
    let parties = parties(ends, asker);
    let listed: Vec<&str> = parties.iter().map(|told| told.party.as_str()).collect();
    trace.decisions.retain(|known| known.rule != ORDER);
    trace.decide(
        "logout-order",
        format!(
            "{} sessions, started by {}",
            ends.len(),
            asker.map_or("the user on the hub's page", |(_, party)| party)
        ),
        match listed.as_slice() {
            [] => "nobody else took part".to_owned(),
            some => some.join(", then "),
        },
        Source::Inferred,
    );
    PendingLogout {
        flow,
        browser,
        started_by,
        parties,
        started: context.now,
        expires: context.now + LOGOUT_LIFETIME,
    }
}

/// Whom to tell: systems in the order in which they were logged in, and identity providers last. Who knows the user from
/// several of the sessions is told once, with the SessionIndexes of all of them (SAML core §3.7.1 allows several); under
/// each name that it knows, should they be of several people.
fn parties(ends: &[Session], asker: Option<(Leg, &str)>) -> Vec<Told> {
    let mut sessions: Vec<&Session> = ends.iter().collect();
    sessions.sort_by_key(|session| session.started);
    let systems = sessions.iter().flat_map(|session| {
        // The name that was issued to them.
        let name_id = session.name_id.unqualified();
        let own = session.systems.iter();
        own.map(move |one| (Leg::System, &one.system, name_id.clone(), &one.indexes))
    });
    let providers = sessions.iter().map(|session| {
        let indexes = &session.idp_indexes;
        (
            Leg::IdentityProvider,
            &session.idp,
            session.name_id.clone(),
            indexes,
        )
    });
    let mut all: Vec<Told> = Vec::new();
    for (leg, party, name_id, indexes) in systems.chain(providers) {
        if asker == Some((leg, party.as_str())) {
            continue;
        }
        let mut known = all.iter_mut();
        let known =
            known.find(|told| told.leg == leg && told.party == *party && told.name_id == name_id);
        match known {
            Some(told) => {
                let new = indexes.iter().filter(|index| !told.indexes.contains(index));
                let new: Vec<String> = new.cloned().collect();
                told.indexes.extend(new);
            }
            None => all.push(Told {
                party: party.clone(),
                leg,
                name_id,
                indexes: indexes.clone(),
                state: State::ToTell,
            }),
        }
    }
    all
}
