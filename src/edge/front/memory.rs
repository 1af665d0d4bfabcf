//! “Dine valg”: what the browser remembers, and how it forgets.

use crate::edge::app::App;
use crate::edge::guard;
use crate::edge::page::{self, ChoiceRow, ChoiceState, Forgotten, MyChoices, Text};
use crate::edge::registry::Snapshot;
use crate::hub::BrowserMemory;
use crate::hub::memory::Remembered;
use axum::extract::{Form, Query, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::Arc;
use time::OffsetDateTime;
use time::macros::format_description;

/// What is remembered.
pub const PAGE: &str = "/mit-valg";
/// Forgets: one choice by a form, everything by a link that a service desk can send.
pub const FORGET: &str = "/mit-valg/glem";

/// What the page is asked for.
#[derive(Debug, Deserialize)]
pub struct Shown {
    /// How many were just forgotten, and which row has the focus.
    glemt: Option<usize>,
    fokus: Option<usize>,
}

/// What a form of the page sends.
#[derive(Debug, Deserialize)]
pub struct Which {
    key: Option<String>,
    alle: Option<String>,
}

/// Shows what is remembered.
pub async fn show(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Query(shown): Query<Shown>,
) -> Response {
    let memory = app.seal.open(&headers);
    let snapshot = app.view();
    let rows = memory
        .choices(app.clock.now())
        .enumerate()
        .map(|(at, choice)| row(&snapshot, choice, shown.fokus == Some(at)));
    let page = MyChoices {
        t: Text::current(),
        rows: rows.collect(),
        recent: memory
            .recent()
            .iter()
            .filter(|idp| snapshot.federation.identity_provider(idp).is_some())
            .map(|idp| snapshot.idp_title(idp).to_owned())
            .collect(),
        forgotten: shown.glemt,
        help_link: app.hub().url(FORGET),
    };
    page::html(StatusCode::OK, &page)
}

/// A form of the page: one row, or everything.
pub async fn forget(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(which): Form<Which>,
) -> Response {
    if guard::is_of_another_page(&headers) {
        return page::failed(StatusCode::FORBIDDEN);
    }
    let mut memory = app.seal.open(&headers);
    let (count, at) = match (which.alle, which.key) {
        (Some(_), _) => (memory.forget_all(), 0),
        (None, Some(key)) => {
            let now = app.clock.now();
            let at = memory
                .choices(now)
                .position(|choice| key_of(choice) == key)
                .unwrap_or_default();
            let system = Some(key.as_str()).filter(|key| !key.is_empty());
            (memory.forget(system), at)
        }
        (None, None) => (0, 0),
    };
    // The row that took the place of the forgotten one, or the last.
    let left = memory.choices(app.clock.now()).count();
    let focus = match left {
        0 => String::new(),
        left => format!("&fokus={}", at.min(left - 1)),
    };
    let place = format!("{PAGE}?glemt={count}{focus}");
    with_memory(
        &app,
        &memory,
        (StatusCode::SEE_OTHER, [(LOCATION, place)]).into_response(),
    )
}

/// The link of the service desk: forgets everything, however often it is opened. It only takes away, and only
/// for whoever opens it; an image or frame of another page does not count.
pub async fn forget_all(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let embedded = headers
        .get("sec-fetch-dest")
        .is_some_and(|kind| kind != "document");
    if embedded {
        return page::failed(StatusCode::FORBIDDEN);
    }
    let mut memory = app.seal.open(&headers);
    let count = memory.forget_all();
    tracing::info!(count, "a browser forgot its choices");
    let page = Forgotten {
        t: Text::current(),
        count,
    };
    with_memory(&app, &memory, page::html(StatusCode::OK, &page))
}

fn with_memory(app: &App, memory: &BrowserMemory, mut response: Response) -> Response {
    if let Some(cookie) = app.seal.cookie(memory) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Names a row in its form: the system, or nothing for the choice that holds for every system.
fn key_of(choice: &Remembered) -> &str {
    choice.system.as_deref().unwrap_or_default()
}

fn row(snapshot: &Snapshot, choice: &Remembered, focus: bool) -> ChoiceRow {
    let federation = &snapshot.federation;
    let idp = federation.identity_provider(&choice.idp);
    let organisation = choice
        .organisation
        .as_ref()
        .and_then(|cvr| federation.organisations.get(cvr));
    let active_for_it = choice.organisation.as_ref().is_some_and(|cvr| {
        federation
            .active()
            .any(|idp| idp.user_contexts.contains(cvr))
    });
    ChoiceRow {
        key: key_of(choice).to_owned(),
        system: choice
            .system
            .as_deref()
            .map(|system| snapshot.system_title(system).to_owned()),
        who: organisation.map_or_else(
            || snapshot.idp_title(&choice.idp).to_owned(),
            |organisation| organisation.name.clone(),
        ),
        since: date(choice.since),
        until: date(choice.until),
        state: match idp {
            _ if active_for_it => ChoiceState::InUse,
            Some(idp) if idp.is_active() => ChoiceState::InUse,
            Some(_) => ChoiceState::Inactive,
            None => ChoiceState::Unknown,
        },
        focus,
    }
}

/// As the calendar in the office has it; the hour does not matter here.
fn date(at: OffsetDateTime) -> String {
    at.format(format_description!("[day].[month].[year]"))
        .unwrap_or_default()
}
