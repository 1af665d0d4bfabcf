//! What was answered is there again.

use super::*;
use crate::hub::Pending;
use crate::store::Records as _;
use crate::store::records::conformance::{commit, content, delete, put};

#[tokio::test]
async fn a_reopened_file_holds_the_same() {
    let place = Place::new();
    let store = Sqlite::open(&place.file("store")).expect("open");
    commit(
        &store,
        &[put("k", "b", "1"), put("k", "a", "x".repeat(2 << 20))],
    )
    .await;
    commit(&store, &[put("k", "b", "2"), put("k", "c", "1")]).await;
    commit(&store, &[delete("k", "c")]).await;
    store.put(&asked(1, "id1"), None, at(0)).await.expect("put");
    store.put(&asked(2, "id2"), None, at(0)).await.expect("put");
    let used = consuming(asked(2, "id2"), &["r2"]);
    assert_eq!(store.consume(&used, at(1)).await, Ok(Consumed::Done));
    let (stored, log) = (store.load().await, store.log(None, 99).await);
    drop(store);
    let store = Sqlite::open(&place.file("store")).expect("open again");
    assert_eq!(store.load().await, stored);
    assert_eq!(store.log(None, 99).await, log);
    assert_eq!(
        store.by_request("id1", at(2)).await,
        Ok(Some(asked(1, "id1")))
    );
    let replayed = consuming(asked(1, "id1"), &["r2"]);
    let answer = store.consume(&replayed, at(2)).await;
    assert_eq!(answer, Ok(Consumed::Replayed("r2".to_owned())));
}

/// What a machine without power would find: the files as they lie there while the store is open.
#[tokio::test]
async fn what_was_answered_lies_on_the_disk() {
    let place = Place::new();
    let store = Sqlite::open(&place.file("store")).expect("open");
    store.put(&asked(1, "id1"), None, at(0)).await.expect("put");
    let used = consuming(asked(1, "id1"), &["r1"]);
    assert_eq!(store.consume(&used, at(1)).await, Ok(Consumed::Done));
    commit(&store, &[put("k", "a", "1")]).await;
    for end in ["", "-wal"] {
        let copied = std::fs::copy(
            place.file(&format!("store{end}")),
            place.file(&format!("copy{end}")),
        );
        copied.expect("there");
    }
    let copy = Sqlite::open(&place.file("copy")).expect("the log is played back");
    assert_eq!(content(&copy).await, ["k/a=1"]);
    assert_eq!(copy.consume(&used, at(1)).await, Ok(Consumed::Gone));
    let mode = "PRAGMA synchronous";
    let held = store.held.lock().await;
    let synchronous: i64 = held
        .connection
        .query_row(mode, [], |row| row.get(0))
        .expect("a number");
    assert_eq!(synchronous, 2, "FULL");
}

#[tokio::test]
async fn a_commit_that_breaks_in_the_middle_leaves_nothing() {
    let store = Sqlite::in_memory().expect("open");
    commit(&store, &[put("k", "a", "1")]).await;
    let trap = "CREATE TRIGGER trap BEFORE INSERT ON record WHEN new.id = 'trap'
         BEGIN SELECT raise(ABORT, 'sprung'); END";
    let held = store.held.lock().await;
    held.connection.execute_batch(trap).expect("a trigger");
    drop(held);
    let writes = [put("k", "a", "2"), put("k", "trap", ""), put("k", "b", "")];
    let refused = store.commit(1, &writes, "ida", at(1)).await;
    let Err(StoreError::Unusable(unusable)) = refused else {
        panic!("{refused:?}");
    };
    assert!(unusable.en().contains("sprung"));
    assert_eq!(content(&store).await, ["k/a=1"]);
    assert_eq!(store.log(None, 9).await.expect("there").len(), 1);
    assert_eq!(commit(&store, &[put("k", "b", "1")]).await, 2);
}

/// Another version wrote a field more, a field less, or something else: the user begins anew.
#[tokio::test]
async fn a_login_that_is_not_read_whole_is_dropped() {
    let written = serde_json::to_string(&asked(1, "id1")).expect("text");
    let more = written.replacen('{', "{\"newer\":1,", 1);
    let fewer = written.replacen("\"profile\":null,", "", 1);
    assert!(
        serde_json::from_str::<Pending>(&more).is_ok(),
        "or else this shows nothing"
    );
    assert!(fewer != written && serde_json::from_str::<Pending>(&fewer).is_ok());
    for stored in [more, fewer, "{}".to_owned(), String::new()] {
        let store = Sqlite::in_memory().expect("open");
        store.put(&asked(1, "id1"), None, at(0)).await.expect("put");
        let held = store.held.lock().await;
        held.connection
            .execute("UPDATE pending SET body = ?", [&stored])
            .expect("changed");
        drop(held);
        let flow = &choosing(1).flow;
        assert_eq!(store.by_flow(flow, at(1)).await, Ok(None), "{stored}");
        assert_eq!(store.by_request("id1", at(1)).await, Ok(None), "{stored}");
        let consume = consuming(asked(1, "id1"), &["r1"]);
        assert_eq!(store.consume(&consume, at(1)).await, Ok(Consumed::Gone));
        let anew = store.put(&choosing(1), None, at(1)).await;
        anew.expect("its place is free");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_we_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let mode = |name: &str| {
        let found = std::fs::metadata(place.file(name)).expect(name);
        found.permissions().mode() & 0o777
    };
    let store = Sqlite::open(&place.file("store")).expect("open");
    commit(&store, &[put("k", "a", "1")]).await;
    assert_eq!((mode("store"), mode("store-wal")), (0o600, 0o600));
    drop(store);
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(place.file("store"), open).expect("changed");
    let store = Sqlite::open(&place.file("store")).expect("open");
    commit(&store, &[put("k", "a", "2")]).await;
    assert_eq!((mode("store"), mode("store-wal")), (0o600, 0o600));
}

#[tokio::test]
async fn a_name_that_sqlite_would_understand_is_a_file() {
    let place = Place::new();
    for name in [":memory:", "file:x?mode=memory"] {
        let store = Sqlite::open(&place.file(name)).expect("open");
        commit(&store, &[put("k", "a", "1")]).await;
        drop(store);
        let store = Sqlite::open(&place.file(name)).expect("open again");
        assert_eq!(content(&store).await, ["k/a=1"], "{name}");
    }
}
