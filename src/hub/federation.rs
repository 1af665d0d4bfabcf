//! What the hub knows about the parties: an immutable snapshot, read once from the registry.
//!
//! Field names are those of the real hub's provisioning interface (CH.json), in English; the Danish ones are
//! aliases in the documentation.

use super::roles::{Directory, RoleMappings};
use crate::dsig::{PublicKey, Recipient};
use crate::oiosaml::{AttributeProfile, Cvr, Level, Nist, Nsis, OiosamlVersion, RequestProfile};
use crate::saml::metadata::{Endpoint, IndexedEndpoint};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use time::{Date, OffsetDateTime};

/// A snapshot of the federation.
#[derive(Debug, Clone, Default)]
#[doc(alias = "føderation")]
pub struct Federation {
    /// Identity providers in the order of registration.
    pub identity_providers: Vec<IdentityProvider>,
    /// User-facing systems in the order of registration.
    pub systems: Vec<UserFacingSystem>,
    /// Systems of our own with which an identity provider is tried: they are found by their entityID, and stand in no list.
    pub test_systems: Vec<UserFacingSystem>,
    /// Organisations by CVR.
    pub organisations: BTreeMap<Cvr, Organisation>,
    /// Job function roles and users.
    pub directory: Directory,
}

/// An organisation, for its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Name that goes into `orgName`.
    pub name: String,
    /// E-mail domains that people search for at the chooser.
    pub email_domains: Vec<String>,
}

/// `IdentityProvider` of CH.json.
#[derive(Debug, Clone)]
pub struct IdentityProvider {
    /// Short name: for hosts, commands and reports.
    pub name: String,
    /// `Id`: the entityID.
    pub id: String,
    /// `Praesentationsnavn`: the name in the chooser.
    #[doc(alias = "Praesentationsnavn")]
    pub presentation_name: String,
    /// `Beskrivelse`.
    #[doc(alias = "Beskrivelse")]
    pub description: String,
    /// `OIOSAMLProfile`: one of the six.
    pub oiosaml_profile: RequestProfile,
    /// `AssuranceLevel`: the highest NIST level it may state.
    pub assurance_level: Nist,
    /// `NSISAssuranceLevel`: the highest NSIS level it may state; none means no NSIS at all.
    pub nsis_assurance_level: Option<Nsis>,
    /// `Anvenderkontekster`: the CVRs it speaks for. Empty means inactive.
    #[doc(alias = "Anvenderkontekster")]
    pub user_contexts: Vec<Cvr>,
    /// `IpAdresser`.
    #[doc(alias = "IpAdresser")]
    pub ip_addresses: Vec<IpAddr>,
    /// `KenderRoller`: it issues job function roles.
    #[doc(alias = "KenderRoller")]
    pub knows_roles: bool,
    /// `Mobilvenlig`.
    #[doc(alias = "Mobilvenlig")]
    pub mobile_friendly: bool,
    /// `SupportsScope`: whether Scoping is sent.
    pub supports_scope: bool,
    /// `SupportsStepUp`.
    pub supports_step_up: bool,
    /// SingleSignOnService with HTTP-Redirect, from its metadata.
    pub sso_url: String,
    /// SingleLogoutServices, from its metadata, in its order.
    pub single_logout: Vec<Endpoint>,
    /// Its signing keys, from its metadata. Empty: no answer of it is ever accepted.
    pub signing_keys: Vec<PublicKey>,
    /// Keys that it had before: what they sign is refused by name.
    pub former_keys: Vec<PublicKey>,
    /// `validUntil` of its metadata: from then on it is unknown.
    pub valid_until: Option<OffsetDateTime>,
    /// The IdP that took its place; kept beside CH.json's fields.
    pub replaced_by: Option<String>,
}

