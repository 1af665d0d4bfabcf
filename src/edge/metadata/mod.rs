//! Metadata by address: fetched when a party is registered, and again when it grows old; and what is asked of CAs when
//! metadata is validated.
//!
//! What is fetched takes effect only if it is of the same party, by the same hand and usable ([`accept`]): whatever else
//! comes, the last good one stays, and the reason is told.

mod refresher;
mod revocation;
mod validation;

pub use refresher::{look, run};
pub use revocation::ask;
pub use validation::{Verdict, validate};

use super::app::App;
use super::fetch::refresh::{self, Diff, Pace, accept};
use super::fetch::{FetchError, Fetcher, Got, Known, NoCertificate, Settings};
use crate::dsig::Certificate;
use crate::registry::object::SamlMetadata;
use crate::registry::{Fetched, Kind, Reason, Refusal, Registered};
use crate::saml::binding::MAX_XML;
use axum::body::Bytes;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use time::{Duration, OffsetDateTime};

/// How long a call by SOAP may take.
const CALL_PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// Where metadata and revocation are asked for, and what came of it.
#[derive(Debug)]
pub struct Source {
    settings: Settings,
    /// Made when it is needed first: reading the machine's roots takes longer than the rest of a demo's start.
    fetcher: OnceLock<Fetcher>,
    /// Whether CAs are asked: nothing goes out by itself.
    asks_cas: bool,
    trusted: Vec<Certificate>,
    states: Mutex<BTreeMap<String, State>>,
}

/// What is known of fetching a party's metadata.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// When it was fetched and was good, whether or not it had changed.
    pub last: Option<OffsetDateTime>,
    /// When that failed, and why.
    pub failed: Option<(OffsetDateTime, Reason)>,
    /// Its `validUntil`.
    pub valid_until: Option<OffsetDateTime>,
    /// Its `cacheDuration`.
    pub cache_duration: Option<Duration>,
    /// What was new the last time that something was.
    pub diff: Option<Diff>,
}

impl State {
    /// When it is fetched next.
    pub fn next(&self, now: OffsetDateTime) -> OffsetDateTime {
        let failed = self.failed.as_ref().map(|(at, _)| *at);
        refresh::next(
            self.last,
            failed,
            self.valid_until,
            self.cache_duration,
            now,
            &Pace::default(),
        )
    }
}

impl Source {
    /// Fetches metadata with these settings, asks CAs if told to, and takes certificates of these CAs for good.
    pub fn new(settings: Settings, asks_cas: bool, trusted: Vec<Certificate>) -> Self {
        Self {
            settings,
            fetcher: OnceLock::new(),
            asks_cas,
            trusted,
            states: Mutex::default(),
        }
    }

    /// Trusts nobody, and so fetches only from this machine: for tests.
    pub fn offline() -> Self {
        let settings = Settings {
            system_roots: false,
            ..Settings::default()
        };
        Self::new(settings, false, Vec::new())
    }

    /// Makes sure that what the settings name can be used.
    pub fn check(&self) -> Result<(), NoCertificate> {
        let made = Fetcher::new(self.settings.clone())?;
        self.fetcher.get_or_init(|| made);
        Ok(())
    }

    fn fetcher(&self) -> Fetcher {
        let made = self.fetcher.get_or_init(|| {
            let made = Fetcher::new(self.settings.clone());
            // Without the roots that cannot be read, those of the machine are left.
            made.unwrap_or_else(|_| Fetcher::of_machine(&self.settings))
        });
        made.clone()
    }

    /// Calls a party by SOAP, under the same rules and for a moment only: a user waits. What comes back is no longer than
    /// any message.
    pub async fn call(&self, url: &str, envelope: String) -> Result<Bytes, FetchError> {
        let fetcher = self.fetcher().within(CALL_PATIENCE);
        fetcher.call(url, envelope, MAX_XML).await
    }

