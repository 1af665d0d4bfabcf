//! An offline verdict: one message, judged with what the asker knows, by the code that judges it in the
//! running hub ([`judge`](super::judge)).
//!
//! What the asker did not say makes its checks `skip`, with one exception: without a key nothing can be
//! trusted, and the verdict is the reject `no-trusted-key`.

mod logout;
mod metadata;
mod request;
mod response;

use super::check::Check;
use super::report::{Accepted, Report, Row, RowOutcome};
use crate::dsig::{DecryptPolicy, DecryptionKey, Policy, PublicKey};
use crate::oiosaml::{Cvr, Level, OiosamlVersion};
use crate::saml::{BindingError, MessageField, paste::Pasted};
use std::collections::BTreeMap;
use time::{Duration, OffsetDateTime};

/// What kind of message it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An IdP's or a hub's Response.
    Response,
    /// An AuthnRequest.
    Request,
    /// A LogoutRequest.
    LogoutRequest,
    /// A LogoutResponse.
    LogoutResponse,
    /// Either, by its root element.
    Logout,
    /// Metadata.
    Metadata,
}

/// Which rules hold beside SAML's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// None.
    Saml,
    /// The federation's, as for a party that is registered with this version of OIOSAML.
    Oiosaml(OiosamlVersion),
}

/// What is asked. An option that is `None` makes its checks `skip`.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// The kind of message.
    pub kind: Kind,
    /// The rules.
    pub profile: Profile,
    /// entityID of the sender; of metadata, the party that it must be about.
    pub peer: Option<&'a str>,
    /// The sender's keys; of metadata, its signer's.
    pub keys: &'a [PublicKey],
    /// The receiver's entityID.
    pub me: Option<&'a str>,
    /// The AssertionConsumerService: the receiver's for a response, the sender's for a request.
    pub acs: Option<&'a str>,
    /// Where a request or logout message was received.
    pub destination: Option<&'a str>,
    /// `ID` of the request that the message answers.
    pub in_response_to: Option<&'a str>,
    /// Now.
    pub now: Option<OffsetDateTime>,
    /// Allowed difference of clocks.
    pub skew: Duration,
    /// The receiver's keys for what is encrypted.
    pub decryption_keys: &'a [DecryptionKey],
    /// The level that is required.
    pub required: Option<Level>,
    /// The highest level that the sender may state.
    pub ceiling: Option<Level>,
    /// The organisations that the sender speaks for.
    #[doc(alias = "anvenderkontekst")]
    pub contexts: Option<&'a [Cvr]>,
    /// Algorithms of signatures.
    pub signatures: Policy,
    /// Algorithms of encryption.
    pub encryption: DecryptPolicy,
}

/// The verdict. Names and attributes are there only where the message was accepted: what was refused says
/// nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Every row, in the order of the list of checks.
    pub rows: Vec<Row>,
    /// Whether no mandatory row failed.
    pub accepted: bool,
    /// What an accepted message says.
    pub told: Told,
}

/// What an accepted message says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// `ID` of the assertion.
    pub assertion_id: Option<String>,
    /// The NameID, complete.
    pub name_id: Option<String>,
    /// Attributes by name.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// The level reached.
    pub level: Option<Level>,
}

impl Verdict {
    /// The reason of a reject: the first failed row in the order of the list.
    pub fn reason(&self) -> Option<&Row> {
        self.rows.iter().find(|row| row.outcome == RowOutcome::Fail)
    }
}

/// Judges what was pasted; what could not even be decoded is a failed row of its kind.
pub fn verdict(pasted: Result<Pasted, BindingError>, question: &Question<'_>) -> Verdict {
    match pasted {
        Ok(pasted) => match question.kind {
            Kind::Response => response::verdict(pasted, question),
            Kind::Request => request::verdict(&pasted.decoded(MessageField::Request), question),
            Kind::LogoutRequest => {
                logout::verdict(&pasted.decoded(MessageField::Request), Some(true), question)
            }
            Kind::LogoutResponse => {
                let decoded = pasted.decoded(MessageField::Response);
                logout::verdict(&decoded, Some(false), question)
            }
            Kind::Logout => {
                let field = match logout::is_response(&pasted.xml) {
                    true => MessageField::Response,
                    false => MessageField::Request,
                };
                logout::verdict(&pasted.decoded(field), None, question)
            }
            Kind::Metadata => metadata::verdict(&pasted.xml, question),
        },
        Err(error) => undecodable(&error, question.kind),
    }
}

fn undecodable(error: &BindingError, kind: Kind) -> Verdict {
    let (check, made): (Check, Vec<Check>) = match kind {
        Kind::Response => (Check::ResponseReadable, Check::of_answers().to_vec()),
        Kind::Request => (Check::RequestReadable, Check::of_requests().to_vec()),
        Kind::LogoutRequest | Kind::Logout => {
            (Check::LogoutReadable, Check::of_logout(true).collect())
        }
        Kind::LogoutResponse => (Check::LogoutReadable, Check::of_logout(false).collect()),
        Kind::Metadata => (Check::MetadataReadable, Check::of_metadata().to_vec()),
    };
    let mut report = Report::default();
    report.add(check, RowOutcome::Fail, error.to_string(), "a message");
    conclude::<()>(report, None, &made, |_| Told::default())
}

/// Accepts a value that was authenticated and of which no row failed; a check without a row is a failed one,
/// as in the hub. In a reject, a check without a row could not be judged.
fn conclude<T>(
    report: Report,
    value: Option<T>,
    made: &[Check],
    told: impl FnOnce(&T) -> Told,
) -> Verdict {
    match report.conclude(value, made) {
        Ok(accepted) => Verdict {
            rows: rows(accepted.report()),
            accepted: true,
            told: said(&accepted, told),
        },
        Err((mut report, _)) => {
            for check in made {
                if report.outcome(*check).is_none() {
                    report.skip(*check, "not judged: an earlier row failed");
                }
            }
            Verdict {
                rows: rows(&report),
                accepted: false,
                told: Told::default(),
            }
        }
    }
}

fn said<T>(accepted: &Accepted<T>, told: impl FnOnce(&T) -> Told) -> Told {
    told(accepted.value())
}

fn rows(report: &Report) -> Vec<Row> {
    report.rows().into_iter().cloned().collect()
}

/// What only a running hub can tell, or only the rules of a federation ask.
fn skip_all(report: &mut Report, checks: &[Check], why: &'static str) {
    for check in checks {
        if report.outcome(*check).is_none() {
            report.skip(*check, why);
        }
    }
}
