//! What metadata says of a party, for whoever registers many at once; and what had to be guessed.

use super::Reason;
use super::object::{IdentityProvider, SamlMetadata, StepUp, UserContext, UserFacingSystem};
use super::shape;
use crate::dsig::{Certificate, Policy, PublicKey};
use crate::oiosaml::{Cvr, Level, Nist, Nsis, OiosamlVersion, RequestProfile};
use crate::saml::metadata::{Entity, IdpRole, KeyDescriptor};

/// A party as its metadata tells of it.
#[derive(Debug)]
pub enum Guessed {
    /// An identity provider.
    IdentityProvider(Box<IdentityProvider>),
    /// A user-facing system.
    System(Box<UserFacingSystem>),
}

/// What metadata tells of a party, and what it does not tell; none if it is neither of an identity provider nor of a system.
pub fn guess(entity: &Entity, saml_metadata: &SamlMetadata) -> Option<(Guessed, Vec<Reason>)> {
    let mut notes = Vec::new();
    let guessed = match (&entity.idp, &entity.sp) {
        (Some(role), _) => {
            Guessed::IdentityProvider(Box::new(idp(entity, role, saml_metadata, &mut notes)))
        }
        (None, Some(role)) => {
            let holder = holder(&role.keys);
            Guessed::System(Box::new(system(entity, holder, saml_metadata, &mut notes)))
        }
        (None, None) => return None,
    };
    Some((guessed, notes))
}

fn idp(
    entity: &Entity,
    role: &IdpRole,
    saml_metadata: &SamlMetadata,
    notes: &mut Vec<Reason>,
) -> IdentityProvider {
    let said: Vec<Level> = role
        .assurance_certification
        .iter()
        .filter_map(|uri| Level::from_class_ref(uri))
        .collect();
    let nsis = said.iter().filter_map(|level| match level {
        Level::Nsis(level) => Some(*level),
        Level::Nist(_) => None,
    });
    let nist = said.iter().filter_map(|level| match level {
        Level::Nist(level) => Some(*level),
        Level::Nsis(_) => None,
    });
    let (nsis, nist) = (nsis.max(), nist.max());
    let profile = match nsis {
        Some(_) => RequestProfile::Oiosaml3,
        None => RequestProfile::Oiosaml2,
    };
    if said.is_empty() {
        notes.push(Reason::new(
            "metadata siger intet om sikringsniveau: oiosaml_profile og assurance_level er gættet",
            "metadata says nothing of assurance levels: oiosaml_profile and assurance_level are guesses",
        ));
    }
    let holder = holder(&role.keys);
    if holder.is_none() {
        notes.push(Reason::new(
            "certifikatet har intet CVR-nummer: user_contexts er tom, og IdP'en er ikke aktiv",
            "the certificate has no CVR number: user_contexts is empty, and the IdP is not active",
        ));
    }
    IdentityProvider {
        id: entity.entity_id.clone(),
        anvenderkontekster: holder.into_iter().map(|cvr| UserContext { cvr }).collect(),
        assurance_level: nist
            .unwrap_or(nsis.map_or(Nist::Three, Nsis::to_nist))
            .digit(),
        beskrivelse: String::new(),
        kender_roller: true,
        mobilvenlig: false,
        supports_scope: false,
        supports_step_up: StepUp::default(),
        praesentationsnavn: title(entity),
        saml_metadata: saml_metadata.clone(),
        ip_adresser: Vec::new(),
        oiosaml_profile: profile,
        nsis_assurance_level: nsis.map_or_else(String::new, shape::nsis_uri),
    }
}

fn system(
    entity: &Entity,
    holder: Option<Cvr>,
    saml_metadata: &SamlMetadata,
    notes: &mut Vec<Reason>,
) -> UserFacingSystem {
    notes.push(Reason::new(
        "metadata siger ikke, hvilket niveau et system kræver: oiosaml_profile og nsis_assurance_level er gættet",
        "metadata does not say which level a system needs: oiosaml_profile and nsis_assurance_level are guesses",
    ));
    let cvr = holder.or_else(|| {
        notes.push(Reason::new(
            "certifikatet har intet CVR-nummer: cvr er sat til 99999999, som ingen kan have",
            "the certificate has no CVR number: cvr is 99999999, which nobody can have",
        ));
        Cvr::parse("99999999")
    });
    UserFacingSystem {
        id: entity.entity_id.clone(),
        assurance_level: 0,
        attribute_profile: String::new(),
        saml_metadata: saml_metadata.clone(),
        role_mappings: Vec::new(),
        cvr: cvr.expect("eight digits"),
        oiosaml_profile: OiosamlVersion::V3,
        nsis_assurance_level: shape::nsis_uri(Nsis::Substantial),
    }
}

/// What people call it: what its organisation is called, or the host of its entityID.
fn title(entity: &Entity) -> String {
    let host = || {
        let rest = entity
            .entity_id
            .split_once("://")
            .map_or(&*entity.entity_id, |(_, rest)| rest);
        rest.split(['/', ':', '?'])
            .next()
            .unwrap_or(rest)
            .to_owned()
    };
    let named = entity
        .organization
        .clone()
        .filter(|name| !name.trim().is_empty());
    named.unwrap_or_else(host)
}

/// The organisation of the first OCES certificate.
fn holder(keys: &[KeyDescriptor]) -> Option<Cvr> {
    let certificates = keys.iter().flat_map(|key| &key.certificates);
    let mut read = certificates.filter_map(|text| {
        let certificate = Certificate::from_base64(text).ok()?;
        let key = PublicKey::from_certificate(certificate, Policy::Modern).ok()?;
        let story = key.certificate()?.story();
        Cvr::parse(story.cvr()?)
    });
    read.next()
}
