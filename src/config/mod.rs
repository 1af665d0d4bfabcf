//! Configuration: one TOML file, parsed once and frozen. All its problems are reported at once, each with
//! file and line; unknown words are errors.
//!
//! ```text
//! text ──▶ walk (schema) ──▶ File ──▶ load: hub, providers, systems ──▶ Loaded
//!              └───────────────── Problems ─────────────────┘──▶ render: text, findings
//! ```

mod address;
pub mod encryption;
mod file;
mod hub_entry;
mod hub_keys;
mod keys;
mod kind;
mod load;
mod moment;
mod names;
mod parse;
mod party;
mod persona;
pub mod pki;
pub mod plan;
mod problem;
mod providers;
pub mod render;
mod schema;
mod settings;
mod shared_keys;
mod systems;
mod test_ca;
#[cfg(test)]
pub(crate) mod tests;
mod trust;
mod walk;

pub use address::is_real_federation;
pub use file::{
    DemoSystem, EncryptionEntry, File, HubEntry, HubKeys, IdentityProviderEntry, LoginEntry,
    ObservedEntry, OrganisationEntry, UserFacingSystemEntry,
};
pub use kind::{KINDS, Kind, Severity};
pub(crate) use kind::{REGISTRY_OBJECTS, REGISTRY_UNSERVED};
pub use load::{Loaded, Section, check, load, section};
pub use names::{BUILT_IN, is_label, with_id};
pub use parse::parse;
pub use persona::{
    About, AboutDefect, Defect, LogoutHabit, Mark, Nature, Person, PersonRole, Persona,
    PersonaKind, RoleConstraint, Subsystem, Trait,
};
pub use problem::{Problem, Problems};
pub use trust::{Habits, SourceWord, TrustEntry};

/// The sample federation: what the demo runs on, and what one copies to begin one's own. A static, so that it lies at one
/// place ([`is_sample`]).
pub static SAMPLE: &str = include_str!("../../metadata/federation.toml");

/// The files that the sample federation names, by name.
pub const SAMPLE_FILES: [(&str, &str); 1] =
    [("objects.json", include_str!("../../metadata/objects.json"))];

/// Whether a text is the sample federation inside the binary: what it names is read from [`SAMPLE_FILES`]. A copy of it is
/// somebody's own federation, with files beside it.
pub fn is_sample(text: &str) -> bool {
    std::ptr::eq(text, SAMPLE)
}
