//! From files to certificates, each with the place where it stands.

use super::finding::Finding;
use super::kind::{METADATA, UNREADABLE};
use crate::dsig::{Certificate, KeyError};
use crate::hub::Actor;
use crate::saml::metadata::{self, KeyDescriptor, KeyUse};
use crate::xml::{Document, Limits};
use openssl::pkcs12::Pkcs12;
use std::collections::BTreeMap;

/// A certificate where it stands.
pub struct Shown {
    /// File, and line or role: `idp.pem:3`. No two certificates of a file have the same.
    pub place: String,
    /// Whose it is, as metadata says.
    pub party: Option<Party>,
    /// The certificate.
    pub certificate: Certificate,
}

/// Whose certificate it is, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// entityID.
    pub entity_id: String,
    /// In which role.
    pub role: Role,
    /// For what.
    pub usage: KeyUse,
}

/// A role in metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// `IDPSSODescriptor`
    IdentityProvider,
    /// `SPSSODescriptor`
    System,
}

impl Shown {
    /// Who must act.
    pub fn actor(&self) -> Actor {
        match self.party.as_ref().map(|party| party.role) {
            Some(Role::IdentityProvider) => Actor::IdentityProvider,
            Some(Role::System) => Actor::System,
            None => Actor::Sender,
        }
    }
}

/// What is read of all files.
#[derive(Default)]
pub struct Read {
    /// Every certificate that could be read.
    pub shown: Vec<Shown>,
    /// What could not.
    pub findings: Vec<Finding>,
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

impl Read {
    /// Adds what is in a file of this name.
    pub fn file(&mut self, name: &str, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        let start = text.trim_start_matches('\u{feff}').trim_start();
        if start.starts_with('<') {
            self.metadata(name, bytes);
        } else if text.contains(BEGIN) {
            self.pem(name, &text);
        } else {
            let certificate = Certificate::parse(bytes);
            let certificate = certificate.or_else(|_| Certificate::from_base64(start));
            self.add(name.to_owned(), None, certificate, || why_not(bytes, &text));
        }
    }

    /// Every certificate of a PEM file, at the line where it begins.
    fn pem(&mut self, name: &str, text: &str) {
        let mut at = 0;
        while let Some(found) = text[at..].find(BEGIN) {
            let start = at + found;
            let line = 1 + text[..start].matches('\n').count();
            let body = start + BEGIN.len();
            let next = text[body..]
                .find(BEGIN)
                .map_or(text.len(), |next| body + next);
            let end = text[body..next].find(END).map(|end| body + end + END.len());
            let certificate = match end {
                Some(end) => Certificate::parse(&text.as_bytes()[start..end]),
                None => Err(KeyError::Unreadable("no END line".to_owned())),
            };
            let why = match end {
                Some(_) => {
                    "what stands between BEGIN and END is no certificate: a line is missing or was changed"
                }
                None => "there is no END CERTIFICATE line: the end is missing",
            };
            self.add(format!("{name}:{line}"), None, certificate, || {
                why.to_owned()
            });
            at = next;
        }
    }

    /// The certificates of metadata, by entity, role and use.
    fn metadata(&mut self, name: &str, bytes: &[u8]) {
        let entities = Document::parse_within(bytes, &Limits::METADATA)
            .map_err(|error| error.to_string())
            .and_then(|document| {
                metadata::read(document.root()).map_err(|error| error.to_string())
            });
        let entities = match entities {
            Ok(entities) => entities,
            Err(why) => {
                self.findings
                    .push(Finding::new(METADATA, Actor::Sender, why, name));
                return;
            }
        };
        let before = self.shown.len() + self.findings.len();
        for entity in &entities {
            let idp = entity.idp.as_ref().map(|role| &role.keys);
            let sp = entity.sp.as_ref().map(|role| &role.keys);
            for (role, keys) in [(Role::IdentityProvider, idp), (Role::System, sp)] {
                let keys = keys.map(Vec::as_slice).unwrap_or_default();
                let (mut all, mut before) = (BTreeMap::new(), BTreeMap::new());
                for key in keys {
                    *all.entry(usage(key.usage)).or_insert(0) += 1;
                }
                for key in keys {
                    let word = usage(key.usage);
                    let place = format!("{name}: {} {} {word}", entity.entity_id, role.word());
                    let at = before.entry(word).or_insert(0);
                    let place = numbered(place, " #", *at, all[word]);
                    *at += 1;
                    let party = Party {
                        entity_id: entity.entity_id.clone(),
                        role,
                        usage: key.usage,
                    };
                    self.descriptor(&place, &party, key);
                }
            }
        }
        if self.shown.len() + self.findings.len() == before {
            let why = "the metadata holds no certificate for an identity provider or a system";
            self.findings
                .push(Finding::new(UNREADABLE, Actor::Sender, why, name));
        }
    }

    fn descriptor(&mut self, place: &str, party: &Party, key: &KeyDescriptor) {
        for (at, text) in key.certificates.iter().enumerate() {
            self.add(
                numbered(
                    place.to_owned(),
                    " certificate ",
                    at,
                    key.certificates.len(),
                ),
                Some(party.clone()),
                Certificate::from_base64(text),
                || "X509Certificate is not the base64 of a certificate".to_owned(),
            );
        }
    }

    fn add(
        &mut self,
        place: String,
        party: Option<Party>,
        certificate: Result<Certificate, KeyError>,
        why: impl FnOnce() -> String,
    ) {
        match certificate {
            Ok(certificate) => self.shown.push(Shown {
                place,
                party,
                certificate,
            }),
            Err(_) => self
                .findings
                .push(Finding::new(UNREADABLE, Actor::Sender, why(), place)),
        }
    }
}

impl Role {
    /// As metadata is spoken of.
    pub fn word(self) -> &'static str {
        match self {
            Self::IdentityProvider => "idp",
            Self::System => "sp",
        }
    }
}

/// As the `use` attribute says; `both` where there is none.
pub fn usage(usage: KeyUse) -> &'static str {
    match usage {
        KeyUse::Signing => "signing",
        KeyUse::Encryption => "encryption",
        KeyUse::Both => "both",
    }
}

/// A place with its number among those that would be called the same; alone it needs none.
fn numbered(place: String, word: &str, before: usize, all: usize) -> String {
    match all {
        0 | 1 => place,
        _ => format!("{place}{word}{}", before + 1),
    }
}

/// What a file is that holds no certificate.
fn why_not(bytes: &[u8], text: &str) -> String {
    let what = if bytes.is_empty() {
        "the file is empty"
    } else if text.contains("PRIVATE KEY-----") {
        "it holds a private key and no certificate; give it with --key"
    } else if text.contains("BEGIN PKCS7") || text.contains("BEGIN CMS") {
        "it is PKCS #7; openssl pkcs7 -print_certs -in FILE takes the certificates out"
    } else if text.contains("BEGIN CERTIFICATE REQUEST") || text.contains("NEW CERTIFICATE REQUEST")
    {
        "it is a request for a certificate (CSR), not a certificate"
    } else if text.contains("BEGIN PUBLIC KEY") {
        "it holds a public key and no certificate"
    } else if Pkcs12::from_der(bytes).is_ok() {
        "it is PKCS #12; openssl pkcs12 -nokeys -in FILE takes the certificates out"
    } else {
        "it is neither PEM nor DER of a certificate, nor XML"
    };
    what.to_owned()
}
