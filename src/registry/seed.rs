//! federation.toml as a source of what is registered.
//!
//! The file is read at every start and whenever it changes. What was changed in it since it was taken over the last time
//! is taken over now; what was changed through the interface or the pages meanwhile stays. So both can be used beside each
//! other, and a section that nobody edited never undoes anything.

use super::beside::{
    Beside, INVENTED, METADATA_ADDRESS, METADATA_FILE, OF_IDENTITY_PROVIDER, OF_SYSTEM,
};
use super::content::{IdentityProvider, Party, UserFacingSystem};
use super::draft::Draft;
use super::exchange::Objects;
use super::object::{self, SamlMetadata, StepUp, UserContext};
use super::{Kind, Reason, shape};
use crate::config::{File, IdentityProviderEntry, UserFacingSystemEntry};
use crate::hub::federation::Organisation;
use crate::hub::{self, Federation};
use crate::oiosaml::Cvr;
use openssl::sha::sha256;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::{Spanned, Table, Value};

/// What a file registers.
#[derive(Debug, Default)]
pub struct Seed {
    identity_providers: Vec<(IdentityProvider, String)>,
    systems: Vec<(UserFacingSystem, String)>,
    organisations: Vec<(Cvr, Organisation, String)>,
    objects: Objects,
    /// What is wrong with the file of objects.
    reasons: Vec<Reason>,
}

/// A file that was read, and what it says.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// Its text.
    pub text: &'a str,
    /// The same as sections.
    pub file: &'a File,
    /// What the hub makes of it.
    pub federation: &'a Federation,
    /// Reads the files that it names.
    pub read: &'a dyn Fn(&str) -> Option<Vec<u8>>,
    /// Where invented parties show their metadata, by short name.
    pub addresses: &'a BTreeMap<String, String>,
}

impl Seed {
    /// Of a file that has been read without fatal problems. A party that was left out stays registered, and is not served.
    pub fn of(source: Source<'_>) -> Self {
        // It was read as TOML before, with places; here it is needed as it is written.
        let whole: Table = source.text.parse().unwrap_or_default();
        let sections = |kind: &str| -> Vec<Table> {
            let list = whole.get(kind).and_then(Value::as_array);
            let list = list.into_iter().flatten().filter_map(Value::as_table);
            list.cloned().collect()
        };
        let idps = source.file.identity_providers.iter().map(Spanned::get_ref);
        let idps = sections("identity_provider").into_iter().zip(idps);
        let systems = source.file.user_facing_systems.iter().map(Spanned::get_ref);
        let systems = sections("user_facing_system").into_iter().zip(systems);
        let organisations = source.file.organisations.iter().map(|entry| {
            let organisation = Organisation {
                name: entry.name.clone(),
                email_domains: entry.email_domains.clone(),
            };
            let text = json!([entry.name, entry.email_domains]).to_string();
            (entry.cvr.get_ref().clone(), organisation, text)
        });
        let (objects, reasons) = match source.objects() {
            Ok(objects) => (objects, Vec::new()),
            Err(reasons) => (Objects::default(), reasons),
        };
        Self {
            objects,
            reasons,
            identity_providers: idps
                .filter_map(|(section, entry)| source.idp(&section, entry))
                .collect(),
            systems: systems
                .filter_map(|(section, entry)| source.system(&section, entry))
                .collect(),
            organisations: organisations.collect(),
        }
    }
}

