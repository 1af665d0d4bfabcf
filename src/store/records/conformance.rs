//! The suite that every store of records runs: `suite(make)` from a test beside the implementation. Each case
//! gets an empty store; time is an argument, so nothing waits.

use super::{Logged, MAX_BODY, MAX_LOG, MAX_LOG_BYTES, Records, Stored, Write};
use crate::store::StoreError;
use crate::store::conformance::at;
use std::sync::Arc;

/// Every case, each on an empty store of `make`.
pub async fn suite<R: Records + 'static>(make: impl Fn() -> R) {
    empty_is_revision_0(&make()).await;
    what_is_written_comes_back(&make()).await;
    order_is_that_of_first_insertion(&make()).await;
    who_was_slower_changes_nothing(&make()).await;
    all_or_nothing(&make()).await;
    what_changes_nothing_is_not_logged(&make()).await;
    the_log_tells_who_changed_what(&make()).await;
    the_log_is_read_in_pages(&make()).await;
    the_log_is_bounded(&make()).await;
    the_log_is_bounded_in_bytes_too(&make()).await;
    large_texts_come_back(&make()).await;
    of_16_at_once_exactly_one_wins(Arc::new(make())).await;
    everybody_gets_through_in_the_end(Arc::new(make())).await;
}

/// A write of `body`.
pub fn put(kind: &str, id: &str, body: impl Into<String>) -> Write {
    Write {
        kind: kind.to_owned(),
        id: id.to_owned(),
        body: Some(body.into()),
    }
}

/// A deletion.
pub fn delete(kind: &str, id: &str) -> Write {
    let body = None;
    Write {
        body,
        ..put(kind, id, "")
    }
}

/// Commits that must succeed, on the revision that there is.
pub async fn commit(store: &impl Records, writes: &[Write]) -> u64 {
    let on = store.load().await.expect("there").revision;
    let done = store.commit(on, writes, "ida", at(0)).await;
    done.expect("committed")
}

/// What is stored, as `kind/id=text` in its order.
pub async fn content(store: &impl Records) -> Vec<String> {
    let stored = store.load().await.expect("there");
    let rows = stored.rows.iter();
    rows.map(|row| format!("{}/{}={}", row.kind, row.id, row.body))
        .collect()
}

async fn empty_is_revision_0(store: &impl Records) {
    assert_eq!(store.load().await, Ok(Stored::default()));
    assert_eq!(store.log(None, 9).await, Ok(Vec::new()));
    assert_eq!(store.commit(0, &[], "ida", at(0)).await, Ok(0));
}

async fn what_is_written_comes_back(store: &impl Records) {
    let writes = [
        put("idp", "a", "{\"navn\":\"Ærøskøbing\"}\n"),
        put("system", "a", ""),
        put("idp", "'; DROP TABLE record; --", "nul \0 in it"),
    ];
    assert_eq!(store.commit(0, &writes, "ida", at(0)).await, Ok(1));
    let stored = store.load().await.expect("there");
    assert_eq!(stored.revision, 1);
    let back: Vec<Write> = stored
        .rows
        .iter()
        .map(|row| put(&row.kind, &row.id, &row.body))
        .collect();
    assert_eq!(back, writes, "byte for byte, and kinds apart");
}

async fn order_is_that_of_first_insertion(store: &impl Records) {
    let first = [put("k", "c", "1"), put("k", "a", "1"), put("k", "b", "1")];
    commit(store, &first).await;
    commit(store, &[put("k", "a", "2"), put("k", "c", "2")]).await;
    assert_eq!(content(store).await, ["k/c=2", "k/a=2", "k/b=1"]);
    commit(store, &[delete("k", "c"), put("k", "d", "1")]).await;
    commit(store, &[put("k", "c", "3")]).await;
    assert_eq!(
        content(store).await,
        ["k/a=2", "k/b=1", "k/d=1", "k/c=3"],
        "what was deleted comes back as the newest"
    );
    commit(store, &[delete("k", "c"), put("k", "c", "4")]).await;
    assert_eq!(content(store).await.last().unwrap(), "k/c=4");
    let number = store.log(None, 1).await.expect("there")[0].number;
    assert_eq!(number, 10, "writes to one object are done in their order");
}

