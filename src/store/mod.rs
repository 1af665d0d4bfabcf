//! Pending logins and replay memory.
//!
//! The edge reads from here, the core decides, and the edge writes back: whatever the store is, the rules
//! are the same. `conformance` is one suite that every implementation runs.

#[cfg(test)]
mod conformance;
mod memory;

pub use memory::{Limits, Memory};

pub use crate::hub::Consumed;

use crate::hub::{Consume, FlowId, Pending};
use async_trait::async_trait;
use std::fmt;
use time::OffsetDateTime;

/// Where pending logins live between the steps of a login.
#[async_trait]
pub trait Store: Send + Sync {
    /// Keeps a pending login until it expires. One with the same flow is replaced only if it still is
    /// `replaces`; with `None` there must be none. Of one system's request only [`MAX_OF_ONE_REQUEST`] logins
    /// are kept: a new one takes the place of the oldest that waits for a choice, or else of the oldest.
    async fn put(
        &self,
        pending: &Pending,
        replaces: Option<&Pending>,
        now: OffsetDateTime,
    ) -> Result<(), StoreError>;

    /// The pending login of a flow, unless it has expired.
    async fn by_flow(
        &self,
        flow: &FlowId,
        now: OffsetDateTime,
    ) -> Result<Option<Pending>, StoreError>;

    /// The pending login that asked an IdP with this request `ID`, unless it has expired.
    async fn by_request(
        &self,
        request_id: &str,
        now: OffsetDateTime,
    ) -> Result<Option<Pending>, StoreError>;

    /// Deletes the pending login if it still is the one that was read, and remembers the message ids; all or
    /// nothing, in one atomic step. Must succeed before anything is sent.
    async fn consume(&self, consume: &Consume, now: OffsetDateTime)
    -> Result<Consumed, StoreError>;

    /// Forgets everything: the reset of a demo, and of nothing else, for the replay memory goes too.
    async fn clear(&self) -> Result<(), StoreError>;
}

/// Logins that one request of a system may have begun: the back button repeats it a few times, and who
/// replays a captured one gets no further.
pub const MAX_OF_ONE_REQUEST: usize = 20;

/// The store cannot answer. Whoever gets this refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// Another pending login has the same flow, or `replaces` is not what is stored.
    Conflict,
    /// No room: the store is bounded, and does not forget what it must remember.
    Full,
    /// The store cannot be reached.
    Unavailable(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict => write!(f, "the login was changed by another request"),
            Self::Full => write!(f, "the store is full"),
            Self::Unavailable(why) => write!(f, "the store cannot be reached: {why}"),
        }
    }
}

impl std::error::Error for StoreError {}
