//! One cell: what one IdP is asked for one need in one profile, and whether its registration allows it to satisfy that.

use crate::hub::level::Ceiling;
use crate::hub::question::{Need, Question, question};
use crate::hub::{Check, Decision, IdentityProvider, Settings, Trace};
use crate::oiosaml::RequestProfile;
use crate::saml::Comparison;

/// What stands for the hub's own handle in RelayState.
const HANDLE: &str = "{handle}";

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What would be sent, or the check that refuses before anything is.
    pub sent: Result<Sent, Check>,
    /// Whether it can be satisfied, as far as the registration says.
    pub standing: Standing,
    /// The rules that decided it, each with its source.
    pub rules: Vec<Decision>,
}

/// What of an AuthnRequest the profile, the level and the settings decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// AuthnContextClassRef.
    pub class_ref: Option<String>,
    /// Comparison.
    pub comparison: Option<Comparison>,
    /// RelayState, with `{handle}` where the hub's own handle stands.
    pub relay_state: String,
    /// RequesterID in Scoping.
    pub requester_id: Option<String>,
}

/// Whether an IdP can satisfy what is asked, as far as its registration says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// The highest level that it is registered for is enough.
    Enough,
    /// Nothing is asked, and whatever is answered is let through: the level is the municipality's word.
    Unasked,
    /// The highest level that it is registered for is too low: the hub refuses every answer.
    TooLow,
    /// The hub refuses before it asks.
    NotAsked,
    /// It has no anvenderkontekst: it cannot be chosen.
    Inactive,
}

/// The cell of an IdP as if it were registered with `profile`.
pub fn cell(
    settings: &Settings,
    need: Need<'_>,
    idp: &IdentityProvider,
    profile: RequestProfile,
) -> Cell {
    let idp = IdentityProvider {
        oiosaml_profile: profile,
        ..idp.clone()
    };
    let mut trace = Trace::default();
    let asked = question(settings, need, &idp, HANDLE, &mut trace);
    let enough = Ceiling::of(&idp).satisfies(need.required);
    let standing = match &asked {
        _ if !idp.is_active() => Standing::Inactive,
        Err(_) => Standing::NotAsked,
        Ok(asked) if asked.under_assured && settings.under_assured_logins => Standing::Unasked,
        Ok(_) if enough => Standing::Enough,
        Ok(_) => Standing::TooLow,
    };
    Cell {
        sent: asked.map(Sent::of).map_err(|refusal| refusal.check),
        standing,
        rules: trace.decisions,
    }
}

impl Sent {
    fn of(question: Question) -> Self {
        let context = question.context;
        Self {
            comparison: context.as_ref().and_then(|context| context.comparison),
            class_ref: context.and_then(|context| context.class_refs.into_iter().next()),
            relay_state: question.relay_state,
            requester_id: question.requester_id,
        }
    }

    /// Whether RelayState carries more than the hub's handle.
    pub fn says_more(&self) -> bool {
        self.relay_state != HANDLE
    }
}

impl Standing {
    /// All, best first.
    pub const ALL: [Self; 5] = [
        Self::Enough,
        Self::Unasked,
        Self::TooLow,
        Self::NotAsked,
        Self::Inactive,
    ];

    /// For scripts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enough => "enough",
            Self::Unasked => "unasked",
            Self::TooLow => "too-low",
            Self::NotAsked => "not-asked",
            Self::Inactive => "inactive",
        }
    }
}
