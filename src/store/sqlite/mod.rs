//! Everything in one SQLite file: pending logins, replay memory and records outlive the process.
//!
//! One process owns the file for as long as it is open (`locking_mode=EXCLUSIVE`), and what is answered lies on
//! the disk (write-ahead log, `synchronous=FULL`). There is one connection; work on it waits its turn and runs
//! where blocking is allowed. The lock is the process's: a part of it that opened and closed the file by itself
//! would take it away from under this one, so nothing does.

mod logins;
mod logouts;
mod records;
mod schema;
mod sessions;
#[cfg(test)]
mod tests;

use super::file::{self, Trouble, trouble};
use super::{Limits, StoreError};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

/// The store in a file. It is a [`super::Store`] and [`super::Records`], and bounded like [`super::Memory`].
#[derive(Debug)]
pub struct Sqlite {
    limits: Limits,
    held: Arc<Mutex<Held>>,
}

/// The connection, and what is known of what it leads to.
#[derive(Debug)]
struct Held {
    connection: Connection,
    file: PathBuf,
    sizes: Sizes,
}

/// How much there is: counting a million rows at every login would take longer than the login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sizes {
    pending: usize,
    replay: usize,
    sessions: usize,
}

impl Sqlite {
    /// Opens the store in `path`, which is made (mode 0600) if there is none, and brings it up to date. Blocks.
    /// [`StoreError::Unusable`] says why a file cannot be used: nothing of it is used then.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::with_limits(path, Limits::default())
    }

    /// The same with other limits.
    pub fn with_limits(path: &Path, limits: Limits) -> Result<Self, StoreError> {
        let file = file::absolute(path)?;
        let held = schema::KIND
            .open(&file)
            .and_then(|connection| Held::new(connection, &file));
        Self::holding(held, &file, limits)
    }

    /// An empty store without a file: gone with the value.
    pub fn in_memory() -> Result<Self, StoreError> {
        let file = PathBuf::from(":memory:");
        let held = schema::KIND
            .in_memory()
            .and_then(|connection| Held::new(connection, &file));
        Self::holding(held, &file, Limits::default())
    }

    fn holding(
        held: Result<Held, Trouble>,
        file: &Path,
        limits: Limits,
    ) -> Result<Self, StoreError> {
        let held = held.map_err(|trouble| trouble.told(file))?;
        let held = Arc::new(Mutex::new(held));
        Ok(Self { limits, held })
    }

    /// Does `work` in one transaction: carried out whole if it succeeds, and not at all otherwise. Goes on to its
    /// end though the caller may have stopped waiting.
    async fn transact<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>, &mut Sizes) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, StoreError> {
        let mut held = self.held.clone().lock_owned().await;
        let done = spawn_blocking(move || {
            held.transact(work)
                .map_err(|trouble| trouble.told(&held.file))
        });
        done.await
            .map_err(|_| StoreError::Unavailable("a change was left unfinished".to_owned()))?
    }
}

impl Held {
    fn new(connection: Connection, file: &Path) -> Result<Self, Trouble> {
        let count = |table: &str| {
            let query = format!("SELECT count(*) FROM {table}");
            connection.query_row(&query, [], |row| row.get::<_, i64>(0))
        };
        let sizes = Sizes {
            pending: trouble::counted(count("pending")?)?,
            replay: trouble::counted(count("replay")?)?,
            sessions: trouble::counted(count("session")?)?,
        };
        Ok(Self {
            connection,
            file: file.to_owned(),
            sizes,
        })
    }

    fn transact<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>, &mut Sizes) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let mut sizes = self.sizes;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction, &mut sizes)?;
        transaction.commit()?;
        self.sizes = sizes;
        Ok(done)
    }
}
