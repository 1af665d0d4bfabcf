//! Judging metadata that somebody hands over, before it is registered.

use crate::dsig::{self, Policy, PublicKey, SignedXml};
use crate::hub::{Check, Report, RowOutcome};
use crate::saml::address::{insecure, unsendable};
use crate::saml::metadata::{self, Endpoint, Entity, KeyDescriptor, KeyUse};
use crate::saml::{names::binding, time as saml_time};
use crate::xml::{Document, Limits, MD, Node};
use std::collections::HashSet;
use time::OffsetDateTime;

/// What is expected of it. An option that is `None` makes its checks `skip`.
#[derive(Debug, Clone)]
pub struct ExpectedMetadata<'a> {
    /// entityID of the party that it should be about.
    pub entity: Option<&'a str>,
    /// Keys of whoever vouches for it by signing it.
    pub keys: &'a [PublicKey],
    /// Algorithms of signatures, and the keys that a party may have.
    pub signatures: Policy,
    /// Now.
    pub now: Option<OffsetDateTime>,
}

/// What judged metadata is.
#[derive(Debug)]
pub struct JudgedMetadata {
    /// The rows.
    pub report: Report,
    /// The entities, if a given key signed all of it. Whether they are accepted is the report's word.
    pub entities: Option<Vec<Entity>>,
}

/// Judges metadata, an EntityDescriptor or an EntitiesDescriptor. Never fails: what cannot be read is a
/// failed row.
pub fn metadata(xml: &[u8], expected: &ExpectedMetadata<'_>) -> JudgedMetadata {
    let mut report = Report::default();
    // AD FS writes a byte order mark. It belongs to the file.
    let xml = xml.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(xml);
    let unreadable = |mut report: Report, found: String| {
        let wanted = "SAML 2.0 metadata without DTD";
        report.add(Check::MetadataReadable, RowOutcome::Fail, found, wanted);
        JudgedMetadata {
            report,
            entities: None,
        }
    };
    let document = match Document::parse_within(xml, &Limits::METADATA) {
        Ok(document) => document,
        Err(error) => return unreadable(report, error.to_string()),
    };
    let signed = authenticate(document.root(), expected, &mut report);
    let root = (signed.as_ref()).map_or(document.root(), SignedXml::root);
    let unique = unique(root, &mut report);
    let entities = match metadata::read(root) {
        Ok(entities) => entities,
        // The reader refuses what is there twice; that has a row of its own.
        Err(_) if !unique => {
            report.skip(Check::MetadataReadable, "an entityID occurs twice");
            return JudgedMetadata {
                report,
                entities: None,
            };
        }
        Err(error) => return unreadable(report, error.to_string()),
    };
    report.add(
        Check::MetadataReadable,
        RowOutcome::Pass,
        format!("{} described", entities.len()),
        "SAML 2.0 metadata without DTD",
    );
    rows(&entities, expected, &mut report);
    JudgedMetadata {
        report,
        entities: signed.map(|_| entities),
    }
}

fn authenticate(
    root: Node<'_>,
    expected: &ExpectedMetadata<'_>,
    report: &mut Report,
) -> Option<SignedXml> {
    let keys = expected.keys;
    let count = match keys.len() {
        0 => "none".to_owned(),
        count => format!("{count} given"),
    };
    report.require(
        Check::TrustedKey,
        !keys.is_empty(),
        count,
        "at least one key",
    );
    let signed = dsig::has_signature(root);
    let found = if signed { "signed" } else { "not signed" };
    report.require(Check::MetadataSigned, signed, found, "signed");
    if !signed || keys.is_empty() {
        report.skip(Check::MetadataSignature, "no signature or no key");
        return None;
    }
    match dsig::verify(root, keys, expected.signatures) {
        Ok(xml) => {
            let found = xml.algorithm().uri();
            report.add(
                Check::MetadataSignature,
                RowOutcome::Pass,
                found,
                "a given key",
            );
            Some(xml)
        }
        Err(error) => {
            report.add(
                Check::MetadataSignature,
                RowOutcome::Fail,
                error.to_string(),
                "a given key",
            );
            None
        }
    }
}

