//! Pending logins, replay memory, and the records of the registry.
//!
//! The edge reads from here, the core decides, and the edge writes back: whatever the store is, the rules
//! are the same. A [`Store`] keeps what a login needs, [`Records`] what the registry is made of; both live in
//! memory or in one [`Sqlite`] file. `conformance` and `records::conformance` are suites that every
//! implementation runs.

#[cfg(test)]
mod conformance;
mod error;
pub(crate) mod file;
mod memory;
mod packed;
pub mod records;
mod sqlite;

pub use error::{StoreError, Unusable, Why};
pub use memory::{Limits, Memory};
pub use records::{MemoryRecords, Records};
pub use sqlite::Sqlite;

pub use crate::hub::Consumed;

use crate::hub::logout::{BeginLogout, Ended, PendingLogout};
use crate::hub::session::{Session, SessionKey};
use crate::hub::{BrowserHash, Consume, FlowId, Pending};
use async_trait::async_trait;
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

    /// The sessions that are found by `key`, unless they have ended, in the order of [`SessionId`].
    ///
    /// [`SessionId`]: crate::hub::session::SessionId
    async fn sessions(
        &self,
        key: &SessionKey,
        now: OffsetDateTime,
    ) -> Result<Vec<Session>, StoreError>;

    /// Joins a login to a session, if that still is there; whether it is. For a login that is served from it: one by an
    /// identity provider comes with its [`Consume`].
    async fn join(&self, login: &Session, now: OffsetDateTime) -> Result<bool, StoreError>;

    /// Takes the sessions, remembers the request and keeps the logout; all or nothing, in one atomic step. Must succeed
    /// before anybody is told.
    async fn begin_logout(
        &self,
        begin: &BeginLogout,
        now: OffsetDateTime,
    ) -> Result<Ended, StoreError>;

    /// Keeps a logout in the place of the one that was read; without `becomes` it is over, and is forgotten. Whether it
    /// still was the one that was read.
    async fn go_on(
        &self,
        read: &PendingLogout,
        becomes: Option<&PendingLogout>,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError>;

    /// The logout that is found by `key`, unless it has expired.
    async fn logout(
        &self,
        key: LogoutKey<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<PendingLogout>, StoreError>;

    /// Forgets everything: the reset of a demo, and of nothing else, for the replay memory goes too.
    async fn clear(&self) -> Result<(), StoreError>;
}

/// What a logout is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoutKey<'a> {
    /// `ID` of the LogoutRequest that waits for an answer.
    Request(&'a str),
    /// The flow.
    Flow(&'a FlowId),
    /// The browser whose sessions ended: the latest.
    Browser(&'a BrowserHash),
}

/// Logins that one request of a system may have begun: the back button repeats it a few times, and who
/// replays a captured one gets no further.
pub const MAX_OF_ONE_REQUEST: usize = 20;

/// How long something stays beyond its time while there is room. A clock that jumps forward and back again
/// (a rehearsal, a bad time server) would otherwise have emptied the replay memory in between, and a message
/// that was accepted before the jump would be accepted once more after it.
const GRACE: time::Duration = time::Duration::hours(1);
