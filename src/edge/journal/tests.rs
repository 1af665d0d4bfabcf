use super::*;
use crate::edge::world::random;
use crate::hub::Check;
use crate::hub::trace::{Direction, Leg};
use crate::saml::Binding;
use time::Duration;

fn id() -> FlowId {
    let mut bytes = [0; 16];
    random(&mut bytes);
    FlowId::from_random(bytes)
}

fn message(size: usize) -> Trace {
    let mut trace = Trace::default();
    trace.exchanges.push(Exchange {
        leg: Leg::System,
        direction: Direction::In,
        kind: "AuthnRequest".to_owned(),
        binding: Binding::Post,
        peer: None,
        xml: "x".repeat(size),
        decrypted: None,
        relay_state: None,
        query: None,
        checks: Vec::new(),
    });
    trace
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
    let ids: Vec<FlowId> = (0..MAX_FLOWS + 5).map(|_| id()).collect();
    for id in &ids {
        journal.note(id, Note::default());
    }
    let list = journal.list();
    assert_eq!(list.len(), MAX_FLOWS);
    assert_eq!(Some(&list[0].id), ids.last());
    assert!(journal.get(&ids[0]).is_none());
}

#[test]
fn one_flow_cannot_fill_the_journal() {
    let journal = Journal::new(Arc::default());
    let id = id();
    for _ in 0..MAX_EXCHANGES + 1 {
        journal.note(
            &id,
            Note {
                trace: message(30_000),
                ..Note::default()
            },
        );
    }
    let flow = journal.get(&id).unwrap();
    assert!(
        flow.truncated && flow.bytes <= MAX_FLOW_BYTES && flow.exchanges.len() <= MAX_EXCHANGES
    );
}

#[test]
fn old_flows_lose_messages_before_outcomes() {
    let journal = Journal::new(Arc::default());
    let first = id();
    journal.note(
        &first,
        Note {
            trace: message(900_000),
            ended: refused(),
            ..Note::default()
        },
    );
    for _ in 0..20 {
        journal.note(
            &id(),
            Note {
                trace: message(900_000),
                ..Note::default()
            },
        );
    }
    assert!(journal.lock().bytes <= MAX_BYTES);
    let flow = journal.get(&first).unwrap();
    assert!(flow.exchanges.is_empty() && flow.truncated && flow.state == State::Refused);
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
