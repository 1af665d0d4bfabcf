//! One SQLite file that belongs to this process: from a path to a connection whose tables are up to date.
//!
//! What differs from file to file is its [`Kind`]; how a file is looked at, taken and told about is the same for all.

mod open;
pub(crate) mod trouble;

pub(crate) use trouble::Trouble;

use super::{StoreError, Unusable};
use rusqlite::{Connection, TransactionBehavior};
use std::path::{Path, PathBuf};

/// A kind of file.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Says in the file's header that it is ours (`PRAGMA application_id`).
    pub application: i64,
    /// Each brings the tables from its index to the next version (`PRAGMA user_version`). One that was released is
    /// never changed: what it got wrong, the next one mends.
    pub migrations: &'static [&'static str],
    /// How it works beyond what holds for every file.
    pub pragmas: &'static str,
    /// Whether the whole file is read at the start, to find damage before anything of it is used.
    pub checked: bool,
}

impl Kind {
    /// Opens the file, which is made (mode 0600) if there is none, and brings it up to date. Nothing is written to a
    /// file of somebody else's.
    pub fn open(&self, path: &Path) -> Result<Connection, Trouble> {
        let mut connection = open::file(path, self)?;
        self.migrate_to(&mut connection, self.migrations.len())?;
        Ok(connection)
    }

    /// The same without a file.
    pub fn in_memory(&self) -> Result<Connection, Trouble> {
        let mut connection = open::memory(self)?;
        self.migrate_to(&mut connection, self.migrations.len())?;
        Ok(connection)
    }

    /// The version that this program writes.
    pub fn newest(&self) -> i64 {
        i64::try_from(self.migrations.len()).unwrap_or(i64::MAX)
    }

    /// Brings the tables up to date, each version whole or not at all, no further than to version `last`.
    pub fn migrate_to(&self, connection: &mut Connection, last: usize) -> Result<(), Trouble> {
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let done = trouble::counted(version)?;
        for (at, step) in self.migrations.iter().enumerate().take(last).skip(done) {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
            transaction.execute_batch(step)?;
            transaction.pragma_update(None, "application_id", self.application)?;
            transaction.pragma_update(None, "user_version", at as i64 + 1)?;
            transaction.commit()?;
        }
        Ok(())
    }
}

/// The path from the root. What SQLite would take for something else than a file (`:memory:`) is a file all the same.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, StoreError> {
    std::path::absolute(path).map_err(|error| {
        let file = path.to_owned();
        let why = trouble::of_system(&error);
        Unusable { file, why }.into()
    })
}
