//! What a file must do beyond what every journal does.

use super::*;
use crate::store::Why;
use rusqlite::Connection;

fn ended(text: &str) -> Note {
    let mut trace = message(0);
    trace.exchanges[0].xml = text.to_owned();
    Note {
        trace,
        ended: refused(),
        ..Note::default()
    }
}

fn row(place: &Place, query: &str) -> i64 {
    let file = Connection::open(place.file("flows.db")).unwrap();
    file.query_row(query, [], |row| row.get(0)).unwrap()
}

#[test]
fn flows_outlive_the_process() {
    let (place, clock) = (Place::new(), Arc::new(Clock::default()));
    let [done, open, junk] = [id(), id(), id()];
    let journal = place.open(&clock).writing();
    journal.note(&done, ended("long"));
    journal.note(&open, Note::default());
    journal.note_junk(&junk, ended("junk"));
    let before = journal.get(&done).unwrap();
    drop(journal);

    let journal = place.open(&clock);
    let after = journal.get(&done).unwrap();
    assert_eq!(after.content, before.content);
    assert_eq!(after.verdict, before.verdict);
    assert_eq!(
        (after.started, after.number),
        (before.started, before.number)
    );
    assert_eq!(journal.get(&open).unwrap().state, State::Pending);
    assert!(journal.get(&junk).is_none(), "strangers fill nobody's disk");
    let next = id();
    journal.note(&next, Note::default());
    assert!(journal.get(&next).unwrap().number > before.number + 1);
    // A login that was open when the process stopped may still end, in the same flow.
    let late = Note {
        trace: message(7),
        ended: logged_in(),
        ..Note::default()
    };
    journal.note(&open, late);
    assert_eq!(journal.get(&open).unwrap().state, State::LoggedIn);
    clock.set_offset(PENDING_LIFETIME);
    assert_eq!(journal.get(&next).unwrap().state, State::Abandoned);
    assert_eq!(journal.list().len(), 3);
}

#[test]
fn what_was_kept_long_enough_goes() {
    let (place, clock) = (Place::new(), Arc::new(Clock::default()));
    let journal = place.open(&clock);
    let [old, new] = [id(), id()];
    journal.note(&old, ended("old"));
    journal.flush();
    clock.set_offset(WEEK - Duration::minutes(1));
    journal.note(&new, ended("new"));
    journal.flush();
    assert!(journal.get(&old).is_some());
    clock.set_offset(WEEK + Duration::minutes(1));
    assert!(journal.get(&old).is_none(), "at once, wherever it lies");
    assert_eq!(journal.list().len(), 1);
    journal.flush();
    drop(journal);
    for query in ["SELECT count(*) FROM flow", "SELECT count(*) FROM content"] {
        assert_eq!(row(&place, query), 1, "{query}");
    }
    clock.set_offset(3 * WEEK);
    drop(place.open(&clock));
    assert_eq!(
        row(&place, "SELECT count(*) FROM flow"),
        0,
        "at the start too"
    );
}

#[test]
fn beyond_the_most_the_oldest_go() {
    let (place, clock) = (Place::new(), Arc::new(Clock::default()));
    let journal = place.open(&clock);
    journal.shared.archive.as_ref().unwrap().lock().set_most(3);
    let ids: Vec<FlowId> = (0..5).map(|_| id()).collect();
    for id in &ids {
        journal.note(id, ended("x"));
        journal.flush();
    }
    let kept: Vec<FlowId> = journal.list().into_iter().map(|flow| flow.id).collect();
    assert_eq!(kept, [ids[4].clone(), ids[3].clone(), ids[2].clone()]);
    assert!(journal.get(&ids[0]).is_none());
}

/// Everything that lies in the directory.
fn bytes(place: &Place) -> Vec<u8> {
    let files = std::fs::read_dir(&place.0).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    paths
        .flat_map(|path| std::fs::read(path).unwrap())
        .collect()
}

fn lies(bytes: &[u8], marker: &[u8]) -> bool {
    memchr::memmem::find(bytes, marker).is_some()
}

#[test]
fn of_a_deleted_flow_no_byte_is_left() {
    let (place, clock) = (Place::new(), Arc::new(Clock::default()));
    let journal = place.open(&clock);
    let mut others = Vec::new();
    for how in ["deleted", "expired", "cleared"] {
        for _ in 0..20 {
            others.push(id());
            journal.note(others.last().unwrap(), ended(&noise(3_000)));
        }
        let doomed = id();
        let marker = format!("https://{}.example", noise(40));
        for size in [200, 9_000, 60_000] {
            // Each change writes the row anew, and a larger one elsewhere.
            let note = Note {
                system: Some(marker.clone()),
                ..ended(&noise(size))
            };
            journal.note(&doomed, note);
            journal.flush();
        }
        let mut packed = journal.lock().get(&doomed).unwrap().clone();
        packed.pack();
        let packed = packed.packed.unwrap();
        let packed = packed.as_bytes();
        // The beginning and the end are those of every such flow.
        let part = |quarter: usize| &packed[packed.len() * quarter / 4..][..64];
        let parts = [part(1), part(2), part(3)];
        let markers = [marker.as_bytes(), doomed.as_str().as_bytes()];
        let before = bytes(&place);
        for part in parts.into_iter().chain(markers) {
            assert!(lies(&before, part), "or else this shows nothing");
        }
        match how {
            "deleted" => assert!(journal.delete(&doomed)),
            "expired" => {
                clock.set_offset(clock.offset() + WEEK + Duration::minutes(1));
                journal.flush();
            }
            _ => journal.clear(),
        }
        let after = bytes(&place);
        for part in parts.into_iter().chain(markers) {
            let part_of = String::from_utf8_lossy(part);
            assert!(!lies(&after, part), "{how}: {part_of}");
        }
        // A page may have been cut in pieces anywhere.
        for at in (1000..packed.len() - 1000).step_by(1000) {
            assert!(!lies(&after, &packed[at..at + 32]), "{how}: {at}");
        }
        let left = others.iter().filter(|id| journal.get(id).is_some()).count();
        assert_eq!(left, if how == "deleted" { 20 } else { 0 }, "{how}");
    }
    assert_eq!(journal.trouble(), None);
}

