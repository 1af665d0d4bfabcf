//! Everything that is registered, at one moment.

use super::beside::Beside;
use super::directory::mappings;
use super::object::{self, Object};
use super::{Kind, Reason};
use crate::hub;
use crate::hub::Federation;
use crate::hub::federation::Organisation;
use crate::oiosaml::Cvr;
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::sync::Arc;
use time::OffsetDateTime;

/// A party: what is registered of it, and what the hub makes of that.
#[derive(Debug, Clone)]
pub struct Party<O, S> {
    /// The object of CH.json.
    pub object: O,
    /// What CH.json has no field for.
    pub beside: Beside,
    /// The metadata that was fetched last and is in force, where the party is registered by an address.
    pub fetched: Option<Fetched>,
    /// What the hub serves; none while nothing can be served, for example before metadata was fetched for the first time.
    pub served: Option<S>,
    /// What there is to say of it, or why it is not served.
    pub notes: Vec<Reason>,
}

/// Metadata that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The document.
    pub document: Arc<[u8]>,
    /// When it took effect.
    pub at: OffsetDateTime,
    /// The answer's `ETag`, for the next time.
    pub etag: Option<String>,
}

/// An identity provider.
pub type IdentityProvider = Party<object::IdentityProvider, hub::IdentityProvider>;
/// A user-facing system.
pub type UserFacingSystem = Party<object::UserFacingSystem, hub::UserFacingSystem>;

/// Parties by entityID in the order of registration.
pub type Parties<P> = Arc<IndexMap<String, Arc<P>>>;

/// Other objects by what they are registered under, as JSON.
pub type Others = Arc<IndexMap<String, Arc<str>>>;

/// Everything that is registered. Cheap to copy.
#[derive(Debug, Clone, Default)]
pub struct Content {
    /// Identity providers.
    pub identity_providers: Parties<IdentityProvider>,
    /// User-facing systems.
    pub systems: Parties<UserFacingSystem>,
    /// Organisations, for their names.
    pub organisations: Arc<BTreeMap<Cvr, Organisation>>,
    /// The objects of the other kinds.
    pub others: BTreeMap<Kind, Others>,
}

/// The metadata that is in force.
pub(super) fn in_force<'d>(
    metadata: &'d object::SamlMetadata,
    fetched: Option<&'d Fetched>,
) -> Option<&'d Arc<[u8]>> {
    match metadata {
        object::SamlMetadata::Document(document) => Some(document),
        object::SamlMetadata::Address(_) => fetched.map(|fetched| &fetched.document),
    }
}

/// What both kinds of parties have in common.
pub trait Registered: Send + Sync {
    /// The entityID.
    fn id(&self) -> &str;
    /// The rest of its section.
    fn beside(&self) -> &Beside;
    /// Its metadata as it is registered.
    fn registered(&self) -> &object::SamlMetadata;
    /// What was fetched last.
    fn fetched(&self) -> Option<&Fetched>;
    /// Why it is not served, or what there is to say of it.
    fn notes(&self) -> &[Reason];
    /// Whether the hub serves it.
    fn is_served(&self) -> bool;

    /// The metadata that is in force. An invented party has none that is kept.
    fn document(&self) -> Option<&Arc<[u8]>> {
        in_force(self.registered(), self.fetched())
    }
}

macro_rules! registered {
    ($object:ty, $served:ty) => {
        impl Registered for Party<$object, $served> {
            fn id(&self) -> &str {
                &self.object.id
            }
            fn beside(&self) -> &Beside {
                &self.beside
            }
            fn registered(&self) -> &object::SamlMetadata {
                &self.object.saml_metadata
            }
            fn fetched(&self) -> Option<&Fetched> {
                self.fetched.as_ref()
            }
            fn notes(&self) -> &[Reason] {
                &self.notes
            }
            fn is_served(&self) -> bool {
                self.served.is_some()
            }
        }
    };
}

registered!(object::IdentityProvider, hub::IdentityProvider);
registered!(object::UserFacingSystem, hub::UserFacingSystem);

impl Content {
    /// Of parties that were made and not registered: for tests of what stands to the right.
    pub fn served(federation: &Federation) -> Self {
        let address = |id: &str| object::SamlMetadata::Address(id.to_owned());
        let idps = federation.identity_providers.iter().map(|idp| {
            let party = Party {
                object: object::IdentityProvider::of(idp, address(&idp.id)),
                beside: Beside::named(idp.name.clone()),
                fetched: None,
                served: Some(idp.clone()),
                notes: Vec::new(),
            };
            (idp.id.clone(), Arc::new(party))
        });
        let systems = federation.systems.iter().map(|system| {
            let party = Party {
                object: object::UserFacingSystem::of(system, address(&system.id)),
                beside: Beside::named(system.name.clone()),
                fetched: None,
                served: Some(system.clone()),
                notes: Vec::new(),
            };
            (system.id.clone(), Arc::new(party))
        });
        Self {
            identity_providers: Arc::new(idps.collect()),
            systems: Arc::new(systems.collect()),
            organisations: Arc::new(federation.organisations.clone()),
            others: BTreeMap::new(),
        }
    }

