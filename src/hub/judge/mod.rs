//! Judging a message: the one path by which the hub, the demo systems and offline verdicts do it. A Response
//! here, the others in files of their own.

mod authenticate;
mod identity;
pub mod logout;
pub mod metadata;
mod proof;
pub mod request;
pub(in crate::hub) mod rotated;
mod rows;
mod subject;

pub(crate) use identity::stated_cvr;
pub use request::{ExpectedRequest, request};

use super::{Check, Report, RowOutcome};
use crate::dsig::{DecryptPolicy, DecryptionKey, Policy, PublicKey};
use crate::oiosaml::Cvr;
use crate::saml::{Assertion, Response, Status};
use crate::xml::Document;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

/// What the receiver expects. An option that is `None` makes its checks `skip`.
#[derive(Debug, Clone)]
pub struct Expected<'a> {
    /// entityID of the sender.
    pub sender: Option<&'a str>,
    /// The sender's registered keys.
    pub keys: &'a [PublicKey],
    /// Keys that the sender had before: they accept nothing, and are named in a refusal.
    pub former_keys: &'a [PublicKey],
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
    /// The CVRs the sender speaks for; `None` when that is not ours to judge (a demo system) or was
    /// not said: then only that it is one CVR.
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
    /// Whether its assertion was encrypted: then nobody outside may learn more than “failed”.
    pub encrypted: bool,
    /// Local name of the root element, where there is one.
    pub root: Option<String>,
    /// `ID` of the Response, if the Response itself was signed.
    pub signed_response_id: Option<String>,
    /// What it carries, as far as it was authenticated.
    pub content: Content,
    /// The assertion in clear, for the journal.
    pub decrypted: Option<String>,
    /// Which of the decryption keys opened an assertion that a registered key of the sender signed: for ourselves,
    /// and never said to anybody else.
    pub opened_with: Option<usize>,
}

/// What was authenticated: bytes that a registered key of the sender signed. Whether the sender is the right
/// one and the message is for us is the report's word.
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
    key_id: Arc<str>,
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

/// Allowed difference of clocks inbound.
pub const SKEW: Duration = Duration::seconds(180);
/// How old a Response may be when it arrives, as for a request.
pub const MAX_AGE: Duration = Duration::minutes(5);

/// Judges the XML of a Response. Never fails: what cannot be read is a failed row.
///
/// The order is that of trust: read, verify the outer signature, decrypt, verify the inner one, and only
/// then read what it says. Where authentication fails the remaining rows are judged all the same, by what
/// the message claims, because a tester wants to see everything at once; but the content is `Nothing`.
pub fn response(xml: &[u8], expected: &Expected<'_>) -> Judged {
    let mut report = Report::new();
    let mut judged = Judged {
        report: Report::default(),
        encrypted: false,
        root: None,
        signed_response_id: None,
        content: Content::Nothing,
        decrypted: None,
        opened_with: None,
    };
    let document = match Document::parse(xml) {
        Ok(document) => document,
        Err(error) => {
            report.add(
                Check::ResponseReadable,
                RowOutcome::Fail,
                error.to_string(),
                "a SAML 2.0 Response",
            );
            judged.report = report;
            return judged;
        }
    };
    judged.root = Some(document.root().local().to_owned());
    let outer = authenticate::envelope(document.root(), expected, &mut report);
    let root = outer.root(&document);
    match Response::read(root) {
        Err(error) => {
            report.add(
                Check::ResponseReadable,
                RowOutcome::Fail,
                error.to_string(),
                "a SAML 2.0 Response",
            );
        }
        Ok(response) => {
            report.add(
                Check::ResponseReadable,
                RowOutcome::Pass,
                "Response",
                "a SAML 2.0 Response",
            );
            rows::envelope(&response, outer.is_signed(), expected, &mut report);
            judged.signed_response_id = outer.is_signed().then(|| response.id.clone());
            if response.status.is_success() {
                if matches!(outer, authenticate::Envelope::Unsigned) {
                    report.skip(
                        Check::ResponseSignature,
                        "the Response is not signed; its assertion must be",
                    );
                }
                assertion(root, &outer, expected, &mut report, &mut judged);
            } else {
                judged.content = status(root, response.status, &outer, expected, &mut report);
            }
        }
    }
    judged.report = report;
    judged
}

/// The assertion of a Response that claims success.
fn assertion(
    root: crate::xml::Node<'_>,
    outer: &authenticate::Envelope,
    expected: &Expected<'_>,
    report: &mut Report,
    judged: &mut Judged,
) {
    let found = authenticate::assertion(root, outer, expected, report);
    judged.encrypted = found.encrypted;
    judged.decrypted = found.decrypted;
    let opened_with = found.opened_with;
    let Some(found) = found.assertion else {
        return;
    };
    rows::assertion(found.told(), expected, report);
    if let Some(rules) = &expected.identity {
        identity::rows(found.told(), rules, report);
    }
    if let authenticate::Origin::Signed(signed) = found {
        judged.content = Content::Assertion(Box::new(signed));
        judged.opened_with = opened_with;
    }
}

/// A refusal: only ever becomes a refusal of ours, signed or not.
fn status(
    root: crate::xml::Node<'_>,
    status: Status,
    outer: &authenticate::Envelope,
    expected: &Expected<'_>,
    report: &mut Report,
) -> Content {
    let carries = Response::assertions(root).len() + Response::encrypted_assertions(root).len();
    // What else it carries is not looked at, and never leads to a login; the refusal is what happened.
    if carries == 0 {
        report.add(
            Check::AssertionCount,
            RowOutcome::Pass,
            "0",
            "no assertion beside a refusal",
        );
    } else {
        report.skip(
            Check::AssertionCount,
            format!("{carries} beside a refusal, not looked at"),
        );
    }
    if matches!(outer, authenticate::Envelope::Unsigned) {
        let (outcome, wanted) = if expected.unsigned_status {
            (
                RowOutcome::Warn,
                "signed; let through by the setting unsigned_status",
            )
        } else {
            (RowOutcome::Fail, "signed")
        };
        report.add(
            Check::ResponseSignature,
            outcome,
            "a refusal that nobody signed",
            wanted,
        );
    }
    match outer {
        authenticate::Envelope::Signed { key_id, .. } => Content::Status(Signed {
            value: status,
            key_id: key_id.clone(),
        }),
        authenticate::Envelope::Unsigned if expected.unsigned_status && carries == 0 => {
            Content::Unsigned(UnsignedStatus(status))
        }
        _ => Content::Nothing,
    }
}
