//! The cast: who plays, where, and with which key, read from the configuration before the hub exists.

use super::demo::Demo;
use super::told::traits;
use super::{Addresses, BuiltIn, Role, Site, expired, metadata};
use crate::config::pki;
use crate::config::{
    Defect, DemoSystem, File, IdentityProviderEntry, Persona, Trait, UserFacingSystemEntry,
};
use crate::edge::page::{Language, Text};
use crate::edge::reports::Reports;
use crate::edge::rollover::Player;
use crate::edge::trials::Trials;
use crate::edge::world::Clock;
use crate::hub::keys::{KeyRing, RoleKeys};
use crate::oiosaml::{Cvr, Level, OiosamlVersion, RequestProfile};
use crate::saml::metadata::Entity;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everybody with a persona or demo section.
#[derive(Debug, Clone, Default)]
pub struct Cast {
    pub(super) idps: Vec<IdpPart>,
    pub(super) systems: Vec<SystemPart>,
    /// The built-in test systems: on stage, and in no list.
    pub(super) built_in: Vec<SystemPart>,
}

/// An IdP's part.
#[derive(Debug, Clone)]
pub(super) struct IdpPart {
    pub name: String,
    pub site: Site,
    pub title: String,
    pub profile: RequestProfile,
    pub cvr: Cvr,
    pub persona: Persona,
    pub ring: KeyRing,
    pub keys: Arc<RoleKeys>,
    pub metadata: Entity,
}

/// A demo system's part.
#[derive(Debug, Clone)]
pub(super) struct SystemPart {
    pub name: String,
    pub site: Site,
    pub title: String,
    pub level: Option<Level>,
    pub profile: OiosamlVersion,
    pub demo: DemoSystem,
    pub ring: KeyRing,
    pub keys: Arc<RoleKeys>,
    pub metadata: Entity,
}

/// A demo system as scripts see it.
#[derive(Debug, Clone, Serialize)]
pub struct SystemInfo {
    /// Short name.
    pub name: String,
    /// entityID.
    pub entity_id: String,
    /// Where its login starts.
    pub login_url: String,
    /// Its metadata.
    pub metadata: String,
    /// Its AssertionConsumerService.
    pub acs: String,
}

/// An IdP as scripts see it.
#[derive(Debug, Clone, Serialize)]
pub struct IdpInfo {
    /// Short name.
    pub name: String,
    /// entityID.
    pub entity_id: String,
    /// Its metadata.
    pub metadata: String,
    /// Whose habits it has.
    pub kind: &'static str,
    /// Ids of what it does, in the order of the list.
    pub behaviour: Vec<&'static str>,
    /// Its people, in the order of its page.
    pub people: Vec<PersonInfo>,
}

/// A person as scripts see them.
#[derive(Debug, Clone, Serialize)]
pub struct PersonInfo {
    /// Id, for `?autologin=`.
    pub id: String,
    /// Traits in Danish.
    pub traits: Vec<String>,
}

impl Cast {
    /// Reads everybody's part; keys come from the test PKI inside the binary.
    pub fn new(file: &File, addresses: &Addresses) -> Result<Self, String> {
        let mut cast = Self::default();
        for entry in file.identity_providers.iter().map(|entry| entry.get_ref()) {
            if let Some(persona) = &entry.persona {
                let persona = persona.get_ref();
                cast.idps.push(IdpPart::new(entry, persona, addresses)?);
            }
        }
        for entry in file.user_facing_systems.iter().map(|entry| entry.get_ref()) {
            if let Some(demo) = &entry.demo {
                let demo = demo.get_ref();
                cast.systems.push(SystemPart::new(
                    entry,
                    demo,
                    addresses,
                    pki::ring(&demo.key)?,
                ));
            }
        }
        Ok(cast)
    }

    /// Everybody's metadata by short name.
    pub fn rendered(&self) -> BTreeMap<String, Entity> {
        let idps = self
            .idps
            .iter()
            .map(|part| (part.name.clone(), part.metadata.clone()));
        let systems = self
            .systems
            .iter()
            .map(|part| (part.name.clone(), part.metadata.clone()));
        idps.chain(systems).collect()
    }

