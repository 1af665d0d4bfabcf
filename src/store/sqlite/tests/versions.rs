//! Files of older versions open, and hold what they held.

use super::*;
use crate::store::Records as _;
use crate::store::records::conformance::{commit, content, put};
use crate::store::records::{MAX_BODY, Stored};
use rusqlite::Connection;

/// How a login is written.
const LOGIN: &str = r#"{"flow":"01040G2081040G2081040G2081","browser":"0000000000000000000000000000000000000000000000000000000000000001","system":"https://system.example/saml","request_id":"_request1","acs_url":"https://system.example/acs","relay_state":"a b&c=%20","required":"3","enforced":true,"force_authn":false,"is_passive":false,"idp_list":["https://idp.example"],"chooser":true,"notice":null,"remember":false,"profile":null,"started":[2026,335,8,0,0,0,0,0,0],"expires":[2026,335,9,0,0,0,0,0,0],"stage":{"Asked":{"idp":"https://idp.example","request_id":"id1","sent":[2026,335,8,0,5,0,0,0,0],"under_assured":false}}}"#;

/// A login and a used message in version 1 of the tables.
const VERSION_1: &str = r#"
    INSERT INTO pending VALUES (
        '01040G2081040G2081040G2081', 'id1', 'https://system.example/saml', '_request1',
        1796112000000000000, 1796115600000000000, 'LOGIN');
    INSERT INTO replay VALUES ('used', 1796119200000000000);
"#;

#[test]
fn a_login_is_written_as_before() {
    let written = serde_json::to_string(&asked(1, "id1")).expect("text");
    assert_eq!(
        written, LOGIN,
        "an upgrade drops the logins that wait: say so in the change log, and write the new form here"
    );
}

/// A file as version `version` of the program left it.
fn file_of(place: &Place, version: usize) -> PathBuf {
    let file = place.file(&format!("version-{version}"));
    let mut connection = Connection::open(&file).expect("open");
    schema::KIND
        .migrate_to(&mut connection, version)
        .expect("migrated");
    if version > 0 {
        let rows = VERSION_1.replace("LOGIN", LOGIN);
        connection.execute_batch(&rows).expect("filled");
    }
    file
}

#[tokio::test]
async fn every_version_becomes_the_newest() {
    let place = Place::new();
    for version in 0..=schema::MIGRATIONS.len() {
        let file = file_of(&place, version);
        for time in ["first", "second"] {
            let store = Sqlite::open(&file).unwrap_or_else(|error| panic!("{version}: {error}"));
            let held = store.held.lock().await;
            let pragma = |name: &str| {
                held.connection
                    .query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0))
                    .expect("a number")
            };
            assert_eq!(
                pragma("user_version"),
                schema::KIND.newest(),
                "{version} {time}"
            );
            assert_eq!(pragma("application_id"), schema::APPLICATION);
        }
    }
}

#[tokio::test]
async fn what_version_1_held_is_still_there() {
    let place = Place::new();
    let store = Sqlite::open(&file_of(&place, 1)).expect("open");
    let login = store.by_request("id1", at(1)).await;
    assert_eq!(login, Ok(Some(asked(1, "id1"))));
    let again = consuming(asked(1, "id1"), &["used"]);
    let replayed = store.consume(&again, at(1)).await;
    assert_eq!(replayed, Ok(Consumed::Replayed("used".to_owned())));
    assert_eq!(store.load().await, Ok(Stored::default()));
    commit(&store, &[put("k", "a", "1")]).await;
    assert_eq!(content(&store).await, ["k/a=1"]);
}

/// What was logged before there was a bound in bytes counts too.
#[tokio::test]
async fn the_log_of_version_2_is_there_and_is_bounded_from_now_on() {
    let place = Place::new();
    let file = file_of(&place, 2);
    let connection = Connection::open(&file).expect("open");
    for (number, before, after) in [
        (7, None, Some("ø".repeat(MAX_BODY / 2))),
        (8, Some("ø".repeat(MAX_BODY / 2)), None),
    ] {
        let line = "INSERT INTO log VALUES (?, 0, 'ida', 'k', 'a', ?, ?)";
        connection
            .execute(line, rusqlite::params![number, before, after])
            .expect("written");
    }
    drop(connection);
    let store = Sqlite::open(&file).expect("open");
    let numbers = async || -> Vec<u64> {
        let lines = store.log(None, 9).await.expect("there");
        lines.iter().map(|line| line.number).collect()
    };
    commit(&store, &[put("k", "a", "")]).await;
    assert_eq!(numbers().await, [9, 8, 7], "as much as there may be");
    commit(&store, &[put("k", "a", "1")]).await;
    assert_eq!(numbers().await, [10, 9, 8]);
}

/// A migration that fails leaves the file as it was.
#[test]
fn a_version_is_reached_whole_or_not_at_all() {
    let place = Place::new();
    let file = file_of(&place, 1);
    let connection = Connection::open(&file).expect("open");
    // What version 2 makes is there already, but only the last of it.
    let obstacle = "CREATE TABLE log (x)";
    connection.execute_batch(obstacle).expect("made");
    drop(connection);
    assert!(Sqlite::open(&file).is_err());
    let connection = Connection::open(&file).expect("open");
    let tables: i64 = connection
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE name IN ('revision', 'record')",
            [],
            |row| row.get(0),
        )
        .expect("a number");
    assert_eq!(tables, 0);
}
