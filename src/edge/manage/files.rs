//! What is handed out ahead of a change: certificates under names like those of the real hub, the announcement, a
//! calendar.

use super::guard::refuse;
use crate::edge::app::{App, HandOut};
use crate::edge::page::{Language, Text};
use crate::hub::keys::KeyRing;
use crate::hub::rollover::{ENVIRONMENT, Names, Subject};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The ring of the party that changes: the hub's while nothing is played.
fn ring(app: &App) -> KeyRing {
    match app.player.playing(app.clock.real()) {
        Some((playing, _, _)) => playing.ring().clone(),
        None => app.player.keys().idp.signing.clone(),
    }
}

/// The files that are offered: everything of the plan that is played; else the next certificate, if there is one.
pub fn offered(app: &App, language: Language) -> Vec<HandOut> {
    let ring = ring(app);
    let Some(next) = ring.next else {
        return Vec::new();
    };
    let Some((playing, _, _)) = app.player.playing(app.clock.real()) else {
        let (active, next) = (&ring.active.certificate, &next.certificate);
        let names = Names::in_environment(&Subject::Hub, ENVIRONMENT, Some(active), Some(next));
        return vec![HandOut {
            name: names.next,
            bytes: next.der(),
        }];
    };
    let (plan, active) = (&playing.plan, &ring.active.certificate);
    (app.hand_outs)(
        plan,
        &changer(app, &plan.subject),
        active,
        &next.certificate,
        language,
    )
}

/// What people call the party that changes.
fn changer(app: &App, subject: &Subject) -> String {
    let snapshot = app.registry.now();
    match subject {
        Subject::Hub => Subject::HUB_TITLE.to_owned(),
        Subject::IdentityProvider(name) => (snapshot.federation.named(name))
            .map_or_else(|| name.clone(), |idp| idp.presentation_name.clone()),
        Subject::System(name) => {
            let mut systems = snapshot.federation.systems.iter();
            let system = systems.find(|system| system.name == *name);
            system.map_or_else(|| name.clone(), |system| system.presentation_name.clone())
        }
    }
}

/// One of them.
pub async fn file(State(app): State<Arc<App>>, Path(file): Path<String>) -> Response {
    let offered = offered(&app, Text::current().language);
    let Some(found) = offered.into_iter().find(|offer| offer.name == file) else {
        return refuse(
            StatusCode::NOT_FOUND,
            "no such file; the page /skifte has the names. The next certificate of the hub is [[hub.keys]] with generation = \"next\"",
        );
    };
    let kind = match found.name.rsplit_once('.') {
        Some((_, "cer")) => "application/pkix-cert",
        Some((_, "ics")) => "text/calendar; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    };
    let disposition = format!("attachment; filename=\"{}\"", found.name);
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, disposition),
    ];
    (headers, found.bytes).into_response()
}