async fn who_was_slower_changes_nothing(store: &impl Records) {
    assert_eq!(
        store
            .commit(0, &[put("k", "a", "first")], "ida", at(0))
            .await,
        Ok(1)
    );
    for stale in [0, 2, u64::MAX] {
        let slower = [put("k", "a", "second"), put("k", "b", "second")];
        let answer = store.commit(stale, &slower, "ole", at(1)).await;
        assert_eq!(answer, Err(StoreError::Conflict), "{stale}");
        let nothing = store.commit(stale, &[], "ole", at(1)).await;
        assert_eq!(nothing, Err(StoreError::Conflict), "{stale}");
    }
    assert_eq!(content(store).await, ["k/a=first"]);
    assert_eq!(store.log(None, 9).await.expect("there").len(), 1);
}

async fn all_or_nothing(store: &impl Records) {
    commit(store, &[put("k", "a", "1"), put("k", "b", "1")]).await;
    let (before, log) = (store.load().await, store.log(None, 9).await);
    let writes = [
        put("k", "a", "2"),
        delete("k", "b"),
        put("k", "long", "x".repeat(MAX_BODY + 1)),
        put("k", "d", "2"),
    ];
    let refused = store.commit(1, &writes, "ida", at(1)).await;
    let long = ("k".to_owned(), "long".to_owned());
    assert_eq!(
        refused,
        Err(StoreError::TooLarge {
            kind: long.0,
            id: long.1
        })
    );
    assert_eq!(store.load().await, before);
    assert_eq!(store.log(None, 9).await, log);
    assert_eq!(
        store.commit(1, &[put("k", "d", "2")], "ida", at(1)).await,
        Ok(2)
    );
}

async fn what_changes_nothing_is_not_logged(store: &impl Records) {
    commit(store, &[put("k", "a", "1")]).await;
    let idle = [put("k", "a", "1"), delete("k", "b")];
    assert_eq!(store.commit(1, &idle, "ida", at(1)).await, Ok(1));
    let mixed = [put("k", "a", "1"), put("k", "c", "1"), delete("k", "b")];
    assert_eq!(store.commit(1, &mixed, "ida", at(1)).await, Ok(2));
    let ids: Vec<String> = store
        .log(None, 9)
        .await
        .expect("there")
        .into_iter()
        .map(|line| line.id)
        .collect();
    assert_eq!(ids, ["c", "a"]);
}

