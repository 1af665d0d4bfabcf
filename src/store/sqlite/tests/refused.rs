//! Files that are no store, or not for us now: refused whole, in words that tell what to do.

use super::*;
use crate::store::Unusable;
use crate::store::Why;
use crate::store::records::conformance::{commit, put};
use rusqlite::Connection;

/// Why a file is refused, and that both languages say what to do.
fn refusal(file: &Path) -> Why {
    let Err(StoreError::Unusable(unusable)) = Sqlite::open(file) else {
        panic!("{} was opened", file.display());
    };
    assert_eq!(unusable.file, file);
    let (da, en) = (unusable.da(), unusable.en());
    let name = file.display().to_string();
    assert!(da.contains(&name) && en.contains(&name) && da != en);
    assert_eq!(StoreError::Unusable(unusable.clone()).to_string(), en);
    unusable.why
}

#[tokio::test]
async fn one_process_at_a_time() {
    let place = Place::new();
    let file = place.file("store");
    let first = Sqlite::open(&file).expect("open");
    assert_eq!(refusal(&file), Why::Taken);
    commit(&first, &[put("k", "a", "1")]).await;
    assert_eq!(refusal(&file), Why::Taken, "and still is");
    drop(first);
    Sqlite::open(&file).expect("it is free again");
}

/// Names the file that the second process tries to open.
const TAKEN: &str = "VEJVISER_TEST_TAKEN";

/// What the second process does; in the suite itself there is nothing to do.
#[test]
fn a_second_process_is_told_so() {
    if let Some(file) = std::env::var_os(TAKEN) {
        assert_eq!(refusal(Path::new(&file)), Why::Taken);
    }
}

#[tokio::test]
async fn one_of_two_processes_has_it() {
    let place = Place::new();
    let file = place.file("store");
    let first = Sqlite::open(&file).expect("open");
    commit(&first, &[put("k", "a", "1")]).await;
    let second = std::process::Command::new(std::env::current_exe().expect("a path"))
        .args([
            "--exact",
            "store::sqlite::tests::refused::a_second_process_is_told_so",
        ])
        .env(TAKEN, &file)
        .output()
        .expect("runs");
    let said = String::from_utf8_lossy(&second.stdout).into_owned();
    assert!(
        second.status.success() && said.contains("1 passed"),
        "{said}"
    );
    commit(&first, &[put("k", "a", "2")]).await;
}

#[test]
fn no_directory_is_made() {
    let place = Place::new();
    assert_eq!(refusal(&place.file("none/store")), Why::NoDirectory);
    assert!(!place.file("none").exists());
    assert_eq!(refusal(&place.0), Why::NoFile);
}

#[test]
fn what_is_no_database_stays_as_it_is() {
    let place = Place::new();
    let page = format!("<!DOCTYPE html>{}", "<p>".repeat(4000));
    for content in ["hello", "SQLite format 3\0", &page] {
        let file = place.file("text");
        std::fs::write(&file, content).expect("written");
        assert_eq!(refusal(&file), Why::NoDatabase);
        assert_eq!(std::fs::read_to_string(&file).expect("there"), content);
    }
}

#[test]
fn a_database_of_somebody_elses_stays_as_it_is() {
    let place = Place::new();
    for (name, theirs) in [
        ("tables", "CREATE TABLE record (x)"),
        ("id", "PRAGMA application_id = 7"),
        ("version", "PRAGMA user_version = 1"),
    ] {
        let file = place.file(name);
        let connection = Connection::open(&file).expect("open");
        connection.execute_batch(theirs).expect("made");
        drop(connection);
        let before = std::fs::read(&file).expect("there");
        assert_eq!(refusal(&file), Why::Foreign, "{name}");
        assert_eq!(std::fs::read(&file).expect("there"), before, "{name}");
    }
}

#[test]
fn a_newer_version_is_left_to_its_program() {
    let place = Place::new();
    let file = place.file("store");
    drop(Sqlite::open(&file).expect("open"));
    let known = schema::KIND.newest();
    let set = |version: i64| {
        let connection = Connection::open(&file).expect("open");
        let set = connection.pragma_update(None, "user_version", version);
        set.expect("set");
    };
    set(known + 1);
    let found = known + 1;
    assert_eq!(refusal(&file), Why::Newer { found, known });
    set(0);
    assert!(matches!(refusal(&file), Why::Damaged(_)));
    set(known);
    Sqlite::open(&file).expect("nothing was changed");
}

#[tokio::test]
async fn of_a_damaged_file_nothing_is_used() {
    let place = Place::new();
    let file = place.file("store");
    let store = Sqlite::open(&file).expect("open");
    let writes: Vec<_> = (0..2000)
        .map(|n| put("k", &format!("id{n}"), "x".repeat(100)))
        .collect();
    commit(&store, &writes).await;
    drop(store);
    let whole = std::fs::read(&file).expect("there");
    let mut holed = whole.clone();
    let middle = whole.len() / 2 / 4096 * 4096;
    holed[middle..middle + 4096].fill(0x5a);
    std::fs::write(&file, &holed).expect("written");
    assert!(matches!(refusal(&file), Why::Damaged(_)), "a hole");
    std::fs::write(&file, &whole[..middle]).expect("written");
    assert!(matches!(refusal(&file), Why::Damaged(_)), "cut off");
    std::fs::write(&file, &whole).expect("written");
    Sqlite::open(&file).expect("the backup works");
}

/// Tables that are in order, with values that we never write.
#[tokio::test]
async fn values_that_are_not_ours_are_damage() {
    use crate::store::Records as _;
    for harm in ["UPDATE revision SET number = -1", "DELETE FROM revision"] {
        let store = Sqlite::in_memory().expect("open");
        let held = store.held.lock().await;
        held.connection.execute_batch(harm).expect("harmed");
        drop(held);
        let Err(StoreError::Unusable(unusable)) = store.load().await else {
            panic!("{harm} went unnoticed");
        };
        assert!(matches!(unusable.why, Why::Damaged(_)), "{harm}");
    }
}

#[test]
fn every_reason_is_told_in_both_languages() {
    let all = [
        Why::NoDirectory,
        Why::NoFile,
        Why::Forbidden,
        Why::Taken,
        Why::NoDatabase,
        Why::Foreign,
        Why::Newer { found: 9, known: 2 },
        Why::Damaged("page 3".to_owned()),
        Why::NoRoom,
        Why::Failed("EIO".to_owned()),
    ];
    for why in all {
        let file = PathBuf::from("/data/store.db");
        let unusable = Unusable { file, why };
        let (da, en) = (unusable.da(), unusable.en());
        assert!(da.starts_with("Filen /data/store.db ") && da.ends_with('.'));
        assert!(en.starts_with("The file /data/store.db ") && en.ends_with('.'));
        assert!(!da.contains(" the ") && da.len() > 60, "{da}");
    }
}
