//! The hub asks to log a user out.

use super::{Party, REQUESTS, SOAP, Side, Told, accepted, not_offered};
use crate::config::LogoutHabit;
use crate::dsig::{Place, sign};
use crate::edge::page::{Party as OnPage, Text};
use crate::edge::send;
use crate::persona::session::random_id;
use crate::persona::strict::Objection;
use crate::persona::verdict::rows;
use crate::saml::binding::soap::{self, FaultCode};
use crate::saml::binding::{decode_post, decode_redirect, post, redirect};
use crate::saml::names::status;
use crate::saml::{
    Binding, BindingError, Decoded, LogoutRequest, LogoutResponse, MessageField, Outbound, Status,
};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

pub(super) async fn by_redirect<P: Party>(
    State(party): State<Arc<P>>,
    RawQuery(query): RawQuery,
) -> Response {
    not_offered(&*party, Binding::Redirect)
        .unwrap_or_else(|| asked(&*party, decode_redirect(&query.unwrap_or_default())))
}

pub(super) async fn by_post<P: Party>(State(party): State<Arc<P>>, body: Bytes) -> Response {
    not_offered(&*party, Binding::Post).unwrap_or_else(|| asked(&*party, decode_post(&body)))
}

/// No browser is there: what is wrong is a fault.
pub(super) async fn by_soap<P: Party>(State(party): State<Arc<P>>, body: Bytes) -> Response {
    let decoded = match soap::decode(&body) {
        Ok(decoded) => decoded,
        Err(error) => return fault(&error.to_string()),
    };
    match accepted(&*party, &decoded, &party.side().site.url(SOAP)) {
        Ok(request) => {
            party.end(&request);
            send(&party.side(), &answer(&party.side(), &request, &decoded))
        }
        Err(objections) => {
            tell(&*party, &decoded, &objections);
            let failed = objections.iter().map(|one| one.check.info().id);
            fault(&failed.collect::<Vec<_>>().join(" "))
        }
    }
}

fn fault(why: &str) -> Response {
    // SOAP 1.1 §6.2: a fault is sent with 500.
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    let headers = [(header::CONTENT_TYPE, soap::CONTENT_TYPE)];
    (status, headers, soap::fault(FaultCode::Client, why)).into_response()
}

fn asked<P: Party>(party: &P, decoded: Result<Decoded, BindingError>) -> Response {
    let t = Text::current();
    let decoded = match decoded {
        Ok(decoded) => decoded,
        Err(error) => {
            let (code, why) = (StatusCode::BAD_REQUEST, error.to_string());
            return party.refuse_logout(code, t.logout_unreadable, Some(&why), Vec::new());
        }
    };
    let side = party.side();
    let request = match accepted(party, &decoded, &side.site.url(REQUESTS)) {
        Ok(request) => request,
        Err(objections) => {
            tell(party, &decoded, &objections);
            let rows = rows(&objections);
            return party.refuse_logout(StatusCode::FORBIDDEN, t.logout_refused, None, rows);
        }
    };
    if side.habit != LogoutHabit::AnswersError {
        party.end(&request);
    }
    match side.habit {
        LogoutHabit::NeverAnswers => party.tell_user(&Told::Silent),
        _ => send(&side, &answer(&side, &request, &decoded)),
    }
}

fn tell<P: Party>(party: &P, decoded: &Decoded, objections: &[Objection]) {
    let document = crate::xml::Document::parse(&decoded.xml).ok();
    let id = document
        .as_ref()
        .and_then(|document| document.root().attribute("ID"));
    party.report(id, objections);
}

/// The answer to a request, by the binding that it came by.
pub fn answer(side: &Side<'_>, request: &LogoutRequest, came: &Decoded) -> Outbound {
    let to = match side.habit {
        LogoutHabit::AnswersAtRequestAddress => side.requests,
        _ => side.answers,
    };
    let status = match side.habit {
        LogoutHabit::AnswersError => Status::refusal(
            status::RESPONDER,
            None,
            "The session could not be ended (logout = \"answers-error\").",
        ),
        _ => Status::success(),
    };
    let response = LogoutResponse {
        id: random_id(),
        version: "2.0".to_owned(),
        issue_instant: side.says,
        in_response_to: Some(request.id.clone()),
        // On the connection of the request there is no address to be wrong about.
        destination: (came.binding != Binding::Soap).then(|| to.to_owned()),
        consent: None,
        issuer: Some(side.entity_id.to_owned()),
        issuer_format: None,
        status,
    };
    let (element, key) = (response.to_element(), &side.signing);
    let relay_state = came.relay_state.as_deref();
    let field = MessageField::Response;
    let signed = || sign(&element, &response.id, Place::AfterIssuer, key);
    match came.binding {
        Binding::Redirect => redirect(to, field, &element.render(), relay_state, Some(key)),
        Binding::Post => post(to, field, &signed(), relay_state),
        Binding::Soap => Outbound::Soap {
            envelope: soap::envelope(&signed()),
        },
    }
}

fn send(side: &Side<'_>, message: &Outbound) -> Response {
    let party = OnPage {
        base: &side.site.base,
        title: side.title,
    };
    send::of_party_onwards(party, message)
}
