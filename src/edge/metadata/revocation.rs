//! What CAs are asked of certificates: for the hub, and for `vejviser lint --online`.

use crate::dsig::{
    Certificate, Revocation, RevocationError, ocsp_request, read_crl, read_ocsp, where_to_ask,
};
use crate::edge::fetch::{Fetcher, Got, Known};
use crate::hub::lint::Asked;
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// Bytes of a list of revoked certificates: those of Danish CAs are far smaller.
const MAX_CRL: usize = 16 * 1024 * 1024;
/// Bytes of an answer about one certificate.
const MAX_OCSP: usize = 64 * 1024;

/// What CAs among the `trusted` say of certificates, by fingerprint: by OCSP, and where that is not to be had, by the list.
/// The fetcher must take what comes without TLS ([`Fetcher::with_plain_http`]).
pub async fn ask(
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
