//! `BrugervendtSystem` of CH.json.

use super::roles::{mappings_contradict, mappings_fit};
use super::{Body, Object, RoleMapping, SamlMetadata};
use crate::hub;
use crate::oiosaml::{AttributeProfile, Cvr, Level, Nist, OiosamlVersion};
use crate::registry::shape::{self, Shape, Value, may, must};
use crate::registry::{Content, Judge, Kind, Reason};
use serde::{Deserialize, Serialize};

/// As it is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[doc(alias = "BrugervendtSystem")]
pub struct UserFacingSystem {
    /// The entityID.
    pub id: String,
    /// The NIST level it needs, 1–4; 0 where none is specified, as the switch of profiles leaves it.
    #[serde(default)]
    pub assurance_level: u8,
    /// Which attributes it gets; empty means KOMBIT.
    #[serde(default)]
    pub attribute_profile: String,
    /// Its metadata.
    pub saml_metadata: SamlMetadata,
    /// What job function roles become here.
    #[serde(default)]
    pub role_mappings: Vec<RoleMapping>,
    /// Its owner.
    pub cvr: Cvr,
    /// Which OIOSAML it speaks.
    #[serde(rename = "OIOSAMLProfile")]
    pub oiosaml_profile: OiosamlVersion,
    /// The URI of the NSIS level it needs, or empty.
    #[serde(default, rename = "NSISAssuranceLevel")]
    pub nsis_assurance_level: String,
}

impl Body for UserFacingSystem {
    const SHAPE: &'static Shape = &Shape {
        name: "BrugervendtSystem",
        fields: &[
            must("Id", Value::Id),
            may("AssuranceLevel", Value::Whole(0, 4)),
            may("AttributeProfile", UserFacingSystem::ATTRIBUTE_PROFILES),
            must("SamlMetadata", Value::Object(SamlMetadata::SHAPE)),
            may(
                "RoleMappings",
                Value::List(&Value::Object(RoleMapping::SHAPE)),
            ),
            must("Cvr", Value::Cvr),
            must("OIOSAMLProfile", UserFacingSystem::PROFILES),
            may("NSISAssuranceLevel", Value::Nsis),
        ],
    };

    fn contradictions(&self, reasons: &mut Vec<Reason>) {
        mappings_contradict(&self.role_mappings, reasons);
        let (nist, nsis) = (
            self.assurance_level > 0,
            !self.nsis_assurance_level.is_empty(),
        );
        match self.oiosaml_profile {
            OiosamlVersion::V2 if nsis => reasons.push(Reason::new(
                "NSISAssuranceLevel: skal være tom, når OIOSAMLProfile er OIOSAML2",
                "NSISAssuranceLevel: must be empty when OIOSAMLProfile is OIOSAML2",
            )),
            _ => {}
        }
        match self.oiosaml_profile {
            OiosamlVersion::V2 if !nist => reasons.push(Reason::new(
                "AssuranceLevel: skal være 1–4, når OIOSAMLProfile er OIOSAML2",
                "AssuranceLevel: must be 1–4 when OIOSAMLProfile is OIOSAML2",
            )),
            OiosamlVersion::V3 if !nist && !nsis => reasons.push(Reason::new(
                "NSISAssuranceLevel: mangler; uden det skal AssuranceLevel være 1–4",
                "NSISAssuranceLevel: is missing; without it AssuranceLevel must be 1–4",
            )),
            _ => {}
        }
    }
}

impl Object for UserFacingSystem {
    const KIND: Kind = Kind::System;
    fn id(&self) -> String {
        self.id.clone()
    }
    fn fits(&self, others: &Content, _: &Judge, reasons: &mut Vec<Reason>) {
        mappings_fit(&self.id, &self.role_mappings, others, reasons);
    }
}

impl UserFacingSystem {
    /// The two profiles.
    pub const PROFILES: Value = Value::Word(&["OIOSAML2", "OIOSAML3"]);
    /// The three attribute profiles; empty means the first.
    pub const ATTRIBUTE_PROFILES: Value =
        Value::Word(&["KOMBIT", "SEB", "KOMBIT_WITHOUT_PERSONAL_DATA", ""]);

    /// As one that the hub serves is registered.
    pub fn of(served: &hub::UserFacingSystem, saml_metadata: SamlMetadata) -> Self {
        let (nist, nsis) = match served.required_level {
            Level::Nist(level) => (level.digit(), String::new()),
            Level::Nsis(level) => (0, shape::nsis_uri(level)),
        };
        Self {
            id: served.id.clone(),
            assurance_level: nist,
            attribute_profile: served.attribute_profile.as_str().to_owned(),
            saml_metadata,
            role_mappings: Vec::new(),
            cvr: served.cvr.clone(),
            oiosaml_profile: served.oiosaml_profile,
            nsis_assurance_level: nsis,
        }
    }

