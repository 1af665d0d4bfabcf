//! Single logout (SAML profiles §4.4): started by a system, by an identity provider, or on the hub's own page; every
//! party of the session is told, in order, and whoever started it is told what became of it.
//!
//! ```text
//! system ─┐                                                     ┌─▶ the next party ─▶ its answer ─┐
//! IdP ────┼─▶ receive ─▶ begin: the sessions end here first ─▶ next ◀── answer · overdue ◀────────┘
//! page ───┘   judges     (the store's one atomic step)           └─▶ the end: LogoutResponse or page
//! ```
//!
//! The session ends at the hub before anybody is told: whatever becomes of the rest, nobody is logged in from it any
//! more. Systems are told in the order in which they were logged in, and the identity provider last, so that one that
//! strands the browser leaves no system behind it. A session is found by signed Issuer, NameID and SessionIndex; a
//! cookie is never required. Each party gets `ANSWER_WITHIN`; then it counts as one that did not answer, at whatever
//! moment somebody looks.

mod answer;
mod begin;
mod message;
mod next;
mod party;
mod receive;

pub use answer::{Answered, answer, called, overdue};
pub use begin::{Begun, begin, from_page};
pub use next::{End, Next, next, refused};
pub use receive::{Arrival, Received, Wanted, receive};

use super::session::Session;
use super::{BrowserHash, FlowId, Leg};
use crate::saml::Binding;
use crate::saml::assertion::NameId;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// How long a party may take to answer.
pub const ANSWER_WITHIN: Duration = Duration::seconds(30);
/// How long a logout may take; then the hub forgets what is left of it. The sessions are gone already.
pub const LOGOUT_LIFETIME: Duration = Duration::minutes(10);

/// Which of the hub's endpoints a message came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// `issue.idp`: the SingleLogoutService of the IdP role, and of AuthnRequests.
    Issue,
    /// `signoff.idp`: its ResponseLocation.
    Signoff,
    /// `signoffrequest.idp`: the SingleLogoutService of the SP role.
    SignoffRequest,
    /// `signoffresponse.idp`: its ResponseLocation.
    SignoffResponse,
    /// `services/signoff/saml2/soap`, for parties of either kind.
    Soap,
}

/// A logout between its steps: stored state as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingLogout {
    /// The flow.
    pub flow: FlowId,
    /// The browser of the sessions that end, for the hub's page about it. No message needs it.
    pub browser: BrowserHash,
    /// Who started it.
    pub started_by: StartedBy,
    /// Whom to tell, in order, and what became of it. Whoever started it is not among them.
    pub parties: Vec<Told>,
    /// When it began.
    pub started: OffsetDateTime,
    /// When the hub forgets it.
    pub expires: OffsetDateTime,
}

/// Who started a logout, and how the answer goes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StartedBy {
    /// A party, by a LogoutRequest.
    Party(ReplyTo),
    /// The user, on the hub's page.
    Page,
}

/// How a LogoutResponse goes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTo {
    /// entityID.
    pub party: String,
    /// Its leg.
    pub leg: Leg,
    /// `ID` of its LogoutRequest.
    pub request_id: String,
    /// Binding of the answer. SOAP answers on the same connection.
    pub binding: Binding,
    /// Where to: ResponseLocation or Location from its registered metadata. None of SOAP, which needs no address; of a
    /// binding that a browser carries: it has no endpoint for answers, and the logout ends on a page of the hub's. Empty
    /// never.
    pub url: Option<String>,
    /// Its RelayState, byte for byte.
    pub relay_state: Option<String>,
}

/// A party that is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// entityID.
    pub party: String,
    /// Its leg.
    pub leg: Leg,
    /// NameID that it knows the user by.
    pub name_id: NameId,
    /// SessionIndexes that it knows the session by.
    pub indexes: Vec<String>,
    /// What became of it.
    pub state: State,
}

/// What became of telling a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not yet.
    ToTell,
    /// It was sent a LogoutRequest.
    Asked {
        /// Its `ID`: what `InResponseTo` must be.
        request_id: String,
        /// By which binding.
        binding: Binding,
        /// Until when it may answer.
        until: OffsetDateTime,
    },
    /// It says that it logged the user out.
    LoggedOut,
    /// It did not.
    Failed(Failure),
}

/// Why a party counts as one that did not log the user out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// Its metadata has no SingleLogoutService that can be used: none at all, or none by SOAP where no browser is there.
    NoEndpoint,
    /// It is not registered any more.
    Unknown,
    /// It did not answer in time.
    NoAnswer,
    /// It could not be reached (SOAP), or answered with what is no LogoutResponse of it.
    Unreachable,
    /// It answered that it did not: status codes.
    Status(String),
}

/// The effect that must succeed before anybody is told: remember the request's id, take these sessions if they still
/// are what was read, and keep the logout. One atomic step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BeginLogout {
    /// The logout.
    pub logout: PendingLogout,
    /// The sessions as they were read.
    pub ends: Vec<Session>,
    /// Id of the LogoutRequest, and until when it must be remembered; none of the page.
    pub replay: Option<(String, OffsetDateTime)>,
}

/// What became of a [`BeginLogout`]: the store's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Done: tell them.
    Done,
    /// One of the sessions changed or is gone: read again.
    Changed,
    /// The request was used before.
    Replayed,
}

impl PendingLogout {
    /// The party that is asked now, if one is.
    pub fn asked(&self) -> Option<&Told> {
        let mut all = self.parties.iter();
        all.find(|told| matches!(told.state, State::Asked { .. }))
    }
    /// `ID` of the LogoutRequest that waits for an answer, if one does.
    pub fn asked_with(&self) -> Option<&str> {
        match &self.asked()?.state {
            State::Asked { request_id, .. } => Some(request_id),
            _ => None,
        }
    }
    /// Those who did not log the user out.
    pub fn failed(&self) -> impl Iterator<Item = (&Told, &Failure)> {
        self.parties.iter().filter_map(|told| match &told.state {
            State::Failed(failure) => Some((told, failure)),
            _ => None,
        })
    }
}
