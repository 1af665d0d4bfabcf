//! The tables, and how those of an older version become today's.

use crate::store::file::Kind;

/// Says in the file's header that it is ours (`PRAGMA application_id`): `Vej1`.
pub(super) const APPLICATION: i64 = 0x5665_6a31;

/// Each brings the tables from its index to the next version (`PRAGMA user_version`). One that was released is
/// never changed: what it got wrong, the next one mends. Times are nanoseconds since 1970.
pub(super) const MIGRATIONS: [&str; 4] = [
    // What a login needs. `body` is the login as JSON; the other columns are what it is found by.
    "CREATE TABLE pending (
         flow TEXT NOT NULL PRIMARY KEY,
         request TEXT UNIQUE,
         system TEXT NOT NULL,
         system_request TEXT NOT NULL,
         started INTEGER NOT NULL,
         expires INTEGER NOT NULL,
         body TEXT NOT NULL
     ) STRICT;
     CREATE INDEX pending_by_origin ON pending (system, system_request);
     CREATE INDEX pending_by_time ON pending (expires);
     CREATE TABLE replay (
         id TEXT NOT NULL PRIMARY KEY,
         keep_until INTEGER NOT NULL
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX replay_by_time ON replay (keep_until);",
    // What the registry is made of: `position` is the order of first insertion.
    "CREATE TABLE revision (
         one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
         number INTEGER NOT NULL
     ) STRICT;
     INSERT INTO revision VALUES (1, 0);
     CREATE TABLE record (
         position INTEGER NOT NULL PRIMARY KEY,
         kind TEXT NOT NULL,
         id TEXT NOT NULL,
         body TEXT NOT NULL,
         UNIQUE (kind, id)
     ) STRICT;
     CREATE TABLE log (
         number INTEGER NOT NULL PRIMARY KEY,
         at INTEGER NOT NULL,
         who TEXT NOT NULL,
         kind TEXT NOT NULL,
         id TEXT NOT NULL,
         before TEXT,
         after TEXT
     ) STRICT;",
    // `start` is how many bytes of texts were logged before a line: by it the log is bounded in bytes.
    "ALTER TABLE log ADD COLUMN start INTEGER NOT NULL DEFAULT 0;
     UPDATE log SET start = ifnull(past.bytes, 0) FROM (
         SELECT number, sum(ifnull(octet_length(before), 0) + ifnull(octet_length(after), 0))
             OVER (ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes
         FROM log
     ) AS past WHERE past.number = log.number;",
    // Users' sessions, what each is found by (a digest), and logouts under way.
    "CREATE TABLE session (
         id TEXT NOT NULL PRIMARY KEY,
         used INTEGER NOT NULL,
         ends INTEGER NOT NULL,
         body TEXT NOT NULL
     ) STRICT;
     CREATE INDEX session_by_use ON session (used);
     CREATE INDEX session_by_end ON session (ends);
     CREATE TABLE session_key (
         key TEXT NOT NULL,
         session TEXT NOT NULL,
         PRIMARY KEY (key, session)
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX session_key_by_session ON session_key (session);
     CREATE TABLE logout (
         flow TEXT NOT NULL PRIMARY KEY,
         request TEXT UNIQUE,
         browser TEXT NOT NULL,
         started INTEGER NOT NULL,
         expires INTEGER NOT NULL,
         body TEXT NOT NULL
     ) STRICT;
     CREATE INDEX logout_by_browser ON logout (browser, started);
     CREATE INDEX logout_by_time ON logout (expires);",
];

/// The file: what is committed lies on the disk, and a damaged one is not used at all, for half a federation would
/// refuse some and let others in, for reasons nobody sees.
pub(super) const KIND: Kind = Kind {
    application: APPLICATION,
    migrations: &MIGRATIONS,
    pragmas: "PRAGMA synchronous = FULL",
    checked: true,
};