    /// What the hub serves.
    pub fn federation(&self) -> Federation {
        let idps = self.identity_providers.values();
        let systems = self.systems.values();
        Federation {
            identity_providers: idps.filter_map(|party| party.served.clone()).collect(),
            systems: systems.filter_map(|party| party.served.clone()).collect(),
            test_systems: Vec::new(),
            organisations: (*self.organisations).clone(),
            directory: self.directory(),
        }
    }

    /// Puts in a system, its role mappings as the hub uses them.
    pub(super) fn put_system(&mut self, id: String, mut party: UserFacingSystem) {
        if let Some(served) = &mut party.served {
            served.role_mappings = Arc::new(mappings(&party.object.role_mappings));
        }
        Arc::make_mut(&mut self.systems).insert(id, Arc::new(party));
    }

    /// Both kinds of parties.
    pub fn parties(&self) -> impl Iterator<Item = &dyn Registered> {
        let idps = self.identity_providers.values();
        let idps = idps.map(|party| &**party as &dyn Registered);
        let systems = self.systems.values();
        idps.chain(systems.map(|party| &**party as &dyn Registered))
    }

    /// Without serving those whose metadata ended (`validUntil`) by `now`; none if there are none. They stay registered.
    pub fn expired(&self, now: OffsetDateTime) -> Option<Self> {
        let ended = |until: Option<OffsetDateTime>| until.is_some_and(|until| until <= now);
        let mut changed = self.clone();
        let mut any = false;
        for (id, party) in self.identity_providers.iter() {
            let until = party.served.as_ref().and_then(|served| served.valid_until);
            if ended(until) {
                any = true;
                let all = Arc::make_mut(&mut changed.identity_providers);
                all.insert(id.clone(), Arc::new(unserved(party, until)));
            }
        }
        for (id, party) in self.systems.iter() {
            let until = party.served.as_ref().and_then(|served| served.valid_until);
            if ended(until) {
                any = true;
                let all = Arc::make_mut(&mut changed.systems);
                all.insert(id.clone(), Arc::new(unserved(party, until)));
            }
        }
        any.then_some(changed)
    }

    /// The identifiers of one kind, in the order of registration.
    pub fn ids(&self, kind: Kind) -> Vec<&str> {
        match kind {
            Kind::IdentityProvider => self.identity_providers.keys().map(String::as_str).collect(),
            Kind::System => self.systems.keys().map(String::as_str).collect(),
            Kind::Organisation => self.organisations.keys().map(Cvr::as_str).collect(),
            other => self.of(other).map(|(id, _)| id).collect(),
        }
    }

    /// The objects of one of the other kinds: what they are registered under, and their JSON.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = (&str, &str)> {
        let all = self.others.get(&kind);
        let all = all.into_iter().flat_map(|all| all.iter());
        all.map(|(id, text)| (id.as_str(), &**text))
    }

    /// One of the other objects. What is stored was judged before; a text that cannot be read is none.
    pub fn get<T: Object>(&self, id: &str) -> Option<T> {
        let text = self.others.get(&T::KIND)?.get(id)?;
        serde_json::from_str(text).ok()
    }

    /// All of one kind.
    pub fn all<T: Object>(&self) -> impl Iterator<Item = T> {
        self.of(T::KIND)
            .filter_map(|(_, text)| serde_json::from_str(text).ok())
    }
}

fn unserved<O: Clone, S>(party: &Party<O, S>, until: Option<OffsetDateTime>) -> Party<O, S> {
    let until = until.map_or_else(String::new, |until| until.date().to_string());
    Party {
        object: party.object.clone(),
        beside: party.beside.clone(),
        fetched: party.fetched.clone(),
        served: None,
        notes: vec![Reason::new(
            format!(
                "metadata udløb {until} (validUntil), så hubben kender ikke parten længere; hent metadata igen hos den, der ejer dem"
            ),
            format!(
                "the metadata ended on {until} (validUntil), so the hub does not know the party any more; fetch it again from its owner"
            ),
        )
        .of_kind("metadata::expired")],
    }
}