    /// Everybody's metadata as they serve it, by the path of its file below `metadata/`.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let idps = self.idps.iter().map(|part| {
            let file = format!("idp/{}.xml", part.name);
            (file, metadata::signed(&part.metadata, &part.keys))
        });
        let systems = self.systems.iter().map(|part| {
            let file = format!("system/{}.xml", part.name);
            let unsigned = part.demo.has(Defect::UnsignedMetadata);
            let document = match unsigned {
                true => metadata::unsigned(&part.metadata),
                false => metadata::signed(&part.metadata, &part.keys),
            };
            (file, document)
        });
        idps.chain(systems).collect()
    }

    /// With the built-in test systems.
    pub fn with_test_systems(self, built_in: BuiltIn) -> Self {
        Self {
            built_in: built_in.into_parts(),
            ..self
        }
    }

    /// Everybody on stage.
    pub fn open(
        self,
        player: &Arc<Player>,
        clock: &Arc<Clock>,
        trials: &Arc<Trials>,
        reports: Reports,
    ) -> Demo {
        Demo::new(self, player, clock, trials, reports)
    }

    /// The identity providers' key pairs, with what each changes to.
    pub fn idp_rings(&self) -> BTreeMap<String, KeyRing> {
        let parts = self.idps.iter();
        parts
            .map(|part| (part.name.clone(), part.ring.clone()))
            .collect()
    }

    /// The systems' key pairs, with what each changes to.
    pub fn system_rings(&self) -> BTreeMap<String, KeyRing> {
        let parts = self.systems.iter();
        parts
            .map(|part| (part.name.clone(), part.ring.clone()))
            .collect()
    }

    /// The demo systems, in the order of the file.
    pub fn systems(&self) -> Vec<SystemInfo> {
        self.systems.iter().map(SystemPart::info).collect()
    }

    /// The IdPs, in the order of the file.
    pub fn idps(&self) -> Vec<IdpInfo> {
        let info = |part: &IdpPart| IdpInfo {
            name: part.name.clone(),
            entity_id: part.metadata.entity_id.clone(),
            metadata: part.site.url("/metadata"),
            kind: part.persona.kind.id(),
            behaviour: ids(&part.persona),
            people: part
                .persona
                .people
                .iter()
                .map(|person| PersonInfo {
                    id: person.id.clone(),
                    traits: traits(person, Text::of(Language::Danish)),
                })
                .collect(),
        };
        self.idps.iter().map(info).collect()
    }
}

impl IdpPart {
    fn new(
        entry: &IdentityProviderEntry,
        persona: &Persona,
        addresses: &Addresses,
    ) -> Result<Self, String> {
        let site = addresses.site(Role::Idp, entry.name.get_ref());
        let entity_id = entry
            .id
            .as_ref()
            .map_or_else(|| site.url("/metadata"), |id| id.get_ref().clone());
        let nsis = entry
            .nsis_assurance_level
            .as_ref()
            .map(|level| *level.get_ref());
        let title = entry.presentation_name.clone();
        let cvr = entry
            .user_contexts
            .first()
            .map_or_else(nobody, |cvr| cvr.get_ref().clone());
        let mut ring = pki::ring(&persona.key)?;
        if persona.has(Trait::ExpiredCertificate) {
            ring.active = expired::pair(&persona.key, &title, &cvr)?;
        }
        let keys = Arc::new(RoleKeys::of(&ring.active));
        let metadata = metadata::of_idp(
            &entity_id,
            &title,
            &site,
            persona.logout,
            &keys.shown,
            (*entry.assurance_level.get_ref(), nsis),
        );
        Ok(Self {
            name: entry.name.get_ref().clone(),
            site,
            title,
            profile: *entry.oiosaml_profile.get_ref(),
            cvr,
            persona: persona.clone(),
            ring,
            keys,
            metadata,
        })
    }
}

impl SystemPart {
    pub(super) fn info(&self) -> SystemInfo {
        SystemInfo {
            name: self.name.clone(),
            entity_id: self.metadata.entity_id.clone(),
            login_url: self.site.url("/log-ind"),
            metadata: self.site.url("/metadata"),
            acs: self.site.url("/acs"),
        }
    }

    fn new(
        entry: &UserFacingSystemEntry,
        demo: &DemoSystem,
        addresses: &Addresses,
        ring: KeyRing,
    ) -> Self {
        let name = entry.name.get_ref().clone();
        let site = addresses.site(Role::System, &name);
        let entity_id = entry
            .id
            .as_ref()
            .map_or_else(|| site.url("/metadata"), |id| id.get_ref().clone());
        let title = entry
            .presentation_name
            .clone()
            .unwrap_or_else(|| name.clone());
        let keys = Arc::new(RoleKeys::of(&ring.active));
        let metadata = metadata::of_system(&entity_id, &title, &site, &keys.shown, demo);
        let nsis = entry
            .nsis_assurance_level
            .as_ref()
            .map(|level| Level::Nsis(*level.get_ref()));
        let nist = entry
            .assurance_level
            .as_ref()
            .map(|level| Level::Nist(*level.get_ref()));
        Self {
            name,
            site,
            title,
            level: nsis.or(nist),
            profile: *entry.oiosaml_profile.get_ref(),
            demo: demo.clone(),
            ring,
            keys,
            metadata,
        }
    }
}

fn ids(persona: &Persona) -> Vec<&'static str> {
    persona.all_traits().into_iter().map(Trait::id).collect()
}

/// Nobody's CVR: of an IdP without anvenderkontekst, whose answers are refused anyway, and of what belongs to the hub.
pub(super) fn nobody() -> Cvr {
    Cvr::parse("00000000").expect("eight digits")
}
