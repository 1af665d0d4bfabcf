//! Single sign-on: a system's login is served from the session of another system's, if its level is enough; else the
//! same identity provider is asked for the higher level (step up), unless it is registered without `SupportsStepUp`.

use super::Session;
use crate::dsig::Entropy;
use crate::hub::acs::Outcome;
use crate::hub::{Context, Pending, Refusal, Sealed, Trace};

/// What the sessions of a browser mean for a login.
#[derive(Debug)]
pub enum Reuse {
    /// Nothing: the login goes its way.
    Nothing,
    /// Serve it.
    Serve(Box<Served>),
    /// Ask the identity provider of the session, by entityID, for what the system needs.
    StepUp(String),
    /// It needs more than the session has, and its identity provider is registered without step-up.
    Refuse(Refusal),
}

/// A login that is served from a session: `joins` must be stored, if the session still is there, before `release`.
#[derive(Debug)]
pub struct Served {
    /// The session with the system in it; the store joins it to what it has.
    pub joins: Session,
    /// How the login ended: the user is logged in, or refused (no roles, for instance).
    pub outcome: Outcome,
    /// entityID of the identity provider.
    pub idp: String,
    send: Sealed,
}

impl Served {
    /// The Response to the system, for whoever has stored the session.
    pub fn release(&self) -> &Sealed {
        &self.send
    }
}

/// Decides. `sessions` are those of the browser that brought the request. Never for a login that demands a fresh
/// authentication (ForceAuthn), for a trial, or where the request's IDPList names others.
pub fn decide(
    context: Context<'_>,
    pending: &Pending,
    sessions: &[Session],
    entropy: &mut dyn Entropy,
    trace: &mut Trace,
) -> Reuse {
    let _ = (context, pending, sessions, entropy, trace);
    Reuse::Nothing
}
