//! What a flow has in full: its messages, decisions and everything beside them. Long, and seldom read.

use super::Visit;
use crate::hub::roles::Story;
use crate::hub::trace::Told;
use crate::hub::{Decision, Exchange};
use serde::{Deserialize, Serialize};

/// The long part of a flow. The same form in the journal's file, in a case bundle, and for whoever replays it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Messages in order.
    pub exchanges: Vec<Exchange>,
    /// Decisions in order.
    pub decisions: Vec<Decision>,
    /// What became of the user's roles, where it came to that.
    pub story: Option<Story>,
    /// What the browser did, in order.
    pub visits: Vec<Visit>,
    /// What the parties said of the hub's messages.
    pub told: Vec<Told>,
}

impl Content {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
