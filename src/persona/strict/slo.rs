//! SingleLogoutService of a strict system: the hub asks through the user's browser, signed over the query.

use super::Objection;
use crate::config::Defect;
use crate::dsig::Policy;
use crate::edge::page::Text;
use crate::edge::send;
use crate::hub::judge::SKEW;
use crate::hub::judge::logout::{ExpectedLogout, Logout, logout as judge};
use crate::hub::{Check, RowOutcome};
use crate::persona::session::random_id;
use crate::persona::system::System;
use crate::saml::binding::{decode_redirect, redirect};
use crate::saml::{Decoded, LogoutRequest, LogoutResponse, MessageField, Status};
use crate::xml::Document;
use axum::http::StatusCode;
use axum::response::Response;

/// Answers a LogoutRequest: ends the sessions that it names, and says so to the hub. Any other message ends nothing.
pub fn logout(system: &System, query: &str) -> Response {
    let t = Text::current();
    let Ok(decoded) = decode_redirect(query) else {
        return system.refuse(
            StatusCode::BAD_REQUEST,
            t.answer_unreadable,
            None,
            Vec::new(),
        );
    };
    match accepted(system, &decoded) {
        Ok(request) => {
            if !system.demo.has(Defect::IgnoresLogoutRequest) {
                end(system, &request);
            }
            answer(system, &request, decoded.relay_state.as_deref())
        }
        Err(objections) => system.refuse(
            StatusCode::FORBIDDEN,
            t.answer_refused,
            None,
            crate::persona::verdict::rows(&objections),
        ),
    }
}

/// The request, where the hub signed it for this system.
fn accepted(system: &System, decoded: &Decoded) -> Result<LogoutRequest, Vec<Objection>> {
    let keys = system.held_keys();
    let here = system.slo();
    let judged = judge(
        decoded,
        &ExpectedLogout {
            request: Some(true),
            sender: Some(&system.hub.entity_id),
            keys: &keys,
            former_keys: &[],
            signatures: Policy::Modern,
            destination: Some(&here),
            in_response_to: None,
            now: Some(system.clock.now()),
            skew: SKEW,
        },
    );
    let signed = decoded.query_signature.is_some();
    let overlooks = |check| match check {
        Check::LogoutSigned => !signed && system.demo.has(Defect::AcceptsUnsignedLogout),
        Check::LogoutSignature => signed && system.demo.has(Defect::AcceptsForgedLogout),
        _ => false,
    };
    let rows = judged.report.findings().into_iter();
    let failed = rows.filter(|row| row.outcome == RowOutcome::Fail && !overlooks(row.check));
    let objections: Vec<Objection> = failed
        .map(|row| Objection::new(row.check, row.found.clone(), row.expected.clone()))
        .collect();
    if !objections.is_empty() {
        return Err(objections);
    }
    match judged.message.as_ref().map(|message| message.value()) {
        Some(Logout::Request(request)) => Ok(request.clone()),
        // Nobody signed it, and that was overlooked: else there would be an objection.
        _ => claimed(decoded).ok_or_else(Vec::new),
    }
}

fn claimed(decoded: &Decoded) -> Option<LogoutRequest> {
    let document = Document::parse(&decoded.xml).ok()?;
    LogoutRequest::read(document.root()).ok()
}

/// The sessions of that user; of several the ones that are named (SAML core §3.7.1).
fn end(system: &System, request: &LogoutRequest) {
    let Some(name_id) = &request.name_id else {
        return;
    };
    let indexes = &request.session_indexes;
    system.sessions.forget_where(|session| {
        let named = session.session_index.as_ref();
        session.name_id == name_id.value
            && (indexes.is_empty() || named.is_some_and(|own| indexes.contains(own)))
    });
}

fn answer(system: &System, request: &LogoutRequest, relay_state: Option<&str>) -> Response {
    let to = &system.hub.signoff;
    let response = LogoutResponse {
        id: random_id(),
        version: "2.0".to_owned(),
        issue_instant: system.clock.now(),
        in_response_to: Some(request.id.clone()),
        destination: Some(to.clone()),
        consent: None,
        issuer: Some(system.entity_id.clone()),
        issuer_format: None,
        status: Status::success(),
    };
    let message = redirect(
        to,
        MessageField::Response,
        &response.to_element().render(),
        relay_state,
        Some(&system.keys.own(&system.hub).signing),
    );
    send::of_party(system.party(), &message)
}
