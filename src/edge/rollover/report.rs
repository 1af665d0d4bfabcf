//! Everybody's line while a change is played: what was seen, and what their habits let one expect.

use super::observed::Seen;
use super::playing::Playing;
use crate::config::Habits;
use crate::edge::app::App;
use crate::hub::rollover::{Cause, Heard, Login, Outage, Subject, TrustModel, outlook};
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
        None => line.login = line.unplanned(),
    }
    line
}

/// The hub, which must take over another party's change.
fn of_hub(playing: &Playing, at: OffsetDateTime) -> Line {
    let mut line = Line {
        name: "hub".to_owned(),
        title: Subject::HUB_TITLE.to_owned(),
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
        let fetch = self.seen.fetch.iter();
        let fetched: Vec<OffsetDateTime> = fetch.filter_map(|fetch| fetch.at.plan).collect();
        let heard = self.seen.heard.as_ref();
        let heard = heard.and_then(|(when, heard)| Some((when.plan?, heard)));
        let validities = playing.validities(self.side);
        // What does not change on its side, nobody notices.
        let model = self.model.under(&playing.plan, self.side);
        let outlook = outlook(&playing.plan, &validities, &model, &fetched, heard, at);
        self.trusts_new = outlook.trusts_new;
        self.login = outlook.login;
        self.next = outlook.next;
    }

    /// What was seen, while nothing is played.
    fn unplanned(&self) -> Login {
        match self.seen.heard.as_ref().map(|(_, heard)| heard) {
            Some(Heard::Worked) => Login::Works { seen: true },
            Some(Heard::Failed(why)) => Login::Fails {
                expected: None,
                seen: Some(why.clone()),
            },
            Some(Heard::Answered) | None => Login::Unknown,
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
