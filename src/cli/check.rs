//! `vejviser check`: every problem of a configuration at once.

use super::args::{CheckArgs, Format};
use super::registered::{Written, seed};
use super::{Failure, talk};
use crate::config::{self, Loaded, Problem, REGISTRY_OBJECTS, REGISTRY_UNSERVED, render};
use crate::edge::world::Clock;
use crate::hub::Actor;
use crate::registry::{Content, Draft, Judge, Kind, Note, Reason, unserved};
use crate::store::Sqlite;
use crate::store::records::Records;
use time::OffsetDateTime;

/// Runs it. Warnings are told and are no failure.
pub async fn run(args: CheckArgs) -> Result<(), Failure> {
    let text = std::fs::read_to_string(&args.file)
        .map_err(|error| Failure::CouldNotRun(format!("{}: {error}", args.file.display())))?;
    let now = args.now.unwrap_or_else(|| Clock::default().now());
    let mut problems = config::check(&args.file, &text, now);
    if let Ok(loaded) = config::load(&args.file, &text, None, now) {
        let more = registered(&args, &text, &loaded, now).await?;
        problems.list.extend(more);
    }
    match args.format {
        Format::Human => talk::result(&render::text(&problems, &text)),
        Format::Json => {
            let findings = serde_json::to_string_pretty(&render::findings(&problems));
            talk::result(
                &(findings.map_err(|error| Failure::CouldNotRun(error.to_string()))? + "\n"),
            );
        }
    }
    if problems.any_error() {
        Err(Failure::Configuration(String::new()))
    } else {
        Ok(())
    }
}

/// What can be said only of everything that would be registered: by the file, and by what a hub has kept.
async fn registered(
    args: &CheckArgs,
    text: &str,
    loaded: &Loaded,
    now: OffsetDateTime,
) -> Result<Vec<Problem>, Failure> {
    let judge = Judge::default();
    let content = match &args.store {
        Some(store) if !store.exists() => {
            return Err(Failure::Usage(format!(
                "error: --store {}: findes ikke / is not there",
                store.display()
            )));
        }
        Some(store) => {
            let store =
                Sqlite::open(store).map_err(|error| Failure::CouldNotRun(error.to_string()))?;
            let stored = store.load().await;
            let stored = stored.map_err(|error| Failure::CouldNotRun(error.to_string()))?;
            Content::load(&stored.rows, &judge, now)
                .map_err(|error| Failure::CouldNotRun(error.to_string()))?
        }
        None => Content::default(),
    };
    let written = Written {
        path: &args.file,
        text,
        file: &loaded.file,
    };
    let mut draft = Draft::new(content, &judge, now);
    if let Err(reasons) = draft.take_over(seed(written, loaded)) {
        let all = reasons.into_iter();
        return Ok(all
            .map(|reason| problem(args, REGISTRY_OBJECTS, both(&reason)))
            .collect());
    }
    let (content, _) = draft.finish();
    let notes = unserved(&content).into_iter();
    // What the file itself says of a party was told with its line.
    let notes = notes.filter(|note| {
        let party = matches!(note.kind, Kind::IdentityProvider | Kind::System);
        args.store.is_some() || !party
    });
    Ok(notes
        .map(|note| problem(args, REGISTRY_UNSERVED, told(&note)))
        .collect())
}

fn told(note: &Note) -> String {
    match &note.id {
        Some(id) => format!("{id}: {}", both(&note.reason)),
        None => both(&note.reason),
    }
}

fn both(reason: &Reason) -> String {
    format!("{} / {}", reason.da, reason.en)
}

fn problem(args: &CheckArgs, kind: &config::Kind, what: String) -> Problem {
    Problem {
        id: kind.id,
        what,
        help: String::new(),
        file: args.file.clone(),
        span: None,
        line: None,
        severity: kind.severity,
        actor: kind.actor.unwrap_or(Actor::Registration),
    }
}
