//! The hub answers a logout that this party began.

use super::judge::{Wanted, believed};
use super::{ANSWERS, Party, Told, not_offered};
use crate::edge::page::Text;
use crate::hub::acs::claimed_in_response_to;
use crate::persona::verdict::rows;
use crate::saml::binding::{decode_post, decode_redirect};
use crate::saml::{Binding, BindingError, Decoded};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

pub(super) async fn by_redirect<P: Party>(
    State(party): State<Arc<P>>,
    RawQuery(query): RawQuery,
) -> Response {
    not_offered(&*party, Binding::Redirect)
        .unwrap_or_else(|| answered(&*party, decode_redirect(&query.unwrap_or_default())))
}

pub(super) async fn by_post<P: Party>(State(party): State<Arc<P>>, body: Bytes) -> Response {
    not_offered(&*party, Binding::Post).unwrap_or_else(|| answered(&*party, decode_post(&body)))
}

fn answered<P: Party>(party: &P, decoded: Result<Decoded, BindingError>) -> Response {
    let here = party.side().site.url(ANSWERS);
    let refuse = |code, what: &str, detail: Option<&str>, rows| {
        party.refuse_logout(code, what, detail, rows)
    };
    let t = Text::current();
    let decoded = match decoded {
        Ok(decoded) => decoded,
        Err(error) => {
            let why = error.to_string();
            let code = StatusCode::BAD_REQUEST;
            return refuse(code, t.answer_unreadable, Some(&why), Vec::new());
        }
    };
    match what_it_says(party, &decoded, Some(&here)) {
        Ok(told) => party.tell_user(&told),
        Err(Unbelieved::Unasked) => {
            refuse(StatusCode::FORBIDDEN, t.logout_unasked, None, Vec::new())
        }
        Err(Unbelieved::RelayState) => {
            let why = "RelayState did not come back as it was sent.";
            refuse(
                StatusCode::FORBIDDEN,
                t.answer_refused,
                Some(why),
                Vec::new(),
            )
        }
        Err(Unbelieved::Fails(objections)) => {
            party.report(claimed_in_response_to(&decoded).as_deref(), &objections);
            let rows = rows(&objections);
            refuse(StatusCode::FORBIDDEN, t.answer_refused, None, rows)
        }
    }
}

/// Why an answer counts for nothing.
pub(super) enum Unbelieved {
    /// It answers no logout that was begun here, or not any more.
    Unasked,
    /// RelayState is another one.
    RelayState,
    /// What speaks against it.
    Fails(Vec<crate::persona::strict::Objection>),
}

/// What an answer says. The logout that it answers is used up only by an answer that is believed, so that junk ends
/// nobody's.
pub(super) fn what_it_says<P: Party>(
    party: &P,
    decoded: &Decoded,
    here: Option<&str>,
) -> Result<Told, Unbelieved> {
    let answers = claimed_in_response_to(decoded).ok_or(Unbelieved::Unasked)?;
    let begun = party.side().begun.get(&answers);
    let begun = begun.ok_or(Unbelieved::Unasked)?;
    let wanted = Wanted {
        request: false,
        here,
        in_response_to: Some(&answers),
    };
    let response = believed(party, decoded, &wanted).map_err(Unbelieved::Fails)?;
    if decoded.binding != Binding::Soap
        && decoded.relay_state.as_deref() != Some(&begun.relay_state)
    {
        return Err(Unbelieved::RelayState);
    }
    let used = party.side().begun.take(&answers);
    used.ok_or(Unbelieved::Unasked)?;
    Ok(Told::of(&response.status))
}
