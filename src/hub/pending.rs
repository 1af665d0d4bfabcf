//! A login between its steps: stored state as data.

use super::fault::Fault;
use super::memory::Notice;
use super::session::Session;
use crate::oiosaml::{Level, RequestProfile};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Names one flow: in the store, in the journal, on every page. 26 characters, unguessable.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FlowId(String);

/// SHA-256 of the browser's random id, in hex. The id itself is only in the browser's cookie.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BrowserHash(pub String);

/// A login that waits for the user's choice or for an IdP's answer. Bound to one browser; once asked, to one
/// IdP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The flow.
    pub flow: FlowId,
    /// The browser that it is bound to.
    pub browser: BrowserHash,
    /// entityID of the system.
    pub system: String,
    /// `ID` of the system's AuthnRequest.
    pub request_id: String,
    /// Where the answer goes: from the system's registered metadata.
    pub acs_url: String,
    /// The system's RelayState, byte for byte.
    pub relay_state: Option<String>,
    /// The level that is needed.
    pub required: Level,
    /// Whether a level too low is refused: not under generation 1.
    pub enforced: bool,
    /// `ForceAuthn` of the request.
    pub force_authn: bool,
    /// `IsPassive` of the request.
    pub is_passive: bool,
    /// `IDPList` of the request.
    pub idp_list: Vec<String>,
    /// Whether the user was shown the chooser. Only then may it be shown again: what the request, the
    /// federation or the source address decided is not the user's to change.
    pub chooser: bool,
    /// Why the chooser was shown although a choice is remembered.
    pub notice: Option<Notice>,
    /// Whether the user ticked “husk mit valg”, for mode `safe`, which remembers only what succeeds.
    pub remember: bool,
    /// The profile that a test system tries, in the place of the one that the IdP is registered with. No message says
    /// it: only the hub's own test systems can ask for it.
    #[serde(default)]
    pub profile: Option<RequestProfile>,
    /// The fault of the answer. No message says it: only whoever manages a hub that tests systems can ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// When the request arrived.
    pub started: OffsetDateTime,
    /// When the hub forgets it.
    pub expires: OffsetDateTime,
    /// What it waits for.
    pub stage: Stage,
}

/// What a pending login waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// The user's choice of IdP.
    Choosing,
    /// The answer of one IdP.
    Asked {
        /// entityID of the IdP.
        idp: String,
        /// `ID` of the hub's AuthnRequest: what `InResponseTo` must be.
        request_id: String,
        /// When it was sent.
        sent: OffsetDateTime,
        /// Whether the IdP was asked nothing and is not refused for its level.
        under_assured: bool,
    },
}

/// The effect that must succeed before anything is sent: delete the pending login if it is still the one
/// that was read, and remember message ids that must never be accepted again. One atomic step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consume {
    /// The pending login as it was read.
    pub pending: Pending,
    /// Ids of the messages that were accepted, each with the time until which it must be remembered.
    pub replay: Vec<(String, OffsetDateTime)>,
    /// The session that begins, or that the system joins: joined to what the store has ([`Session::joined`]) in the same step.
    pub session: Option<Box<Session>>,
}

/// What became of a [`Consume`]: the store's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consumed {
    /// Done: send.
    Done,
    /// The pending login is gone or another one: somebody was faster, or it expired.
    Gone,
    /// One of the ids was used before.
    Replayed(String),
}

/// How long a login may take: an hour, because people fetch their second factor from another room.
pub const PENDING_LIFETIME: time::Duration = time::Duration::hours(1);

impl FlowId {
    /// Crockford base32 of 16 random bytes.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let value = u128::from_be_bytes(bytes);
        Self(
            (0..26)
                .rev()
                .map(|i| char::from(ALPHABET[(value >> (i * 5)) as usize & 31]))
                .collect(),
        )
    }
    /// Reads what a browser or script sent; anything else than 26 characters of the alphabet is none.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 26
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b.is_ascii_uppercase() && !b"ILOU".contains(&b))))
        .then(|| Self(text.to_owned()))
    }
    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for FlowId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Pending {
    /// The `ID` of the hub's AuthnRequest, once there is one.
    pub fn asked_with(&self) -> Option<&str> {
        match &self.stage {
            Stage::Choosing => None,
            Stage::Asked { request_id, .. } => Some(request_id),
        }
    }
}
