//! The suite that every store runs: `suite(make)` from a test beside the implementation. Each case gets an
//! empty store; time is an argument, so nothing waits.

pub(crate) mod sessions;

use super::{Consumed, MAX_OF_ONE_REQUEST, Store, StoreError};
use crate::hub::{BrowserHash, Consume, FlowId, Pending, Stage};
use crate::oiosaml::{Level, Nist};
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

/// Every case, each on an empty store of `make`.
pub async fn suite<S: Store + 'static>(make: impl Fn() -> S) {
    put_and_read(&make()).await;
    put_replaces_only_what_was_read(&make()).await;
    expiry_follows_the_given_time(&make()).await;
    the_request_index_moves_with_the_stage(&make()).await;
    two_flows_never_share_a_request(&make()).await;
    consume_once(&make()).await;
    consume_of_a_changed_login_is_gone(&make()).await;
    consume_of_an_expired_login_is_gone(&make()).await;
    a_message_is_used_once_across_flows(&make()).await;
    a_replay_changes_nothing(&make()).await;
    replay_survives_a_clock_that_jumps(&make()).await;
    a_replayed_request_fills_no_store(&make()).await;
    clear_forgets_everything(&make()).await;
    of_32_at_once_exactly_one_is_done(Arc::new(make())).await;
    of_32_puts_at_once_exactly_one_wins(Arc::new(make())).await;
    sessions::suite(make).await;
}

/// `seconds` after the start of the tests' time.
pub fn at(seconds: i64) -> OffsetDateTime {
    time::macros::datetime!(2026-12-01 08:00 UTC) + Duration::seconds(seconds)
}

/// Login number `n`, waiting for a choice; expires an hour after the start.
pub fn choosing(n: u8) -> Pending {
    Pending {
        flow: FlowId::from_random([n; 16]),
        browser: BrowserHash(format!("{n:064x}")),
        system: "https://system.example/saml".to_owned(),
        request_id: format!("_request{n}"),
        acs_url: "https://system.example/acs".to_owned(),
        relay_state: Some("a b&c=%20".to_owned()),
        required: Level::Nist(Nist::Three),
        enforced: true,
        force_authn: false,
        is_passive: false,
        idp_list: vec!["https://idp.example".to_owned()],
        chooser: true,
        notice: None,
        remember: false,
        profile: None,
        fault: None,
        started: at(0),
        expires: at(3600),
        stage: Stage::Choosing,
    }
}

/// Login number `n` after its IdP was asked with `request_id`.
pub fn asked(n: u8, request_id: &str) -> Pending {
    let idp = "https://idp.example".to_owned();
    let stage = Stage::Asked {
        idp,
        request_id: request_id.to_owned(),
        sent: at(5),
        under_assured: false,
    };
    Pending {
        stage,
        ..choosing(n)
    }
}

/// Consumes `pending` and remembers `ids` for two hours from the start.
pub fn consuming(pending: Pending, ids: &[&str]) -> Consume {
    Consume {
        pending,
        replay: ids.iter().map(|id| ((*id).to_owned(), at(7200))).collect(),
        session: None,
    }
}

async fn put_and_read(store: &impl Store) {
    let login = choosing(1);
    assert_eq!(store.by_flow(&login.flow, at(0)).await, Ok(None));
    store.put(&login, None, at(0)).await.expect("put");
    assert_eq!(
        store.by_flow(&login.flow, at(1)).await,
        Ok(Some(login)),
        "comes back byte for byte"
    );
    assert_eq!(
        store.by_flow(&choosing(2).flow, at(1)).await,
        Ok(None),
        "another flow is none"
    );
    assert_eq!(
        store.by_request("_request1", at(1)).await,
        Ok(None),
        "the system's request is not ours"
    );
}

