//! The hub's own metadata, one signed document a role, with one entityID.
//!
//! The honest form is schema-valid and names only what is served. The form with quirks imitates the real
//! hub's documents (ext-test, read in November 2026): entity attributes in a foreign namespace, one attribute
//! a value, NameIDFormats that it does not issue, the encryption key before the signing key.

use super::Hub;
use super::identity::path;
use super::keys::{RoleKeys, Shown};
use crate::dsig::{self, BlockCipher, Certificate, Digest, KeyTransport, Place};
use crate::oiosaml::{Level, Nist, Nsis};
use crate::saml::metadata::{
    EncryptionMethod, Endpoint, Entity, IdpRole, IndexedEndpoint, KeyDescriptor, KeyUse, SpRole,
};
use crate::saml::names::{self, binding, name_id};
use crate::xml::{Canonical, Element, MD, Ns};

/// Which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Form {
    /// The real hub's form, with its quirks (`?quirks=ch2`).
    pub quirks: bool,
}

/// The levels that the real hub's metadata names, in its order.
const CERTIFIED: [Level; 6] = [
    Level::Nist(Nist::Three),
    Level::Nsis(Nsis::High),
    Level::Nsis(Nsis::Substantial),
    Level::Nist(Nist::Two),
    Level::Nist(Nist::Four),
    Level::Nsis(Nsis::Low),
];

/// The IdP role, for user-facing systems.
pub fn idp_role(hub: &Hub, form: Form) -> Canonical {
    let endpoint = |binding: &str| Endpoint {
        binding: binding.to_owned(),
        location: hub.url(path::ISSUE),
        response_location: None,
    };
    let role = IdpRole {
        want_authn_requests_signed: true,
        // A quirky document gets its entity attributes in the foreign namespace, below.
        assurance_certification: if form.quirks {
            Vec::new()
        } else {
            CERTIFIED.map(Level::class_ref).to_vec()
        },
        keys: keys(&hub.idp.shown, false),
        single_sign_on: vec![endpoint(binding::REDIRECT), endpoint(binding::POST)],
        single_logout: single_logout(hub, form, path::ISSUE, path::SIGNOFF),
        name_id_formats: name_id_formats(form),
    };
    let extensions = form.quirks.then(foreign_entity_attributes);
    sign(
        &hub.idp,
        "idp",
        Entity {
            idp: Some(role),
            ..entity(hub)
        },
        extensions,
    )
}

/// The SP role, for identity providers.
pub fn sp_role(hub: &Hub, form: Form) -> Canonical {
    let role = SpRole {
        authn_requests_signed: true,
        want_assertions_signed: true,
        keys: keys(&hub.sp.shown, !form.quirks),
        assertion_consumer: vec![IndexedEndpoint {
            endpoint: Endpoint {
                binding: binding::POST.to_owned(),
                location: hub.url(path::CONSUME),
                response_location: None,
            },
            index: 0,
            is_default: Some(true),
        }],
        single_logout: single_logout(hub, form, path::SIGNOFF_REQUEST, path::SIGNOFF_RESPONSE),
        name_id_formats: name_id_formats(form),
    };
    sign(
        &hub.sp,
        "sp",
        Entity {
            sp: Some(role),
            ..entity(hub)
        },
        None,
    )
}

fn entity(hub: &Hub) -> Entity {
    Entity {
        entity_id: hub.entity_id.clone(),
        id: None,
        valid_until: None,
        idp: None,
        sp: None,
        organization: Some(hub.organisation.clone()),
    }
}

/// By a browser in both forms, and in the honest one by SOAP too: the real hub's documents do not name that.
fn single_logout(hub: &Hub, form: Form, location: &str, response: &str) -> Vec<Endpoint> {
    let endpoint = |binding: &str| Endpoint {
        binding: binding.to_owned(),
        location: hub.url(location),
        response_location: Some(hub.url(response)),
    };
    let mut all = vec![endpoint(binding::REDIRECT), endpoint(binding::POST)];
    if !form.quirks {
        all.push(Endpoint {
            binding: binding::SOAP.to_owned(),
            location: hub.url(path::SIGNOFF_SOAP),
            // The answer comes back on the same connection.
            response_location: None,
        });
    }
    all
}

/// What the hub issues is X509SubjectName; the real hub's documents name three others.
fn name_id_formats(form: Form) -> Vec<String> {
    let formats: &[&str] = if form.quirks {
        &[
            name_id::PERSISTENT,
            name_id::TRANSIENT,
            name_id::UNSPECIFIED,
        ]
    } else {
        &[name_id::X509_SUBJECT_NAME]
    };
    formats.iter().map(|format| (*format).to_owned()).collect()
}

/// Encryption first and then signing, as the real hub has it; the order of certificates is the state's.
fn keys(shown: &Shown, methods: bool) -> Vec<KeyDescriptor> {
    let methods = if methods {
        encryption_methods()
    } else {
        Vec::new()
    };
    let descriptor = |usage, certificate: &Certificate, encryption_methods| KeyDescriptor {
        usage,
        certificates: vec![certificate.to_base64()],
        encryption_methods,
    };
    let encryption = shown.encryption.iter();
    if shown.without_use {
        let more = shown.signing.iter().filter(|certificate| {
            let text = certificate.to_base64();
            shown.encryption.iter().all(|c| c.to_base64() != text)
        });
        let all = encryption.chain(more);
        return all
            .map(|certificate| descriptor(KeyUse::Both, certificate, methods.clone()))
            .collect();
    }
    let encryption =
        encryption.map(|certificate| descriptor(KeyUse::Encryption, certificate, methods.clone()));
    let signing = shown.signing.iter();
    let signing = signing.map(|certificate| descriptor(KeyUse::Signing, certificate, Vec::new()));
    encryption.chain(signing).collect()
}

fn encryption_methods() -> Vec<EncryptionMethod> {
    let oaep = |xmlenc11, digest| {
        EncryptionMethod::Transport(KeyTransport {
            xmlenc11,
            digest,
            mgf: digest,
        })
    };
    vec![
        EncryptionMethod::Cipher(BlockCipher::Aes256Gcm),
        EncryptionMethod::Cipher(BlockCipher::Aes128Gcm),
        oaep(true, Digest::Sha256),
        oaep(false, Digest::Sha1),
    ]
}

/// The real hub writes `Attribute` and `AttributeValue` in the namespace of `EntityAttributes`: not valid by
/// the extension's schema, and refused by strict readers.
fn foreign_entity_attributes() -> Element {
    const FOREIGN: Ns = crate::xml::MDATTR;
    let attribute = |level: Level| {
        Element::new(FOREIGN, "Attribute")
            .attr("Name", names::ASSURANCE_CERTIFICATION)
            .attr("NameFormat", names::attribute_name_format::URI)
            .child(Element::new(FOREIGN, "AttributeValue").text(level.class_ref()))
    };
    Element::new(MD, "Extensions")
        .child(Element::new(FOREIGN, "EntityAttributes").children(CERTIFIED.map(attribute)))
}

/// The ID is made of the document's role, not of chance: the same metadata is the same bytes.
fn sign(
    keys: &RoleKeys,
    role: &str,
    entity: Entity,
    role_extensions: Option<Element>,
) -> Canonical {
    let id = format!("_vejviser-{role}");
    let entity = Entity {
        id: Some(id.clone()),
        ..entity
    };
    let element = match role_extensions {
        None => entity.to_element(),
        Some(extensions) => entity.to_element_with_role_extensions(extensions),
    };
    dsig::sign(&element, &id, Place::First, &keys.signing_metadata)
}
