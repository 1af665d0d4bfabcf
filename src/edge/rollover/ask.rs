//! What somebody wants to have played, and why it cannot be.

use super::player::Parts;
use super::transport::MOST_SPEED;
use super::{by_danish_clocks, danish};
use crate::hub::keys::{HubKeys, KeyRing};
use crate::hub::rollover::{Order, Plan, Preset, Strategy, Subject, Window};
use serde::Deserialize;
use time::{Duration, OffsetDateTime, Time, UtcOffset, Weekday};

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
/// Years in which a window may lie: dates can be counted with there.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

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
        if !YEARS.contains(&window.to_offset(UtcOffset::UTC).year()) {
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
        let (first, end) = (plan.first_change(), plan.horizon().1);
        if let Some(at) = self.rollback_at {
            if at <= first || at > end {
                return Err(between("rollback_at", first, end));
            }
            plan = plan.rolled_back(at);
        }
        let speed = self.speed.unwrap_or(USUAL_SPEED);
        checked_speed(speed)?;
        let begin = self.begin.unwrap_or(first - LEAD);
        checked_time("begin", &plan, begin)?;
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
        let name = match &subject {
            Subject::Hub => return Ok(subject),
            Subject::IdentityProvider(name) | Subject::System(name) => name,
        };
        if parts.idps.is_empty() && parts.systems.is_empty() {
            return Err(Refused::new(
                "her kan kun hubbens eget skifte afspilles (subject hub): en rigtig parts nye metadata registreres, de simuleres ikke",
                "only the hub's own change can be played here (subject hub): a real party's new metadata is registered, not simulated",
            ));
        }
        let known = match &subject {
            Subject::System(_) => &parts.systems,
            _ => &parts.idps,
        };
        if known.contains_key(name) {
            return Ok(subject);
        }
        let names: Vec<&str> = known.keys().map(String::as_str).collect();
        let names = names.join(", ");
        Err(Refused::new(
            format!("subject: «{name}» findes ikke; vælg en af {names}"),
            format!("subject: there is no “{name}”; choose one of {names}"),
        ))
    }
}

/// The keys that a plan needs: every ring of the one that changes has its next pair, on the same key or on another
/// one as the plan says.
pub(super) fn rings(plan: &Plan, parts: &Parts, hub: &HubKeys) -> Result<HubKeys, Refused> {
    let mut keys = hub.clone();
    if plan.subject != Subject::Hub {
        return Ok(keys);
    }
    for ring in [
        &mut keys.idp.signing,
        &mut keys.idp.encryption,
        &mut keys.sp.signing,
        &mut keys.sp.encryption,
    ] {
        *ring = prepared(plan, parts, ring)?;
    }
    Ok(keys)
}

/// One ring as the plan needs it.
pub(super) fn prepared(plan: &Plan, parts: &Parts, ring: &KeyRing) -> Result<KeyRing, Refused> {
    let id = |pair: &crate::hub::keys::KeyPair| pair.signing.public().key_id();
    let same = ring.next.as_ref().map(|next| id(next) == id(&ring.active));
    match (same, plan.same_key) {
        (Some(found), wanted) if found == wanted => Ok(ring.clone()),
        (_, true) if parts.invented => {
            let next = super::renewed::renewed(&ring.active, plan.window.from);
            let next = next.map_err(|error| {
                Refused::new(
                    format!("certifikatet kan ikke fornyes: {error}"),
                    format!("the certificate cannot be renewed: {error}"),
                )
            })?;
            Ok(KeyRing {
                next: Some(next),
                ..ring.clone()
            })
        }
        (_, true) => Err(Refused::new(
            "hubben har intet næste certifikat på samme nøgle: tilføj det i [[hub.keys]] med generation = \"next\" og den samme nøglefil",
            "the hub has no next certificate on the same key: add it as [[hub.keys]] with generation = \"next\" and the same key file",
        )),
        (None, false) => Err(Refused::new(
            "hubben har ingen næste nøgle: tilføj den i [[hub.keys]] med generation = \"next\", og start igen",
            "the hub has no next key: add it as [[hub.keys]] with generation = \"next\", and start again",
        )),
        (Some(_), false) => Err(Refused::new(
            "hubbens næste certifikat er på den samme nøgle: brug strategien same-key, eller giv en ny nøgle",
            "the hub's next certificate is on the same key: use the strategy same-key, or give a new key",
        )),
    }
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
    use time::format_description::well_known::Rfc3339;
    let text = |at: OffsetDateTime| danish(at).format(&Rfc3339).unwrap_or_default();
    let (from, to) = (text(from), text(to));
    Refused::new(
        format!("{field}: giv et tidspunkt fra {from} til {to}"),
        format!("{field}: give a time from {from} to {to}"),
    )
}

/// It becomes part of file names.
fn named(environment: &str) -> Result<String, Refused> {
    let fits = (1..=16).contains(&environment.len())
        && environment.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match fits {
        true => Ok(environment.to_ascii_uppercase()),
        false => Err(Refused::new(
            "environment: 1 til 16 bogstaver og cifre, som TEST eller PROD",
            "environment: 1 to 16 letters and digits, such as TEST or PROD",
        )),
    }
}

/// The next Wednesday at six, Danish time: when the real hub changed in December 2024.
pub fn usual_window(now: OffsetDateTime) -> OffsetDateTime {
    let wednesday = danish(now).date().next_occurrence(Weekday::Wednesday);
    let six = Time::from_hms(6, 0, 0).unwrap_or(Time::MIDNIGHT);
    by_danish_clocks(wednesday.with_time(six))
}
