//! `environment.json`: what the login ran in. What is registered is told as it is when the bundle is made.

use crate::dsig::{PublicKey, hex};
use crate::edge::journal::Flow;
use crate::hub::metadata::{Form, idp_role, sp_role};
use crate::hub::{Federation, Hub, IdentityProvider, Settings, UserFacingSystem};
use crate::saml::time::format;
use openssl::sha::sha256;
use serde_json::{Map, Value, json};

/// Where a flow happened.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The hub.
    pub hub: &'a Hub,
    /// The parties.
    pub federation: &'a Federation,
    /// The settings.
    pub settings: &'a Settings,
}

/// Everything of it that decides a login.
pub fn environment(place: Place<'_>, flow: &Flow) -> Value {
    let system = flow
        .system
        .as_deref()
        .and_then(|id| place.federation.system(id));
    let idp = flow.idp.as_deref();
    let idp = idp.and_then(|id| place.federation.identity_provider(id));
    let hash = |metadata: &crate::xml::Canonical| hex(&sha256(metadata.as_str().as_bytes()));
    json!({
        "vejviser": env!("CARGO_PKG_VERSION"),
        "hub": {
            "entity_id": place.hub.entity_id,
            "public_url": place.hub.public_url,
            "idp_metadata_sha256": hash(&idp_role(place.hub, Form::default())),
            "sp_metadata_sha256": hash(&sp_role(place.hub, Form::default())),
            "signing_keys": keys(&place.hub.idp.public_keys()),
            "signing_keys_to_idps": keys(&place.hub.sp.public_keys()),
        },
        "settings": settings(place.settings),
        "system": system.map(of_system),
        "identity_provider": idp.map(of_idp),
    })
}

fn of_system(system: &UserFacingSystem) -> Value {
    let consumers = system.assertion_consumers.iter();
    let consumers: Vec<&str> = consumers
        .map(|one| one.endpoint.location.as_str())
        .collect();
    json!({
        "name": system.name,
        "presentation_name": system.presentation_name,
        "entity_id": system.id,
        "cvr": system.cvr,
        "oiosaml_profile": system.oiosaml_profile.as_str(),
        "required_level": system.required_level.to_string(),
        "generation": format!("{:?}", system.generation),
        "assertion_consumers": consumers,
        "signing_keys": keys(&system.signing_keys),
        "former_keys": keys(&system.former_keys),
        "encrypted": system.encryption.is_some(),
        "valid_until": system.valid_until.map(format),
    })
}

fn of_idp(idp: &IdentityProvider) -> Value {
    json!({
        "name": idp.name,
        "presentation_name": idp.presentation_name,
        "entity_id": idp.id,
        "oiosaml_profile": idp.oiosaml_profile.as_str(),
        "assurance_level": idp.assurance_level.digit().to_string(),
        "nsis_assurance_level": idp.nsis_assurance_level.map(|level| level.word()),
        "user_contexts": idp.user_contexts,
        "knows_roles": idp.knows_roles,
        "supports_scope": idp.supports_scope,
        "sso_url": idp.sso_url,
        "signing_keys": keys(&idp.signing_keys),
        "former_keys": keys(&idp.former_keys),
        "replaced_by": idp.replaced_by,
        "valid_until": idp.valid_until.map(format),
    })
}

/// Keys by which a recipient recognizes them: the key's id, and the certificate's fingerprint and end.
fn keys(keys: &[PublicKey]) -> Vec<Value> {
    let told = keys.iter().map(|key| {
        let certificate = key.certificate();
        json!({
            "key_id": &*key.key_id(),
            "certificate_sha256": certificate.map(|certificate| certificate.fingerprint()),
            "certificate_sha1": certificate.map(|certificate| certificate.thumbprint()),
            "not_after": certificate.map(|certificate| format(certificate.not_after())),
        })
    });
    told.collect()
}

/// The settings by name, as the program writes them: a field a line, those of roles indented.
fn settings(settings: &Settings) -> Value {
    let mut all = Map::new();
    let text = format!("{settings:#?}");
    let mut folder = String::new();
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let Some((name, value)) = line.trim().split_once(": ") else {
            continue;
        };
        if indent == 4 {
            folder.clear();
        }
        match value.ends_with(['{', '(']) {
            true => folder = format!("{name}."),
            false => {
                let value = value.trim_end_matches(',').trim_matches('"');
                all.insert(format!("{folder}{name}"), value.into());
            }
        }
    }
    Value::Object(all)
}
