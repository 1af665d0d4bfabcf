//! The chooser: which organisation.

use super::issue::go;
use super::{ended, visits};
use crate::edge::app::{App, Mode};
use crate::edge::browser::{self, Browser};
use crate::edge::guard::{self, csp_posting_to, origin};
use crate::edge::journal::Note;
use crate::edge::page::{self, Chooser, Entry, Remember, Text};
use crate::edge::registry::Snapshot;
use crate::hub::choose;
use crate::hub::memory::{self, Notice};
use crate::hub::settings::RememberedChoice;
use crate::hub::{
    BrowserMemory, Check, Context, Federation, FlowId, IdentityProvider, Pending, Refusal, Stage,
    Trace,
};
use axum::extract::{Form, Query, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, SET_COOKIE};
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
    /// The box “husk mit valg”.
    husk: Option<String>,
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
    let snapshot = app.view();
    let memory = app.seal.open(&headers);
    let all = listed(&snapshot.federation, app.mode);
    let wanted = asked.q.trim().to_lowercase();
    let t = Text::current();
    let recent = memory.recent().iter();
    let mobile_only =
        choose::offers_mobile_only(snapshot.context(now), browser::is_mobile(&headers));
    let page = Chooser {
        t,
        flow: &pending.flow,
        system: snapshot.system_title(&pending.system),
        required: t.language.level(pending.required),
        query: &asked.q,
        searchable: all.len() >= SEARCH_FROM,
        total: all.len(),
        notice: notice(&snapshot, &memory, &pending, now),
        // A search is for what is not there at once.
        recent: match wanted.is_empty() {
            true => recent
                .filter_map(|id| all.iter().find(|idp| idp.id == *id))
                .map(|idp| entry(idp, mobile_only))
                .collect(),
            false => Vec::new(),
        },
        remember: remember(snapshot.context(now)),
        entries: last_if_disabled(
            all.iter()
                .filter(|idp| matches(&snapshot.federation, idp, &wanted))
                .map(|idp| entry(idp, mobile_only))
                .collect(),
        ),
    };
    let mut response = page::html(StatusCode::OK, &page);
    if let Ok(policy) = HeaderValue::from_str(&csp_posting_to(&destinations(&all, &pending))) {
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn entry(idp: &IdentityProvider, mobile_only: bool) -> Entry<'_> {
    Entry {
        id: &idp.id,
        name: &idp.presentation_name,
        description: &idp.description,
        not_for_mobile: mobile_only && !idp.mobile_friendly,
    }
}

