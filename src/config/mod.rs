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
pub use persona::{About, Mark, Nature, Person, Persona, PersonaKind, Subsystem, Trait};
pub use problem::{Problem, Problems};
pub use trust::{Habits, SourceWord, TrustEntry};

/// The sample federation: what the demo runs on, and what one copies to begin one's own.
pub const SAMPLE: &str = include_str!("../../metadata/federation.toml");
