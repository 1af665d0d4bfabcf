//! `/log-ud`: the sessions of this browser and a button that ends them; how a logout stands, or stood just now, and a way on
//! where somebody who was asked is overdue. A GET changes nothing.

use super::{By, begin, drive, end, shown};
use crate::edge::app::{App, View};
use crate::edge::browser::Browser;
use crate::edge::front::visits;
use crate::edge::guard;
use crate::edge::page::{self, Forms, LogoutPage, Progress, SessionRow, Text};
use crate::hub::logout::{self, PendingLogout};
use crate::hub::session::SessionKey;
use crate::hub::{Check, FlowId, Refusal, Trace};
use crate::store::{LogoutKey, StoreError};
use axum::extract::{Form, Query, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::Arc;

/// Where it is.
pub const PAGE: &str = "/log-ud";

/// Which logout; none: whatever this browser has.
#[derive(Debug, Deserialize)]
pub struct Asked {
    flow: Option<String>,
}

/// A logout of this browser, and whether it is over.
struct Mine {
    logout: PendingLogout,
    over: bool,
}

/// Shows the page.
pub async fn show(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    let browser = Browser::of(&headers);
    match found(&app, &browser, asked.flow.as_deref()).await {
        Ok((mine, sessions)) => {
            if let Some(mine) = &mine {
                visits::about(&mine.logout.flow);
            }
            shown(&app, &browser, &asked, mine, sessions)
        }
        Err(error) => failed(&app, &error),
    }
}

async fn found(
    app: &App,
    browser: &Browser,
    flow: Option<&str>,
) -> Result<(Option<Mine>, Vec<SessionRow>), StoreError> {
    let now = app.clock.now();
    let view = app.view();
    let mut sessions = Vec::new();
    for name in browser.names() {
        let key = SessionKey::Browser(name.clone());
        let own = app.store.sessions(&key, now).await?;
        sessions.extend(own.iter().map(|session| shown::session(&view, session)));
    }
    Ok((mine(app, browser, flow).await?, sessions))
}

/// The logout that is asked for, or else the one under way; it belongs to this browser, or it is not told.
async fn mine(
    app: &App,
    browser: &Browser,
    flow: Option<&str>,
) -> Result<Option<Mine>, StoreError> {
    let now = app.clock.now();
    let stored = match flow.map(FlowId::parse) {
        Some(Some(flow)) => {
            let stored = app.store.logout(LogoutKey::Flow(&flow), now).await?;
            let over = || app.logins.logout_of(&flow, now);
            stored
                .map(|logout| (logout, false))
                .or_else(|| over().map(|logout| (logout, true)))
        }
        Some(None) => None,
        None => {
            let mut latest = None;
            for name in browser.names() {
                let key = LogoutKey::Browser(name);
                latest = latest.or(app.store.logout(key, now).await?);
            }
            latest.map(|logout| (logout, false))
        }
    };
    Ok(stored
        .filter(|(logout, _)| browser.has(&logout.browser))
        .map(|(logout, over)| Mine { logout, over }))
}

fn shown(
    app: &App,
    browser: &Browser,
    asked: &Asked,
    mine: Option<Mine>,
    sessions: Vec<SessionRow>,
) -> Response {
    let view: View = app.view();
    let progress: Option<Progress> = mine
        .as_ref()
        .map(|mine| shown::progress(app, &view, &mine.logout, mine.over));
    let page = LogoutPage {
        unknown_flow: asked.flow.is_some() && progress.is_none(),
        no_cookie: browser.name().is_none(),
        progress,
        sessions,
        lists: true,
        ..LogoutPage::new(Text::current())
    };
    // The button leads from party to party, each of which may send the browser on to a site that only it knows.
    page::html_with(StatusCode::OK, &page, Forms::Anywhere)
}

/// The button: ends the sessions, or goes on without whoever is overdue.
pub async fn submit(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Response {
    if guard::is_of_another_page(&headers) {
        return page::failed(StatusCode::FORBIDDEN);
    }
    let browser = Browser::of(&headers);
    let done = match asked.flow.as_deref() {
        Some(flow) => go_on(&app, &browser, flow).await,
        None => log_out(&app, &browser).await,
    };
    done.unwrap_or_else(|error| failed(&app, &error))
}

async fn log_out(app: &App, browser: &Browser) -> Result<Response, StoreError> {
    let names: Vec<_> = browser.names().cloned().collect();
    let gone = begin::from_page(app, &names).await?;
    let page = || (StatusCode::SEE_OTHER, [(LOCATION, PAGE)]).into_response();
    Ok(gone.unwrap_or_else(page))
}

/// Whoever had to answer before now did not.
async fn go_on(app: &App, browser: &Browser, flow: &str) -> Result<Response, StoreError> {
    let Some(Mine {
        logout: stored,
        over: false,
    }) = mine(app, browser, Some(flow)).await?
    else {
        let place = match FlowId::parse(flow) {
            Some(flow) => format!("{PAGE}?flow={flow}"),
            None => PAGE.to_owned(),
        };
        return Ok((StatusCode::SEE_OTHER, [(LOCATION, place)]).into_response());
    };
    let mut trace = Trace::default();
    let view = app.view();
    let context = view.context(app.clock.now());
    match logout::overdue(context, &stored, &mut trace) {
        Some(logout) => Ok(drive::go(app, By::Browser, stored, logout, trace).await),
        // It may answer still.
        None => Ok(end::to_page(&stored.flow)),
    }
}

fn failed(app: &App, error: &StoreError) -> Response {
    tracing::error!(%error, "the store failed");
    let refusal = Refusal::of(Check::StoreAvailable);
    page::refused(StatusCode::SERVICE_UNAVAILABLE, &app.new_flow(), &refusal)
}
