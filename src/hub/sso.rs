//! A system's AuthnRequest arrives.

use super::{Context, Refusal, Trace};
use crate::oiosaml::Level;
use crate::saml::Decoded;

/// A system's request that was accepted: everything the later steps need of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginRequest {
    /// entityID of the system.
    pub system: String,
    /// `ID` of the request.
    pub request_id: String,
    /// Where the answer goes, from registered metadata.
    pub acs_url: String,
    /// RelayState, byte for byte.
    pub relay_state: Option<String>,
    /// The level that is needed.
    pub required: Level,
    /// Whether a level too low is refused.
    pub enforced: bool,
    /// ForceAuthn.
    pub force_authn: bool,
    /// IsPassive.
    pub is_passive: bool,
    /// IDPList.
    pub idp_list: Vec<String>,
}

/// What became of it.
#[derive(Debug)]
pub enum Received {
    /// Accepted: go on to [`super::choose`].
    Login(Box<super::Accepted<LoginRequest>>),
    /// Refused on a local page: the system is unknown, the signature bad, or the ACS foreign.
    Page(Refusal),
    /// Refused with a signed status to the system ([`super::issue::status`]).
    Answer(Box<LoginRequest>, Refusal),
}

/// Judges a request that came to the SingleSignOnService.
pub fn receive(context: Context<'_>, decoded: &Decoded, raw_query: Option<&str>, trace: &mut Trace) -> Received {
    let _ = (context, decoded, raw_query, trace);
    todo!()
}
