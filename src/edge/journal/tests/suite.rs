//! What every journal does, with a file or without.

use super::*;
use crate::hub::Actor;

fn of(system: &str, idp: Option<&str>, ended: Option<Outcome>) -> Note {
    Note {
        trace: message(500),
        system: Some(system.to_owned()),
        idp: idp.map(str::to_owned),
        ended,
        ..Note::default()
    }
}

/// Ids of what a filter finds.
fn found(journal: &Journal, filter: Filter) -> Vec<FlowId> {
    let found = journal.search(&filter);
    assert_eq!(found.next, None);
    found.flows.into_iter().map(|flow| flow.id).collect()
}

/// `between` is done after every step: what is told may not depend on it.
fn suite(journal: &Journal, clock: &Clock, between: impl Fn()) {
    let [a, b, c, d] = [id(), id(), id(), id()];
    journal.note(&a, of("https://one", None, refused()));
    between();
    let profile = Some(RequestProfile::Oiosaml3);
    let organisation = Cvr::parse("11111111");
    let told = Note {
        profile,
        organisation: organisation.clone(),
        ..of("https://one", Some("https://idp"), logged_in())
    };
    journal.note(&b, told);
    between();
    journal.note(&c, of("https://two", Some("https://idp"), None));
    between();
    journal.note_junk(&d, of("https://stranger", None, refused()));
    between();

    let any = Filter::default;
    let listed: Vec<FlowId> = journal.list().into_iter().map(|flow| flow.id).collect();
    assert_eq!(listed, [d.clone(), c.clone(), b.clone(), a.clone()]);
    let text = |text: &str| Some(text.to_owned());
    for (filter, expected) in [
        (any(), vec![&d, &c, &b, &a]),
        (
            Filter {
                outcome: Some(State::Refused),
                ..any()
            },
            vec![&d, &a],
        ),
        (
            Filter {
                outcome: Some(State::LoggedIn),
                ..any()
            },
            vec![&b],
        ),
        (
            Filter {
                outcome: Some(State::Pending),
                ..any()
            },
            vec![&c],
        ),
        (
            Filter {
                outcome: Some(State::Abandoned),
                ..any()
            },
            vec![],
        ),
        (
            Filter {
                system: text("https://one"),
                ..any()
            },
            vec![&b, &a],
        ),
        (
            Filter {
                idp: text("https://idp"),
                ..any()
            },
            vec![&c, &b],
        ),
        (Filter { profile, ..any() }, vec![&b]),
        (
            Filter {
                organisation,
                ..any()
            },
            vec![&b],
        ),
        (
            Filter {
                actor: Some(Actor::Hub),
                ..any()
            },
            vec![],
        ),
        (
            Filter {
                id: text(&a.as_str()[..9]),
                ..any()
            },
            vec![&a],
        ),
        (
            Filter {
                id: text(b.as_str()),
                ..any()
            },
            vec![&b],
        ),
        (
            Filter {
                known_only: true,
                ..any()
            },
            vec![&c, &b, &a],
        ),
    ] {
        let expected: Vec<FlowId> = expected.into_iter().cloned().collect();
        assert_eq!(found(journal, filter.clone()), expected, "{filter:?}");
    }
    let actor = journal.get(&a).unwrap().verdict.unwrap().cause.info().actor;
    let by_actor = found(
        journal,
        Filter {
            actor: Some(actor),
            known_only: true,
            ..any()
        },
    );
    assert_eq!(by_actor, std::slice::from_ref(&a));

    let page = |before| {
        journal.search(&Filter {
            before,
            limit: Some(2),
            ..any()
        })
    };
    let first = page(None);
    let second = page(first.next);
    let ids = |found: &Found| {
        found
            .flows
            .iter()
            .map(|flow| flow.id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (ids(&first), first.next.is_some()),
        (vec![d.clone(), c.clone()], true)
    );
    assert_eq!(
        (ids(&second), second.next),
        (vec![b.clone(), a.clone()], None)
    );

    journal.note(&a, of("https://one", None, None));
    between();
    assert_eq!(
        journal.get(&a).unwrap().content.exchanges.len(),
        2,
        "a late note"
    );
    assert_eq!(journal.summary(&a).unwrap().content, Content::default());

    clock.set_offset(PENDING_LIFETIME + Duration::seconds(1));
    let abandoned = Filter {
        outcome: Some(State::Abandoned),
        ..any()
    };
    assert_eq!(found(journal, abandoned), std::slice::from_ref(&c));
    assert_eq!(journal.get(&c).unwrap().state, State::Abandoned);

    assert!(journal.delete(&b) && !journal.delete(&b) && journal.delete(&d));
    assert!(journal.get(&b).is_none());
    assert_eq!(found(journal, any()), [c.clone(), a.clone()]);
    journal.clear();
    between();
    assert!(journal.list().is_empty() && journal.get(&a).is_none());
    journal.note(&b, of("https://one", None, None));
    between();
    assert_eq!(found(journal, any()), [b], "it goes on");
    assert_eq!(journal.trouble(), None);
}

#[test]
fn in_memory() {
    let clock = Arc::new(Clock::default());
    suite(&Journal::new(clock.clone()), &clock, || {});
}

#[test]
fn in_a_file_before_anything_is_written() {
    let (place, clock) = (Place::new(), Arc::new(Clock::default()));
    suite(&place.open(&clock), &clock, || {});
}

#[test]
fn in_a_file_once_it_is_written() {
    let (place, clock) = (Place::new(), Arc::new(Clock::default()));
    let journal = place.open(&clock);
    suite(&journal, &clock, || journal.flush());
}

/// Memory lets go of what lies in the file, so everything is read from there.
#[test]
fn in_a_file_and_nowhere_else() {
    let (place, clock) = (Place::new(), Arc::new(Clock::default()));
    let journal = place.open(&clock);
    suite(&journal, &clock, || {
        journal.flush();
        let mut flows = journal.lock();
        let ids: Vec<FlowId> = flows.real.order.iter().cloned().collect();
        for id in ids {
            flows.real.forget(&id);
        }
    });
}

#[test]
fn in_a_file_with_a_thread_that_writes() {
    let (place, clock) = (Place::new(), Arc::new(Clock::default()));
    suite(&place.open(&clock).writing(), &clock, || {});
}
