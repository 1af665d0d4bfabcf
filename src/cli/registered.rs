//! What is registered when a process starts: federation.toml, and what the store has kept.

use super::Failure;
use super::federation::Given;
use crate::config::{self, File, Loaded};
use crate::dsig::{Policy, PublicKey};
use crate::edge::registry::{Home, Registry};
use crate::hub::keys::{Generation, HubKeys};
use crate::hub::{Hub, Settings};
use crate::registry::seed::{Seed, Source};
use crate::registry::{Content, Draft, Judge, Reason, Refusal};
use crate::store::records::{MemoryRecords, Records};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use time::OffsetDateTime;

/// A federation.toml, and where it lies.
#[derive(Clone, Copy)]
pub struct Written<'a> {
    /// Its path: what it names is read beside it.
    pub path: &'a Path,
    /// Its text.
    pub text: &'a str,
    /// The same as sections.
    pub file: &'a File,
}

/// What changes of the federation are judged with.
pub fn judge(hub: &Hub, keys: &HubKeys, demo: bool) -> Judge {
    let rings = [
        &keys.idp.signing,
        &keys.idp.encryption,
        &keys.sp.signing,
        &keys.sp.encryption,
    ];
    let all = [Generation::Previous, Generation::Active, Generation::Next];
    let pairs = rings
        .into_iter()
        .flat_map(|ring| all.into_iter().filter_map(|one| ring.own(one)));
    let own = pairs.filter_map(|pair| {
        let key = PublicKey::from_certificate(pair.certificate.clone(), Policy::Modern);
        Some(key.ok()?.key_id())
    });
    Judge {
        demo,
        own_id: hub.entity_id.clone(),
        own_keys: own.collect(),
    }
}

/// A demo's registry, in memory. `addresses` are those of its invented parties' metadata, by short name.
pub fn in_memory(
    written: Written<'_>,
    loaded: &Loaded,
    settings: Settings,
    addresses: &BTreeMap<String, String>,
    judge: Judge,
    now: OffsetDateTime,
) -> Result<Registry, Failure> {
    let read = reader(written);
    let seed = Seed::of(Source {
        text: written.text,
        file: written.file,
        federation: &loaded.federation,
        read: &read,
        addresses,
    });
    let mut draft = Draft::new(Content::default(), &judge, now);
    draft
        .take_over(seed)
        .map_err(|reasons| refused(reasons.into()))?;
    let (content, _) = draft.finish();
    let home = Home {
        records: Arc::new(MemoryRecords::holding(content.rows())),
        revision: 0,
        judge,
        test_systems: loaded.federation.test_systems.clone(),
    };
    Ok(Registry::open(content, settings, home))
}

/// The registry of a store, after the file was taken over.
pub async fn stored(
    written: Written<'_>,
    loaded: &Loaded,
    records: Arc<dyn Records>,
    judge: Judge,
    now: OffsetDateTime,
) -> Result<Registry, Failure> {
    let stored = records.load().await;
    let stored = stored.map_err(|error| Failure::CouldNotRun(error.to_string()))?;
    let content = Content::load(&stored.rows, &judge, now).map_err(|error| {
        Failure::CouldNotRun(format!(
            "lageret kan ikke læses / the store cannot be read: {error}"
        ))
    })?;
    let home = Home {
        records,
        revision: stored.revision,
        judge,
        test_systems: loaded.federation.test_systems.clone(),
    };
    let registry = Registry::open(content, loaded.settings.clone(), home);
    let seed = seed(written, loaded);
    let settings = loaded.settings.clone();
    registry
        .take_over(seed, settings, now)
        .await
        .map_err(refused)?;
    Ok(registry)
}

/// What a file registers.
pub fn seed(written: Written<'_>, loaded: &Loaded) -> Seed {
    let read = reader(written);
    Seed::of(Source {
        text: written.text,
        file: written.file,
        federation: &loaded.federation,
        read: &read,
        addresses: &BTreeMap::new(),
    })
}

/// What a federation registers that a command is asked about. It is not served, so invented parties are as good as others.
pub fn content(given: &Given, now: OffsetDateTime) -> Result<Content, Failure> {
    let written = Written {
        path: &given.path,
        text: match given.sample {
            true => config::SAMPLE,
            false => &given.text,
        },
        file: &given.loaded.file,
    };
    let federation = &given.loaded.federation;
    let idps = federation.identity_providers.iter();
    let idps = idps.map(|idp| (idp.name.clone(), idp.id.clone()));
    let systems = federation.systems.iter();
    let systems = systems.map(|system| (system.name.clone(), system.id.clone()));
    let judge = Judge {
        demo: true,
        ..Judge::default()
    };
    let read = reader(written);
    let seed = Seed::of(Source {
        text: written.text,
        file: written.file,
        federation,
        read: &read,
        addresses: &idps.chain(systems).collect(),
    });
    let mut draft = Draft::new(Content::default(), &judge, now);
    draft
        .take_over(seed)
        .map_err(|reasons| refused(reasons.into()))?;
    Ok(draft.finish().0)
}

/// Reads files beside a configuration; those of the sample federation are inside the binary, as it is. One that is not there
/// was told when it was read the first time.
fn reader(written: Written<'_>) -> impl Fn(&str) -> Option<Vec<u8>> {
    let folder: PathBuf = written.path.parent().unwrap_or(Path::new("")).to_owned();
    let sample = config::is_sample(written.text);
    move |name| {
        if sample {
            let mut held = config::SAMPLE_FILES.into_iter();
            let (_, text) = held.find(|(held, _)| *held == name)?;
            return Some(text.as_bytes().to_vec());
        }
        let bytes = std::fs::read(folder.join(name)).ok()?;
        // AD FS writes a byte order mark. It belongs to the file.
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        Some(bytes.to_vec())
    }
}

/// Why a federation cannot be served beside what is registered already.
pub fn refused(refusal: Refusal) -> Failure {
    let list = |reasons: &[Reason]| {
        let lines = reasons
            .iter()
            .map(|reason| format!("  {} / {}", reason.da, reason.en));
        lines.collect::<Vec<_>>().join("\n")
    };
    match refusal {
        Refusal::Invalid(reasons) | Refusal::Unavailable(reasons) => {
            Failure::Configuration(format!(
                "filen passer ikke sammen med det, der er registreret / the file does not go with what is registered:\n{}",
                list(&reasons)
            ))
        }
        Refusal::NotFound(reason) | Refusal::Conflict(reason) => {
            Failure::CouldNotRun(list(&[reason]))
        }
        Refusal::Store(why) => Failure::CouldNotRun(why),
    }
}
