//! The federation and the settings as they are now: immutable snapshots, of which the newest holds.
//!
//! A handler takes one snapshot for one step, so no step ever sees half a change. A change is judged, stored, and only then
//! served: what was answered survives the process.

use crate::hub::settings::RememberedChoice;
use crate::hub::{Context, Federation, Hub, Settings, UserFacingSystem};
use crate::registry::seed::Seed;
use crate::registry::{Content, Draft, Judge, Reason, Refusal};
use crate::store::StoreError;
use crate::store::records::{Logged, MemoryRecords, Records, Write};
use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use time::OffsetDateTime;
use tokio::sync::Mutex;

/// The federation and the settings at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The parties.
    pub federation: Federation,
    /// What is unknown of the real hub.
    pub settings: Settings,
    /// What is registered of them.
    pub content: Content,
}

/// The newest snapshot, and the one that the process started with. Cheap to copy.
#[derive(Debug, Clone)]
pub struct Registry(Arc<Inner>);

/// Where what is registered lives.
pub struct Home {
    /// The store.
    pub records: Arc<dyn Records>,
    /// The revision of what was read from it.
    pub revision: u64,
    /// What changes are judged with.
    pub judge: Judge,
    /// Systems of our own, which stand in no list.
    pub test_systems: Vec<UserFacingSystem>,
}

struct Inner {
    first: Arc<State>,
    newest: RwLock<Arc<State>>,
    records: Arc<dyn Records>,
    judge: Judge,
    test_systems: Vec<UserFacingSystem>,
    /// One writer at a time; the revision that it builds on.
    writer: Mutex<u64>,
    /// What came of reading the file the last time.
    file: RwLock<Option<FileRead>>,
    /// Parties that were not registered, by entityID, the latest last.
    refused: std::sync::Mutex<VecDeque<(String, Vec<Reason>)>>,
}

/// Registrations that were refused and are remembered.
const MOST_REFUSED: usize = 100;

/// What came of reading federation.toml while the hub ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRead {
    /// When.
    pub at: OffsetDateTime,
    /// Why what it says now is not served; none if it is.
    pub refused: Option<String>,
}

/// What snapshots are made of.
struct State {
    content: Content,
    settings: Settings,
    /// Identity providers that are closed in a demo, by short name.
    closed: BTreeSet<String>,
    snapshot: Arc<Snapshot>,
}

impl Snapshot {
    /// What a step of the hub gets to know, at `now`.
    pub fn context<'a>(&'a self, hub: &'a Hub, now: OffsetDateTime) -> Context<'a> {
        Context {
            hub,
            federation: &self.federation,
            settings: &self.settings,
            now,
        }
    }

    /// What people call a system.
    pub fn system_title<'a>(&'a self, entity_id: &'a str) -> &'a str {
        let known = self.federation.system(entity_id);
        known.map_or(entity_id, |system| &system.presentation_name)
    }

    /// What people call an identity provider.
    pub fn idp_title<'a>(&'a self, entity_id: &'a str) -> &'a str {
        let known = self.federation.identity_provider(entity_id);
        known.map_or(entity_id, |idp| &idp.presentation_name)
    }
}

impl State {
    fn new(
        content: Content,
        settings: Settings,
        closed: BTreeSet<String>,
        test_systems: &[UserFacingSystem],
    ) -> Self {
        let mut federation = content.federation();
        federation.test_systems = test_systems.to_vec();
        for idp in &mut federation.identity_providers {
            if closed.contains(&idp.name) {
                idp.user_contexts.clear();
            }
        }
        let snapshot = Arc::new(Snapshot {
            federation,
            settings: settings.clone(),
            content: content.clone(),
        });
        Self {
            content,
            settings,
            closed,
            snapshot,
        }
    }
}

impl Registry {
    /// Of parties that were made and not registered, in memory: for tests.
    pub fn new(federation: Federation, settings: Settings) -> Self {
        let home = Home {
            records: Arc::new(MemoryRecords::default()),
            revision: 0,
            judge: Judge::default(),
            test_systems: federation.test_systems.clone(),
        };
        Self::open(Content::served(&federation), settings, home)
    }

