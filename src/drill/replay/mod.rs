//! A recorded login again, with another registration: what would have been asked, judged and decided otherwise.
//!
//! Nothing here knows a rule. The hub's own steps judge the recorded messages at the recorded moments, with the keys and
//! settings that are given. What a masked bundle has no more is played with stand-ins, and what cannot be judged then is
//! named and left alone.

mod compare;
mod entropy;
mod messages;
mod play;
mod read;
mod route;

pub use compare::{Difference, Judged, Outcome, Replay};
pub use read::{MAX_BUNDLE, Unreadable, read};

use crate::edge::case::File;
use crate::hub::choose::ChosenBy;
use crate::hub::keys::{HubKeys, RoleKeys};
use crate::hub::{Federation, Hub, Settings};
use play::Left;

/// What the login is played with.
pub struct Given {
    /// The parties.
    pub federation: Federation,
    /// The settings.
    pub settings: Settings,
    /// The hub's keys, for what is encrypted to it.
    pub keys: HubKeys,
}

/// Plays the login of a bundle, and compares.
pub fn replay(file: &File, given: &Given) -> Replay {
    if let Some(why) = unplayable(file) {
        return compare::skipped(file, why);
    }
    let played = play::play(file, given);
    compare::compare(file, played)
}

/// What hangs on sessions, which were then and are not in a bundle.
fn unplayable(file: &File) -> Option<Left> {
    let mut exchanges = file.flow.content.exchanges.iter();
    if exchanges.any(|one| matches!(one.kind.as_str(), "LogoutRequest" | "LogoutResponse")) {
        return Some(Left::Logout);
    }
    (file.flow.chosen_by == Some(ChosenBy::Session)).then_some(Left::Session)
}

/// The hub under the name and at the addresses that the messages were sent to.
fn hub(file: &File, keys: &HubKeys) -> Hub {
    let now = keys.unplanned();
    let mut sp: RoleKeys = keys.sp.at(&now);
    // Whichever generation was in use at that moment.
    let ring = &keys.sp.encryption;
    for generation in [
        crate::hub::keys::Generation::Next,
        crate::hub::keys::Generation::Previous,
    ] {
        if let Some(pair) = ring.own(generation)
            && !sp.decrypts.contains(&generation)
        {
            sp.decryption.push(pair.decryption.clone());
            sp.decrypts.push(generation);
        }
    }
    Hub {
        entity_id: file.hub.entity_id.clone(),
        public_url: file.hub.public_url.clone(),
        organisation: "Vejviser".to_owned(),
        idp: keys.idp.at(&now),
        sp,
        faults: None,
    }
}
