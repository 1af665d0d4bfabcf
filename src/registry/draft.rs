//! A change of what is registered: judged whole, then stored, then served.

use super::beside::{Beside, name_for};
use super::compile::Judge;
use super::content::{
    Content, Fetched, IdentityProvider, Party, Registered, UserFacingSystem, in_force,
};
use super::exchange::Objects;
use super::object::{self, Object, RoleMapping, SamlMetadata};
use super::unique::{Unique, system_keys};
use super::{Kind, Reason, rows};
use crate::config::BUILT_IN;
use crate::hub::federation::Organisation;
use crate::oiosaml::Cvr;
use crate::store::records::Write;
use indexmap::IndexMap;
use std::collections::BTreeSet;
use std::sync::Arc;
use time::OffsetDateTime;

/// What is registered, being changed.
#[derive(Debug)]
pub struct Draft<'a> {
    content: Content,
    touched: BTreeSet<(Kind, String)>,
    judge: &'a Judge,
    now: OffsetDateTime,
    refused: Option<(String, Vec<Reason>)>,
}

/// Why a change is not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Everything that is wrong with it.
    Invalid(Vec<Reason>),
    /// There is nothing of this id.
    NotFound(Reason),
    /// Somebody else changed it first, or it is there already.
    Conflict(Reason),
    /// Something outside did not answer.
    Unavailable(Vec<Reason>),
    /// The store did not take it.
    Store(String),
}

impl From<Vec<Reason>> for Refusal {
    fn from(reasons: Vec<Reason>) -> Self {
        Self::Invalid(reasons)
    }
}

impl<'a> Draft<'a> {
    /// Of what is registered, at a moment.
    pub fn new(content: Content, judge: &'a Judge, now: OffsetDateTime) -> Self {
        Self {
            content,
            touched: BTreeSet::new(),
            judge,
            now,
            refused: None,
        }
    }

    /// The party that was not registered, by its entityID, and everything that is wrong with it.
    pub fn refused(self) -> Option<(String, Vec<Reason>)> {
        self.refused
    }

    /// As it stands so far.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The moment of the change.
    pub fn now(&self) -> OffsetDateTime {
        self.now
    }

    /// Registers an identity provider, or changes it. What is not given stays: what stands beside the object, and what was
    /// fetched from an address that is still the same.
    pub fn put_identity_provider(
        &mut self,
        object: object::IdentityProvider,
        beside: Option<Beside>,
        fetched: Option<Fetched>,
    ) -> Result<(), Vec<Reason>> {
        let old = self.content.identity_providers.get(&object.id).cloned();
        let old_party = old.as_deref().map(|old| old as &dyn Registered);
        let beside = self.beside(beside, old_party, &object.praesentationsnavn);
        let fetched = kept(fetched, old_party, &object.saml_metadata);
        // What was read from the same metadata, where that is not kept: of invented parties.
        let same = old
            .as_ref()
            .filter(|old| old.object.saml_metadata == object.saml_metadata);
        let served = same.and_then(|old| old.served.as_ref());
        let compiled = {
            let document = in_force(&object.saml_metadata, fetched.as_ref());
            let judge = self.judge;
            judge.identity_provider(&object, &beside, document, served, self.now)
        };
        let mut reasons = compiled.faults;
        self.unique()
            .party(Kind::IdentityProvider, &object.id, &beside, &mut reasons);
        if let Some(served) = &compiled.served {
            self.unique()
                .keys(&beside.name, served.signing_keys.iter(), &mut reasons);
        }
        if let Some(by) = beside.replaced_by() {
            let mut known = self.content.identity_providers.values();
            if by == beside.name || !known.any(|party| party.beside.name == by) {
                reasons.push(Reason::new(
                    format!(
                        "replaced_by: der er ingen anden identity provider med kortnavnet {by}"
                    ),
                    format!(
                        "replaced_by: there is no other identity provider with the short name {by}"
                    ),
                ));
            }
        }
        let id = object.id.clone();
        if !reasons.is_empty() {
            self.refused = Some((id, reasons.clone()));
            return Err(reasons);
        }
        let party = Party {
            object,
            beside,
            fetched,
            served: compiled.served,
            notes: compiled.notes,
        };
        Arc::make_mut(&mut self.content.identity_providers).insert(id.clone(), Arc::new(party));
        self.touched.insert((Kind::IdentityProvider, id));
        Ok(())
    }

