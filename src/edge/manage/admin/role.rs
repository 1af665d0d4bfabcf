//! The two kinds of parties that are administered here.

use crate::hub::lint::LintRole;
use crate::registry::Kind;

/// What a party is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A municipality's identity provider.
    IdentityProvider,
    /// A user-facing system.
    System,
}

impl Role {
    /// As it stands in an address.
    pub fn path(self) -> &'static str {
        match self {
            Self::IdentityProvider => "identity-provider",
            Self::System => "system",
        }
    }

    /// Reads such a part of an address.
    pub fn parse(path: &str) -> Option<Self> {
        [Self::IdentityProvider, Self::System]
            .into_iter()
            .find(|role| role.path() == path)
    }

    /// As the registry has it.
    pub fn kind(self) -> Kind {
        match self {
            Self::IdentityProvider => Kind::IdentityProvider,
            Self::System => Kind::System,
        }
    }

    /// As metadata is judged.
    pub fn lint(self) -> LintRole {
        match self {
            Self::IdentityProvider => LintRole::Idp,
            Self::System => LintRole::System,
        }
    }

    /// Whether it is an identity provider.
    pub fn is_idp(self) -> bool {
        self == Self::IdentityProvider
    }
}
