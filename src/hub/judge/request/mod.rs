//! Judging an AuthnRequest: the one path by which the hub and offline verdicts do it.

mod rows;

use super::proof::{is_signed, prove};
use super::{SKEW, Signed, rotated};
use crate::dsig::{Policy, PublicKey, SignatureError};
use crate::hub::{Check, Report, RowOutcome};
use crate::saml::metadata::IndexedEndpoint;
use crate::saml::{AuthnRequest, Claimed, Decoded, MessageField};
use crate::xml::{Document, XmlError};
use time::{Duration, OffsetDateTime};

/// How old a request may be. It may be repeated in that time: people press “back”.
pub const MAX_AGE: Duration = Duration::minutes(5);

/// What the receiver of a request expects. An option that is `None` makes its checks `skip`.
#[derive(Debug, Clone)]
pub struct ExpectedRequest<'a> {
    /// entityID of the sender.
    pub sender: Option<&'a str>,
    /// The sender's registered keys.
    pub keys: Option<&'a [PublicKey]>,
    /// Keys that the sender had before: they accept nothing, and are named in a refusal.
    pub former_keys: &'a [PublicKey],
    /// Algorithms of signatures.
    pub signatures: Policy,
    /// Where the message was received.
    pub destination: Option<&'a str>,
    /// Where answers to the sender may go, and which of them is the default one.
    pub consumers: Option<(&'a [IndexedEndpoint], usize)>,
    /// Now.
    pub now: Option<OffsetDateTime>,
    /// Allowed difference of clocks.
    pub skew: Duration,
    /// Whether the hub's own rules hold as well: for answers only POST.
    pub hub_rules: bool,
}

impl ExpectedRequest<'_> {
    /// Nothing but what always holds.
    pub fn nothing() -> Self {
        Self {
            sender: None,
            keys: None,
            former_keys: &[],
            signatures: Policy::Modern,
            destination: None,
            consumers: None,
            now: None,
            skew: SKEW,
            hub_rules: true,
        }
    }
}

/// What a judged request is.
#[derive(Debug)]
pub struct JudgedRequest {
    /// The rows.
    pub report: Report,
    /// The request, where it can be read and its sender is one that we know.
    pub request: Option<Asking>,
    /// Where its answer goes, if it may.
    pub acs_url: Option<String>,
    /// Local name of the root element, where there is one.
    pub root: Option<String>,
}

/// A request and where it comes from.
#[derive(Debug)]
pub enum Asking {
    /// A registered key of the sender signed it.
    Signed(Signed<AuthnRequest>),
    /// Nobody can be held to it.
    Unknown(Claimed<AuthnRequest>),
}

impl Asking {
    /// What it says, for the rows and for a refusal.
    pub fn told(&self) -> &AuthnRequest {
        match self {
            Self::Signed(signed) => signed.value(),
            Self::Unknown(claimed) => claimed.unverified(),
        }
    }
}

/// Judges a request. `sender` says what to expect of the one that the message claims as its Issuer; nothing
/// of somebody who is unknown. Never fails: what cannot be read is a failed row.
pub fn request<'p>(
    decoded: &Decoded,
    sender: impl FnOnce(Option<&str>) -> Option<ExpectedRequest<'p>>,
) -> JudgedRequest {
    let mut report = Report::default();
    let parsed = Document::parse(&decoded.xml);
    let root = (parsed.as_ref().ok()).map(|document| document.root().local().to_owned());
    let mut judged = JudgedRequest {
        report: Report::default(),
        request: None,
        acs_url: None,
        root,
    };
    if let Some((document, claimed)) = read(decoded, parsed, &mut report) {
        let issuer = claimed.unverified().issuer.as_deref();
        let expected = sender(issuer);
        known(issuer, expected.as_ref(), &mut report);
        if let Some(expected) = expected {
            let asking = authenticate(decoded, &document, claimed, &expected, &mut report);
            rows::rows(asking.told(), &expected, &mut report);
            judged.acs_url = rows::acs(asking.told(), &expected, &mut report);
            judged.request = Some(asking);
        }
    }
    judged.report = report;
    judged
}

fn read(
    decoded: &Decoded,
    parsed: Result<Document, XmlError>,
    report: &mut Report,
) -> Option<(Document, Claimed<AuthnRequest>)> {
    let read = match (decoded.field, parsed) {
        (MessageField::Response, _) => Err("SAMLResponse".to_owned()),
        (_, Err(error)) => Err(error.to_string()),
        (_, Ok(document)) => match AuthnRequest::read(document.root()) {
            Ok(request) => Ok((document, Claimed::new(request))),
            Err(error) => Err(error.to_string()),
        },
    };
    let (outcome, found) = match &read {
        Ok(_) => (RowOutcome::Pass, "AuthnRequest".to_owned()),
        Err(found) => (RowOutcome::Fail, found.clone()),
    };
    report.add(
        Check::RequestReadable,
        outcome,
        found,
        "a SAML 2.0 AuthnRequest",
    );
    read.ok()
}

fn known(issuer: Option<&str>, expected: Option<&ExpectedRequest<'_>>, report: &mut Report) {
    let (holds, wanted) = match expected.map(|expected| expected.sender) {
        None => (false, "the entityID of a registered system"),
        Some(None) => return report.skip(Check::RequestIssuerKnown, "no sender was given"),
        Some(Some(sender)) => (issuer == Some(sender), sender),
    };
    report.require(
        Check::RequestIssuerKnown,
        holds,
        issuer.unwrap_or("no Issuer").to_owned(),
        wanted.to_owned(),
    );
}

/// The request is read again from what was signed.
fn authenticate(
    decoded: &Decoded,
    document: &Document,
    claimed: Claimed<AuthnRequest>,
    expected: &ExpectedRequest<'_>,
    report: &mut Report,
) -> Asking {
    let keys = expected.keys.unwrap_or_default();
    match expected.keys {
        None => report.skip(Check::RequestTrustedKey, "no key was given"),
        Some(keys) => {
            let count = match keys.len() {
                0 => "none".to_owned(),
                count => format!("{count} registered"),
            };
            report.require(
                Check::RequestTrustedKey,
                !keys.is_empty(),
                count,
                "at least one registered key",
            );
        }
    }
    let signed = is_signed(decoded, document);
    report.require(
        Check::RequestSigned,
        signed,
        if signed { "signed" } else { "not signed" },
        "signed",
    );
    if !signed || keys.is_empty() {
        report.skip(Check::RequestSignature, "no signature or no key");
        return Asking::Unknown(claimed);
    }
    let proved = prove(decoded, document, keys, expected.signatures).and_then(|proof| {
        let request = match &proof.xml {
            Some(xml) => AuthnRequest::read(xml.root())
                .map_err(|error| SignatureError::Structure(error.to_string()))?,
            // The octets of the query are all of the message.
            None => claimed.unverified().clone(),
        };
        Ok((proof, request))
    });
    match proved {
        Ok((proof, value)) => {
            report.add(
                Check::RequestSignature,
                RowOutcome::Pass,
                proof.algorithm,
                "a registered key",
            );
            let key_id = proof.key_id;
            Asking::Signed(Signed { value, key_id })
        }
        Err(error) => {
            report.add(
                Check::RequestSignature,
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
            Asking::Unknown(claimed)
        }
    }
}
