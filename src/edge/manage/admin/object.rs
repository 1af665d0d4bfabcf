//! A party of either kind: as it is registered, and as a form shows it.

use super::role::Role;
use super::typed::Typed;
use crate::edge::provisioning::tag;
use crate::registry::beside::Beside;
use crate::registry::object::{
    IdentityProvider, MAX_METADATA, SamlMetadata, StepUp, UserFacingSystem, read,
};
use crate::registry::{Content, Draft, Fetched, Reason, Registered};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use toml::Value;

/// The object of CH.json.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// An identity provider.
    IdentityProvider(IdentityProvider),
    /// A user-facing system.
    System(UserFacingSystem),
}

/// A party that is registered.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its object.
    pub object: Object,
    /// What CH.json has no field for.
    pub beside: Beside,
    /// What was fetched last.
    pub fetched: Option<Fetched>,
    /// The metadata in force.
    pub document: Option<Arc<[u8]>>,
}

impl Object {
    /// What a form says, judged field by field; everything that is wrong with it at once. Metadata is not in the form.
    pub fn of(role: Role, id: &str, typed: &Typed) -> Result<Self, Vec<Reason>> {
        // Metadata has its own way; here it only has to be something.
        let metadata = json!({ "MetadataUrl": "-" });
        match role {
            Role::IdentityProvider => {
                let contexts = typed.items("contexts").into_iter();
                let contexts: Vec<Json> = contexts.map(|cvr| json!({ "Cvr": cvr })).collect();
                let stepping = match typed.has("stepup") {
                    true => "SUPPORTED",
                    false => "NOT_SUPPORTED",
                };
                read(json!({
                    "Id": id,
                    "Anvenderkontekster": contexts,
                    "AssuranceLevel": number(typed.get("level")),
                    "Beskrivelse": typed.get("description"),
                    "KenderRoller": typed.has("roles"),
                    "Mobilvenlig": typed.has("mobile"),
                    "SupportsScope": typed.has("scope"),
                    "SupportsStepUp": stepping,
                    "Praesentationsnavn": typed.get("title"),
                    "SamlMetadata": metadata,
                    "IpAdresser": typed.items("addresses"),
                    "OIOSAMLProfile": typed.get("profile"),
                    "NSISAssuranceLevel": typed.get("nsis"),
                }))
                .map(Self::IdentityProvider)
            }
            Role::System => read(json!({
                "Id": id,
                "AssuranceLevel": number(typed.get("level")),
                "AttributeProfile": typed.get("attributes"),
                "SamlMetadata": metadata,
                "Cvr": typed.get("cvr"),
                "OIOSAMLProfile": typed.get("profile"),
                "NSISAssuranceLevel": typed.get("nsis"),
            }))
            .map(Self::System),
        }
    }

    /// The same with what a form does not show: this metadata, and the role mappings that it has. Where the profile of a
    /// system is switched and nothing is said of its level, that goes along by the published table.
    pub fn completed(self, metadata: SamlMetadata, known: Option<&Known>) -> Self {
        match (self, known.map(|known| &known.object)) {
            (Self::IdentityProvider(idp), _) => Self::IdentityProvider(IdentityProvider {
                saml_metadata: metadata,
                ..idp
            }),
            (Self::System(mut system), Some(Self::System(known))) => {
                let level =
                    |of: &UserFacingSystem| (of.assurance_level, of.nsis_assurance_level.clone());
                if level(&system) == level(known) {
                    let mut switched = known.clone();
                    switched.switch_to(system.oiosaml_profile);
                    (system.assurance_level, system.nsis_assurance_level) = level(&switched);
                }
                if system.attributes() == known.attributes() {
                    system
                        .attribute_profile
                        .clone_from(&known.attribute_profile);
                }
                system.role_mappings = known.role_mappings.clone();
                system.saml_metadata = metadata;
                Self::System(system)
            }
            (Self::System(system), _) => Self::System(UserFacingSystem {
                saml_metadata: metadata,
                ..system
            }),
        }
    }

    /// The entityID.
    pub fn id(&self) -> &str {
        match self {
            Self::IdentityProvider(idp) => &idp.id,
            Self::System(system) => &system.id,
        }
    }

    /// Its metadata as it is registered.
    pub fn metadata(&self) -> &SamlMetadata {
        match self {
            Self::IdentityProvider(idp) => &idp.saml_metadata,
            Self::System(system) => &system.saml_metadata,
        }
    }

    /// As CH.json writes it.
    pub fn json(&self) -> Json {
        let json = match self {
            Self::IdentityProvider(idp) => serde_json::to_value(idp),
            Self::System(system) => serde_json::to_value(system),
        };
        json.unwrap_or_default()
    }

    /// Registers it.
    pub fn put(
        self,
        draft: &mut Draft<'_>,
        beside: Beside,
        fetched: Option<Fetched>,
    ) -> Result<(), Vec<Reason>> {
        match self {
            Self::IdentityProvider(idp) => draft.put_identity_provider(idp, Some(beside), fetched),
            Self::System(system) => draft.put_system(system, Some(beside), fetched),
        }
    }