    /// Registers a system, or changes it; what is not given stays.
    pub fn put_system(
        &mut self,
        object: object::UserFacingSystem,
        beside: Option<Beside>,
        fetched: Option<Fetched>,
    ) -> Result<(), Vec<Reason>> {
        let old = self.content.systems.get(&object.id).cloned();
        let old_party = old.as_deref().map(|old| old as &dyn Registered);
        let beside = self.beside(beside, old_party, host_of(&object.id));
        let fetched = kept(fetched, old_party, &object.saml_metadata);
        // What was read from the same metadata, where that is not kept: of invented parties.
        let same = old
            .as_ref()
            .filter(|old| old.object.saml_metadata == object.saml_metadata);
        let served = same.and_then(|old| old.served.as_ref());
        let compiled = {
            let document = in_force(&object.saml_metadata, fetched.as_ref());
            self.judge
                .system(&object, &beside, document, served, self.now)
        };
        let mut reasons = compiled.faults;
        object::Body::contradictions(&object, &mut reasons);
        object.fits(&self.content, self.judge, &mut reasons);
        self.unique()
            .party(Kind::System, &object.id, &beside, &mut reasons);
        if let Some(served) = &compiled.served {
            self.unique()
                .keys(&beside.name, system_keys(served), &mut reasons);
        }
        let id = object.id.clone();
        if !reasons.is_empty() {
            self.refused = Some((id, reasons.clone()));
            return Err(reasons);
        }
        let party = Party {
            object,
            beside,
            fetched,
            served: compiled.served,
            notes: compiled.notes,
        };
        self.content.put_system(id.clone(), party);
        self.touched.insert((Kind::System, id));
        Ok(())
    }

    /// Puts in a section of a file that was read as a whole. One that cannot be served is registered all the same, and says
    /// why.
    pub(super) fn adopt_identity_provider(&mut self, mut party: IdentityProvider) {
        if party.served.is_none() {
            let document = in_force(&party.object.saml_metadata, party.fetched.as_ref());
            let compiled = self.judge.identity_provider(
                &party.object,
                &party.beside,
                document,
                None,
                self.now,
            );
            party.served = compiled.served;
            party.notes = [compiled.faults, compiled.notes].concat();
        }
        let id = party.object.id.clone();
        Arc::make_mut(&mut self.content.identity_providers).insert(id.clone(), Arc::new(party));
        self.touched.insert((Kind::IdentityProvider, id));
    }

    /// The same of a system.
    pub(super) fn adopt_system(&mut self, mut party: UserFacingSystem) {
        if party.served.is_none() {
            let document = in_force(&party.object.saml_metadata, party.fetched.as_ref());
            let compiled =
                self.judge
                    .system(&party.object, &party.beside, document, None, self.now);
            party.served = compiled.served;
            party.notes = [compiled.faults, compiled.notes].concat();
        }
        let id = party.object.id.clone();
        self.content.put_system(id.clone(), party);
        self.touched.insert((Kind::System, id));
    }

    /// Sets what job function roles become at a system.
    pub(super) fn set_role_mappings(
        &mut self,
        id: &str,
        mappings: Vec<RoleMapping>,
    ) -> Result<(), Vec<Reason>> {
        let Some(party) = self.content.systems.get(id) else {
            return Err(vec![Reason::new(
                format!("RoleMappings: der er intet system {id}"),
                format!("RoleMappings: there is no system {id}"),
            )]);
        };
        let mut party = (**party).clone();
        party.object.role_mappings = mappings;
        let mut reasons = Vec::new();
        party.object.fits(&self.content, self.judge, &mut reasons);
        if !reasons.is_empty() {
            let at = format!("RoleMappings {id}: ");
            return Err(reasons
                .into_iter()
                .map(|reason| reason.inside(&at))
                .collect());
        }
        self.content.put_system(id.to_owned(), party);
        self.touched.insert((Kind::System, id.to_owned()));
        Ok(())
    }

    /// Registers an object of another kind, or changes it.
    pub fn put<T: Object>(&mut self, object: &T) -> Result<(), Vec<Reason>> {
        let text =
            serde_json::to_string(object).map_err(|error| vec![Reason::both(error.to_string())])?;
        let id = object.id();
        let mut reasons = Vec::new();
        object.fits(&self.content, self.judge, &mut reasons);
        if T::KIND == Kind::AttributeService {
            self.unique().id(T::KIND, &id, &mut reasons);
        }
        if !reasons.is_empty() {
            return Err(reasons);
        }
        self.put_text(T::KIND, id, text);
        Ok(())
    }

    /// The same as text.
    pub(super) fn put_text(&mut self, kind: Kind, id: String, text: String) {
        let all = self.content.others.entry(kind).or_default();
        Arc::make_mut(all).insert(id.clone(), text.into());
        self.touched.insert((kind, id));
    }

    /// Registers everything else that a file of objects holds, or tells everything that is wrong with it.
    pub fn put_others(&mut self, objects: &Objects) -> Result<(), Vec<Reason>> {
        let mut reasons = Vec::new();
        for other in objects.others() {
            reasons.extend(other.put(self).err().into_iter().flatten());
        }
        for (id, mappings) in &objects.role_mappings {
            let set = self.set_role_mappings(id, mappings.clone());
            reasons.extend(set.err().into_iter().flatten());
        }
        match reasons.is_empty() {
            true => Ok(()),
            false => Err(reasons),
        }
    }

