//! Single sign-on: a login that the session of another system's serves, or that goes to that session's identity provider for
//! more.

use super::issue::{go, refuse};
use super::{ended, observe, visits};
use crate::edge::app::{App, View};
use crate::edge::browser::Browser;
use crate::edge::journal::Note;
use crate::edge::send;
use crate::edge::world::SystemEntropy;
use crate::hub::acs::Outcome;
use crate::hub::choose::{Chosen, ChosenBy};
use crate::hub::rollover::Heard;
use crate::hub::session::SessionKey;
use crate::hub::session::reuse::{self, Reuse, Served};
use crate::hub::{Pending, Trace};
use axum::http::HeaderMap;
use axum::response::Response;
use time::OffsetDateTime;

/// What becomes of the login by the sessions of the browser; nothing where it goes its way.
pub async fn reused(
    app: &App,
    pending: &Pending,
    headers: &HeaderMap,
    trace: &Trace,
    now: OffsetDateTime,
) -> Option<Response> {
    let view = app.view();
    if !view.context(now).settings.single_sign_on {
        return None;
    }
    for name in Browser::of(headers).names() {
        let key = SessionKey::Browser(name.clone());
        let sessions = match app.store.sessions(&key, now).await {
            Ok(sessions) if sessions.is_empty() => continue,
            Ok(sessions) => sessions,
            Err(error) => {
                let note = noted(&view, pending, None, trace.clone());
                return Some(ended::store_failed(app, &pending.flow, &error, note));
            }
        };
        // A login goes on under the name that the session has.
        let pending = Pending {
            browser: name.clone(),
            ..pending.clone()
        };
        let mut trace = trace.clone();
        let context = view.context(now);
        let response =
            match reuse::decide(context, &pending, &sessions, &mut SystemEntropy, &mut trace) {
                Reuse::Nothing => continue,
                Reuse::Serve(served) => match app.store.join(&served.joins, now).await {
                    Ok(true) => serve(app, &view, &pending, &served, trace),
                    // It ended meanwhile.
                    Ok(false) => continue,
                    Err(error) => {
                        ended::unsent(&mut trace);
                        let note = noted(&view, &pending, Some(&served.idp), trace);
                        ended::store_failed(app, &pending.flow, &error, note)
                    }
                },
                Reuse::StepUp(idp) => go(app, pending, None, by_session(&idp), trace, now).await,
                Reuse::Refuse(refusal) => refuse(app, &pending, refusal, trace, now),
            };
        return Some(response);
    }
    None
}

fn by_session(idp: &str) -> Chosen {
    Chosen {
        idp: idp.to_owned(),
        by: ChosenBy::Session,
        since: None,
    }
}

fn serve(app: &App, view: &View, pending: &Pending, served: &Served, trace: Trace) -> Response {
    let note = Note {
        ended: Some(served.outcome.clone()),
        ..noted(view, pending, Some(&served.idp), trace)
    };
    visits::about(&pending.flow);
    app.journal.note(&pending.flow, note);
    if let Outcome::LoggedIn { .. } = served.outcome {
        observe::heard(app, view, &pending.system, Heard::Answered);
    }
    send::sealed(served.release())
}

fn noted(view: &View, pending: &Pending, idp: Option<&str>, trace: Trace) -> Note {
    let registered = idp.and_then(|id| view.federation.identity_provider(id));
    Note {
        trace,
        system: Some(pending.system.clone()),
        idp: idp.map(str::to_owned),
        chosen: idp.map(by_session),
        required: Some(pending.required),
        organisation: registered.and_then(|idp| idp.user_contexts.first().cloned()),
        ..Note::default()
    }
}
