//! The tables, and how those of an older version become today's.

use crate::store::file::Kind;

/// `Vejf`.
const APPLICATION: i64 = 0x5665_6a66;

/// A search reads `flow` from its end, however few of its rows are wanted: it is narrow, so that a hundred thousand of
/// them are read in a few milliseconds, and an index for every word would cost each login more than it saves a reader.
/// Words are 64 bits of their digest, `state` and times are numbers (nanoseconds since 1970); `summary` is JSON and
/// `body` deflated JSON.
const MIGRATIONS: [&str; 1] = ["CREATE TABLE flow (
         number INTEGER NOT NULL PRIMARY KEY,
         id TEXT NOT NULL UNIQUE,
         began INTEGER NOT NULL,
         state INTEGER NOT NULL,
         system INTEGER,
         idp INTEGER,
         organisation INTEGER,
         profile INTEGER,
         actor INTEGER
     ) STRICT;
     CREATE TABLE content (
         number INTEGER NOT NULL PRIMARY KEY,
         summary TEXT NOT NULL,
         body BLOB
     ) STRICT;"];

/// The file. It is not read whole at the start: it may be gigabytes, and no login depends on it.
pub(super) const KIND: Kind = Kind {
    application: APPLICATION,
    migrations: &MIGRATIONS,
    pragmas: "PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON",
    checked: false,
};
