//! Sessions in the database: the same rules as in memory.

use super::Sizes;
use crate::hub::session::{Session, SessionId, SessionKey};
use crate::store::file::trouble::{Trouble, stamp};
use crate::store::{GRACE, Limits, StoreError, packed};
use rusqlite::{OptionalExtension as _, Transaction, params};
use time::OffsetDateTime;

pub(super) fn get(
    at: &Transaction<'_>,
    id: &SessionId,
    now: OffsetDateTime,
) -> Result<Option<Session>, Trouble> {
    const QUERY: &str = "SELECT body FROM session WHERE id = ? AND ends > ?";
    let found = at
        .query_row(QUERY, params![id.as_str(), stamp(now)], |row| row.get(0))
        .optional()?;
    Ok(found.and_then(read))
}

pub(super) fn find(
    at: &Transaction<'_>,
    key: &SessionKey,
    now: OffsetDateTime,
) -> Result<Vec<Session>, Trouble> {
    const QUERY: &str =
        "SELECT body FROM session_key JOIN session ON session.id = session_key.session
         WHERE key = ? AND ends > ? ORDER BY session.id";
    let mut query = at.prepare_cached(QUERY)?;
    let bodies = query.query_map(params![packed::name(key), stamp(now)], |row| row.get(0))?;
    let mut found = Vec::new();
    for body in bodies {
        // A digest that is another's by chance finds nobody.
        found.extend(read(body?).filter(|session| session.keys().contains(key)));
    }
    Ok(found)
}

/// Keeps it, in the place of what has its name. The one that was used longest ago gives way where there is no room.
pub(super) fn put(
    at: &Transaction<'_>,
    session: &Session,
    sizes: &mut Sizes,
    limits: Limits,
    now: OffsetDateTime,
) -> Result<(), Trouble> {
    const ENDED: &str = "SELECT id FROM session WHERE ends <= ?";
    const OLDEST: &str = "SELECT id FROM session ORDER BY used LIMIT 1";
    const INSERT: &str = "INSERT INTO session (id, used, ends, body) VALUES (?, ?, ?, ?)";
    const KEY: &str = "INSERT INTO session_key (key, session) VALUES (?, ?) ON CONFLICT DO NOTHING";
    forget(at, &session.id, sizes)?;
    let ended: Vec<String> = at
        .prepare_cached(ENDED)?
        .query_map([stamp(now - GRACE)], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in ended {
        drop(at, &id, sizes)?;
    }
    while sizes.sessions >= limits.sessions {
        let oldest: Option<String> = at.query_row(OLDEST, [], |row| row.get(0)).optional()?;
        let Some(oldest) = oldest else { break };
        drop(at, &oldest, sizes)?;
    }
    let (id, body) = (session.id.as_str(), written(session)?);
    at.execute(
        INSERT,
        params![id, stamp(session.used), stamp(session.ends), body],
    )?;
    for key in session.keys() {
        at.execute(KEY, params![packed::name(&key), id])?;
    }
    sizes.sessions += 1;
    Ok(())
}

pub(super) fn forget(
    at: &Transaction<'_>,
    id: &SessionId,
    sizes: &mut Sizes,
) -> Result<(), Trouble> {
    drop(at, id.as_str(), sizes)
}

fn drop(at: &Transaction<'_>, id: &str, sizes: &mut Sizes) -> Result<(), Trouble> {
    at.execute("DELETE FROM session_key WHERE session = ?", [id])?;
    sizes.sessions -= at.execute("DELETE FROM session WHERE id = ?", [id])?;
    Ok(())
}

/// A session as it was stored; none unless this version would write exactly the same.
fn read(body: String) -> Option<Session> {
    let session: Session = serde_json::from_str(&body).ok()?;
    (written(&session).ok()? == body).then_some(session)
}

fn written(session: &Session) -> Result<String, StoreError> {
    serde_json::to_string(session).map_err(|error| StoreError::Unavailable(error.to_string()))
}
