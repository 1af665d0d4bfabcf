//! `vejviser import`.

use super::args::ImportArgs;
use super::metadata::{self, Found};
use super::{files, stored, text, told, write};
use crate::cli::{Failure, talk};
use crate::edge::world::Clock;
use crate::hub::federation::Organisation;
use crate::oiosaml::Cvr;
use crate::registry::exchange::{Objects, federation, joined};
use crate::registry::{Content, Draft, Judge, Reason};
use crate::store::Sqlite;
use crate::store::records::Records;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use toml::{Table, Value};

const HEAD: &str = "# Skrevet af vejviser import; vejviser check fortæller, hvad der mangler.\n\
                    # Written by vejviser import; vejviser check tells what is missing.\n\n";

/// Runs it.
pub async fn run(args: ImportArgs) -> Result<(), Failure> {
    let now = args.now.unwrap_or_else(|| Clock::default().now());
    let side: Table = match &args.beside {
        Some(path) => text(path)?
            .parse()
            .map_err(|error| Failure::Configuration(format!("{}: {error}", path.display())))?,
        None => Table::new(),
    };
    let beside_files = args.beside.as_deref().map(|path| named(path, &side));
    let (mut objects, notes) = read(&args.from)?;
    let joined = joined(&objects, side, &beside_files.unwrap_or_default());
    if !joined.reasons.is_empty() {
        return Err(told(joined.reasons));
    }
    let judge = Judge::default();
    let store = match &args.store {
        Some(path) => {
            Some(Sqlite::open(path).map_err(|error| Failure::CouldNotRun(error.to_string()))?)
        }
        None => None,
    };
    let (content, revision) = match &store {
        Some(store) => stored(store, &judge, now).await?,
        None => (Content::default(), 0),
    };
    let mut draft = Draft::new(content, &judge, now);
    let mut rest = joined.rest;
    let mut reasons = organisations(&mut draft, &mut rest);
    for (object, beside) in joined.identity_providers {
        let id = object.id.clone();
        if let Err(wrong) = draft.put_identity_provider(object, beside, None) {
            reasons.extend(of(&id, wrong));
        }
    }
    for (object, beside) in joined.systems {
        let id = object.id.clone();
        if let Err(wrong) = draft.put_system(object, beside, None) {
            reasons.extend(of(&id, wrong));
        }
    }
    objects.revoked.extend(joined.revoked);
    if let Err(wrong) = draft.put_others(&objects) {
        reasons.extend(wrong);
    }
    if !reasons.is_empty() {
        return Err(told(reasons));
    }
    let (content, writes) = draft.finish();
    match store {
        Some(store) => {
            let committed = store.commit(revision, &writes, "import", now).await;
            committed.map_err(|error| Failure::CouldNotRun(error.to_string()))?;
        }
        None => {
            let out = args.out.as_deref().unwrap_or(Path::new("federation"));
            let made = files(federation(&content, &rest), "federation.toml", HEAD);
            write(out, &made, args.force)?;
            for name in made.keys() {
                talk::result(&format!("{}\n", out.join(name).display()));
            }
        }
    }
    summary(&content, &notes);
    Ok(())
}

/// Objects of every file that is named.
fn read(from: &[std::path::PathBuf]) -> Result<(Objects, Vec<String>), Failure> {
    let (mut all, mut notes) = (Objects::default(), Vec::new());
    for path in from {
        let json = path
            .extension()
            .is_some_and(|extension| extension == "json");
        if json {
            let name = path.display();
            let read = Objects::read(&text(path)?).map_err(|reasons| {
                let at = format!("{name}: ");
                told(
                    reasons
                        .into_iter()
                        .map(|reason| reason.inside(&at))
                        .collect(),
                )
            })?;
            all.append(read);
            continue;
        }
        for Found {
            guessed,
            told,
            file,
        } in metadata::read(path)?
        {
            for note in told {
                notes.push(format!("{}: {} / {}", file.display(), note.da, note.en));
            }
            all.add(guessed);
        }
    }
    Ok((all, notes))
}

/// The files that lie beside beside.toml.
fn named(path: &Path, side: &Table) -> BTreeMap<String, Arc<[u8]>> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let kinds = ["identity_provider", "user_facing_system"].into_iter();
    let sections = kinds
        .filter_map(|kind| side.get(kind)?.as_array())
        .flatten();
    let names = sections
        .filter_map(|section| section.get("rotated_out")?.as_array())
        .flatten();
    let names = names.filter_map(Value::as_str);
    names
        .filter_map(|name| {
            Some((
                name.to_owned(),
                std::fs::read(folder.join(name)).ok()?.into(),
            ))
        })
        .collect()
}

/// The organisations that stand beside.
fn organisations(draft: &mut Draft<'_>, rest: &mut Table) -> Vec<Reason> {
    let list = rest.remove("organisation");
    let list = list
        .as_ref()
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let mut reasons = Vec::new();
    for section in list {
        let of = |key: &str| section.get(key).and_then(Value::as_str);
        let (Some(cvr), Some(name)) = (of("cvr").and_then(Cvr::parse), of("name")) else {
            reasons.push(Reason::new(
                format!("organisation: cvr og name mangler: {section}"),
                format!("organisation: cvr and name are missing: {section}"),
            ));
            continue;
        };
        let domains = section.get("email_domains").and_then(Value::as_array);
        let domains = domains.into_iter().flatten().filter_map(Value::as_str);
        let organisation = Organisation {
            name: name.to_owned(),
            email_domains: domains.map(str::to_owned).collect(),
        };
        draft.put_organisation(cvr, organisation);
    }
    reasons
}

fn of(id: &str, reasons: Vec<Reason>) -> Vec<Reason> {
    let at = format!("{id}: ");
    reasons
        .into_iter()
        .map(|reason| reason.inside(&at))
        .collect()
}

fn summary(content: &Content, notes: &[String]) {
    talk::say(&format!(
        "{} identity providere, {} brugervendte systemer / identity providers, user-facing systems",
        content.identity_providers.len(),
        content.systems.len()
    ));
    for note in notes {
        talk::say(&format!("  ! {note}"));
    }
    for party in content.parties().filter(|party| !party.is_served()) {
        for note in party.notes() {
            talk::say(&format!("  ! {}: {} / {}", party.id(), note.da, note.en));
        }
    }
}
