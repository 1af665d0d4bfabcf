//! The next login of a system, programmed from outside: at which IdP, as whom, and with which fault in the answer.
//!
//! Keyed by system and run, so that jobs side by side do not mix: a login takes what was programmed for its system and for
//! the run that its browser names, first come, first served, and each program once. They exist only where the parties are
//! invented; what a login took stands in its flow.

use super::cookies;
use super::world::{Clock, random_hex};
use crate::hub::FlowId;
use crate::hub::fault::Fault;
use axum::http::HeaderMap;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::{Duration, OffsetDateTime};
use tokio::sync::Notify;

/// How a browser names its run: a cookie of the hub, or a header.
pub const RUN: &str = "vejviser-run";
/// The cookie of it.
pub const RUN_COOKIE: &str = "vejviser_run";
/// Programs that are kept, taken ones too. The oldest gives way.
const MOST: usize = 1000;
/// Characters of a run's name.
const LONGEST_RUN: usize = 64;
/// How long a program waits unless told, and at most.
pub const USUALLY: Duration = Duration::minutes(5);
/// At most.
pub const LONGEST: Duration = Duration::hours(1);

/// What the next login does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Program {
    /// Short name of the IdP; nobody is asked to choose.
    pub idp: Option<String>,
    /// Whom that IdP logs in without asking.
    pub person: Option<String>,
    /// The fault of the answer.
    pub fault: Option<Fault>,
}

/// A program, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programmed {
    /// Names it.
    pub id: String,
    /// entityID of the system.
    pub system: String,
    /// The run.
    pub run: Option<String>,
    /// What it does.
    pub program: Program,
    /// Until when it waits.
    pub expires: OffsetDateTime,
    /// The login that took it.
    pub flow: Option<FlowId>,
}

/// The programs of the process.
#[derive(Debug)]
pub struct NextLogins {
    clock: Arc<Clock>,
    kept: Mutex<VecDeque<Programmed>>,
    taken: Notify,
}

impl NextLogins {
    /// None yet.
    pub fn new(clock: Arc<Clock>) -> Self {
        Self {
            clock,
            kept: Mutex::default(),
            taken: Notify::new(),
        }
    }

    /// Programs the next login of a system in a run.
    pub fn add(
        &self,
        system: String,
        run: Option<String>,
        program: Program,
        waits: Duration,
    ) -> Programmed {
        let programmed = Programmed {
            id: random_hex::<16>(),
            system,
            run,
            program,
            expires: self.clock.now() + waits.clamp(Duration::ZERO, LONGEST),
            flow: None,
        };
        let mut kept = self.lock();
        if kept.len() >= MOST {
            kept.pop_front();
        }
        kept.push_back(programmed.clone());
        programmed
    }

    /// The same for a browser of its own, in a run that is named after `run`.
    pub fn add_alone(&self, system: String, run: &str, program: Program) -> Programmed {
        let run = format!("{run}.{}", random_hex::<4>());
        self.add(system, Some(run), program, USUALLY)
    }

    /// What a login of this system, from a browser of this run, is to do.
    pub fn take(&self, system: &str, run: Option<&str>, flow: &FlowId) -> Option<Programmed> {
        let now = self.clock.now();
        let mut kept = self.lock();
        let fits = |programmed: &&mut Programmed| {
            programmed.waits(now) && programmed.system == system && programmed.run.as_deref() == run
        };
        let found = kept.iter_mut().find(fits)?;
        found.flow = Some(flow.clone());
        let taken = found.clone();
        drop(kept);
        self.taken.notify_waiters();
        Some(taken)
    }

    /// How one stands.
    pub fn get(&self, id: &str) -> Option<Programmed> {
        let kept = self.lock();
        kept.iter().find(|programmed| programmed.id == id).cloned()
    }

    /// How it stands as soon as a login took it, or at the latest after `timeout`.
    pub async fn wait(&self, id: &str, timeout: std::time::Duration) -> Option<Programmed> {
        let taken = async {
            loop {
                let changed = self.taken.notified();
                tokio::pin!(changed);
                // Registered before looking, so that nothing is missed in between.
                changed.as_mut().enable();
                match self.get(id) {
                    Some(programmed) if programmed.flow.is_none() => changed.await,
                    other => return other,
                }
            }
        };
        match tokio::time::timeout(timeout, taken).await {
            Ok(programmed) => programmed,
            Err(_) => self.get(id),
        }
    }

