//! A plan in TOML, played: the same file, and the same problems, as in a rehearsal.

use super::Player;
use super::ask::{Refused, pace, playable};
use crate::config::Problems;
use crate::config::plan::{self, Purpose, Registered};
use crate::hub::Federation;
use serde::Deserialize;
use std::path::Path;
use time::OffsetDateTime;

/// How a written plan is played; the plan itself does not say.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pace {
    /// The time of the plan at which it begins.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub begin: Option<OffsetDateTime>,
    /// Seconds of the plan in a second.
    pub speed: Option<u32>,
}

/// Why a written plan is not played.
#[derive(Debug)]
pub enum NotPlayed {
    /// What is wrong with the plan, each with its line.
    Problems(Problems),
    /// It cannot be played here, or not so.
    Refused(Refused),
}

/// What the plan is called in problems: it came without a name.
const NAME: &str = "plan.toml";

impl Player {
    /// Plays the plan in `text` for the parties of `federation`, in the place of what is played.
    pub fn start_written(
        &self,
        text: &str,
        federation: &Federation,
        how: Pace,
        now: OffsetDateTime,
    ) -> Result<(), NotPlayed> {
        let registered = Registered {
            federation,
            hub: Some(self.keys()),
            stand_ins: self.parts.invented,
        };
        let loaded = plan::load(Path::new(NAME), text, registered, Purpose::Play)
            .map_err(NotPlayed::Problems)?;
        let habits = loaded.habits.into_iter();
        let stated = habits.map(|(name, habits)| (name, habits.model)).collect();
        let nothing = || Refused::new("planen er tom", "the plan is empty");
        let plan = loaded.plans.into_iter().next();
        let plan = plan.ok_or_else(|| NotPlayed::Refused(nothing()))?;
        playable(&plan.subject, &self.parts).map_err(NotPlayed::Refused)?;
        let pace = pace(&plan, how.begin, how.speed).map_err(NotPlayed::Refused)?;
        self.play(plan, &stated, pace, now)
            .map_err(NotPlayed::Refused)
    }
}