    /// Registers an organisation's name.
    pub fn put_organisation(&mut self, cvr: Cvr, organisation: Organisation) {
        let id = cvr.as_str().to_owned();
        Arc::make_mut(&mut self.content.organisations).insert(cvr, organisation);
        self.touched.insert((Kind::Organisation, id));
    }

    /// Removes something. Whether it was there.
    pub fn remove(&mut self, kind: Kind, id: &str) -> bool {
        let removed = match kind {
            Kind::IdentityProvider => {
                let all = Arc::make_mut(&mut self.content.identity_providers);
                let gone = all.shift_remove(id);
                if let Some(gone) = &gone {
                    self.forget_successor(&gone.beside.name);
                }
                gone.is_some()
            }
            Kind::System => {
                let all = Arc::make_mut(&mut self.content.systems);
                all.shift_remove(id).is_some()
            }
            Kind::Organisation => Cvr::parse(id).is_some_and(|cvr| {
                Arc::make_mut(&mut self.content.organisations)
                    .remove(&cvr)
                    .is_some()
            }),
            other => self.content.others.get_mut(&other).is_some_and(|all| {
                all.contains_key(id) && Arc::make_mut(all).shift_remove(id).is_some()
            }),
        };
        if removed {
            self.touched.insert((kind, id.to_owned()));
        }
        removed
    }

    /// Nobody is replaced by somebody who is not there.
    fn forget_successor(&mut self, name: &str) {
        let all = self.content.identity_providers.iter();
        let naming = all.filter(|(_, party)| party.beside.replaced_by() == Some(name));
        let naming: Vec<_> = naming
            .map(|(id, party)| (id.clone(), (**party).clone()))
            .collect();
        for (id, mut party) in naming {
            party.beside.rest.remove("replaced_by");
            if let Some(served) = &mut party.served {
                served.replaced_by = None;
            }
            Arc::make_mut(&mut self.content.identity_providers).insert(id.clone(), Arc::new(party));
            self.touched.insert((Kind::IdentityProvider, id));
        }
    }

    /// Removes those of one of the other kinds that are not kept, in one pass: there may be many.
    pub fn retain(&mut self, kind: Kind, keep: impl Fn(&str) -> bool) {
        let Some(all) = self.content.others.get_mut(&kind) else {
            return;
        };
        let touched = &mut self.touched;
        Arc::make_mut(all).retain(|id, _| {
            let kept = keep(id);
            if !kept {
                touched.insert((kind, id.clone()));
            }
            kept
        });
    }

    /// What is registered now, and what must be stored.
    pub fn finish(self) -> (Content, Vec<Write>) {
        let mut touched: Vec<_> = self.touched.into_iter().collect();
        // A set knows no order, and new parties are listed in the order in which they came.
        touched.sort_by_key(|(kind, id)| (*kind, position(&self.content, *kind, id)));
        let writes = touched.into_iter().map(|(kind, id)| Write {
            body: rows::body(&self.content, kind, &id),
            kind: kind.as_str().to_owned(),
            id,
        });
        let writes = writes.collect();
        (self.content, writes)
    }

    /// What must be one party's.
    pub(super) fn unique(&self) -> Unique<'_> {
        Unique {
            content: &self.content,
            judge: self.judge,
        }
    }

    fn beside(&self, given: Option<Beside>, old: Option<&dyn Registered>, title: &str) -> Beside {
        given
            .or_else(|| old.map(|old| old.beside().clone()))
            .unwrap_or_else(|| Beside::named(name_for(title, &|name| self.is_taken(name))))
    }

    /// Whether a short name is somebody's. The hub's own and those of the built-in test systems are never free.
    fn is_taken(&self, name: &str) -> bool {
        name == "hub"
            || BUILT_IN.contains(&name)
            || self
                .content
                .parties()
                .any(|party| party.beside().name == name)
    }
}

fn position(content: &Content, kind: Kind, id: &str) -> Option<usize> {
    let index = |all: &IndexMap<String, Arc<str>>| all.get_index_of(id);
    match kind {
        Kind::IdentityProvider => content.identity_providers.get_index_of(id),
        Kind::System => content.systems.get_index_of(id),
        Kind::Organisation => None,
        other => content.others.get(&other).and_then(|all| index(all)),
    }
}

/// What was fetched stays in force as long as the address is the same.
fn kept(
    fetched: Option<Fetched>,
    old: Option<&dyn Registered>,
    metadata: &SamlMetadata,
) -> Option<Fetched> {
    if matches!(metadata, SamlMetadata::Document(_)) {
        return None;
    }
    let same = |old: &&dyn Registered| old.registered() == metadata;
    fetched.or_else(|| old.filter(same)?.fetched().cloned())
}

/// What names a system best: its host.
fn host_of(id: &str) -> &str {
    let rest = id.split_once("://").map_or(id, |(_, rest)| rest);
    rest.split(['/', ':', '?']).next().unwrap_or(rest)
}
