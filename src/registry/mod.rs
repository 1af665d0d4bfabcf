//! The federation as the real hub's provisioning interface has it: objects of CH.json, what CH.json has no field for kept
//! beside them, and what the hub makes of both.
//!
//! ```text
//! body ──▶ shape ──▶ object ─┐
//! federation.toml ──▶ entry ─┴─▶ Draft ──▶ Content ──▶ hub::Federation
//!                                  └──▶ rows ──▶ store::Records
//! ```
//!
//! A [`Content`] is immutable and whole. A change is made on a [`Draft`] of it, which is judged before anything is stored.

pub mod beside;
mod compile;
mod content;
mod directory;
mod draft;
pub mod exchange;
pub mod guess;
pub mod object;
mod revoked;
mod rows;
pub mod seed;
pub mod shape;
#[cfg(test)]
mod tests;
mod unique;
mod unserved;
mod users;

pub use compile::Judge;
pub use content::{Content, Fetched, Party, Registered};
pub use draft::{Draft, Refusal};
pub use revoked::Revoked;
pub use rows::StoredError;
pub use unserved::{Note, unserved};
pub use users::Scope;

use serde::{Deserialize, Serialize};

/// What is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// `IdentityProvider`.
    IdentityProvider,
    /// `BrugervendtSystem`.
    System,
    /// `AttributeService`.
    AttributeService,
    /// `OIDCBrugervendtSystem`.
    OidcSystem,
    /// `Brugersystemrolle`.
    UserSystemRole,
    /// `Jobfunktionsrolle`.
    JobFunctionRole,
    /// `User`.
    User,
    /// `ClientCertificate`.
    ClientCertificate,
    /// An organisation's name; CH.json has none.
    Organisation,
    /// A certificate that the test CA took back; CH.json has none.
    Revoked,
    /// What was last taken over from federation.toml.
    File,
}

/// Why something is refused; for scripts in English, as the real hub's errors are, for people in Danish too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The kind of problem, as `vejviser check` names it; none where there is no such kind.
    pub kind: Option<&'static str>,
    /// Danish.
    pub da: String,
    /// English.
    pub en: String,
}

impl Kind {
    /// All of them, in the order in which they are stored and told.
    pub const ALL: [Self; 11] = [
        Self::Organisation,
        Self::IdentityProvider,
        Self::System,
        Self::UserSystemRole,
        Self::JobFunctionRole,
        Self::User,
        Self::AttributeService,
        Self::OidcSystem,
        Self::ClientCertificate,
        Self::Revoked,
        Self::File,
    ];

    /// Its name in the store and in the change log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IdentityProvider => "identity_provider",
            Self::System => "system",
            Self::AttributeService => "attribute_service",
            Self::OidcSystem => "oidc_system",
            Self::UserSystemRole => "user_system_role",
            Self::JobFunctionRole => "job_function_role",
            Self::User => "user",
            Self::ClientCertificate => "client_certificate",
            Self::Organisation => "organisation",
            Self::Revoked => "revoked",
            Self::File => "file",
        }
    }

    /// Whether its ids are entityIDs, of which each names one party of the federation.
    pub fn is_of_parties(self) -> bool {
        matches!(
            self,
            Self::IdentityProvider | Self::System | Self::AttributeService
        )
    }

    /// Reads such a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl Reason {
    /// In both languages.
    pub fn new(da: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            kind: None,
            da: da.into(),
            en: en.into(),
        }
    }

    /// Of a kind of problem.
    pub fn of_kind(self, kind: &'static str) -> Self {
        Self {
            kind: Some(kind),
            ..self
        }
    }

    /// The same in both.
    pub fn both(text: impl Into<String>) -> Self {
        let en = text.into();
        Self::new(en.clone(), en)
    }

    /// The same, told of something inside.
    pub fn inside(self, at: &str) -> Self {
        Self {
            da: format!("{at}{}", self.da),
            en: format!("{at}{}", self.en),
            ..self
        }
    }
}