    /// The level that it needs: NSIS where it is given.
    pub fn required_level(&self) -> Option<Level> {
        let nsis = shape::nsis(&self.nsis_assurance_level).map(Level::Nsis);
        nsis.or_else(|| Nist::try_from(self.assurance_level).ok().map(Level::Nist))
    }

    /// Which attributes it gets.
    pub fn attributes(&self) -> AttributeProfile {
        let mut known = AttributeProfile::ALL.into_iter();
        let named = known.find(|known| known.as_str() == self.attribute_profile);
        named.unwrap_or_default()
    }

    /// The switch of profiles, with CH.json's processing rules (`PUT /BrugervendteSystemer/{id}/OIOSAMLProfile/{value}`): the
    /// level goes along by the published table, and the other one is reset. To the profile that it has nothing changes.
    pub fn switch_to(&mut self, profile: OiosamlVersion) {
        if self.oiosaml_profile == profile {
            return;
        }
        self.oiosaml_profile = profile;
        match profile {
            OiosamlVersion::V3 => {
                if let Ok(level) = Nist::try_from(self.assurance_level) {
                    self.nsis_assurance_level = shape::nsis_uri(level.to_nsis());
                }
                self.assurance_level = 0;
            }
            OiosamlVersion::V2 => {
                if let Some(level) = shape::nsis(&self.nsis_assurance_level) {
                    self.assurance_level = level.to_nist().digit();
                }
                self.nsis_assurance_level = String::new();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::object::read;
    use serde_json::json;

    fn body(profile: &str, nist: Option<u8>, nsis: Option<&str>) -> serde_json::Value {
        json!({ "Id": "https://a.example", "Cvr": "55555555", "OIOSAMLProfile": profile, "AssuranceLevel": nist,
            "NSISAssuranceLevel": nsis.map(|word| format!("https://data.gov.dk/concept/core/nsis/loa/{word}")),
            "SamlMetadata": { "MetadataUrl": "https://a.example/m" } })
    }

    fn system(
        profile: &str,
        nist: Option<u8>,
        nsis: Option<&str>,
    ) -> Result<UserFacingSystem, Vec<Reason>> {
        read(body(profile, nist, nsis))
    }

    #[test]
    fn each_profile_needs_a_level_and_oiosaml2_a_nist_level() {
        for (profile, nist, nsis, reasons) in [
            ("OIOSAML2", Some(3), None, 0),
            ("OIOSAML2", None, None, 1),
            ("OIOSAML2", Some(0), None, 1),
            ("OIOSAML2", Some(3), Some("Low"), 1),
            ("OIOSAML2", None, Some("Low"), 2),
            ("OIOSAML3", None, Some("Low"), 0),
            ("OIOSAML3", Some(3), None, 0),
            ("OIOSAML3", Some(0), Some("High"), 0),
            ("OIOSAML3", None, None, 1),
            ("OIOSAML3", Some(5), Some("High"), 1),
            ("OIOSAML4", Some(3), None, 1),
        ] {
            let found = system(profile, nist, nsis).map_or_else(|reasons| reasons.len(), |_| 0);
            assert_eq!(found, reasons, "{profile} {nist:?} {nsis:?}");
        }
    }

    #[test]
    fn the_switch_of_profiles_takes_the_level_along_by_the_published_table() {
        for (nist, nsis) in [(1, "Low"), (2, "Low"), (3, "Substantial"), (4, "High")] {
            let mut switched = system("OIOSAML2", Some(nist), None).unwrap();
            switched.switch_to(OiosamlVersion::V3);
            assert_eq!(switched.assurance_level, 0);
            assert!(switched.nsis_assurance_level.ends_with(nsis));
            let mut same = switched.clone();
            same.switch_to(OiosamlVersion::V3);
            assert_eq!(same, switched);
        }
        for (nsis, nist) in [("Low", 2), ("Substantial", 3), ("High", 4)] {
            let mut switched = system("OIOSAML3", None, Some(nsis)).unwrap();
            switched.switch_to(OiosamlVersion::V2);
            assert_eq!(
                (
                    switched.assurance_level,
                    switched.nsis_assurance_level.as_str()
                ),
                (nist, "")
            );
        }
        // With a NIST need there is nothing to convert on the way back.
        let mut kept = system("OIOSAML3", Some(3), None).unwrap();
        kept.switch_to(OiosamlVersion::V2);
        assert_eq!(kept.assurance_level, 3);
    }
}
