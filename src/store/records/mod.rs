//! The registry's records: objects with a kind, an id and a text, under one revision, with a log of every change.
//!
//! The store does not look into what it stores. Whoever writes names the revision that the writes were decided
//! on; if somebody else was faster nothing is written, and the caller reads and decides anew.

#[cfg(test)]
pub(super) mod conformance;
mod memory;

pub use memory::MemoryRecords;

use super::StoreError;
use async_trait::async_trait;
use time::OffsetDateTime;

/// One stored object: its kind, its id and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is: ids are unique within a kind.
    pub kind: String,
    /// Which one.
    pub id: String,
    /// Its text, byte for byte.
    pub body: String,
}

/// What becomes of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// The object's kind.
    pub kind: String,
    /// The object's id.
    pub id: String,
    /// Its text from now on; `None` deletes it.
    pub body: Option<String>,
}

/// A line of the change log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Counts from 1 and is never used again.
    pub number: u64,
    /// When, as the writer said.
    pub at: OffsetDateTime,
    /// Who, as the writer said.
    pub who: String,
    /// The object's kind.
    pub kind: String,
    /// The object's id.
    pub id: String,
    /// Its text before; `None` if there was none.
    pub before: Option<String>,
    /// Its text after; `None` if it was deleted.
    pub after: Option<String>,
}

/// Everything that is stored, at one revision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stored {
    /// 0 until the first change; one more with every commit that changes something.
    pub revision: u64,
    /// In the order in which they were first written. What is deleted and written again is new.
    pub rows: Vec<Row>,
}

/// Bytes of one text: twice the largest metadata that is let in. A longer one is [`StoreError::TooLarge`].
pub const MAX_BODY: usize = 32 * 1024 * 1024;

/// Lines of the change log that are kept; the oldest go.
pub const MAX_LOG: usize = 10_000;

/// Bytes of the texts in the change log that are kept; the oldest lines go. The newest line always fits: it has two texts.
pub const MAX_LOG_BYTES: usize = 2 * MAX_BODY;

/// Where the registry's objects live.
#[async_trait]
pub trait Records: Send + Sync {
    /// Everything, at one revision.
    async fn load(&self) -> Result<Stored, StoreError>;

    /// Carries out `writes` in their order, all or nothing, and answers with the revision that it became. What is
    /// answered lasts, as long as the store does. [`StoreError::Conflict`] if the revision is no longer `on`.
    /// A write that changes nothing is not logged, and a commit of no others leaves the revision as it was.
    async fn commit(
        &self,
        on: u64,
        writes: &[Write],
        who: &str,
        now: OffsetDateTime,
    ) -> Result<u64, StoreError>;

    /// At most `limit` lines of the change log, newest first; with `before`, those with a smaller number. The
    /// newest [`MAX_LOG`] are kept, and of these as many as [`MAX_LOG_BYTES`] hold.
    async fn log(&self, before: Option<u64>, limit: usize) -> Result<Vec<Logged>, StoreError>;
}

impl Logged {
    /// Bytes of its texts.
    pub fn size(&self) -> usize {
        let texts = [&self.before, &self.after].into_iter().flatten();
        texts.map(String::len).sum()
    }
}

/// No text is longer than what the store takes.
pub(super) fn checked(writes: &[Write]) -> Result<(), StoreError> {
    let long = |write: &&Write| {
        write
            .body
            .as_ref()
            .is_some_and(|body| body.len() > MAX_BODY)
    };
    match writes.iter().find(long) {
        None => Ok(()),
        Some(write) => Err(StoreError::TooLarge {
            kind: write.kind.clone(),
            id: write.id.clone(),
        }),
    }
}
