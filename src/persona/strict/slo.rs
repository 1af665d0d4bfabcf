//! SingleLogoutService of a strict system: the hub asks through the user's browser, signed over the query.

use crate::config::Defect;
use crate::edge::page::Text;
use crate::edge::send;
use crate::persona::logout::{self, Party as _};
use crate::persona::system::System;
use crate::saml::binding::decode_redirect;
use axum::http::StatusCode;
use axum::response::Response;

/// Answers a LogoutRequest: ends the sessions that it names, and says so to the hub. Any other message ends nothing.
pub fn logout(system: &System, query: &str) -> Response {
    let t = Text::current();
    let Ok(decoded) = decode_redirect(query) else {
        let (code, what) = (StatusCode::BAD_REQUEST, t.answer_unreadable);
        return system.refuse(code, what, None, Vec::new());
    };
    match logout::accepted(system, &decoded, &system.slo()) {
        Ok(request) => {
            if !system.demo.has(Defect::IgnoresLogoutRequest) {
                system.end(&request);
            }
            let message = logout::answer(&system.side(), &request, &decoded);
            send::of_party(system.party(), &message)
        }
        Err(objections) => system.refuse(
            StatusCode::FORBIDDEN,
            t.answer_refused,
            None,
            crate::persona::verdict::rows(&objections),
        ),
    }
}
