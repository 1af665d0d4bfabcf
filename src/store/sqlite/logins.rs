//! Pending logins and replay memory in the database: the same rules as in memory.

use super::{Sizes, Sqlite, logouts, sessions};
use crate::hub::logout::{BeginLogout, Ended, PendingLogout};
use crate::hub::session::{Session, SessionKey};
use crate::hub::{BrowserHash, Consume, FlowId, Pending};
use crate::store::file::trouble::{self, Trouble, stamp};
use crate::store::{Consumed, GRACE, Limits, LogoutKey, MAX_OF_ONE_REQUEST, Store, StoreError};
use async_trait::async_trait;
use rusqlite::{OptionalExtension as _, Transaction, params};
use time::OffsetDateTime;

#[async_trait]
impl Store for Sqlite {
    async fn put(
        &self,
        pending: &Pending,
        replaces: Option<&Pending>,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let (pending, replaces, limits) = (pending.clone(), replaces.cloned(), self.limits);
        self.transact(move |at, sizes| {
            if by_flow(at, &pending.flow, now)? != replaces || of_another_flow(at, &pending)? {
                return Err(StoreError::Conflict.into());
            }
            let gone = at.execute(
                "DELETE FROM pending WHERE flow = ?",
                [pending.flow.as_str()],
            )?;
            sizes.pending -= gone;
            sizes.pending -= make_room_in_request(at, &pending, now)?;
            make_room_for_pending(at, sizes, limits, now)?;
            insert(at, &pending)?;
            sizes.pending += 1;
            Ok(())
        })
        .await
    }

    async fn by_flow(
        &self,
        flow: &FlowId,
        now: OffsetDateTime,
    ) -> Result<Option<Pending>, StoreError> {
        let flow = flow.clone();
        self.transact(move |at, _| by_flow(at, &flow, now)).await
    }

    async fn by_request(
        &self,
        request_id: &str,
        now: OffsetDateTime,
    ) -> Result<Option<Pending>, StoreError> {
        const QUERY: &str = "SELECT body FROM pending WHERE request = ? AND expires > ?";
        let request_id = request_id.to_owned();
        self.transact(move |at, _| {
            let found = at
                .query_row(QUERY, params![request_id, stamp(now)], |row| row.get(0))
                .optional()?;
            Ok(found.and_then(read))
        })
        .await
    }

    async fn consume(
        &self,
        consume: &Consume,
        now: OffsetDateTime,
    ) -> Result<Consumed, StoreError> {
        let (consume, limits) = (consume.clone(), self.limits);
        self.transact(move |at, sizes| {
            let flow = &consume.pending.flow;
            if by_flow(at, flow, now)?.as_ref() != Some(&consume.pending) {
                return Ok(Consumed::Gone);
            }
            for (id, _) in &consume.replay {
                if is_remembered(at, id)? {
                    return Ok(Consumed::Replayed(id.clone()));
                }
            }
            make_room_for_replay(at, sizes, limits, consume.replay.len(), now)?;
            for (id, keep_until) in &consume.replay {
                sizes.replay += remember(at, id, *keep_until)?;
            }
            sizes.pending -= at.execute("DELETE FROM pending WHERE flow = ?", [flow.as_str()])?;
            if let Some(login) = consume.session {
                let before = sessions::get(at, &login.id, now)?;
                let session = Session::joined(before, *login);
                sessions::put(at, &session, sizes, limits, now)?;
            }
            Ok(Consumed::Done)
        })
        .await
    }

    async fn sessions(
        &self,
        key: &SessionKey,
        now: OffsetDateTime,
    ) -> Result<Vec<Session>, StoreError> {
        let key = key.clone();
        self.transact(move |at, _| sessions::find(at, &key, now))
            .await
    }

    async fn join(&self, login: &Session, now: OffsetDateTime) -> Result<bool, StoreError> {
        let (login, limits) = (login.clone(), self.limits);
        self.transact(move |at, sizes| {
            let Some(before) = sessions::get(at, &login.id, now)? else {
                return Ok(false);
            };
            let session = Session::joined(Some(before), login);
            sessions::put(at, &session, sizes, limits, now)?;
            Ok(true)
        })
        .await
    }

