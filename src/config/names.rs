//! Names: short names and entityIDs are each one namespace, shared by identity providers, systems and the hub
//! (CH.json: globally unique in the federation).

use super::File;
use super::kind::{
    BAD_NAME, DUPLICATE_ID, DUPLICATE_NAME, UNKNOWN_ORGANISATION, UNKNOWN_REPLACEMENT,
};
use super::parse::Written;
use super::problem::Sink;
use crate::hub::Federation;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// The short names of the built-in test systems, in the order of [`crate::oiosaml::Level::ALL`].
pub const BUILT_IN: [&str; 7] = [
    "test-nist-1",
    "test-nist-2",
    "test-nist-3",
    "test-nist-4",
    "test-nsis-low",
    "test-nsis-substantial",
    "test-nsis-high",
];

/// Short names, replacements and organisations.
pub(super) fn check(sink: &mut Sink<'_>, written: &Written) {
    let file = &written.file;
    let providers = file
        .identity_providers
        .iter()
        .map(|entry| &entry.get_ref().name);
    let systems = file
        .user_facing_systems
        .iter()
        .map(|entry| &entry.get_ref().name);
    let mut seen = BTreeSet::from(["hub"]);
    if file.hub.test_systems {
        seen.extend(BUILT_IN);
    }
    for name in providers.chain(systems) {
        let text = name.get_ref().as_str();
        if !is_label(text) {
            let help = "it becomes a host name: lower-case a–z, digits and hyphens, at most 63";
            sink.add(
                BAD_NAME,
                Some(name.span()),
                format!("`{text}` cannot be a short name"),
                help,
            );
        } else if !seen.insert(text) {
            let what = if text == "hub" {
                "`hub` is the hub's own name".to_owned()
            } else if file.hub.test_systems && BUILT_IN.contains(&text) {
                format!("`{text}` is a built-in test system (test_systems = true)")
            } else {
                format!("`{text}` is taken")
            };
            sink.add(
                DUPLICATE_NAME,
                Some(name.span()),
                what,
                "identity providers, systems and the hub share one list of names",
            );
        }
    }
    for entry in &file.identity_providers {
        let entry = entry.get_ref();
        let Some(by) = &entry.replaced_by else {
            continue;
        };
        if by.get_ref() == entry.name.get_ref() {
            sink.add(
                UNKNOWN_REPLACEMENT,
                Some(by.span()),
                "an identity provider cannot replace itself",
                "name another one",
            );
        } else if !written.provider_names.contains(by.get_ref()) {
            let known: Vec<&str> = written.provider_names.iter().map(String::as_str).collect();
            let what = format!("there is no identity provider `{}`", by.get_ref());
            sink.add(
                UNKNOWN_REPLACEMENT,
                Some(by.span()),
                what,
                format!("short names: {}", known.join(", ")),
            );
        }
    }
    organisations(sink, file);
}

fn organisations(sink: &mut Sink<'_>, file: &File) {
    let mut known = BTreeSet::new();
    for entry in &file.organisations {
        if !known.insert(entry.cvr.get_ref()) {
            let what = format!("CVR {} is registered twice", entry.cvr.get_ref());
            sink.add(
                DUPLICATE_ID,
                Some(entry.cvr.span()),
                what,
                "keep one of them",
            );
        }
    }
    let mut told = BTreeSet::new();
    for cvr in file
        .identity_providers
        .iter()
        .flat_map(|entry| &entry.get_ref().user_contexts)
    {
        if !known.contains(cvr.get_ref()) && told.insert(cvr.get_ref()) {
            let what = format!("no [[organisation]] has CVR {}", cvr.get_ref());
            sink.add(
                UNKNOWN_ORGANISATION,
                Some(cvr.span()),
                what,
                "add one with its name: it goes into orgName",
            );
        }
    }
}

/// entityIDs; after metadata has been read, since a persona's id is known only then.
pub(super) fn check_ids(sink: &mut Sink<'_>, file: &File, federation: &Federation) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    let public_url = file
        .hub
        .public_url
        .as_ref()
        .map(|url| format!("{}/runtime", url.get_ref().trim_end_matches('/')));
    let own = file
        .hub
        .entity_id
        .as_ref()
        .map(|id| id.get_ref().as_str())
        .or(public_url.as_deref());
    if let Some(own) = own {
        seen.insert(own, "hub");
    }
    let providers = file
        .identity_providers
        .iter()
        .map(|entry| (&entry.get_ref().name, &entry.get_ref().id));
    let systems = file
        .user_facing_systems
        .iter()
        .map(|entry| (&entry.get_ref().name, &entry.get_ref().id));
    for (name, id) in providers.chain(systems) {
        let rendered = || {
            let provider = federation
                .identity_providers
                .iter()
                .find(|idp| idp.name == *name.get_ref())
                .map(|idp| idp.id.as_str());
            provider.or_else(|| {
                federation
                    .systems
                    .iter()
                    .find(|system| system.name == *name.get_ref())
                    .map(|system| system.id.as_str())
            })
        };
        let Some(text) = id
            .as_ref()
            .map(|id| id.get_ref().as_str())
            .or_else(rendered)
        else {
            continue;
        };
        if let Some(other) = seen.insert(text, name.get_ref()) {
            let span = id.as_ref().map_or_else(|| name.span(), Spanned::span);
            let what = format!("`{text}` is also the id of `{other}`");
            sink.add(
                DUPLICATE_ID,
                Some(span),
                what,
                "an entityID names one party: identity provider, system or hub",
            );
        }
    }
}

/// The short name of the party with this entityID: whoever takes an identity of their own by a flag asks here
/// once it is known, as `check_ids` can only judge what the file says.
pub fn with_id<'f>(federation: &'f Federation, id: &str) -> Option<&'f str> {
    let provider = federation
        .identity_provider(id)
        .map(|idp| idp.name.as_str());
    provider.or_else(|| federation.system(id).map(|system| system.name.as_str()))
}

/// Whether it can be a short name: a DNS label in lower case.
pub fn is_label(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}
