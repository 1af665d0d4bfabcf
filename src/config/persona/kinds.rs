//! The vendors: a base that reads class refs and says what was reached, and a set of traits.

use super::Trait;
use serde::Deserialize;

/// A vendor's habits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PersonaKind {
    /// AD FS.
    Adfs,
    /// AD FS up to 3.0.
    AdfsOld,
    /// Microsoft Entra ID.
    Entra,
    /// OS2faktor Login.
    Os2faktor,
    /// Safewhere Identify.
    Safewhere,
    /// FoxIDs.
    Foxids,
    /// A plain IdP by the OIOSAML3 book.
    Oiosaml3,
}

/// The words of the file, for its schema.
pub(in crate::config) const WORDS: &[&str] = &[
    "adfs",
    "adfs-old",
    "entra",
    "os2faktor",
    "safewhere",
    "foxids",
    "oiosaml3",
];

impl PersonaKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Adfs,
        Self::AdfsOld,
        Self::Entra,
        Self::Os2faktor,
        Self::Safewhere,
        Self::Foxids,
        Self::Oiosaml3,
    ];

    /// The word in the file.
    pub fn id(self) -> &'static str {
        WORDS[self as usize]
    }

    /// The product's name.
    pub fn product(self) -> &'static str {
        match self {
            Self::Adfs => "AD FS",
            Self::AdfsOld => "AD FS 3.0",
            Self::Entra => "Microsoft Entra ID",
            Self::Os2faktor => "OS2faktor Login",
            Self::Safewhere => "Safewhere Identify",
            Self::Foxids => "FoxIDs",
            Self::Oiosaml3 => "OIOSAML3",
        }
    }

    /// What the vendor's product does by itself, in the order of the list.
    pub fn traits(self) -> impl Iterator<Item = Trait> {
        let all = Trait::ALL.iter().copied();
        all.filter(move |one| one.about().kinds.contains(&self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_by_its_word() {
        for kind in PersonaKind::ALL {
            let word = toml::Value::String(kind.id().to_owned());
            assert_eq!(PersonaKind::deserialize(word), Ok(kind));
        }
        assert_eq!(WORDS.len(), PersonaKind::ALL.len());
    }
}