    async fn begin_logout(
        &self,
        begin: &BeginLogout,
        now: OffsetDateTime,
    ) -> Result<Ended, StoreError> {
        let (begin, limits) = (begin.clone(), self.limits);
        self.transact(move |at, sizes| {
            if let Some((id, _)) = &begin.replay
                && is_remembered(at, id)?
            {
                return Ok(Ended::Replayed);
            }
            for read in &begin.ends {
                if sessions::get(at, &read.id, now)?.as_ref() != Some(read) {
                    return Ok(Ended::Changed);
                }
            }
            if logouts::find(at, LogoutKey::Flow(&begin.logout.flow), now)?.is_some() {
                return Ok(Ended::Changed);
            }
            logouts::make_room(at, limits, now)?;
            make_room_for_replay(at, sizes, limits, begin.replay.iter().len(), now)?;
            if let Some((id, keep_until)) = &begin.replay {
                sizes.replay += remember(at, id, *keep_until)?;
            }
            for session in &begin.ends {
                sessions::forget(at, &session.id, sizes)?;
            }
            logouts::put(at, &begin.logout)?;
            Ok(Ended::Done)
        })
        .await
    }

    async fn go_on(
        &self,
        read: &PendingLogout,
        becomes: Option<&PendingLogout>,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let (read, becomes) = (read.clone(), becomes.cloned());
        self.transact(move |at, _| {
            let found = logouts::find(at, LogoutKey::Flow(&read.flow), now)?;
            if found.as_ref() != Some(&read) {
                return Ok(false);
            }
            logouts::forget(at, &read.flow)?;
            if let Some(becomes) = &becomes {
                logouts::put(at, becomes)?;
            }
            Ok(true)
        })
        .await
    }

