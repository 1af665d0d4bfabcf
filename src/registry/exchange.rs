//! Export and import: everything that is registered as objects of CH.json in one file, and beside it what CH.json has no
//! field for. Neither is enough alone; together they lose nothing.

use super::beside::{Beside, METADATA_ADDRESS, METADATA_FILE, OF_IDENTITY_PROVIDER, OF_SYSTEM};
use super::compile::{section_of_idp, section_of_system};
use super::content::Content;
use super::draft::Draft;
use super::guess::Guessed;
use super::object::{
    AttributeService, Body, ClientCertificate, IdentityProvider, JobFunctionRole, Object,
    OidcSystem, RoleMapping, SamlMetadata, User, UserFacingSystem, UserSystemRole, read_list,
};
use super::{Kind, Reason, Revoked};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::{Table, Value};

/// The objects, in lists that are named as CH.json's paths are.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Objects {
    /// `/IdentityProviders`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identity_providers: Vec<IdentityProvider>,
    /// `/BrugervendteSystemer`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub brugervendte_systemer: Vec<UserFacingSystem>,
    /// `/Brugersystemroller`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub brugersystemroller: Vec<UserSystemRole>,
    /// `/Jobfunktionsroller`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub jobfunktionsroller: Vec<JobFunctionRole>,
    /// The `RoleMappings` of systems that are registered elsewhere, by entityID: what federation.toml has no place for. In a
    /// file that federation.toml names, a system's short name does as well.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub role_mappings: BTreeMap<String, Vec<RoleMapping>>,
    /// `/Users`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<User>,
    /// `/AttributServices`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attribut_services: Vec<AttributeService>,
    /// `/OIDCBrugervendteSystemer`
    #[serde(
        rename = "OIDCBrugervendteSystemer",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub oidc_systems: Vec<OidcSystem>,
    /// `/ClientCertificates`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub client_certificates: Vec<ClientCertificate>,
    /// What the test CA took back. CH.json has no such objects, so they stand beside it ([`beside`]); where there is only a
    /// file of objects, they stand here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub revoked: Vec<Revoked>,
}

/// A federation as federation.toml and the files that it names.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The file.
    pub table: Table,
    /// The files, by name.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// What the file of objects is called beside federation.toml.
pub const OBJECTS_FILE: &str = "objects.json";

/// What the list of [`Revoked`] is called in a file of objects, and beside one.
const REVOKED_LIST: &str = "Revoked";
const REVOKED_SECTIONS: &str = "revoked";

impl Objects {
    /// Everything that is registered and that CH.json has objects for.
    pub fn of(content: &Content) -> Self {
        let idps = content.identity_providers.values();
        let systems = content.systems.values();
        Self {
            identity_providers: idps.map(|party| party.object.clone()).collect(),
            brugervendte_systemer: systems.map(|party| party.object.clone()).collect(),
            role_mappings: BTreeMap::new(),
            brugersystemroller: content.all().collect(),
            jobfunktionsroller: content.all().collect(),
            users: content.all().collect(),
            attribut_services: content.all().collect(),
            oidc_systems: content.all().collect(),
            client_certificates: content.all().collect(),
            revoked: Vec::new(),
        }
    }

    /// Reads such a file, or tells everything that is wrong with it.
    pub fn read(text: &str) -> Result<Self, Vec<Reason>> {
        let whole: Json =
            serde_json::from_str(text).map_err(|error| vec![Reason::both(error.to_string())])?;
        let Json::Object(mut lists) = whole else {
            return Err(vec![Reason::new(
                "skal være et objekt",
                "must be an object",
            )]);
        };
        let mut reasons = Vec::new();
        let read = Self {
            identity_providers: list(&mut lists, "IdentityProviders", &mut reasons),
            brugervendte_systemer: list(&mut lists, "BrugervendteSystemer", &mut reasons),
            brugersystemroller: list(&mut lists, "Brugersystemroller", &mut reasons),
            jobfunktionsroller: list(&mut lists, "Jobfunktionsroller", &mut reasons),
            role_mappings: mappings(&mut lists, &mut reasons),
            users: list(&mut lists, "Users", &mut reasons),
            attribut_services: list(&mut lists, "AttributServices", &mut reasons),
            oidc_systems: list(&mut lists, "OIDCBrugervendteSystemer", &mut reasons),
            client_certificates: list(&mut lists, "ClientCertificates", &mut reasons),
            revoked: list(&mut lists, REVOKED_LIST, &mut reasons),
        };
        for name in lists.keys() {
            reasons.push(Reason::new(
                format!("{name}: sådan en liste er der ikke"),
                format!("{name}: there is no such list"),
            ));
        }
        match reasons.is_empty() {
            true => Ok(read),
            false => Err(reasons),
        }
    }