async fn put_replaces_only_what_was_read(store: &impl Store) {
    let (first, second) = (choosing(1), asked(1, "idA"));
    assert_eq!(
        store.put(&second, Some(&first), at(0)).await,
        Err(StoreError::Conflict),
        "nothing to replace"
    );
    store.put(&first, None, at(0)).await.expect("put");
    assert_eq!(
        store.put(&second, None, at(0)).await,
        Err(StoreError::Conflict),
        "there is one already"
    );
    store
        .put(&second, Some(&first), at(0))
        .await
        .expect("replace");
    assert_eq!(
        store.put(&asked(1, "idB"), Some(&first), at(0)).await,
        Err(StoreError::Conflict),
        "it has changed"
    );
    assert_eq!(
        store.by_flow(&first.flow, at(0)).await,
        Ok(Some(second)),
        "a conflict changes nothing"
    );
    assert_eq!(store.by_request("idB", at(0)).await, Ok(None));
}

async fn expiry_follows_the_given_time(store: &impl Store) {
    let login = asked(1, "idA");
    store.put(&login, None, at(0)).await.expect("put");
    assert_eq!(
        store.by_flow(&login.flow, at(3599)).await,
        Ok(Some(login.clone()))
    );
    assert_eq!(store.by_flow(&login.flow, at(3600)).await, Ok(None));
    assert_eq!(store.by_request("idA", at(3600)).await, Ok(None));
    let again = Pending {
        expires: at(9000),
        ..choosing(1)
    };
    assert_eq!(
        store.put(&again, Some(&login), at(3600)).await,
        Err(StoreError::Conflict),
        "an expired one is none"
    );
    store
        .put(&again, None, at(3600))
        .await
        .expect("its place is free");
    assert_eq!(store.by_flow(&login.flow, at(3601)).await, Ok(Some(again)));
    assert_eq!(
        store.by_request("idA", at(3601)).await,
        Ok(None),
        "the index forgot the old one"
    );
}

async fn the_request_index_moves_with_the_stage(store: &impl Store) {
    let (choosing, first, second) = (choosing(1), asked(1, "idA"), asked(1, "idB"));
    store.put(&choosing, None, at(0)).await.expect("put");
    store
        .put(&first, Some(&choosing), at(1))
        .await
        .expect("asked");
    assert_eq!(
        store.by_request("idA", at(2)).await,
        Ok(Some(first.clone()))
    );
    store
        .put(&second, Some(&first), at(3))
        .await
        .expect("asked again");
    assert_eq!(
        store.by_request("idA", at(4)).await,
        Ok(None),
        "an answer to the older request is late"
    );
    assert_eq!(
        store.by_request("idB", at(4)).await,
        Ok(Some(second.clone()))
    );
    store
        .put(&choosing, Some(&second), at(5))
        .await
        .expect("back to the choice");
    assert_eq!(store.by_request("idB", at(6)).await, Ok(None));
}

async fn two_flows_never_share_a_request(store: &impl Store) {
    store.put(&asked(1, "idA"), None, at(0)).await.expect("put");
    assert_eq!(
        store.put(&asked(2, "idA"), None, at(0)).await,
        Err(StoreError::Conflict)
    );
    assert_eq!(
        store.by_request("idA", at(1)).await,
        Ok(Some(asked(1, "idA")))
    );
    assert_eq!(store.by_flow(&choosing(2).flow, at(1)).await, Ok(None));
}

async fn consume_once(store: &impl Store) {
    let step = consuming(asked(1, "idA"), &["r1", "a1"]);
    assert_eq!(
        store.consume(&step, at(0)).await,
        Ok(Consumed::Gone),
        "there was never one"
    );
    store.put(&step.pending, None, at(0)).await.expect("put");
    assert_eq!(
        store.consume(&step, at(1)).await,
        Ok(Consumed::Done),
        "the try before remembered nothing"
    );
    assert_eq!(store.consume(&step, at(1)).await, Ok(Consumed::Gone));
    assert_eq!(store.by_flow(&step.pending.flow, at(1)).await, Ok(None));
    assert_eq!(store.by_request("idA", at(1)).await, Ok(None));
}