fn last_if_disabled(mut entries: Vec<Entry<'_>>) -> Vec<Entry<'_>> {
    entries.sort_by_key(|entry| entry.not_for_mobile);
    entries
}

/// What a tick in the box would do.
fn remember(context: Context<'_>) -> Remember {
    let days = memory::lifetime(context).whole_days();
    match context.settings.remembered_choice {
        RememberedChoice::Ch2 => Remember::EverySystem { days },
        RememberedChoice::Safe => Remember::ThisSystem { days },
    }
}

/// Why the user is asked although something is remembered, and of which organisation.
fn notice(
    snapshot: &Snapshot,
    memory: &BrowserMemory,
    pending: &Pending,
    now: OffsetDateTime,
) -> Option<(Notice, String)> {
    let notice = pending.notice?;
    let holds = |system: Option<&str>| system.is_none_or(|system| system == pending.system);
    let choices = memory
        .choices(now)
        .filter(|choice| holds(choice.system.as_deref()));
    // Its own choice before one for every system. None, if it was forgotten in another tab meanwhile.
    let choice = choices.max_by_key(|choice| choice.system.is_some())?;
    let organisation = choice.organisation.as_ref();
    let known = organisation.and_then(|cvr| snapshot.federation.organisations.get(cvr));
    let name = known.map_or_else(|| snapshot.idp_title(&choice.idp), |known| &known.name);
    Some((notice, name.to_owned()))
}

/// The user chose, or cancelled.
pub async fn submit(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(picked): Form<Picked>,
) -> Response {
    // Another site knows no flow id, unless somebody told it: then it must not choose for the user either.
    if guard::is_of_another_page(&headers) {
        return strange(&app, FlowId::parse(&picked.flow), Check::FlowKnown);
    }
    let now = app.clock.now();
    let stored = match mine(&app, &headers, &picked.flow, now).await {
        Ok(pending) => pending,
        Err(response) => return *response,
    };
    let mut trace = Trace::default();
    if picked.cancel.is_some() {
        let note = Note::default();
        return ended::stored_with_status(&app, stored, choose::cancelled(), note, now).await;
    }
    let snapshot = app.view();
    let context = snapshot.context(now);
    let idp = picked.idp.as_deref().unwrap_or_default();
    if choose::offers_mobile_only(context, browser::is_mobile(&headers)) {
        choose::on_mobile(context, &mut trace);
    }
    let chosen = match choose::picked(context, idp, &mut trace) {
        Ok(chosen) => chosen,
        // Nothing is lost: the page is still there to choose again.
        Err(refusal) => {
            let note = Note {
                trace,
                ..Note::default()
            };
            return ended::on_page(&app, &stored.flow, refusal, note);
        }
    };
    let ticked = picked.husk.is_some();
    let mut memory = app.seal.open(&headers);
    if ticked {
        memory.ticked(context, &chosen.idp);
    }
    // The back button leads from the IdP to this page: then the new choice takes the old one's place.
    let pending = Pending {
        stage: Stage::Choosing,
        remember: ticked,
        ..stored.clone()
    };
    let mut response = go(&app, pending, Some(stored), chosen, trace, now).await;
    if ticked && let Some(cookie) = app.seal.cookie(&memory) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// The pending login, if it belongs to this browser and its user was asked. Which of them is wrong is nobody's
/// business, and a stranger's visit leaves no trace in the flow. A browser without our cookie is told so: it
/// may be one that dropped it.
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
    let browser = Browser::of(headers);
    match pending {
        Ok(Some(pending)) if pending.chooser && browser.started(&pending) => {
            visits::about(&pending.flow);
            Ok(pending)
        }
        Ok(_) if browser.name().is_none() => {
            Err(Box::new(strange(app, flow, Check::BrowserCookie)))
        }
        Ok(_) => Err(Box::new(strange(app, flow, Check::FlowKnown))),
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
fn strange(app: &App, flow: Option<FlowId>, check: Check) -> Response {
    let flow = flow.unwrap_or_else(|| app.new_flow());
    page::refused(StatusCode::FORBIDDEN, &flow, &Refusal::of(check))
}

/// What there is to choose from. A real federation is sorted by name; in the demo the order is part of
/// what the file says.
fn listed(federation: &Federation, mode: Mode) -> Vec<&IdentityProvider> {
    let mut all: Vec<&IdentityProvider> = federation.active().collect();
    if mode == Mode::Serve {
        all.sort_by_cached_key(|idp| danish_key(&idp.presentation_name));
    }
    all
}

/// Æ, Ø, Å after Z, and Aa as Å; the foreign letters where Danish lists have them (Retskrivningsordbogen §2,
/// DS 377): ä with æ, ö with ø, ü with y, and accents not at all.
fn danish_key(name: &str) -> String {
    name.to_lowercase()
        .replace("aa", "å")
        .replace('ä', "æ")
        .replace('ö', "ø")
        .replace('ü', "y")
        .replace(['é', 'è', 'ê'], "e")
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
        let mut names = [
            "Aarhus", "Ærø", "Odense", "Ølgod", "Aabenraa", "Zealand", "Öland", "Allé", "allerød",
        ];
        names.sort_by_cached_key(|name| danish_key(name));
        assert_eq!(
            names,
            [
                "Allé", "allerød", "Odense", "Zealand", "Ærø", "Öland", "Ølgod", "Aabenraa",
                "Aarhus"
            ]
        );
    }
}
