//! Assurance levels: NIST 1–4 (self-declared) and NSIS Lav, Betydelig, Høj (only from an IdP that is
//! registered for NSIS), and the one published table between them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A NIST level, 1–4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Nist {
    /// 1
    One = 1,
    /// 2
    Two = 2,
    /// 3: the first that needs a second factor.
    Three = 3,
    /// 4
    Four = 4,
}

/// An NSIS level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[doc(alias = "sikringsniveau")]
pub enum Nsis {
    /// Lav
    #[doc(alias = "Lav")]
    Low,
    /// Betydelig
    #[doc(alias = "Betydelig")]
    Substantial,
    /// Høj
    #[doc(alias = "Høj")]
    High,
}

/// One of the two scales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scale {
    /// NIST 1–4.
    Nist,
    /// NSIS.
    Nsis,
}

/// A level on its scale. Levels of different scales have no order: see [`Level::on`] and [`Level::satisfies`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Level {
    /// A NIST level.
    Nist(Nist),
    /// An NSIS level.
    Nsis(Nsis),
}

const NIST_REF: &str = "urn:dk:gov:saml:attribute:AssuranceLevel:";
const NSIS_REF: &str = "https://data.gov.dk/concept/core/nsis/loa/";

impl Nist {
    /// All four, lowest first.
    pub const ALL: [Self; 4] = [Self::One, Self::Two, Self::Three, Self::Four];

    /// The digit.
    pub fn digit(self) -> u8 {
        self as u8
    }

    /// Reads the digit of the `AssuranceLevel` attribute.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|level| text.len() == 1 && text.as_bytes()[0] == b'0' + level.digit())
    }

    /// The published table, NIST to NSIS: 1 and 2 → Low, 3 → Substantial, 4 → High (CH.json,
    /// `PUT /BrugervendteSystemer/{id}/OIOSAMLProfile/{value}`). For needs, never for what an IdP stated:
    /// a self-declared NIST level must not become an NSIS level.
    pub fn to_nsis(self) -> Nsis {
        match self {
            Self::One | Self::Two => Nsis::Low,
            Self::Three => Nsis::Substantial,
            Self::Four => Nsis::High,
        }
    }
}

impl Nsis {
    /// All three, lowest first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Substantial, Self::High];

    /// The bare word of the `loa` attribute.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Substantial => "Substantial",
            Self::High => "High",
        }
    }

    /// The Danish word, as in the federation's documents.
    pub fn danish(self) -> &'static str {
        match self {
            Self::Low => "Lav",
            Self::Substantial => "Betydelig",
            Self::High => "Høj",
        }
    }

    /// Reads the `loa` attribute: the bare word; the whole URI is accepted too, because deployed IdPs send it.
    pub fn parse(text: &str) -> Option<Self> {
        let word = text.strip_prefix(NSIS_REF).unwrap_or(text);
        Self::ALL.into_iter().find(|level| level.word() == word)
    }

    /// The published table, NSIS to NIST: Low → 2, Substantial → 3, High → 4.
    pub fn to_nist(self) -> Nist {
        match self {
            Self::Low => Nist::Two,
            Self::Substantial => Nist::Three,
            Self::High => Nist::Four,
        }
    }
}

impl Level {
    /// All seven.
    pub const ALL: [Self; 7] = [
        Self::Nist(Nist::One),
        Self::Nist(Nist::Two),
        Self::Nist(Nist::Three),
        Self::Nist(Nist::Four),
        Self::Nsis(Nsis::Low),
        Self::Nsis(Nsis::Substantial),
        Self::Nsis(Nsis::High),
    ];

    /// Its scale.
    pub fn scale(self) -> Scale {
        match self {
            Self::Nist(_) => Scale::Nist,
            Self::Nsis(_) => Scale::Nsis,
        }
    }

    /// The AuthnContextClassRef.
    pub fn class_ref(self) -> String {
        match self {
            Self::Nist(level) => format!("{NIST_REF}{}", level.digit()),
            Self::Nsis(level) => format!("{NSIS_REF}{}", level.word()),
        }
    }

    /// Reads one of the seven class refs; everything else is no level.
    pub fn from_class_ref(uri: &str) -> Option<Self> {
        if let Some(digit) = uri.strip_prefix(NIST_REF) {
            return Nist::parse(digit).map(Self::Nist);
        }
        uri.strip_prefix(NSIS_REF)
            .and_then(|word| Nsis::ALL.into_iter().find(|level| level.word() == word))
            .map(Self::Nsis)
    }

