//! Municipal IdPs with their vendors' habits, demo systems, and their people. All invented.
//!
//! A [`Cast`] is read from the configuration before the hub exists, because the hub's federation is read
//! from its members' metadata; a [`Demo`] is the same cast on stage, when it knows the hub.
//!
//! ```text
//! config::File ──▶ Cast::new ──▶ rendered() ──▶ config::load ──▶ Hub ──▶ Cast::open ──▶ Demo ──▶ routers()
//! ```

mod address;
mod behaviour;
mod builtin;
mod by_the_book;
mod cast;
mod defect;
mod demo;
mod expired;
mod habits;
mod idp;
mod issued;
mod keys;
mod logout;
mod metadata;
mod microsoft;
mod misbehaviour;
mod os2faktor;
mod page;
mod request;
mod respond;
mod roles;
mod session;
mod slow;
mod strict;
mod system;
#[cfg(test)]
mod tests;
mod told;
mod verdict;

pub use address::{Addresses, Role, Site};
pub use behaviour::{Behaviour, Stated, behaviour};
pub use builtin::{BuiltIn, fresh_pair};
pub use cast::{Cast, IdpInfo, PersonInfo, SystemInfo};
pub use demo::Demo;

pub use crate::config::{Mark, Nature, Trait};

use crate::edge::reports::Reports;
use crate::edge::rollover::Player;
use crate::edge::trials::Trials;
use std::sync::Arc;

/// The hub as its peers know it: what they would have read in its metadata. Its keys are the moment's
/// ([`HubSide::trust`]).
#[derive(Debug, Clone)]
pub(crate) struct HubSide {
    /// entityID.
    pub entity_id: String,
    /// SingleSignOnService.
    pub sso: String,
    /// AssertionConsumerService.
    pub acs: String,
    /// Where it takes a system's answer to a LogoutRequest.
    pub signoff: String,
    /// Where it takes an identity provider's LogoutRequest.
    pub signoff_request: String,
    /// Where it takes an identity provider's answer to one.
    pub signoff_response: String,
    /// Where it takes a call by SOAP, of a party of either kind.
    pub signoff_soap: String,
    /// What is played with its keys and with ours.
    pub player: Arc<Player>,
    /// What the built-in test systems try.
    pub trials: Arc<Trials>,
    /// Where they say what they found wrong.
    pub reports: Arc<Reports>,
}