    /// More of them.
    pub fn append(&mut self, more: Self) {
        self.identity_providers.extend(more.identity_providers);
        self.brugervendte_systemer
            .extend(more.brugervendte_systemer);
        self.brugersystemroller.extend(more.brugersystemroller);
        self.jobfunktionsroller.extend(more.jobfunktionsroller);
        self.role_mappings.extend(more.role_mappings);
        self.users.extend(more.users);
        self.attribut_services.extend(more.attribut_services);
        self.oidc_systems.extend(more.oidc_systems);
        self.client_certificates.extend(more.client_certificates);
        self.revoked.extend(more.revoked);
    }

    /// A party that metadata told of.
    pub fn add(&mut self, guessed: Guessed) {
        match guessed {
            Guessed::IdentityProvider(idp) => self.identity_providers.push(*idp),
            Guessed::System(system) => self.brugervendte_systemer.push(*system),
        }
    }

    /// The objects of which federation.toml holds no section.
    fn without_sections(mut self) -> Self {
        for system in &mut self.brugervendte_systemer {
            let mappings = std::mem::take(&mut system.role_mappings);
            if !mappings.is_empty() {
                self.role_mappings.insert(system.id.clone(), mappings);
            }
        }
        Self {
            identity_providers: Vec::new(),
            brugervendte_systemer: Vec::new(),
            ..self
        }
    }

    /// The objects of which the hub makes nothing at a login, each as it would be registered.
    pub(super) fn others(&self) -> Vec<Other<'_>> {
        let mut all = Vec::new();
        each(&self.brugersystemroller, &mut all);
        each(&self.jobfunktionsroller, &mut all);
        each(&self.users, &mut all);
        each(&self.attribut_services, &mut all);
        each(&self.oidc_systems, &mut all);
        each(&self.client_certificates, &mut all);
        each(&self.revoked, &mut all);
        all
    }
}

/// An object of any of these types.
pub(super) struct Other<'o> {
    pub kind: Kind,
    pub id: String,
    pub text: String,
    put: Box<Put<'o>>,
}

type Put<'o> = dyn Fn(&mut Draft<'_>) -> Result<(), Vec<Reason>> + 'o;

impl Other<'_> {
    /// Registers it, by the rules of the interface.
    pub fn put(&self, draft: &mut Draft<'_>) -> Result<(), Vec<Reason>> {
        let at = format!("{} {}: ", self.kind.as_str(), self.id);
        let put = (self.put)(draft);
        put.map_err(|reasons| {
            reasons
                .into_iter()
                .map(|reason| reason.inside(&at))
                .collect()
        })
    }
}

fn each<'o, T: Object>(objects: &'o [T], all: &mut Vec<Other<'o>>) {
    all.extend(objects.iter().map(|object| Other {
        kind: T::KIND,
        id: object.id(),
        text: serde_json::to_string(object).unwrap_or_default(),
        put: Box::new(move |draft| draft.put(object)),
    }));
}

fn list<T: Body>(lists: &mut Map<String, Json>, name: &str, reasons: &mut Vec<Reason>) -> Vec<T> {
    let Some(found) = lists.remove(name) else {
        return Vec::new();
    };
    read_list(found).unwrap_or_else(|wrong| {
        reasons.extend(wrong.into_iter().map(|reason| reason.inside(name)));
        Vec::new()
    })
}

