//! In memory; and what the other tests share.

mod changes;
mod kept;
mod suite;

use super::flow::MAX_NAME;
use super::packed::Packed;
use super::*;
use crate::edge::world::random;
use crate::hub::pending::PENDING_LIFETIME;
use crate::hub::trace::{Direction, Leg};
use crate::hub::{Check, Exchange, Refusal, Row};
use crate::saml::Binding;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use time::OffsetDateTime;

const WEEK: Duration = Duration::days(7);

/// A directory of its own for one test; gone with the value.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("vejviser-journal-{}-{number}", std::process::id());
        let place = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&place).unwrap();
        Self(place)
    }
    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
    fn open(&self, clock: &Arc<Clock>) -> Journal {
        Journal::kept(clock.clone(), &self.file("flows.db"), WEEK).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn id() -> FlowId {
    let mut bytes = [0; 16];
    random(&mut bytes);
    FlowId::from_random(bytes)
}

fn message(size: usize) -> Trace {
    let mut trace = Trace::default();
    trace.exchanges.push(Exchange {
        at: OffsetDateTime::UNIX_EPOCH,
        leg: Leg::System,
        direction: Direction::In,
        kind: "AuthnRequest".to_owned(),
        binding: Binding::Post,
        peer: None,
        xml: noise(size),
        decrypted: None,
        relay_state: None,
        query: None,
        checks: Vec::new(),
    });
    trace
}

/// A journal with less room, so that tests fill it fast.
fn small() -> Journal {
    let journal = Journal::new(Arc::default());
    journal.lock().real.limits = SMALL;
    journal
}

const SMALL: Limits = Limits {
    flows: 100,
    bytes: 120_000,
    flow_bytes: 50_000,
    text: usize::MAX,
};

/// Text that does not deflate to nothing.
fn noise(size: usize) -> String {
    let mut bytes = vec![0; size.div_ceil(2)];
    random(&mut bytes);
    let mut text = crate::edge::world::hex(&bytes);
    text.truncate(size);
    text
}

fn refused() -> Option<Outcome> {
    Some(Outcome::Refused(Refusal::of(Check::RequestSignature)))
}

fn logged_in() -> Option<Outcome> {
    Some(Outcome::LoggedIn {
        level: None,
        under_assured: false,
    })
}

#[test]
fn newest_first_and_no_more_than_a_thousand() {
    let journal = Journal::new(Arc::default());
    let ids: Vec<FlowId> = (0..REAL.flows + 5).map(|_| id()).collect();
    for id in &ids {
        journal.note(id, Note::default());
    }
    let list = journal.list();
    assert_eq!(list.len(), REAL.flows);
    assert_eq!(Some(&list[0].id), ids.last());
    assert!(journal.get(&ids[0]).is_none());
}

#[test]
fn one_flow_cannot_fill_the_journal() {
    let journal = small();
    let id = id();
    let trace = message(3_000);
    for _ in 0..MAX_EXCHANGES + 1 {
        journal.note(
            &id,
            Note {
                trace: trace.clone(),
                ..Note::default()
            },
        );
    }
    let flow = journal.get(&id).unwrap();
    assert!(
        flow.truncated
            && flow.bytes <= SMALL.flow_bytes
            && flow.content.exchanges.len() <= MAX_EXCHANGES
    );
}

#[test]
fn old_flows_lose_messages_before_outcomes() {
    let journal = small();
    let first = id();
    journal.note(
        &first,
        Note {
            trace: message(40_000),
            ended: refused(),
            ..Note::default()
        },
    );
    for _ in 0..20 {
        journal.note(
            &id(),
            Note {
                trace: message(40_000),
                ..Note::default()
            },
        );
    }
    assert!(journal.lock().real.bytes <= SMALL.bytes);
    let flow = journal.get(&first).unwrap();
    assert!(flow.content.exchanges.is_empty() && flow.truncated && flow.state == State::Refused);
}

fn visit() -> Visit {
    Visit {
        at: OffsetDateTime::UNIX_EPOCH,
        method: "POST".to_owned(),
        path: "/".to_owned(),
        headers: Vec::new(),
        cookies: Vec::new(),
        status: 200,
        set_cookies: Vec::new(),
        location: None,
    }
}

#[test]
fn a_flow_that_ended_is_packed_and_reads_the_same() {
    let journal = Journal::new(Arc::default());
    let id = id();
    let mut trace = message(0);
    trace.exchanges[0].xml = "x".repeat(50_000);
    trace.exchanges[0].query = Some("SAMLRequest=æøå".to_owned());
    trace.exchanges.extend(message(3).exchanges);
    journal.note(
        &id,
        Note {
            trace,
            ended: refused(),
            ..Note::default()
        },
    );
    // Right after what it ended with comes what the browser got.
    assert!(journal.lock().real.bytes > 50_000);
    journal.visited(&id, visit());
    assert!(journal.lock().real.bytes < 4_000);
    let late = Note {
        trace: message(7),
        ..Note::default()
    };
    journal.note(&id, late);
    let flow = journal.get(&id).unwrap();
    let lengths: Vec<usize> = flow
        .content
        .exchanges
        .iter()
        .map(|exchange| exchange.xml.len())
        .collect();
    assert_eq!(lengths, [50_000, 3, 7]);
    assert_eq!(
        flow.content.exchanges[0].query.as_deref(),
        Some("SAMLRequest=æøå")
    );
}

#[test]
fn a_flow_that_nobody_finishes_is_abandoned() {
    let clock = Arc::new(Clock::default());
    let journal = Journal::new(clock.clone());
    let id = id();
    journal.note(&id, Note::default());
    clock.set_offset(PENDING_LIFETIME + Duration::seconds(1));
    assert_eq!(journal.get(&id).unwrap().state, State::Abandoned);
}

#[test]
fn a_refused_answer_may_be_followed_by_a_good_one_but_not_the_other_way_round() {
    let journal = Journal::new(Arc::default());
    let id = id();
    journal.note(
        &id,
        Note {
            ended: refused(),
            ..Note::default()
        },
    );
    journal.note(
        &id,
        Note {
            ended: logged_in(),
            ..Note::default()
        },
    );
    journal.note(
        &id,
        Note {
            ended: refused(),
            ..Note::default()
        },
    );
    let flow = journal.get(&id).unwrap();
    assert_eq!((flow.state, flow.refusal), (State::LoggedIn, None));
}

#[tokio::test]
async fn waiting_ends_with_the_flow() {
    let journal = Arc::new(Journal::new(Arc::default()));
    let id = id();
    journal.note(&id, Note::default());
    let waiting = tokio::spawn({
        let (journal, id) = (journal.clone(), id.clone());
        async move { journal.wait(&id, std::time::Duration::from_secs(60)).await }
    });
    tokio::task::yield_now().await;
    journal.note(
        &id,
        Note {
            ended: logged_in(),
            ..Note::default()
        },
    );
    assert_eq!(waiting.await.unwrap().unwrap().state, State::LoggedIn);
    let other = super::tests::id();
    assert!(
        journal
            .wait(&other, std::time::Duration::from_secs(60))
            .await
            .is_none()
    );
}

#[test]
fn packing_loses_nothing() {
    let mut trace = message(10);
    let first = &mut trace.exchanges[0];
    first.peer = Some(String::new());
    first.decrypted = Some("æ".to_owned());
    first.checks.push(Row {
        check: Check::Replay,
        outcome: crate::hub::RowOutcome::Warn,
        found: "found".into(),
        expected: "".into(),
    });
    trace.exchanges.extend(message(0).exchanges);
    trace.decide("a/rule", "in", "", crate::hub::Source::Inferred);
    let content = Content {
        exchanges: trace.exchanges,
        decisions: trace.decisions,
        ..Content::default()
    };
    let packed = Packed::pack(&content).unwrap();
    assert_eq!(packed.unpack(), Some(content));
}

#[test]
fn junk_takes_no_place_of_real_flows() {
    let journal = Journal::new(Arc::default());
    let real = id();
    let note = |trace| Note {
        trace,
        system: Some("s".repeat(100_000)),
        ended: refused(),
        ..Note::default()
    };
    journal.note(&real, note(message(10_000)));
    let junk: Vec<FlowId> = (0..JUNK.flows + 50).map(|_| id()).collect();
    let trace = message(40_000);
    for id in &junk {
        journal.note_junk(id, note(trace.clone()));
    }
    let list = journal.list();
    assert_eq!(list.len(), 1 + JUNK.flows);
    assert_eq!(Some(&list[0].id), junk.last());
    assert!(journal.lock().junk.bytes <= JUNK.bytes);
    assert_eq!(
        journal.get(&real).unwrap().content.exchanges[0].xml.len(),
        10_000
    );
    let newest = journal.get(&list[0].id).unwrap();
    assert_eq!(newest.content.exchanges[0].xml.len(), JUNK.text);
    assert!(newest.truncated && newest.system.unwrap().len() <= MAX_NAME);
}

#[test]
fn many_flows_stay_within_the_budget() {
    let journal = small();
    let trace = message(5_000);
    for _ in 0..SMALL.flows {
        journal.note(
            &id(),
            Note {
                trace: trace.clone(),
                ..Note::default()
            },
        );
    }
    let flows = journal.lock();
    assert!(flows.real.bytes <= SMALL.bytes);
    let sum: usize = flows.real.by_id.values().map(Flow::weight).sum();
    assert_eq!(sum, flows.real.bytes);
}
