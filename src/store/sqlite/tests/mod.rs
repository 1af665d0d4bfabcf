//! What a file must do beyond what every store does.

mod durable;
mod refused;
mod versions;

use super::*;
use crate::store::conformance::{self, asked, at, choosing, consuming};
use crate::store::{Consumed, Store as _, records};
use std::sync::atomic::{AtomicUsize, Ordering};
use time::Duration;

/// A directory of its own for one test; gone with the value.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("vejviser-store-{}-{number}", std::process::id());
        let place = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&place).expect("a directory");
        Self(place)
    }
    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_is_a_store() {
    conformance::suite(|| Sqlite::in_memory().expect("open")).await;
}

#[tokio::test]
async fn sqlite_is_a_store_on_one_thread_and_in_a_file() {
    let place = Place::new();
    let count = AtomicUsize::new(0);
    let next = || place.file(&count.fetch_add(1, Ordering::Relaxed).to_string());
    conformance::suite(|| Sqlite::open(&next()).expect("open")).await;
}

#[tokio::test]
async fn sqlite_keeps_records() {
    records::conformance::suite(|| Sqlite::in_memory().expect("open")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_records_in_a_file() {
    let place = Place::new();
    let count = AtomicUsize::new(0);
    let next = || place.file(&count.fetch_add(1, Ordering::Relaxed).to_string());
    records::conformance::suite(|| Sqlite::open(&next()).expect("open")).await;
}

fn limited(place: &Place, pending: usize, replay: usize) -> Sqlite {
    let limits = Limits {
        pending,
        replay,
        ..Limits::default()
    };
    Sqlite::with_limits(&place.file("store"), limits).expect("open")
}

#[tokio::test]
async fn a_full_store_refuses_logins_until_some_have_expired() {
    let place = Place::new();
    let store = limited(&place, 2, 2);
    store.put(&choosing(1), None, at(0)).await.expect("room");
    store.put(&choosing(2), None, at(0)).await.expect("room");
    drop(store);
    let store = limited(&place, 2, 2);
    let third = choosing(3);
    assert_eq!(store.put(&third, None, at(0)).await, Err(StoreError::Full));
    let (read, changed) = (choosing(2), asked(2, "id2"));
    let replacement = store.put(&changed, Some(&read), at(1)).await;
    replacement.expect("a replacement needs no room");
    let later = store.put(&third, None, choosing(1).expires).await;
    later.expect("the expired ones made room");
}

#[tokio::test]
async fn a_full_replay_memory_refuses_rather_than_forgets() {
    let place = Place::new();
    let store = limited(&place, 9, 2);
    let first = consuming(asked(1, "id1"), &["a", "b"]);
    let mut second = consuming(asked(2, "id2"), &["c"]);
    second.pending.expires = at(9000);
    store.put(&first.pending, None, at(0)).await.expect("room");
    store.put(&second.pending, None, at(0)).await.expect("room");
    assert_eq!(store.consume(&first, at(1)).await, Ok(Consumed::Done));
    drop(store);
    let store = limited(&place, 9, 2);
    assert_eq!(store.consume(&second, at(1)).await, Err(StoreError::Full));
    let stays = store.by_flow(&second.pending.flow, at(1)).await;
    assert_eq!(stays, Ok(Some(second.pending.clone())), "nothing changed");
    let later = first.replay[0].1 + Duration::seconds(1);
    assert_eq!(store.consume(&second, later).await, Ok(Consumed::Done));
}

#[tokio::test]
async fn what_has_had_its_time_goes_after_the_grace_and_is_counted() {
    let store = Sqlite::in_memory().expect("open");
    let first = consuming(asked(1, "id1"), &["a", "a"]);
    store.put(&first.pending, None, at(0)).await.expect("room");
    store.put(&choosing(3), None, at(0)).await.expect("room");
    store.consume(&first, at(1)).await.expect("done");
    let sizes = |pending, replay| Sizes {
        pending,
        replay,
        sessions: 0,
    };
    assert_eq!(store.held.lock().await.sizes, sizes(1, 1));
    let late = first.replay[0].1 + Duration::hours(1) + Duration::seconds(1);
    let mut second = consuming(asked(2, "id2"), &["b"]);
    second.pending.expires = late + Duration::hours(1);
    store.put(&second.pending, None, late).await.expect("room");
    assert_eq!(store.held.lock().await.sizes, sizes(1, 1));
    store.consume(&second, late).await.expect("done");
    let held = store.held.lock().await;
    assert_eq!(held.sizes, sizes(0, 1));
    let left: String = held
        .connection
        .query_row("SELECT id FROM replay", [], |row| row.get(0))
        .expect("one");
    assert_eq!(left, "b");
}
