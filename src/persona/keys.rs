//! A persona's keys at a moment, its own and the hub's, as the change of certificates that is played has them.

use super::HubSide;
use crate::edge::page::Text;
use crate::edge::rollover::Trust;
use crate::edge::world::Clock;
use crate::hub::keys::RoleKeys;
use crate::hub::rollover::Heard;
use crate::hub::trace::Leg;
use std::sync::Arc;

/// Who asks, and what it has while nothing is played.
pub struct Keyholder {
    /// On which side of the hub.
    pub side: Leg,
    /// Short name.
    pub name: String,
    /// Its keys on a day without a change.
    pub usual: Arc<RoleKeys>,
    /// Whether it holds whatever the hub signs with, through every change: it is a part of the hub.
    pub follows: bool,
    /// The clock.
    pub clock: Arc<Clock>,
}

impl Keyholder {
    /// Its own keys now.
    pub fn own(&self, hub: &HubSide) -> Arc<RoleKeys> {
        let now = self.clock.real();
        let changing = hub.player.own_keys(self.side, &self.name, now);
        changing.unwrap_or_else(|| self.usual.clone())
    }

    /// Tells the hub's operators what came of the hub's message: they sit beside whoever runs this party.
    pub fn tell(&self, hub: &HubSide, heard: Heard) {
        let at = hub.player.at(self.clock.real());
        hub.player.observed.heard(&self.name, at, heard);
    }

    /// What it holds of the hub now.
    pub fn trust(&self, hub: &HubSide) -> Trust {
        let now = self.clock.real();
        match self.follows {
            true => hub.player.latest(self.side, now),
            false => hub.player.trust(self.side, &self.name, now),
        }
    }

    /// Which of the hub's certificates it has, for whoever looks at a refusal; none while no change of the hub is
    /// played.
    pub fn holding(&self, hub: &HubSide, t: &Text) -> Option<String> {
        let trust = self.trust(hub);
        if !trust.played || !trust.checks {
            return None;
        }
        let told = trust.keys.iter().filter_map(|key| key.certificate());
        let told: Vec<String> = told
            .map(|certificate| {
                let fingerprint = certificate.fingerprint();
                let short = fingerprint.get(..16).unwrap_or(&fingerprint);
                format!("{} (SHA-256 {short}…)", certificate.subject())
            })
            .collect();
        Some(match told.is_empty() {
            true => t.persona_holds_none.to_owned(),
            false => t.persona_holds(told.join("; ")),
        })
    }
}
