//! The hub's test CA: it issues nothing here (`certs new` does), and answers for what it issued, at `/ca` and to
//! [`super::metadata::validate`].

mod api;
mod site;
#[cfg(test)]
mod tests;

pub use api::router as api;
pub use site::{PATH, router as site};

use super::app::App;
use super::world::{Clock, SystemEntropy};
use crate::dsig::{Certificate, KeyError, Revocation};
use crate::hub::lint::Asked;
use crate::mint::{self, Authority, KeyKind, MintError};
use crate::registry::{Content, Revoked};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};
use time::OffsetDateTime;

/// The CA that a process answers for.
pub struct TestCa {
    /// Made at its first use, where none was given: a demo starts without waiting for it.
    own: OnceLock<Option<Own>>,
    clock: Arc<Clock>,
    invented: bool,
}

struct Own {
    authority: Authority,
    certificate: Certificate,
}

/// Days that what it issues may live.
const DAYS: u32 = 10 * 365;

impl TestCa {
    /// One that somebody has.
    pub fn given(authority: Authority, clock: Arc<Clock>) -> Result<Self, KeyError> {
        let own = Own::new(authority)?;
        Ok(Self {
            own: OnceLock::from(Some(own)),
            clock,
            invented: false,
        })
    }

    /// One of this process, on a key that ends with it.
    pub fn invented(clock: Arc<Clock>) -> Self {
        Self {
            own: OnceLock::new(),
            clock,
            invented: true,
        }
    }

    /// Whether everybody may have its key: it is nobody's, and ends with the process.
    fn is_invented(&self) -> bool {
        self.invented
    }

    fn own(&self) -> Option<&Own> {
        let made = || {
            let at = self.clock.real();
            let made = Authority::on(KeyKind::P256, at, DAYS, &mut SystemEntropy);
            let own = made.and_then(|authority| Ok(Own::new(authority)?));
            own.inspect_err(|error| tracing::error!(%error, "no test CA"))
                .ok()
        };
        self.own.get_or_init(made).as_ref()
    }

    /// Its certificate.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.own().map(|own| &own.certificate)
    }

    /// Its list of what it took back, in DER.
    fn list(&self, content: &Content, now: OffsetDateTime) -> Option<Result<Vec<u8>, MintError>> {
        let own = self.own()?;
        Some(mint::crl(&own.authority, &taken_back(content), now))
    }

    /// Its answer to an OCSP request, in DER.
    fn answer(
        &self,
        request: &[u8],
        content: &Content,
        now: OffsetDateTime,
    ) -> Option<Result<Vec<u8>, MintError>> {
        let own = self.own()?;
        let revoked = taken_back(content);
        Some(mint::ocsp(&own.authority, request, &revoked, now))
    }

    /// What it says of those of the certificates that it issued, by fingerprint.
    pub fn says(&self, certificates: &[Certificate], content: &Content) -> BTreeMap<String, Asked> {
        let Some(own) = self.own() else {
            return BTreeMap::new();
        };
        let authority = std::slice::from_ref(&own.certificate);
        let issued = certificates
            .iter()
            .filter(|certificate| certificate.issuer_among(authority).is_some());
        let said = issued.map(|certificate| {
            let serial = Revoked::serial(&certificate.story().serial);
            let revoked = serial.and_then(|serial| content.revoked_as(&serial));
            let said = match revoked {
                Some(revoked) => Revocation::Revoked(revoked.at),
                None => Revocation::Good,
            };
            (certificate.fingerprint(), Asked::Answered(said))
        });
        said.collect()
    }
}

impl Own {
    fn new(authority: Authority) -> Result<Self, KeyError> {
        Ok(Self {
            certificate: Certificate::parse(authority.certificate_pem().as_bytes())?,
            authority,
        })
    }
}

fn taken_back(content: &Content) -> Vec<mint::Revoked> {
    let revoked = content.revoked();
    revoked.map(|one| (one.octets(), one.at)).collect()
}

/// The test CA's address.
fn address(app: &App) -> String {
    app.hub().url(PATH)
}

impl fmt::Debug for TestCa {
    // Key material must not end up in a log by way of {:?}.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestCa").finish_non_exhaustive()
    }
}