async fn consume_of_a_changed_login_is_gone(store: &impl Store) {
    let (first, second) = (asked(1, "idA"), asked(1, "idB"));
    store.put(&first, None, at(0)).await.expect("put");
    store
        .put(&second, Some(&first), at(1))
        .await
        .expect("replace");
    assert_eq!(
        store.consume(&consuming(first, &["r1"]), at(2)).await,
        Ok(Consumed::Gone)
    );
    let mut stranger = second.clone();
    stranger.browser = BrowserHash("f".repeat(64));
    assert_eq!(
        store.consume(&consuming(stranger, &["r1"]), at(2)).await,
        Ok(Consumed::Gone)
    );
    assert_eq!(
        store.consume(&consuming(second, &["r1"]), at(2)).await,
        Ok(Consumed::Done),
        "junk burned nothing"
    );
}

async fn consume_of_an_expired_login_is_gone(store: &impl Store) {
    let step = consuming(asked(1, "idA"), &["r1"]);
    store.put(&step.pending, None, at(0)).await.expect("put");
    assert_eq!(store.consume(&step, at(3600)).await, Ok(Consumed::Gone));
}

async fn a_message_is_used_once_across_flows(store: &impl Store) {
    store.put(&asked(1, "idA"), None, at(0)).await.expect("put");
    store.put(&asked(2, "idB"), None, at(0)).await.expect("put");
    assert_eq!(
        store
            .consume(&consuming(asked(1, "idA"), &["r1", "a1"]), at(1))
            .await,
        Ok(Consumed::Done)
    );
    let replayed = store
        .consume(&consuming(asked(2, "idB"), &["r2", "a1"]), at(2))
        .await;
    assert_eq!(replayed, Ok(Consumed::Replayed("a1".to_owned())));
}

async fn a_replay_changes_nothing(store: &impl Store) {
    for n in 1..=3 {
        store
            .put(&asked(n, &format!("id{n}")), None, at(0))
            .await
            .expect("put");
    }
    assert_eq!(
        store
            .consume(&consuming(asked(1, "id1"), &["a1"]), at(1))
            .await,
        Ok(Consumed::Done)
    );
    let replayed = store
        .consume(&consuming(asked(2, "id2"), &["fresh", "a1"]), at(2))
        .await;
    assert_eq!(replayed, Ok(Consumed::Replayed("a1".to_owned())));
    assert_eq!(
        store.by_request("id2", at(3)).await,
        Ok(Some(asked(2, "id2"))),
        "the login still waits"
    );
    assert_eq!(
        store
            .consume(&consuming(asked(3, "id3"), &["fresh"]), at(3))
            .await,
        Ok(Consumed::Done)
    );
    assert_eq!(
        store
            .consume(&consuming(asked(2, "id2"), &["r2"]), at(3))
            .await,
        Ok(Consumed::Done)
    );
}

async fn replay_survives_a_clock_that_jumps(store: &impl Store) {
    let long = |n: u8| Pending {
        expires: at(9000),
        ..asked(n, &format!("id{n}"))
    };
    for n in 1..=3 {
        store.put(&long(n), None, at(0)).await.expect("put");
    }
    assert_eq!(
        store.consume(&consuming(long(1), &["a1"]), at(100)).await,
        Ok(Consumed::Done)
    );
    let back = store.consume(&consuming(long(2), &["a1"]), at(-3600)).await;
    assert_eq!(
        back,
        Ok(Consumed::Replayed("a1".to_owned())),
        "an hour back"
    );
    // Ten minutes past what had to be remembered, with a consumption that could purge, and back again.
    store.put(&long(5), None, at(7800)).await.expect("put");
    assert_eq!(
        store.consume(&consuming(long(5), &["a5"]), at(7800)).await,
        Ok(Consumed::Done)
    );
    let returned = store.consume(&consuming(long(3), &["a1"]), at(200)).await;
    assert_eq!(
        returned,
        Ok(Consumed::Replayed("a1".to_owned())),
        "forward and back"
    );
}

