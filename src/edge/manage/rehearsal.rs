//! `/api/v1/rehearsal`: a change of certificates, played by this hub.

use super::guard::refuse;
use super::parties;
use super::view::rfc3339;
use crate::config::render;
use crate::edge::app::App;
use crate::edge::rollover::{
    NotPlayed, Pace, Playing, Refused, Stranger, Transport, Wanted, danish,
};
use crate::hub::keys::{Generation, KeyPair, KeyRing};
use crate::hub::rollover::Step;
use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;
use time::OffsetDateTime;

/// Where to jump.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jump {
    #[serde(with = "time::serde::rfc3339")]
    to: OffsetDateTime,
}

/// How fast it goes on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speed {
    speed: u32,
}

/// A step of the plan.
#[derive(Debug, Serialize)]
struct StepView {
    at: String,
    action: &'static str,
    done: bool,
}

/// A certificate of the party that changes.
#[derive(Debug, Serialize)]
struct CertificateView {
    generation: &'static str,
    subject: String,
    fingerprint: String,
    not_before: String,
    not_after: String,
}

/// What is played, or that nothing is.
pub async fn show(State(app): State<Arc<App>>) -> Response {
    let now = app.clock.real();
    let mut shown = match app.player.playing(now) {
        None => json!({ "playing": false }),
        Some((playing, transport, at)) => view(&playing, transport, at),
    };
    shown["parties"] = parties::all(&app).into();
    let strangers = app.player.observed.strangers();
    let stranger = |stranger: &Stranger| {
        json!({
            "at": rfc3339(stranger.at.real),
            "address": stranger.address,
            "user_agent": stranger.agent,
            "role": stranger.role,
        })
    };
    shown["unknown_fetches"] = strangers.iter().map(stranger).collect();
    Json(shown).into_response()
}

/// Starts a plan, in the place of what is played: a preset in JSON, or a plan in TOML as `vejviser rehearse` reads it.
pub async fn start(
    State(app): State<Arc<App>>,
    pace: Result<Query<Pace>, QueryRejection>,
    request: Request,
) -> Response {
    let kind = request.headers().get(CONTENT_TYPE);
    if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/toml")) {
        return match (pace, String::from_request(request, &()).await) {
            (Ok(Query(pace)), Ok(text)) => written(app, &text, pace).await,
            (Err(rejection), _) => refuse(StatusCode::BAD_REQUEST, &rejection.body_text()),
            (_, Err(rejection)) => refuse(rejection.status(), &rejection.body_text()),
        };
    }
    match Json::<Wanted>::from_request(request, &()).await {
        Ok(Json(wanted)) => done(app.player.start(&wanted, app.clock.real()), app).await,
        Err(rejection) => rejected(&rejection),
    }
}

/// All problems of a plan come in one answer, as findings with their lines.
async fn written(app: Arc<App>, text: &str, pace: Pace) -> Response {
    let parties = app.registry.now();
    let now = app.clock.real();
    match (app.player).start_written(text, &parties.federation, pace, now) {
        Ok(()) => show(State(app)).await,
        Err(NotPlayed::Refused(why)) => refuse(StatusCode::BAD_REQUEST, &why.en),
        Err(NotPlayed::Problems(problems)) => {
            let found = render::findings(&problems);
            let all = found.findings.iter().map(|finding| {
                format!("{}: {}: {}", finding.place, finding.found, finding.expected)
            });
            let all = all.collect::<Vec<_>>().join("\n");
            let told = json!({
                "error": all,
                "summary": found.summary,
                "findings": found.findings,
            });
            (StatusCode::BAD_REQUEST, Json(told)).into_response()
        }
    }
}

/// Jumps to a time of the plan.
pub async fn jump(
    State(app): State<Arc<App>>,
    jump: Result<Json<Jump>, JsonRejection>,
) -> Response {
    match jump {
        Ok(Json(jump)) => done(app.player.jump(jump.to, app.clock.real()), app).await,
        Err(rejection) => rejected(&rejection),
    }
}

/// Goes on at another speed.
pub async fn set_speed(
    State(app): State<Arc<App>>,
    speed: Result<Json<Speed>, JsonRejection>,
) -> Response {
    match speed {
        Ok(Json(Speed { speed })) => done(app.player.set_speed(speed, app.clock.real()), app).await,
        Err(rejection) => rejected(&rejection),
    }
}

/// Ends it: the keys are those of a day without a change.
pub async fn end(State(app): State<Arc<App>>) -> Response {
    app.player.end();
    StatusCode::NO_CONTENT.into_response()
}

async fn done(result: Result<(), Refused>, app: Arc<App>) -> Response {
    match result {
        Ok(()) => show(State(app)).await,
        Err(why) => refuse(StatusCode::BAD_REQUEST, &why.en),
    }
}

/// What is not of the form that is wanted is one kind of mistake here, whatever part of it is wrong.
fn rejected(rejection: &JsonRejection) -> Response {
    let status = match rejection.status() {
        StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
        status => status,
    };
    refuse(status, &rejection.body_text())
}

fn view(playing: &Playing, transport: Transport, at: OffsetDateTime) -> Value {
    let plan = &playing.plan;
    let (from, to) = plan.horizon();
    let step = |step: &Step| StepView {
        at: moment(step.at),
        action: step.action.word(),
        done: step.at <= at,
    };
    let state = playing.state(at);
    json!({
        "playing": true,
        "plan": {
            "name": plan.name,
            "environment": plan.environment,
            "subject": plan.subject.word(),
            "strategy": plan.strategy.map(|strategy| strategy.word()),
            "window": { "from": moment(plan.window.from), "to": moment(plan.window.to) },
            "same_key": plan.same_key,
            "from": moment(from),
            "to": moment(to),
        },
        "steps": plan.steps.iter().map(step).collect::<Vec<_>>(),
        "time": moment(at),
        "speed": transport.speed,
        "over": at >= to,
        "keys": {
            "signs": state.signs.word(),
            "decrypts": words(&state.decrypts),
            "shows": {
                "signing": words(&state.shows.signing),
                "encryption": words(&state.shows.encryption),
                "without_use": state.shows.without_use,
            },
            "certificates": certificates(playing.ring()),
        },
    })
}

fn words(generations: &[Generation]) -> Vec<&'static str> {
    generations
        .iter()
        .map(|generation| generation.word())
        .collect()
}

fn certificates(ring: &KeyRing) -> Vec<CertificateView> {
    let view = |generation: Generation, pair: &KeyPair| CertificateView {
        generation: generation.word(),
        subject: pair.certificate.subject(),
        fingerprint: pair.certificate.fingerprint(),
        not_before: rfc3339(pair.certificate.not_before()),
        not_after: rfc3339(pair.certificate.not_after()),
    };
    let previous = ring
        .previous
        .as_ref()
        .map(|pair| view(Generation::Previous, pair));
    let next = ring.next.as_ref().map(|pair| view(Generation::Next, pair));
    previous
        .into_iter()
        .chain([view(Generation::Active, &ring.active)])
        .chain(next)
        .collect()
}

/// In Danish time: that is what windows are announced in.
pub fn moment(at: OffsetDateTime) -> String {
    use time::format_description::well_known::Rfc3339;
    let at = danish(at).replace_millisecond(0).unwrap_or(at);
    at.format(&Rfc3339).unwrap_or_default()
}
