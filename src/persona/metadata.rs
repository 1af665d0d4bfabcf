//! Metadata of personas and demo systems: names only what is served.

use super::habits::GCM;
use super::{Site, logout};
use crate::config::{Defect, DemoSystem, LogoutHabit};
use crate::dsig::{BlockCipher, Certificate, KeyTransport};
use crate::dsig::{Place, sign};
use crate::hub::keys::{RoleKeys, Shown};
use crate::oiosaml::{Level, Nist, Nsis};
use crate::saml::metadata::{
    EncryptionMethod, Endpoint, Entity, IdpRole, IndexedEndpoint, KeyDescriptor, KeyUse, SpRole,
};
use crate::saml::names::{binding, name_id};
use axum::http::header;
use axum::response::{IntoResponse, Response};

/// Metadata of an IdP: one certificate, one SingleSignOnService by Redirect, and SingleLogoutService by its habit.
pub fn of_idp(
    entity_id: &str,
    title: &str,
    site: &Site,
    logout: LogoutHabit,
    shown: &Shown,
    (nist, nsis): (Nist, Option<Nsis>),
) -> Entity {
    let nist = Nist::ALL
        .into_iter()
        .filter(|level| *level <= nist)
        .map(Level::Nist);
    let nsis = Nsis::ALL
        .into_iter()
        .filter(|level| nsis.is_some_and(|highest| *level <= highest))
        .map(Level::Nsis);
    let role = IdpRole {
        want_authn_requests_signed: true,
        keys: signing(shown),
        single_sign_on: vec![endpoint(binding::REDIRECT, site.url("/sso"))],
        single_logout: logout::endpoints(site, logout),
        name_id_formats: vec![name_id::X509_SUBJECT_NAME.to_owned()],
        assurance_certification: nist.chain(nsis).map(Level::class_ref).collect(),
    };
    Entity {
        idp: Some(role),
        ..entity(entity_id, title)
    }
}

/// Metadata of a demo system: one certificate for signing and encryption, one ACS by POST, and SingleLogoutService by its
/// habit; of a strict one by Redirect.
pub fn of_system(
    entity_id: &str,
    title: &str,
    site: &Site,
    shown: &Shown,
    demo: &DemoSystem,
) -> Entity {
    let single_logout = match demo.is_strict() {
        true => vec![endpoint(binding::REDIRECT, site.url(logout::REQUESTS))],
        false => logout::endpoints(site, demo.logout()),
    };
    let mut methods = vec![
        EncryptionMethod::Cipher(GCM.0),
        EncryptionMethod::Transport(GCM.1),
    ];
    if demo.is_strict() {
        methods.insert(1, EncryptionMethod::Cipher(BlockCipher::Aes128Gcm));
        let other = EncryptionMethod::Transport(KeyTransport::OAEP_MGF1P);
        match demo.has(Defect::NoOaepSha256) {
            // What is named first is what it gets; the one that it cannot decrypt it names all the same.
            true => methods.insert(2, other),
            false => methods.push(other),
        }
    }
    let role = SpRole {
        authn_requests_signed: !demo.has(Defect::DeniesSignedRequests),
        want_assertions_signed: true,
        keys: both(shown, &methods),
        assertion_consumer: vec![IndexedEndpoint {
            endpoint: endpoint(binding::POST, site.url("/acs")),
            index: 0,
            is_default: Some(true),
        }],
        single_logout,
        name_id_formats: vec![name_id::X509_SUBJECT_NAME.to_owned()],
    };
    Entity {
        sp: Some(role),
        ..entity(entity_id, title)
    }
}

/// As served with these keys.
pub fn serve(entity: &Entity, keys: &RoleKeys) -> Response {
    sent(signed(&shown(entity, keys), keys))
}

/// The same without a signature.
pub fn serve_unsigned(entity: &Entity, keys: &RoleKeys) -> Response {
    sent(unsigned(&shown(entity, keys)))
}

fn sent(document: Vec<u8>) -> Response {
    (
        [(header::CONTENT_TYPE, "application/samlmetadata+xml")],
        document,
    )
        .into_response()
}

fn shown(entity: &Entity, keys: &RoleKeys) -> Entity {
    let mut entity = entity.clone();
    if let Some(role) = &mut entity.idp {
        role.keys = signing(&keys.shown);
    }
    if let Some(role) = &mut entity.sp {
        let methods = role.keys.iter().map(|key| key.encryption_methods.clone());
        let methods = methods.max_by_key(Vec::len).unwrap_or_default();
        role.keys = both(&keys.shown, &methods);
    }
    entity
}

/// The document without a signature.
pub fn unsigned(entity: &Entity) -> Vec<u8> {
    entity.to_element().render().as_bytes().to_vec()
}

/// The signed document. The same entity and key always give the same bytes: nothing of it is drawn.
pub fn signed(entity: &Entity, keys: &RoleKeys) -> Vec<u8> {
    let id = entity.id.as_deref().unwrap_or_default();
    let signed = sign(
        &entity.to_element(),
        id,
        Place::First,
        &keys.signing_metadata,
    );
    signed.as_bytes().to_vec()
}

fn entity(entity_id: &str, title: &str) -> Entity {
    Entity {
        entity_id: entity_id.to_owned(),
        id: Some("_metadata".to_owned()),
        valid_until: None,
        idp: None,
        sp: None,
        organization: Some(title.to_owned()),
    }
}

fn signing(shown: &Shown) -> Vec<KeyDescriptor> {
    let all = shown.signing.iter();
    all.map(|certificate| key(KeyUse::Signing, certificate, Vec::new()))
        .collect()
}

fn both(shown: &Shown, methods: &[EncryptionMethod]) -> Vec<KeyDescriptor> {
    let encryption = shown.encryption.iter();
    let encryption =
        encryption.map(|certificate| key(KeyUse::Encryption, certificate, methods.to_vec()));
    signing(shown).into_iter().chain(encryption).collect()
}

fn key(
    usage: KeyUse,
    certificate: &Certificate,
    encryption_methods: Vec<EncryptionMethod>,
) -> KeyDescriptor {
    KeyDescriptor {
        usage,
        certificates: vec![certificate.to_base64()],
        encryption_methods,
    }
}

fn endpoint(binding: &str, location: String) -> Endpoint {
    Endpoint {
        binding: binding.to_owned(),
        location,
        response_location: None,
    }
}
