//! From what is registered to what the hub serves: the object and what stands beside it become a section of
//! federation.toml again, and are read by what reads such a file. So there is one rule for both.

use super::beside::{Beside, INVENTED, METADATA_FILE};
use super::object::{self, StepUp};
use super::{Reason, shape};
use crate::config::{self, Kind, Problem, Severity};
use crate::hub;
use crate::hub::Federation;
use crate::oiosaml::Nist;
use std::sync::Arc;
use time::OffsetDateTime;
use toml::{Table, Value};

/// What parties are judged with.
#[derive(Debug, Clone, Default)]
pub struct Judge {
    /// Whether keys of the shipped test PKI are as good as others.
    pub demo: bool,
    /// The hub's own entityID.
    pub own_id: String,
    /// Ids of the hub's own keys.
    pub own_keys: Vec<Arc<str>>,
}

/// What came of a section.
pub struct Compiled<S> {
    /// What the hub serves, if anything.
    pub served: Option<S>,
    /// Why it serves nothing.
    pub faults: Vec<Reason>,
    /// What else there is to say of it.
    pub notes: Vec<Reason>,
}

impl Judge {
    /// What the hub makes of an identity provider. Without metadata (`document`) only what is registered is changed, of
    /// what is `served` already.
    pub fn identity_provider(
        &self,
        object: &object::IdentityProvider,
        beside: &Beside,
        document: Option<&Arc<[u8]>>,
        served: Option<&hub::IdentityProvider>,
        now: OffsetDateTime,
    ) -> Compiled<hub::IdentityProvider> {
        let Some(document) = document else {
            return registered(served.map(|served| applied(object, beside, served)));
        };
        let section = section_of_idp(object, beside);
        let read = self.section("identity_provider", section, beside, document, now);
        read.map(|federation| federation.identity_providers.into_iter().next())
    }

    /// The same of a system.
    pub fn system(
        &self,
        object: &object::UserFacingSystem,
        beside: &Beside,
        document: Option<&Arc<[u8]>>,
        served: Option<&hub::UserFacingSystem>,
        now: OffsetDateTime,
    ) -> Compiled<hub::UserFacingSystem> {
        let Some(document) = document else {
            let changed = served.and_then(|served| {
                Some(hub::UserFacingSystem {
                    cvr: object.cvr.clone(),
                    oiosaml_profile: object.oiosaml_profile,
                    required_level: object.required_level()?,
                    attribute_profile: object.attributes(),
                    ..served.clone()
                })
            });
            return registered(changed);
        };
        let section = section_of_system(object, beside);
        let read = self.section("user_facing_system", section, beside, document, now);
        read.map(|federation| federation.systems.into_iter().next())
    }

    fn section(
        &self,
        kind: &str,
        mut section: Table,
        beside: &Beside,
        document: &Arc<[u8]>,
        now: OffsetDateTime,
    ) -> Compiled<Federation> {
        section.retain(|key, _| !INVENTED.contains(&key));
        let file = beside.metadata_file().to_owned();
        section.insert(METADATA_FILE.to_owned(), Value::String(file.clone()));
        let mut whole = Table::new();
        whole.insert(kind.to_owned(), Value::Array(vec![Value::Table(section)]));
        let text = whole.to_string();
        let mut held = beside.files.clone();
        held.insert(file, document.clone());
        let read = config::section(&text, &held, self.demo, now);
        let (faults, notes): (Vec<_>, Vec<_>) = read
            .problems
            .list
            .iter()
            .partition(|problem| problem.severity != Severity::Warning);
        Compiled {
            served: faults.is_empty().then_some(read.federation),
            faults: faults.into_iter().map(reason).collect(),
            notes: notes.into_iter().map(reason).collect(),
        }
    }
}

impl<S> Compiled<S> {
    fn map<T>(self, take: impl FnOnce(S) -> Option<T>) -> Compiled<T> {
        Compiled {
            served: self.served.and_then(take),
            faults: self.faults,
            notes: self.notes,
        }
    }
}

/// Of a party whose metadata is not there.
fn registered<S>(served: Option<S>) -> Compiled<S> {
    let notes = match served {
        Some(_) => Vec::new(),
        None => vec![Reason::new(
            "metadata er ikke hentet endnu, så hubben kender ikke parten",
            "metadata has not been fetched yet, so the hub does not know the party",
        )],
    };
    Compiled {
        served,
        faults: Vec::new(),
        notes,
    }
}

