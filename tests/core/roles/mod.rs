//! Roles: what an IdP states, and what a system gets of it.

mod attacks;
mod claims;
mod passed_on;
mod properties;
mod sample;
mod translation;

use std::collections::BTreeMap;
use std::sync::Arc;
use vejviser::hub::roles::{
    Claim, DataRestriction, Directory, Giver, GroupStory, JobFunctionRole, LookUp, RoleMapping,
    RoleMappings, RoleRule, RoleSettings, translate,
};
use vejviser::oiosaml::privileges::{BppVersion, Constraint, PrivilegeGroup, Scope};
use vejviser::oiosaml::{Cvr, PrivilegeList};
use vejviser::saml::Assertion;

/// The user's own municipality, and another.
pub const OWN: &str = "11111111";
pub const OTHER: &str = "22222222";

/// A group: scope, job function role, constraints.
pub type Group<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

/// A list of these groups.
pub fn list(groups: &[Group<'_>]) -> PrivilegeList {
    let group = |(scope, role, constraints): &Group<'_>| PrivilegeGroup {
        scope: match Cvr::parse(scope) {
            Some(cvr) => Scope::Cvr(cvr),
            None => Scope::parse(scope).unwrap(),
        },
        privileges: vec![(*role).to_owned()],
        constraints: constraints
            .iter()
            .map(|(name, value)| Constraint {
                name: (*name).to_owned(),
                value: (*value).to_owned(),
            })
            .collect(),
    };
    PrivilegeList {
        version: BppVersion::V1_1,
        groups: groups.iter().map(group).collect(),
    }
}

/// A mapping: from, to, restrictions with their values.
pub type Mapping<'a> = (&'a str, &'a str, &'a [(&'a str, &'a [&'a str])]);

pub fn mappings(all: &[Mapping<'_>]) -> RoleMappings {
    let mapping = |(from, to, restrictions): &Mapping<'_>| RoleMapping {
        id: format!("{from}→{to}"),
        job_function_role: (*from).to_owned(),
        user_system_role: (*to).to_owned(),
        restrictions: restrictions
            .iter()
            .map(|(kind, values)| DataRestriction {
                kind: (*kind).to_owned(),
                values: values.iter().map(|value| (*value).to_owned()).collect(),
            })
            .collect(),
    };
    all.iter().map(mapping).collect()
}

/// Any mapping at all.
pub fn mapped() -> Arc<RoleMappings> {
    Arc::new(mappings(&[("job", "role", &[])]))
}

/// What is registered.
#[derive(Debug, Clone, Default)]
pub struct Register {
    pub roles: BTreeMap<String, JobFunctionRole>,
    pub users: BTreeMap<(String, String), Vec<(String, String)>>,
}

impl Register {
    /// Roles, each with its owner and those that it is delegated to.
    pub fn of(roles: &[(&str, Option<&str>, &[&str])]) -> Self {
        let cvr = |text: &str| Cvr::parse(text).unwrap();
        let role = |(id, context, delegated_to): &(&str, Option<&str>, &[&str])| {
            let role = JobFunctionRole {
                context: context.map(cvr),
                delegated_to: delegated_to.iter().map(|text| cvr(text)).collect(),
            };
            ((*id).to_owned(), role)
        };
        Self {
            roles: roles.iter().map(role).collect(),
            users: BTreeMap::new(),
        }
    }

    pub fn directory(&self) -> Directory {
        Directory::new(self.clone())
    }
}

impl LookUp for Register {
    fn job_function_role(&self, id: &str) -> Option<JobFunctionRole> {
        self.roles.get(id).cloned()
    }
    fn claims(&self, authority: &Cvr, id: &str) -> Vec<Claim> {
        let key = (authority.to_string(), id.to_owned());
        let claims = self.users.get(&key).into_iter().flatten().cloned();
        claims.map(|(key, value)| Claim { key, value }).collect()
    }
}

/// An assertion that says nothing.
pub fn silent() -> Assertion {
    let mut world = crate::support::world::World::plain();
    let asked = world.asked();
    let mut assertion = world.assertion(&asked);
    assertion.attributes.clear();
    assertion
}

/// Who gives roles in these tests: an IdP that speaks for [`OWN`], of a user there.
pub struct World {
    pub register: Directory,
    pub settings: RoleSettings,
    pub attributes: Assertion,
}

impl World {
    pub fn of(register: &Register) -> Self {
        Self {
            register: register.directory(),
            settings: RoleSettings::default(),
            attributes: silent(),
        }
    }

    pub fn translate(
        &self,
        list: &PrivilegeList,
        mappings: &RoleMappings,
    ) -> (Vec<PrivilegeGroup>, Vec<GroupStory>) {
        let own = Cvr::parse(OWN).unwrap();
        let giver = Giver {
            contexts: std::slice::from_ref(&own),
            user: &own,
            attributes: &self.attributes,
            directory: &self.register,
            settings: &self.settings,
        };
        translate(list, mappings, &giver)
    }
}

/// The rules that decided, in order.
pub fn rules(stories: &[GroupStory]) -> Vec<RoleRule> {
    let rows = stories.iter().flat_map(|group| &group.roles);
    rows.map(|row| row.rule).collect()
}

/// Groups as text: `scope role name=value …`.
pub fn text(groups: &[PrivilegeGroup]) -> Vec<String> {
    let group = |group: &PrivilegeGroup| {
        let scope = match &group.scope {
            Scope::Cvr(cvr) => cvr.to_string(),
            other => other.to_string(),
        };
        let constraints = group.constraints.iter();
        let constraints = constraints.map(|one| format!(" {}={}", one.name, one.value));
        format!(
            "{scope} {}{}",
            group.privileges.join("+"),
            constraints.collect::<String>()
        )
    };
    groups.iter().map(group).collect()
}
