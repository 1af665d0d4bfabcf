//! `/skifte`: a change of certificates as it is played, and what everybody still has to do before the next one. No
//! script is needed; whoever wants the page to follow the plan by itself asks for it.

use super::bar::Bar;
use super::line::{LineView, short};
use super::ready_view::ReadyView;
use super::{files, readiness};
use crate::edge::app::App;
use crate::edge::page::{self, Text, when};
use crate::edge::rollover::{
    Line, Playing, Refused, Transport, Wanted, by_danish_clocks, danish, lines,
};
use crate::hub::keys::{Generation, KeyPair};
use crate::hub::rollover::{Action, Login, Order, Strategy};
use askama::Template;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::Arc;
use time::format_description::well_known::Iso8601;
use time::{OffsetDateTime, PrimitiveDateTime};

/// How fast one can have it; the first is real time.
pub const SPEEDS: [u32; 4] = [1, 60, 600, 3600];

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub struct Shown {
    days: Option<u16>,
    /// Whether the page follows the plan by itself.
    live: Option<String>,
}

/// What a form of the page sends.
#[derive(Debug, Deserialize)]
pub struct Pressed {
    action: Button,
    live: Option<String>,
    strategy: Option<Strategy>,
    order: Option<Order>,
    subject: Option<String>,
    window: Option<String>,
    rollback: Option<String>,
    speed: Option<u32>,
    environment: Option<String>,
    keep: Option<String>,
    to: Option<String>,
}

/// Which of its buttons.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Button {
    Start,
    Pause,
    Speed,
    /// To the next step.
    Next,
    Jump,
    End,
}

#[derive(Template)]
#[template(path = "skifte.html")]
struct SkiftePage {
    t: &'static Text,
    problem: Option<String>,
    live: bool,
    playing: Option<PlayingView>,
    lines: Vec<LineView>,
    strangers: Vec<(String, String, String)>,
    ready: ReadyView,
    files: Vec<String>,
    /// Names and titles of parties that can change; none where only the hub can.
    subjects: Vec<(String, String)>,
    /// The usual window, as a date field has it.
    window: String,
}

