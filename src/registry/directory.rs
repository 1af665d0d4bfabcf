//! The registered roles and users as the hub looks them up.

use super::content::Others;
use super::object::{self, Object};
use super::{Content, Kind};
use crate::hub::roles::{
    Claim, DataRestriction, Directory, JobFunctionRole, LookUp, RoleMapping, RoleMappings,
};
use crate::oiosaml::Cvr;

/// What is registered of them, as it is stored: one is read when somebody with it logs in.
struct Stored {
    roles: Option<Others>,
    users: Option<Others>,
}

impl Content {
    /// The registered roles and users.
    pub(super) fn directory(&self) -> Directory {
        Directory::new(Stored {
            roles: self.others.get(&Kind::JobFunctionRole).cloned(),
            users: self.others.get(&Kind::User).cloned(),
        })
    }
}

impl LookUp for Stored {
    fn job_function_role(&self, id: &str) -> Option<JobFunctionRole> {
        let role: object::JobFunctionRole = read(self.roles.as_ref(), id)?;
        let delegated_to = role.delegeret_til.into_iter();
        Some(JobFunctionRole {
            context: role.anvenderkontekst.map(|context| context.cvr),
            delegated_to: delegated_to.map(|context| context.cvr).collect(),
        })
    }

    fn claims(&self, authority: &Cvr, id: &str) -> Vec<Claim> {
        let user: Option<object::User> =
            read(self.users.as_ref(), &object::User::key(authority, id));
        let claims = user.into_iter().flat_map(|user| user.claims);
        let claim = |claim: object::KeyValue| Claim {
            key: claim.key,
            value: claim.value,
        };
        claims.map(claim).collect()
    }
}

/// What is stored was judged before; a text that cannot be read is none.
fn read<T: Object>(all: Option<&Others>, id: &str) -> Option<T> {
    serde_json::from_str(all?.get(id)?).ok()
}

/// A system's mappings as the hub uses them.
pub(super) fn mappings(registered: &[object::RoleMapping]) -> RoleMappings {
    let restriction = |restriction: &object::DataRestriction| DataRestriction {
        kind: restriction.dataafgraensningstype_id.clone(),
        values: restriction.values.clone(),
    };
    let mapping = |mapping: &object::RoleMapping| RoleMapping {
        id: mapping.id.clone(),
        job_function_role: mapping.jobfunktionsrolle_id.clone(),
        user_system_role: mapping.brugersystemrolle_id.clone(),
        restrictions: mapping.dataafgraensninger.iter().map(restriction).collect(),
    };
    registered.iter().map(mapping).collect()
}
