//! `IdentityProvider` of CH.json.

use super::{Body, Object, SamlMetadata, USER_CONTEXTS, UserContext};
use crate::hub;
use crate::oiosaml::RequestProfile;
use crate::registry::Kind;
use crate::registry::shape::{self, Shape, Value, may, must};
use serde::{Deserialize, Serialize};

/// As it is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct IdentityProvider {
    /// The entityID.
    pub id: String,
    /// Whose users it logs in; without any, it is inactive.
    #[serde(default)]
    pub anvenderkontekster: Vec<UserContext>,
    /// The highest NIST level it issues, 1–4.
    pub assurance_level: u8,
    /// A description for those who administer.
    pub beskrivelse: String,
    /// Whether it issues job function roles.
    pub kender_roller: bool,
    /// Whether it is for mobile use.
    pub mobilvenlig: bool,
    /// Whether it is sent Scoping.
    #[serde(default)]
    pub supports_scope: bool,
    /// Whether it can raise a level.
    #[serde(default)]
    pub supports_step_up: StepUp,
    /// What people choose it by.
    pub praesentationsnavn: String,
    /// Its metadata.
    pub saml_metadata: SamlMetadata,
    /// Users who come from here are sent to it.
    #[serde(default)]
    pub ip_adresser: Vec<String>,
    /// How it is asked for a level.
    #[serde(rename = "OIOSAMLProfile")]
    pub oiosaml_profile: RequestProfile,
    /// The URI of the highest NSIS level it issues, or empty. Ignored when the profile is OIOSAML2.
    #[serde(default, rename = "NSISAssuranceLevel")]
    pub nsis_assurance_level: String,
}

/// `SupportsStepUp`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum StepUp {
    /// The default.
    #[default]
    #[serde(rename = "NOT_SUPPORTED")]
    NotSupported,
    /// It can.
    #[serde(rename = "SUPPORTED")]
    Supported,
}

impl Body for IdentityProvider {
    const SHAPE: &'static Shape = &Shape {
        name: "IdentityProvider",
        fields: &[
            must("Id", Value::Id),
            may("Anvenderkontekster", USER_CONTEXTS),
            must("AssuranceLevel", Value::Whole(1, 4)),
            must("Beskrivelse", Value::Text),
            must("KenderRoller", Value::Bool),
            must("Mobilvenlig", Value::Bool),
            may("SupportsScope", Value::Bool),
            may("SupportsStepUp", StepUp::WORDS),
            must("Praesentationsnavn", Value::Id),
            must("SamlMetadata", Value::Object(SamlMetadata::SHAPE)),
            may("IpAdresser", Value::List(&Value::Ip)),
            must("OIOSAMLProfile", IdentityProvider::PROFILES),
            may("NSISAssuranceLevel", Value::Nsis),
        ],
    };
}

impl Object for IdentityProvider {
    const KIND: Kind = Kind::IdentityProvider;
    fn id(&self) -> String {
        self.id.clone()
    }
}

impl StepUp {
    /// The words of the interface.
    pub const WORDS: Value = Value::Word(&["NOT_SUPPORTED", "SUPPORTED"]);
}

impl IdentityProvider {
    /// The six profiles.
    pub const PROFILES: Value = Value::Word(&[
        "OIOSAML2",
        "OIOSAML2_ADFS_MULTIPLEAUTHN",
        "OIOSAML2_WITHOUT_REQUESTED_LOA",
        "OIOSAML3",
        "OIOSAML3_ADFS_MULTIPLEAUTHN",
        "OIOSAML3_ADFS_RELAY_STATE",
    ]);

    /// As one that the hub serves is registered.
    pub fn of(served: &hub::IdentityProvider, saml_metadata: SamlMetadata) -> Self {
        let contexts = served.user_contexts.iter();
        Self {
            id: served.id.clone(),
            anvenderkontekster: contexts
                .map(|cvr| UserContext { cvr: cvr.clone() })
                .collect(),
            assurance_level: served.assurance_level.digit(),
            beskrivelse: served.description.clone(),
            kender_roller: served.knows_roles,
            mobilvenlig: served.mobile_friendly,
            supports_scope: served.supports_scope,
            supports_step_up: match served.supports_step_up {
                true => StepUp::Supported,
                false => StepUp::NotSupported,
            },
            praesentationsnavn: served.presentation_name.clone(),
            saml_metadata,
            ip_adresser: served
                .ip_addresses
                .iter()
                .map(ToString::to_string)
                .collect(),
            oiosaml_profile: served.oiosaml_profile,
            nsis_assurance_level: served
                .nsis_assurance_level
                .map_or_else(String::new, shape::nsis_uri),
        }
    }
}
