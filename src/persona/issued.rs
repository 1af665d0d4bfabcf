//! What a demo system learns of the user's roles: the user system roles that the hub issued, as its page shows them.

use super::page::{ConstraintRow, RoleRow, RolesFault, RolesGot};
use crate::oiosaml::PrivilegeList;
use crate::oiosaml::attributes::PRIVILEGES;
use crate::oiosaml::privileges::{PrivilegeGroup, Scope};
use crate::saml::Attribute;

/// Whether an attribute of this name has the roles. A system that reads no other one than its own would not see what is wrong.
pub fn is_roles(name: &str) -> bool {
    PRIVILEGES.contains(&name)
}

/// The roles among the attributes of an assertion.
pub fn of(attributes: &[Attribute]) -> RolesGot {
    let found = attributes.iter().filter(|one| is_roles(&one.name));
    let values: Vec<&str> = found
        .flat_map(|attribute| match attribute.values.as_slice() {
            // It is there, and has nothing in it.
            [] => vec![""],
            values => values.iter().map(String::as_str).collect(),
        })
        .collect();
    match values.as_slice() {
        [] => RolesGot::default(),
        [value] => match PrivilegeList::read(value) {
            Ok(list) => RolesGot {
                rows: list.groups.iter().flat_map(rows).collect(),
                fault: None,
            },
            Err(error) => unreadable(error.to_string(), error.fault.why()),
        },
        several => unreadable(
            format!("there are {} lists of privileges", several.len()),
            "BPP 1.0.1: one attribute with one value",
        ),
    }
}

fn unreadable(what: String, why: &'static str) -> RolesGot {
    RolesGot {
        rows: Vec::new(),
        fault: Some(RolesFault { what, why }),
    }
}

