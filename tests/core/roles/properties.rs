//! What holds of every translation.

use super::{Group, Mapping, OTHER, OWN, Register, World, list, mappings, text};
use proptest::prelude::*;
use vejviser::oiosaml::PrivilegeList;
use vejviser::oiosaml::privileges::BppVersion;

const SCOPES: [&str; 4] = [OWN, OTHER, "33333333", "urn:x"];
const ROLES: [&str; 5] = ["own", "lent", "foreign", "nobodys", "unregistered"];
const P: &str = "http://k.example/orgenhed/1/parametric";
const STATED: [&[(&str, &str)]; 4] = [
    &[],
    &[(P, "x")],
    &[(P, "y"), (P, "<&\"'>")],
    &[("other", "z")],
];
const RESTRICTED: [&[(&str, &[&str])]; 4] = [
    &[],
    &[("org", &[P])],
    &[("kle", &["1", "2"])],
    &[("org", &[P]), ("kle", &["1"])],
];
const SYSTEM_ROLES: [&str; 3] = ["a", "b", "c"];

fn register() -> Register {
    Register::of(&[
        ("own", Some(OWN), &[]),
        ("lent", Some(OTHER), &[OWN]),
        ("foreign", Some(OTHER), &[]),
        ("nobodys", None, &[]),
    ])
}

prop_compose! {
    fn group()(scope in 0..4usize, role in 0..5usize, stated in 0..4usize) -> Group<'static> {
        (SCOPES[scope], ROLES[role], STATED[stated])
    }
}

prop_compose! {
    fn mapping()(from in 0..5usize, to in 0..3usize, restricted in 0..4usize) -> Mapping<'static> {
        (ROLES[from], SYSTEM_ROLES[to], RESTRICTED[restricted])
    }
}

/// Without the order, of the groups and of the values in them.
fn unordered(all: Vec<String>) -> Vec<String> {
    let sorted = |text: String| {
        let mut words: Vec<&str> = text.split(' ').collect();
        words.sort_unstable();
        words.join(" ")
    };
    let mut all: Vec<String> = all.into_iter().map(sorted).collect();
    all.sort_unstable();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn translation_does_not_depend_on_order(
        groups in prop::collection::vec(group(), 1..8),
        mapped in prop::collection::vec(mapping(), 0..8),
        turn in 0..8usize,
    ) {
        let world = World::of(&register());
        let (there, _) = world.translate(&list(&groups), &mappings(&mapped));
        let (mut other_groups, mut other_mapped) = (groups.clone(), mapped.clone());
        other_groups.rotate_left(turn % groups.len());
        other_groups.reverse();
        other_mapped.reverse();
        let (back, _) = world.translate(&list(&other_groups), &mappings(&other_mapped));
        prop_assert_eq!(unordered(text(&there)), unordered(text(&back)));
    }

    #[test]
    fn nothing_comes_out_that_is_not_mapped_and_theirs_to_give(
        groups in prop::collection::vec(group(), 1..8),
        mapped in prop::collection::vec(mapping(), 0..8),
    ) {
        let world = World::of(&register());
        let (issued, stories) = world.translate(&list(&groups), &mappings(&mapped));
        for (out, told) in issued.iter().zip(text(&issued)) {
            let from = groups.iter().any(|(scope, role, _)| {
                let theirs = match *role {
                    "own" | "nobodys" => *scope == OWN,
                    "lent" => *scope == OTHER,
                    _ => false,
                };
                let leads = mapped.iter().any(|(from, to, restricted)| {
                    let all_there = restricted.iter().all(|(kind, _)| out.constraints.iter().any(|one| one.name == *kind));
                    from == role && out.privileges == [*to] && all_there
                });
                theirs && told.starts_with(scope) && leads
            });
            prop_assert!(from, "{}", told);
        }
        // And every row is told: one for a role that was dropped whole, else one for each of its mappings.
        for (group, story) in groups.iter().zip(&stories) {
            let count = mapped.iter().filter(|(from, ..)| *from == group.1).count();
            let dropped = story.roles.len() == 1 && story.roles[0].mapping.is_none();
            prop_assert!(dropped || story.roles.len() == count, "{:?}", story);
        }
        // What is written is read again as the same.
        for version in BppVersion::ALL {
            let list = PrivilegeList { version, groups: issued.clone() };
            match list.write() {
                None => prop_assert!(issued.is_empty()),
                Some(value) => prop_assert_eq!(PrivilegeList::read(&value).unwrap(), list),
            }
        }
    }
}
