//! `vejviser export` and `vejviser import`: a federation as the real hub's interface has it, and back.

mod args;
mod export;
mod import;
mod metadata;

pub use args::{ExportArgs, ImportArgs};
pub use export::run as export;
pub use import::run as import;

use super::{Failure, registered};
use crate::registry::exchange::Written;
use crate::registry::{Content, Judge, Reason};
use crate::store::Sqlite;
use crate::store::records::{Records, Stored};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path};
use time::OffsetDateTime;

/// The file of objects of an export.
const OBJECTS: &str = "ch.json";
/// What stands beside it.
const BESIDE: &str = "beside.toml";

/// Writes what was made into a folder, which is made if there is none. Nothing is overwritten unless `force` says so, and
/// nothing is written where that would be.
fn write(folder: &Path, files: &BTreeMap<String, Vec<u8>>, force: bool) -> Result<(), Failure> {
    let outside = |name: &&String| {
        let plain = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
        !Path::new(name.as_str()).components().all(plain)
    };
    if let Some(name) = files.keys().find(outside) {
        return Err(Failure::Configuration(format!(
            "{name}: filen ligger uden for mappen, og skrives ikke / the file lies outside the folder, and is not written"
        )));
    }
    if let Some(there) = files
        .keys()
        .find(|name| !force && folder.join(name).exists())
    {
        return Err(Failure::CouldNotRun(format!(
            "{} findes; --force overskriver / is there; --force overwrites",
            folder.join(there).display()
        )));
    }
    for (name, bytes) in files {
        let path = folder.join(name);
        let failed = |error| Failure::CouldNotRun(format!("{}: {error}", path.display()));
        fs::create_dir_all(path.parent().unwrap_or(folder)).map_err(failed)?;
        fs::write(&path, bytes).map_err(failed)?;
    }
    Ok(())
}

/// The files of a federation, its table as the first.
fn files(written: Written, name: &str, head: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = written.files;
    let text = format!("{head}{}", written.table);
    files.insert(name.to_owned(), text.into_bytes());
    files
}

/// Reads a file that a command names.
fn text(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("error: {}: {error}", path.display())))
}

/// What a store holds.
async fn stored(
    store: &Sqlite,
    judge: &Judge,
    now: OffsetDateTime,
) -> Result<(Content, u64), Failure> {
    let Stored { revision, rows } = store
        .load()
        .await
        .map_err(|error| Failure::CouldNotRun(error.to_string()))?;
    let content = Content::load(&rows, judge, now)
        .map_err(|error| Failure::CouldNotRun(error.to_string()))?;
    Ok((content, revision))
}

/// Everything that is wrong, a line each.
fn told(reasons: Vec<Reason>) -> Failure {
    registered::refused(reasons.into())
}
