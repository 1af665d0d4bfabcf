//! Metadata of an invented identity provider, and what becomes of it.

mod accept;
mod diff;
mod when;

use super::*;
use crate::config::pki;
use crate::dsig::{Certificate, Place, SigningKey, sign};
use crate::saml::metadata::{Endpoint, Entity, IdpRole, KeyDescriptor, KeyUse};
use crate::saml::names::binding;
use crate::xml::Element;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

/// entityID of the identity provider.
const IDP: &str = "https://idp.example/metadata";
const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

fn certificate(name: &str) -> Certificate {
    Certificate::parse(pki::certificate(name).unwrap().as_bytes()).unwrap()
}

/// A key for signing, with a certificate of the shipped PKI.
fn key(name: &str) -> KeyDescriptor {
    KeyDescriptor {
        usage: KeyUse::Signing,
        certificates: vec![certificate(name).to_base64()],
        encryption_methods: Vec::new(),
    }
}

fn at(location: &str) -> Endpoint {
    Endpoint {
        binding: binding::REDIRECT.to_owned(),
        location: location.to_owned(),
        response_location: None,
    }
}

/// An identity provider with these keys.
fn idp(names: &[&str]) -> Entity {
    Entity {
        entity_id: IDP.to_owned(),
        id: Some("_md".to_owned()),
        valid_until: None,
        idp: Some(IdpRole {
            keys: names.iter().map(|name| key(name)).collect(),
            single_sign_on: vec![at("https://idp.example/sso")],
            ..IdpRole::default()
        }),
        sp: None,
        organization: None,
    }
}

fn role(entity: &mut Entity) -> &mut IdpRole {
    entity.idp.as_mut().unwrap()
}

fn unsigned(entity: &Entity) -> Vec<u8> {
    rendered(&entity.to_element())
}

fn rendered(element: &Element) -> Vec<u8> {
    element.render().as_bytes().to_vec()
}

fn signed(entity: &Entity, by: &str) -> Vec<u8> {
    signed_element(&entity.to_element(), by)
}

fn signed_element(element: &Element, by: &str) -> Vec<u8> {
    let key = pki::private_key(by).unwrap().as_bytes();
    let key = SigningKey::parse(key, Some(certificate(by))).unwrap();
    sign(element, "_md", Place::First, &key).as_bytes().to_vec()
}