struct PlayingView {
    name: String,
    environment: String,
    time: String,
    window: String,
    speed: u32,
    /// What the speed field shows: what is played, or what most people want after a pause.
    usual: u32,
    over: bool,
    failing: usize,
    /// Of how many nobody knows.
    unknown: usize,
    parties: usize,
    /// The next step: what its button says.
    next: Option<String>,
    bar: Bar,
    steps: Vec<StepView>,
    keys: Vec<(&'static str, String)>,
    certificates: Vec<CertificateView>,
    /// The plan's time, as a date field has it.
    field: String,
}

struct StepView {
    time: String,
    what: String,
    done: bool,
}

struct CertificateView {
    generation: &'static str,
    subject: String,
    fingerprint: String,
    ends: String,
}

/// The page.
pub async fn page(
    State(app): State<Arc<App>>,
    shown: Result<Query<Shown>, QueryRejection>,
) -> Response {
    match shown {
        Ok(Query(shown)) => render(&app, &shown, None),
        Err(_) => page::failed(StatusCode::BAD_REQUEST),
    }
}

/// A button of the page.
pub async fn pressed(
    State(app): State<Arc<App>>,
    pressed: Result<Form<Pressed>, FormRejection>,
) -> Response {
    let Ok(Form(pressed)) = pressed else {
        return page::failed(StatusCode::UNPROCESSABLE_ENTITY);
    };
    let shown = Shown {
        days: None,
        live: pressed.live.clone(),
    };
    match act(&app, &pressed) {
        Ok(()) => {
            let live = if shown.live.is_some() { "?live=1" } else { "" };
            let address = format!("/skifte{live}");
            (StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response()
        }
        Err(why) => {
            let why = Text::current().language.pick((why.da, why.en));
            render(&app, &shown, Some(why))
        }
    }
}

fn act(app: &App, pressed: &Pressed) -> Result<(), Refused> {
    let (player, now) = (&app.player, app.clock.real());
    match pressed.action {
        Button::Start => player.start(&wanted(pressed)?, now),
        Button::Pause => player.set_speed(0, now),
        Button::Speed => player.set_speed(pressed.speed.unwrap_or(1), now),
        Button::Next => match player
            .playing(now)
            .and_then(|(playing, _, at)| next_step(&playing, at))
        {
            Some(at) => player.jump(at, now),
            None => Ok(()),
        },
        Button::Jump => match local("to", pressed.to.as_deref())? {
            Some(to) => player.jump(to, now),
            None => Ok(()),
        },
        Button::End => {
            player.end();
            Ok(())
        }
    }
}

fn wanted(pressed: &Pressed) -> Result<Wanted, Refused> {
    let strategy = pressed.strategy.unwrap_or(Strategy::HardSwap);
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    Ok(Wanted {
        // The form has the field for every strategy.
        order: pressed.order.filter(|_| strategy == Strategy::HardSwap),
        subject: given(&pressed.subject),
        window: local("window", pressed.window.as_deref())?,
        rollback_at: local("rollback", pressed.rollback.as_deref())?,
        speed: pressed.speed,
        environment: given(&pressed.environment),
        // Unticked means: as the strategy has it.
        keep_old_decryption_key: pressed.keep.as_ref().map(|_| true),
        ..Wanted::of(strategy)
    })
}

/// A date field: what Danish clocks show.
fn local(field: &str, text: Option<&str>) -> Result<Option<OffsetDateTime>, Refused> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    match PrimitiveDateTime::parse(text, &Iso8601::DEFAULT) {
        Ok(shown) => Ok(Some(by_danish_clocks(shown))),
        Err(_) => Err(Refused {
            da: format!("{field}: giv dato og klokkeslæt, som 2026-12-02T06:00"),
            en: format!("{field}: give date and time, such as 2026-12-02T06:00"),
        }),
    }
}

/// The first moment after the plan's time at which a step is done.
fn next_step(playing: &Playing, at: OffsetDateTime) -> Option<OffsetDateTime> {
    let mut steps = playing.plan.steps.iter();
    steps.find(|step| step.at > at).map(|step| step.at)
}

fn render(app: &App, shown: &Shown, problem: Option<String>) -> Response {
    let (t, now) = (Text::current(), app.clock.real());
    let playing = app.player.playing(now);
    let lines = lines(app, now);
    let count = |is: fn(&Line) -> bool| lines.iter().filter(|line| is(line)).count();
    let counts = [
        count(Line::fails),
        count(|line| line.login == Login::Unknown),
        lines.len(),
    ];
    let beside = playing.as_ref().map(|(_, _, at)| *at);
    let strangers = app.player.observed.strangers();
    let stranger = |stranger: &crate::edge::rollover::Stranger| {
        let address = stranger.address.clone().unwrap_or_default();
        (
            when::in_full(stranger.at.real, t.language),
            address,
            stranger.agent.clone(),
        )
    };
    let status = match problem {
        Some(_) => StatusCode::BAD_REQUEST,
        None => StatusCode::OK,
    };
    let page = SkiftePage {
        t,
        problem,
        live: shown.live.is_some() && playing.is_some(),
        playing: playing
            .map(|(playing, transport, at)| PlayingView::of(t, &playing, transport, at, counts)),
        lines: lines
            .iter()
            .map(|line| LineView::of(t, app, line, beside))
            .collect(),
        strangers: strangers.iter().map(stranger).collect(),
        ready: ReadyView::of(t, app, shown.days.unwrap_or(readiness::DAYS)),
        files: files::offered(app, t.language)
            .into_iter()
            .map(|file| file.name)
            .collect(),
        subjects: subjects(app),
        window: field(crate::edge::rollover::usual_window(now)),
    };
    page::html(status, &page)
}

fn subjects(app: &App) -> Vec<(String, String)> {
    let parts = &app.player.parts;
    let snapshot = app.registry.now();
    let idps = snapshot.federation.identity_providers.iter();
    let idps = idps
        .filter(|idp| parts.idps.contains_key(&idp.name))
        .map(|idp| (format!("idp:{}", idp.name), idp.presentation_name.clone()));
    let systems = snapshot.federation.systems.iter();
    let systems = systems
        .filter(|system| parts.systems.contains_key(&system.name))
        .map(|system| {
            (
                format!("system:{}", system.name),
                system.presentation_name.clone(),
            )
        });
    idps.chain(systems).collect()
}

fn field(at: OffsetDateTime) -> String {
    let at = danish(at);
    format!("{}T{:02}:{:02}", at.date(), at.hour(), at.minute())
}

impl PlayingView {
    fn of(
        t: &'static Text,
        playing: &Playing,
        transport: Transport,
        at: OffsetDateTime,
        [failing, unknown, parties]: [usize; 3],
    ) -> Self {
        let plan = &playing.plan;
        let short = |moment| when::to(plan.window.from, moment, t.language);
        let steps = plan.steps.iter().map(|step| StepView {
            time: short(step.at),
            what: action(t, &step.action),
            done: step.at <= at,
        });
        let state = playing.state(at);
        let words = |generations: &[Generation]| generations_text(t, generations);
        Self {
            name: plan.name.clone(),
            environment: plan.environment.clone(),
            time: when::in_full(at, t.language),
            window: format!(
                "{}–{}",
                when::in_full(plan.window.from, t.language),
                short(plan.window.to)
            ),
            speed: transport.speed,
            usual: match transport.speed {
                0 => 60,
                speed => speed,
            },
            over: at >= plan.horizon().1,
            failing,
            unknown,
            parties,
            next: next_step(playing, at).map(|next| t.roll_next(short(next))),
            bar: Bar::of(t, playing, at),
            steps: steps.collect(),
            keys: vec![
                (t.roll_signs, words(&[state.signs])),
                (t.roll_decrypts, words(&state.decrypts)),
                (t.roll_shows_signing, words(&state.shows.signing)),
                (t.roll_shows_encryption, words(&state.shows.encryption)),
            ],
            certificates: certificates(t, playing),
            field: field(at),
        }
    }
}

fn certificates(t: &'static Text, playing: &Playing) -> Vec<CertificateView> {
    let ring = playing.ring();
    let view = |generation, pair: &KeyPair| CertificateView {
        generation: self::generation(t, generation),
        subject: pair.certificate.subject(),
        fingerprint: format!("SHA-256 {}", short(&pair.certificate.fingerprint())),
        ends: when::calendar_day(pair.certificate.not_after(), t.language),
    };
    let active = view(Generation::Active, &ring.active);
    let next = ring.next.as_ref().map(|pair| view(Generation::Next, pair));
    std::iter::once(active).chain(next).collect()
}

/// A generation as people say it.
pub fn generation(t: &Text, generation: Generation) -> &'static str {
    match generation {
        Generation::Previous => t.roll_previous,
        Generation::Active => t.roll_active,
        Generation::Next => t.roll_new,
    }
}

fn generations_text(t: &Text, generations: &[Generation]) -> String {
    let all = generations.iter().map(|which| generation(t, *which));
    all.collect::<Vec<_>>().join(", ")
}

fn action(t: &Text, action: &Action) -> String {
    let words = |generations: &[Generation]| generations_text(t, generations);
    match action {
        Action::Announce => t.step_announce.to_owned(),
        Action::HandOut => t.step_hand_out.to_owned(),
        Action::Show(shows) => t.step_show(words(&shows.signing)),
        Action::Sign(with) => t.step_sign(generation(t, *with)),
        Action::Decrypt(with) => t.step_decrypt(words(with)),
        Action::Expire => t.step_expire.to_owned(),
        Action::RollBack => t.step_roll_back.to_owned(),
    }
}
