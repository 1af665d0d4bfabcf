//! From a path to a connection that owns the file, after looking at what it is.

use super::Kind;
use super::trouble::{self, Trouble};
use crate::store::Why;
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;
use std::time::Duration;

/// Opens a file of ours, or makes one. Nothing is written to a file of somebody else's.
pub(super) fn file(path: &Path, kind: &Kind) -> Result<Connection, Trouble> {
    let made = make_if_missing(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    own(&connection, kind)?;
    if !made {
        keep_to_ourselves(path)?;
    }
    settle(&connection, kind)?;
    if kind.checked {
        check(&connection)?;
    }
    Ok(connection)
}

/// A database without a file.
pub(super) fn memory(kind: &Kind) -> Result<Connection, Trouble> {
    let connection = Connection::open_in_memory()?;
    own(&connection, kind)?;
    settle(&connection, kind)?;
    Ok(connection)
}

/// Makes an empty file that only we may read, unless there is one; whether it did. What exists is not opened here:
/// closing it would take the database's lock away if this process has it open already.
fn make_if_missing(path: &Path) -> Result<bool, Why> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => return Ok(false),
        Ok(_) => return Err(Why::NoFile),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(trouble::of_system(&error)),
    }
    if !path.parent().is_some_and(Path::is_dir) {
        return Err(Why::NoDirectory);
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(true),
        // Somebody was faster; whether it is ours shows below.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(trouble::of_system(&error)),
    }
}

/// Takes the file for this process, at once or not at all, and looks whose it is.
fn own(connection: &Connection, kind: &Kind) -> Result<(), Trouble> {
    connection.busy_timeout(Duration::ZERO)?;
    connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")?;
    let number = |query: &str| connection.query_row(query, [], |row| row.get::<_, i64>(0));
    let application = number("PRAGMA application_id")?;
    let version = number("PRAGMA user_version")?;
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    connection.execute_batch("COMMIT")?;
    let known = kind.newest();
    match (application, version, tables) {
        (0, 0, 0) => Ok(()),
        (ours, version, _) if ours == kind.application && version > known => Err(Why::Newer {
            found: version,
            known,
        }
        .into()),
        (ours, 1.., _) if ours == kind.application => Ok(()),
        (ours, ..) if ours == kind.application => {
            Err(Why::Damaged("it has no version".to_owned()).into())
        }
        _ => Err(Why::Foreign.into()),
    }
}

/// What a backup put back, or somebody with another umask, left open to others; and the log beside it, which took
/// the file's mode over.
fn keep_to_ourselves(path: &Path) -> Result<(), Why> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        for path in [path, Path::new(&log)] {
            match fs::metadata(path) {
                Ok(found) if found.permissions().mode() & 0o077 != 0 => {
                    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
                        .map_err(|error| trouble::of_system(&error))?;
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// How the database works: there is a log beside it, and nothing in the file can run code.
fn settle(connection: &Connection, kind: &Kind) -> Result<(), Trouble> {
    // The pragma answers with the mode, which in memory is another one.
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.execute_batch(
        "PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA journal_size_limit = 16777216;",
    )?;
    connection.execute_batch(kind.pragmas)?;
    Ok(())
}

/// Reads the whole file once: half a federation would refuse some and let others in, for reasons nobody sees.
fn check(connection: &Connection) -> Result<(), Trouble> {
    let said: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    match said.as_str() {
        "ok" => Ok(()),
        _ => Err(Why::Damaged(said).into()),
    }
}
