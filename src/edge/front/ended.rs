//! How the steps of a login end: in the journal, and on a page or in a message.

use super::visits;
use crate::edge::app::App;
use crate::edge::journal::Note;
use crate::edge::{page, send};
use crate::hub::acs::Outcome;
use crate::hub::issue::{self, ReplyTo};
use crate::hub::trace::{Direction, Leg};
use crate::hub::{
    Actor, Check, Consume, Exchange, FlowId, Pending, Refusal, Row, RowOutcome, Trace,
};
use crate::saml::Binding;
use crate::store::{Consumed, StoreError};
use axum::http::StatusCode;
use axum::response::Response;
use std::borrow::Cow;
use time::OffsetDateTime;

/// Ends on a page.
pub fn on_page(app: &App, flow: &FlowId, refusal: Refusal, mut note: Note) -> Response {
    let response = page_of(flow, &refusal);
    note.ended = Some(Outcome::Refused(refusal));
    visits::about(flow);
    app.journal.note(flow, note);
    response
}

/// Ends on a page a flow in which nobody that we know took part.
pub fn stranger(app: &App, refusal: Refusal, mut note: Note) -> Response {
    let flow = app.new_flow();
    let response = page_of(&flow, &refusal);
    note.ended = Some(Outcome::Refused(refusal));
    visits::about(&flow);
    app.journal.note_junk(&flow, note);
    response
}

fn page_of(flow: &FlowId, refusal: &Refusal) -> Response {
    let status = match (refusal.check, refusal.info().actor) {
        (Check::StoreAvailable, _) => StatusCode::SERVICE_UNAVAILABLE,
        (_, Actor::User) => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    };
    page::refused(status, flow, refusal)
}

/// Ends with a signed status to the system. Nothing is stored, or what was stored is consumed already.
pub fn with_status(
    app: &App,
    flow: &FlowId,
    to: ReplyTo<'_>,
    refusal: Refusal,
    mut note: Note,
    now: OffsetDateTime,
) -> Response {
    let mut entropy = crate::edge::world::SystemEntropy;
    let snapshot = app.view();
    let message = issue::status(
        snapshot.context(now),
        to,
        &refusal,
        &mut entropy,
        &mut note.trace,
    );
    note.ended = Some(Outcome::Refused(refusal));
    visits::about(flow);
    app.journal.note(flow, note);
    send::sealed(&message)
}

/// Ends a stored login with a signed status: consumed first, so that no second end can follow.
pub async fn stored_with_status(
    app: &App,
    pending: Pending,
    refusal: Refusal,
    note: Note,
    now: OffsetDateTime,
) -> Response {
    let consume = Consume {
        pending,
        replay: Vec::new(),
        session: None,
    };
    let consumed = app.store.consume(&consume, now).await;
    let pending = consume.pending;
    match consumed {
        Ok(Consumed::Done) => with_status(
            app,
            &pending.flow,
            ReplyTo::of(&pending),
            refusal,
            note,
            now,
        ),
        Ok(Consumed::Gone | Consumed::Replayed(_)) => elsewhere(&pending.flow),
        Err(error) => store_failed(app, &pending.flow, &error, note),
    }
}

/// Another tab of the same browser moved this login on meanwhile: a page for this one, and the flow stays
/// what the other one made of it.
pub fn elsewhere(flow: &FlowId) -> Response {
    visits::about(flow);
    page::refused(StatusCode::FORBIDDEN, flow, &Refusal::of(Check::FlowKnown))
}

/// What was about to be sent is not sent, so the journal does not show it.
pub fn unsent(trace: &mut Trace) {
    trace
        .exchanges
        .retain(|exchange| exchange.direction == Direction::In);
}

/// The store could not answer, so the hub refuses.
pub fn store_failed(app: &App, flow: &FlowId, error: &StoreError, note: Note) -> Response {
    tracing::error!(%flow, %error, "the store failed");
    let check = match error {
        StoreError::Conflict => Check::FlowKnown,
        StoreError::Full
        | StoreError::TooLarge { .. }
        | StoreError::Unavailable(_)
        | StoreError::Unusable(_) => Check::StoreAvailable,
    };
    on_page(app, flow, Refusal::of(check), note)
}

/// A trace of octets that are no message: the tester sees that something came, and what was wrong.
pub fn unreadable(
    at: OffsetDateTime,
    leg: Leg,
    binding: Binding,
    check: Check,
    found: impl Into<Cow<'static, str>>,
) -> Trace {
    let row = Row {
        check,
        outcome: RowOutcome::Fail,
        found: found.into(),
        expected: "".into(),
    };
    let exchange = Exchange {
        at,
        leg,
        direction: Direction::In,
        kind: "?".to_owned(),
        binding,
        peer: None,
        xml: String::new(),
        decrypted: None,
        relay_state: None,
        query: None,
        checks: vec![row],
    };
    Trace {
        exchanges: vec![exchange],
        ..Trace::default()
    }
}

/// Who an incoming message says it is from: names the flow in the journal, and nothing else.
pub fn claimed_peer(trace: &Trace) -> Option<String> {
    trace
        .exchanges
        .iter()
        .find(|exchange| exchange.direction == Direction::In)?
        .peer
        .clone()
}
