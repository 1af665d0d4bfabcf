//! What a step tells the journal: the messages it saw and the decisions it took.

use super::roles::Story;
use super::{Report, Row};
use crate::saml::Binding;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use time::OffsetDateTime;

/// Everything worth keeping of one step.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// Messages, in the order they were seen or made.
    pub exchanges: Vec<Exchange>,
    /// Decisions, in the order they were taken.
    pub decisions: Vec<Decision>,
    /// What became of the user's roles.
    pub roles: Option<Story>,
    /// Which keys the message of this step was made with, if somebody we know signed it. For those who run the hub.
    pub keys: Option<KeysUsed>,
}

/// The keys of an authenticated message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysUsed {
    /// The registered key of the sender that signed it.
    pub signed_by: String,
    /// When its request or assertion says that it was made (IssueInstant), by the sender's clock; none of a refusal.
    pub issued: Option<OffsetDateTime>,
    /// Which of the hub's decryption keys opened it, in the order in which they are tried; none if it was plain.
    pub opened_with: Option<usize>,
}

/// Which leg of the login a message belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Leg {
    /// Between the user-facing system and the hub.
    System,
    /// Between the hub and the identity provider.
    IdentityProvider,
}

/// Direction as the hub sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// To the hub.
    In,
    /// From the hub.
    Out,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// When it arrived or was made.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Leg.
    pub leg: Leg,
    /// Direction.
    pub direction: Direction,
    /// `AuthnRequest`, `Response`, `LogoutRequest` or `LogoutResponse`; what the root element is called, for a message that is neither.
    pub kind: String,
    /// Binding.
    pub binding: Binding,
    /// The other party, as far as known.
    pub peer: Option<String>,
    /// The XML as it travelled.
    pub xml: String,
    /// The assertion that was encrypted in it, in clear.
    pub decrypted: Option<String>,
    /// RelayState.
    pub relay_state: Option<String>,
    /// The raw query of a Redirect message, for those who verify its signature themselves.
    pub query: Option<String>,
    /// The checks, for a message that the hub judged.
    pub checks: Vec<Row>,
}

/// A decision of the hub and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Stable name of the rule.
    pub rule: Cow<'static, str>,
    /// What it looked at.
    pub input: String,
    /// What it decided.
    pub result: String,
    /// Where the rule comes from.
    pub source: Source,
}

/// Where a rule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Seen in a capture of the real hub.
    Observed,
    /// Read in a public document of the federation.
    Confirmed,
    /// Inferred from confirmed facts.
    Inferred,
    /// Unknown of the real hub; a named setting decides.
    Setting,
}

/// What the other party said of the hub's message, where it can be asked: demo systems and invented identity providers tell
/// it to the journal. A real one tells nobody but whoever reads its log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Who: the system, or the identity provider.
    pub by: Leg,
    /// What it found wrong, in the words of its own checks; nothing if it took the message.
    pub findings: Vec<Finding>,
}

/// One thing that a party found wrong with the hub's message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// A stable word for it: the id of the check, where it is one of ours.
    pub id: String,
    /// What it found.
    pub found: String,
    /// What it expected.
    pub expected: String,
}

/// Every rule by the name that decisions have: the list is stable, because `[[observed]]` names them.
pub const RULES: [&str; 29] = [
    "generation",
    "required-level",
    "idp-choice/idp-list",
    "idp-choice/only-one",
    "idp-choice/source-address",
    "idp-choice/remembered",
    "idp-choice/not-remembered",
    "idp-choice/replaced",
    "idp-choice/chooser",
    "idp-choice/picked",
    "idp-choice/mobile",
    "under-assured",
    "nsis-need-at-oiosaml2-idp",
    "request-profile",
    "comparison",
    "requester-id",
    "relay-state",
    "request-conditions",
    "unsigned-status",
    "level-reached",
    "level-enforced",
    "issued-level",
    "user-claims",
    "roles",
    "encryption",
    "single-sign-on",
    "step-up",
    "logout-order",
    "logout-party",
];

/// A rule that a capture of the real hub shows at work (`[[observed]]`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The rule.
    pub rule: String,
    /// What it looked at there. A rule is seen for what was seen, and not for everything; none: for everything.
    pub input: Option<String>,
}

impl Decision {
    /// The decision with its source, if one of these captures shows it.
    pub fn seen(self, observations: &[Observation]) -> Self {
        let fits = |observation: &Observation| {
            observation.rule == self.rule
                && (observation.input.as_ref()).is_none_or(|input| *input == self.input)
        };
        match observations.iter().any(fits) {
            true => Self {
                source: Source::Observed,
                ..self
            },
            false => self,
        }
    }
}

impl Trace {
    /// Notes a decision.
    pub fn decide(
        &mut self,
        rule: &'static str,
        input: impl Into<String>,
        result: impl Into<String>,
        source: Source,
    ) {
        self.decisions.push(Decision {
            rule: Cow::Borrowed(rule),
            input: input.into(),
            result: result.into(),
            source,
        });
    }
}

impl Exchange {
    /// With the rows of a report.
    pub fn judged(mut self, report: &Report) -> Self {
        self.checks = report.rows().into_iter().cloned().collect();
        self
    }
}
