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
        let about = About {
            certificate,
            issuer,
            now,
        };
        if let Some(asked) = about.asked(fetcher).await {
            known.insert(certificate.fingerprint(), asked);
        }
    }
    known
}

/// What is asked about.
#[derive(Clone, Copy)]
struct About<'a> {
    certificate: &'a Certificate,
    issuer: &'a Certificate,
    now: OffsetDateTime,
}

impl About<'_> {
    /// The first answer; none where the certificate names nobody to ask.
    async fn asked(self, fetcher: &Fetcher) -> Option<Asked> {
        let sources = where_to_ask(self.certificate);
        let mut failures = Vec::new();
        if let Some(url) = &sources.ocsp {
            match self.by_ocsp(fetcher, url).await {
                Ok(answer) => return Some(Asked::Answered(answer)),
                Err(why) => failures.push(why),
            }
        }
        for url in &sources.crl {
            match self.by_list(fetcher, url).await {
                Ok(answer) => return Some(Asked::Answered(answer)),
                Err(why) => failures.push(why),
            }
        }
        (!failures.is_empty()).then(|| Asked::Unreachable(failures.join("; ")))
    }

    async fn by_ocsp(self, fetcher: &Fetcher, url: &str) -> Result<Revocation, String> {
        let said = |why: RevocationError| format!("{url}: {why}");
        let request = ocsp_request(self.certificate, self.issuer).map_err(said)?;
        let kind = "application/ocsp-request";
        let answer = fetcher.post(url, kind, request, MAX_OCSP).await;
        // These words name the address themselves.
        let answer = answer.map_err(|error| error.en())?;
        read_ocsp(&answer.bytes, self.certificate, self.issuer, self.now).map_err(said)
    }

    async fn by_list(self, fetcher: &Fetcher, url: &str) -> Result<Revocation, String> {
        let said = |why: RevocationError| format!("{url}: {why}");
        let got = fetcher.get(url, MAX_CRL, &Known::default()).await;
        match got.map_err(|error| error.en())? {
            Got::Fetched(fetched) => {
                let list = read_crl(&fetched.bytes, self.issuer, self.now).map_err(said)?;
                list.status(self.certificate).map_err(said)
            }
            Got::NotModified => Err(format!("{url}: 304")),
        }
    }
}
