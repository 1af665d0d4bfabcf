//! Everything in memory: the default, and what a demo needs.

mod logouts;
mod sessions;

use super::{Consumed, GRACE, LogoutKey, MAX_OF_ONE_REQUEST, Store, StoreError};
use crate::hub::logout::{BeginLogout, Ended, PendingLogout};
use crate::hub::session::{Session, SessionKey};
use crate::hub::{Consume, FlowId, Pending};
use async_trait::async_trait;
use logouts::Logouts;
use sessions::Sessions;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};
use time::OffsetDateTime;

/// The memory store. Bounded: what does not fit is refused, and nothing that must be remembered is forgotten
/// to make room.
#[derive(Debug)]
pub struct Memory {
    limits: Limits,
    inner: Mutex<Inner>,
}

/// How much a [`Memory`] holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Logins that wait.
    pub pending: usize,
    /// Message ids in the replay memory.
    pub replay: usize,
    /// Sessions: with one more, the one that was used longest ago gives way.
    pub sessions: usize,
    /// Logouts under way.
    pub logouts: usize,
}

#[derive(Debug, Default)]
struct Inner {
    pending: HashMap<FlowId, Pending>,
    pending_by_time: BTreeSet<(OffsetDateTime, FlowId)>,
    by_request: HashMap<String, FlowId>,
    /// By system and its request.
    by_origin: HashMap<(String, String), Vec<FlowId>>,
    replay: BTreeMap<Arc<str>, OffsetDateTime>,
    replay_by_time: BTreeSet<(OffsetDateTime, Arc<str>)>,
    sessions: Sessions,
    logouts: Logouts,
}

impl Memory {
    /// An empty store with the default limits.
    pub fn new() -> Self {
        Self::default()
    }
    /// An empty store with other limits.
    pub fn with_limits(limits: Limits) -> Self {
        Self {
            limits,
            inner: Mutex::default(),
        }
    }
    /// A thread that died while it held the lock may have left half a change: then nobody may rely on it.
    fn lock(&self) -> Result<MutexGuard<'_, Inner>, StoreError> {
        self.inner
            .lock()
            .map_err(|_| StoreError::Unavailable("a change was left unfinished".to_owned()))
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::with_limits(Limits::default())
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            pending: 100_000,
            replay: 1_000_000,
            sessions: 100_000,
            logouts: 10_000,
        }
    }
}

#[async_trait]
impl Store for Memory {
    async fn put(
        &self,
        pending: &Pending,
        replaces: Option<&Pending>,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let mut inner = self.lock()?;
        if inner.alive(&pending.flow, now) != replaces {
            return Err(StoreError::Conflict);
        }
        // The ids of our own requests are random; one that belongs to another flow is no accident.
        if let Some(flow) = pending.asked_with().and_then(|id| inner.by_request.get(id))
            && *flow != pending.flow
        {
            return Err(StoreError::Conflict);
        }
        inner.forget_flow(&pending.flow);
        inner.make_room_in_request(pending, now);
        inner.make_room_for_pending(self.limits.pending, now)?;
        inner.insert(pending);
        Ok(())
    }

    async fn by_flow(
        &self,
        flow: &FlowId,
        now: OffsetDateTime,
    ) -> Result<Option<Pending>, StoreError> {
        Ok(self.lock()?.alive(flow, now).cloned())
    }

    async fn by_request(
        &self,
        request_id: &str,
        now: OffsetDateTime,
    ) -> Result<Option<Pending>, StoreError> {
        let inner = self.lock()?;
        Ok(inner
            .by_request
            .get(request_id)
            .and_then(|flow| inner.alive(flow, now))
            .cloned())
    }

    async fn consume(
        &self,
        consume: &Consume,
        now: OffsetDateTime,
    ) -> Result<Consumed, StoreError> {
        let mut inner = self.lock()?;
        if inner.alive(&consume.pending.flow, now) != Some(&consume.pending) {
            return Ok(Consumed::Gone);
        }
        if let Some((id, _)) = consume
            .replay
            .iter()
            .find(|(id, _)| inner.replay.contains_key(id.as_str()))
        {
            return Ok(Consumed::Replayed(id.clone()));
        }
        inner.make_room_for_replay(self.limits.replay, consume.replay.len(), now)?;
        for (id, keep_until) in &consume.replay {
            inner.remember(id, *keep_until);
        }
        inner.forget_flow(&consume.pending.flow);
        if let Some(login) = &consume.session {
            let before = inner.sessions.get(&login.id, now);
            let session = Session::joined(before, (**login).clone());
            inner.sessions.put(&session, self.limits.sessions, now);
        }
        Ok(Consumed::Done)
    }

    async fn sessions(
        &self,
        key: &SessionKey,
        now: OffsetDateTime,
    ) -> Result<Vec<Session>, StoreError> {
        Ok(self.lock()?.sessions.find(key, now))
    }

