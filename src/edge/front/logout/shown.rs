//! What a page says of a logout: who was logged out, who was not and why, and how it goes on.

use crate::edge::app::{App, View};
use crate::edge::page::{self, Carry, Forms, LogoutPage, PartyRow, Progress, SessionRow, Text};
use crate::hub::logout::{Failure, PendingLogout, StartedBy, State, Told};
use crate::hub::session::Session;
use crate::hub::trace::Leg;
use crate::saml::Outbound;
use axum::http::StatusCode;
use axum::response::Response;

/// The page of a logout that is over; with the answer that whoever started it waits for.
pub fn page(app: &App, view: &View, logout: &PendingLogout, answer: Option<&Outbound>) -> Response {
    let carry = answer.and_then(|answer| carry(view, logout, answer));
    let target = carry.as_ref().map(|carry| carry.action.clone());
    let page = LogoutPage {
        progress: Some(progress(app, view, logout, true)),
        carry,
        ..LogoutPage::new(Text::current())
    };
    let forms = match &target {
        // Exactly where the answer goes, which comes from registered metadata.
        Some(target) => Forms::To(target),
        None => Forms::Own,
    };
    page::html_with(StatusCode::OK, &page, forms)
}

/// How it stands.
pub fn progress(app: &App, view: &View, logout: &PendingLogout, over: bool) -> Progress {
    let t = Text::current();
    let asked = logout.asked().and_then(|told| match &told.state {
        State::Asked { until, .. } => Some((title(view, told), *until)),
        _ => None,
    });
    let late = asked
        .as_ref()
        .is_some_and(|(_, until)| *until <= app.clock.now());
    Progress {
        flow: logout.flow.to_string(),
        over,
        partial: logout.failed().next().is_some(),
        waits_for: asked.map(|(title, _)| title).filter(|_| !over),
        late: late && !over,
        rows: logout
            .parties
            .iter()
            .map(|told| row(view, told, t))
            .collect(),
        started_by: match &logout.started_by {
            StartedBy::Party(reply) => Some(titled(view, reply.leg, &reply.party)),
            StartedBy::Page => None,
        },
    }
}

/// A session, by the titles of whom it is with.
pub fn session(view: &View, session: &Session) -> SessionRow {
    let systems = session.systems.iter();
    SessionRow {
        idp: view.idp_title(&session.idp).to_owned(),
        systems: systems
            .map(|one| view.system_title(&one.system).to_owned())
            .collect(),
    }
}

fn row(view: &View, told: &Told, t: &Text) -> PartyRow {
    let (word, class) = match &told.state {
        State::ToTell => (t.slo_to_tell.to_owned(), "skip"),
        State::Asked { .. } => (t.slo_asked.to_owned(), "warn"),
        State::LoggedOut => (t.slo_done.to_owned(), "pass"),
        State::Failed(failure) => (failed(failure, t), "fail"),
    };
    PartyRow {
        title: title(view, told),
        is_idp: told.leg == Leg::IdentityProvider,
        word,
        class,
    }
}

fn failed(failure: &Failure, t: &Text) -> String {
    match failure {
        Failure::NoEndpoint => t.slo_no_endpoint.to_owned(),
        Failure::Unknown => t.slo_unknown.to_owned(),
        Failure::NoAnswer => t.slo_no_answer.to_owned(),
        Failure::Unreachable => t.slo_unreachable.to_owned(),
        Failure::Status(codes) => t.slo_said_no(short(codes)),
    }
}

/// What comes after the last colon of each code says it; the rest is the same of all of them.
fn short(codes: &str) -> String {
    let codes = codes.split(" / ");
    let last = codes.map(|code| code.rsplit(':').next().unwrap_or(code));
    last.collect::<Vec<_>>().join(" / ")
}

fn title(view: &View, told: &Told) -> String {
    titled(view, told.leg, &told.party)
}

fn titled(view: &View, leg: Leg, party: &str) -> String {
    match leg {
        Leg::System => view.system_title(party),
        Leg::IdentityProvider => view.idp_title(party),
    }
    .to_owned()
}

/// A button that carries the answer on.
fn carry(view: &View, logout: &PendingLogout, answer: &Outbound) -> Option<Carry> {
    let StartedBy::Party(reply) = &logout.started_by else {
        return None;
    };
    let title = titled(view, reply.leg, &reply.party);
    match answer {
        Outbound::Redirect { url } => Some(Carry {
            title,
            action: url.clone(),
            fields: Vec::new(),
        }),
        Outbound::Post {
            action,
            field,
            message,
            relay_state,
        } => {
            let relay_state = relay_state.clone();
            let fields = std::iter::once((field.name(), message.clone()))
                .chain(relay_state.map(|state| ("RelayState", state)));
            Some(Carry {
                title,
                action: action.clone(),
                fields: fields.collect(),
            })
        }
        Outbound::Soap { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lose_what_is_the_same_of_all() {
        let codes = "urn:oasis:names:tc:SAML:2.0:status:Responder / urn:oasis:names:tc:SAML:2.0:status:PartialLogout";
        assert_eq!(short(codes), "Responder / PartialLogout");
        assert_eq!(short("x"), "x");
    }
}
