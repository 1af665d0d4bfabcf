//! What a judgement needs to know beside the document.

use crate::dsig::{Certificate, Policy, PublicKey, Revocation};
use crate::saml::metadata::{Entity, KeyDescriptor};
use std::collections::{BTreeMap, BTreeSet};
use time::OffsetDateTime;

/// What a judgement needs to know beside the document.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// Now.
    pub now: OffsetDateTime,
    /// Whose certificates are accepted: roots, or the issuing CAs themselves.
    pub trusted_cas: &'a [Certificate],
    /// What others have.
    pub others: &'a Others,
    /// What is known of certificates, by their [`Certificate::fingerprint`]; of one that is not in here nobody asked.
    pub revocation: &'a BTreeMap<String, Asked>,
    /// The entityID of the registration that is replaced: what it has is not somebody else's.
    pub own_id: Option<&'a str>,
}

/// What became of the question whether a certificate was revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The CA's answer.
    Answered(Revocation),
    /// No answer, and why.
    Unreachable(String),
}

/// Who has which entityIDs and keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Others {
    /// Who it is, by entityID.
    entities: BTreeMap<String, String>,
    /// Whose it is (entityID, who), by key.
    keys: BTreeMap<String, Vec<(String, String)>>,
    /// Keys that everybody has.
    published: BTreeSet<String>,
}

impl Others {
    /// A party that is registered already: what it is called, and the certificates of any of its roles.
    pub fn add(&mut self, entity_id: &str, who: &str, certificates: &[Certificate]) {
        self.entities.insert(entity_id.to_owned(), who.to_owned());
        for key in certificates.iter().map(key_id) {
            let owners = self.keys.entry(key).or_default();
            let owner = (entity_id.to_owned(), who.to_owned());
            if !owners.contains(&owner) {
                owners.push(owner);
            }
        }
    }

    /// The same, as its metadata tells it.
    pub fn add_entity(&mut self, entity: &Entity, who: &str) {
        let idp = entity.idp.iter().flat_map(|role| &role.keys);
        let sp = entity.sp.iter().flat_map(|role| &role.keys);
        let certificates: Vec<Certificate> =
            idp.chain(sp).flat_map(KeyDescriptor::readable).collect();
        self.add(&entity.entity_id, who, &certificates);
    }

    /// A certificate whose private key everybody has.
    pub fn add_published(&mut self, certificate: &Certificate) {
        self.published.insert(key_id(certificate));
    }

    /// Who has this entityID.
    pub(super) fn entity(&self, entity_id: &str) -> Option<&str> {
        self.entities.get(entity_id).map(String::as_str)
    }

    /// Who has the key of this certificate, but for those with these entityIDs.
    pub(super) fn owners(&self, certificate: &Certificate, but: &[Option<&str>]) -> Vec<String> {
        let owners = self.keys.get(&key_id(certificate)).into_iter().flatten();
        let others = owners.filter(|(id, _)| !but.contains(&Some(id)));
        others.map(|(id, who)| format!("{who} ({id})")).collect()
    }

    /// Whether everybody has the private key.
    pub(super) fn is_published(&self, certificate: &Certificate) -> bool {
        self.published.contains(&key_id(certificate))
    }
}

/// The key decides, not the certificate: another certificate on the same key is the same secret. Where the key cannot
/// be used, the certificate.
fn key_id(certificate: &Certificate) -> String {
    let key = PublicKey::from_certificate(certificate.clone(), Policy::Modern);
    key.map_or_else(
        |_| certificate.story().key_id,
        |key| key.key_id().to_string(),
    )
}