#[test]
fn a_file_that_cannot_be_used_is_told_at_the_start() {
    let (place, clock) = (Place::new(), Arc::new(Clock::default()));
    let why = |file: &str| match Journal::kept(clock.clone(), &place.file(file), WEEK) {
        Err(StoreError::Unusable(unusable)) => {
            assert!(unusable.da().starts_with("Filen ") && unusable.en().starts_with("The file "));
            unusable.why
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(why("none/flows.db"), Why::NoDirectory);
    assert_eq!(why(""), Why::NoFile);
    std::fs::write(place.file("text"), "hello").unwrap();
    assert_eq!(why("text"), Why::NoDatabase);
    drop(crate::store::Sqlite::open(&place.file("store.db")).unwrap());
    assert_eq!(why("store.db"), Why::Foreign, "a store is no journal");
    let journal = place.open(&clock);
    assert_eq!(why("flows.db"), Why::Taken);
    drop(journal);
}

#[cfg(unix)]
#[test]
fn only_we_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let (place, clock) = (Place::new(), Arc::new(Clock::default()));
    let journal = place.open(&clock);
    journal.note(&id(), ended("x"));
    journal.flush();
    for name in ["flows.db", "flows.db-wal"] {
        let mode = std::fs::metadata(place.file(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn when_the_disk_fails_flows_stay_in_memory_until_it_works_again() {
    let (place, clock) = (Place::new(), Arc::new(Clock::default()));
    let journal = place.open(&clock);
    let [first, second] = [id(), id()];
    journal.note(&first, ended("first"));
    journal.flush();
    let full = |pages: &str| {
        let archive = journal.shared.archive.as_ref().unwrap();
        archive
            .lock()
            .run(&format!("PRAGMA max_page_count = {pages}"));
    };
    full("1");
    let large = ended(&noise(60_000));
    journal.note(&second, large);
    journal.flush();
    assert_eq!(journal.trouble().unwrap().why, Why::NoRoom);
    assert_eq!(journal.list().len(), 2);
    assert_eq!(
        journal.get(&second).unwrap().content.exchanges[0].xml.len(),
        60_000
    );
    full("1000000");
    journal.flush();
    assert_eq!(journal.trouble(), None);
    drop(journal);
    assert!(place.open(&clock).get(&second).is_some());
}

/// Another version of the program wrote what this one cannot read.
#[test]
fn what_cannot_be_read_does_not_hide_the_rest() {
    let (place, clock) = (Place::new(), Arc::new(Clock::default()));
    let journal = place.open(&clock);
    let ids = [id(), id(), id()];
    for id in &ids {
        journal.note(id, ended("x"));
    }
    journal.flush();
    drop(journal);
    let file = Connection::open(place.file("flows.db")).unwrap();
    file.execute_batch(
        "UPDATE content SET summary = 'nothing' WHERE number = 1;
         UPDATE content SET body = X'00' WHERE number = 2;
         UPDATE content SET summary = replace(summary, 'SYS-Q-003', 'SYS-Q-999') WHERE number = 3;",
    )
    .unwrap();
    drop(file);
    let journal = place.open(&clock);
    assert_eq!(journal.list().len(), 2);
    assert!(journal.get(&ids[0]).is_none());
    let second = journal.get(&ids[1]).unwrap();
    assert!(second.truncated && second.content.is_empty());
    let third = journal.get(&ids[2]).unwrap();
    assert_eq!(
        (third.state, third.content.exchanges.len()),
        (State::Refused, 1)
    );
    assert_eq!(journal.trouble(), None);
}

#[test]
fn many_at_once_lose_nothing() {
    const EACH: usize = 200;
    let (place, clock) = (Place::new(), Arc::new(Clock::default()));
    let journal = place.open(&clock).writing();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for n in 0..EACH {
                    let id = id();
                    journal.note(&id, Note::default());
                    journal.note(&id, ended(&noise(2_000)));
                    if n % 10 == 0 {
                        assert_eq!(journal.get(&id).unwrap().state, State::Refused);
                        assert!(journal.search(&Filter::default()).flows.len() > n / 2);
                    }
                }
            });
        }
        scope.spawn(|| (0..20).for_each(|_| journal.flush()));
    });
    drop(journal);
    let journal = place.open(&clock);
    let mut before = None;
    let mut seen = 0;
    loop {
        let found = journal.search(&Filter {
            before,
            ..Filter::default()
        });
        seen += found.flows.len();
        before = found.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen, 4 * EACH);
}
