//! Two descriptions side by side, part by part.

use super::diff::{CertificateChange, Changed, EndpointChange, How, Role, ValueChange};
use crate::dsig::Certificate;
use crate::saml::metadata::{EncryptionMethod, Endpoint, Entity, KeyDescriptor, KeyUse};
use crate::saml::time as saml_time;
use std::collections::{BTreeMap, VecDeque};
use time::OffsetDateTime;

pub(super) fn changed(before: Option<String>, after: Option<String>) -> Option<Changed> {
    (before != after).then_some(Changed { before, after })
}

/// What tells endpoints apart, and where they are.
pub(super) type Point = ((Role, &'static str, String, Option<u16>), String);

pub(super) fn points(entity: &Entity) -> Vec<Point> {
    let mut all = Vec::new();
    let mut add = |role, service, endpoint: &Endpoint, index, default: Option<bool>| {
        let mut place = endpoint.location.clone();
        if let Some(response) = &endpoint.response_location {
            place = format!("{place}, ResponseLocation {response}");
        }
        if let Some(default) = default {
            place = format!("{place}, isDefault={default}");
        }
        all.push(((role, service, endpoint.binding.clone(), index), place));
    };
    if let Some(idp) = &entity.idp {
        for endpoint in &idp.single_sign_on {
            add(Role::Idp, "SingleSignOnService", endpoint, None, None);
        }
        for endpoint in &idp.single_logout {
            add(Role::Idp, "SingleLogoutService", endpoint, None, None);
        }
    }
    if let Some(sp) = &entity.sp {
        for acs in &sp.assertion_consumer {
            let (index, default) = (Some(acs.index), acs.is_default);
            add(
                Role::Sp,
                "AssertionConsumerService",
                &acs.endpoint,
                index,
                default,
            );
        }
        for endpoint in &sp.single_logout {
            add(Role::Sp, "SingleLogoutService", endpoint, None, None);
        }
    }
    all
}

/// What only one of two lists has, however often: each sorted.
fn unmatched<T: Ord>(mut old: Vec<T>, mut new: Vec<T>) -> (Vec<T>, Vec<T>) {
    old.sort_unstable();
    new.sort_unstable();
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
    loop {
        match (old.peek(), new.peek()) {
            (Some(one), Some(other)) if one == other => {
                old.next();
                new.next();
            }
            (Some(one), Some(other)) if one < other => gone.extend(old.next()),
            (Some(_), None) => gone.extend(old.next()),
            (_, Some(_)) => come.extend(new.next()),
            (None, None) => return (gone, come),
        }
    }
}

pub(super) fn endpoints(old: Vec<Point>, new: Vec<Point>) -> Vec<EndpointChange> {
    let (gone, come) = unmatched(old, new);
    let mut places: BTreeMap<_, (VecDeque<String>, VecDeque<String>)> = BTreeMap::new();
    for (key, place) in gone {
        places.entry(key).or_default().0.push_back(place);
    }
    for (key, place) in come {
        places.entry(key).or_default().1.push_back(place);
    }
    let mut changes = Vec::new();
    for ((role, service, binding, index), (mut gone, mut come)) in places {
        loop {
            let (before, after) = (gone.pop_front(), come.pop_front());
            let how = match (&before, &after) {
                (None, None) => break,
                (None, Some(_)) => How::Added,
                (Some(_), None) => How::Removed,
                (Some(_), Some(_)) => How::Changed,
            };
            changes.push(EndpointChange {
                how,
                role,
                service,
                binding: binding.clone(),
                index,
                before,
                after,
            });
        }
    }
    changes
}

/// Role, use, and the certificate as one line of base64.
pub(super) type Key = (Role, &'static str, String);

pub(super) fn keys(entity: &Entity) -> Vec<Key> {
    let of = |role: Role, keys: &[KeyDescriptor]| -> Vec<Key> {
        let of_one = |key: &KeyDescriptor| -> Vec<Key> {
            let usage = match key.usage {
                KeyUse::Signing => "signing",
                KeyUse::Encryption => "encryption",
                KeyUse::Both => "both",
            };
            let bare = |text: &String| text.split_ascii_whitespace().collect();
            let texts = key.certificates.iter().map(bare);
            texts.map(|text| (role, usage, text)).collect()
        };
        keys.iter().flat_map(of_one).collect()
    };
    let mut all = Vec::new();
    all.extend(entity.idp.iter().flat_map(|idp| of(Role::Idp, &idp.keys)));
    all.extend(entity.sp.iter().flat_map(|sp| of(Role::Sp, &sp.keys)));
    all
}

pub(super) fn certificates(
    old: Vec<Key>,
    new: Vec<Key>,
    now: OffsetDateTime,
) -> Vec<CertificateChange> {
    let (gone, come) = unmatched(old, new);
    let told = |how: How, (role, usage, text): Key| {
        let read = Certificate::from_base64(&text).ok();
        let read = read.as_ref();
        let end = read.map(Certificate::not_after);
        CertificateChange {
            how,
            role,
            usage,
            subject: read.map(Certificate::subject),
            sha1: read.map(Certificate::thumbprint),
            sha256: read.map(Certificate::fingerprint),
            not_after: end.map(saml_time::format),
            days_left: end.map(|end| (end - now).whole_days()),
        }
    };
    let gone = gone.into_iter().map(|key| told(How::Removed, key));
    gone.chain(come.into_iter().map(|key| told(How::Added, key)))
        .collect()
}

/// What is neither endpoint nor certificate.
pub(super) fn facts(entity: &Entity) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    let mut add = |name: &str, value: String| {
        if !value.is_empty() {
            facts.insert(name.to_owned(), value);
        }
    };
    add(
        "OrganizationDisplayName",
        entity.organization.clone().unwrap_or_default(),
    );
    if let Some(idp) = &entity.idp {
        let wants = idp.want_authn_requests_signed;
        add(
            "IDPSSODescriptor/WantAuthnRequestsSigned",
            wants.to_string(),
        );
        add(
            "IDPSSODescriptor/NameIDFormat",
            idp.name_id_formats.join(", "),
        );
        let levels = idp.assurance_certification.join(", ");
        add("assurance-certification", levels);
        add("IDPSSODescriptor/EncryptionMethod", methods(&idp.keys));
    }
    if let Some(sp) = &entity.sp {
        let (signs, wants) = (sp.authn_requests_signed, sp.want_assertions_signed);
        add("SPSSODescriptor/AuthnRequestsSigned", signs.to_string());
        add("SPSSODescriptor/WantAssertionsSigned", wants.to_string());
        add(
            "SPSSODescriptor/NameIDFormat",
            sp.name_id_formats.join(", "),
        );
        add("SPSSODescriptor/EncryptionMethod", methods(&sp.keys));
    }
    facts
}

/// The methods of all keys, in document order, because the order decides.
fn methods(keys: &[KeyDescriptor]) -> String {
    let methods = keys.iter().flat_map(|key| &key.encryption_methods);
    let told = methods.map(|method| match method {
        EncryptionMethod::Cipher(cipher) => cipher.uri().to_owned(),
        EncryptionMethod::Transport(oaep) => {
            format!("RSA-OAEP ({:?}, MGF1 {:?})", oaep.digest, oaep.mgf)
        }
        EncryptionMethod::Unknown(uri) => uri.clone(),
    });
    told.collect::<Vec<_>>().join(", ")
}

pub(super) fn values(
    mut old: BTreeMap<String, String>,
    new: BTreeMap<String, String>,
) -> Vec<ValueChange> {
    let mut changes = Vec::new();
    for (name, after) in new {
        let before = old.remove(&name);
        let changed = changed(before, Some(after));
        changes.extend(changed.map(|changed| ValueChange { name, changed }));
    }
    for (name, before) in old {
        let (before, after) = (Some(before), None);
        let changed = Changed { before, after };
        changes.push(ValueChange { name, changed });
    }
    changes
}