    async fn join(&self, login: &Session, now: OffsetDateTime) -> Result<bool, StoreError> {
        let mut inner = self.lock()?;
        let Some(before) = inner.sessions.get(&login.id, now) else {
            return Ok(false);
        };
        let session = Session::joined(Some(before), login.clone());
        inner.sessions.put(&session, self.limits.sessions, now);
        Ok(true)
    }

    async fn begin_logout(
        &self,
        begin: &BeginLogout,
        now: OffsetDateTime,
    ) -> Result<Ended, StoreError> {
        let mut inner = self.lock()?;
        let known = |(id, _): &(String, OffsetDateTime)| inner.replay.contains_key(id.as_str());
        if begin.replay.as_ref().is_some_and(known) {
            return Ok(Ended::Replayed);
        }
        let mut ends = begin.ends.iter();
        let same = |read: &Session| inner.sessions.get(&read.id, now).as_ref() == Some(read);
        let flow = LogoutKey::Flow(&begin.logout.flow);
        if !ends.all(same) || inner.logouts.find(flow, now).is_some() {
            return Ok(Ended::Changed);
        }
        if !inner.logouts.has_room(self.limits.logouts, now) {
            return Err(StoreError::Full);
        }
        inner.make_room_for_replay(self.limits.replay, begin.replay.iter().len(), now)?;
        if let Some((id, keep_until)) = &begin.replay {
            inner.remember(id, *keep_until);
        }
        for session in &begin.ends {
            inner.sessions.forget(&session.id);
        }
        inner.logouts.put(&begin.logout);
        Ok(Ended::Done)
    }

    async fn go_on(
        &self,
        read: &PendingLogout,
        becomes: Option<&PendingLogout>,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let mut inner = self.lock()?;
        if inner.logouts.find(LogoutKey::Flow(&read.flow), now) != Some(read) {
            return Ok(false);
        }
        inner.logouts.forget(&read.flow);
        if let Some(becomes) = becomes {
            inner.logouts.put(becomes);
        }
        Ok(true)
    }

    async fn logout(
        &self,
        key: LogoutKey<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<PendingLogout>, StoreError> {
        Ok(self.lock()?.logouts.find(key, now).cloned())
    }

    async fn clear(&self) -> Result<(), StoreError> {
        *self.lock()? = Inner::default();
        Ok(())
    }
}

impl Inner {
    fn alive(&self, flow: &FlowId, now: OffsetDateTime) -> Option<&Pending> {
        self.pending
            .get(flow)
            .filter(|pending| now < pending.expires)
    }

    fn insert(&mut self, pending: &Pending) {
        if let Some(request_id) = pending.asked_with() {
            self.by_request
                .insert(request_id.to_owned(), pending.flow.clone());
        }
        self.pending_by_time
            .insert((pending.expires, pending.flow.clone()));
        self.by_origin
            .entry(origin(pending))
            .or_default()
            .push(pending.flow.clone());
        self.pending.insert(pending.flow.clone(), pending.clone());
    }

    fn forget_flow(&mut self, flow: &FlowId) {
        let Some(pending) = self.pending.remove(flow) else {
            return;
        };
        if let Some(request_id) = pending.asked_with() {
            self.by_request.remove(request_id);
        }
        if let Entry::Occupied(mut same) = self.by_origin.entry(origin(&pending)) {
            same.get_mut().retain(|flow| *flow != pending.flow);
            if same.get().is_empty() {
                same.remove();
            }
        }
        self.pending_by_time
            .remove(&(pending.expires, pending.flow));
    }

    fn make_room_in_request(&mut self, pending: &Pending, now: OffsetDateTime) {
        let same = self.by_origin.get(&origin(pending));
        let Some(same) = same.filter(|same| same.len() >= MAX_OF_ONE_REQUEST) else {
            return;
        };
        let first_to_go = same
            .iter()
            .filter_map(|flow| self.pending.get(flow))
            .min_by_key(|one| {
                let asked = one.asked_with().is_some();
                (now < one.expires, asked, one.started, &one.flow)
            });
        if let Some(flow) = first_to_go.map(|one| one.flow.clone()) {
            self.forget_flow(&flow);
        }
    }

    /// Remembers `id`; where one message names it twice, the later time counts.
    fn remember(&mut self, id: &str, keep_until: OffsetDateTime) {
        let id: Arc<str> = Arc::from(id);
        if let Some(earlier) = self.replay.get(&id).copied() {
            if earlier >= keep_until {
                return;
            }
            self.replay_by_time.remove(&(earlier, id.clone()));
        }
        self.replay_by_time.insert((keep_until, id.clone()));
        self.replay.insert(id, keep_until);
    }

    fn make_room_for_pending(
        &mut self,
        limit: usize,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        self.purge_pending(now - GRACE);
        if self.pending.len() >= limit {
            self.purge_pending(now);
        }
        if self.pending.len() < limit {
            Ok(())
        } else {
            Err(StoreError::Full)
        }
    }

    fn make_room_for_replay(
        &mut self,
        limit: usize,
        more: usize,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        self.purge_replay(now - GRACE);
        if self.replay.len() + more > limit {
            self.purge_replay(now);
        }
        if self.replay.len() + more <= limit {
            Ok(())
        } else {
            Err(StoreError::Full)
        }
    }

