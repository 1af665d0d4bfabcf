//! The one pair of sample messages in which the real hub translates roles, read in place (domain.md §3.4).

use super::{Mapping, Register, World, mappings, rules};
use crate::support::shared;
use vejviser::hub::roles::{Giver, PrivilegeOrder, RoleRule, translate};
use vejviser::oiosaml::privileges::BppVersion;
use vejviser::oiosaml::{Cvr, PrivilegeList, attributes};
use vejviser::saml::Assertion;
use vejviser::xml::{Document, SAML};

fn privileges(name: &str) -> Option<(Assertion, String)> {
    let file = std::fs::read(shared("spec/messages")?.join(name)).unwrap();
    let xml = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&file);
    let document = Document::parse(xml).unwrap();
    let root = document.root();
    let mut all = std::iter::once(root).chain(root.descendants());
    let assertion = all.find(|node| node.is(SAML, "Assertion")).unwrap();
    let assertion = Assertion::read(assertion).unwrap();
    let value = assertion
        .values(attributes::PRIVILEGES_3)
        .next()
        .unwrap()
        .trim()
        .to_owned();
    Some((assertion, value))
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
    let Some((assertion, value)) = privileges("AssertionIdPToContextHandler2_Substantial.xml")
    else {
        return;
    };
    let (_, expected) =
        privileges("AssertionContextHandler2ToBrugervendtSystem_Substantial.xml").unwrap();
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
