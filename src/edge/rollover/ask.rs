//! What somebody wants to have played, and why it cannot be.

use super::player::Parts;
use super::transport::MOST_SPEED;
use super::{by_danish_clocks, danish};
use crate::hub::danish_time::{in_reach, written};
use crate::hub::rollover::{self, Order, Plan, Preset, Strategy, Subject, Window};
use serde::Deserialize;
use time::{Duration, OffsetDateTime, Time, Weekday};

/// A preset and how it is played.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Which.
    pub strategy: Strategy,
    /// Of a hard swap.
    pub order: Option<Order>,
    /// `hub`, `idp:NAME` or `system:NAME`.
    pub subject: Option<String>,
    /// When the service window begins.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub window: Option<OffsetDateTime>,
    /// The time of the plan at which it begins.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub begin: Option<OffsetDateTime>,
    /// Seconds of the plan in a second.
    pub speed: Option<u32>,
    /// For file names and texts.
    pub environment: Option<String>,
    /// Whether the old key goes on decrypting after the switch.
    pub keep_old_decryption_key: Option<bool>,
    /// When the plan is given up.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub rollback_at: Option<OffsetDateTime>,
}

/// Why it is not played: for the person who must act, in Danish and English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Danish.
    pub da: String,
    /// English.
    pub en: String,
}

/// How long before the first change of keys a rehearsal begins, where nobody says.
const LEAD: Duration = Duration::minutes(15);
/// Seconds of the plan in a second, where nobody says.
pub(super) const USUAL_SPEED: u32 = 60;

impl Refused {
    pub(super) fn new(da: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            da: da.into(),
            en: en.into(),
        }
    }
}

impl Wanted {
    /// A preset as usual.
    pub fn of(strategy: Strategy) -> Self {
        Self {
            strategy,
            order: None,
            subject: None,
            window: None,
            begin: None,
            speed: None,
            environment: None,
            keep_old_decryption_key: None,
            rollback_at: None,
        }
    }

    /// The plan, the time at which it begins, and the speed.
    pub(super) fn plan(
        &self,
        parts: &Parts,
        now: OffsetDateTime,
    ) -> Result<(Plan, OffsetDateTime, u32), Refused> {
        let window = self.window.unwrap_or_else(|| usual_window(now));
        if !in_reach(window) {
            return Err(Refused::new(
                "window: giv et tidspunkt mellem år 2000 og 2100",
                "window: give a time between the years 2000 and 2100",
            ));
        }
        let mut preset = Preset::new(self.strategy, self.subject(parts)?, Window::of(window));
        if let Some(order) = self.order {
            if self.strategy != Strategy::HardSwap {
                return Err(Refused::new(
                    "order hører kun til hard-swap: udelad den",
                    "order belongs to hard-swap only: leave it out",
                ));
            }
            preset.order = order;
        }
        if let Some(keep) = self.keep_old_decryption_key {
            preset.keep_old_decryption_key = keep;
        }
        if let Some(environment) = &self.environment {
            preset.environment = named(environment)?;
        }
        let mut plan = preset.plan();
        if let Some(at) = self.rollback_at {
            plan = plan.rolled_back(at).map_err(|why| {
                let (da, en) = why.what();
                Refused::new(format!("rollback_at: {da}"), format!("rollback_at: {en}"))
            })?;
        }
        let (begin, speed) = pace(&plan, self.begin, self.speed)?;
        Ok((plan, begin, speed))
    }

    fn subject(&self, parts: &Parts) -> Result<Subject, Refused> {
        let word = self.subject.as_deref().unwrap_or("hub");
        let subject = Subject::parse(word).ok_or_else(|| {
            Refused::new(
                "subject: skriv hub, idp:NAVN eller system:NAVN",
                "subject: write hub, idp:NAME or system:NAME",
            )
        })?;
        playable(&subject, parts)?;
        Ok(subject)
    }
}

/// Whether the change of this party can be played here.
pub(super) fn playable(subject: &Subject, parts: &Parts) -> Result<(), Refused> {
    let name = match subject {
        Subject::Hub => return Ok(()),
        Subject::IdentityProvider(name) | Subject::System(name) => name,
    };
    if parts.idps.is_empty() && parts.systems.is_empty() {
        return Err(Refused::new(
            "her kan kun hubbens eget skifte afspilles (subject hub): en rigtig parts nye metadata registreres, de simuleres ikke",
            "only the hub's own change can be played here (subject hub): a real party's new metadata is registered, not simulated",
        ));
    }
    let known = match subject {
        Subject::System(_) => &parts.systems,
        _ => &parts.idps,
    };
    if known.contains_key(name) {
        return Ok(());
    }
    let names: Vec<&str> = known.keys().map(String::as_str).collect();
    let names = names.join(", ");
    Err(Refused::new(
        format!("subject: «{name}» findes ikke; vælg en af {names}"),
        format!("subject: there is no “{name}”; choose one of {names}"),
    ))
}

/// The time of the plan at which it begins, and how fast it is played.
pub(super) fn pace(
    plan: &Plan,
    begin: Option<OffsetDateTime>,
    speed: Option<u32>,
) -> Result<(OffsetDateTime, u32), Refused> {
    let speed = speed.unwrap_or(USUAL_SPEED);
    checked_speed(speed)?;
    let begin = begin.unwrap_or(plan.first_change() - LEAD);
    checked_time("begin", plan, begin)?;
    Ok((begin, speed))
}

/// Whether the plan can stand at this time.
pub(super) fn checked_time(field: &str, plan: &Plan, at: OffsetDateTime) -> Result<(), Refused> {
    let (from, to) = reach(plan);
    match (from..=to).contains(&at) {
        true => Ok(()),
        false => Err(between(field, from, to)),
    }
}

/// Whether it can be played so fast.
pub(super) fn checked_speed(speed: u32) -> Result<(), Refused> {
    match speed <= MOST_SPEED {
        true => Ok(()),
        false => Err(Refused::new(
            format!("speed: 0 (pause), 1 (virkelig tid) til {MOST_SPEED}"),
            format!("speed: 0 (pause), 1 (real time) to {MOST_SPEED}"),
        )),
    }
}

/// From the first step, or before it where everybody's last fetch counts, to the plan's end.
fn reach(plan: &Plan) -> (OffsetDateTime, OffsetDateTime) {
    let (from, to) = plan.horizon();
    let first = plan.steps.first().map_or(from, |step| step.at);
    (from.min(first), to)
}

fn between(field: &str, from: OffsetDateTime, to: OffsetDateTime) -> Refused {
    let (from, to) = (written(from), written(to));
    Refused::new(
        format!("{field}: giv et tidspunkt fra {from} til {to}"),
        format!("{field}: give a time from {from} to {to}"),
    )
}

/// It becomes part of file names.
fn named(environment: &str) -> Result<String, Refused> {
    rollover::environment(environment).ok_or_else(|| {
        Refused::new(
            "environment: 1 til 16 bogstaver og cifre, som TEST eller PROD",
            "environment: 1 to 16 letters and digits, such as TEST or PROD",
        )
    })
}

/// The next Wednesday at six, Danish time: when the real hub changed in December 2024.
pub fn usual_window(now: OffsetDateTime) -> OffsetDateTime {
    let wednesday = danish(now).date().next_occurrence(Weekday::Wednesday);
    let six = Time::from_hms(6, 0, 0).unwrap_or(Time::MIDNIGHT);
    by_danish_clocks(wednesday.with_time(six))
}