fn unique(root: Node<'_>, report: &mut Report) -> bool {
    let mut seen = HashSet::new();
    let all = std::iter::once(root).chain(root.descendants());
    let twice = all
        .filter(|node| node.is(MD, "EntityDescriptor"))
        .filter_map(|node| node.attribute("entityID"))
        .find(|id| !seen.insert(*id));
    report.require(
        Check::MetadataUnique,
        twice.is_none(),
        twice.unwrap_or("each once").to_owned(),
        "each entityID once",
    )
}

fn rows(entities: &[Entity], expected: &ExpectedMetadata<'_>, report: &mut Report) {
    let of = |entity: &&Entity| expected.entity.is_none_or(|id| entity.entity_id == id);
    let about: Vec<&Entity> = entities.iter().filter(of).collect();
    match expected.entity {
        None => report.skip(Check::MetadataEntity, "no entityID was given"),
        Some(id) => {
            let found = match entities {
                [one] => one.entity_id.clone(),
                _ if about.is_empty() => format!("{} others", entities.len()),
                _ => id.to_owned(),
            };
            report.require(
                Check::MetadataEntity,
                !about.is_empty(),
                found,
                id.to_owned(),
            );
        }
    }
    let end = about.iter().filter_map(|entity| entity.valid_until).min();
    match (expected.now, end) {
        (Some(now), Some(end)) => {
            report.require(
                Check::MetadataValid,
                now < end,
                saml_time::format(end),
                format!("after {}", saml_time::format(now)),
            );
        }
        _ => report.skip(Check::MetadataValid, "no validUntil, or no time was given"),
    }
    let bad = about
        .iter()
        .flat_map(|entity| endpoints(entity))
        .find_map(refused);
    report.require(
        Check::MetadataEndpoints,
        bad.is_none(),
        bad.unwrap_or_else(|| "https".to_owned()),
        "https; http only on loopback and *.localhost",
    );
    let keyless = (about.iter()).find(|entity| !has_keys(entity, expected.signatures));
    report.require(
        Check::MetadataKeys,
        keyless.is_none(),
        keyless.map_or("each role has one".to_owned(), |entity| {
            format!("none in a role of {}", entity.entity_id)
        }),
        "a certificate for signing in each role",
    );
}

/// The endpoints that a browser is sent to.
fn endpoints(entity: &Entity) -> Vec<&Endpoint> {
    let idp = entity.idp.iter();
    let idp = idp.flat_map(|role| role.single_sign_on.iter().chain(&role.single_logout));
    let sp = entity.sp.iter().flat_map(|role| {
        let consumers = role.assertion_consumer.iter().map(|acs| &acs.endpoint);
        consumers.chain(&role.single_logout)
    });
    idp.chain(sp)
        .filter(|endpoint| [binding::REDIRECT, binding::POST].contains(&endpoint.binding.as_str()))
        .collect()
}

fn refused(endpoint: &Endpoint) -> Option<String> {
    let addresses = [
        Some(&endpoint.location),
        endpoint.response_location.as_ref(),
    ];
    let mut addresses = addresses.into_iter().flatten();
    addresses.find_map(|address| unsendable(address).or_else(|| insecure(address)))
}

/// A KeyDescriptor without `use` is for both (SAML metadata §2.4.1.1). An entity whose roles are all for other
/// protocols than SAML 2.0 has none that would need a key.
fn has_keys(entity: &Entity, policy: Policy) -> bool {
    let usable = |keys: &[KeyDescriptor]| {
        keys.iter()
            .filter(|key| key.usage != KeyUse::Encryption)
            .flat_map(KeyDescriptor::readable)
            .any(|certificate| PublicKey::from_certificate(certificate, policy).is_ok())
    };
    entity.idp.iter().all(|role| usable(&role.keys))
        && entity.sp.iter().all(|role| usable(&role.keys))
}
