//! A logout begins: the sessions end at the hub, and then everybody is told.

use super::{By, drive, end};
use crate::edge::app::App;
use crate::edge::front::{circumstances, ended, observe};
use crate::edge::journal::Note;
use crate::edge::world::SystemEntropy;
use crate::hub::logout::{
    self, Arrival, BeginLogout, Begun, Ended, PendingLogout, Received, ReplyTo, Wanted,
};
use crate::hub::session::SessionKey;
use crate::hub::trace::{Direction, Leg};
use crate::hub::{BrowserHash, Check, FlowId, Refusal, Row, RowOutcome, Trace};
use crate::store::StoreError;
use axum::response::Response;
use std::sync::Arc;

/// How often sessions are read again that changed meanwhile.
const ATTEMPTS: usize = 3;

/// A LogoutRequest of a party.
pub async fn request(app: &Arc<App>, arrival: Arrival<'_>, by: By) -> Response {
    let flow = app.new_flow();
    let view = app.view();
    let mut trace = Trace::default();
    let received = logout::receive(view.context(app.clock.now()), arrival, &mut trace);
    let peer = ended::claimed_peer(&trace);
    if let Some(peer) = &peer {
        observe::message(app, &view, peer, &trace);
        if let Received::Page(refusal) | Received::Answer(_, refusal) = &received {
            observe::failed(app, &view, peer, refusal.check, &trace);
            circumstances::refused(app, &view, peer, refusal.check, &mut trace);
        }
    }
    match received {
        Received::Page(refusal) => {
            let note = Note {
                trace,
                ..Note::default()
            };
            end::stranger(app, by, refusal, end::named(note, &arrival, peer))
        }
        Received::Answer(reply, refusal) => refuse(app, by, &flow, &reply, refusal, trace),
        Received::Find(wanted) => find(app, by, flow, &wanted, trace).await,
    }
}

/// The sessions that the request means end; again, where they changed between reading and ending.
async fn find(app: &App, by: By, flow: FlowId, wanted: &Wanted, trace: Trace) -> Response {
    let failed = |error: &StoreError, trace| {
        let note = end::of_reply(&wanted.reply, trace);
        end::store_failed(app, by, &flow, error, note)
    };
    for _ in 0..ATTEMPTS {
        let now = app.clock.now();
        let mut trace = trace.clone();
        let sessions = match app.store.sessions(&wanted.key, now).await {
            Ok(sessions) => sessions,
            Err(error) => return failed(&error, trace),
        };
        let view = app.view();
        let begun = logout::begin(
            view.context(now),
            wanted,
            sessions,
            flow.clone(),
            &mut trace,
        );
        let effect = match begun {
            Begun::Answer(reply, refusal) => {
                return refuse(app, by, &flow, &reply, refusal, trace);
            }
            Begun::Ends(effect) => effect,
        };
        match app.store.begin_logout(&effect, now).await {
            Ok(Ended::Done) => return drive::from_the_start(app, by, effect.logout, trace).await,
            Ok(Ended::Changed) => {}
            Ok(Ended::Replayed) => {
                repeated(&mut trace);
                let refusal = Refusal::of(Check::LogoutRepeated);
                return refuse(app, by, &flow, &wanted.reply, refusal, trace);
            }
            Err(error) => return failed(&error, trace),
        }
    }
    failed(&StoreError::Conflict, trace)
}

/// From the hub's own page: what became of the first of these names that has sessions. None has one.
pub async fn from_page(app: &App, names: &[BrowserHash]) -> Result<Option<Response>, StoreError> {
    for name in names {
        for _ in 0..ATTEMPTS {
            let now = app.clock.now();
            let key = SessionKey::Browser(name.clone());
            let sessions = app.store.sessions(&key, now).await?;
            if sessions.is_empty() {
                break;
            }
            let mut trace = Trace::default();
            let view = app.view();
            let effect: BeginLogout = logout::from_page(
                view.context(now),
                name,
                sessions,
                app.new_flow(),
                &mut trace,
            );
            match app.store.begin_logout(&effect, now).await? {
                Ended::Done => {
                    let logout: PendingLogout = effect.logout;
                    let gone = drive::from_the_start(app, By::Browser, logout, trace).await;
                    return Ok(Some(gone));
                }
                Ended::Changed => {}
                // Nothing of it is remembered, so nothing can be used again.
                Ended::Replayed => break,
            }
        }
    }
    Ok(None)
}

/// A signed LogoutResponse says no; a page where the party takes none. Nothing ended.
fn refuse(
    app: &App,
    by: By,
    flow: &FlowId,
    reply: &ReplyTo,
    refusal: Refusal,
    trace: Trace,
) -> Response {
    let mut trace = trace;
    let view = app.view();
    let context = view.context(app.clock.now());
    let message = logout::refused(context, reply, &refusal, &mut SystemEntropy, &mut trace);
    let note = end::of_reply(reply, trace);
    end::refused(app, by, flow, refusal, message.as_ref(), note)
}

/// The row that the store's word has.
fn repeated(trace: &mut Trace) {
    let mut all = trace.exchanges.iter_mut().rev();
    let request = all.find(|exchange| exchange.direction == Direction::In);
    if let Some(request) = request {
        request.checks.push(Row {
            check: Check::LogoutRepeated,
            outcome: RowOutcome::Fail,
            found: "an ID that was used before".into(),
            expected: "an ID of its own".into(),
        });
    }
}

/// Which side a party stands on.
pub(super) fn sides(leg: Leg, party: &str) -> (Option<String>, Option<String>) {
    match leg {
        Leg::System => (Some(party.to_owned()), None),
        Leg::IdentityProvider => (None, Some(party.to_owned())),
    }
}
