//! What is known of the federation that a rehearsal is about: its parties, their habits, its certificates.

use super::super::Failure;
use crate::config::{self, Habits, pki};
use crate::drill::rehearsal::Cast;
use crate::dsig::{Certificate, PublicKey};
use crate::hub::Federation;
use crate::hub::keys::HubKeys;
use crate::hub::rollover::Subject;
use crate::persona;
use std::collections::BTreeMap;
use std::path::Path;
use time::OffsetDateTime;

/// A federation as its file has it.
pub struct Known {
    /// The parties.
    pub federation: Federation,
    /// How they take over a change, where somebody said so.
    pub habits: BTreeMap<String, Habits>,
    /// The hub's keys; a rehearsal needs none.
    keys: Option<HubKeys>,
    /// Whether it is the sample federation, whose parties change to certificates of the shipped PKI.
    sample: bool,
}

/// Where the sample federation's personas would stand: it is never told.
const ANYWHERE: &str = "http://hub.localhost";

impl Known {
    /// Reads the file; without one, the sample federation. Dates are judged as at `now`, so that the same command
    /// says the same on every day.
    pub fn read(config: Option<&Path>, now: OffsetDateTime) -> Result<Self, Failure> {
        let Some(path) = config else {
            return Self::of(Path::new("federation.toml"), config::SAMPLE, now, true);
        };
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::Usage(format!("error: --config {}: {error}", path.display()))
        })?;
        Self::of(path, &text, now, false)
    }

    fn of(path: &Path, text: &str, now: OffsetDateTime, sample: bool) -> Result<Self, Failure> {
        let problems = |problems| Failure::Configuration(config::render::text(&problems, text));
        let file = config::parse(path, text).map_err(problems)?;
        let invented = persona::Addresses::new(ANYWHERE)
            .and_then(|addresses| persona::Cast::new(&file, &addresses))
            .map_err(Failure::CouldNotRun)?;
        let loaded = config::load(path, text, Some(&invented.rendered()), now).map_err(problems)?;
        Ok(Self {
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

    /// Who can change.
    pub fn subjects(&self) -> Vec<Subject> {
        let idps = self.federation.identity_providers.iter();
        let idps = idps.map(|idp| Subject::IdentityProvider(idp.name.clone()));
        let systems = self.federation.systems.iter();
        let systems = systems.map(|system| Subject::System(system.name.clone()));
        std::iter::once(Subject::Hub)
            .chain(idps)
            .chain(systems)
            .collect()
    }

    /// The certificate in use and the one that is changed to, as far as they are known.
    pub fn certificates(&self, subject: &Subject) -> (Option<Certificate>, Option<Certificate>) {
        let shipped = |name: &str| {
            let pem = pki::certificate(name).filter(|_| self.sample)?;
            Certificate::parse(pem.as_bytes()).ok()
        };
        let registered = |keys: &[PublicKey]| keys.first()?.certificate().cloned();
        match subject {
            Subject::Hub => match self.keys.as_ref().map(|keys| &keys.idp.signing) {
                Some(ring) => (
                    Some(ring.active.certificate.clone()),
                    ring.next.as_ref().map(|pair| pair.certificate.clone()),
                ),
                None => (shipped("hub"), shipped("hub-next")),
            },
            Subject::IdentityProvider(name) => (
                self.federation
                    .named(name)
                    .and_then(|idp| registered(&idp.signing_keys)),
                shipped(&format!("{name}-next")),
            ),
            Subject::System(name) => {
                let mut systems = self.federation.systems.iter();
                let system = systems.find(|system| system.name == *name);
                (
                    system.and_then(|system| registered(&system.signing_keys)),
                    shipped(&format!("{name}-next")),
                )
            }
        }
    }
}
