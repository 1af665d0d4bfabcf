//! What OIOSAML and KOMBIT's profile add to SAML: assurance levels, the six request profiles, attribute
//! names, the NameID of the federation, and its lists of privileges. Tables, each in one place.

pub mod attributes;
pub mod level;
pub mod mask;
pub mod name_id;
pub mod phrases;
pub mod privileges;
pub mod request_profile;

pub use attributes::AttributeProfile;
pub use level::{Level, Nist, Nsis, Scale};
pub use name_id::{NameIdError, SubjectName};
pub use privileges::{PrivilegeError, PrivilegeList};
pub use request_profile::{Ask, RequestProfile};

/// The budget of a value of the user's identity that is passed on to a system, in bytes: the NameID with its format
/// and qualifiers, and each value of [`attributes::PASSED_ON`]. An e-mail address has at most 320 (RFC 5321
/// §4.5.3.1), a NameID of the federation with the longest name some 600; systems keep them in columns of a
/// database and in headers, and no IdP has a reason to send more.
pub const IDENTITY_VALUE: usize = 1024;

/// A CVR number: the eight digits that name an organisation (here often: the anvenderkontekst).
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "String")]
#[doc(alias = "anvenderkontekst")]
pub struct Cvr(String);

impl Cvr {
    /// Reads eight digits.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit())).then(|| Self(text.to_owned()))
    }
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Cvr {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("«{text}» is not a CVR number: eight digits"))
    }
}

impl From<Cvr> for String {
    fn from(cvr: Cvr) -> Self {
        cvr.0
    }
}

impl std::fmt::Display for Cvr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The OIOSAML version that a user-facing system speaks (`BrugervendtSystem.OIOSAMLProfile`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum OiosamlVersion {
    /// OIOSAML 2.
    #[serde(rename = "OIOSAML2")]
    V2,
    /// OIOSAML 3.
    #[serde(rename = "OIOSAML3")]
    V3,
}

impl OiosamlVersion {
    /// The value on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2 => "OIOSAML2",
            Self::V3 => "OIOSAML3",
        }
    }
}
