//! Metadata of personas and demo systems: names only what is served.

use crate::dsig::{Place, sign};
use crate::hub::keys::KeyPair;
use crate::oiosaml::{Level, Nist, Nsis};
use crate::saml::metadata::{
    EncryptionMethod, Endpoint, Entity, IdpRole, IndexedEndpoint, KeyDescriptor, KeyUse, SpRole,
};
use crate::saml::names::{binding, name_id};
use axum::http::header;
use axum::response::{IntoResponse, Response};

/// Metadata of an IdP: one certificate, one SingleSignOnService by Redirect.
pub fn of_idp(
    entity_id: &str,
    title: &str,
    sso: String,
    keys: &KeyPair,
    nist: Nist,
    nsis: Option<Nsis>,
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
        keys: vec![key(KeyUse::Signing, keys, Vec::new())],
        single_sign_on: vec![endpoint(binding::REDIRECT, sso)],
        single_logout: Vec::new(),
        name_id_formats: vec![name_id::X509_SUBJECT_NAME.to_owned()],
        assurance_certification: nist.chain(nsis).map(Level::class_ref).collect(),
    };
    Entity {
        idp: Some(role),
        ..entity(entity_id, title)
    }
}

/// Metadata of a demo system: one certificate for signing and encryption, one ACS by POST.
pub fn of_system(entity_id: &str, title: &str, acs: String, keys: &KeyPair) -> Entity {
    let (cipher, transport) = super::habits::GCM;
    let methods = vec![
        EncryptionMethod::Cipher(cipher),
        EncryptionMethod::Transport(transport),
    ];
    let role = SpRole {
        authn_requests_signed: true,
        want_assertions_signed: true,
        keys: vec![
            key(KeyUse::Signing, keys, Vec::new()),
            key(KeyUse::Encryption, keys, methods),
        ],
        assertion_consumer: vec![IndexedEndpoint {
            endpoint: endpoint(binding::POST, acs),
            index: 0,
            is_default: Some(true),
        }],
        single_logout: Vec::new(),
        name_id_formats: vec![name_id::X509_SUBJECT_NAME.to_owned()],
    };
    Entity {
        sp: Some(role),
        ..entity(entity_id, title)
    }
}

/// As served.
pub fn serve(entity: &Entity, keys: &KeyPair) -> Response {
    (
        [(header::CONTENT_TYPE, "application/samlmetadata+xml")],
        signed(entity, keys),
    )
        .into_response()
}

/// The signed document. The same entity and key always give the same bytes: nothing of it is drawn.
pub fn signed(entity: &Entity, keys: &KeyPair) -> Vec<u8> {
    let id = entity.id.as_deref().unwrap_or_default();
    let signed = sign(&entity.to_element(), id, Place::First, &keys.signing);
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

fn key(usage: KeyUse, keys: &KeyPair, encryption_methods: Vec<EncryptionMethod>) -> KeyDescriptor {
    KeyDescriptor {
        usage,
        certificates: vec![keys.certificate.to_base64()],
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
