//! The rules of Context Handler 2, pure: what arrives, the time, chance and stored records are arguments;
//! what comes out is a message to send, the effects that must succeed first, and a trace of every decision.
//!
//! A login in files, in the order in which it happens:
//!
//! ```text
//! system ──▶ sso ──▶ required ──▶ choose ──▶ ask ──▶ IdP ──▶ acs ──▶ judge ──▶ reached ──▶ roles ──▶ issue ──▶ system
//!            │ judges the request  │ which IdP │ the request profile   │ every check  │ level   │ what they may do │ assertion
//! ```
//!
//! Steps do not call each other; the edge stores a [`Pending`] between them. Every check has a row in
//! [`check::Check`], every rule that imitates the real hub a [`Decision`] with its [`Source`], and
//! everything that is not known of the real hub is a field of [`Settings`].

pub mod acs;
pub mod ask;
pub mod check;
pub mod choose;
pub mod danish_time;
pub mod fault;
pub mod federation;
pub mod identity;
pub mod issue;
pub mod judge;
pub mod keys;
pub mod level;
pub mod lint;
pub mod logout;
pub mod memory;
pub mod metadata;
pub mod offline;
pub mod pending;
pub mod question;
pub mod refusal;
pub mod report;
pub mod required;
pub mod roles;
pub mod rollover;
pub mod rules;
pub mod session;
pub mod settings;
pub mod sso;
pub mod trace;
pub mod verdict;

pub use check::{Actor, Check};
pub use danish_time::danish_time;
pub use federation::{Federation, IdentityProvider, UserFacingSystem};
pub use identity::Hub;
pub use memory::BrowserMemory;
pub use pending::{BrowserHash, Consume, Consumed, FlowId, Pending, Stage};
pub use refusal::Refusal;
pub use report::{Accepted, Report, Row, RowOutcome};
pub use settings::Settings;
pub use trace::{Decision, Exchange, Leg, Source, Trace};

use crate::saml::Outbound;
use time::OffsetDateTime;

/// What every step needs to know: who we are, who the others are, and what time it is.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The hub's own identity.
    pub hub: &'a Hub,
    /// The snapshot of the federation that this step sees.
    pub federation: &'a Federation,
    /// The settings for what is unknown of the real hub.
    pub settings: &'a Settings,
    /// Now.
    pub now: OffsetDateTime,
}

/// A message that is finished: signed, encrypted where it must be, and bound to its destination. Only the
/// hub's own steps make one, and only a sealed message can be sent.
#[derive(Debug, Clone)]
pub struct Sealed(Outbound);

impl Sealed {
    pub(in crate::hub) fn new(outbound: Outbound) -> Self {
        Self(outbound)
    }
    /// How it goes out.
    pub fn outbound(&self) -> &Outbound {
        &self.0
    }
}