    /// Takes one back; whether there was one.
    pub fn withdraw(&self, id: &str) -> bool {
        let mut kept = self.lock();
        let before = kept.len();
        kept.retain(|programmed| programmed.id != id);
        kept.len() < before
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.lock().clear();
        self.taken.notify_waiters();
    }

    /// Now, by the clock that programs expire by.
    pub fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Programmed>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Programmed {
    fn waits(&self, now: OffsetDateTime) -> bool {
        self.flow.is_none() && self.expires > now
    }

    /// `taken`, `waiting` or `expired`.
    pub fn state(&self, now: OffsetDateTime) -> &'static str {
        match (self.flow.is_some(), self.waits(now)) {
            (true, _) => "taken",
            (false, true) => "waiting",
            (false, false) => "expired",
        }
    }
}

/// Whether a run may be called so: letters, digits, `.`, `-` and `_`.
pub fn is_run(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    (1..=LONGEST_RUN).contains(&name.len()) && name.bytes().all(allowed)
}

/// The run that a browser names, by the header or else by the cookie.
pub fn run_of(headers: &HeaderMap) -> Option<String> {
    let header = headers.get(RUN).and_then(|value| value.to_str().ok());
    let cookie = || {
        let mut all = cookies::all(headers);
        let found = all.find(|cookie| cookie.name() == RUN_COOKIE);
        found.map(|cookie| cookie.value().to_owned())
    };
    let named = header.map(str::to_owned).or_else(cookie);
    named.filter(|name| is_run(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(n: u8) -> FlowId {
        FlowId::from_random([n; 16])
    }

    fn some(person: &str) -> Program {
        Program {
            person: Some(person.to_owned()),
            ..Program::default()
        }
    }

    #[test]
    fn a_login_takes_what_was_programmed_for_its_system_and_run_once() {
        let clock = Arc::new(Clock::default());
        let next = NextLogins::new(clock.clone());
        let run = |name: &str| Some(name.to_owned());
        next.add("a".to_owned(), None, some("without"), USUALLY);
        let first = next.add("a".to_owned(), run("1"), some("first"), USUALLY);
        next.add("a".to_owned(), run("1"), some("second"), USUALLY);
        next.add("a".to_owned(), run("2"), some("other"), USUALLY);
        let who = |system: &str, run: Option<&str>, n: u8| {
            let taken = next.take(system, run, &flow(n))?;
            taken.program.person
        };
        assert_eq!(who("b", Some("1"), 1), None);
        assert_eq!(who("a", Some("1"), 2).as_deref(), Some("first"));
        assert_eq!(who("a", Some("1"), 3).as_deref(), Some("second"));
        assert_eq!(who("a", Some("1"), 4), None);
        assert_eq!(who("a", Some("2"), 5).as_deref(), Some("other"));
        assert_eq!(who("a", None, 6).as_deref(), Some("without"));
        let first = next.get(&first.id).unwrap();
        assert_eq!(
            (first.flow.clone(), first.state(next.now())),
            (Some(flow(2)), "taken")
        );

        let late = next.add("a".to_owned(), None, some("late"), Duration::minutes(1));
        clock.set_offset(Duration::minutes(2));
        assert_eq!(who("a", None, 7), None);
        assert_eq!(next.get(&late.id).unwrap().state(next.now()), "expired");
        assert!(next.withdraw(&late.id) && !next.withdraw(&late.id));
    }

    #[test]
    fn a_browser_names_its_run_by_header_or_cookie() {
        let mut headers = HeaderMap::new();
        assert_eq!(run_of(&headers), None);
        headers.insert("cookie", "a=1; vejviser_run=ci-812".parse().unwrap());
        assert_eq!(run_of(&headers).as_deref(), Some("ci-812"));
        headers.insert(RUN, "job.7_b".parse().unwrap());
        assert_eq!(run_of(&headers).as_deref(), Some("job.7_b"));
        headers.insert(RUN, "<script>".parse().unwrap());
        assert_eq!(run_of(&headers), None);
        assert!(!is_run("") && !is_run(&"a".repeat(65)) && !is_run("æ"));
    }
}
