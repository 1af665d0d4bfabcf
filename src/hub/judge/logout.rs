//! Judging a logout message, request or response: the one path by which the hub and offline verdicts do it.

use super::proof::{is_signed, prove};
use super::request::MAX_AGE;
use super::{SKEW, Signed};
use crate::dsig::{Policy, PublicKey, SignatureError};
use crate::hub::{Check, Report, RowOutcome};
use crate::saml::{
    Claimed, Decoded, LogoutRequest, LogoutResponse, MessageField, SchemaError, names,
    time as saml_time,
};
use crate::xml::{Document, Node};
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
}

/// Judges a logout message. Never fails: what cannot be read is a failed row.
pub fn logout(decoded: &Decoded, expected: &ExpectedLogout<'_>) -> JudgedLogout {
    let mut report = Report::default();
    let parsed = Document::parse(&decoded.xml);
    let root = (parsed.as_ref().ok()).map(|document| document.root().local().to_owned());
    let is_request = (expected.request).unwrap_or(root.as_deref() != Some("LogoutResponse"));
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
            let signed = authenticate(decoded, &document, &claimed, expected, &mut report);
            let told = signed
                .as_ref()
                .map_or(claimed.unverified(), |signed| signed.value());
            rows(told, expected, &mut report);
            signed
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
                error.to_string(),
                "a registered key",
            );
            None
        }
    }
}

/// What both messages have.
struct Common<'m> {
    version: &'m str,
    issuer: Option<&'m str>,
    issuer_format: Option<&'m str>,
    destination: Option<&'m str>,
    issued: OffsetDateTime,
}

fn rows(message: &Logout, expected: &ExpectedLogout<'_>, report: &mut Report) {
    match message {
        Logout::Request(request) => {
            let common = Common {
                version: &request.version,
                issuer: request.issuer.as_deref(),
                issuer_format: request.issuer_format.as_deref(),
                destination: request.destination.as_deref(),
                issued: request.issue_instant,
            };
            common_rows(&common, expected, report);
            request_rows(request, expected, report);
        }
        Logout::Response(response) => {
            let common = Common {
                version: &response.version,
                issuer: response.issuer.as_deref(),
                issuer_format: response.issuer_format.as_deref(),
                destination: response.destination.as_deref(),
                issued: response.issue_instant,
            };
            common_rows(&common, expected, report);
            response_rows(response, expected, report);
        }
    }
}

fn common_rows(message: &Common<'_>, expected: &ExpectedLogout<'_>, report: &mut Report) {
    match expected.sender {
        None => report.skip(Check::LogoutIssuer, "no sender was given"),
        Some(sender) => {
            let entity = message
                .issuer_format
                .is_none_or(|format| format == names::name_id::ENTITY);
            report.require(
                Check::LogoutIssuer,
                message.issuer == Some(sender) && entity,
                message.issuer.unwrap_or("no Issuer").to_owned(),
                sender.to_owned(),
            );
        }
    }
    report.require(
        Check::LogoutVersion,
        message.version == "2.0",
        message.version.to_owned(),
        "2.0",
    );
    match expected.destination {
        None => report.skip(Check::LogoutDestination, "no address was given"),
        Some(here) => {
            report.require(
                Check::LogoutDestination,
                message.destination == Some(here),
                message.destination.unwrap_or("none").to_owned(),
                here.to_owned(),
            );
        }
    }
    match expected.now {
        None => report.skip(Check::LogoutIssueInstant, "no time was given"),
        Some(now) => {
            let age = now - message.issued;
            report.require(
                Check::LogoutIssueInstant,
                age <= MAX_AGE + expected.skew && age >= -expected.skew,
                saml_time::format(message.issued),
                format!(
                    "at most {} s before {}",
                    (MAX_AGE + expected.skew).whole_seconds(),
                    saml_time::format(now)
                ),
            );
        }
    }
}

fn request_rows(request: &LogoutRequest, expected: &ExpectedLogout<'_>, report: &mut Report) {
    match (expected.now, request.not_on_or_after) {
        (Some(now), Some(end)) => {
            report.require(
                Check::LogoutExpiry,
                now - expected.skew < end,
                saml_time::format(end),
                format!("after {}", saml_time::format(now - expected.skew)),
            );
        }
        _ => report.skip(Check::LogoutExpiry, "no NotOnOrAfter, or no time was given"),
    }
    let name = request.name_id.as_ref().map(|name| name.value.as_str());
    report.require(
        Check::LogoutNameId,
        name.is_some_and(|name| !name.trim().is_empty()),
        name.unwrap_or("none that can be read").to_owned(),
        "a NameID",
    );
    let outcome = if request.session_indexes.is_empty() {
        RowOutcome::Warn
    } else {
        RowOutcome::Pass
    };
    let found = match request.session_indexes.as_slice() {
        [] => "none".to_owned(),
        some => some.join(" "),
    };
    report.add(
        Check::LogoutSessionIndex,
        outcome,
        found,
        "at least one SessionIndex",
    );
}

fn response_rows(response: &LogoutResponse, expected: &ExpectedLogout<'_>, report: &mut Report) {
    match expected.in_response_to {
        None => report.skip(Check::LogoutInResponseTo, "no request was given"),
        Some(request) => {
            let stated = response.in_response_to.as_deref();
            report.require(
                Check::LogoutInResponseTo,
                stated == Some(request),
                stated.unwrap_or("no InResponseTo").to_owned(),
                request.to_owned(),
            );
        }
    }
    let status = &response.status;
    let found = [Some(&status.code), status.subcode.as_ref()]
        .into_iter()
        .flatten()
        .cloned()
        .collect::<Vec<_>>()
        .join(" / ");
    report.require(
        Check::LogoutStatus,
        status.is_success(),
        found,
        names::status::SUCCESS,
    );
}