async fn a_replayed_request_fills_no_store(store: &impl Store) {
    let most = u8::try_from(MAX_OF_ONE_REQUEST).expect("few");
    let same = |n: u8| Pending {
        request_id: "_same".to_owned(),
        started: at(i64::from(n)),
        ..choosing(n)
    };
    let first = Pending {
        stage: asked(1, "idA").stage,
        ..same(1)
    };
    store.put(&first, None, at(1)).await.expect("put");
    store.put(&choosing(200), None, at(1)).await.expect("put");
    for n in 2..=most + 5 {
        store.put(&same(n), None, at(2)).await.expect("put");
    }
    for (n, alive) in [(2, false), (6, false), (7, true), (most + 5, true)] {
        let found = store.by_flow(&same(n).flow, at(3)).await;
        assert_eq!(found.map(|found| found.is_some()), Ok(alive), "{n}");
    }
    assert_eq!(
        store.by_request("idA", at(3)).await,
        Ok(Some(first)),
        "who is at an IdP already stays"
    );
    let other = store.by_flow(&choosing(200).flow, at(3)).await;
    assert_eq!(other, Ok(Some(choosing(200))), "another request's stays");
    // Once all are at an IdP, the oldest goes.
    for n in 7..=most + 5 {
        let asked = Pending {
            stage: asked(n, &format!("id{n}")).stage,
            ..same(n)
        };
        let same = same(n);
        store.put(&asked, Some(&same), at(4)).await.expect("asked");
    }
    store.put(&same(100), None, at(5)).await.expect("put");
    assert_eq!(store.by_request("idA", at(6)).await, Ok(None));
    let second = store.by_request("id7", at(6)).await;
    assert!(matches!(second, Ok(Some(_))), "only one made room");
}

async fn clear_forgets_everything(store: &impl Store) {
    let step = consuming(asked(1, "idA"), &["r1"]);
    store.put(&step.pending, None, at(0)).await.expect("put");
    assert_eq!(store.consume(&step, at(1)).await, Ok(Consumed::Done));
    store.put(&asked(2, "idB"), None, at(1)).await.expect("put");
    store.clear().await.expect("cleared");
    assert_eq!(store.by_request("idB", at(2)).await, Ok(None));
    store.put(&step.pending, None, at(2)).await.expect("put");
    assert_eq!(
        store.consume(&step, at(3)).await,
        Ok(Consumed::Done),
        "as if it never was"
    );
}

async fn of_32_at_once_exactly_one_is_done(store: Arc<impl Store + 'static>) {
    let login = asked(1, "idA");
    store.put(&login, None, at(0)).await.expect("put");
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..32 {
        let (store, step) = (store.clone(), consuming(login.clone(), &[&format!("r{n}")]));
        tasks.spawn(async move { store.consume(&step, at(1)).await });
    }
    let results = tasks.join_all().await;
    assert_eq!(
        results
            .iter()
            .filter(|result| **result == Ok(Consumed::Done))
            .count(),
        1,
        "{results:?}"
    );
    assert_eq!(
        results
            .iter()
            .filter(|result| **result == Ok(Consumed::Gone))
            .count(),
        31,
        "{results:?}"
    );
}

async fn of_32_puts_at_once_exactly_one_wins(store: Arc<impl Store + 'static>) {
    let login = choosing(1);
    store.put(&login, None, at(0)).await.expect("put");
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..32 {
        let (store, login) = (store.clone(), login.clone());
        tasks.spawn(async move {
            store
                .put(&asked(1, &format!("id{n}")), Some(&login), at(1))
                .await
        });
    }
    let results = tasks.join_all().await;
    assert_eq!(
        results.iter().filter(|result| result.is_ok()).count(),
        1,
        "{results:?}"
    );
    assert!(
        results
            .iter()
            .all(|result| matches!(result, Ok(()) | Err(StoreError::Conflict))),
        "{results:?}"
    );
}
