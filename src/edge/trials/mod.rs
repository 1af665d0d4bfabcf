//! Trials: logins from the built-in test systems, each at one named IdP in one of the six profiles, and what came of them.
//!
//! No message can ask for a profile, and nobody without the ticket can begin a trial. A test system of this process says here what the request that it is about to send
//! shall try, and the hub looks it up under the ID of a request that it has verified.

mod view;

pub use view::{SentView, StatusView, SystemView, TrialView, TrialsView};

use crate::edge::world::{Clock, random_hex};
use crate::hub::pending::PENDING_LIFETIME;
use crate::hub::{Check, FlowId};
use crate::oiosaml::{Level, RequestProfile};
use crate::saml::{AuthnRequest, Comparison, Status};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::{Duration, OffsetDateTime};

/// Trials that are under way, or about to begin. The oldest gives way.
const MOST_UNDER_WAY: usize = 250;
/// Results: six profiles, seven levels, 98 municipalities with three IdPs each. The oldest gives way.
pub const MOST_RESULTS: usize = 6 * 7 * 98 * 3;
/// A request is sent at once; the hub takes none that is older.
const WISH: Duration = crate::hub::sso::MAX_AGE;

/// What is tried: short names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// The IdP.
    pub idp: String,
    /// In which profile it is asked.
    pub profile: RequestProfile,
    /// The test system.
    pub system: String,
}

/// What a test system wants of the request that it sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// What is tried.
    pub of: Try,
    /// The person that an invented IdP logs in without asking.
    pub person: Option<String>,
}

/// What an IdP of this process knows of a request that is a trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtIdp {
    /// The profile that it answers in, as if its claim rules had been set up for it.
    pub profile: RequestProfile,
    /// Whom it logs in without asking.
    pub person: Option<String>,
}

/// What of the request to the IdP the profile decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Class refs.
    pub class_refs: Vec<String>,
    /// Comparison.
    pub comparison: Option<Comparison>,
    /// RelayState.
    pub relay_state: Option<String>,
    /// RequesterIDs.
    pub requester_ids: Vec<String>,
}

/// How a trial stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// It did not come back.
    Waiting,
    /// The user was logged in.
    LoggedIn {
        /// With less than is needed, and nobody said so.
        under_assured: bool,
    },
    /// The IdP answered with this status.
    Status(Status),
    /// The hub refused.
    Refused(Check),
    /// The user stood before a page of the IdP that they could not pass; the status of whoever cancelled there.
    Stopped(Option<Status>),
}

/// Who says whether a second factor was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaidBy {
    /// `authnmethodsreferences` in the answer.
    Methods,
    /// The invented IdP.
    Persona,
    /// A person who was there.
    Person,
}

/// The latest trial of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// What was tried.
    pub of: Try,
    /// The flow.
    pub flow: FlowId,
    /// When.
    pub started: OffsetDateTime,
    /// What was sent; none if the hub refused before.
    pub asked: Option<Asked>,
    /// What came of it.
    pub came: Came,
    /// Level reached.
    pub level: Option<Level>,
    /// How long it took.
    pub took: Option<Duration>,
    /// Whether a second factor was asked for, and who says so.
    pub second_factor: Option<(bool, SaidBy)>,
}

/// What somebody still has to do about a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Todo {
    /// A person must log in.
    Waiting,
    /// A person must say whether a second factor was asked for.
    Review,
}

/// The trials of the process.
#[derive(Debug)]
pub struct Trials {
    clock: Arc<Clock>,
    /// What whoever begins one must hold: it is told on the management listener only.
    ticket: String,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    wishes: VecDeque<(String, OffsetDateTime, Wish)>,
    under_way: VecDeque<UnderWay>,
    results: VecDeque<Trial>,
}

#[derive(Debug)]
struct UnderWay {
    flow: FlowId,
    began: OffsetDateTime,
    wish: Wish,
    /// `ID` of the hub's AuthnRequest.
    request_id: Option<String>,
    /// The invented IdP's word.
    second_factor: Option<bool>,
}

impl Trials {
    /// None yet.
    pub fn new(clock: Arc<Clock>) -> Self {
        Self {
            clock,
            ticket: random_hex::<16>(),
            kept: Mutex::default(),
        }
    }

    /// Told to those who run the hub; good for as long as the process lives.
    pub fn ticket(&self) -> &str {
        &self.ticket
    }

    /// Whether whoever shows this may begin a trial: a test system's page is open to everybody, and a trial switches off
    /// what the IdP is registered with.
    pub fn admits(&self, ticket: Option<&str>) -> bool {
        let shown = ticket.unwrap_or_default().as_bytes();
        shown.len() == self.ticket.len() && openssl::memcmp::eq(shown, self.ticket.as_bytes())
    }

    /// A test system is about to send the request with this ID.
    pub fn wish(&self, request_id: String, wish: Wish) {
        let now = self.clock.now();
        let mut kept = self.lock();
        push(&mut kept.wishes, (request_id, now, wish), MOST_UNDER_WAY);
    }

