//! Metadata judged as the real hub's validation service does, with what this hub knows of others and of CAs.

use super::Source;
use crate::config::pki;
use crate::dsig::{
    Certificate, PublicKey, Revocation, RevocationError, ocsp_request, read_crl, read_ocsp,
    where_to_ask,
};
use crate::edge::app::App;
use crate::edge::fetch::{Fetcher, Got, Known};
use crate::hub::lint::{Asked, Circumstances, LintRole, Linted, Others, certificates, lint};
use crate::registry::Content;
use crate::xml::{Document, Limits};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// Bytes of a list of revoked certificates: those of Danish CAs are far smaller.
const MAX_CRL: usize = 16 * 1024 * 1024;
/// Bytes of an answer about one certificate.
const MAX_OCSP: usize = 64 * 1024;

/// What came of it.
#[derive(Debug)]
pub struct Verdict {
    /// What was found.
    pub linted: Linted,
    /// CAs that did not answer, and why.
    pub unreachable: Vec<String>,
}

/// Judges metadata for a role. What is registered under the same entityID in the same role is no other.
pub async fn validate(app: &App, bytes: &[u8], role: LintRole) -> Verdict {
    let snapshot = app.registry.now();
    let source = &app.metadata;
    let now = app.clock.now();
    let trusted = trusted(source);
    let own = certificates(bytes, role);
    let revocation = match source.asks_cas {
        true => ask(&source.of_cas(), &own, &trusted, now).await,
        false => BTreeMap::new(),
    };
    let registered = registered(&snapshot.content, bytes, role);
    let circumstances = Circumstances {
        now,
        trusted_cas: &trusted,
        others: &others(app, &snapshot.content),
        revocation: &revocation,
        own_id: registered.as_deref(),
    };
    let linted = lint(bytes, role, &circumstances);
    let unreachable = revocation.into_values().filter_map(|asked| match asked {
        Asked::Unreachable(why) => Some(why),
        Asked::Answered(_) => None,
    });
    Verdict {
        linted,
        unreachable: unreachable.collect(),
    }
}

/// The CAs of the configuration, and the project's own test CAs.
fn trusted(source: &Source) -> Vec<Certificate> {
    let own = [pki::CA, pki::CA_2].into_iter();
    let own = own.filter_map(|pem| Certificate::parse(pem.as_bytes()).ok());
    own.chain(source.trusted.iter().cloned()).collect()
}

/// The entityID of metadata that is registered in this role already: it may be registered as itself again.
fn registered(content: &Content, bytes: &[u8], role: LintRole) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let document = Document::parse_within(bytes, &Limits::METADATA).ok()?;
    let id = document.root().attribute("entityID")?;
    let known = match role {
        LintRole::Idp => content.identity_providers.contains_key(id),
        LintRole::System => content.systems.contains_key(id),
    };
    known.then(|| id.to_owned())
}

/// What is registered of everybody, the hub itself among them.
fn others(app: &App, content: &Content) -> Others {
    let mut others = Others::default();
    let hub = app.hub();
    let shown = [&hub.idp.shown, &hub.sp.shown].into_iter();
    let own: Vec<Certificate> = shown
        .flat_map(|shown| shown.signing.iter().chain(&shown.encryption).cloned())
        .collect();
    others.add(&hub.entity_id, "hub", &own);
    let mut add = |id: &str, title: &str, keys: &mut dyn Iterator<Item = &PublicKey>| {
        let certificates: Vec<_> = keys.filter_map(|key| key.certificate().cloned()).collect();
        others.add(id, title, &certificates);
    };
    let idps = content.identity_providers.values();
    for served in idps.filter_map(|party| party.served.as_ref()) {
        add(
            &served.id,
            &served.presentation_name,
            &mut served.signing_keys.iter(),
        );
    }
    let systems = content.systems.values();
    for served in systems.filter_map(|party| party.served.as_ref()) {
        let recipient = served.encryption.as_ref().map(|recipient| &recipient.key);
        let mut keys = served.signing_keys.iter().chain(recipient);
        add(&served.id, &served.presentation_name, &mut keys);
    }
    others
}

/// What CAs say of certificates: by OCSP, and where that is not to be had, by the list.
async fn ask(
    fetcher: &Fetcher,
    certificates: &[Certificate],
    trusted: &[Certificate],
    now: OffsetDateTime,
) -> BTreeMap<String, Asked> {
    let mut known = BTreeMap::new();
    for certificate in certificates {
        // Without the CA nobody could tell whose answer it is.
        let Some(issuer) = certificate.issuer_among(trusted) else {
            continue;
        };
        let sources = where_to_ask(certificate);
        let mut failures = Vec::new();
        let mut answer = None;
        if let Some(url) = &sources.ocsp {
            answer = keep(
                &mut failures,
                url,
                by_ocsp(fetcher, url, certificate, issuer, now).await,
            );
        }
        for url in &sources.crl {
            if answer.is_none() {
                answer = keep(
                    &mut failures,
                    url,
                    by_list(fetcher, url, certificate, issuer, now).await,
                );
            }
        }
        let asked = match answer {
            Some(answer) => Asked::Answered(answer),
            None if failures.is_empty() => continue,
            None => Asked::Unreachable(failures.join("; ")),
        };
        known.insert(certificate.fingerprint(), asked);
    }
    known
}

fn keep(
    failures: &mut Vec<String>,
    url: &str,
    answer: Result<Revocation, String>,
) -> Option<Revocation> {
    match answer {
        Ok(answer) => Some(answer),
        Err(why) => {
            failures.push(format!("{url}: {why}"));
            None
        }
    }
}

async fn by_ocsp(
    fetcher: &Fetcher,
    url: &str,
    certificate: &Certificate,
    issuer: &Certificate,
    now: OffsetDateTime,
) -> Result<Revocation, String> {
    let request = ocsp_request(certificate, issuer).map_err(said)?;
    let kind = "application/ocsp-request";
    let answer = fetcher.post(url, kind, request, MAX_OCSP).await;
    let answer = answer.map_err(|error| error.en())?;
    read_ocsp(&answer.bytes, certificate, issuer, now).map_err(said)
}

async fn by_list(
    fetcher: &Fetcher,
    url: &str,
    certificate: &Certificate,
    issuer: &Certificate,
    now: OffsetDateTime,
) -> Result<Revocation, String> {
    let got = fetcher.get(url, MAX_CRL, &Known::default()).await;
    match got.map_err(|error| error.en())? {
        Got::Fetched(fetched) => {
            let list = read_crl(&fetched.bytes, issuer, now).map_err(said)?;
            list.status(certificate).map_err(said)
        }
        Got::NotModified => Err("304".to_owned()),
    }
}

fn said(why: RevocationError) -> String {
    why.to_string()
}
