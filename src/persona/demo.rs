//! The cast on stage: everybody's site, knowing the hub.

use super::HubSide;
use super::cast::{Cast, IdpInfo, IdpPart, SystemInfo, SystemPart};
use super::idp::{self, Idp};
use super::keys::Keyholder;
use super::session::Memory;
use super::strict::Trusted;
use super::system::{self, System};
use crate::config::Trait;
use crate::dsig::SigningKey;
use crate::edge::reports::Reports;
use crate::edge::rollover::Player;
use crate::edge::trials::Trials;
use crate::edge::world::{Clock, fresh_key};
use crate::hub::identity::path;
use crate::hub::trace::Leg;
use axum::Router;
use std::collections::BTreeMap;
use std::sync::Arc;
use time::Duration;

/// Sessions at IdPs and systems.
const SESSION: Duration = Duration::hours(8);
/// A login or a logout that was begun.
const LOGIN: Duration = Duration::hours(1);

/// Personas and demo systems, ready to be served.
pub struct Demo {
    cast: Cast,
    idps: Vec<Arc<Idp>>,
    systems: Vec<Arc<System>>,
}

impl Demo {
    pub(super) fn new(
        cast: Cast,
        player: &Arc<Player>,
        clock: &Arc<Clock>,
        trials: &Arc<Trials>,
        reports: Reports,
    ) -> Self {
        let hub = player.unplanned();
        let hub = HubSide {
            entity_id: hub.entity_id.clone(),
            sso: hub.url(path::ISSUE),
            acs: hub.url(path::CONSUME),
            signoff: hub.url(path::SIGNOFF),
            signoff_request: hub.url(path::SIGNOFF_REQUEST),
            signoff_response: hub.url(path::SIGNOFF_RESPONSE),
            signoff_soap: hub.url(path::SIGNOFF_SOAP),
            player: player.clone(),
            trials: trials.clone(),
            reports: Arc::new(reports),
        };
        let idps = cast
            .idps
            .iter()
            .map(|part| Arc::new(idp_of(part.clone(), &hub, clock)))
            .collect();
        let systems = cast
            .systems
            .iter()
            .map(|part| (part, false))
            .chain(cast.built_in.iter().map(|part| (part, true)))
            .map(|(part, built_in)| Arc::new(system_of(part.clone(), built_in, &hub, clock)))
            .collect();
        Self {
            cast,
            idps,
            systems,
        }
    }

    /// Everybody's routes by the key of their site: a host name such as `sag.localhost`, or a path such as
    /// `/system/sag`, below which the routes are meant.
    pub fn routers(&self) -> BTreeMap<String, Router> {
        let idps = self
            .idps
            .iter()
            .map(|idp| (idp.site.key.clone(), idp::router(Arc::clone(idp))));
        let systems = self
            .systems
            .iter()
            .map(|system| (system.site.key.clone(), system::router(Arc::clone(system))));
        idps.chain(systems).collect()
    }

    /// Forgets all sessions and logins.
    pub fn forget(&self) {
        for idp in &self.idps {
            idp.sessions.clear();
            idp.waiting.clear();
            idp.begun.clear();
        }
        for system in &self.systems {
            system.sessions.clear();
            system.begun.clear();
            system.answered.clear();
            system.last_begun.clear();
            system.leaving.clear();
        }
    }

    /// The demo systems, in the order of the file.
    pub fn systems(&self) -> Vec<SystemInfo> {
        self.cast.systems()
    }

    /// The IdPs, in the order of the file.
    pub fn idps(&self) -> Vec<IdpInfo> {
        self.cast.idps()
    }
}

fn idp_of(part: IdpPart, hub: &HubSide, clock: &Arc<Clock>) -> Idp {
    let stranger = part.persona.has(Trait::WrongKey);
    Idp {
        stranger: stranger.then(foreign_key).flatten(),
        site: part.site,
        entity_id: part.metadata.entity_id.clone(),
        title: part.title,
        profile: part.profile,
        cvr: part.cvr,
        persona: part.persona,
        keys: Keyholder {
            side: Leg::IdentityProvider,
            name: part.name,
            usual: part.keys,
            follows: false,
            clock: Arc::clone(clock),
        },
        metadata: part.metadata,
        hub: hub.clone(),
        clock: Arc::clone(clock),
        sessions: Memory::new(SESSION, Arc::clone(clock)),
        waiting: Memory::new(LOGIN, Arc::clone(clock)),
        begun: Memory::new(LOGIN, Arc::clone(clock)),
    }
}

/// A key that is in nobody's metadata. Where none can be made the right one signs, and the hub says so.
fn foreign_key() -> Option<SigningKey> {
    let pem = fresh_key().ok()?.private_key_to_pem_pkcs8().ok()?;
    SigningKey::parse(&pem, None).ok()
}

fn system_of(part: SystemPart, built_in: bool, hub: &HubSide, clock: &Arc<Clock>) -> System {
    System {
        built_in,
        site: part.site,
        entity_id: part.metadata.entity_id.clone(),
        title: part.title,
        level: part.level,
        profile: part.profile,
        demo: part.demo,
        keys: Keyholder {
            side: Leg::System,
            name: part.name,
            usual: part.keys,
            follows: built_in,
            clock: Arc::clone(clock),
        },
        metadata: part.metadata,
        hub: hub.clone(),
        clock: Arc::clone(clock),
        begun: Memory::new(LOGIN, Arc::clone(clock)),
        sessions: Memory::new(SESSION, Arc::clone(clock)),
        answered: Memory::new(SESSION, Arc::clone(clock)),
        last_begun: Memory::new(LOGIN, Arc::clone(clock)),
        leaving: Memory::new(LOGIN, Arc::clone(clock)),
        trusted: Trusted::default(),
    }
}
