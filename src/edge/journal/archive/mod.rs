//! The flows in an SQLite file, for a set time: what is deleted there is gone from the file.
//!
//! One connection owns the file (`locking_mode=EXCLUSIVE`). A commit lies in the write-ahead log and reaches the disk
//! when the log is carried over (`synchronous=NORMAL`): a machine without power loses the last flows, no login waits for
//! the disk, and the file stays whole. `secure_delete` overwrites what is deleted, and [`Held::scrub`] empties the log.

mod delete;
mod row;
mod schema;
mod search;

pub(super) use row::Row;

use super::Flow;
use super::flows::key;
use crate::hub::FlowId;
use crate::store::file::{self, Trouble, trouble};
use crate::store::{StoreError, Unusable};
use rusqlite::Connection;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use time::{Duration, OffsetDateTime};

/// Flows that are kept at most, whatever their age.
pub const MOST: usize = 100_000;

/// The file, and how long flows are kept in it.
#[derive(Debug)]
pub(super) struct Archive {
    file: PathBuf,
    keep: Duration,
    held: Mutex<Held>,
    trouble: Mutex<Option<Unusable>>,
}

/// The connection and what is known of what it leads to. Whoever has it is alone with the file.
#[derive(Debug)]
pub(super) struct Held {
    /// None after a file could not be made anew.
    connection: Option<Connection>,
    most: usize,
    count: usize,
    /// When the oldest flow began; none if that must be looked up.
    oldest: Option<i64>,
    /// Whether the log may still hold what was deleted.
    untidy: bool,
}

/// What lies in a file that was opened.
#[derive(Debug)]
pub(super) struct Lies {
    pub(super) ids: HashSet<u64>,
    pub(super) newest: u64,
}

impl Archive {
    /// Opens or makes the file. Blocks.
    pub(super) fn open(path: &Path, keep: Duration) -> Result<(Self, Lies), StoreError> {
        let file = file::absolute(path)?;
        let opened = schema::KIND.open(&file).and_then(Held::new);
        let (held, lies) = opened.map_err(|trouble| trouble.told(&file))?;
        let archive = Self {
            file,
            keep,
            held: Mutex::new(held),
            trouble: Mutex::new(None),
        };
        Ok((archive, lies))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What began before this moment is kept no longer.
    pub(super) fn end_of_keeping(&self, now: OffsetDateTime) -> OffsetDateTime {
        now.checked_sub(self.keep)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Why the file cannot be used at the moment.
    pub(super) fn trouble(&self) -> Option<Unusable> {
        self.said().clone()
    }

    /// The outcome of some work on the file; none if it failed, which is told once. The next work tries again.
    pub(super) fn noted<T>(&self, done: Result<T, Trouble>) -> Option<T> {
        let trouble = match done {
            Ok(done) => return Some(done),
            Err(trouble) => trouble,
        };
        let StoreError::Unusable(unusable) = trouble.told(&self.file) else {
            return None;
        };
        let mut said = self.said();
        if said.is_none() {
            tracing::error!(da = %unusable.da(), en = %unusable.en(), "flows are kept in memory only");
        }
        *said = Some(unusable);
        None
    }

    /// The same for a change of the file: where that succeeds, the trouble is over. Reading says nothing of it.
    pub(super) fn changed<T>(&self, done: Result<T, Trouble>) -> Option<T> {
        let done = self.noted(done)?;
        if self.said().take().is_some() {
            tracing::info!(file = %self.file.display(), "flows are kept in the file again");
        }
        Some(done)
    }

    /// Makes the file anew, without any flow.
    pub(super) fn clear(&self, held: &mut Held) -> Result<(), Trouble> {
        held.connection = None;
        for end in ["", "-wal", "-shm", "-journal"] {
            let mut path = self.file.as_os_str().to_owned();
            path.push(end);
            match std::fs::remove_file(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(trouble::of_system(&error).into()),
            }
        }
        (*held, _) = schema::KIND.open(&self.file).and_then(Held::new)?;
        Ok(())
    }

    /// Opens the file again, where an earlier attempt came to nothing.
    pub(super) fn reopen(&self, held: &mut Held) -> Result<(), Trouble> {
        if held.connection.is_none() {
            (*held, _) = schema::KIND.open(&self.file).and_then(Held::new)?;
        }
        Ok(())
    }

    fn said(&self) -> MutexGuard<'_, Option<Unusable>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn new(connection: Connection) -> Result<(Self, Lies), Trouble> {
        let mut lies = Lies {
            ids: HashSet::new(),
            newest: 0,
        };
        let mut all = connection.prepare("SELECT id, number FROM flow")?;
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            lies.newest = lies.newest.max(trouble::number(row.get(1)?)?);
            lies.ids.extend(FlowId::parse(&id).map(|id| key(&id)));
        }
        drop(rows);
        drop(all);
        let count: i64 = connection.query_row("SELECT count(*) FROM flow", [], |row| row.get(0))?;
        let held = Self {
            connection: Some(connection),
            most: MOST,
            count: trouble::counted(count)?,
            oldest: None,
            untidy: false,
        };
        Ok((held, lies))
    }

    fn at(&mut self) -> Result<&mut Connection, Trouble> {
        let gone = || crate::store::Why::Failed("the file is not open".to_owned());
        self.connection.as_mut().ok_or_else(|| gone().into())
    }

    /// Writes flows, each as it is now, all or none; ids of older ones that had to go for them.
    pub(super) fn write(&mut self, rows: &[Row<'_>]) -> Result<Vec<FlowId>, Trouble> {
        let most = self.most;
        let mut count = self.count;
        let transaction = self.at()?.transaction()?;
        for row in rows {
            count += row.write(&transaction)?;
        }
        let gone = delete::oldest(&transaction, count.saturating_sub(most))?;
        transaction.commit()?;
        self.count = count - gone.len();
        self.untidy |= !gone.is_empty();
        let began = rows.iter().map(Row::began).min();
        self.oldest = self
            .oldest
            .zip(began)
            .map(|(oldest, began)| oldest.min(began));
        Ok(gone)
    }

    /// One flow, packed.
    pub(super) fn read(&mut self, id: &FlowId) -> Result<Option<Flow>, Trouble> {
        row::read(self.at()?, id)
    }

    #[cfg(test)]
    pub(super) fn set_most(&mut self, most: usize) {
        self.most = most;
    }

    #[cfg(test)]
    pub(super) fn run(&mut self, sql: &str) {
        let mut run = self.at().expect("open").prepare(sql).expect(sql);
        let mut rows = run.query([]).expect(sql);
        while rows.next().expect(sql).is_some() {}
    }
}
