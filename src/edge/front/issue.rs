//! SingleSignOnService: a system's AuthnRequest arrives.

use super::{CHOOSER, Source, posted};
use super::{circumstances, ended, logout, observe, sessions, trial, visits};
use crate::edge::app::App;
use crate::edge::browser::{self, Browser};
use crate::edge::journal::Note;
use crate::edge::logins::Login;
use crate::edge::next_login::{self, Program, Programmed};
use crate::edge::trials::Wish;
use crate::edge::world::SystemEntropy;
use crate::edge::{page, send};
use crate::hub::choose::{self, Arrival, Choice, Chosen};
use crate::hub::issue::ReplyTo;
use crate::hub::logout::Endpoint;
use crate::hub::sso::{self, LoginRequest, Received};
use crate::hub::trace::{Leg, Source as Decided};
use crate::hub::{Check, Context, FlowId, Pending, Refusal, Trace, ask};
use crate::saml::{Binding, BindingError, Decoded, binding};
use crate::store::StoreError;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::{ALLOW, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;
use std::sync::Arc;
use time::OffsetDateTime;

/// By HTTP-Redirect.
pub async fn redirect(
    State(app): State<Arc<App>>,
    Source(source): Source,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let decoded = binding::decode_redirect(&query);
    let from = From::new(source, &headers, &query);
    receive(&app, decoded, Binding::Redirect, Some(&query), from).await
}

/// A HEAD of a message is somebody who looks at a link: no login begins.
pub async fn head() -> Response {
    let mut response = page::failed(StatusCode::METHOD_NOT_ALLOWED);
    let allow = HeaderValue::from_static("GET, POST");
    response.headers_mut().insert(ALLOW, allow);
    response
}

/// By HTTP-POST.
pub async fn post(
    State(app): State<Arc<App>>,
    Source(source): Source,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let decoded = posted(&headers, &body);
    let from = From::new(source, &headers, query.as_deref().unwrap_or_default());
    receive(&app, decoded, Binding::Post, None, from).await
}

/// Where a request came from, and what came along with it.
#[derive(Clone, Copy)]
struct From<'a> {
    source: Option<IpAddr>,
    headers: &'a HeaderMap,
    /// Whether the address asks for the chooser.
    asks: bool,
}

impl<'a> From<'a> {
    fn new(source: Option<IpAddr>, headers: &'a HeaderMap, query: &str) -> Self {
        Self {
            source,
            headers,
            asks: query.split('&').any(|field| field == "vaelg=1"),
        }
    }
}

async fn receive(
    app: &Arc<App>,
    decoded: Result<Decoded, BindingError>,
    by: Binding,
    raw_query: Option<&str>,
    from: From<'_>,
) -> Response {
    let flow = app.new_flow();
    let now = app.clock.now();
    let snapshot = app.view();
    let decoded = match decoded {
        Ok(message) if logout::is_logout(&message) => {
            return logout::arrived(app, message, Endpoint::Issue, raw_query).await;
        }
        Ok(decoded) => decoded,
        Err(error) => return unreadable(app, by, error.to_string()),
    };
    let mut trace = Trace::default();
    let context = snapshot.context(now);
    match sso::receive(context, &decoded, raw_query, &mut trace) {
        Received::Page(refusal) => {
            let system = ended::claimed_peer(&trace);
            if let Some(system) = &system {
                observe::failed(app, &snapshot, system, refusal.check, &trace);
                circumstances::refused(app, &snapshot, system, refusal.check, &mut trace);
            }
            if let (Check::RequestIssuerKnown, Some(claimed)) =
                (refusal.check, claimed_issuer(&trace))
            {
                circumstances::unknown(app, &claimed, &mut trace);
            }
            let note = Note {
                trace,
                system,
                ..Note::default()
            };
            // Up to its signature a request may be from anybody.
            if refusal.check <= Check::RequestSignature {
                ended::stranger(app, refusal, note)
            } else {
                ended::on_page(app, &flow, refusal, note)
            }
        }
        Received::Answer(request, refusal) => {
            observe::message(app, &snapshot, &request.system, &trace);
            circumstances::refused(app, &snapshot, &request.system, refusal.check, &mut trace);
            let note = Note {
                trace,
                system: Some(request.system.clone()),
                ..Note::default()
            };
            ended::with_status(app, &flow, to(&flow, &request), refusal, note, now)
        }
        Received::Login(request) => {
            observe::message(app, &snapshot, &request.value().system, &trace);
            begin(app, flow, request.into_value(), trace, from, now).await
        }
    }
}

/// The Issuer of a request, as its row says it.
fn claimed_issuer(trace: &Trace) -> Option<String> {
    let mut rows = trace.exchanges.iter().flat_map(|exchange| &exchange.checks);
    let row = rows.find(|row| row.check == Check::RequestIssuerKnown)?;
    Some(row.found.to_string())
}

