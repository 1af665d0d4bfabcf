//! Takes over changes of federation.toml while the hub runs: at SIGHUP, and when the file or one that it names has changed.
//! All of it is read and judged first; what cannot be served changes nothing and is told.

use super::registered::{self, Written};
use super::{Failure, talk};
use crate::config::{self, Loaded};
use crate::edge::App;
use crate::edge::registry::FileRead;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

/// How often files are looked at. Events of the file system do not come over every network share and mounted volume; a
/// look at a few hundred files costs a millisecond.
const LOOK: Duration = Duration::from_secs(2);

/// Watches until it is stopped. `text` is what was read at the start.
pub fn watch(app: Arc<App>, path: PathBuf, text: String) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut hangups = Hangups::new();
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut text = text;
        let mut seen = look(&path, &text);
        loop {
            let asked = tokio::select! {
                () = hangups.next() => true,
                _ = looks.tick() => false,
            };
            let now = look(&path, &text);
            if !asked && now == seen {
                continue;
            }
            match std::fs::read_to_string(&path) {
                Ok(read) => text = read,
                // Editors write a file beside it and rename that: it is back at the next look.
                Err(_) if !asked => continue,
                Err(error) => {
                    tell(&app, Err(format!("{}: {error}", path.display())));
                    continue;
                }
            }
            seen = look(&path, &text);
            let taken = take_over(&app, &path, &text).await;
            tell(&app, taken.map_err(|failure| failure.text().to_owned()));
        }
    })
}

/// Reads a file that has changed, and serves what it says.
async fn take_over(app: &App, path: &Path, text: &str) -> Result<(), Failure> {
    let now = app.clock.now();
    let loaded = config::load(path, text, None, now)
        .map_err(|problems| Failure::Configuration(config::render::text(&problems, text)))?;
    if !loaded.warnings.list.is_empty() {
        talk::say(&config::render::text(&loaded.warnings, text));
    }
    let written = Written {
        path,
        text,
        file: &loaded.file,
    };
    let seed = registered::seed(written, &loaded);
    let Loaded { settings, .. } = loaded;
    app.registry
        .take_over(seed, settings, now)
        .await
        .map_err(registered::refused)
}

fn tell(app: &App, taken: Result<(), String>) {
    match &taken {
        Ok(()) => talk::say(
            "Føderationen er genindlæst; [hub] læses kun ved start / the federation was read again; [hub] is read at the start only",
        ),
        Err(why) => talk::say(&format!(
            "Føderationen er ikke ændret: filen kan ikke bruges / the federation is as it was: the file cannot be used\n{why}"
        )),
    }
    app.registry.file_was(FileRead {
        at: app.clock.now(),
        refused: taken.err(),
    });
}

/// Age and size of the file and of those that it names.
fn look(path: &Path, text: &str) -> BTreeMap<PathBuf, Option<(SystemTime, u64)>> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let named = named(text).into_iter().map(|name| folder.join(name));
    let all = std::iter::once(path.to_owned()).chain(named);
    all.map(|file| {
        let known = std::fs::metadata(&file).ok();
        let known = known.and_then(|known| Some((known.modified().ok()?, known.len())));
        (file, known)
    })
    .collect()
}

/// The files that the parties' sections name, and that of the objects.
fn named(text: &str) -> Vec<String> {
    let whole: toml::Table = text.parse().unwrap_or_default();
    let sections = ["identity_provider", "user_facing_system"].into_iter();
    let sections = sections.filter_map(|kind| whole.get(kind)?.as_array());
    let keys = |section: &toml::Table| -> Vec<String> {
        let metadata = section.get("saml_metadata").into_iter();
        let former = section.get("rotated_out").and_then(toml::Value::as_array);
        let all = metadata.chain(former.into_iter().flatten());
        all.filter_map(|name| name.as_str().map(str::to_owned))
            .collect()
    };
    let objects = whole.get("objects").and_then(toml::Value::as_str);
    let parties = sections.flatten().filter_map(toml::Value::as_table);
    let parties = parties.flat_map(keys);
    parties.chain(objects.map(str::to_owned)).collect()
}

/// SIGHUP, where there is such a thing.
struct Hangups {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Hangups {
    #[cfg(unix)]
    fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self {
            signal: signal(SignalKind::hangup()).ok(),
        }
    }
    #[cfg(not(unix))]
    fn new() -> Self {
        Self {}
    }
    #[cfg(unix)]
    async fn next(&mut self) {
        match &mut self.signal {
            Some(signal) => {
                signal.recv().await;
            }
            None => std::future::pending().await,
        }
    }
    #[cfg(not(unix))]
    async fn next(&mut self) {
        std::future::pending().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_that_is_named_is_looked_at() {
        let text = "objects = \"objects.json\"\n[[identity_provider]]\nsaml_metadata = \"idp.xml\"\nrotated_out = [\"old.pem\"]\n\
                    [[user_facing_system]]\nsaml_metadata = \"system.xml\"\n";
        assert_eq!(
            named(text),
            ["idp.xml", "old.pem", "system.xml", "objects.json"]
        );
        assert!(named("no toml = ").is_empty());
    }
}
