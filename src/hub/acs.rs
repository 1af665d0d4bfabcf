//! An IdP's Response arrives at the AssertionConsumerService.

use super::{BrowserHash, Consume, Context, Pending, Refusal, Sealed, Trace};
use crate::dsig::Entropy;
use crate::oiosaml::Level;
use crate::saml::Decoded;

/// What became of it.
#[derive(Debug)]
pub enum Answered {
    /// A page, and nothing is consumed: junk, the wrong browser, or a message that nobody can be held to.
    Page(Refusal),
    /// Consume, then send.
    Finish(Box<Finish>),
}

/// The end of a login: `consume` must succeed before `send` goes out.
#[derive(Debug)]
pub struct Finish {
    /// The effect.
    pub consume: Consume,
    /// The Response to the system.
    pub send: Sealed,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a login ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The user is logged in.
    LoggedIn {
        /// Level reached; none only where the login is under-assured.
        level: Option<Level>,
        /// Whether the level is lower than needed and was let through.
        under_assured: bool,
    },
    /// The system got a status.
    Refused(Refusal),
}

/// What the message says it answers: the key to find the pending login with. Proves nothing.
pub fn claimed_in_response_to(decoded: &Decoded) -> Option<String> {
    let _ = decoded;
    todo!()
}

/// Judges an answer. `pending` is the stored login that [`claimed_in_response_to`] led to, if there is one;
/// `browser` is the one that brought the message.
pub fn receive(context: Context<'_>, decoded: &Decoded, pending: Option<&Pending>, browser: Option<&BrowserHash>, entropy: &mut dyn Entropy, trace: &mut Trace) -> Answered {
    let _ = (context, decoded, pending, browser, entropy, trace);
    todo!()
}
