//! What every handler shares: parsed once, frozen.

use super::journal::Journal;
use super::logins::Logins;
use super::memory::Seal;
use super::next_login::NextLogins;
use super::page::Language;
use super::pinned::Pinned;
use super::registry::{Registry, Snapshot};
use super::rollover::Player;
use super::test_ca::TestCa;
use super::trials::Trials;
use super::world::Clock;
use crate::dsig::Certificate;
use crate::hub::rollover::Plan;
use crate::hub::{Context, FlowId, Hub};
use crate::store::Store;
use ipnet::IpNet;
use std::ops::Deref;
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
    /// Whose habits an invented one has.
    pub kind: Option<&'static str>,
    /// Ids of what an invented one does.
    pub behaviour: Vec<&'static str>,
    /// Its people: id and what is special about them.
    pub people: Vec<(String, Vec<String>)>,
    /// Request profile, in a few words.
    pub note: String,
}

/// A file that is handed out ahead of a change of certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOut {
    /// Its name, without a folder.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Makes what is handed out ahead of a plan: the title of the party that changes, its certificate in use, the next
/// one. Whoever puts the process together says how, because reports stand to the right of here.
pub type HandOuts = fn(&Plan, &str, &Certificate, &Certificate, Language) -> Vec<HandOut>;

/// Makes the routes of such pages; whoever puts the process together says how.
pub type Pages = Box<dyn Fn() -> axum::Router<Arc<App>> + Send + Sync>;

/// The state of the process.
pub struct App {
    /// The hub's keys, and the change of certificates that is played.
    pub player: Arc<Player>,
    /// The federation and the settings.
    pub registry: Registry,
    /// Where metadata is fetched, and CAs are asked.
    pub metadata: super::metadata::Source,
    /// The CA that this process answers for.
    pub test_ca: Option<TestCa>,
    /// Pending logins.
    pub store: Arc<dyn Store>,
    /// What happened.
    pub journal: Arc<Journal>,
    /// Which flow a request belongs to.
    pub logins: Arc<Logins>,
    /// Logins from the built-in test systems.
    pub trials: Arc<Trials>,
    /// The clock.
    pub clock: Arc<Clock>,
    /// Seals what browsers remember.
    pub seal: Seal,
    /// How many logins memory decided.
    pub pinned: Pinned,
    /// Proxies whose word for an address of a user counts.
    pub trusted_proxies: Vec<IpNet>,
    /// Logins that were programmed; in `serve` none ever is.
    pub next_logins: NextLogins,
    /// Demo or serve.
    pub mode: Mode,
    /// Address of the management listener, for links from demo pages.
    pub manage_url: String,
    /// Systems to list.
    pub systems: Vec<SystemLink>,
    /// The built-in test systems, where they are switched on: they stand in no other list.
    pub test_systems: Vec<SystemLink>,
    /// Identity providers to list.
    pub idps: Vec<IdpLink>,
    /// What is handed out ahead of the change that is played.
    pub hand_outs: HandOuts,
    /// Pages of the management listener whose content stands to the right of here.
    pub pages: Pages,
    /// What else forgets when a demo is reset: sessions of personas and demo systems.
    pub on_reset: Vec<Box<dyn Fn() + Send + Sync>>,
}

/// What one step sees: the hub's keys and the parties, taken together, so that no step sees half a change.
#[derive(Debug, Clone)]
pub struct View {
    /// The hub with the keys of the moment.
    pub hub: Arc<Hub>,
    /// The parties and the settings.
    pub parties: Arc<Snapshot>,
}

impl View {
    /// What a step of the hub gets to know, at `now`.
    pub fn context(&self, now: OffsetDateTime) -> Context<'_> {
        self.parties.context(&self.hub, now)
    }
}

impl Deref for View {
    type Target = Snapshot;
    fn deref(&self) -> &Snapshot {
        &self.parties
    }
}

impl App {
    /// The hub with the keys of the moment.
    pub fn hub(&self) -> Arc<Hub> {
        self.player.hub(self.clock.real())
    }

    /// What a step sees now.
    pub fn view(&self) -> View {
        self.player.view(self.registry.now(), self.clock.real())
    }

    /// A name for a flow that begins.
    pub fn new_flow(&self) -> FlowId {
        let mut bytes = [0; 16];
        super::world::random(&mut bytes);
        FlowId::from_random(bytes)
    }
}