impl Source<'_> {
    fn objects(&self) -> Result<Objects, Vec<Reason>> {
        let Some(name) = self.file.objects.as_ref().map(Spanned::get_ref) else {
            return Ok(Objects::default());
        };
        let told = |reasons: Vec<Reason>| -> Vec<Reason> {
            let at = format!("{name}: ");
            reasons
                .into_iter()
                .map(|reason| reason.inside(&at))
                .collect()
        };
        let Some(bytes) = (self.read)(name) else {
            let reason = Reason::new("filen findes ikke", "there is no such file");
            return Err(told(vec![reason]));
        };
        let mut objects = Objects::read(&String::from_utf8_lossy(&bytes)).map_err(told)?;
        self.named_by_id(&mut objects).map_err(told)?;
        let parties = objects.identity_providers.len() + objects.brugervendte_systemer.len();
        match parties {
            0 => Ok(objects),
            _ => Err(told(vec![Reason::new(
                "identity providere og brugervendte systemer har deres egne afsnit; vejviser import skriver dem",
                "identity providers and user-facing systems have sections of their own; vejviser import writes them",
            )])),
        }
    }

    /// Role mappings may be those of a system's short name: the entityID of an invented one depends on where the demo
    /// listens. From here on they are those of its entityID.
    fn named_by_id(&self, objects: &mut Objects) -> Result<(), Vec<Reason>> {
        let mut reasons = Vec::new();
        for entry in self.file.user_facing_systems.iter().map(Spanned::get_ref) {
            let name = entry.name.get_ref();
            let id = self.system_id(entry).filter(|id| id != name);
            let Some((id, mappings)) = id.zip(objects.role_mappings.remove(name)) else {
                continue;
            };
            if objects.role_mappings.contains_key(&id) {
                reasons.push(Reason::new(
                    format!("RoleMappings: {name} og {id} er samme system"),
                    format!("RoleMappings: {name} and {id} are the same system"),
                ));
            }
            objects.role_mappings.insert(id, mappings);
        }
        match reasons.is_empty() {
            true => Ok(()),
            false => Err(reasons),
        }
    }

    /// A system's entityID: as its section says, else as its metadata does. None if it was left out.
    fn system_id(&self, entry: &UserFacingSystemEntry) -> Option<String> {
        let served = || self.served(entry).map(|system| system.id.clone());
        let given = entry.id.as_ref().map(|id| id.get_ref().clone());
        given.or_else(served)
    }

    /// What the hub makes of a system.
    fn served(&self, entry: &UserFacingSystemEntry) -> Option<&hub::UserFacingSystem> {
        let mut known = self.federation.systems.iter();
        known.find(|system| system.name == *entry.name.get_ref())
    }

    fn idp(
        &self,
        section: &Table,
        entry: &IdentityProviderEntry,
    ) -> Option<(IdentityProvider, String)> {
        let name = entry.name.get_ref();
        let served = self.federation.named(name);
        let given = entry.id.as_ref().map(|id| id.get_ref().clone());
        let object = object::IdentityProvider {
            id: given.or_else(|| Some(served?.id.clone()))?,
            anvenderkontekster: contexts(entry.user_contexts.iter().map(Spanned::get_ref)),
            assurance_level: entry.assurance_level.get_ref().digit(),
            beskrivelse: entry.description.clone(),
            kender_roller: entry.knows_roles,
            mobilvenlig: entry.mobile_friendly,
            supports_scope: entry.supports_scope,
            supports_step_up: match entry.supports_step_up {
                true => StepUp::Supported,
                false => StepUp::NotSupported,
            },
            praesentationsnavn: entry.presentation_name.clone(),
            saml_metadata: self.metadata(section, name)?,
            ip_adresser: entry.ip_addresses.iter().map(ToString::to_string).collect(),
            oiosaml_profile: *entry.oiosaml_profile.get_ref(),
            nsis_assurance_level: nsis(entry.nsis_assurance_level.as_ref()),
        };
        let party = Party {
            object,
            beside: Beside::of(section, &OF_IDENTITY_PROVIDER, self.read),
            fetched: None,
            served: served.cloned(),
            notes: Vec::new(),
        };
        Some((party, self.mark(section)))
    }

    fn system(
        &self,
        section: &Table,
        entry: &UserFacingSystemEntry,
    ) -> Option<(UserFacingSystem, String)> {
        let name = entry.name.get_ref();
        let served = self.served(entry);
        let object = object::UserFacingSystem {
            id: self.system_id(entry)?,
            assurance_level: entry
                .assurance_level
                .as_ref()
                .map_or(0, |level| level.get_ref().digit()),
            attribute_profile: match section.contains_key("attribute_profile") {
                true => entry.attribute_profile.as_str().to_owned(),
                false => String::new(),
            },
            saml_metadata: self.metadata(section, name)?,
            role_mappings: Vec::new(),
            cvr: entry.cvr.get_ref().clone(),
            oiosaml_profile: *entry.oiosaml_profile.get_ref(),
            nsis_assurance_level: nsis(entry.nsis_assurance_level.as_ref()),
        };
        let party = Party {
            object,
            beside: Beside::of(section, &OF_SYSTEM, self.read),
            fetched: None,
            served: served.cloned(),
            notes: Vec::new(),
        };
        Some((party, self.mark(section)))
    }

    fn metadata(&self, section: &Table, name: &str) -> Option<SamlMetadata> {
        let of = |key: &str| section.get(key).and_then(Value::as_str);
        if let Some(address) = of(METADATA_ADDRESS) {
            return Some(SamlMetadata::Address(address.to_owned()));
        }
        if let Some(file) = of(METADATA_FILE) {
            return Some(SamlMetadata::Document((self.read)(file)?.into()));
        }
        let address = self.addresses.get(name)?;
        Some(SamlMetadata::Address(address.clone()))
    }

    /// By what a section is known again: its words, and what is in the files that it names.
    fn mark(&self, section: &Table) -> String {
        let former = section.get("rotated_out").and_then(Value::as_array);
        let named = section
            .get(METADATA_FILE)
            .into_iter()
            .chain(former.into_iter().flatten());
        let files = named.filter_map(Value::as_str).map(|name| {
            let bytes = (self.read)(name).unwrap_or_default();
            let digest = sha256(&bytes).map(|byte| format!("{byte:02x}")).concat();
            (name.to_owned(), digest)
        });
        let files: BTreeMap<String, String> = files.collect();
        json!({ "section": section.to_string(), "files": files }).to_string()
    }
}

