//! What is known of the federation that a rehearsal is about: its parties, their habits, its certificates.

use super::super::federation::{self, ANYWHERE};
use super::super::{Failure, run};
use crate::config::plan::Registered;
use crate::config::{File, Habits, pki};
use crate::drill::rehearsal::Cast;
use crate::hub::keys::{Generation, HubKeys, KeyRing};
use crate::hub::rollover::{Pair, Subject};
use crate::hub::{Federation, Hub};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use time::OffsetDateTime;
use toml::Spanned;
use url::Url;

/// A federation as its file has it.
pub struct Known {
    /// The parties.
    pub federation: Federation,
    /// How they take over a change, where somebody said so.
    pub habits: BTreeMap<String, Habits>,
    /// The hub's keys; a rehearsal needs none.
    keys: Option<HubKeys>,
    /// Whether it is the sample federation, whose parties change to certificates of the shipped PKI.
    pub sample: bool,
    path: PathBuf,
    places: BTreeMap<Generation, usize>,
    public_url: String,
    entity_id: Option<String>,
    organisation: Option<String>,
}

impl Known {
    /// Reads the file; without one, the sample federation. Dates are judged as at `now`, when the window of the plan
    /// begins: what has expired by then is told, and the same command says the same on every day.
    pub fn read(config: Option<&Path>, now: OffsetDateTime) -> Result<Self, Failure> {
        let given = federation::read(config, now)?;
        let (loaded, sample) = (given.loaded, given.sample);
        let hub = &loaded.file.hub;
        let text_of = |text: &Option<Spanned<String>>| text.as_ref().map(|t| t.get_ref().clone());
        Ok(Self {
            public_url: text_of(&hub.public_url).unwrap_or_else(|| ANYWHERE.to_owned()),
            entity_id: text_of(&hub.entity_id),
            organisation: hub.organisation.clone(),
            places: places(&loaded.file, &given.text),
            path: given.path,
            federation: loaded.federation,
            habits: loaded.habits,
            keys: loaded.keys,
            sample,
        })
    }

    /// Everybody who takes part.
    pub fn cast(&self) -> Cast {
        Cast::of(&self.federation, &self.habits)
    }

    /// The parties, and what is known of their keys.
    pub fn registered(&self) -> Registered<'_> {
        Registered {
            federation: &self.federation,
            hub: self.keys.as_ref(),
            stand_ins: self.sample,
        }
    }

    /// The hub and its keys, where it has the next one of this pair; a metadata file must be signed with it. The sample
    /// federation's hub has the shipped ones.
    pub fn hub(&self, pair: &Pair) -> Result<Option<(Hub, HubKeys)>, Failure> {
        let keys = match (&self.keys, self.sample) {
            (Some(keys), _) => keys.clone(),
            (None, true) => HubKeys::shared(pki::ring("hub").map_err(Failure::CouldNotRun)?),
            (None, false) => return Ok(None),
        };
        let has = |ring: &&KeyRing| ring.next.is_some() && Pair::of(ring) == *pair;
        if !keys.rings().iter().any(has) {
            return Ok(None);
        }
        let url = Url::parse(&self.public_url)
            .map_err(|error| Failure::CouldNotRun(format!("{}: {error}", self.public_url)))?;
        let (entity_id, name) = (self.entity_id.as_deref(), self.organisation.as_deref());
        let hub = run::hub(&url, entity_id, name, Some(&keys))?;
        Ok(Some((hub, keys)))
    }

    /// Where the file names a certificate of the party that changes.
    pub fn place(&self, subject: &Subject, generation: Generation) -> String {
        let line = match subject {
            Subject::Hub => self.places.get(&generation),
            Subject::IdentityProvider(_) | Subject::System(_) => None,
        };
        let file = self.path.display();
        line.map_or_else(|| file.to_string(), |line| format!("{file}:{line}"))
    }
}

/// The lines of the hub's certificates; of several of one generation, the first.
fn places(file: &File, text: &str) -> BTreeMap<Generation, usize> {
    let mut places = BTreeMap::new();
    for entry in file.hub.keys.iter().map(|entry| entry.get_ref()) {
        let before = text.get(..entry.certificate.span().start);
        let line = before.unwrap_or_default().lines().count().max(1);
        places.entry(entry.generation).or_insert(line);
    }
    places
}