fn mappings(
    lists: &mut Map<String, Json>,
    reasons: &mut Vec<Reason>,
) -> BTreeMap<String, Vec<RoleMapping>> {
    let Some(found) = lists.remove("RoleMappings") else {
        return BTreeMap::new();
    };
    let Json::Object(systems) = found else {
        reasons.push(Reason::new(
            "RoleMappings: skal være et objekt med systemernes id",
            "RoleMappings: must be an object with the ids of systems",
        ));
        return BTreeMap::new();
    };
    let mut all = BTreeMap::new();
    for (id, mappings) in systems {
        match read_list(mappings) {
            Ok(read) => {
                all.insert(id, read);
            }
            Err(wrong) => {
                let at = format!("RoleMappings.{id}");
                reasons.extend(wrong.into_iter().map(|reason| reason.inside(&at)));
            }
        }
    }
    all
}

/// What CH.json has no field for: `rest` (the hub, its settings, what was observed), the organisations, of each party its short
/// name and the rest of its section, and what the test CA took back.
pub fn beside(content: &Content, rest: &Table) -> Written {
    let mut table = rest.clone();
    let mut files = BTreeMap::new();
    put_organisations(content, &mut table);
    let mut part = |id: &str, beside: &Beside| {
        let mut section = Table::new();
        section.insert("name".to_owned(), Value::String(beside.name.clone()));
        section.insert("id".to_owned(), Value::String(id.to_owned()));
        section.extend(beside.rest.clone());
        files.extend(
            beside
                .files
                .iter()
                .map(|(name, bytes)| (name.clone(), bytes.to_vec())),
        );
        Value::Table(section)
    };
    let idps = content.identity_providers.iter();
    let idps: Vec<Value> = idps.map(|(id, party)| part(id, &party.beside)).collect();
    let systems = content.systems.iter();
    let systems: Vec<Value> = systems.map(|(id, party)| part(id, &party.beside)).collect();
    put_list(&mut table, "identity_provider", idps);
    put_list(&mut table, "user_facing_system", systems);
    let revoked = content.revoked().map(Value::try_from);
    put_list(&mut table, REVOKED_SECTIONS, revoked.flatten().collect());
    Written { table, files }
}

/// Whatever is registered, as federation.toml: the parties as sections with their metadata in files, and what it has no
/// sections for as objects in [`OBJECTS_FILE`].
pub fn federation(content: &Content, rest: &Table) -> Written {
    let mut table = rest.clone();
    let mut files = BTreeMap::new();
    put_organisations(content, &mut table);
    let mut section =
        |mut section: Table, beside: &Beside, metadata: &SamlMetadata, folder: &str| {
            files.extend(
                beside
                    .files
                    .iter()
                    .map(|(name, bytes)| (name.clone(), bytes.to_vec())),
            );
            match metadata {
                // What is invented shows its metadata itself.
                SamlMetadata::Address(_) if beside.is_invented() => {
                    section.remove("id");
                }
                SamlMetadata::Address(address) => {
                    section.insert(METADATA_ADDRESS.to_owned(), Value::String(address.clone()));
                }
                SamlMetadata::Document(document) => {
                    let named = section.get(METADATA_FILE).and_then(Value::as_str);
                    let default = || format!("{folder}/{}.xml", beside.name);
                    let file = named.map_or_else(default, str::to_owned);
                    files.insert(file.clone(), document.to_vec());
                    section.insert(METADATA_FILE.to_owned(), Value::String(file));
                }
            }
            Value::Table(section)
        };
    let idps = content.identity_providers.values().map(|party| {
        let written = section_of_idp(&party.object, &party.beside);
        section(written, &party.beside, &party.object.saml_metadata, "idp")
    });
    let idps: Vec<Value> = idps.collect();
    let systems = content.systems.values().map(|party| {
        let written = section_of_system(&party.object, &party.beside);
        section(
            written,
            &party.beside,
            &party.object.saml_metadata,
            "system",
        )
    });
    let systems: Vec<Value> = systems.collect();
    put_list(&mut table, "identity_provider", idps);
    put_list(&mut table, "user_facing_system", systems);
    let others = Objects {
        revoked: content.revoked().collect(),
        ..Objects::of(content).without_sections()
    };
    if others == Objects::default() {
        table.remove("objects");
    } else {
        let text = serde_json::to_string_pretty(&others).unwrap_or_default();
        files.insert(OBJECTS_FILE.to_owned(), format!("{text}\n").into_bytes());
        // A key of the file itself must stand before its sections.
        let sections = std::mem::take(&mut table);
        table.insert("objects".to_owned(), Value::String(OBJECTS_FILE.to_owned()));
        table.extend(sections.into_iter().filter(|(key, _)| key != "objects"));
    }
    Written { table, files }
}