/// `BrugervendtSystem` of CH.json.
#[derive(Debug, Clone)]
#[doc(alias = "brugervendt system")]
pub struct UserFacingSystem {
    /// Short name.
    pub name: String,
    /// `Id`: the entityID.
    pub id: String,
    /// What people call it; the short name where nothing is given.
    pub presentation_name: String,
    /// `Cvr` of its owner.
    pub cvr: Cvr,
    /// `OIOSAMLProfile`.
    pub oiosaml_profile: OiosamlVersion,
    /// The level it needs: `NSISAssuranceLevel` where given (OIOSAML3 only), else `AssuranceLevel`.
    pub required_level: Level,
    /// `AttributeProfile`.
    pub attribute_profile: AttributeProfile,
    /// AssertionConsumerServices with HTTP-POST, from its metadata; never empty.
    pub assertion_consumers: Vec<IndexedEndpoint>,
    /// Index into `assertion_consumers` of the default one.
    pub default_acs: usize,
    /// SingleLogoutServices, from its metadata, in its order.
    pub single_logout: Vec<Endpoint>,
    /// Its signing keys, from its metadata.
    pub signing_keys: Vec<PublicKey>,
    /// Keys that it had before: what they sign is refused by name.
    pub former_keys: Vec<PublicKey>,
    /// `validUntil` of its metadata: from then on it is unknown.
    pub valid_until: Option<OffsetDateTime>,
    /// How assertions for it are encrypted; none when its metadata has no usable encryption key and it is
    /// registered to take plain ones.
    pub encryption: Option<Recipient>,
    /// Which Context Handler it is connected to.
    pub generation: Generation,
    /// `RoleMappings`: what job function roles become here.
    #[doc(alias = "RoleMappings")]
    pub role_mappings: Arc<RoleMappings>,
}

/// Which Context Handler a system is connected to. Under generation 1 nothing is asked of the IdP and
/// nothing is refused for its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    /// Context Handler 1, for ever.
    One,
    /// Context Handler 1 until this date (Danish time, at midnight), then 2.
    OneUntil(Date),
    /// Context Handler 2.
    Two,
}

impl Federation {
    /// The identity provider with this entityID, compared byte for byte.
    pub fn identity_provider(&self, id: &str) -> Option<&IdentityProvider> {
        self.identity_providers.iter().find(|idp| idp.id == id)
    }
    /// The system with this entityID, compared byte for byte.
    pub fn system(&self, id: &str) -> Option<&UserFacingSystem> {
        self.systems
            .iter()
            .chain(&self.test_systems)
            .find(|system| system.id == id)
    }
    /// The test system with this entityID.
    pub fn test_system(&self, id: &str) -> Option<&UserFacingSystem> {
        self.test_systems.iter().find(|system| system.id == id)
    }
    /// The identity provider with this short name.
    pub fn named(&self, name: &str) -> Option<&IdentityProvider> {
        self.identity_providers.iter().find(|idp| idp.name == name)
    }
    /// The active identity provider that took the place of this one, perhaps in several steps; none if nothing
    /// did, or nothing that is active.
    pub fn successor(&self, replaced: &IdentityProvider) -> Option<&IdentityProvider> {
        let mut latest = None;
        let mut by = replaced.replaced_by.as_deref();
        // A circle is no way to anywhere, and no way is longer than the list.
        for _ in &self.identity_providers {
            let Some(next) = by.and_then(|name| self.named(name)) else {
                break;
            };
            if next.is_active() {
                latest = Some(next);
            }
            by = next.replaced_by.as_deref();
        }
        latest.filter(|found| found.id != replaced.id)
    }
    /// The federation with other user contexts of one identity provider: without any it is closed.
    pub fn with_user_contexts(mut self, name: &str, contexts: Vec<Cvr>) -> Self {
        for idp in &mut self.identity_providers {
            if idp.name == name {
                idp.user_contexts.clone_from(&contexts);
            }
        }
        self
    }
    /// The identity providers that can be used for logins.
    pub fn active(&self) -> impl Iterator<Item = &IdentityProvider> {
        self.identity_providers.iter().filter(|idp| idp.is_active())
    }
}

impl IdentityProvider {
    /// Whether it can be used for logins: it has an anvenderkontekst (CH.json, `Anvenderkontekster`).
    pub fn is_active(&self) -> bool {
        !self.user_contexts.is_empty()
    }
    /// As if it were registered with another profile; as it is, where none is given.
    pub fn tried_with(&self, profile: Option<RequestProfile>) -> Cow<'_, Self> {
        match profile {
            Some(oiosaml_profile) => Cow::Owned(Self {
                oiosaml_profile,
                ..self.clone()
            }),
            None => Cow::Borrowed(self),
        }
    }
}

impl Generation {
    /// Whether Context Handler 2's rules hold at `now`. A date means midnight UTC+1, Danish winter time:
    /// an hour's difference in summer changes nothing that a rehearsal looks at.
    pub fn is_two(self, now: time::OffsetDateTime) -> bool {
        match self {
            Self::One => false,
            Self::Two => true,
            Self::OneUntil(date) => now.to_offset(time::macros::offset!(+1)).date() >= date,
        }
    }
}
