//! What the hub issues to a system: an assertion, or a status.

use super::{Context, Refusal, Sealed, Trace};
use crate::dsig::Entropy;

/// Where a status goes: known once the system's request was accepted.
#[derive(Debug, Clone, Copy)]
pub struct ReplyTo<'a> {
    /// entityID of the system.
    pub system: &'a str,
    /// `ID` of its request.
    pub request_id: &'a str,
    /// Its AssertionConsumerService.
    pub acs_url: &'a str,
    /// Its RelayState.
    pub relay_state: Option<&'a str>,
}

/// A signed Response with the refusal's status.
pub fn status(context: Context<'_>, to: ReplyTo<'_>, refusal: &Refusal, entropy: &mut dyn Entropy, trace: &mut Trace) -> Sealed {
    let _ = (context, to, refusal, entropy, trace);
    todo!()
}
