//! Attribute names of both OIOSAML versions (KOMBIT's attribute profile; sample messages of the real hub).

use super::OiosamlVersion;
use crate::saml::names::attribute_name_format;
use serde::{Deserialize, Serialize};

/// `BrugervendtSystem.AttributeProfile`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum AttributeProfile {
    /// The default.
    #[default]
    #[serde(rename = "KOMBIT")]
    Kombit,
    /// Adds what SEB needs: CPR and the persistent UUID, where the IdP sent them.
    #[serde(rename = "SEB")]
    Seb,
    /// Without e-mail.
    #[serde(rename = "KOMBIT_WITHOUT_PERSONAL_DATA")]
    KombitWithoutPersonalData,
}

impl AttributeProfile {
    /// All three, the default first.
    pub const ALL: [Self; 3] = [Self::Kombit, Self::Seb, Self::KombitWithoutPersonalData];

    /// The value on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kombit => "KOMBIT",
            Self::Seb => "SEB",
            Self::KombitWithoutPersonalData => "KOMBIT_WITHOUT_PERSONAL_DATA",
        }
    }
}

/// KOMBIT's profile version; the same name in both OIOSAML versions.
pub const KOMBIT_SPEC_VER: &str = "dk:gov:saml:attribute:KombitSpecVer";
/// The other spelling of it that is in use (FoxIDs).
pub const KOMBIT_SPEC_VER_URI: &str = "https://data.gov.dk/model/core/kombitSpecVer";
/// NIST level, OIOSAML2; OS2faktor sends it in OIOSAML3 too, for users without NSIS identity.
pub const ASSURANCE_LEVEL: &str = "dk:gov:saml:attribute:AssuranceLevel";
/// NSIS level, OIOSAML3.
pub const LOA: &str = "https://data.gov.dk/concept/core/nsis/loa";
/// CPR in its OIOSAML2 name, which OS2faktor sends under OIOSAML3 too.
pub const CPR_2: &str = "dk:gov:saml:attribute:CprNumberIdentifier";
/// CPR, OIOSAML3.
pub const CPR_3: &str = "https://data.gov.dk/model/core/eid/cprNumber";
/// Persistent UUID of a professional, OIOSAML3.
pub const UUID_PERSISTENT: &str = "https://data.gov.dk/model/core/eid/professional/uuid/persistent";
/// E-mail, OIOSAML3.
pub const EMAIL_3: &str = "https://data.gov.dk/model/core/eid/email";
/// E-mail, OIOSAML2.
pub const EMAIL_2: &str = "urn:oid:0.9.2342.19200300.100.1.3";
/// Name of the organisation, OIOSAML3.
pub const ORG_NAME_3: &str = "https://data.gov.dk/model/core/eid/professional/orgName";
/// Name of the organisation, OIOSAML2.
pub const ORG_NAME_2: &str = "urn:oid:2.5.4.10";
/// CVR, OIOSAML3.
pub const CVR_3: &str = "https://data.gov.dk/model/core/eid/professional/cvr";
/// CVR, OIOSAML2.
pub const CVR_2: &str = "dk:gov:saml:attribute:CvrNumberIdentifier";
/// Profile version, OIOSAML3.
pub const SPEC_VERSION_3: &str = "https://data.gov.dk/model/core/specVersion";
/// Profile version, OIOSAML2.
pub const SPEC_VERSION_2: &str = "dk:gov:saml:attribute:SpecVer";
/// The methods of a login, as AD FS states them where a claim rule passes them on.
pub const AUTHN_METHODS: &str = "http://schemas.microsoft.com/claims/authnmethodsreferences";
/// Privileges, OIOSAML3.
pub const PRIVILEGES_3: &str = "https://data.gov.dk/model/core/eid/privilegesIntermediate";
/// Privileges, OIOSAML2.
pub const PRIVILEGES_2: &str = "dk:gov:saml:attribute:Privileges_intermediate";
/// Both names of it: OS2faktor has sent that of OIOSAML2 in OIOSAML3 too.
pub const PRIVILEGES: [&str; 2] = [PRIVILEGES_3, PRIVILEGES_2];

/// The attributes whose values are passed on as the IdP stated them, where a system gets them; the others are the
/// hub's own words.
pub const PASSED_ON: [&str; 7] = [
    EMAIL_3,
    EMAIL_2,
    ORG_NAME_3,
    ORG_NAME_2,
    CPR_3,
    CPR_2,
    UUID_PERSISTENT,
];

impl OiosamlVersion {
    /// NameFormat of its attributes.
    pub fn name_format(self) -> &'static str {
        match self {
            Self::V2 => attribute_name_format::BASIC,
            Self::V3 => attribute_name_format::URI,
        }
    }
    /// Name and value of the profile version attribute.
    pub fn spec_version(self) -> (&'static str, &'static str) {
        match self {
            Self::V2 => (SPEC_VERSION_2, "DK-SAML-2.0"),
            Self::V3 => (SPEC_VERSION_3, "OIO-SAML-3.0"),
        }
    }
    /// Value of KombitSpecVer.
    pub fn kombit_spec_ver(self) -> &'static str {
        match self {
            Self::V2 => "1.0",
            Self::V3 => "2.0",
        }
    }
    /// Name of the attribute with the privileges.
    pub fn privileges(self) -> &'static str {
        match self {
            Self::V2 => PRIVILEGES_2,
            Self::V3 => PRIVILEGES_3,
        }
    }
    /// Name of the CVR attribute.
    pub fn cvr(self) -> &'static str {
        match self {
            Self::V2 => CVR_2,
            Self::V3 => CVR_3,
        }
    }
}
