//! What can go wrong with a database, as the store's callers are told.

use crate::store::{StoreError, Unusable, Why};
use rusqlite::{Error, ErrorCode};
use std::io;
use std::path::Path;
use time::OffsetDateTime;

/// A step that failed, before it is known whose file it was.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The store's own answer.
    Answer(StoreError),
    /// The file.
    File(Why),
    /// The database.
    Database(Error),
}

impl Trouble {
    /// The same for the caller.
    pub fn told(self, file: &Path) -> StoreError {
        let why = match self {
            Self::Answer(answer) => return answer,
            Self::File(why) => why,
            Self::Database(error) => of_database(&error),
        };
        let file = file.to_owned();
        StoreError::Unusable(Unusable { file, why })
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl From<StoreError> for Trouble {
    fn from(answer: StoreError) -> Self {
        Self::Answer(answer)
    }
}

impl From<Why> for Trouble {
    fn from(why: Why) -> Self {
        Self::File(why)
    }
}

/// What the system says of a file.
pub(crate) fn of_system(error: &io::Error) -> Why {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Why::Forbidden,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Why::NoRoom,
        _ => Why::Failed(error.to_string()),
    }
}

fn of_database(error: &Error) -> Why {
    let said = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Why::Taken,
        Some(ErrorCode::NotADatabase) => Why::NoDatabase,
        Some(ErrorCode::DiskFull) => Why::NoRoom,
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            Why::Forbidden
        }
        Some(ErrorCode::DatabaseCorrupt) => Why::Damaged(said),
        Some(_) => Why::Failed(said),
        // The database works, but what it holds is not what this program writes.
        None => Why::Damaged(said),
    }
}

/// A count or number as it is stored; a negative one was not written by this program.
pub(crate) fn number(stored: i64) -> Result<u64, Why> {
    u64::try_from(stored).map_err(|_| Why::Damaged(format!("{stored} is no number of ours")))
}

/// [`number`] for something that fits into memory.
pub(crate) fn counted(stored: i64) -> Result<usize, Why> {
    usize::try_from(stored).map_err(|_| Why::Damaged(format!("{stored} is no count")))
}

/// A moment as it is stored, in nanoseconds since 1970. A year that has no such number is as far off as can be.
pub(crate) fn stamp(moment: OffsetDateTime) -> i64 {
    let nanoseconds = moment.unix_timestamp_nanos();
    i64::try_from(nanoseconds).unwrap_or(match nanoseconds < 0 {
        true => i64::MIN,
        false => i64::MAX,
    })
}
