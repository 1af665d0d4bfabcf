//! Records in memory: for a demo and for tests.

use super::{Logged, MAX_LOG, MAX_LOG_BYTES, Records, Row, Stored, Write, checked};
use crate::store::StoreError;
use async_trait::async_trait;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};
use time::OffsetDateTime;

/// The memory store of records: gone with the process.
#[derive(Debug, Default)]
pub struct MemoryRecords {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    stored: Stored,
    /// Oldest first.
    log: VecDeque<Logged>,
    /// Bytes of its texts.
    bytes: usize,
    /// Lines that were ever written.
    lines: u64,
}

impl MemoryRecords {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// One that holds these already, at revision 0: nobody has written them.
    pub fn holding(rows: Vec<Row>) -> Self {
        let stored = Stored { revision: 0, rows };
        let inner = Inner {
            stored,
            ..Inner::default()
        };
        Self {
            inner: Mutex::new(inner),
        }
    }

    /// A thread that died while it held the lock may have left half a change: then nobody may rely on it.
    fn lock(&self) -> Result<MutexGuard<'_, Inner>, StoreError> {
        self.inner
            .lock()
            .map_err(|_| StoreError::Unavailable("a change was left unfinished".to_owned()))
    }
}

#[async_trait]
impl Records for MemoryRecords {
    async fn load(&self) -> Result<Stored, StoreError> {
        Ok(self.lock()?.stored.clone())
    }

    async fn commit(
        &self,
        on: u64,
        writes: &[Write],
        who: &str,
        now: OffsetDateTime,
    ) -> Result<u64, StoreError> {
        let mut inner = self.lock()?;
        if inner.stored.revision != on {
            return Err(StoreError::Conflict);
        }
        // From here on nothing can fail.
        checked(writes)?;
        let mut changed = false;
        for write in writes {
            let before = inner.write(write);
            if before == write.body {
                continue;
            }
            changed = true;
            inner.log(write, before, who, now);
        }
        inner.stored.revision += u64::from(changed);
        Ok(inner.stored.revision)
    }

    async fn log(&self, before: Option<u64>, limit: usize) -> Result<Vec<Logged>, StoreError> {
        let inner = self.lock()?;
        let older = |line: &&Logged| before.is_none_or(|before| line.number < before);
        Ok(inner
            .log
            .iter()
            .rev()
            .filter(older)
            .take(limit)
            .cloned()
            .collect())
    }
}

impl Inner {
    /// Carries out one write; what was there before.
    fn write(&mut self, write: &Write) -> Option<String> {
        let rows = &mut self.stored.rows;
        let at = rows
            .iter()
            .position(|row| row.kind == write.kind && row.id == write.id);
        match (at, &write.body) {
            (None, None) => None,
            (Some(at), None) => Some(rows.remove(at).body),
            (Some(at), Some(body)) => Some(std::mem::replace(&mut rows[at].body, body.clone())),
            (None, Some(body)) => {
                rows.push(Row {
                    kind: write.kind.clone(),
                    id: write.id.clone(),
                    body: body.clone(),
                });
                None
            }
        }
    }

    fn log(&mut self, write: &Write, before: Option<String>, who: &str, now: OffsetDateTime) {
        self.lines += 1;
        let line = Logged {
            number: self.lines,
            at: now,
            who: who.to_owned(),
            kind: write.kind.clone(),
            id: write.id.clone(),
            before,
            after: write.body.clone(),
        };
        self.bytes += line.size();
        self.log.push_back(line);
        while (self.log.len() > MAX_LOG || self.bytes > MAX_LOG_BYTES)
            && let Some(oldest) = self.log.pop_front()
        {
            self.bytes -= oldest.size();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::conformance;
    use super::*;

    #[tokio::test]
    async fn memory_keeps_records() {
        conformance::suite(MemoryRecords::new).await;
    }
}
