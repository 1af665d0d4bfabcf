//! Whether one of some CAs issued a certificate, directly or through others of them.

use super::Certificate;
use openssl::error::ErrorStack;
use openssl::stack::Stack;
use openssl::x509::X509StoreContext;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use time::{Duration, OffsetDateTime};

impl Certificate {
    /// Why none of these CAs vouches for it at `now`, in OpenSSL's words; `None` where one does. That the certificate
    /// itself has ended, or not begun, is another question: its issuer is asked about the moment of its life that is
    /// nearest. A CA that is given is trusted without the ones above it.
    pub fn not_issued_by(&self, authorities: &[Self], now: OffsetDateTime) -> Option<String> {
        match self.verdict(authorities, now) {
            Ok(verdict) => verdict,
            Err(error) => Some(error.to_string()),
        }
    }

    fn verdict(
        &self,
        authorities: &[Self],
        now: OffsetDateTime,
    ) -> Result<Option<String>, ErrorStack> {
        // To OpenSSL the end itself is too late.
        let (begin, end) = (self.not_before(), self.not_after() - Duration::SECOND);
        let at = now.max(begin).min(end);
        let mut parameters = X509VerifyParam::new()?;
        parameters.set_time(at.unix_timestamp());
        parameters.set_flags(X509VerifyFlags::PARTIAL_CHAIN)?;
        let mut store = X509StoreBuilder::new()?;
        store.set_param(&parameters)?;
        for authority in authorities {
            store.add_cert(authority.x509.clone())?;
        }
        let mut context = X509StoreContext::new()?;
        context.init(
            &store.build(),
            &self.x509,
            Stack::new()?.as_ref(),
            |context| {
                let good = context.verify_cert()?;
                Ok((!good).then(|| context.error().error_string().to_owned()))
            },
        )
    }

    /// The one of these CAs that has the name of its issuer and whose key made its signature.
    pub fn issuer_among<'a>(&self, authorities: &'a [Self]) -> Option<&'a Self> {
        authorities.iter().find(|authority| {
            let key = authority.x509.public_key();
            self.names_as_issuer(authority)
                && key.is_ok_and(|key| self.x509.verify(&key).unwrap_or(false))
        })
    }

    /// Whether it says that this CA issued it. A name proves nothing.
    pub fn names_as_issuer(&self, authority: &Self) -> bool {
        let issuer = self.x509.issuer_name().to_der().ok();
        issuer.is_some() && issuer == authority.x509.subject_name().to_der().ok()
    }
}
