//! From one party to the next: stored first, then sent.

use super::{By, end};
use crate::edge::app::App;
use crate::edge::front::visits;
use crate::edge::logins::Login;
use crate::edge::send;
use crate::edge::world::SystemEntropy;
use crate::hub::Trace;
use crate::hub::logout::{self, Next, PendingLogout};
use crate::saml::binding::soap;
use crate::saml::{BindingError, Decoded};
use axum::response::Response;

/// A logout whose sessions have just ended.
pub async fn from_the_start(app: &App, by: By, logout: PendingLogout, trace: Trace) -> Response {
    go(app, by, logout.clone(), logout, trace).await
}

/// Tells whoever is next, until a browser must carry a message or the logout is over. `stored` is what the store has of it.
pub async fn go(
    app: &App,
    by: By,
    stored: PendingLogout,
    logout: PendingLogout,
    trace: Trace,
) -> Response {
    let (mut stored, mut logout, mut trace) = (stored, logout, trace);
    // Every turn tells one party more, or ends.
    loop {
        let now = app.clock.now();
        let view = app.view();
        let before = trace.exchanges.len();
        let next = logout::next(view.context(now), logout, &mut SystemEntropy, &mut trace);
        let becomes = match &next {
            Next::Ask(becomes, _)
            | Next::Call {
                logout: becomes, ..
            } => Some(&**becomes),
            Next::End(_) => None,
        };
        match app.store.go_on(&stored, becomes, now).await {
            Ok(true) => {}
            // Another answer was faster, and the logout goes on there.
            Ok(false) => {
                trace.exchanges.truncate(before);
                return end::elsewhere(app, by, &stored, trace);
            }
            Err(error) => {
                // What is not sent is not shown.
                trace.exchanges.truncate(before);
                let note = end::of_logout(&stored, trace);
                return end::store_failed(app, by, &stored.flow, &error, note);
            }
        }
        match next {
            Next::Ask(becomes, message) => {
                known(app, &becomes);
                app.journal
                    .note(&becomes.flow, end::of_logout(&becomes, trace));
                visits::about(&becomes.flow);
                return send::sealed(&message);
            }
            Next::Call {
                logout: becomes,
                url,
                message,
            } => {
                // Noted before the call, which may take its time.
                let said = std::mem::take(&mut trace);
                app.journal
                    .note(&becomes.flow, end::of_logout(&becomes, said));
                stored = *becomes;
                let came = call(app, &url, message).await;
                let (view, now) = (app.view(), app.clock.now());
                logout = logout::called(view.context(now), stored.clone(), came, &mut trace);
            }
            Next::End(end) => return end::ended(app, by, *end, trace),
        }
    }
}

/// Whom an answer belongs to that comes a second time.
fn known(app: &App, logout: &PendingLogout) {
    if let Some(request) = logout.asked_with() {
        let login = Login {
            flow: logout.flow.clone(),
            browser: logout.browser.clone(),
        };
        app.logins.asked(request, login);
    }
}

/// Asks a party by SOAP: by the rules of everything that is fetched, so never the management listener, and only for a moment.
async fn call(
    app: &App,
    url: &str,
    envelope: String,
) -> Result<Result<Decoded, BindingError>, String> {
    let came = app.metadata.call(url, envelope).await;
    let body = came.map_err(|error| error.to_string())?;
    Ok(soap::decode(&body))
}