/// Objects, and what stands beside them, as federation.toml would have them.
pub fn joined(objects: &Objects, mut side: Table, files: &BTreeMap<String, Arc<[u8]>>) -> Joined {
    let mut reasons = Vec::new();
    let mut sections = |kind: &str| -> BTreeMap<String, Table> {
        let list = side.remove(kind);
        let list = list
            .as_ref()
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let known = list.filter_map(Value::as_table).filter_map(|section| {
            let id = section.get("id").and_then(Value::as_str)?;
            Some((id.to_owned(), section.clone()))
        });
        known.collect()
    };
    let (mut idps, mut systems) = (
        sections("identity_provider"),
        sections("user_facing_system"),
    );
    let read = |name: &str| files.get(name).map(|bytes| bytes.to_vec());
    let of = |sections: &mut BTreeMap<String, Table>, id: &str, held: &[&str]| {
        sections
            .remove(id)
            .map(|section| Beside::of(&section, held, &read))
    };
    let identity_providers = objects.identity_providers.iter().map(|object| {
        let beside = of(&mut idps, &object.id, &OF_IDENTITY_PROVIDER);
        (object.clone(), beside)
    });
    let identity_providers = identity_providers.collect();
    let brugervendte = objects.brugervendte_systemer.iter().map(|object| {
        let beside = of(&mut systems, &object.id, &OF_SYSTEM);
        (object.clone(), beside)
    });
    let systems_joined = brugervendte.collect();
    for id in idps.keys().chain(systems.keys()) {
        reasons.push(Reason::new(
            format!("{id}: står ved siden af, og objektet mangler"),
            format!("{id}: stands beside, and its object is missing"),
        ));
    }
    let revoked = side.remove(REVOKED_SECTIONS).map(|list| {
        let list = serde_json::to_value(list).unwrap_or_default();
        read_list(list).unwrap_or_else(|wrong| {
            let wrong = wrong.into_iter();
            reasons.extend(wrong.map(|reason| reason.inside(REVOKED_SECTIONS)));
            Vec::new()
        })
    });
    Joined {
        identity_providers,
        systems: systems_joined,
        revoked: revoked.unwrap_or_default(),
        rest: side,
        reasons,
    }
}

/// Parties with what stands beside them, and the rest of the file.
#[derive(Debug)]
pub struct Joined {
    /// Identity providers.
    pub identity_providers: Vec<(IdentityProvider, Option<Beside>)>,
    /// Systems.
    pub systems: Vec<(UserFacingSystem, Option<Beside>)>,
    /// What the test CA took back.
    pub revoked: Vec<Revoked>,
    /// The hub, its settings, organisations.
    pub rest: Table,
    /// What does not go together.
    pub reasons: Vec<Reason>,
}

fn put_organisations(content: &Content, table: &mut Table) {
    let organisations = content.organisations.iter().map(|(cvr, organisation)| {
        let mut section = Table::new();
        section.insert("cvr".to_owned(), Value::String(cvr.as_str().to_owned()));
        section.insert("name".to_owned(), Value::String(organisation.name.clone()));
        if !organisation.email_domains.is_empty() {
            let domains = organisation
                .email_domains
                .iter()
                .cloned()
                .map(Value::String);
            section.insert("email_domains".to_owned(), Value::Array(domains.collect()));
        }
        Value::Table(section)
    });
    put_list(table, "organisation", organisations.collect());
}

fn put_list(table: &mut Table, key: &str, list: Vec<Value>) {
    table.remove(key);
    if !list.is_empty() {
        table.insert(key.to_owned(), Value::Array(list));
    }
}
