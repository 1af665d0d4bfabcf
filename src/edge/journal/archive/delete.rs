//! Deleting is deleting: what goes is overwritten in the file, and the log, which has it too, is emptied.

use super::{Held, Trouble};
use crate::hub::FlowId;
use crate::store::file::trouble::stamp;
use rusqlite::{OptionalExtension as _, Transaction, params};
use time::OffsetDateTime;

/// Flows that go in one transaction: others wait for the file no longer than that takes.
const AT_ONCE: usize = 200;

impl Held {
    /// Deletes one flow; whether it was there.
    pub(in crate::edge::journal) fn delete(&mut self, id: &FlowId) -> Result<bool, Trouble> {
        let transaction = self.at()?.transaction()?;
        let number = "SELECT number FROM flow WHERE id = ?";
        let number = transaction.query_row(number, [id.as_str()], |row| row.get::<_, i64>(0));
        let Some(number) = number.optional()? else {
            return Ok(false);
        };
        gone(&transaction, number)?;
        transaction.commit()?;
        self.count = self.count.saturating_sub(1);
        self.untidy = true;
        self.scrub()?;
        Ok(true)
    }

    /// Deletes some of the flows that began before; their ids. None: there are no more.
    pub(in crate::edge::journal) fn delete_older(
        &mut self,
        than: OffsetDateTime,
    ) -> Result<Vec<FlowId>, Trouble> {
        let than = stamp(than);
        if self.oldest.is_some_and(|oldest| oldest >= than) {
            return Ok(Vec::new());
        }
        let transaction = self.at()?.transaction()?;
        let which = "SELECT number, id FROM flow WHERE began < ?1 LIMIT ?2";
        let old = chosen(&transaction, which, than, AT_ONCE)?;
        let oldest = match old.is_empty() {
            true => transaction.query_row("SELECT min(began) FROM flow", [], |row| row.get(0))?,
            false => None,
        };
        transaction.commit()?;
        self.count = self.count.saturating_sub(old.len());
        self.untidy |= !old.is_empty();
        if old.is_empty() {
            self.oldest = Some(oldest.unwrap_or(i64::MAX));
        }
        Ok(old)
    }

    /// Empties the log if what was deleted may still be in it.
    pub(in crate::edge::journal) fn scrub(&mut self) -> Result<(), Trouble> {
        if !self.untidy {
            return Ok(());
        }
        let emptied = "PRAGMA wal_checkpoint(TRUNCATE)";
        let busy: i64 = self.at()?.query_row(emptied, [], |row| row.get(0))?;
        self.untidy = busy != 0;
        Ok(())
    }
}

/// Deletes so many of the oldest flows; their ids.
pub(super) fn oldest(at: &Transaction<'_>, many: usize) -> Result<Vec<FlowId>, Trouble> {
    match many {
        0 => Ok(Vec::new()),
        many => chosen(
            at,
            "SELECT number, id FROM flow WHERE number > ?1 ORDER BY number LIMIT ?2",
            0,
            many,
        ),
    }
}

fn chosen(
    at: &Transaction<'_>,
    which: &str,
    bound: i64,
    most: usize,
) -> Result<Vec<FlowId>, Trouble> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut select = at.prepare_cached(which)?;
    let rows = select.query_map(params![bound, most], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
    })?;
    let rows: Vec<(i64, String)> = rows.collect::<Result<_, _>>()?;
    for (number, _) in &rows {
        gone(at, *number)?;
    }
    Ok(rows
        .iter()
        .filter_map(|(_, id)| FlowId::parse(id))
        .collect())
}

fn gone(at: &Transaction<'_>, number: i64) -> Result<(), Trouble> {
    at.prepare_cached("DELETE FROM flow WHERE number = ?")?
        .execute([number])?;
    at.prepare_cached("DELETE FROM content WHERE number = ?")?
        .execute([number])?;
    Ok(())
}