    /// Asks CAs: their addresses are http, and what they say is signed (RFC 5280 §8).
    fn of_cas(&self) -> Fetcher {
        self.fetcher().with_plain_http()
    }

    /// What is known of fetching a party's metadata. Of what was fetched before this process began, its document tells how
    /// long it is good; where there is none, whatever was fetched was for another address, or another registration.
    pub fn state(&self, party: &dyn Registered) -> State {
        let known = self.states().get(party.id()).cloned().unwrap_or_default();
        let fetched = match party.fetched() {
            Some(fetched) if known.last.is_none() => fetched,
            Some(_) => return known,
            None => {
                return State {
                    failed: known.failed,
                    ..State::default()
                };
            }
        };
        // That it may have ended meanwhile makes it due, and is no reason not to read it.
        let read = accept(None, &fetched.document, party.id(), fetched.at).ok();
        let known = State {
            last: Some(fetched.at),
            valid_until: read.as_ref().and_then(|read| read.entity.valid_until),
            cache_duration: read.and_then(|read| read.cache_duration),
            ..known
        };
        self.note(party.id(), |state| state.clone_from(&known));
        known
    }

    /// Fetches what is at an address.
    pub async fn fetch(&self, url: &str, known: &Known) -> Result<Got, Reason> {
        let got = self.fetcher().metadata(url, known).await;
        got.map_err(|error| {
            // The first half is the real hub's own message.
            let told = |details: String| {
                format!("The metadata specified at {url} is either not available or not accessible. Error details: {details}")
            };
            Reason::new(told(error.da()), told(error.en()))
        })
    }

    fn states(&self) -> MutexGuard<'_, BTreeMap<String, State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, id: &str, change: impl FnOnce(&mut State)) {
        change(self.states().entry(id.to_owned()).or_default());
    }

    /// Forgets what is known of fetching a party's metadata: somebody else has put in another document since.
    pub fn forget(&self, id: &str) {
        self.states().remove(id);
    }

    /// Forgets everything: the reset of a demo.
    pub fn clear(&self) {
        self.states().clear();
    }
}

/// Fetches metadata of the party `id` for the first time, or from another address: whoever registers it answers for it.
pub async fn first(app: &App, url: &str, id: &str) -> Result<Fetched, Refusal> {
    let source = &app.metadata;
    let got = source.fetch(url, &Known::default()).await;
    let Got::Fetched(fetched) = got.map_err(|reason| Refusal::Unavailable(vec![reason]))? else {
        let reason = Reason::both(format!("{url}: 304"));
        return Err(Refusal::Unavailable(vec![reason]));
    };
    let now = app.clock.now();
    let change = accept(None, &fetched.bytes, id, now)
        .map_err(|refused| Refusal::Invalid(vec![Reason::new(refused.da(), refused.en())]))?;
    source.note(id, |state| {
        *state = State {
            last: Some(now),
            valid_until: change.entity.valid_until,
            cache_duration: change.cache_duration,
            ..State::default()
        };
    });
    Ok(Fetched {
        document: fetched.bytes.to_vec().into(),
        at: now,
        etag: fetched.etag,
    })
}

/// What must be fetched before a party can be registered with this metadata: nothing for a document, and nothing where the
/// address is the one that it has.
pub async fn needed(
    app: &App,
    registered: Option<&dyn Registered>,
    id: &str,
    wanted: &SamlMetadata,
) -> Result<Option<Fetched>, Refusal> {
    let SamlMetadata::Address(url) = wanted else {
        return Ok(None);
    };
    let same = registered.is_some_and(|party| party.registered() == wanted && party.is_served());
    // What is somebody else's is refused, whatever is at the address.
    let taken = registered.is_none() && {
        let content = &app.registry.now().content;
        let mut kinds = Kind::ALL.into_iter();
        id == app.hub().entity_id
            || kinds.any(|kind| kind.is_of_parties() && content.ids(kind).contains(&id))
    };
    match same || taken {
        true => Ok(None),
        false => first(app, url, id).await.map(Some),
    }
}

