//! `vejviser export`.

use super::args::ExportArgs;
use super::{BESIDE, OBJECTS, files, stored, text, told, write};
use crate::cli::{Failure, registered, talk};
use crate::config;
use crate::edge::world::Clock;
use crate::registry::exchange::{Objects, beside, federation};
use crate::registry::{Content, Draft, Judge};
use crate::store::Sqlite;
use std::path::Path;
use time::OffsetDateTime;
use toml::Table;

const HEAD: &str = "# Det, som CH.json ikke har felter til. vejviser import ch.json --beside beside.toml samler begge igen.\n\
                    # What CH.json has no fields for; vejviser import joins both again.\n\n";
const TOML_HEAD: &str = "# Skrevet af vejviser export. Written by vejviser export.\n\n";

/// Runs it.
pub async fn run(args: ExportArgs) -> Result<(), Failure> {
    let now = Clock::default().now();
    let judge = Judge::default();
    let (file, rest) = match &args.config {
        Some(path) => {
            let (content, rest) = of_file(path, &judge, now)?;
            (Some(content), rest)
        }
        None => (None, Table::new()),
    };
    let content = match (&args.store, file) {
        (Some(store), _) => {
            if !store.exists() {
                let missing = format!(
                    "error: --store {}: findes ikke / is not there",
                    store.display()
                );
                return Err(Failure::Usage(missing));
            }
            let store =
                Sqlite::open(store).map_err(|error| Failure::CouldNotRun(error.to_string()))?;
            stored(&store, &judge, now).await?.0
        }
        (None, Some(content)) => content,
        (None, None) => {
            return Err(Failure::Usage(
                "error: --config FILE, --store FILE, eller begge / or both".to_owned(),
            ));
        }
    };
    let made = if args.toml {
        files(federation(&content, &rest), "federation.toml", TOML_HEAD)
    } else {
        let objects = serde_json::to_string_pretty(&Objects::of(&content))
            .map_err(|error| Failure::CouldNotRun(error.to_string()))?;
        let mut made = files(beside(&content, &rest), BESIDE, HEAD);
        made.insert(OBJECTS.to_owned(), format!("{objects}\n").into_bytes());
        made
    };
    write(&args.out, &made, args.force)?;
    for name in made.keys() {
        talk::result(&format!("{}\n", args.out.join(name).display()));
    }
    Ok(())
}

/// What a file registers, and what in it is not of any party. Invented parties have no metadata that could be written.
fn of_file(path: &Path, judge: &Judge, now: OffsetDateTime) -> Result<(Content, Table), Failure> {
    let text = text(path)?;
    let failed = |problems| Failure::Configuration(config::render::text(&problems, &text));
    let loaded = config::load(path, &text, None, now).map_err(failed)?;
    if !loaded.warnings.list.is_empty() {
        talk::say(&config::render::text(&loaded.warnings, &text));
    }
    let written = registered::Written {
        path,
        text: &text,
        file: &loaded.file,
    };
    let mut draft = Draft::new(Content::default(), judge, now);
    draft
        .take_over(registered::seed(written, &loaded))
        .map_err(told)?;
    let (content, _) = draft.finish();
    let mut rest: Table = text
        .parse()
        .map_err(|error| Failure::Configuration(format!("{}: {error}", path.display())))?;
    for key in [
        "identity_provider",
        "user_facing_system",
        "organisation",
        "objects",
    ] {
        rest.remove(key);
    }
    Ok((content, rest))
}
