//! The lists of privileges in the real hub's sample messages, read in place, and the one pair of them in which it translates
//! roles (domain.md §3.4).

use super::{Mapping, Register, World, mappings, rules};
use crate::support::shared;
use vejviser::hub::roles::{Giver, PrivilegeOrder, RoleRule, translate};
use vejviser::oiosaml::privileges::{BppVersion, Scope};
use vejviser::oiosaml::{Cvr, PrivilegeList, attributes};
use vejviser::saml::Assertion;
use vejviser::xml::{Document, SAML};

/// An assertion among the samples, and the value of its list in either name of it.
fn sample(name: &str) -> Option<(Assertion, String)> {
    let file = std::fs::read(shared("spec/messages")?.join(name)).unwrap();
    // The samples have a byte order mark, which the reader of messages refuses.
    let xml = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&file);
    let document = Document::parse(xml).unwrap();
    let root = document.root();
    let mut all = std::iter::once(root).chain(root.descendants());
    let assertion = all.find(|node| node.is(SAML, "Assertion")).unwrap();
    let assertion = Assertion::read(assertion).unwrap();
    let list = |name: &&'static str| assertion.values(name).next().map(str::to_owned);
    let value = attributes::PRIVILEGES.iter().find_map(list);
    let value = value.expect("a list").trim().to_owned();
    Some((assertion, value))
}

fn value(name: &str) -> Option<String> {
    sample(name).map(|(_, value)| value)
}

const KLE_PARAMETRIC: &str = "http://kombit.dk/constraints/KLE/1/parametric";

fn jobrole(municipality: &str, number: usize) -> String {
    format!("http://kommune{municipality}.dk/roles/jobrole/kombitrolle{number}/1")
}

fn role(number: usize) -> String {
    format!("http://kombit.dk/roles/usersystemrole/kombitrolle{number}/1")
}

#[test]
fn the_sample_pair_comes_out_as_in_the_sample() {
    let Some((assertion, value)) = sample("AssertionIdPToContextHandler2_Substantial.xml") else {
        return;
    };
    let (_, expected) =
        sample("AssertionContextHandler2ToBrugervendtSystem_Substantial.xml").unwrap();
    let list = PrivilegeList::read(&value).unwrap();
    let [a2, b1, b2, c1, c2] =
        [("A", 2), ("B", 1), ("B", 2), ("C", 1), ("C", 2)].map(|(m, n)| jobrole(m, n));
    let [r4, r5, r6] = [4, 5, 6].map(role);
    let (k4, k5, k6) = (
        "http://kombit.dk/constraints/KLE/4",
        "http://kombit.dk/constraints/KLE/5",
        "http://kombit.dk/constraints/KLE/6",
    );
    let of4: &[(&str, &[&str])] = &[(k4, &["KLE/400001"])];
    let of5: &[(&str, &[&str])] = &[(k5, &["KLE/500001", "KLE/500002", "KLE/500003"])];
    let of6: &[(&str, &[&str])] = &[(k6, &[KLE_PARAMETRIC])];
    let registered: [Mapping<'_>; 7] = [
        (&a2, &r4, of4),
        (&b1, &r4, of4),
        (&b2, &r4, of4),
        (&c1, &r5, of5),
        (&c2, &r5, of5),
        (&c1, &r6, of6),
        (&c2, &r6, of6),
    ];
    let user = Cvr::parse("19435075").unwrap();
    let delegated: &[&str] = &["19435075"];
    let register = Register::of(&[
        // Municipality A has not delegated its role.
        (&a2, Some("19435078"), &[]),
        (&b1, Some("19435076"), delegated),
        (&b2, Some("19435076"), delegated),
        (&c1, Some("19435077"), delegated),
        (&c2, Some("19435077"), delegated),
    ]);
    let world = World::of(&register);
    let giver = Giver {
        contexts: std::slice::from_ref(&user),
        user: &user,
        attributes: &assertion,
        directory: &world.register,
        settings: &world.settings,
    };
    let (groups, stories) = translate(&list, &mappings(&registered), &giver);
    let issued = PrivilegeList {
        version: BppVersion::V1_2,
        groups,
    };
    assert_eq!(issued.write().as_deref(), Some(expected.as_str()));
    let mut expected = vec![RoleRule::Translated; 7];
    expected[0] = RoleRule::NotDelegated;
    assert_eq!(rules(&stories), expected);
    // The same without a mapping of A's role: the sample does not tell which it is.
    let (without, stories) = translate(&list, &mappings(&registered[1..]), &giver);
    assert_eq!(without, issued.groups);
    assert_eq!(rules(&stories)[0], RoleRule::NoMapping);
    // In the order of the IdP's groups it would be another list.
    let settings = vejviser::hub::roles::RoleSettings {
        privilege_order: PrivilegeOrder::Group,
        ..world.settings
    };
    let giver = Giver {
        settings: &settings,
        ..giver
    };
    let (other, _) = translate(&list, &mappings(&registered), &giver);
    assert_ne!(other, issued.groups);
    assert_eq!(other.len(), issued.groups.len());
}

#[test]
fn what_an_idp_sent_is_read() {
    let Some(value) = value("AssertionIdPToContextHandler2_Substantial.xml") else {
        return;
    };
    let list = PrivilegeList::read(&value).unwrap();
    assert_eq!(list.version, BppVersion::V1_1);
    assert_eq!(list.groups.len(), 5);
    let constraints: usize = list.groups.iter().map(|g| g.constraints.len()).sum();
    assert_eq!(constraints, 2);
    assert!(
        list.groups
            .iter()
            .all(|g| matches!(g.scope, Scope::Cvr(_)) && g.privileges.len() == 1)
    );
}

#[test]
fn what_the_real_hub_issued_is_written_to_the_byte() {
    let Some(value) = value("AssertionContextHandler2ToBrugervendtSystem_Substantial.xml") else {
        return;
    };
    let list = PrivilegeList::read(&value).unwrap();
    assert_eq!(list.version, BppVersion::V1_2);
    assert_eq!(list.write().as_deref(), Some(value.trim()));
}

#[test]
fn the_older_samples_are_read_too() {
    for name in [
        "AssertionIdPToContextHandler.xml",
        "AssertionContextHandlerToBrugervendtSystem.xml",
        "AssertionAttributeServiceToContextHandler.xml",
    ] {
        if let Some(value) = value(name) {
            let list =
                PrivilegeList::read(&value).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(list.version, BppVersion::V1_1, "{name}");
        }
    }
}