/// A row for each privilege of a group: the constraints narrow all of them.
fn rows(group: &PrivilegeGroup) -> impl Iterator<Item = RoleRow> {
    let (scope, ignored) = match &group.scope {
        Scope::Cvr(cvr) => (cvr.to_string(), false),
        scope @ Scope::Other(_) => (scope.to_string(), true),
        scope => (scope.to_string(), false),
    };
    group.privileges.iter().map(move |role| {
        let constraints = group.constraints.iter().map(|one| ConstraintRow {
            name: one.name.clone(),
            value: one.value.clone(),
        });
        RoleRow {
            scope: scope.clone(),
            ignored,
            role: role.clone(),
            constraints: constraints.collect(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::page::{Language, Text};
    use crate::oiosaml::attributes::{PRIVILEGES_2, PRIVILEGES_3};
    use crate::oiosaml::privileges::{BppVersion, Constraint};
    use crate::persona::page::{AttributeRow, WelcomePage};
    use askama::Template;

    const ROLE: &str = "http://system.example/roles/usersystemrole/se/1";
    const KLE: &str = "http://system.example/constraints/KLE/1";

    /// A list with these scopes, each with one role and two values of one constraint.
    fn list(scopes: &[&str]) -> String {
        let constraint = |value: &str| Constraint {
            name: KLE.into(),
            value: value.into(),
        };
        let groups = scopes.iter().map(|scope| PrivilegeGroup {
            scope: Scope::parse(scope).expect("a scope"),
            privileges: vec![ROLE.into()],
            constraints: vec![constraint("98.10.*"), constraint("<98.20.*>")],
        });
        let list = PrivilegeList {
            version: BppVersion::V1_2,
            groups: groups.collect(),
        };
        list.write().expect("groups")
    }

    /// What is made of attributes of these names and values.
    fn got(attributes: &[(&str, &[&str])]) -> (RolesGot, Vec<AttributeRow>) {
        let attribute = |(name, values): &(&str, &[&str])| Attribute {
            name: (*name).to_owned(),
            name_format: None,
            friendly_name: None,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let attributes: Vec<Attribute> = attributes.iter().map(attribute).collect();
        let rows = attributes.iter().map(|attribute| AttributeRow {
            name: attribute.name.clone(),
            values: attribute.values.clone(),
        });
        let rows = rows.collect();
        (of(&attributes), rows)
    }

    fn page(attributes: &[(&str, &[&str])], language: Language) -> String {
        let (roles, attributes) = got(attributes);
        let page = WelcomePage {
            t: Text::of(language),
            base: "",
            title: "Sagssystemet",
            name: "Anna",
            name_id: "C=DK,O=22222222,CN=Anna,Serial=1",
            level_text: "Betydelig",
            level: "Substantial",
            class_ref: "",
            authority: "",
            roles: &roles,
            attributes: &attributes,
            everywhere: true,
        };
        page.render().expect("a page")
    }

    const OWN: &str = "urn:dk:gov:saml:cvrNumberIdentifier:22222222";

    #[test]
    fn the_page_has_a_table_of_them_and_not_their_base64() {
        let value = list(&[OWN, "urn:dk:gov:saml:cvrNumberIdentifier:11111111"]);
        for name in PRIVILEGES {
            let page = page(&[(name, &[&value])], Language::Danish);
            for part in [
                "<section id=\"roles\" data-roles=\"list\"",
                "<h2>Brugersystemroller</h2>",
                "<th scope=\"col\">Gælder for</th><th scope=\"col\">Brugersystemrolle</th><th scope=\"col\">Dataafgrænsning</th>",
                "<tr class=\"role\" data-scope=\"22222222\" data-role=\"http://system.example/roles/usersystemrole/se/1\">",
                "<tr class=\"role\" data-scope=\"11111111\"",
                "<div class=\"constraint\" data-name=\"http://system.example/constraints/KLE/1\" data-value=\"98.10.*\">",
                "98.20.*&#62;",
                &format!("se ovenfor ({} tegn base64)", value.len()),
            ] {
                assert!(page.contains(part), "{part}: {page}");
            }
            assert!(!page.contains(&value) && !page.contains("<98.20"));
        }
        let english = page(&[(PRIVILEGES_3, &[&value])], Language::English);
        assert!(english.contains("User system roles (brugersystemroller)"));
    }

    #[test]
    fn no_roles_are_told_in_a_sentence() {
        let page = page(&[("a", &["b"])], Language::Danish);
        assert!(page.contains("<section id=\"roles\" data-roles=\"none\""));
        assert!(page.contains("Der kom ingen roller med. Forløbet hos hubben siger hvorfor."));
        assert!(!page.contains("class=\"role\"") && page.contains("<span>b</span>"));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let empty = crate::dsig::base64::encode(
            br#"<p:PrivilegeList xmlns:p="http://digst.dk/oiosaml/basic_privilege_profile"/>"#,
        );
        let good = list(&[OWN]);
        for (values, why) in [
            (&["no base64!"][..], "the value is not base64"),
            (&[empty.as_str()], "the list has no PrivilegeGroup"),
            (&[], "BPP 1.0.1: the list is an XML document"),
            (
                &[good.as_str(), good.as_str()],
                "there are 2 lists of privileges",
            ),
        ] {
            let page = page(&[(PRIVILEGES_2, values)], Language::Danish);
            assert!(page.contains("data-roles=\"unreadable\""), "{values:?}");
            assert!(page.contains(why), "{why}: {page}");
            assert!(!page.contains("class=\"role\"") && !page.contains(&good));
        }
        let (twice, _) = got(&[(PRIVILEGES_2, &[&good]), (PRIVILEGES_3, &[&good])]);
        assert!(twice.fault.is_some());
    }

    #[test]
    fn a_scope_of_an_unknown_kind_is_ignored_and_told() {
        let (roles, _) = got(&[(PRIVILEGES_3, &[&list(&["urn:other:1", OWN])])]);
        let ignored: Vec<bool> = roles.rows.iter().map(|row| row.ignored).collect();
        assert_eq!(ignored, [true, false]);
        let value = list(&["urn:other:1"]);
        let page = page(&[(PRIVILEGES_3, &[&value])], Language::English);
        assert!(page.contains("ignored: for something that the profile does not name"));
    }
}