    /// What the verified request with this ID, of the test system with this name, shall try. More than once, as long as
    /// the request itself is taken: a browser may go back.
    pub fn wished(&self, request_id: &str, system: &str) -> Option<Wish> {
        let now = self.clock.now();
        let kept = self.lock();
        let mut wishes = kept.wishes.iter();
        let (_, at, wish) =
            wishes.find(|(id, _, wish)| id == request_id && wish.of.system == system)?;
        (now - *at <= WISH).then(|| wish.clone())
    }

    /// The trial begins: until it comes back it waits.
    pub fn began(&self, flow: &FlowId, wish: Wish) {
        let now = self.clock.now();
        let mut kept = self.lock();
        kept.results.retain(|known| known.of != wish.of);
        let trial = Trial {
            of: wish.of.clone(),
            flow: flow.clone(),
            started: now,
            asked: None,
            came: Came::Waiting,
            level: None,
            took: None,
            second_factor: None,
        };
        push(&mut kept.results, trial, MOST_RESULTS);
        let under_way = UnderWay {
            flow: flow.clone(),
            began: now,
            wish,
            request_id: None,
            second_factor: None,
        };
        push(&mut kept.under_way, under_way, MOST_UNDER_WAY);
    }

    /// The IdP is asked.
    pub fn asked(&self, flow: &FlowId, request: &AuthnRequest, relay_state: Option<&str>) {
        let mut kept = self.lock();
        let mut under_way = kept.under_way.iter_mut();
        if let Some(trial) = under_way.find(|trial| trial.flow == *flow) {
            trial.request_id = Some(request.id.clone());
        }
        let context = request.requested_authn_context.as_ref();
        let scoping = request.scoping.as_ref();
        if let Some(trial) = kept.result(flow) {
            trial.asked = Some(Asked {
                class_refs: context.map_or_else(Vec::new, |context| context.class_refs.clone()),
                comparison: context.and_then(|context| context.comparison),
                relay_state: relay_state.map(str::to_owned),
                requester_ids: scoping
                    .map_or_else(Vec::new, |scoping| scoping.requester_ids.clone()),
            });
        }
    }

    /// What an IdP of this process knows of the hub's request with this ID.
    pub fn at_idp(&self, request_id: &str) -> Option<AtIdp> {
        let now = self.clock.now();
        let mut kept = self.lock();
        let trial = kept.at(request_id)?;
        (now - trial.began <= PENDING_LIFETIME).then(|| AtIdp {
            profile: trial.wish.of.profile,
            person: trial.wish.person.clone(),
        })
    }

    /// An IdP of this process says whether it asked for a second factor.
    pub fn said(&self, request_id: &str, second_factor: bool) {
        let mut kept = self.lock();
        if let Some(trial) = kept.at(request_id) {
            trial.second_factor = Some(second_factor);
        }
    }

    /// Somebody stands before a page of an IdP of this process that they cannot pass.
    pub fn stopped_at_idp(&self, request_id: &str) {
        let mut kept = self.lock();
        let Some(flow) = kept.at(request_id).map(|trial| trial.flow.clone()) else {
            return;
        };
        if let Some(trial) = kept.result(&flow)
            && trial.came == Came::Waiting
        {
            trial.came = Came::Stopped(None);
        }
    }

    /// What came of a trial. A login that succeeded stays so: a late copy of its answer is no news.
    pub fn came(&self, flow: &FlowId, came: Came, level: Option<Level>, methods: Option<bool>) {
        let now = self.clock.now();
        let mut kept = self.lock();
        let mut under_way = kept.under_way.iter();
        let said = under_way.find(|trial| trial.flow == *flow);
        let persona = said.and_then(|trial| trial.second_factor);
        let Some(trial) = kept.result(flow) else {
            return;
        };
        if matches!(trial.came, Came::LoggedIn { .. }) {
            return;
        }
        trial.came = match (came, &trial.came) {
            (Came::Status(status), Came::Stopped(_)) => Came::Stopped(Some(status)),
            (came, _) => came,
        };
        trial.level = level;
        trial.took = Some(now - trial.started);
        let by = |word: SaidBy| move |asked: bool| (asked, word);
        trial.second_factor = methods
            .map(by(SaidBy::Methods))
            .or(persona.map(by(SaidBy::Persona)));
    }

    /// A person's word on the latest trial of this kind: whether a second factor was asked for, or that a page of the
    /// IdP could not be passed. What it is now; none if there was none.
    pub fn say(&self, of: &Try, second_factor: Option<bool>, stopped: bool) -> Option<Trial> {
        let mut kept = self.lock();
        let mut results = kept.results.iter_mut();
        let trial = results.find(|trial| trial.of == *of)?;
        if let Some(asked) = second_factor {
            trial.second_factor = Some((asked, SaidBy::Person));
        }
        if stopped && trial.came == Came::Waiting {
            trial.came = Came::Stopped(None);
        }
        Some(trial.clone())
    }

    /// The latest trials of each kind, the newest last.
    pub fn results(&self) -> Vec<Trial> {
        self.lock().results.iter().cloned().collect()
    }