    fn purge_pending(&mut self, before: OffsetDateTime) {
        while let Some((_, flow)) = self
            .pending_by_time
            .first()
            .filter(|(expires, _)| *expires <= before)
            .cloned()
        {
            self.forget_flow(&flow);
        }
    }

    fn purge_replay(&mut self, before: OffsetDateTime) {
        while self
            .replay_by_time
            .first()
            .is_some_and(|(keep_until, _)| *keep_until < before)
        {
            if let Some((_, id)) = self.replay_by_time.pop_first() {
                self.replay.remove(&id);
            }
        }
    }
}

/// The request that a login began with.
fn origin(pending: &Pending) -> (String, String) {
    (pending.system.clone(), pending.request_id.clone())
}

#[cfg(test)]
mod tests {
    use super::super::conformance::sessions::session;
    use super::super::conformance::{self, asked, at, choosing, consuming};
    use super::*;
    use time::Duration;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn memory_is_a_store() {
        conformance::suite(Memory::new).await;
    }

    #[tokio::test]
    async fn a_full_store_refuses_logins_until_some_have_expired() {
        let store = Memory::with_limits(Limits {
            pending: 2,
            replay: 2,
            ..Limits::default()
        });
        store.put(&choosing(1), None, at(0)).await.expect("room");
        store.put(&choosing(2), None, at(0)).await.expect("room");
        assert_eq!(
            store.put(&choosing(3), None, at(0)).await,
            Err(StoreError::Full)
        );
        let asked = asked(2, "id2");
        store
            .put(&asked, Some(&choosing(2)), at(1))
            .await
            .expect("a replacement needs no room");
        store
            .put(&choosing(3), None, choosing(1).expires)
            .await
            .expect("the expired ones made room");
    }

    #[tokio::test]
    async fn a_full_replay_memory_refuses_rather_than_forgets() {
        let store = Memory::with_limits(Limits {
            pending: 9,
            replay: 2,
            ..Limits::default()
        });
        let first = consuming(asked(1, "id1"), &["a", "b"]);
        let second = consuming(
            Pending {
                expires: at(9000),
                ..asked(2, "id2")
            },
            &["c"],
        );
        store.put(&first.pending, None, at(0)).await.expect("room");
        store.put(&second.pending, None, at(0)).await.expect("room");
        assert_eq!(store.consume(&first, at(1)).await, Ok(Consumed::Done));
        assert_eq!(store.consume(&second, at(1)).await, Err(StoreError::Full));
        assert_eq!(
            store.by_flow(&second.pending.flow, at(1)).await,
            Ok(Some(second.pending.clone())),
            "nothing was changed"
        );
        let later = first.replay[0].1 + Duration::seconds(1);
        assert_eq!(
            store.consume(&second, later).await,
            Ok(Consumed::Done),
            "what need not be remembered made room"
        );
    }

    /// A session is a convenience: somebody else's login is worth more than one that nobody used for longest.
    #[tokio::test]
    async fn of_too_many_sessions_the_one_that_was_used_longest_ago_gives_way() {
        let store = Memory::with_limits(Limits {
            sessions: 2,
            ..Limits::default()
        });
        for (n, used) in [(1, 5), (2, 3), (3, 9)] {
            let session = Session {
                used: at(used),
                ..session(n, "https://system.example")
            };
            let login = Consume {
                session: Some(Box::new(session)),
                ..consuming(asked(n, &format!("id{n}")), &[&format!("answer{n}")])
            };
            store.put(&login.pending, None, at(0)).await.expect("room");
            assert_eq!(store.consume(&login, at(1)).await, Ok(Consumed::Done));
        }
        let mut left = Vec::new();
        for n in 1..=3 {
            let key = SessionKey::Browser(session(n, "").browser);
            left.push(store.sessions(&key, at(2)).await.expect("read").len());
        }
        assert_eq!(left, [1, 0, 1]);
        store.lock().expect("alive").sessions.holds_together();
    }

    #[tokio::test]
    async fn what_has_had_its_time_goes_after_the_grace() {
        let store = Memory::new();
        let first = consuming(asked(1, "id1"), &["a"]);
        store.put(&first.pending, None, at(0)).await.expect("room");
        store.consume(&first, at(1)).await.expect("done");
        let mut second = consuming(asked(2, "id2"), &["b"]);
        let late = first.replay[0].1 + GRACE + Duration::seconds(1);
        second.pending.expires = late + Duration::hours(1);
        store.put(&second.pending, None, late).await.expect("room");
        store.consume(&second, late).await.expect("done");
        let inner = store.lock().expect("alive");
        assert!(!inner.replay.contains_key("a") && inner.replay.contains_key("b"));
        assert_eq!((inner.replay.len(), inner.replay_by_time.len()), (1, 1));
        assert!(
            inner.pending.is_empty()
                && inner.pending_by_time.is_empty()
                && inner.by_request.is_empty()
                && inner.by_origin.is_empty()
        );
    }
}
