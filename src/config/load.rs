//! From file to federation.

use super::parse::{self, Written};
use super::problem::Sink;
use super::trust::{self, Habits};
use super::{File, Problems, hub_entry, names, providers, settings, shared_keys, systems};
use crate::hub::federation::Organisation;
use crate::hub::keys::HubKeys;
use crate::hub::roles::Directory;
use crate::hub::trace::Observation;
use crate::hub::{Federation, Settings};
use crate::mint::Authority;
use crate::saml::metadata::Entity;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use time::OffsetDateTime;
use toml::Spanned;

/// A configuration without fatal problems.
#[derive(Debug)]
pub struct Loaded {
    /// The file as written.
    pub file: File,
    /// The federation.
    pub federation: Federation,
    /// Settings.
    pub settings: Settings,
    /// Rules that a capture of the real hub shows at work.
    pub observed: Vec<Observation>,
    /// How the parties take over changes of certificates, by short name; of those that somebody stated.
    pub habits: BTreeMap<String, Habits>,
    /// The hub's keys. None only in a demo, which brings its own.
    pub keys: Option<HubKeys>,
    /// The secret that remembered choices are sealed with; none means one made on the spot.
    pub memory_key: Option<Vec<u8>>,
    /// The CA that the hub answers for.
    pub test_ca: Option<Authority>,
    /// Warnings, and why a party was left out.
    pub warnings: Problems,
}

/// What every part of a file is judged with.
#[derive(Clone, Copy)]
pub(super) struct Circumstances<'a> {
    /// Files are read relative to this file.
    pub path: &'a Path,
    /// Metadata of personas and demo systems by short name, in a demo.
    pub rendered: Option<&'a BTreeMap<String, Entity>>,
    /// Files by name, where they are held and not read from a folder.
    pub held: Option<&'a BTreeMap<String, Arc<[u8]>>>,
    /// Now.
    pub now: OffsetDateTime,
}

/// Reads `text` (the content of `path`). Files are read relative to `path`. `rendered` holds the metadata of
/// personas and demo systems by short name: where it is given, persona and demo sections are allowed
/// (`demo`); where it is `None`, they are problems (`serve`, `check`), and so are keys of the shipped test PKI.
pub fn load(
    path: &Path,
    text: &str,
    rendered: Option<&BTreeMap<String, Entity>>,
    now: OffsetDateTime,
) -> Result<Loaded, Problems> {
    let (loaded, problems) = judge(
        path,
        text,
        Circumstances {
            path,
            rendered,
            held: None,
            now,
        },
    );
    match loaded {
        Some(loaded) if !problems.any_fatal() => Ok(Loaded {
            warnings: problems,
            ..loaded
        }),
        _ => Err(problems),
    }
}

/// Every problem of a configuration as `serve` would see it, warnings among them.
pub fn check(path: &Path, text: &str, now: OffsetDateTime) -> Problems {
    judge(
        path,
        text,
        Circumstances {
            path,
            rendered: None,
            held: None,
            now,
        },
    )
    .1
}

/// One party's section, judged alone: as [`load`] judges it, but for what can be said only of the whole federation.
#[derive(Debug)]
pub struct Section {
    /// The party, if it can be used.
    pub federation: Federation,
    /// How it takes over changes of certificates, if the section says.
    pub habits: Option<Habits>,
    /// What is wrong with it.
    pub problems: Problems,
}

/// Reads a text with one `[[identity_provider]]` or `[[user_facing_system]]`. The files that it names are `held`; `demo`
/// says whether keys of the shipped test PKI are as good as others.
pub fn section(
    text: &str,
    held: &BTreeMap<String, Arc<[u8]>>,
    demo: bool,
    now: OffsetDateTime,
) -> Section {
    let path = Path::new("");
    let nobody = BTreeMap::new();
    let at = Circumstances {
        path,
        rendered: demo.then_some(&nobody),
        held: Some(held),
        now,
    };
    let mut sink = Sink::new(path, text);
    let Some(Written { file, .. }) = parse::read(&mut sink) else {
        return Section {
            federation: Federation::default(),
            habits: None,
            problems: sink.finish(),
        };
    };
    let federation = Federation {
        identity_providers: providers::read(&mut sink, &file, at),
        systems: systems::read(&mut sink, &file, at),
        ..Federation::default()
    };
    let habits = habits(&mut sink, &file).into_values().next();
    Section {
        federation,
        habits,
        problems: sink.finish(),
    }
}

fn judge(path: &Path, text: &str, at: Circumstances<'_>) -> (Option<Loaded>, Problems) {
    let mut sink = Sink::new(path, text);
    let Some(written) = parse::read(&mut sink) else {
        return (None, sink.finish());
    };
    settings::check(&mut sink, &written);
    names::check(&mut sink, &written);
    let own = hub_entry::check(&mut sink, &written, at);
    let Written { file, .. } = written;
    let federation = Federation {
        identity_providers: providers::read(&mut sink, &file, at),
        systems: systems::read(&mut sink, &file, at),
        test_systems: Vec::new(),
        organisations: organisations(&file),
        directory: Directory::default(),
    };
    names::check_ids(&mut sink, &file, &federation);
    if at.rendered.is_none() {
        shared_keys::check(&mut sink, &file, &federation, &own.pairs);
    }
    let settings = file.settings.clone();
    let observed = file.observed.iter().map(|entry| Observation {
        rule: entry.rule.clone(),
        input: entry.input.clone(),
    });
    let observed = observed.collect();
    let habits = habits(&mut sink, &file);
    (
        Some(Loaded {
            file,
            federation,
            settings,
            observed,
            habits,
            keys: own.rings,
            memory_key: own.memory_key,
            test_ca: own.test_ca,
            warnings: Problems::default(),
        }),
        sink.finish(),
    )
}

fn habits(sink: &mut Sink<'_>, file: &File) -> BTreeMap<String, Habits> {
    let idps = file.identity_providers.iter().map(Spanned::get_ref);
    let idps = idps.map(|entry| (&entry.name, &entry.trust, entry.persona.as_ref()));
    let systems = file.user_facing_systems.iter().map(Spanned::get_ref);
    let systems = systems.map(|entry| (&entry.name, &entry.trust, None));
    let stated = idps.chain(systems);
    stated
        .filter_map(|(name, entry, persona)| {
            let habits = match entry {
                Some(entry) => trust::read(sink, entry),
                None => persona.and_then(|persona| trust::of_persona(persona.get_ref()))?,
            };
            Some((name.get_ref().clone(), habits))
        })
        .collect()
}

fn organisations(file: &File) -> BTreeMap<crate::oiosaml::Cvr, Organisation> {
    let entries = file.organisations.iter();
    let named = entries.map(|entry| {
        let organisation = Organisation {
            name: entry.name.clone(),
            email_domains: entry.email_domains.clone(),
        };
        (entry.cvr.get_ref().clone(), organisation)
    });
    named.collect()
}