    /// The latest of this kind.
    pub fn latest(&self, of: &Try) -> Option<Trial> {
        self.lock()
            .results
            .iter()
            .find(|trial| trial.of == *of)
            .cloned()
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.lock() = Kept::default();
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Trial {
    /// What somebody still has to do.
    pub fn todo(&self) -> Option<Todo> {
        match (&self.came, self.second_factor) {
            (Came::Waiting, _) => Some(Todo::Waiting),
            (Came::LoggedIn { .. }, None) => Some(Todo::Review),
            _ => None,
        }
    }
}

impl Todo {
    /// As reports have it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "WAITING",
            Self::Review => "REVIEW",
        }
    }
}

impl Came {
    /// For scripts.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::LoggedIn { .. } => "logged-in",
            Self::Status(_) => "refused-by-idp",
            Self::Refused(_) => "refused-by-hub",
            Self::Stopped(_) => "stopped-at-idp",
        }
    }
}

impl SaidBy {
    /// For scripts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Methods => "authnmethodsreferences",
            Self::Persona => "persona",
            Self::Person => "person",
        }
    }
}

impl Kept {
    fn result(&mut self, flow: &FlowId) -> Option<&mut Trial> {
        self.results.iter_mut().find(|trial| trial.flow == *flow)
    }

    fn at(&mut self, request_id: &str) -> Option<&mut UnderWay> {
        let mut all = self.under_way.iter_mut();
        all.find(|trial| trial.request_id.as_deref() == Some(request_id))
    }
}

fn push<T>(queue: &mut VecDeque<T>, entry: T, most: usize) {
    if queue.len() == most {
        queue.pop_front();
    }
    queue.push_back(entry);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(idp: &str) -> Try {
        Try {
            idp: idp.to_owned(),
            profile: RequestProfile::Oiosaml3,
            system: "test-nist-1".to_owned(),
        }
    }

    fn wish(idp: &str) -> Wish {
        Wish {
            of: of(idp),
            person: None,
        }
    }

    fn flow(number: u128) -> FlowId {
        FlowId::from_random(number.to_be_bytes())
    }

    #[test]
    fn a_wish_holds_for_its_system_and_as_long_as_its_request() {
        let clock = Arc::new(Clock::default());
        let trials = Trials::new(clock.clone());
        trials.wish("_a".to_owned(), wish("idp"));
        assert_eq!(trials.wished("_a", "test-nist-1"), Some(wish("idp")));
        assert_eq!(trials.wished("_a", "test-nist-2"), None);
        assert_eq!(trials.wished("_b", "test-nist-1"), None);
        clock.set_offset(WISH + Duration::seconds(1));
        assert_eq!(trials.wished("_a", "test-nist-1"), None);
    }

    #[test]
    fn the_latest_of_each_kind_is_kept_and_the_oldest_gives_way() {
        let trials = Trials::new(Arc::new(Clock::default()));
        for number in 0..MOST_RESULTS + 10 {
            trials.began(&flow(number as u128), wish(&format!("idp-{number}")));
        }
        assert_eq!(trials.results().len(), MOST_RESULTS);
        assert!(trials.latest(&of("idp-9")).is_none() && trials.latest(&of("idp-10")).is_some());
        trials.came(&flow(20), Came::Refused(Check::LevelReached), None, None);
        assert_eq!(trials.latest(&of("idp-20")).unwrap().todo(), None);
        trials.began(&flow(1 << 64), wish("idp-20"));
        let again = trials.latest(&of("idp-20")).unwrap();
        assert_eq!(
            (again.todo(), again.flow),
            (Some(Todo::Waiting), flow(1 << 64))
        );
        // What comes of the earlier one is no news.
        trials.came(
            &flow(20),
            Came::LoggedIn {
                under_assured: false,
            },
            None,
            None,
        );
        assert_eq!(trials.latest(&of("idp-20")).unwrap().came, Came::Waiting);
        assert_eq!(trials.results().len(), MOST_RESULTS);
        trials.clear();
        assert!(trials.results().is_empty());
    }

    #[test]
    fn a_person_can_say_what_no_message_said() {
        let trials = Trials::new(Arc::new(Clock::default()));
        assert_eq!(trials.say(&of("idp"), Some(true), false), None);
        trials.began(&flow(1), wish("idp"));
        let came = Came::LoggedIn {
            under_assured: false,
        };
        trials.came(&flow(1), came.clone(), None, None);
        assert_eq!(
            trials.latest(&of("idp")).unwrap().todo(),
            Some(Todo::Review)
        );
        let said = trials.say(&of("idp"), Some(false), true).unwrap();
        assert_eq!(
            (said.todo(), said.second_factor),
            (None, Some((false, SaidBy::Person)))
        );
        // Who logged in did pass the page.
        assert_eq!(said.came, came);
        trials.began(&flow(2), wish("idp"));
        assert_eq!(
            trials.say(&of("idp"), None, true).unwrap().came,
            Came::Stopped(None)
        );
    }
}