fn applied(
    object: &object::IdentityProvider,
    beside: &Beside,
    served: &hub::IdentityProvider,
) -> hub::IdentityProvider {
    let contexts = object.anvenderkontekster.iter();
    let addresses = object.ip_adresser.iter();
    hub::IdentityProvider {
        presentation_name: object.praesentationsnavn.clone(),
        description: object.beskrivelse.clone(),
        oiosaml_profile: object.oiosaml_profile,
        assurance_level: Nist::try_from(object.assurance_level).unwrap_or(served.assurance_level),
        nsis_assurance_level: shape::nsis(&object.nsis_assurance_level),
        user_contexts: contexts.map(|context| context.cvr.clone()).collect(),
        ip_addresses: addresses.filter_map(|ip| ip.parse().ok()).collect(),
        knows_roles: object.kender_roller,
        mobile_friendly: object.mobilvenlig,
        supports_scope: object.supports_scope,
        supports_step_up: object.supports_step_up == StepUp::Supported,
        replaced_by: beside.replaced_by().map(str::to_owned),
        ..served.clone()
    }
}

/// A section of federation.toml, the keys in the order of the sample federation.
pub fn section_of_idp(object: &object::IdentityProvider, beside: &Beside) -> Table {
    let mut section = Table::new();
    let mut put = |key: &str, value: Value| section.insert(key.to_owned(), value);
    put("name", text(&beside.name));
    put("id", text(&object.id));
    put("presentation_name", text(&object.praesentationsnavn));
    if !object.beskrivelse.is_empty() {
        put("description", text(&object.beskrivelse));
    }
    put("oiosaml_profile", text(object.oiosaml_profile.as_str()));
    put(
        "assurance_level",
        Value::Integer(object.assurance_level.into()),
    );
    if let Some(level) = shape::nsis(&object.nsis_assurance_level) {
        put("nsis_assurance_level", text(level.word()));
    }
    if !object.anvenderkontekster.is_empty() {
        let contexts = object.anvenderkontekster.iter();
        put(
            "user_contexts",
            list(contexts.map(|context| context.cvr.as_str())),
        );
    }
    if !object.ip_adresser.is_empty() {
        put(
            "ip_addresses",
            list(object.ip_adresser.iter().map(String::as_str)),
        );
    }
    let stepping = object.supports_step_up == StepUp::Supported;
    for (key, value) in [
        ("knows_roles", object.kender_roller),
        ("mobile_friendly", object.mobilvenlig),
        ("supports_scope", object.supports_scope),
        ("supports_step_up", stepping),
    ] {
        if value {
            put(key, Value::Boolean(true));
        }
    }
    section.extend(beside.rest.clone());
    section
}

/// The same of a system.
pub fn section_of_system(object: &object::UserFacingSystem, beside: &Beside) -> Table {
    let mut section = Table::new();
    let mut put = |key: &str, value: Value| section.insert(key.to_owned(), value);
    put("name", text(&beside.name));
    put("id", text(&object.id));
    put("cvr", text(object.cvr.as_str()));
    put("oiosaml_profile", text(object.oiosaml_profile.as_str()));
    if let Some(level) = shape::nsis(&object.nsis_assurance_level) {
        put("nsis_assurance_level", text(level.word()));
    }
    if object.assurance_level > 0 {
        put(
            "assurance_level",
            Value::Integer(object.assurance_level.into()),
        );
    }
    if !object.attribute_profile.is_empty() {
        put("attribute_profile", text(&object.attribute_profile));
    }
    section.extend(beside.rest.clone());
    section
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn list<'a>(texts: impl Iterator<Item = &'a str>) -> Value {
    Value::Array(texts.map(text).collect())
}

/// A problem of a section, as a reason.
fn reason(problem: &Problem) -> Reason {
    let titles = Kind::by_id(problem.id).map_or(("", ""), |kind| (kind.da, kind.en));
    let told = |title: &str| format!("{title}: {} ({})", problem.what, problem.help);
    Reason::new(told(titles.0), told(titles.1)).of_kind(problem.id)
}