    /// The same need on another scale, by the published table.
    pub fn on(self, scale: Scale) -> Self {
        match (self, scale) {
            (Self::Nist(level), Scale::Nsis) => Self::Nsis(level.to_nsis()),
            (Self::Nsis(level), Scale::Nist) => Self::Nist(level.to_nist()),
            (same, _) => same,
        }
    }

    /// Whether this reached level is enough for `need`. An NSIS level counts for a NIST need by the
    /// published table; a NIST level never satisfies an NSIS need.
    pub fn satisfies(self, need: Self) -> bool {
        match (self, need) {
            (Self::Nist(reached), Self::Nist(need)) => reached >= need,
            (Self::Nsis(reached), Self::Nsis(need)) => reached >= need,
            (Self::Nsis(reached), Self::Nist(need)) => reached.to_nist() >= need,
            (Self::Nist(_), Self::Nsis(_)) => false,
        }
    }

    /// As staff say it in Danish: «NIST 3», «NSIS Betydelig».
    pub fn danish(self) -> String {
        match self {
            Self::Nist(level) => format!("NIST {}", level.digit()),
            Self::Nsis(level) => format!("NSIS {}", level.danish()),
        }
    }

    /// As staff say it in English: “NIST 3”, “NSIS Substantial”.
    pub fn english(self) -> String {
        match self {
            Self::Nist(level) => format!("NIST {}", level.digit()),
            Self::Nsis(level) => format!("NSIS {}", level.word()),
        }
    }
}

/// `1|2|3|4|Low|Substantial|High`, as in every report.
impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nist(level) => write!(f, "{}", level.digit()),
            Self::Nsis(level) => f.write_str(level.word()),
        }
    }
}

impl TryFrom<u8> for Nist {
    type Error = String;
    fn try_from(digit: u8) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|level| level.digit() == digit)
            .ok_or_else(|| format!("{digit} is not a NIST level: 1, 2, 3 or 4"))
    }
}

impl From<Nist> for u8 {
    fn from(level: Nist) -> u8 {
        level.digit()
    }
}

impl TryFrom<String> for Level {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Nist::parse(&text)
            .map(Self::Nist)
            .or_else(|| Nsis::parse(&text).map(Self::Nsis))
            .ok_or_else(|| format!("«{text}» is not a level: 1, 2, 3, 4, Low, Substantial or High"))
    }
}

impl From<Level> for String {
    fn from(level: Level) -> String {
        level.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nist_answer_never_satisfies_an_nsis_need() {
        for nist in Nist::ALL {
            for nsis in Nsis::ALL {
                assert!(!Level::Nist(nist).satisfies(Level::Nsis(nsis)));
            }
        }
    }

    #[test]
    fn an_nsis_answer_counts_for_a_nist_need_by_the_published_table() {
        let reached =
            |nsis: Nsis| Nist::ALL.map(|need| Level::Nsis(nsis).satisfies(Level::Nist(need)));
        assert_eq!(reached(Nsis::Low), [true, true, false, false]);
        assert_eq!(reached(Nsis::Substantial), [true, true, true, false]);
        assert_eq!(reached(Nsis::High), [true, true, true, true]);
    }

    #[test]
    fn needs_convert_by_the_published_table() {
        assert_eq!(
            Nist::ALL.map(Nist::to_nsis),
            [Nsis::Low, Nsis::Low, Nsis::Substantial, Nsis::High]
        );
        assert_eq!(
            Nsis::ALL.map(Nsis::to_nist),
            [Nist::Two, Nist::Three, Nist::Four]
        );
    }

    #[test]
    fn exactly_seven_class_refs_are_levels() {
        for level in Level::ALL {
            assert_eq!(Level::from_class_ref(&level.class_ref()), Some(level));
        }
        for other in [
            "http://schemas.microsoft.com/claims/multipleauthn",
            "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
            "https://data.gov.dk/concept/core/nsis",
            "https://data.gov.dk/concept/core/nsis/loa/low",
            "urn:dk:gov:saml:attribute:AssuranceLevel:5",
            "urn:dk:gov:saml:attribute:AssuranceLevel:33",
            "https://data.gov.dk/eid/Professional",
            "",
        ] {
            assert_eq!(Level::from_class_ref(other), None, "{other}");
        }
    }

    #[test]
    fn levels_read_what_they_print() {
        for level in Level::ALL {
            assert_eq!(Level::try_from(level.to_string()), Ok(level));
        }
        assert!(Level::try_from("5".to_owned()).is_err());
    }
}
