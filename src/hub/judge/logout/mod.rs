//! Judging a logout message, request or response: the one path by which the hub and offline verdicts do it.

mod rows;

use super::proof::{is_signed, prove};
use super::{SKEW, Signed, rotated};
use crate::dsig::{Policy, PublicKey, SignatureError};
use crate::hub::{Check, Report, RowOutcome};
use crate::saml::{Claimed, Decoded, LogoutRequest, LogoutResponse, MessageField, SchemaError};
use crate::xml::{Document, Node, beginning};
use time::{Duration, OffsetDateTime};

/// What the receiver expects. An option that is `None` makes its checks `skip`.
#[derive(Debug, Clone)]
pub struct ExpectedLogout<'a> {
    /// Which of the two it must be; `None`: the root element says.
    pub request: Option<bool>,
    /// entityID of the sender.
    pub sender: Option<&'a str>,
    /// The sender's registered keys.
    pub keys: &'a [PublicKey],
    /// Keys that the sender had before: they accept nothing, and are named in a refusal.
    pub former_keys: &'a [PublicKey],
    /// Algorithms of signatures.
    pub signatures: Policy,
    /// Our SingleLogoutService.
    pub destination: Option<&'a str>,
    /// `ID` of our request, for a response.
    pub in_response_to: Option<&'a str>,
    /// Now.
    pub now: Option<OffsetDateTime>,
    /// Allowed difference of clocks.
    pub skew: Duration,
}

impl ExpectedLogout<'_> {
    /// Nothing but what always holds.
    pub fn nothing() -> Self {
        Self {
            request: None,
            sender: None,
            keys: &[],
            former_keys: &[],
            signatures: Policy::Modern,
            destination: None,
            in_response_to: None,
            now: None,
            skew: SKEW,
        }
    }
}

/// One of the two messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Logout {
    /// A request to end a session.
    Request(LogoutRequest),
    /// The answer to one.
    Response(LogoutResponse),
}

/// What a judged logout message is.
#[derive(Debug)]
pub struct JudgedLogout {
    /// The rows.
    pub report: Report,
    /// Local name of the root element, where there is one.
    pub root: Option<String>,
    /// Whether it is a request, by what was expected or by its root element.
    pub is_request: bool,
    /// The message, if a registered key of the sender signed it. Whether it is accepted is the report's word.
    pub message: Option<Signed<Logout>>,
}

impl Logout {
    fn read(root: Node<'_>, request: bool) -> Result<Self, SchemaError> {
        match request {
            true => LogoutRequest::read(root).map(Self::Request),
            false => LogoutResponse::read(root).map(Self::Response),
        }
    }
    /// Its Issuer.
    pub fn issuer(&self) -> Option<&str> {
        match self {
            Self::Request(request) => request.issuer.as_deref(),
            Self::Response(response) => response.issuer.as_deref(),
        }
    }
}

/// Judges a logout message. Never fails: what cannot be read is a failed row.
pub fn logout(decoded: &Decoded, expected: &ExpectedLogout<'_>) -> JudgedLogout {
    judged(decoded, expected.request, |_| Some(expected.clone()))
}

/// The same where the message itself says who sent it: `sender` says what to expect of the one that it claims as its
/// Issuer; nothing of somebody who is unknown.
pub fn received<'p>(
    decoded: &Decoded,
    request: bool,
    sender: impl FnOnce(Option<&str>) -> Option<ExpectedLogout<'p>>,
) -> JudgedLogout {
    judged(decoded, Some(request), sender)
}

fn judged<'p>(
    decoded: &Decoded,
    request: Option<bool>,
    sender: impl FnOnce(Option<&str>) -> Option<ExpectedLogout<'p>>,
) -> JudgedLogout {
    let mut report = Report::default();
    let parsed = Document::parse(&decoded.xml);
    let root = (parsed.as_ref().ok()).map(|document| document.root().local().to_owned());
    let is_request = request.unwrap_or(root.as_deref() != Some("LogoutResponse"));
    let wanted = if is_request {
        "LogoutRequest"
    } else {
        "LogoutResponse"
    };
    let read = match parsed {
        Err(error) => Err(error.to_string()),
        // The SOAP binding and a file have no field; what came in the wrong one is not what it says it is.
        Ok(_) if (decoded.field == MessageField::Request) != is_request => {
            Err(decoded.field.name().to_owned())
        }
        Ok(document) => match Logout::read(document.root(), is_request) {
            Ok(message) => Ok((document, Claimed::new(message))),
            Err(error) => Err(error.to_string()),
        },
    };
    let message = match read {
        Err(found) => {
            report.add(Check::LogoutReadable, RowOutcome::Fail, found, wanted);
            None
        }
        Ok((document, claimed)) => {
            report.add(Check::LogoutReadable, RowOutcome::Pass, wanted, wanted);
            let issuer = claimed.unverified().issuer();
            match sender(issuer) {
                None => {
                    report.add(
                        Check::LogoutIssuer,
                        RowOutcome::Fail,
                        issuer.map_or("no Issuer".to_owned(), beginning),
                        "the entityID of a registered party",
                    );
                    None
                }
                Some(expected) => {
                    let signed = authenticate(decoded, &document, &claimed, &expected, &mut report);
                    let told = signed
                        .as_ref()
                        .map_or(claimed.unverified(), |signed| signed.value());
                    rows::rows(told, decoded.binding, &expected, &mut report);
                    signed
                }
            }
        }
    };
    JudgedLogout {
        report,
        root,
        is_request,
        message,
    }
}

/// The signature is required: else anybody could log the user out. The message is read again from what was
/// signed.
fn authenticate(
    decoded: &Decoded,
    document: &Document,
    claimed: &Claimed<Logout>,
    expected: &ExpectedLogout<'_>,
    report: &mut Report,
) -> Option<Signed<Logout>> {
    let keys = expected.keys;
    let count = match keys.len() {
        0 => "none".to_owned(),
        count => format!("{count} registered"),
    };
    report.require(
        Check::TrustedKey,
        !keys.is_empty(),
        count,
        "at least one registered key",
    );
    let signed = is_signed(decoded, document);
    let found = if signed { "signed" } else { "not signed" };
    report.require(Check::LogoutSigned, signed, found, "signed");
    if !signed || keys.is_empty() {
        report.skip(Check::LogoutSignature, "no signature or no key");
        return None;
    }
    let proved = prove(decoded, document, keys, expected.signatures).and_then(|proof| {
        let value = match &proof.xml {
            Some(xml) => {
                let request = matches!(claimed.unverified(), Logout::Request(_));
                Logout::read(xml.root(), request)
                    .map_err(|error| SignatureError::Structure(error.to_string()))?
            }
            // The octets of the query are all of the message.
            None => claimed.unverified().clone(),
        };
        Ok((proof, value))
    });
    match proved {
        Ok((proof, value)) => {
            report.add(
                Check::LogoutSignature,
                RowOutcome::Pass,
                proof.algorithm,
                "a registered key",
            );
            let key_id = proof.key_id;
            Some(Signed { value, key_id })
        }
        Err(error) => {
            report.add(
                Check::LogoutSignature,
                RowOutcome::Fail,
                rotated::name(
                    &error,
                    expected.former_keys,
                    |key| {
                        let key = std::slice::from_ref(key);
                        prove(decoded, document, key, expected.signatures).is_ok()
                    },
                    Some(document.root()),
                    expected.now,
                ),
                "a registered key",
            );
            None
        }
    }
}
