//! The chooser: which organisation.

use super::ended;
use super::issue::go;
use crate::edge::app::{App, Mode};
use crate::edge::browser;
use crate::edge::guard::{self, csp_posting_to, origin};
use crate::edge::journal::Note;
use crate::edge::page::{self, Chooser, Entry, Remember, Text};
use crate::hub::choose::{self, Choice};
use crate::hub::{Check, Federation, FlowId, IdentityProvider, Pending, Refusal, Stage, Trace};
use axum::extract::{Form, Query, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use time::OffsetDateTime;

/// From how many entries on a search helps.
const SEARCH_FROM: usize = 8;
/// Bytes of a policy that proxies pass on without trouble.
const MAX_ORIGINS: usize = 3000;

/// What the page is asked for.
#[derive(Debug, Deserialize)]
pub struct Shown {
    #[serde(default)]
    flow: String,
    #[serde(default)]
    q: String,
}

/// What the page sends.
#[derive(Debug, Deserialize)]
pub struct Picked {
    #[serde(default)]
    flow: String,
    idp: Option<String>,
    cancel: Option<String>,
}

/// Shows the page.
pub async fn show(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Query(asked): Query<Shown>,
) -> Response {
    let now = app.clock.now();
    let pending = match mine(&app, &headers, &asked.flow, now).await {
        Ok(pending) => pending,
        Err(response) => return *response,
    };
    let all = listed(&app);
    let wanted = asked.q.trim().to_lowercase();
    let entries = all
        .iter()
        .filter(|idp| matches(&app.federation, idp, &wanted));
    let t = Text::current();
    let page = Chooser {
        t,
        flow: &pending.flow,
        system: app.system_title(&pending.system),
        required: t.language.level(pending.required),
        query: &asked.q,
        searchable: all.len() >= SEARCH_FROM,
        total: all.len(),
        notice: None,
        recent: Vec::new(),
        remember: Remember::EverySystem { days: 365 },
        entries: entries
            .map(|idp| Entry {
                id: &idp.id,
                name: &idp.presentation_name,
                description: &idp.description,
            })
            .collect(),
    };
    let mut response = page::html(StatusCode::OK, &page);
    if let Ok(policy) = HeaderValue::from_str(&csp_posting_to(&destinations(&all, &pending))) {
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The user chose, or cancelled.
pub async fn submit(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(picked): Form<Picked>,
) -> Response {
    // Another site knows no flow id, unless somebody told it: then it must not choose for the user either.
    if guard::is_of_another_page(&headers) {
        return strange(&app, FlowId::parse(&picked.flow));
    }
    let now = app.clock.now();
    let stored = match mine(&app, &headers, &picked.flow, now).await {
        Ok(pending) => pending,
        Err(response) => return *response,
    };
    let mut trace = Trace::default();
    if picked.cancel.is_some() {
        let note = Note {
            trace,
            ..Note::default()
        };
        return ended::stored_with_status(&app, stored, choose::cancelled(), note, now).await;
    }
    match choose::picked(
        app.context(now),
        picked.idp.as_deref().unwrap_or_default(),
        &mut trace,
    ) {
        Choice::Go(idp) => {
            // The back button leads from the IdP to this page: then the new choice takes the old one's place.
            let pending = Pending {
                stage: Stage::Choosing,
                ..stored.clone()
            };
            go(&app, pending, Some(stored), &idp, trace, now).await
        }
        // Nothing is lost: the page is still there to choose again.
        Choice::Ask => ended::on_page(
            &app,
            &stored.flow,
            Refusal::of(Check::ChooseActive),
            Note {
                trace,
                ..Note::default()
            },
        ),
        Choice::Refuse(refusal) if refusal.check == Check::ChooseActive => ended::on_page(
            &app,
            &stored.flow,
            refusal,
            Note {
                trace,
                ..Note::default()
            },
        ),
        Choice::Refuse(refusal) => {
            ended::stored_with_status(
                &app,
                stored,
                refusal,
                Note {
                    trace,
                    ..Note::default()
                },
                now,
            )
            .await
        }
    }
}

/// The pending login, if it belongs to this browser and its user was asked. Which of them is wrong is nobody's business, and a
/// stranger's visit leaves no trace in the flow.
async fn mine(
    app: &App,
    headers: &HeaderMap,
    flow: &str,
    now: OffsetDateTime,
) -> Result<Pending, Box<Response>> {
    let flow = FlowId::parse(flow);
    let pending = match &flow {
        Some(flow) => app.store.by_flow(flow, now).await,
        None => Ok(None),
    };
    let browser = browser::read(headers).map(|id| browser::hash(&id));
    match pending {
        Ok(Some(pending)) if pending.chooser && browser.as_ref() == Some(&pending.browser) => {
            Ok(pending)
        }
        Ok(_) => Err(Box::new(strange(app, flow))),
        Err(error) => {
            tracing::error!(%error, "the store failed");
            let flow = flow.unwrap_or_else(|| app.new_flow());
            let refusal = Refusal::of(Check::StoreAvailable);
            Err(Box::new(page::refused(
                StatusCode::SERVICE_UNAVAILABLE,
                &flow,
                &refusal,
            )))
        }
    }
}

/// A chooser that is not there for whoever asks. Nothing is noted.
fn strange(app: &App, flow: Option<FlowId>) -> Response {
    let flow = flow.unwrap_or_else(|| app.new_flow());
    page::refused(StatusCode::FORBIDDEN, &flow, &Refusal::of(Check::FlowKnown))
}

/// What there is to choose from. A real federation is sorted by name; in the demo the order is part of
/// what the file says.
fn listed(app: &App) -> Vec<&IdentityProvider> {
    let mut all: Vec<&IdentityProvider> = app.federation.active().collect();
    if app.mode == Mode::Serve {
        all.sort_by_cached_key(|idp| danish_key(&idp.presentation_name));
    }
    all
}

/// Æ, Ø, Å after Z, and Aa as Å.
fn danish_key(name: &str) -> String {
    name.to_lowercase()
        .replace("aa", "å")
        .replace('å', "\u{10ffff}")
        .replace('ø', "\u{10fffe}")
        .replace('æ', "\u{10fffd}")
}

/// Whether the IdP is found by its name, a CVR, or the name or an e-mail domain of its organisation.
fn matches(federation: &Federation, idp: &IdentityProvider, wanted: &str) -> bool {
    let domain = wanted.rsplit_once('@').map_or(wanted, |(_, domain)| domain);
    idp.presentation_name.to_lowercase().contains(wanted)
        || idp.user_contexts.iter().any(|cvr| {
            let organisation = federation.organisations.get(cvr);
            cvr.to_string() == wanted
                || organisation.is_some_and(|organisation| {
                    organisation.name.to_lowercase().contains(wanted)
                        || organisation
                            .email_domains
                            .iter()
                            .any(|known| known.to_lowercase() == domain)
                })
        })
}

/// Where this page's form may lead: browsers hold a redirect after a POST to the page's `form-action`, so
/// it names every IdP; and the system, where Cancel ends.
fn destinations(idps: &[&IdentityProvider], pending: &Pending) -> String {
    let origins: BTreeSet<String> = idps
        .iter()
        .filter_map(|idp| origin(&idp.sso_url))
        .chain(origin(&pending.acs_url))
        .collect();
    let list = origins
        .into_iter()
        .fold("'self'".to_owned(), |list, origin| list + " " + &origin);
    if list.len() <= MAX_ORIGINS {
        list
    } else {
        "'self' https:".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn danish_letters_come_last() {
        let mut names = ["Aarhus", "Ærø", "Odense", "Ølgod", "Aabenraa", "Zealand"];
        names.sort_by_cached_key(|name| danish_key(name));
        assert_eq!(
            names,
            ["Odense", "Zealand", "Ærø", "Ølgod", "Aabenraa", "Aarhus"]
        );
    }
}
