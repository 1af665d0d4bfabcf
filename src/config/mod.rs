//! Configuration: one TOML file, parsed once and frozen. All its problems are reported at once, each with
//! file and line; unknown words are errors.

mod file;
mod load;
mod problem;

pub use file::{
    DemoSystem, EncryptionEntry, File, HubEntry, HubKeys, IdentityProviderEntry, OrganisationEntry,
    Person, Persona, PersonaKind, UserFacingSystemEntry,
};
pub use load::{Loaded, load};
pub use problem::{Problem, Problems};