    async fn logout(
        &self,
        key: LogoutKey<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<PendingLogout>, StoreError> {
        // The work goes on to its end though the caller may be gone: it cannot borrow.
        enum Owned {
            Request(String),
            Flow(FlowId),
            Browser(BrowserHash),
        }
        let key = match key {
            LogoutKey::Request(id) => Owned::Request(id.to_owned()),
            LogoutKey::Flow(flow) => Owned::Flow(flow.clone()),
            LogoutKey::Browser(browser) => Owned::Browser(browser.clone()),
        };
        self.transact(move |at, _| {
            let key = match &key {
                Owned::Request(id) => LogoutKey::Request(id),
                Owned::Flow(flow) => LogoutKey::Flow(flow),
                Owned::Browser(browser) => LogoutKey::Browser(browser),
            };
            logouts::find(at, key, now)
        })
        .await
    }

    /// Logins, sessions and replay memory. Records stay.
    async fn clear(&self) -> Result<(), StoreError> {
        self.transact(|at, sizes| {
            at.execute_batch(
                "DELETE FROM pending; DELETE FROM replay; DELETE FROM session;
                 DELETE FROM session_key; DELETE FROM logout",
            )?;
            (sizes.pending, sizes.replay, sizes.sessions) = (0, 0, 0);
            Ok(())
        })
        .await
    }
}

/// A login as it was stored; `None` unless this version would write exactly the same. What another version wrote
/// with more or fewer fields is dropped rather than half understood.
fn read(body: String) -> Option<Pending> {
    let pending: Pending = serde_json::from_str(&body).ok()?;
    (written(&pending).ok()? == body).then_some(pending)
}

fn written(pending: &Pending) -> Result<String, StoreError> {
    serde_json::to_string(pending).map_err(|error| StoreError::Unavailable(error.to_string()))
}

fn by_flow(
    at: &Transaction<'_>,
    flow: &FlowId,
    now: OffsetDateTime,
) -> Result<Option<Pending>, Trouble> {
    const QUERY: &str = "SELECT body FROM pending WHERE flow = ? AND expires > ?";
    let found = at
        .query_row(QUERY, params![flow.as_str(), stamp(now)], |row| row.get(0))
        .optional()?;
    Ok(found.and_then(read))
}

/// The ids of our own requests are random; one that belongs to another flow is no accident.
fn of_another_flow(at: &Transaction<'_>, pending: &Pending) -> Result<bool, Trouble> {
    const QUERY: &str = "SELECT 1 FROM pending WHERE request = ? AND flow <> ?";
    let Some(request) = pending.asked_with() else {
        return Ok(false);
    };
    let found = at.query_row(QUERY, [request, pending.flow.as_str()], |_| Ok(()));
    Ok(found.optional()?.is_some())
}

fn insert(at: &Transaction<'_>, pending: &Pending) -> Result<(), Trouble> {
    const INSERT: &str = "INSERT INTO pending
         (flow, request, system, system_request, started, expires, body)
         VALUES (?, ?, ?, ?, ?, ?, ?)";
    at.execute(
        INSERT,
        params![
            pending.flow.as_str(),
            pending.asked_with(),
            pending.system,
            pending.request_id,
            stamp(pending.started),
            stamp(pending.expires),
            written(pending)?,
        ],
    )?;
    Ok(())
}

/// Forgets the login of the same request that is least missed, if there are too many; how many it forgot.
fn make_room_in_request(
    at: &Transaction<'_>,
    pending: &Pending,
    now: OffsetDateTime,
) -> Result<usize, Trouble> {
    const COUNT: &str = "SELECT count(*) FROM pending WHERE system = ? AND system_request = ?";
    const FORGET: &str = "DELETE FROM pending WHERE flow =
         (SELECT flow FROM pending WHERE system = ? AND system_request = ?
          ORDER BY expires > ?, request IS NOT NULL, started, flow LIMIT 1)";
    let origin = (&pending.system, &pending.request_id);
    let same: i64 = at.query_row(COUNT, origin, |row| row.get(0))?;
    if trouble::counted(same)? < MAX_OF_ONE_REQUEST {
        return Ok(0);
    }
    Ok(at.execute(FORGET, params![origin.0, origin.1, stamp(now)])?)
}

fn make_room_for_pending(
    at: &Transaction<'_>,
    sizes: &mut Sizes,
    limits: Limits,
    now: OffsetDateTime,
) -> Result<(), Trouble> {
    const PURGE: &str = "DELETE FROM pending WHERE expires <= ?";
    sizes.pending -= at.execute(PURGE, [stamp(now - GRACE)])?;
    if sizes.pending >= limits.pending {
        sizes.pending -= at.execute(PURGE, [stamp(now)])?;
    }
    match sizes.pending < limits.pending {
        true => Ok(()),
        false => Err(StoreError::Full.into()),
    }
}

fn make_room_for_replay(
    at: &Transaction<'_>,
    sizes: &mut Sizes,
    limits: Limits,
    more: usize,
    now: OffsetDateTime,
) -> Result<(), Trouble> {
    const PURGE: &str = "DELETE FROM replay WHERE keep_until < ?";
    sizes.replay -= at.execute(PURGE, [stamp(now - GRACE)])?;
    if sizes.replay + more > limits.replay {
        sizes.replay -= at.execute(PURGE, [stamp(now)])?;
    }
    match sizes.replay + more <= limits.replay {
        true => Ok(()),
        false => Err(StoreError::Full.into()),
    }
}

fn is_remembered(at: &Transaction<'_>, id: &str) -> Result<bool, Trouble> {
    let known = at.query_row("SELECT 1 FROM replay WHERE id = ?", [id], |_| Ok(()));
    Ok(known.optional()?.is_some())
}

/// Remembers `id`; where one message names it twice, the later time counts. How many ids it made more.
fn remember(at: &Transaction<'_>, id: &str, keep_until: OffsetDateTime) -> Result<usize, Trouble> {
    const INSERT: &str = "INSERT INTO replay (id, keep_until) VALUES (?, ?) ON CONFLICT DO NOTHING";
    const LATER: &str = "UPDATE replay SET keep_until = max(keep_until, ?) WHERE id = ?";
    let new = at.execute(INSERT, params![id, stamp(keep_until)])?;
    if new == 0 {
        at.execute(LATER, params![stamp(keep_until), id])?;
    }
    Ok(new)
}
