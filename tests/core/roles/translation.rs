//! Every rule, and every setting that changes one.

use super::{Group, Mapping, OTHER, OWN, Register, World, list, mappings, rules, text};
use vejviser::hub::roles::{
    ConstraintValues, OrDrop, ParametricValues, PrivilegeOrder, RoleRule, RoleSettings,
    UnusedConstraints,
};
use vejviser::saml::Attribute;

const P: &str = "http://k.example/orgenhed/1/parametric";
const Q: &str = "http://k.example/kle/1/parametric";

/// `own` is the user's municipality's, `lent` is another's and delegated, `foreign` another's and not, `nobodys` has no owner.
fn register() -> Register {
    Register::of(&[
        ("own", Some(OWN), &[]),
        ("lent", Some(OTHER), &[OWN]),
        ("foreign", Some(OTHER), &["33333333"]),
        ("nobodys", None, &[]),
    ])
}

const PLAIN: &[Mapping<'_>] = &[
    ("own", "r", &[]),
    ("lent", "r", &[]),
    ("foreign", "r", &[]),
    ("nobodys", "r", &[]),
    ("unregistered", "r", &[]),
];

/// What comes of one group.
fn fate(
    group: Group<'_>,
    mapped: &[Mapping<'_>],
    settings: RoleSettings,
) -> (RoleRule, Vec<String>) {
    let mut world = World::of(&register());
    world.settings = settings;
    let (groups, stories) = world.translate(&list(&[group]), &mappings(mapped));
    let [rule] = rules(&stories)[..] else {
        panic!("one row: {stories:?}");
    };
    (rule, text(&groups))
}

fn defaults() -> RoleSettings {
    RoleSettings::default()
}

#[test]
fn whose_role_it_is_decides_in_which_scope_it_counts() {
    use RoleRule::{
        ForeignScope, NoMapping, NotDelegated, OtherContext, ScopeNotOrganisation, Translated,
        UnknownScope, Unregistered,
    };
    for (scope, role, rule) in [
        (OWN, "own", Translated),
        (OWN, "nobodys", Translated),
        (OTHER, "lent", Translated),
        (OWN, "lent", OtherContext),
        (OWN, "foreign", OtherContext),
        (OTHER, "foreign", NotDelegated),
        (OTHER, "own", ForeignScope),
        (OTHER, "nobodys", ForeignScope),
        ("33333333", "lent", ForeignScope),
        (OWN, "unregistered", Unregistered),
        (OTHER, "unregistered", Unregistered),
        (OWN, "unmapped", NoMapping),
        // Compared byte for byte.
        (OWN, "OWN", NoMapping),
        ("urn:x", "own", UnknownScope),
        (
            "urn:dk:gov:saml:productionUnitIdentifier:1234567890",
            "own",
            ScopeNotOrganisation,
        ),
        (
            "urn:dk:gov:saml:seNumberIdentifier:12345678",
            "own",
            ScopeNotOrganisation,
        ),
        (
            "urn:dk:gov:saml:cprNumberIdentifier:0101701234",
            "own",
            ScopeNotOrganisation,
        ),
    ] {
        let (found, groups) = fate((scope, role, &[]), PLAIN, defaults());
        assert_eq!(found, rule, "{role} in {scope}");
        let expected = match rule.drops() {
            true => Vec::new(),
            false => vec![format!("{scope} r")],
        };
        assert_eq!(groups, expected, "{role} in {scope}");
    }
}

#[test]
fn the_settings_about_owners() {
    let unregistered = RoleSettings {
        unregistered_job_function_role: OrDrop::Translate,
        ..defaults()
    };
    assert_eq!(
        fate((OWN, "unregistered", &[]), PLAIN, unregistered).0,
        RoleRule::Translated
    );
    // Nobody gives roles for somebody else's organisation.
    assert_eq!(
        fate((OTHER, "unregistered", &[]), PLAIN, unregistered).0,
        RoleRule::ForeignScope
    );
    let other = RoleSettings {
        role_of_another_context: OrDrop::Translate,
        ..defaults()
    };
    assert_eq!(
        fate((OWN, "foreign", &[]), PLAIN, other).0,
        RoleRule::Translated
    );
    assert_eq!(
        fate((OTHER, "foreign", &[]), PLAIN, other).0,
        RoleRule::NotDelegated
    );
}

#[test]
fn static_values_are_those_of_the_mapping() {
    let mapped: &[Mapping<'_>] = &[("own", "r", &[("kle", &["1", "2"]), ("it", &["a,b"])])];
    let (_, groups) = fate((OWN, "own", &[("kle", "9")]), mapped, defaults());
    assert_eq!(groups, [format!("{OWN} r kle=1 kle=2 it=a,b")]);
    let joined = RoleSettings {
        constraint_values: ConstraintValues::Joined,
        ..defaults()
    };
    let (_, groups) = fate((OWN, "own", &[]), mapped, joined);
    assert_eq!(groups, [format!("{OWN} r kle=1, 2 it=a,b")]);
}

#[test]
fn a_parametric_value_is_what_the_idp_states_under_its_id() {
    let mapped: &[Mapping<'_>] = &[("own", "r", &[("org", &[P]), ("kle", &["1", Q])])];
    let (_, groups) = fate(
        (OWN, "own", &[(P, "x"), (Q, "2"), (P, "y")]),
        mapped,
        defaults(),
    );
    assert_eq!(groups, [format!("{OWN} r org=x org=y kle=1 kle=2")]);
    // One that has a static value besides narrows with that.
    let (_, groups) = fate((OWN, "own", &[(P, "x")]), mapped, defaults());
    assert_eq!(groups, [format!("{OWN} r org=x kle=1")]);
}

#[test]
fn a_constraint_without_a_value_drops_the_role_unless_a_setting_says_otherwise() {
    let mapped: &[Mapping<'_>] = &[("own", "r", &[("org", &[P])])];
    for constraints in [&[][..], &[(P, "")], &[(P, " ")], &[(Q, "x")]] {
        let (rule, groups) = fate((OWN, "own", constraints), mapped, defaults());
        assert_eq!(
            (rule, groups.len()),
            (RoleRule::NoValue, 0),
            "{constraints:?}"
        );
    }
    let without: &[Mapping<'_>] = &[("own", "r", &[("org", &[])])];
    assert_eq!(
        fate((OWN, "own", &[]), without, defaults()).0,
        RoleRule::NoValue
    );
    let wide = RoleSettings {
        missing_constraint_value: OrDrop::Translate,
        ..defaults()
    };
    let (rule, groups) = fate((OWN, "own", &[]), mapped, wide);
    assert_eq!(
        (rule, groups),
        (RoleRule::Translated, vec![format!("{OWN} r")])
    );
}

#[test]
fn a_value_may_stand_in_another_group_of_the_same_scope() {
    let mapped = mappings(&[
        ("own", "r", &[("org", &[P])]),
        ("lent", "s", &[("org", &[P])]),
    ]);
    let sent = list(&[
        (OWN, "own", &[]),
        (OWN, "other", &[(P, "x")]),
        (OWN, "another", &[(P, "x"), (P, "y")]),
        (OTHER, "lent", &[]),
    ]);
    let mut world = World::of(&register());
    let (groups, stories) = world.translate(&sent, &mapped);
    assert_eq!(text(&groups), [format!("{OWN} r org=x org=y")]);
    assert_eq!(rules(&stories)[3], RoleRule::NoValue, "of another scope");
    // Its own value comes first.
    let own = list(&[(OWN, "own", &[(P, "z")]), (OWN, "other", &[(P, "x")])]);
    assert_eq!(
        text(&world.translate(&own, &mapped).0),
        [format!("{OWN} r org=z")]
    );
    world.settings.parametric_values = ParametricValues::Group;
    assert_eq!(
        rules(&world.translate(&sent, &mapped).1)[0],
        RoleRule::NoValue
    );
}

#[test]
fn a_value_may_be_an_attribute() {
    let mapped = mappings(&[("own", "r", &[("org", &[P])])]);
    let sent = list(&[(OWN, "own", &[])]);
    let mut world = World::of(&register());
    world.attributes.attributes.push(Attribute {
        name: P.to_owned(),
        name_format: None,
        friendly_name: None,
        values: vec!["a".to_owned(), " ".to_owned(), "b".to_owned()],
    });
    assert_eq!(
        text(&world.translate(&sent, &mapped).0),
        [format!("{OWN} r org=a org=b")]
    );
    let own = list(&[(OWN, "own", &[(P, "z")])]);
    assert_eq!(
        text(&world.translate(&own, &mapped).0),
        [format!("{OWN} r org=z")]
    );
    world.settings.parametric_attributes = false;
    assert_eq!(
        rules(&world.translate(&sent, &mapped).1),
        [RoleRule::NoValue]
    );
}

#[test]
fn one_group_for_each_mapping_in_the_order_of_the_mappings_or_of_the_groups() {
    let mapped = mappings(&[
        ("lent", "a", &[]),
        ("own", "b", &[]),
        ("own", "a", &[]),
        ("own", "b", &[]),
    ]);
    let sent = list(&[(OWN, "own", &[]), (OTHER, "lent", &[]), (OWN, "own", &[])]);
    let mut world = World::of(&register());
    let (groups, stories) = world.translate(&sent, &mapped);
    let own = |role| format!("{OWN} {role}");
    // Nothing is left out because it is there already.
    assert_eq!(
        text(&groups),
        [
            format!("{OTHER} a"),
            own("b"),
            own("b"),
            own("a"),
            own("a"),
            own("b"),
            own("b")
        ]
    );
    let numbers = stories.iter().flat_map(|group| &group.roles);
    let numbers = numbers.map(|row| row.issued.as_ref().unwrap().group);
    assert_eq!(numbers.collect::<Vec<_>>(), [2, 4, 6, 1, 3, 5, 7]);
    world.settings.privilege_order = PrivilegeOrder::Group;
    let (groups, _) = world.translate(&sent, &mapped);
    assert_eq!(
        text(&groups),
        [
            own("b"),
            own("a"),
            own("b"),
            format!("{OTHER} a"),
            own("b"),
            own("a"),
            own("b")
        ]
    );
}

#[test]
fn several_roles_of_a_group_share_its_constraints() {
    let mapped = mappings(&[("own", "r", &[("org", &[P])]), ("nobodys", "s", &[])]);
    let mut sent = list(&[(OWN, "own", &[(P, "x"), (Q, "unused")])]);
    sent.groups[0].privileges.push("nobodys".to_owned());
    let mut world = World::of(&register());
    let (groups, stories) = world.translate(&sent, &mapped);
    assert_eq!(
        text(&groups),
        [format!("{OWN} r org=x"), format!("{OWN} s")]
    );
    let used: Vec<bool> = stories[0].constraints.iter().map(|one| one.used).collect();
    assert_eq!(used, [true, false]);
    world.settings.unused_constraints = UnusedConstraints::Drop;
    let (groups, stories) = world.translate(&sent, &mapped);
    assert_eq!(groups, []);
    assert_eq!(rules(&stories), [RoleRule::UnusedConstraint; 2]);
    assert_eq!(stories[0].roles[0].about.as_deref(), Some(Q));
}

/// A list may be long in every direction, and what comes out of it may not.
#[test]
fn what_comes_out_has_the_budget_of_a_list() {
    let world = World::of(&register());
    let many: Vec<Mapping<'_>> = vec![("own", "r", &[]); 20];
    let sent = list(&vec![(OWN, "own", &[][..]); 400]);
    let (groups, stories) = world.translate(&sent, &mappings(&many));
    assert_eq!(groups.len(), 500);
    let found = rules(&stories);
    assert!(found.len() <= 2_001, "{}", found.len());
    assert_eq!(
        found
            .iter()
            .filter(|rule| **rule == RoleRule::Translated)
            .count(),
        500
    );
    assert_eq!(found.last(), Some(&RoleRule::Budget));
    // A long value is not repeated beyond the bytes of a list.
    let long = "x".repeat(20_000);
    let sent = list(&[(OWN, "own", &[(P, &long)])]);
    let narrowed: Vec<Mapping<'_>> = vec![("own", "r", &[("org", &[P])]); 50];
    let (groups, _) = world.translate(&sent, &mappings(&narrowed));
    let bytes: usize = groups
        .iter()
        .map(|group| group.constraints[0].value.len())
        .sum();
    assert!(bytes <= 128 * 1024, "{bytes}");
    assert!(groups.len() == 6, "{}", groups.len());
}