/// What came of fetching a party's metadata again.
#[derive(Debug, Clone)]
pub enum Refreshed {
    /// Something is new, and is in force.
    Changed(Box<Diff>),
    /// Nothing is new.
    Same,
    /// It could not be had, or was refused; the last good one stays.
    Kept(Reason),
}

/// Fetches a party's metadata again.
pub async fn again(app: &App, kind: Kind, id: &str, url: &str, old: Option<Fetched>) -> Refreshed {
    let source = &app.metadata;
    let known = Known {
        etag: old.as_ref().and_then(|old| old.etag.clone()),
        last_modified: None,
    };
    let now = app.clock.now();
    let failed = |reason: Reason| {
        source.note(id, |state| state.failed = Some((now, reason.clone())));
        tracing::warn!(party = id, why = %reason.en, "metadata stays as it was");
        Refreshed::Kept(reason)
    };
    let fetched = match source.fetch(url, &known).await {
        Ok(Got::Fetched(fetched)) => fetched,
        Ok(Got::NotModified) => {
            source.note(id, |state| {
                state.last = Some(now);
                state.failed = None;
            });
            return Refreshed::Same;
        }
        Err(reason) => return failed(reason),
    };
    let before = old.as_ref().map(|old| &*old.document);
    let change = match accept(before, &fetched.bytes, id, now) {
        Ok(change) => change,
        Err(refused) => return failed(Reason::new(refused.da(), refused.en())),
    };
    let same = before.is_some_and(|before| *before == *fetched.bytes);
    if !same {
        let new = Fetched {
            document: fetched.bytes.to_vec().into(),
            at: now,
            etag: fetched.etag.clone(),
        };
        if let Err(refusal) = put(app, kind, id, url, new).await {
            return failed(told(refusal));
        }
    }
    source.note(id, |state| {
        state.last = Some(now);
        state.failed = None;
        state.valid_until = change.entity.valid_until;
        state.cache_duration = change.cache_duration;
        if !same {
            state.diff.clone_from(&change.diff);
        }
    });
    match change.diff.filter(|_| !same) {
        Some(diff) => Refreshed::Changed(Box::new(diff)),
        None => Refreshed::Same,
    }
}

/// Puts it into force, unless the party has another address meanwhile, or is gone.
async fn put(app: &App, kind: Kind, id: &str, url: &str, new: Fetched) -> Result<(), Refusal> {
    let (id, url) = (id.to_owned(), url.to_owned());
    let gone = || {
        Refusal::NotFound(Reason::new(
            "parten er ændret imens",
            "the party was changed meanwhile",
        ))
    };
    let who = "metadata";
    app.registry
        .change(who, app.clock.now(), move |draft| {
            let address = SamlMetadata::Address(url);
            if kind == Kind::IdentityProvider {
                let party = draft.content().identity_providers.get(&id);
                let object = party.map(|party| party.object.clone()).ok_or_else(gone)?;
                if object.saml_metadata != address {
                    return Err(gone());
                }
                Ok(draft.put_identity_provider(object, None, Some(new))?)
            } else {
                let party = draft.content().systems.get(&id);
                let object = party.map(|party| party.object.clone()).ok_or_else(gone)?;
                if object.saml_metadata != address {
                    return Err(gone());
                }
                Ok(draft.put_system(object, None, Some(new))?)
            }
        })
        .await
}

/// A refusal as one reason.
fn told(refusal: Refusal) -> Reason {
    match refusal {
        Refusal::Invalid(reasons) | Refusal::Unavailable(reasons) => {
            let da: Vec<_> = reasons.iter().map(|reason| reason.da.as_str()).collect();
            let en: Vec<_> = reasons.iter().map(|reason| reason.en.as_str()).collect();
            Reason::new(da.join("; "), en.join("; "))
        }
        Refusal::NotFound(reason) | Refusal::Conflict(reason) => reason,
        Refusal::Store(why) => Reason::both(why),
    }
}
