//! Everybody's line while a change is played: what was seen, and what their habits let one expect.

use super::observed::{Heard, Seen};
use super::playing::Playing;
use crate::config::Habits;
use crate::edge::app::App;
use crate::hub::keys::Generation;
use crate::hub::rollover::{Cause, Compares, Outage, Subject, TrustModel, holding, outages};
use crate::hub::trace::Leg;
use time::OffsetDateTime;

/// One party.
#[derive(Debug, Clone)]
pub struct Line {
    /// Short name; `hub` where another party changes.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// On which side of the hub; none: it is the hub.
    pub side: Option<Leg>,
    /// Habits.
    pub model: TrustModel,
    /// Whom to ring.
    pub contact: Option<String>,
    /// What was seen.
    pub seen: Seen,
    /// Whether it trusts the next certificate; none: nobody knows.
    pub trusts_new: Option<bool>,
    /// Whether logins through it work.
    pub login: Login,
    /// When they fail next.
    pub next: Option<Outage>,
}

/// Whether logins work now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// They do: seen since the last switch, or expected.
    Works {
        /// Whether one was seen.
        seen: bool,
    },
    /// They do not.
    Fails {
        /// Why, by the rule; it holds until then, where that is known.
        expected: Option<Outage>,
        /// What was seen.
        seen: Option<String>,
    },
    /// Nobody has said how the party takes over a change, and nothing was seen.
    Unknown,
}

/// All parties that are concerned, the failing ones first.
pub fn lines(app: &App, now: OffsetDateTime) -> Vec<Line> {
    let playing = app.player.playing(now);
    let playing = playing.as_ref().map(|(playing, _, at)| (&**playing, *at));
    let mut lines = match playing {
        Some((playing, at)) if playing.plan.subject != Subject::Hub => vec![of_hub(playing, at)],
        _ => parties(app)
            .into_iter()
            .map(|(name, title, side)| of_party(app, playing, name, title, side))
            .collect(),
    };
    lines.sort_by_key(Line::rank);
    lines
}

/// Short name, title and side of everybody who can be used.
pub(super) fn parties(app: &App) -> Vec<(String, String, Leg)> {
    let snapshot = app.registry.now();
    let idps = snapshot.federation.active();
    let idps = idps.map(|idp| (&idp.name, &idp.presentation_name, Leg::IdentityProvider));
    let systems = snapshot.federation.systems.iter();
    let systems = systems.map(|system| (&system.name, &system.presentation_name, Leg::System));
    idps.chain(systems)
        .map(|(name, title, side)| (name.clone(), title.clone(), side))
        .collect()
}

fn of_party(
    app: &App,
    playing: Option<(&Playing, OffsetDateTime)>,
    name: String,
    title: String,
    side: Leg,
) -> Line {
    let habits = app.player.parts.habits.get(&name).cloned();
    let Habits { model, contact } = habits.unwrap_or_else(Habits::unknown);
    let mut line = Line {
        seen: app.player.observed.of(&name),
        model: playing
            .map_or(model, |(playing, _)| playing.model(&name))
            .facing(&Subject::Hub, Some(side)),
        name,
        title,
        side: Some(side),
        contact,
        trusts_new: None,
        login: Login::Unknown,
        next: None,
    };
    match playing {
        Some((playing, at)) => line.judge(playing, at),
        None => line.login = line.heard(|_| true).unwrap_or(Login::Unknown),
    }
    line
}

/// The hub, which must take over another party's change.
fn of_hub(playing: &Playing, at: OffsetDateTime) -> Line {
    let mut line = Line {
        name: "hub".to_owned(),
        title: "Context Handler".to_owned(),
        side: None,
        model: playing.registration().cloned().unwrap_or_default(),
        contact: None,
        seen: Seen::default(),
        trusts_new: None,
        login: Login::Unknown,
        next: None,
    };
    line.judge(playing, at);
    line
}

impl Line {
    fn judge(&mut self, playing: &Playing, at: OffsetDateTime) {
        let (plan, model) = (&playing.plan, &self.model);
        // A jump back undoes what was fetched later.
        let fetched: Vec<OffsetDateTime> = self
            .seen
            .fetch
            .iter()
            .filter_map(|fetch| fetch.at.plan)
            .filter(|fetched| *fetched <= at)
            .collect();
        let known = model.stated || !fetched.is_empty();
        let holds = holding(plan, model, &fetched, at);
        let has_next = holds.signing.contains(&Generation::Next);
        self.trusts_new = match () {
            () if !model.checks_signatures => Some(true),
            () if plan.same_key && model.compares == Compares::Key => Some(true),
            () if has_next => Some(true),
            () => known.then_some(false),
        };
        let spans = outages(plan, &playing.validities, model, &fetched);
        let now = |span: &&Outage| span.from <= at && span.to.is_none_or(|to| at < to);
        let current = spans.iter().find(now).copied();
        self.next = spans.iter().find(|span| span.from > at).copied();
        let switch = playing
            .schedule
            .moments()
            .take_while(|moment| *moment <= at)
            .last();
        let since = |plan: OffsetDateTime| switch.is_none_or(|switch| switch <= plan) && plan <= at;
        let heard = self.heard(|seen| seen.is_some_and(since));
        self.login = match (heard, current) {
            (Some(Login::Fails { seen, .. }), expected) => Login::Fails { expected, seen },
            (Some(login), _) => login,
            // The worst that one must expect, and no more than that.
            (None, Some(_)) if !known => Login::Unknown,
            (None, Some(_)) => Login::Fails {
                expected: current,
                seen: None,
            },
            (None, None) => Login::Works { seen: false },
        };
    }

    /// What was seen, if it counts: `counts` is asked with the plan's time of it.
    fn heard(&self, counts: impl Fn(Option<OffsetDateTime>) -> bool) -> Option<Login> {
        let (at, heard) = self.seen.heard.as_ref()?;
        if !counts(at.plan) {
            return None;
        }
        match heard {
            Heard::Worked => Some(Login::Works { seen: true }),
            Heard::Answered => None,
            Heard::Failed(why) => Some(Login::Fails {
                expected: None,
                seen: Some(why.clone()),
            }),
        }
    }

    /// Why logins fail, by the rule, now or next.
    pub fn cause(&self) -> Option<Cause> {
        match &self.login {
            Login::Fails { expected, .. } => expected.map(|outage| outage.cause),
            _ => self.next.map(|outage| outage.cause),
        }
    }

    /// Whether logins fail now.
    pub fn fails(&self) -> bool {
        matches!(self.login, Login::Fails { .. })
    }

    fn rank(&self) -> (u8, Option<OffsetDateTime>) {
        match (&self.login, self.next) {
            (Login::Fails { .. }, _) => (0, None),
            (_, Some(next)) => (1, Some(next.from)),
            (Login::Unknown, None) => (2, None),
            (Login::Works { .. }, None) => (3, None),
        }
    }
}
