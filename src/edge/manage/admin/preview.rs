//! What metadata says: addresses, certificates, what the real hub's validation would say of it, and what is new about it.

use super::Text;
use super::metadata::entity;
use super::role::Role;
use crate::config::pki;
use crate::dsig::Certificate;
use crate::edge::app::{App, Mode};
use crate::edge::fetch::refresh::diff;
use crate::edge::page::{Language, when};
use crate::hub::lint::{Circumstances, Finding, Others, Severity, lint};
use crate::registry::Content;
use crate::saml::metadata::{Endpoint, Entity, KeyUse};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// Metadata as a page shows it.
#[derive(Debug, Default)]
pub struct Facts {
    /// entityID.
    pub id: String,
    /// Service, binding, address.
    pub endpoints: Vec<(String, String, String)>,
    /// Its certificates.
    pub certificates: Vec<CertificateView>,
}

/// A certificate.
#[derive(Debug)]
pub struct CertificateView {
    /// What it is for.
    pub usage: &'static str,
    /// Its subject.
    pub subject: String,
    /// SHA-1, as Windows shows it.
    pub thumbprint: String,
    /// When it ends, and how long that is.
    pub ends: String,
    /// A class.
    pub class: &'static str,
}

/// What the real hub's validation would say of a document.
#[derive(Debug, Default)]
pub struct Judged {
    /// How many errors and warnings.
    pub counts: (usize, usize),
    /// The findings.
    pub findings: Vec<FindingView>,
}

/// One finding.
#[derive(Debug)]
pub struct FindingView {
    /// A class and a word.
    pub severity: (&'static str, &'static str),
    /// The rule.
    pub id: &'static str,
    /// What is wrong.
    pub title: &'static str,
    /// What to do; nothing, where there is nothing to do.
    pub remedy: Option<&'static str>,
    /// The real service's own words.
    pub message: Option<&'static str>,
    /// What was found.
    pub found: String,
    /// Where.
    pub place: String,
}

/// Days under which a certificate is marked: time to order another one.
const SOON: i64 = 60;

impl Facts {
    /// Of one party's description.
    pub fn of(a: &Text, entity: &Entity, now: OffsetDateTime) -> Self {
        let mut endpoints = Vec::new();
        let mut add = |service: &str, endpoint: &Endpoint| {
            let binding = endpoint.binding.rsplit(':').next().unwrap_or_default();
            let place = endpoint.location.clone();
            endpoints.push((service.to_owned(), binding.to_owned(), place));
        };
        let mut certificates = Vec::new();
        if let Some(role) = &entity.idp {
            let sso = role.single_sign_on.iter();
            sso.for_each(|one| add("SingleSignOnService", one));
            let slo = role.single_logout.iter();
            slo.for_each(|one| add("SingleLogoutService", one));
        }
        if let Some(role) = &entity.sp {
            let acs = role.assertion_consumer.iter();
            acs.for_each(|one| add("AssertionConsumerService", &one.endpoint));
            let slo = role.single_logout.iter();
            slo.for_each(|one| add("SingleLogoutService", one));
        }
        let idp = entity.idp.iter().flat_map(|role| &role.keys);
        let sp = entity.sp.iter().flat_map(|role| &role.keys);
        for key in idp.chain(sp) {
            let usage = match key.usage {
                KeyUse::Signing => a.for_signing,
                KeyUse::Encryption => a.for_encryption,
                KeyUse::Both => a.for_both,
            };
            let read = key.readable();
            certificates.extend(
                read.iter()
                    .map(|one| CertificateView::of(a, usage, one, now)),
            );
        }
        Self {
            id: entity.entity_id.clone(),
            endpoints,
            certificates,
        }
    }
}

impl CertificateView {
    fn of(a: &Text, usage: &'static str, certificate: &Certificate, now: OffsetDateTime) -> Self {
        let (class, ends) = ends(a, certificate.not_after(), now);
        Self {
            usage,
            subject: certificate.subject(),
            thumbprint: certificate.thumbprint(),
            ends,
            class,
        }
    }
}

/// When a certificate ends, in words, and a class for it.
pub fn ends(a: &Text, end: OffsetDateTime, now: OffsetDateTime) -> (&'static str, String) {
    let days = (end - now).whole_days();
    let day = when::calendar_day(end, a.language);
    match days {
        _ if end <= now => ("fail", a.ended(day)),
        days if days < SOON => ("warn", a.ends_in(day, days)),
        days => ("", a.ends_in(day, days)),
    }
}

/// Judges a document as the real hub's validation service does. Nobody is asked for revocation here.
pub fn judged(
    app: &App,
    language: Language,
    role: Role,
    document: &[u8],
    own_id: Option<&str>,
) -> Judged {
    let cas = [pki::CA, pki::CA_2].map(|pem| Certificate::parse(pem.as_bytes()));
    let cas: Vec<Certificate> = cas.into_iter().flatten().collect();
    let others = others(&app.registry.now().content, app.mode, own_id);
    let linted = lint(
        document,
        role.lint(),
        &Circumstances {
            now: app.clock.now(),
            trusted_cas: &cas,
            others: &others,
            revocation: &BTreeMap::new(),
            own_id,
        },
    );
    let told = linted.findings.iter();
    Judged {
        counts: (
            linted.count(Severity::Error),
            linted.count(Severity::Warning),
        ),
        findings: told
            .map(|finding| FindingView::of(finding, language))
            .collect(),
    }
}

fn others(content: &Content, mode: Mode, own_id: Option<&str>) -> Others {
    let mut others = Others::default();
    for party in content.parties().filter(|party| Some(party.id()) != own_id) {
        let document = party.document();
        if let Some(entity) = document.and_then(|bytes| entity(bytes, Some(party.id()))) {
            others.add_entity(&entity, &party.beside().name);
        }
    }
    // A demo's own parties have keys that everybody has; that is no finding there.
    if mode == Mode::Serve {
        for (_, pem) in pki::all_certificates() {
            if let Ok(certificate) = Certificate::parse(pem.as_bytes()) {
                others.add_published(&certificate);
            }
        }
    }
    others
}

impl FindingView {
    fn of(finding: &Finding, language: Language) -> Self {
        let info = finding.info();
        Self {
            severity: match info.severity {
                Severity::Error => ("fail", language.pick(("fejl", "error"))),
                Severity::Warning => ("warn", language.pick(("advarsel", "warning"))),
                Severity::Note => ("", language.pick(("bemærk", "note"))),
            },
            id: info.id,
            title: language.pick(info.title),
            remedy: (info.severity != Severity::Note).then(|| language.pick(info.remedy)),
            message: info.message,
            found: finding.found.clone(),
            place: finding.place.to_string(),
        }
    }
}

/// What is new about the metadata of a party, a line each; none where there was none before.
pub fn news(
    language: Language,
    old: Option<&Entity>,
    new: Option<&Entity>,
    now: OffsetDateTime,
) -> Option<Vec<String>> {
    let diff = diff(old?, new?, now);
    let text = match language {
        Language::Danish => diff.da(),
        Language::English => diff.en(),
    };
    Some(text.lines().map(str::to_owned).collect())
}