    /// Fills a form.
    pub fn fill(&self, typed: &mut Typed) {
        match self {
            Self::IdentityProvider(idp) => {
                let contexts = idp.anvenderkontekster.iter();
                let contexts: Vec<&str> = contexts.map(|context| context.cvr.as_str()).collect();
                typed.set("title", &idp.praesentationsnavn);
                typed.set("description", &idp.beskrivelse);
                typed.set("profile", idp.oiosaml_profile.as_str());
                typed.set("level", idp.assurance_level.to_string());
                typed.set("nsis", &idp.nsis_assurance_level);
                typed.set("contexts", contexts.join("\n"));
                typed.set("addresses", idp.ip_adresser.join("\n"));
                typed.tick("roles", idp.kender_roller);
                typed.tick("mobile", idp.mobilvenlig);
                typed.tick("scope", idp.supports_scope);
                typed.tick("stepup", idp.supports_step_up == StepUp::Supported);
            }
            Self::System(system) => {
                typed.set("cvr", system.cvr.as_str());
                typed.set("profile", system.oiosaml_profile.as_str());
                typed.set("level", system.assurance_level.to_string());
                typed.set("nsis", &system.nsis_assurance_level);
                typed.set("attributes", system.attributes().as_str());
            }
        }
    }
}

/// An empty field is no number; what is none is told by the shape.
fn number(text: &str) -> Json {
    match text {
        "" => Json::Null,
        text => text.parse::<u8>().map_or_else(|_| text.into(), Json::from),
    }
}

impl Known {
    /// The party of this short name.
    pub fn named(content: &Content, role: Role, name: &str) -> Option<Self> {
        Self::find(content, role, |party| party.beside().name == name)
    }

    /// The party of this entityID.
    pub fn of(content: &Content, role: Role, id: &str) -> Option<Self> {
        Self::find(content, role, |party| party.id() == id)
    }

    fn find(content: &Content, role: Role, fits: impl Fn(&dyn Registered) -> bool) -> Option<Self> {
        match role {
            Role::IdentityProvider => {
                let mut all = content.identity_providers.values();
                let party = all.find(|party| fits(&***party))?;
                let object = Object::IdentityProvider(party.object.clone());
                Some(Self::made(object, &**party))
            }
            Role::System => {
                let mut all = content.systems.values();
                let party = all.find(|party| fits(&***party))?;
                Some(Self::made(Object::System(party.object.clone()), &**party))
            }
        }
    }

    fn made(object: Object, party: &dyn Registered) -> Self {
        Self {
            object,
            beside: party.beside().clone(),
            fetched: party.fetched().cloned(),
            document: party.document().cloned(),
        }
    }

    /// By what a form knows whether it still is what was shown: the object, and what stands beside it.
    pub fn tag(&self) -> String {
        let (name, rest) = (&self.beside.name, self.beside.rest.to_string());
        tag(&(self.object.json(), name, rest))
    }

    /// Fills a form.
    pub fn fill(&self, typed: &mut Typed) {
        self.object.fill(typed);
        typed.set("name", &self.beside.name);
        typed.set("tag", self.tag());
        if let SamlMetadata::Address(address) = self.object.metadata() {
            typed.set("url", address);
        }
        for (field, key) in BESIDE {
            if let Some(value) = self.beside.rest.get(key) {
                let text = value.as_str().map(str::to_owned);
                typed.set(field, text.unwrap_or_else(|| value.to_string()));
            }
        }
        if typed.get("generation").is_empty() {
            typed.set("generation", "2");
        }
    }
}

/// Fields of the form that CH.json does not have, and their keys in federation.toml.
const BESIDE: [(&str, &str); 4] = [
    ("replaced_by", "replaced_by"),
    ("title", "presentation_name"),
    ("generation", "generation"),
    ("generation_from", "generation_2_from"),
];

/// What a form says of what stands beside an object. The rest of it stays.
pub fn beside(role: Role, typed: &Typed, known: Option<&Known>) -> Result<Beside, Vec<Reason>> {
    let old = known.map(|known| known.beside.clone());
    let mut beside = old.unwrap_or_else(|| Beside::named(typed.get("name").to_owned()));
    let mut set = |key: &str, value: Option<Value>| match value {
        Some(value) => drop(beside.rest.insert(key.to_owned(), value)),
        None => drop(beside.rest.remove(key)),
    };
    let text = |field: &str| {
        let text = typed.get(field);
        (!text.is_empty()).then(|| Value::String(text.to_owned()))
    };
    if role.is_idp() {
        set("replaced_by", text("replaced_by"));
        return Ok(beside);
    }
    set("presentation_name", text("title"));
    let one = typed.is("generation", "1");
    let stated = known.is_some_and(|known| known.beside.rest.contains_key("generation"));
    let generation = (one || stated).then_some(Value::Integer(if one { 1 } else { 2 }));
    set("generation", generation);
    let date = typed.get("generation_from");
    let date = match date.is_empty() || !one {
        true => None,
        false => Some(date.parse().map(Value::Datetime).map_err(|_| {
            vec![Reason::new(
                format!("Generation 2 fra: {date} er ikke en dato (2027-03-01)"),
                format!("Generation 2 from: {date} is no date (2027-03-01)"),
            )]
        })?),
    };
    set("generation_2_from", date);
    Ok(beside)
}

/// A document that is too large to be registered.
pub fn too_large(bytes: &[u8]) -> Option<Reason> {
    let size = bytes.len();
    (size > MAX_METADATA).then(|| {
        Reason::new(
            format!(
                "SamlMetadata: {size} bytes er mere end de {MAX_METADATA}, der kan registreres"
            ),
            format!(
                "SamlMetadata: {size} bytes are more than the {MAX_METADATA} that can be registered"
            ),
        )
    })
}