    /// Of what was read from a store.
    pub fn open(content: Content, settings: Settings, home: Home) -> Self {
        let state = State::new(content, settings, BTreeSet::new(), &home.test_systems);
        let first = Arc::new(state);
        Self(Arc::new(Inner {
            newest: RwLock::new(first.clone()),
            first,
            records: home.records,
            judge: home.judge,
            test_systems: home.test_systems,
            writer: Mutex::new(home.revision),
            file: RwLock::default(),
            refused: Default::default(),
        }))
    }

    /// The newest snapshot.
    pub fn now(&self) -> Arc<Snapshot> {
        self.0.state().snapshot.clone()
    }

    /// Makes a change: all of it or nothing, and durable when this answers. Whoever asked may leave meanwhile.
    pub async fn change<T: Send + 'static>(
        &self,
        who: &str,
        now: OffsetDateTime,
        change: impl FnOnce(&mut Draft<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (inner, who) = (self.0.clone(), who.to_owned());
        let task = tokio::spawn(async move {
            let mut revision = inner.writer.lock().await;
            let state = inner.state();
            let mut draft = Draft::new(state.content.clone(), &inner.judge, now);
            let answer = match change(&mut draft) {
                Ok(answer) => answer,
                Err(refusal) => {
                    inner.remember(draft.refused());
                    return Err(refusal);
                }
            };
            let (content, writes) = draft.finish();
            inner.store(&mut revision, &writes, &who, now).await?;
            inner.serve(|state| (content, state.settings.clone(), state.closed.clone()));
            Ok(answer)
        });
        task.await
            .unwrap_or_else(|error| Err(Refusal::Store(error.to_string())))
    }

