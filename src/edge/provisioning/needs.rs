//! What systems of both kinds have in common, SAML's and OpenID Connect's: a level that they need, on one of two scales, and
//! role mappings.

use super::values::{mapping_id, merge, nsis, number, remove_item};
use crate::registry::Refusal;
use crate::registry::object::{OidcSystem, RoleMapping, UserFacingSystem, read_list};
use crate::registry::shape::Value;
use serde_json::Value as Json;

/// A system of either kind.
pub trait Needs {
    /// `AssuranceLevel`, `NSISAssuranceLevel` and `RoleMappings`.
    fn parts(&mut self) -> (&mut u8, &mut String, &mut Vec<RoleMapping>);
}

impl Needs for UserFacingSystem {
    fn parts(&mut self) -> (&mut u8, &mut String, &mut Vec<RoleMapping>) {
        (
            &mut self.assurance_level,
            &mut self.nsis_assurance_level,
            &mut self.role_mappings,
        )
    }
}

impl Needs for OidcSystem {
    fn parts(&mut self) -> (&mut u8, &mut String, &mut Vec<RoleMapping>) {
        (
            &mut self.assurance_level,
            &mut self.nsis_assurance_level,
            &mut self.role_mappings,
        )
    }
}

/// Sets the NIST level. “For OIOSAML3 profile, the NSISAssuranceLevel attribute will be reset to empty.”
pub fn set_nist(system: &mut impl Needs, value: &str) -> Result<(), Refusal> {
    let (nist, nsis, _) = system.parts();
    *nist = number("AssuranceLevel", value, Value::Whole(1, 4))?;
    nsis.clear();
    Ok(())
}

/// Sets the NSIS level. “The AssuranceLevel attribute will be reset to 0.”
pub fn set_nsis(system: &mut impl Needs, value: &str) -> Result<(), Refusal> {
    let (nist, level, _) = system.parts();
    *level = nsis("NSISAssuranceLevel", value)?;
    *nist = 0;
    Ok(())
}

/// Adds role mappings; one with the same id takes the old one's place.
pub fn add_role_mappings(system: &mut impl Needs, body: Json) -> Result<(), Refusal> {
    let more = read_list::<RoleMapping>(body)?;
    merge(system.parts().2, more, mapping_id);
    Ok(())
}

/// Removes a role mapping, whose id stands in a path.
pub fn remove_role_mapping(system: &mut impl Needs, item: &str) -> Result<(), Refusal> {
    remove_item(system.parts().2, item, mapping_id)
}
