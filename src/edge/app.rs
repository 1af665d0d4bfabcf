//! What every handler shares: parsed once, frozen.

use super::browser::CookieStyle;
use super::journal::Journal;
use super::world::Clock;
use crate::hub::{Context, Federation, FlowId, Hub, Settings};
use crate::store::Store;
use std::sync::Arc;
use time::OffsetDateTime;

/// Whether the parties are invented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `vejviser demo`: the clock can be moved and everything be reset.
    Demo,
    /// `vejviser serve`: somebody's own federation.
    Serve,
}

/// A demo system, for the landing page and ready-json.
#[derive(Debug, Clone)]
pub struct SystemLink {
    /// Short name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// entityID.
    pub entity_id: String,
    /// Where its login starts; only a demo system has one that we know.
    pub login_url: Option<String>,
    /// Its metadata.
    pub metadata: Option<String>,
    /// Its default AssertionConsumerService.
    pub acs: String,
    /// Level and profile, in a few words.
    pub note: String,
}

/// An identity provider, for the landing page and ready-json.
#[derive(Debug, Clone)]
pub struct IdpLink {
    /// Short name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// entityID.
    pub entity_id: String,
    /// Its metadata.
    pub metadata: Option<String>,
    /// Its people: id and what is special about them.
    pub people: Vec<(String, Vec<String>)>,
    /// Request profile, in a few words.
    pub note: String,
}

/// The state of the process.
pub struct App {
    /// The hub's identity.
    pub hub: Hub,
    /// The federation.
    pub federation: Arc<Federation>,
    /// Settings.
    pub settings: Settings,
    /// Pending logins.
    pub store: Arc<dyn Store>,
    /// What happened.
    pub journal: Journal,
    /// The clock.
    pub clock: Arc<Clock>,
    /// Demo or serve.
    pub mode: Mode,
    /// How the browser's cookie is set.
    pub cookie: CookieStyle,
    /// Address of the management listener, for links from demo pages.
    pub manage_url: String,
    /// Systems to list.
    pub systems: Vec<SystemLink>,
    /// Identity providers to list.
    pub idps: Vec<IdpLink>,
    /// What else forgets when a demo is reset: sessions of personas and demo systems.
    pub on_reset: Vec<Box<dyn Fn() + Send + Sync>>,
}

impl App {
    /// What a step of the hub gets to know, at `now`.
    pub fn context(&self, now: OffsetDateTime) -> Context<'_> {
        Context {
            hub: &self.hub,
            federation: &self.federation,
            settings: &self.settings,
            now,
        }
    }

    /// A name for a flow that begins.
    pub fn new_flow(&self) -> FlowId {
        let mut bytes = [0; 16];
        super::world::random(&mut bytes);
        FlowId::from_random(bytes)
    }

    /// What people call a system.
    pub fn system_title<'a>(&'a self, entity_id: &'a str) -> &'a str {
        self.federation
            .system(entity_id)
            .map_or(entity_id, |system| &system.presentation_name)
    }

    /// What people call an identity provider.
    pub fn idp_title<'a>(&'a self, entity_id: &'a str) -> &'a str {
        self.federation
            .identity_provider(entity_id)
            .map_or(entity_id, |idp| &idp.presentation_name)
    }
}
