//! How the steps of a logout end: in the journal, and on a page, in a message or in a fault.

use super::begin::sides;
use super::{By, page, shown};
use crate::edge::app::App;
use crate::edge::front::{ended as ends, visits};
use crate::edge::journal::Note;
use crate::edge::{page as pages, send};
use crate::hub::acs::Outcome;
use crate::hub::logout::{Arrival, End, Endpoint, PendingLogout, ReplyTo, StartedBy};
use crate::hub::trace::Leg;
use crate::hub::verdict::circumstance;
use crate::hub::{Actor, Check, FlowId, Refusal, Sealed, Trace};
use crate::saml::Outbound;
use crate::saml::binding::soap::{self, FaultCode};
use crate::store::StoreError;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};

/// What the journal gets to know of a logout: who started it, or else the first that is told, on either side.
pub fn of_logout(logout: &PendingLogout, trace: Trace) -> Note {
    let told = |leg: Leg| {
        let mut all = logout.parties.iter();
        Some(all.find(|told| told.leg == leg)?.party.clone())
    };
    let (system, idp) = match &logout.started_by {
        StartedBy::Party(reply) => sides(reply.leg, &reply.party),
        StartedBy::Page => (None, None),
    };
    Note {
        trace,
        system: system.or_else(|| told(Leg::System)),
        idp: idp.or_else(|| told(Leg::IdentityProvider)),
        ..Note::default()
    }
}

/// The same of a request that began nothing.
pub fn of_reply(reply: &ReplyTo, trace: Trace) -> Note {
    let (system, idp) = sides(reply.leg, &reply.party);
    Note {
        trace,
        system,
        idp,
        ..Note::default()
    }
}

/// The same where nothing is known but what a message says.
pub fn named(note: Note, arrival: &Arrival<'_>, peer: Option<String>) -> Note {
    let leg = note.trace.exchanges.first().map(|exchange| exchange.leg);
    let leg = leg.unwrap_or(match arrival.endpoint {
        Endpoint::SignoffRequest | Endpoint::SignoffResponse => Leg::IdentityProvider,
        Endpoint::Issue | Endpoint::Signoff | Endpoint::Soap => Leg::System,
    });
    let (system, idp) = peer.map_or((None, None), |peer| sides(leg, &peer));
    Note {
        system,
        idp,
        ..note
    }
}

/// Nobody that we know signed it.
pub fn stranger(app: &App, by: By, refusal: Refusal, note: Note) -> Response {
    let response = ends::stranger(app, refusal, note);
    told(by, refusal, response)
}

/// A page for a person, a fault for a program.
fn told(by: By, refusal: Refusal, page: Response) -> Response {
    match by {
        By::Browser => page,
        By::Soap => {
            let code = match refusal.info().actor {
                Actor::Hub => FaultCode::Server,
                _ => FaultCode::Client,
            };
            let info = refusal.info();
            let why = format!("{} ({})", info.what.1, info.id);
            fault(code, &why)
        }
    }
}

/// SOAP 1.1 §6.2: a fault has the status 500.
fn fault(code: FaultCode, why: &str) -> Response {
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        [(CONTENT_TYPE, soap::CONTENT_TYPE)],
        soap::fault(code, why),
    )
        .into_response()
}

/// A request of somebody that we know was refused: by the message, or on a page where the party takes none.
pub fn refused(
    app: &App,
    by: By,
    flow: &FlowId,
    refusal: Refusal,
    message: Option<&Sealed>,
    note: Note,
) -> Response {
    let page = ends::on_page(app, flow, refusal, note);
    match message {
        Some(message) => send::sealed(message),
        None => told(by, refusal, page),
    }
}

/// The store could not answer: nothing more is sent.
pub fn store_failed(app: &App, by: By, flow: &FlowId, error: &StoreError, note: Note) -> Response {
    tracing::error!(%flow, %error, "the store failed");
    let refusal = Refusal::of(Check::StoreAvailable);
    let page = ends::on_page(app, flow, refusal, note);
    told(by, refusal, page)
}

/// A refusal that ends nothing.
pub fn page_of(flow: &FlowId, refusal: &Refusal) -> Response {
    visits::about(flow);
    pages::refused(StatusCode::BAD_REQUEST, flow, refusal)
}

/// Another answer moved this logout on meanwhile. The hub's page tells how it stands, to whom it belongs.
pub fn elsewhere(app: &App, by: By, logout: &PendingLogout, trace: Trace) -> Response {
    app.journal.note(&logout.flow, of_logout(logout, trace));
    visits::about(&logout.flow);
    match by {
        By::Browser => to_page(&logout.flow),
        By::Soap => fault(FaultCode::Server, "the logout goes on elsewhere"),
    }
}

/// To the page about a logout.
pub fn to_page(flow: &FlowId) -> Response {
    let place = format!("{}?flow={flow}", page::PAGE);
    (StatusCode::SEE_OTHER, [(LOCATION, place)]).into_response()
}

/// The logout is over: whoever started it is answered. Where somebody did not log the user out, a person reads it first.
pub fn ended(app: &App, by: By, end: End, trace: Trace) -> Response {
    let End { logout, send } = end;
    let mut trace = trace;
    for (told, _) in logout.failed() {
        circumstance::not_logged_out(&told.party, told.leg, &mut trace);
    }
    let failed: Vec<String> = logout
        .failed()
        .map(|(told, _)| told.party.clone())
        .collect();
    let is_partial = !failed.is_empty();
    let note = Note {
        ended: Some(Outcome::LoggedOut { failed }),
        ..of_logout(&logout, trace)
    };
    app.journal.note(&logout.flow, note);
    app.logins.logged_out(logout.clone());
    visits::about(&logout.flow);
    let by_call = matches!(
        send.as_ref().map(Sealed::outbound),
        Some(Outbound::Soap { .. })
    );
    match send {
        Some(message) if by_call == (by == By::Soap) && (by_call || !is_partial) => {
            send::sealed(&message)
        }
        // Whoever called is not there any more.
        Some(_) if by_call => to_page(&logout.flow),
        Some(message) if by == By::Browser => {
            shown::page(app, &app.view(), &logout, Some(message.outbound()))
        }
        None if by == By::Browser && logout.started_by == StartedBy::Page => to_page(&logout.flow),
        None if by == By::Browser => shown::page(app, &app.view(), &logout, None),
        Some(_) | None => fault(FaultCode::Server, "there is no way to answer by SOAP"),
    }
}
