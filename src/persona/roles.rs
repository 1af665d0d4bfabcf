//! The job function roles of a person, as their municipality's IdP states them.

use crate::config::{Person, PersonRole};
use crate::oiosaml::privileges::{BppVersion, Constraint, PrivilegeGroup, Scope};
use crate::oiosaml::{Cvr, PrivilegeList};

/// The value of the attribute: a group for each role, in the order of the file. None for somebody without roles, who gets
/// no attribute (BPP 1.0.1: “MUST omit”). `own` is the organisation that the IdP speaks for.
#[doc(alias = "jobfunktionsroller")]
pub fn stated(person: &Person, own: &Cvr, version: BppVersion) -> Option<String> {
    let groups = person.roles.iter().map(|role| group(role, own));
    let list = PrivilegeList {
        version,
        groups: groups.collect(),
    };
    list.write()
}

fn group(held: &PersonRole, own: &Cvr) -> PrivilegeGroup {
    let constraints = held.constraints.iter().map(|constraint| Constraint {
        name: constraint.name.clone(),
        value: constraint.value.clone(),
    });
    PrivilegeGroup {
        scope: Scope::Cvr(held.scope.as_ref().unwrap_or(own).clone()),
        privileges: vec![held.role.clone()],
        constraints: constraints.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(roles: &str) -> Person {
        let text = format!("id = \"p\"\nname = \"P\"\nuuid = \"u\"\nemail = \"e\"\n{roles}");
        toml::from_str(&text).expect("a person")
    }

    #[test]
    fn each_role_is_a_group_and_its_scope_the_idps_own_unless_another_is_named() {
        let person = person(
            r#"roles = [
    { role = "http://a.example/roles/jobrole/a/1", constraints = [
        { name = "http://a.example/kle/1/parametric", value = "98.10.*" },
        { name = "http://a.example/note/1/parametric", value = "" },
    ] },
    { role = "http://b.example/roles/jobrole/b/1", scope = "22222222" },
]"#,
        );
        let own = Cvr::parse("11111111").expect("a CVR");
        for version in BppVersion::ALL {
            let value = stated(&person, &own, version).expect("roles");
            let list = PrivilegeList::read(&value).expect("a list");
            assert_eq!(list.version, version);
            let told = |group: &PrivilegeGroup| {
                let constraints = group.constraints.iter();
                let constraints = constraints.map(|one| format!("{}={}", one.name, one.value));
                (
                    group.scope.to_string(),
                    group.privileges.clone(),
                    constraints.collect::<Vec<_>>(),
                )
            };
            let told: Vec<_> = list.groups.iter().map(told).collect();
            assert_eq!(
                told,
                [
                    (
                        "urn:dk:gov:saml:cvrNumberIdentifier:11111111".to_owned(),
                        vec!["http://a.example/roles/jobrole/a/1".to_owned()],
                        vec![
                            "http://a.example/kle/1/parametric=98.10.*".to_owned(),
                            "http://a.example/note/1/parametric=".to_owned()
                        ]
                    ),
                    (
                        "urn:dk:gov:saml:cvrNumberIdentifier:22222222".to_owned(),
                        vec!["http://b.example/roles/jobrole/b/1".to_owned()],
                        Vec::new()
                    ),
                ]
            );
        }
    }

    #[test]
    fn whoever_has_no_roles_gets_no_attribute() {
        let own = Cvr::parse("11111111").expect("a CVR");
        for version in BppVersion::ALL {
            assert_eq!(stated(&person(""), &own, version), None);
        }
    }
}