    /// What would come of a change: it is judged as [`Self::change`] does, and nothing is stored.
    pub fn would<T>(
        &self,
        now: OffsetDateTime,
        change: impl FnOnce(&mut Draft<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let state = self.0.state();
        change(&mut Draft::new(state.content.clone(), &self.0.judge, now))
    }

    /// Takes over a file that was read again, and its settings.
    pub async fn take_over(
        &self,
        seed: Seed,
        settings: Settings,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        let inner = &self.0;
        let mut revision = inner.writer.lock().await;
        let state = inner.state();
        let mut draft = Draft::new(state.content.clone(), &inner.judge, now);
        draft.take_over(seed)?;
        let (content, writes) = draft.finish();
        inner
            .store(&mut revision, &writes, "federation.toml", now)
            .await?;
        inner.serve(|state| (content, settings, state.closed.clone()));
        Ok(())
    }

    /// Stops serving parties whose metadata has ended by `now`. Whether there were any.
    pub async fn expire(&self, now: OffsetDateTime) -> bool {
        // A change that is under way builds on what it has seen.
        let _writing = self.0.writer.lock().await;
        let Some(content) = self.0.state().content.expired(now) else {
            return false;
        };
        self.0
            .serve(|state| (content, state.settings.clone(), state.closed.clone()));
        true
    }

    /// Why the hub knows nobody of this entityID, if somebody tried to register them: they are registered and not served, or
    /// their registration was refused since the process started.
    pub fn why_unknown(&self, entity_id: &str) -> Option<Reason> {
        let state = self.0.state();
        let mut parties = state.content.parties();
        let registered = parties.find(|party| party.id() == entity_id && !party.is_served());
        if let Some(reason) = registered.and_then(|party| party.notes().first()) {
            return Some(reason.clone());
        }
        let refused = self.0.refused.lock();
        let refused = refused.unwrap_or_else(PoisonError::into_inner);
        let (_, reasons) = refused.iter().rev().find(|(id, _)| id == entity_id)?;
        // A key that is missing or a document that has ended says more than what follows from it.
        let telling = reasons.iter().find(|reason| reason.kind.is_some());
        telling.or(reasons.first()).cloned()
    }

    /// The change log, newest first.
    pub async fn log(&self, before: Option<u64>, limit: usize) -> Result<Vec<Logged>, StoreError> {
        self.0.records.log(before, limit).await
    }

    /// What came of reading the file the last time, if it was read again since the start.
    pub fn file(&self) -> Option<FileRead> {
        let read = self.0.file.read();
        read.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes what came of it.
    pub fn file_was(&self, read: FileRead) {
        *self.0.file.write().unwrap_or_else(PoisonError::into_inner) = Some(read);
    }

    /// Back to how the process started.
    pub async fn reset(&self, now: OffsetDateTime) -> Result<(), Refusal> {
        let inner = &self.0;
        let mut revision = inner.writer.lock().await;
        let (state, first) = (inner.state(), &inner.first);
        let writes = difference(&state.content, &first.content);
        inner.store(&mut revision, &writes, "reset", now).await?;
        *inner.newest.write().unwrap_or_else(PoisonError::into_inner) = first.clone();
        Ok(())
    }

    /// Closes an identity provider, or opens it again with the user contexts it is registered with: in a demo. Whether
    /// there is one of this name.
    pub fn set_active(&self, name: &str, active: bool) -> bool {
        let state = self.0.state();
        let mut all = state.content.identity_providers.values();
        if !all.any(|party| party.beside.name == name) {
            return false;
        }
        self.0.serve(|state| {
            let mut closed = state.closed.clone();
            match active {
                true => closed.remove(name),
                false => closed.insert(name.to_owned()),
            };
            (state.content.clone(), state.settings.clone(), closed)
        });
        true
    }

    /// Sets what “husk mit valg” does.
    pub fn set_remembered_choice(&self, mode: RememberedChoice) {
        self.0.serve(|state| {
            let mut settings = state.settings.clone();
            settings.remembered_choice = mode;
            (state.content.clone(), settings, state.closed.clone())
        });
    }
}

impl Inner {
    fn remember(&self, refused: Option<(String, Vec<Reason>)>) {
        let Some(refused) = refused else { return };
        let mut all = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(id, _)| *id != refused.0);
        all.push_back(refused);
        if all.len() > MOST_REFUSED {
            all.pop_front();
        }
    }

    fn state(&self) -> Arc<State> {
        let newest = self.newest.read();
        newest.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Serves what `change` makes of the newest state: nothing that happened meanwhile is lost.
    fn serve(&self, change: impl FnOnce(&State) -> (Content, Settings, BTreeSet<String>)) {
        let mut newest = self.newest.write().unwrap_or_else(PoisonError::into_inner);
        let (content, settings, closed) = change(&newest);
        *newest = Arc::new(State::new(content, settings, closed, &self.test_systems));
    }

    async fn store(
        &self,
        revision: &mut u64,
        writes: &[Write],
        who: &str,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        if writes.is_empty() {
            return Ok(());
        }
        match self.records.commit(*revision, writes, who, now).await {
            Ok(next) => {
                *revision = next;
                Ok(())
            }
            Err(StoreError::Conflict) => Err(Refusal::Conflict(Reason::new(
                "en anden proces har ændret føderationen i samme lager; genstart Vejviser",
                "another process has changed the federation in the same store; restart Vejviser",
            ))),
            Err(other) => Err(Refusal::Store(other.to_string())),
        }
    }
}

/// What must be written for `old` to become `new`.
fn difference(old: &Content, new: &Content) -> Vec<Write> {
    let (old, new) = (old.rows(), new.rows());
    let gone = old.iter().filter(|row| {
        !new.iter()
            .any(|other| (&other.kind, &other.id) == (&row.kind, &row.id))
    });
    let gone = gone.map(|row| Write {
        kind: row.kind.clone(),
        id: row.id.clone(),
        body: None,
    });
    let changed = new
        .iter()
        .filter(|row| !old.contains(row))
        .map(|row| Write {
            kind: row.kind.clone(),
            id: row.id.clone(),
            body: Some(row.body.clone()),
        });
    gone.chain(changed).collect()
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").finish_non_exhaustive()
    }
}