fn unreadable(
    app: &App,
    by: Binding,
    found: impl Into<std::borrow::Cow<'static, str>>,
) -> Response {
    let trace = ended::unreadable(
        app.clock.now(),
        Leg::System,
        by,
        Check::RequestReadable,
        found,
    );
    ended::stranger(
        app,
        Refusal::of(Check::RequestReadable),
        Note {
            trace,
            ..Note::default()
        },
    )
}

/// A login begins: it is bound to the browser, and goes to an IdP or to the chooser.
async fn begin(
    app: &App,
    flow: FlowId,
    request: LoginRequest,
    mut trace: Trace,
    from: From<'_>,
    now: OffsetDateTime,
) -> Response {
    let (browser, set_cookie) = match Browser::of(from.headers).name() {
        Some(name) => (name.clone(), None),
        None => {
            let (name, cookie) = browser::fresh();
            (name, Some(cookie))
        }
    };
    let mut pending = request.pending(flow, browser, now);
    (app.logins).asked_by(&pending.system, &pending.request_id, login(&pending));
    let snapshot = app.view();
    let context = snapshot.context(now);
    if let Some(wish) = wished(app, context, &pending) {
        let mut response = try_it(app, context, pending, wish, trace).await;
        if let Some(cookie) = set_cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        return response;
    }
    let run = next_login::run_of(from.headers);
    let taken = (app.next_logins).take(&pending.system, run.as_deref(), &pending.flow);
    if let Some(taken) = taken
        && let Some(chosen) = programmed(app, context, &mut pending, &taken, &mut trace)
    {
        let mut response = go(app, pending, None, chosen, trace, now).await;
        log_in(&mut response, taken.program.person.as_deref());
        if let Some(cookie) = set_cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        return response;
    }
    if let Some(mut response) = sessions::reused(app, &pending, from.headers, &trace, now).await {
        if let Some(cookie) = set_cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        return response;
    }
    let mut memory = app.seal.open(from.headers);
    let arrival = Arrival {
        source: from.source,
        memory: &memory,
        asks: from.asks,
    };
    let choice = choose::decide(context, &pending, arrival, &mut trace);
    app.pinned.count(&choice, now);
    let mut cookies: Vec<HeaderValue> = set_cookie
        .and_then(|cookie| HeaderValue::from_str(&cookie).ok())
        .into_iter()
        .collect();
    if let Choice::Go(chosen) = &choice
        && memory.went(context, &pending, chosen)
    {
        cookies.extend(app.seal.cookie(&memory));
    }
    let mut response = match choice {
        Choice::Go(chosen) => go(app, pending, None, chosen, trace, now).await,
        Choice::Ask(notice) => {
            pending.chooser = true;
            pending.notice = notice;
            wait_at_chooser(app, &pending, trace, now).await
        }
        Choice::Refuse(refusal) => refuse(app, &pending, refusal, trace, now),
        Choice::Stuck(refusal, chosen) => {
            let note = Note {
                trace,
                system: Some(pending.system),
                idp: Some(chosen.idp.clone()),
                chosen: Some(chosen),
                ..Note::default()
            };
            ended::on_page(app, &pending.flow, refusal, note)
        }
    };
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// What was programmed for this login from outside, noted in its flow; the IdP, where one was named.
fn programmed(
    app: &App,
    context: Context<'_>,
    pending: &mut Pending,
    taken: &Programmed,
    trace: &mut Trace,
) -> Option<Chosen> {
    let Program { idp, person, fault } = &taken.program;
    let said = [
        ("idp", idp.clone()),
        ("person", person.clone()),
        ("fault", fault.map(|fault| fault.name().to_owned())),
    ];
    let said = said.into_iter();
    let said = said.filter_map(|(what, value)| Some(format!("{what} {}", value?)));
    let said: Vec<String> = said.collect();
    let of = taken.run.as_deref().unwrap_or("no run");
    trace.decide(
        "next-login",
        format!("{}, {of}", taken.id),
        said.join(", "),
        Decided::Setting,
    );
    // Only a hub that has what faults take can be asked for one; this is the second look.
    pending.fault = fault.filter(|_| app.hub().faults.is_some());
    let idp = context.federation.named(idp.as_deref()?)?;
    Some(choose::tried(idp, trace))
}

/// Tells an invented IdP whom to log in without asking: its own parameter, which no signature covers.
fn log_in(response: &mut Response, person: Option<&str>) {
    let (Some(person), Some(location)) = (person, response.headers().get(LOCATION)) else {
        return;
    };
    let Ok(location) = location.to_str() else {
        return;
    };
    let person: String = url::form_urlencoded::byte_serialize(person.as_bytes()).collect();
    if let Ok(location) = HeaderValue::from_str(&format!("{location}&autologin={person}")) {
        response.headers_mut().insert(LOCATION, location);
    }
}

/// What a request tries, if it is of a test system of ours. Its signature was verified: nobody else's request can try
/// anything, whatever it says.
fn wished(app: &App, context: Context<'_>, pending: &Pending) -> Option<Wish> {
    let system = context.federation.test_system(&pending.system)?;
    app.trials.wished(&pending.request_id, &system.name)
}

/// A trial: at exactly that IdP, in exactly that profile. Memory is neither read nor written.
async fn try_it(
    app: &App,
    context: Context<'_>,
    pending: Pending,
    wish: Wish,
    mut trace: Trace,
) -> Response {
    let Some(idp) = context.federation.named(&wish.of.idp) else {
        let refusal = Refusal::of(Check::ChooseActive);
        return refuse(app, &pending, refusal, trace, context.now);
    };
    let pending = Pending {
        profile: Some(wish.of.profile),
        ..pending
    };
    app.trials.began(&pending.flow, wish);
    let chosen = choose::tried(idp, &mut trace);
    go(app, pending, None, chosen, trace, context.now).await
}

/// Asks an IdP: stored first, then sent. `stored` is what the store has of this login already.
pub async fn go(
    app: &App,
    pending: Pending,
    stored: Option<Pending>,
    chosen: Chosen,
    mut trace: Trace,
    now: OffsetDateTime,
) -> Response {
    let snapshot = app.view();
    let asked = ask::ask(
        snapshot.context(now),
        &pending,
        &chosen.idp,
        &mut SystemEntropy,
        &mut trace,
    );
    trial::asked(app, &pending, &asked, &trace);
    let idp = snapshot.federation.identity_provider(&chosen.idp);
    let mut note = Note {
        trace,
        system: Some(pending.system.clone()),
        required: Some(pending.required),
        idp: Some(chosen.idp.clone()),
        profile: idp.map(|idp| pending.profile.unwrap_or(idp.oiosaml_profile)),
        organisation: idp.and_then(|idp| idp.user_contexts.first().cloned()),
        chosen: Some(chosen),
        ..Note::default()
    };
    match (asked, stored) {
        (Ok((asked, message)), stored) => match app.store.put(&asked, stored.as_ref(), now).await {
            Ok(()) => {
                if let Some(idp) = &note.idp {
                    observe::asked(app, &snapshot, idp);
                    circumstances::hub_key(app, &snapshot, idp, &mut note.trace);
                }
                if let Some(request) = asked.asked_with() {
                    app.logins.asked(request, login(&asked));
                }
                visits::about(&asked.flow);
                app.journal.note(&asked.flow, note);
                send::sealed(&message)
            }
            // Another tab was faster; the login goes on there.
            Err(StoreError::Conflict) if stored.is_some() => ended::elsewhere(&asked.flow),
            Err(error) => {
                ended::unsent(&mut note.trace);
                ended::store_failed(app, &asked.flow, &error, note)
            }
        },
        (Err(refusal), Some(stored)) => {
            ended::stored_with_status(app, stored, refusal, note, now).await
        }
        (Err(refusal), None) => ended::with_status(
            app,
            &pending.flow,
            ReplyTo::of(&pending),
            refusal,
            note,
            now,
        ),
    }
}

async fn wait_at_chooser(
    app: &App,
    pending: &Pending,
    trace: Trace,
    now: OffsetDateTime,
) -> Response {
    let note = Note {
        trace,
        system: Some(pending.system.clone()),
        required: Some(pending.required),
        ..Note::default()
    };
    if let Err(error) = app.store.put(pending, None, now).await {
        return ended::store_failed(app, &pending.flow, &error, note);
    }
    visits::about(&pending.flow);
    app.journal.note(&pending.flow, note);
    (
        StatusCode::SEE_OTHER,
        [(LOCATION, format!("{CHOOSER}?flow={}", pending.flow))],
    )
        .into_response()
}

/// The system is told no.
pub fn refuse(
    app: &App,
    pending: &Pending,
    refusal: Refusal,
    trace: Trace,
    now: OffsetDateTime,
) -> Response {
    let note = Note {
        trace,
        system: Some(pending.system.clone()),
        ..Note::default()
    };
    ended::with_status(app, &pending.flow, ReplyTo::of(pending), refusal, note, now)
}

fn login(pending: &Pending) -> Login {
    Login {
        flow: pending.flow.clone(),
        browser: pending.browser.clone(),
    }
}

fn to<'a>(flow: &'a FlowId, request: &'a LoginRequest) -> ReplyTo<'a> {
    ReplyTo {
        flow,
        system: &request.system,
        request_id: &request.request_id,
        acs_url: &request.acs_url,
        relay_state: request.relay_state.as_deref(),
    }
}
