//! A key is one party's (CH.json validates that it is): who has another one's key can speak for it, and whose
//! assertions are encrypted with another one's key can have them read there.

use super::File;
use super::kind::METADATA_SHARED_KEY;
use super::problem::Sink;
use crate::dsig::{Certificate, Policy, PublicKey};
use crate::hub::keys::KeyPair;
use crate::hub::{Actor, Federation};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;

/// Told at the metadata of the later one. `hub` holds the hub's keys.
pub(super) fn check(sink: &mut Sink<'_>, file: &File, federation: &Federation, hub: &[KeyPair]) {
    let own = hub.iter().filter_map(|pair| {
        PublicKey::from_certificate(pair.certificate.clone(), Policy::Modern).ok()
    });
    let mut holders: BTreeMap<Arc<str>, &str> = own.map(|key| (key.key_id(), "hub")).collect();
    for idp in &federation.identity_providers {
        let mut entries = file.identity_providers.iter().map(Spanned::get_ref);
        let entry = entries.find(|e| *e.name.get_ref() == idp.name);
        let span = entry.and_then(|entry| entry.saml_metadata.as_ref().map(Spanned::span));
        sink.party = Actor::IdentityProvider;
        one(sink, &mut holders, &idp.name, span, idp.signing_keys.iter());
    }
    for system in &federation.systems {
        let mut entries = file.user_facing_systems.iter().map(Spanned::get_ref);
        let entry = entries.find(|e| *e.name.get_ref() == system.name);
        let span = entry.and_then(|entry| entry.saml_metadata.as_ref().map(Spanned::span));
        let keys = system.signing_keys.iter();
        let keys = keys.chain(system.encryption.as_ref().map(|recipient| &recipient.key));
        sink.party = Actor::System;
        one(sink, &mut holders, &system.name, span, keys);
    }
}

fn one<'a>(
    sink: &mut Sink<'_>,
    holders: &mut BTreeMap<Arc<str>, &'a str>,
    name: &'a str,
    span: Option<Range<usize>>,
    keys: impl Iterator<Item = &'a PublicKey>,
) {
    let mut told = Vec::new();
    for key in keys {
        let holder = *holders.entry(key.key_id()).or_insert(name);
        if holder == name || told.contains(&holder) {
            continue;
        }
        told.push(holder);
        let subject = key.certificate().map(Certificate::subject);
        let what = format!(
            "`{name}` has a key of `{holder}`: {}",
            subject.unwrap_or_default()
        );
        sink.add(
            METADATA_SHARED_KEY,
            span.clone(),
            what,
            "a key belongs to one party: one of them must make another",
        );
    }
}
