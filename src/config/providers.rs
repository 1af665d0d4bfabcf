//! Entries of identity providers.

use super::kind::{INACTIVE, LEVEL_IGNORED, METADATA_WRONG_ROLE, NO_REDIRECT_SSO, ROLES_UNKNOWN};
use super::load::Circumstances;
use super::party::{self, Party};
use super::problem::Sink;
use super::{File, IdentityProviderEntry, keys, persona};
use crate::hub::{Actor, IdentityProvider};
use crate::oiosaml::RequestProfile;
use crate::saml::names::binding;
use toml::Spanned;

/// The identity providers that can be used; problems of the others.
pub(super) fn read(
    sink: &mut Sink<'_>,
    file: &File,
    at: Circumstances<'_>,
) -> Vec<IdentityProvider> {
    sink.party = Actor::IdentityProvider;
    file.identity_providers
        .iter()
        .filter_map(|entry| one(sink, entry.get_ref(), at))
        .collect()
}

fn one(
    sink: &mut Sink<'_>,
    entry: &IdentityProviderEntry,
    at: Circumstances<'_>,
) -> Option<IdentityProvider> {
    registration(sink, entry);
    if let Some(persona) = &entry.persona {
        persona::check(sink, persona.get_ref());
    }
    let party = Party {
        name: &entry.name,
        id: entry.id.as_ref(),
        saml_metadata: entry.saml_metadata.as_ref(),
        saml_metadata_url: entry.saml_metadata_url.as_ref(),
        invented: entry
            .persona
            .as_ref()
            .map(|persona| (persona.span(), "persona")),
    };
    let found = party::metadata(sink, &party, at)?;
    let span = Some(found.span.clone());
    let Some(role) = &found.entity.idp else {
        let what = format!(
            "the metadata of `{}` has no IDPSSODescriptor for SAML 2.0",
            entry.name.get_ref()
        );
        sink.add(
            METADATA_WRONG_ROLE,
            span,
            what,
            "metadata of a user-facing system, perhaps? Ask the municipality for its IdP's",
        );
        return None;
    };
    party::check_endpoints(
        sink,
        &found.span,
        role.single_sign_on.iter().chain(&role.single_logout),
    );
    let sso = role
        .single_sign_on
        .iter()
        .find(|endpoint| endpoint.binding == binding::REDIRECT);
    if sso.is_none() {
        let what = format!(
            "the metadata of `{}` has no SingleSignOnService with HTTP-Redirect",
            entry.name.get_ref()
        );
        sink.add(
            NO_REDIRECT_SSO,
            span,
            what,
            "the hub asks by Redirect only, as the real one; add the binding at the IdP",
        );
    }
    let signing_keys = keys::signing(sink, &found.span, &role.keys, at, found.shipped);
    Some(IdentityProvider {
        name: entry.name.get_ref().clone(),
        id: found.entity.entity_id.clone(),
        presentation_name: entry.presentation_name.clone(),
        description: entry.description.clone(),
        oiosaml_profile: *entry.oiosaml_profile.get_ref(),
        assurance_level: *entry.assurance_level.get_ref(),
        nsis_assurance_level: entry
            .nsis_assurance_level
            .as_ref()
            .map(|level| *level.get_ref()),
        user_contexts: entry
            .user_contexts
            .iter()
            .map(|cvr| cvr.get_ref().clone())
            .collect(),
        ip_addresses: entry.ip_addresses.clone(),
        knows_roles: entry.knows_roles,
        mobile_friendly: entry.mobile_friendly,
        supports_scope: entry.supports_scope,
        supports_step_up: entry.supports_step_up,
        sso_url: sso?.location.clone(),
        single_logout: role.single_logout.clone(),
        valid_until: found.entity.valid_until,
        former_keys: keys::former(sink, &entry.rotated_out, &signing_keys, at),
        signing_keys,
        replaced_by: entry.replaced_by.as_ref().map(|by| by.get_ref().clone()),
    })
}

/// The rules of CH.json that concern the entry alone.
fn registration(sink: &mut Sink<'_>, entry: &IdentityProviderEntry) {
    // Spelled out in CH.json for OIOSAML2 alone, not for its two variants.
    if let Some(level) = &entry.nsis_assurance_level
        && *entry.oiosaml_profile.get_ref() == RequestProfile::Oiosaml2
    {
        let what = format!(
            "`{}` is registered as OIOSAML2, where an NSIS level means nothing",
            entry.name.get_ref()
        );
        sink.add(
            LEVEL_IGNORED,
            Some(level.span()),
            what,
            "register it with an OIOSAML3 profile, or leave the level out",
        );
    }
    if entry.user_contexts.is_empty() {
        let span = Spanned::span(&entry.name);
        let what = format!(
            "`{}` has no user_contexts, so nobody can log in with it",
            entry.name.get_ref()
        );
        sink.add(
            INACTIVE,
            Some(span),
            what,
            "add the CVR numbers that it speaks for (føderationsaftale)",
        );
    }
    let persona = entry.persona.as_ref().map(Spanned::get_ref);
    let mut people = persona.into_iter().flat_map(|persona| &persona.people);
    if let Some(person) = people.find(|person| !person.roles.is_empty())
        && !entry.knows_roles
    {
        let what = format!(
            "`{}` is registered as one that sends no roles, and `{}` has some",
            entry.name.get_ref(),
            person.id
        );
        sink.add(
            ROLES_UNKNOWN,
            Some(Spanned::span(&entry.name)),
            what,
            "add knows_roles = true (KenderRoller)",
        );
    }
}
