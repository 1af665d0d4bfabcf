//! A LogoutResponse of a party arrives. A cookie is not needed: who signed it and what it answers decide.

use super::{By, drive, end};
use crate::edge::app::App;
use crate::edge::front::{circumstances, ended, observe};
use crate::edge::journal::Note;
use crate::hub::acs::claimed_in_response_to;
use crate::hub::logout::{self, Answered, Arrival};
use crate::hub::{Check, Refusal, Trace};
use crate::store::LogoutKey;
use axum::response::Response;
use std::sync::Arc;

/// It goes on, or nothing changes.
pub async fn response(app: &Arc<App>, arrival: Arrival<'_>) -> Response {
    let now = app.clock.now();
    let stored = match claimed_in_response_to(arrival.decoded) {
        Some(id) => app.store.logout(LogoutKey::Request(&id), now).await,
        None => Ok(None),
    };
    let stored = match stored {
        Ok(stored) => stored,
        Err(error) => {
            tracing::error!(%error, "the store failed");
            let refusal = Refusal::of(Check::StoreAvailable);
            return ended::stranger(app, refusal, Note::default());
        }
    };
    let view = app.view();
    let mut trace = Trace::default();
    let context = view.context(now);
    let answered = logout::answer(context, arrival, stored.as_ref(), &mut trace);
    let peer = ended::claimed_peer(&trace);
    if let Some(peer) = &peer {
        observe::message(app, &view, peer, &trace);
    }
    let refusal = match (answered, stored.clone()) {
        (Answered::Goes(logout), Some(stored)) => {
            return drive::go(app, By::Browser, stored, *logout, trace).await;
        }
        (Answered::Goes(_), None) => Refusal::of(Check::LogoutExpected),
        (Answered::Page(refusal), _) => refusal,
    };
    if let Some(peer) = &peer {
        observe::failed(app, &view, peer, refusal.check, &trace);
        circumstances::refused(app, &view, peer, refusal.check, &mut trace);
    }
    let note = Note {
        trace,
        ..Note::default()
    };
    // Only whoever holds a registered key writes into the flow that it names, and what it says ends nothing.
    match stored.filter(|_| note.trace.keys.is_some()) {
        Some(stored) => {
            let note = Note {
                ..end::of_logout(&stored, note.trace)
            };
            app.journal.note(&stored.flow, note);
            end::page_of(&stored.flow, &refusal)
        }
        None => ended::stranger(app, refusal, end::named(note, &arrival, peer)),
    }
}