impl Draft<'_> {
    /// Takes over what was changed in the file since the last time, and removes what is not in it any more.
    pub fn take_over(&mut self, seed: Seed) -> Result<(), Vec<Reason>> {
        if !seed.reasons.is_empty() {
            return Err(seed.reasons);
        }
        let mut marks = BTreeMap::new();
        for (cvr, organisation, mark) in seed.organisations {
            let id = cvr.as_str().to_owned();
            if self.is_new(Kind::Organisation, &id, &mark) {
                self.put_organisation(cvr, organisation);
            }
            marks.insert(key(Kind::Organisation, &id), mark);
        }
        for (mut party, mark) in seed.identity_providers {
            let id = party.object.id.clone();
            if self.is_new(Kind::IdentityProvider, &id, &mark) {
                if let Some(old) = self.content().identity_providers.get(&id).cloned() {
                    keep(&mut party, &old);
                }
                self.adopt_identity_provider(party);
            }
            marks.insert(key(Kind::IdentityProvider, &id), mark);
        }
        for (mut party, mark) in seed.systems {
            let id = party.object.id.clone();
            if self.is_new(Kind::System, &id, &mark) {
                if let Some(old) = self.content().systems.get(&id).cloned() {
                    party.object.role_mappings = old.object.role_mappings.clone();
                    if party.object.saml_metadata == old.object.saml_metadata
                        && party.served.is_none()
                    {
                        party.fetched = old.fetched.clone();
                    }
                }
                self.adopt_system(party);
            }
            marks.insert(key(Kind::System, &id), mark);
        }
        let mut reasons = Vec::new();
        for other in seed.objects.others() {
            if self.is_new(other.kind, &other.id, &other.text) {
                reasons.extend(other.put(self).err().into_iter().flatten());
            }
            marks.insert(key(other.kind, &other.id), other.text.clone());
        }
        for (id, mappings) in &seed.objects.role_mappings {
            let mark = serde_json::to_string(mappings).unwrap_or_default();
            let name = format!("{MAPPINGS} {id}");
            if self.has_other(&name, &mark) {
                let set = self.set_role_mappings(id, mappings.clone());
                reasons.extend(set.err().into_iter().flatten());
            }
            marks.insert(name, mark);
        }
        if !reasons.is_empty() {
            return Err(reasons);
        }
        self.forget_others(&marks);
        for (id, mark) in marks {
            if self
                .content()
                .others
                .get(&Kind::File)
                .and_then(|all| all.get(&id))
                .is_none_or(|old| **old != mark)
            {
                self.put_text(Kind::File, id, mark);
            }
        }
        self.unique().whole()
    }

    /// Whether a section is another one than the last time.
    fn is_new(&self, kind: Kind, id: &str, mark: &str) -> bool {
        self.has_other(&key(kind, id), mark)
    }

    fn has_other(&self, name: &str, mark: &str) -> bool {
        let marks = self.content().others.get(&Kind::File);
        marks
            .and_then(|marks| marks.get(name))
            .is_none_or(|old| **old != *mark)
    }

    /// What the file had the last time and has no more.
    fn forget_others(&mut self, marks: &BTreeMap<String, String>) {
        let known = self.content().of(Kind::File);
        let gone: Vec<String> = known
            .map(|(id, _)| id.to_owned())
            .filter(|id| !marks.contains_key(id))
            .collect();
        for mark in gone {
            if let Some((kind, id)) = mark.split_once(' ') {
                match Kind::parse(kind) {
                    Some(kind) => {
                        self.remove(kind, id);
                    }
                    // The system may be gone too.
                    None => drop(self.set_role_mappings(id, Vec::new())),
                }
            }
            self.remove(Kind::File, &mark);
        }
    }
}

/// What a mark of role mappings begins with: they are part of a system, and have a file of their own.
const MAPPINGS: &str = "role_mappings";

fn keep(party: &mut IdentityProvider, old: &Arc<IdentityProvider>) {
    if party.object.saml_metadata == old.object.saml_metadata && party.served.is_none() {
        party.fetched = old.fetched.clone();
    }
}

fn key(kind: Kind, id: &str) -> String {
    format!("{} {id}", kind.as_str())
}

fn contexts<'a>(all: impl Iterator<Item = &'a Cvr>) -> Vec<UserContext> {
    all.map(|cvr| UserContext { cvr: cvr.clone() }).collect()
}

fn nsis(level: Option<&Spanned<crate::oiosaml::Nsis>>) -> String {
    level.map_or_else(String::new, |level| shape::nsis_uri(*level.get_ref()))
}

/// Whether a section is of an invented party.
pub fn is_invented(section: &Table) -> bool {
    INVENTED.iter().any(|key| section.contains_key(*key))
}
