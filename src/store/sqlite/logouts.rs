//! Logouts in the database: the same rules as in memory.

use crate::hub::FlowId;
use crate::hub::logout::PendingLogout;
use crate::store::file::trouble::{self, Trouble, stamp};
use crate::store::{Limits, LogoutKey, StoreError};
use rusqlite::{OptionalExtension as _, Transaction, params};
use time::OffsetDateTime;

pub(super) fn find(
    at: &Transaction<'_>,
    key: LogoutKey<'_>,
    now: OffsetDateTime,
) -> Result<Option<PendingLogout>, Trouble> {
    let (query, by) = match key {
        LogoutKey::Flow(flow) => (
            "SELECT body FROM logout WHERE flow = ? AND expires > ?",
            flow.as_str(),
        ),
        LogoutKey::Request(id) => (
            "SELECT body FROM logout WHERE request = ? AND expires > ?",
            id,
        ),
        LogoutKey::Browser(browser) => (
            "SELECT body FROM logout WHERE browser = ? AND expires > ?
             ORDER BY started DESC, flow DESC LIMIT 1",
            browser.0.as_str(),
        ),
    };
    let found = at
        .query_row(query, params![by, stamp(now)], |row| row.get(0))
        .optional()?;
    Ok(found.and_then(read))
}

pub(super) fn make_room(
    at: &Transaction<'_>,
    limits: Limits,
    now: OffsetDateTime,
) -> Result<(), Trouble> {
    at.execute("DELETE FROM logout WHERE expires <= ?", [stamp(now)])?;
    let count: i64 = at.query_row("SELECT count(*) FROM logout", [], |row| row.get(0))?;
    match trouble::counted(count)? < limits.logouts {
        true => Ok(()),
        false => Err(StoreError::Full.into()),
    }
}

pub(super) fn put(at: &Transaction<'_>, logout: &PendingLogout) -> Result<(), Trouble> {
    const INSERT: &str = "INSERT INTO logout (flow, request, browser, started, expires, body)
         VALUES (?, ?, ?, ?, ?, ?)";
    at.execute(
        INSERT,
        params![
            logout.flow.as_str(),
            logout.asked_with(),
            logout.browser.0,
            stamp(logout.started),
            stamp(logout.expires),
            written(logout)?,
        ],
    )?;
    Ok(())
}

pub(super) fn forget(at: &Transaction<'_>, flow: &FlowId) -> Result<(), Trouble> {
    at.execute("DELETE FROM logout WHERE flow = ?", [flow.as_str()])?;
    Ok(())
}

/// A logout as it was stored; none unless this version would write exactly the same.
fn read(body: String) -> Option<PendingLogout> {
    let logout: PendingLogout = serde_json::from_str(&body).ok()?;
    (written(&logout).ok()? == body).then_some(logout)
}

fn written(logout: &PendingLogout) -> Result<String, StoreError> {
    serde_json::to_string(logout).map_err(|error| StoreError::Unavailable(error.to_string()))
}
