//! Which IdP: the order of design “IdP choice”.

use super::{Context, Pending, Refusal, Trace};
use std::net::IpAddr;

/// What decides or asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Go to this IdP (entityID).
    Go(String),
    /// Show the chooser.
    Ask,
    /// Answer the system with a refusal.
    Refuse(Refusal),
}

/// Decides without the user where that is possible.
pub fn decide(context: Context<'_>, pending: &Pending, source: Option<IpAddr>, trace: &mut Trace) -> Choice {
    let _ = (context, pending, source, trace);
    todo!()
}

/// The user picked an IdP at the chooser.
pub fn picked(context: Context<'_>, idp: &str, trace: &mut Trace) -> Choice {
    let _ = (context, idp, trace);
    todo!()
}

/// The user cancelled at the chooser.
pub fn cancelled() -> Refusal {
    todo!()
}
