//! Judging a Response: the one path by which the hub, the demo systems and offline verdicts do it.

use super::{Report, Trace};
use crate::dsig::{DecryptPolicy, DecryptionKey, Policy, PublicKey};
use crate::oiosaml::Cvr;
use crate::saml::{Assertion, Status};
use time::{Duration, OffsetDateTime};

/// What the receiver expects. An option that is `None` makes its checks `skip`.
#[derive(Debug, Clone)]
pub struct Expected<'a> {
    /// entityID of the sender.
    pub sender: Option<&'a str>,
    /// The sender's registered keys.
    pub keys: &'a [PublicKey],
    /// Our keys for what is encrypted.
    pub decryption_keys: &'a [DecryptionKey],
    /// Algorithms of signatures.
    pub signatures: Policy,
    /// Algorithms of encryption.
    pub encryption: DecryptPolicy,
    /// Our entityID.
    pub audience: Option<&'a str>,
    /// Our AssertionConsumerService.
    pub acs: Option<&'a str>,
    /// `ID` of our request.
    pub in_response_to: Option<&'a str>,
    /// Now.
    pub now: Option<OffsetDateTime>,
    /// Allowed difference of clocks.
    pub skew: Duration,
    /// When we sent a request with ForceAuthn.
    pub forced_at: Option<OffsetDateTime>,
    /// Whether we pass the login on, which a ProxyRestriction may forbid.
    pub proxies: bool,
    /// Whether a refusal without assertion may be unsigned.
    pub unsigned_status: bool,
    /// Federation rules for the user's identity.
    pub identity: Option<IdentityRules<'a>>,
}

/// The federation's rules for NameID and CVR.
#[derive(Debug, Clone)]
pub struct IdentityRules<'a> {
    /// The CVRs the sender speaks for; `None` when that is not ours to judge (a demo system).
    pub contexts: Option<&'a [Cvr]>,
    /// Whether NameID must be X509SubjectName.
    pub x509_subject_name: bool,
    /// Which profile version is expected.
    pub version: crate::oiosaml::OiosamlVersion,
}

/// What a judged Response is.
#[derive(Debug)]
pub struct Judged {
    /// The rows.
    pub report: Report,
    /// What it carries, as far as it was authenticated.
    pub content: Content,
    /// The assertion in clear, for the journal.
    pub decrypted: Option<String>,
}

/// What was authenticated.
#[derive(Debug)]
pub enum Content {
    /// An assertion, all of it covered by a signature of the sender. Whether it is accepted is the report's
    /// word.
    Assertion(Box<Signed<Assertion>>),
    /// A refusal that the sender signed.
    Status(Signed<Status>),
    /// A refusal that nobody signed: never leads to an assertion.
    Unsigned(UnsignedStatus),
    /// Nothing that could be authenticated.
    Nothing,
}

/// A value read from bytes that one allowed signature of the sender's registered key covers. Only this
/// module makes one.
#[derive(Debug, Clone)]
pub struct Signed<T> {
    value: T,
    key_id: String,
}

/// A Response without assertion and without signature. It can only become a refusal.
#[derive(Debug, Clone)]
pub struct UnsignedStatus(Status);

impl<T> Signed<T> {
    /// What was signed.
    pub fn value(&self) -> &T {
        &self.value
    }
    /// Which registered key signed it.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }
}

impl UnsignedStatus {
    /// The status as stated.
    pub fn status(&self) -> &Status {
        &self.0
    }
}

/// Judges the XML of a Response. Never fails: what cannot be read is a failed row.
pub fn response(xml: &[u8], expected: &Expected<'_>) -> Judged {
    let _ = (xml, expected, Trace::default());
    todo!()
}
