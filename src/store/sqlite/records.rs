//! The registry's records in the database.

use super::Sqlite;
use crate::store::file::trouble::{Trouble, number, stamp};
use crate::store::records::{Logged, MAX_LOG, MAX_LOG_BYTES, Records, Row, Stored, Write, checked};
use crate::store::{StoreError, Why};
use async_trait::async_trait;
use rusqlite::{OptionalExtension as _, Transaction, params};
use time::OffsetDateTime;

#[async_trait]
impl Records for Sqlite {
    async fn load(&self) -> Result<Stored, StoreError> {
        const QUERY: &str = "SELECT kind, id, body FROM record ORDER BY position";
        self.transact(|at, _| {
            let mut query = at.prepare(QUERY)?;
            let rows = query.query_map([], |row| {
                Ok(Row {
                    kind: row.get(0)?,
                    id: row.get(1)?,
                    body: row.get(2)?,
                })
            })?;
            Ok(Stored {
                revision: revision(at)?,
                rows: rows.collect::<Result<_, _>>()?,
            })
        })
        .await
    }

    async fn commit(
        &self,
        on: u64,
        writes: &[Write],
        who: &str,
        now: OffsetDateTime,
    ) -> Result<u64, StoreError> {
        let (writes, who) = (writes.to_vec(), who.to_owned());
        self.transact(move |at, _| {
            if revision(at)? != on {
                return Err(StoreError::Conflict.into());
            }
            checked(&writes)?;
            let mut changed = false;
            for write in &writes {
                let before = body(at, write)?;
                if before == write.body {
                    continue;
                }
                changed = true;
                carry_out(at, write)?;
                log(at, write, before, &who, now)?;
            }
            if !changed {
                return Ok(on);
            }
            at.execute("UPDATE revision SET number = number + 1", [])?;
            revision(at)
        })
        .await
    }

    async fn log(&self, before: Option<u64>, limit: usize) -> Result<Vec<Logged>, StoreError> {
        const QUERY: &str = "SELECT number, at, who, kind, id, before, after FROM log
             WHERE number < ? ORDER BY number DESC LIMIT ?";
        let most = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let before = before.map_or(i64::MAX, most);
        let limit = most(limit as u64);
        self.transact(move |at, _| {
            let mut query = at.prepare(QUERY)?;
            let mut lines = query.query([before, limit])?;
            let mut logged = Vec::new();
            while let Some(line) = lines.next()? {
                logged.push(Logged {
                    number: number(line.get(0)?)?,
                    at: moment(line.get(1)?)?,
                    who: line.get(2)?,
                    kind: line.get(3)?,
                    id: line.get(4)?,
                    before: line.get(5)?,
                    after: line.get(6)?,
                });
            }
            Ok(logged)
        })
        .await
    }
}

fn revision(at: &Transaction<'_>) -> Result<u64, Trouble> {
    let stored = at.query_row("SELECT number FROM revision", [], |row| row.get(0))?;
    Ok(number(stored)?)
}

fn body(at: &Transaction<'_>, write: &Write) -> Result<Option<String>, Trouble> {
    const QUERY: &str = "SELECT body FROM record WHERE kind = ? AND id = ?";
    let found = at.query_row(QUERY, [&write.kind, &write.id], |row| row.get(0));
    Ok(found.optional()?)
}

fn carry_out(at: &Transaction<'_>, write: &Write) -> Result<(), Trouble> {
    // An update keeps the position; a new row gets one behind all others.
    const PUT: &str = "INSERT INTO record (kind, id, body) VALUES (?, ?, ?)
         ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body";
    const DELETE: &str = "DELETE FROM record WHERE kind = ? AND id = ?";
    match &write.body {
        Some(body) => at.execute(PUT, [&write.kind, &write.id, body])?,
        None => at.execute(DELETE, [&write.kind, &write.id])?,
    };
    Ok(())
}

/// Writes a line, and forgets those that are too old now, or too much. The newest line always stays, so that no number
/// is given twice.
fn log(
    at: &Transaction<'_>,
    write: &Write,
    before: Option<String>,
    who: &str,
    now: OffsetDateTime,
) -> Result<(), Trouble> {
    const INSERT: &str = "INSERT INTO log (at, who, kind, id, before, after, start)
         VALUES (?, ?, ?, ?, ?, ?, ?)";
    // Only lines that have to go are looked at before it is found.
    const FIRST: &str = "SELECT number FROM log WHERE number > ? AND start >= ?
         ORDER BY number LIMIT 1";
    let start = logged(at)?;
    at.execute(
        INSERT,
        params![
            stamp(now),
            who,
            write.kind,
            write.id,
            before,
            write.body,
            start
        ],
    )?;
    let most = |most: usize| i64::try_from(most).unwrap_or(i64::MAX);
    let by_number = at.last_insert_rowid() - most(MAX_LOG);
    let by_bytes = logged(at)? - most(MAX_LOG_BYTES);
    let first: i64 = at.query_row(FIRST, [by_number, by_bytes], |row| row.get(0))?;
    at.execute("DELETE FROM log WHERE number < ?", [first])?;
    Ok(())
}

/// Bytes of all texts that were ever logged.
fn logged(at: &Transaction<'_>) -> Result<i64, Trouble> {
    const END: &str =
        "SELECT start + ifnull(octet_length(before), 0) + ifnull(octet_length(after), 0)
         FROM log ORDER BY number DESC LIMIT 1";
    let end = at.query_row(END, [], |row| row.get(0)).optional()?;
    Ok(end.unwrap_or(0))
}

/// What [`stamp`] made of a moment.
fn moment(stored: i64) -> Result<OffsetDateTime, Why> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(stored))
        .map_err(|error| Why::Damaged(error.to_string()))
}
