//! Who takes part in a rehearsal, and how they take over changes.

use super::super::Failure;
use crate::config::{self, pki};
use crate::drill::rehearsal::{Cast, Party, Role};
use crate::dsig::Certificate;
use crate::hub::rollover::{Compares, Source, Subject, TrustModel};
use std::path::Path;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

/// Everybody of a federation; without a file, of the sample federation.
pub fn cast(config: Option<&Path>) -> Result<Cast, Failure> {
    let Some(path) = config else {
        let mut cast = parties(Path::new("federation.toml"), config::SAMPLE)?;
        for party in &mut cast.parties {
            party.model = sample_habits(&party.name);
        }
        return Ok(cast);
    };
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("error: --config {}: {error}", path.display())))?;
    parties(path, &text)
}

/// The parties of a file; how they take over changes, nobody has said.
fn parties(path: &Path, text: &str) -> Result<Cast, Failure> {
    let file = config::parse(path, text)
        .map_err(|problems| Failure::Configuration(config::render::text(&problems, text)))?;
    let party = |name: &str, title: &str, role| Party {
        name: name.to_owned(),
        title: title.to_owned(),
        role,
        model: TrustModel::unknown(),
        contact: None,
    };
    let idps = file.identity_providers.iter().map(|entry| {
        let entry = entry.get_ref();
        party(
            entry.name.get_ref(),
            &entry.presentation_name,
            Role::IdentityProvider,
        )
    });
    let systems = file.user_facing_systems.iter().map(|entry| {
        let entry = entry.get_ref();
        let name = entry.name.get_ref();
        party(
            name,
            entry.presentation_name.as_ref().unwrap_or(name),
            Role::System,
        )
    });
    Ok(Cast {
        parties: idps.chain(systems).collect(),
        ..Cast::default()
    })
}

// ── The habits of the sample federation ──────────────────────────────────────────────────────────────
// A fixed table until federation.toml says them itself ([….trust]).

fn sample_habits(name: &str) -> TrustModel {
    let polled = |every: Duration, at: OffsetDateTime| Source::Polled { every, at };
    let usual = TrustModel::default();
    match name {
        "eksempelstrup" | "borgerportal" => TrustModel {
            source: polled(Duration::hours(1), datetime!(2026-01-01 00:45 +1)),
            ..usual
        },
        // An AD FS that watches the metadata, as it does by default: once a day.
        "provekobing-adfs" => TrustModel {
            source: polled(Duration::hours(24), datetime!(2026-01-01 22:10 +1)),
            ..usual
        },
        // An AD FS whose metadata somebody once loaded from a file.
        "fiktiv-gammel" => TrustModel {
            source: Source::Pinned,
            ..usual
        },
        "fiktiv-ny" => TrustModel {
            source: polled(Duration::hours(24), datetime!(2026-01-01 03:30 +1)),
            checks_signatures: false,
            ..usual
        },
        // Restarted every night; compares thumbprints.
        "sagssystem" => TrustModel {
            source: polled(Duration::hours(24), datetime!(2026-01-01 02:00 +1)),
            compares: Compares::Certificate,
            ..usual
        },
        _ => TrustModel::unknown(),
    }
}

// ─────────────────────────────────────────────────────────────────────────────────────────────────────

/// Who can change: the hub, and everybody of the cast.
pub fn subjects(cast: &Cast) -> Vec<Subject> {
    let parties = cast.parties.iter().map(|party| match party.role {
        Role::Hub => Subject::Hub,
        Role::IdentityProvider => Subject::IdentityProvider(party.name.clone()),
        Role::System => Subject::System(party.name.clone()),
    });
    std::iter::once(Subject::Hub).chain(parties).collect()
}

/// The certificate in use and the upcoming one, from the shipped test PKI: those of the party where it has some there,
/// otherwise those of the sample hub. Rehearsed are dates and file names; nobody's own key is needed.
pub fn certificates(subject: &Subject) -> Result<(Certificate, Certificate), Failure> {
    let name = match subject {
        Subject::Hub => "hub",
        Subject::IdentityProvider(name) | Subject::System(name) => name,
    };
    let name = if pki::certificate(&format!("{name}-next")).is_some() {
        name
    } else {
        "hub"
    };
    let read = |name: &str| {
        let pem = pki::certificate(name).unwrap_or_default();
        Certificate::parse(pem.as_bytes())
            .map_err(|error| Failure::CouldNotRun(format!("certificate «{name}»: {error}")))
    };
    Ok((read(name)?, read(&format!("{name}-next"))?))
}