async fn the_log_tells_who_changed_what(store: &impl Records) {
    let steps = [
        ("ida", put("idp", "a", "1")),
        ("ole", put("idp", "a", "2")),
        ("ida", delete("idp", "a")),
    ];
    for (n, (who, write)) in (0..).zip(&steps) {
        let on = u64::try_from(n).unwrap();
        let done = store.commit(on, std::slice::from_ref(write), who, at(n));
        assert_eq!(done.await, Ok(on + 1));
    }
    let line = |number, who: &str, before: Option<&str>, after: Option<&str>| Logged {
        number,
        at: at(i64::try_from(number).unwrap() - 1),
        who: who.to_owned(),
        kind: "idp".to_owned(),
        id: "a".to_owned(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
    };
    let lines = vec![
        line(3, "ida", Some("2"), None),
        line(2, "ole", Some("1"), Some("2")),
        line(1, "ida", None, Some("1")),
    ];
    assert_eq!(store.log(None, 9).await, Ok(lines), "newest first");
}

async fn the_log_is_read_in_pages(store: &impl Records) {
    let writes: Vec<Write> = (1..=7).map(|n| put("k", &format!("{n}"), "x")).collect();
    commit(store, &writes).await;
    let page = async |before, limit| -> Vec<u64> {
        let lines = store.log(before, limit).await.expect("there");
        lines.iter().map(|line| line.number).collect()
    };
    assert_eq!(page(None, 3).await, [7, 6, 5]);
    assert_eq!(page(Some(5), 3).await, [4, 3, 2]);
    assert_eq!(page(Some(2), 3).await, [1]);
    assert!(page(Some(1), 3).await.is_empty() && page(None, 0).await.is_empty());
    assert_eq!(page(Some(u64::MAX), usize::MAX).await.len(), 7);
}

async fn the_log_is_bounded(store: &impl Records) {
    let writes: Vec<Write> = (0..MAX_LOG + 3)
        .map(|n| put("k", "same", n.to_string()))
        .collect();
    commit(store, &writes).await;
    let lines = store.log(None, usize::MAX).await.expect("there");
    assert_eq!(lines.len(), MAX_LOG);
    assert_eq!(lines.last().unwrap().number, 4, "the oldest are gone");
    commit(store, &[delete("k", "same")]).await;
    let newest = &store.log(None, 1).await.expect("there")[0];
    assert_eq!(newest.number, MAX_LOG as u64 + 4, "numbers go on");
}

async fn the_log_is_bounded_in_bytes_too(store: &impl Records) {
    let numbers = async || -> Vec<u64> {
        let lines = store.log(None, usize::MAX).await.expect("there");
        assert!(lines.iter().map(Logged::size).sum::<usize>() <= MAX_LOG_BYTES);
        lines.iter().map(|line| line.number).collect()
    };
    // Bytes are counted, not letters: this one has two, and the zero ends nothing.
    let text = |letter: &str, bytes: usize| letter.repeat(bytes / 4);
    let half = MAX_BODY / 2;
    commit(store, &[put("k", "a", text("ø\0x", half))]).await;
    commit(store, &[put("k", "a", text("å\0x", half))]).await;
    commit(store, &[put("k", "b", text("ø\0x", half))]).await;
    assert_eq!(numbers().await, [3, 2, 1], "as much as there may be");
    commit(store, &[put("k", "c", "x")]).await;
    assert_eq!(numbers().await, [4, 3, 2], "a byte more");
    // The same within one commit, and as often as it takes.
    let two = [put("k", "d", "x"), put("k", "a", text("ø\0x", half))];
    commit(store, &two).await;
    assert_eq!(numbers().await, [6, 5, 4, 3]);
    commit(store, &[delete("k", "b"), delete("k", "a")]).await;
    assert_eq!(numbers().await, [8, 7, 6], "the oldest first");
}

async fn large_texts_come_back(store: &impl Records) {
    let text = |letter: &str| letter.repeat(2 * 1024 * 1024);
    commit(store, &[put("k", "a", text("a")), put("k", "b", text("b"))]).await;
    commit(store, &[put("k", "a", text("c"))]).await;
    let rows = store.load().await.expect("there").rows;
    assert!(rows[0].body == text("c") && rows[1].body == text("b"));
    let line = store.log(None, 1).await.expect("there").remove(0);
    assert!(line.before == Some(text("a")) && line.after == Some(text("c")));
    commit(store, &[put("k", "most", "x".repeat(MAX_BODY))]).await;
}

async fn of_16_at_once_exactly_one_wins(store: Arc<impl Records + 'static>) {
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..16 {
        let store = store.clone();
        tasks.spawn(async move {
            let write = [
                put("k", "same", n.to_string()),
                put("k", &n.to_string(), ""),
            ];
            store.commit(0, &write, "ida", at(0)).await
        });
    }
    let results = tasks.join_all().await;
    let won = results.iter().filter(|result| **result == Ok(1)).count();
    let lost = results
        .iter()
        .filter(|result| **result == Err(StoreError::Conflict))
        .count();
    assert_eq!((won, lost), (1, 15), "{results:?}");
    assert_eq!(content(&*store).await.len(), 2, "nothing of the others");
}

async fn everybody_gets_through_in_the_end(store: Arc<impl Records + 'static>) {
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..8 {
        let store = store.clone();
        tasks.spawn(async move {
            loop {
                let on = store.load().await.expect("there").revision;
                let write = [put("k", &n.to_string(), "x")];
                match store.commit(on, &write, "ida", at(0)).await {
                    Err(StoreError::Conflict) => continue,
                    done => return done.expect("committed"),
                }
            }
        });
    }
    let mut revisions = tasks.join_all().await;
    revisions.sort_unstable();
    assert_eq!(revisions, (1..=8).collect::<Vec<u64>>());
}
