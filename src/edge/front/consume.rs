//! AssertionConsumerService: an IdP's answer arrives.

use super::{circumstances, ended, observe, posted, trial, visits};
use crate::edge::app::App;
use crate::edge::browser::Browser;
use crate::edge::journal::{Flow, Note};
use crate::edge::world::SystemEntropy;
use crate::edge::{page, send};
use crate::hub::acs::{self, Answered, Finish, Outcome};
use crate::hub::rollover::Heard;
use crate::hub::trace::Leg;
use crate::hub::{BrowserHash, Check, Context, Pending, Refusal, Stage, Trace};
use crate::saml::Binding;
use crate::store::Consumed;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{ALLOW, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use std::sync::Arc;

/// By HTTP-POST, the only binding that this endpoint has.
pub async fn post(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Response {
    let now = app.clock.now();
    let decoded = match posted(&headers, &body) {
        Ok(decoded) => decoded,
        Err(error) => {
            let trace = ended::unreadable(
                now,
                Leg::IdentityProvider,
                Binding::Post,
                Check::ResponseReadable,
                error.to_string(),
            );
            let refusal = Refusal::of(Check::ResponseReadable);
            return ended::stranger(
                &app,
                refusal,
                Note {
                    trace,
                    ..Note::default()
                },
            );
        }
    };
    let stored = match acs::claimed_in_response_to(&decoded) {
        Some(id) => app.store.by_request(&id, now).await,
        None => Ok(None),
    };
    let pending = match stored {
        Ok(pending) => pending,
        Err(error) => {
            tracing::error!(%error, "the store failed");
            return ended::stranger(&app, Refusal::of(Check::StoreAvailable), Note::default());
        }
    };
    let names = Browser::of(&headers);
    let browser = names.name_for(pending.as_ref());
    let snapshot = app.view();
    let context = snapshot.context(now);
    let mut trace = Trace::default();
    let answered = acs::receive(
        context,
        &decoded,
        pending.as_ref(),
        browser,
        &mut SystemEntropy,
        &mut trace,
    );
    if let Some(idp) = pending.as_ref().and_then(asked) {
        observe::message(&app, &snapshot, idp, &trace);
        match &answered {
            Answered::Page(refusal) => {
                observe::failed(&app, &snapshot, idp, refusal.check, &trace);
                circumstances::refused(&app, &snapshot, idp, refusal.check, &mut trace);
            }
            Answered::Finish(finish) => {
                if let Outcome::Refused(refusal) = &finish.outcome {
                    circumstances::refused(&app, &snapshot, idp, refusal.check, &mut trace);
                }
            }
        }
    }
    match answered {
        Answered::Page(refusal) if pending.is_none() => {
            let same = |browser: &BrowserHash| names.has(browser);
            let earlier = circumstances::again(&app, &decoded, same, &mut trace).await;
            answered_again(&app, earlier, refusal, trace)
        }
        Answered::Page(refusal) => on_page(&app, pending.as_ref(), browser, refusal, trace),
        Answered::Finish(finish) => {
            let response = end(&app, &finish, context, &headers, trace).await;
            if let (Outcome::LoggedIn { .. }, true) =
                (&finish.outcome, response.status().is_success())
            {
                let pending = &finish.consume.pending;
                if let Some(idp) = asked(pending) {
                    observe::heard(&app, &snapshot, idp, Heard::Worked);
                }
                observe::heard(&app, &snapshot, &pending.system, Heard::Answered);
            }
            response
        }
    }
}

/// The identity provider that a login waits for.
fn asked(pending: &Pending) -> Option<&str> {
    match &pending.stage {
        Stage::Asked { idp, .. } => Some(idp),
        Stage::Choosing => None,
    }
}

/// Somebody reloads, or an IdP answers by another binding: there is no message to judge.
pub async fn get(State(app): State<Arc<App>>) -> Response {
    let refusal = Refusal::of(Check::FlowKnown);
    let status = StatusCode::METHOD_NOT_ALLOWED;
    let mut response = page::refused(status, &app.new_flow(), &refusal);
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("POST"));
    response
}

/// Nothing is consumed. What another browser brings is a flow of its own in the journal: nobody can write
/// into somebody else's.
fn on_page(
    app: &App,
    pending: Option<&Pending>,
    browser: Option<&BrowserHash>,
    refusal: Refusal,
    trace: Trace,
) -> Response {
    let idp = ended::claimed_peer(&trace);
    match pending.filter(|pending| browser == Some(&pending.browser)) {
        Some(pending) => {
            trial::refused(app, pending, refusal);
            ended::on_page(
                app,
                &pending.flow,
                refusal,
                Note {
                    trace,
                    ..Note::default()
                },
            )
        }
        None => {
            let system = pending.map(|pending| pending.system.clone());
            ended::stranger(
                app,
                refusal,
                Note {
                    trace,
                    system,
                    idp,
                    chosen: None,
                    ..Note::default()
                },
            )
        }
    }
}

/// An answer that no login waits for. From the browser of a login that is over it is a flow of its own beside that login's,
/// whose parties are known; from anybody else it is junk.
fn answered_again(app: &App, earlier: Option<Flow>, refusal: Refusal, trace: Trace) -> Response {
    let note = Note {
        idp: ended::claimed_peer(&trace),
        trace,
        ..Note::default()
    };
    match earlier {
        Some(earlier) => ended::on_page(
            app,
            &app.new_flow(),
            refusal,
            Note {
                system: earlier.system,
                idp: earlier.idp,
                organisation: earlier.organisation,
                ..note
            },
        ),
        None => ended::stranger(app, refusal, note),
    }
}

/// Consumed first; only then something is sent.
async fn end(
    app: &App,
    finish: &Finish,
    context: Context<'_>,
    headers: &HeaderMap,
    mut trace: Trace,
) -> Response {
    let consumed = app.store.consume(&finish.consume, context.now).await;
    let pending = &finish.consume.pending;
    let idp = match &pending.stage {
        Stage::Asked { idp, .. } => Some(idp.clone()),
        Stage::Choosing => None,
    };
    if !matches!(consumed, Ok(Consumed::Done)) {
        ended::unsent(&mut trace);
    }
    let note = Note {
        trace,
        system: Some(pending.system.clone()),
        idp: idp.clone(),
        organisation: finish.organisation.clone(),
        chosen: None,
        ..Note::default()
    };
    let consumed = match consumed {
        Ok(consumed) => consumed,
        Err(error) => return ended::store_failed(app, &pending.flow, &error, note),
    };
    if let Some(sealed) = finish.release(&consumed) {
        let note = Note {
            ended: Some(finish.outcome.clone()),
            ..note
        };
        visits::about(&pending.flow);
        app.journal.note(&pending.flow, note);
        trial::ended(app, finish);
        let mut response = send::sealed(sealed);
        // A trial is remembered by nobody's browser.
        if let (Outcome::LoggedIn { .. }, Some(idp), None) = (&finish.outcome, idp, pending.profile)
        {
            let mut memory = app.seal.open(headers);
            memory.succeeded(context, pending, &idp, finish.organisation.as_ref());
            if let Some(cookie) = app.seal.cookie(&memory) {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
        }
        return response;
    }
    let check = match consumed {
        Consumed::Replayed(_) => Check::Replay,
        Consumed::Gone | Consumed::Done => Check::ResponseExpected,
    };
    trial::refused(app, pending, Refusal::of(check));
    ended::on_page(app, &pending.flow, Refusal::of(check), note)
}
