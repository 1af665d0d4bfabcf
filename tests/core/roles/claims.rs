//! The claims of a registered user join what the IdP says of them.

use super::super::issued::issued;
use super::passed_on::{groups, plain, state};
use super::{OTHER, OWN, Register};
use crate::support::world::World;
use vejviser::hub::roles::{ClaimFate, Incoming, UserClaims};
use vejviser::oiosaml::{AttributeProfile, attributes};
use vejviser::saml::Assertion;

const SERIAL: &str = "3b2f0c1e-1111-4222-8333-444455556666";

/// A world in which a user has these claims.
fn with(authority: &str, id: &str, claims: &[(&str, &str)]) -> World {
    let mut world = plain();
    let mut register = Register::of(&[("own", Some(OWN), &[])]);
    let claims = claims
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    register
        .users
        .insert((authority.to_owned(), id.to_owned()), claims.collect());
    world.federation.directory = register.directory();
    world.system().attribute_profile = AttributeProfile::Seb;
    world
}

fn value(assertion: &Assertion, name: &str) -> Vec<String> {
    assertion.values(name).map(str::to_owned).collect()
}

fn fates(world: &World) -> Vec<ClaimFate> {
    let story = world.trace.roles.as_ref().unwrap();
    story.claims.iter().map(|row| row.fate).collect()
}

#[test]
fn they_say_what_the_idp_does_not() {
    let mut world = with(
        OWN,
        SERIAL,
        &[
            (attributes::CPR_3, "0101701234"),
            (attributes::EMAIL_2, "registered@example.org"),
            ("https://example.org/shoe-size", "43"),
        ],
    );
    let (_, assertion) = issued(&mut world, |_| {});
    assert_eq!(value(&assertion, attributes::CPR_2), ["0101701234"]);
    // The IdP states an e-mail address, by another name.
    assert_eq!(
        value(&assertion, attributes::EMAIL_3),
        ["prove@provekobing.example"]
    );
    assert_eq!(
        fates(&world),
        [ClaimFate::Filled, ClaimFate::Stated, ClaimFate::NotPassedOn]
    );
    world.settings.roles.user_claims = UserClaims::Override;
    let (_, assertion) = issued(&mut world, |_| {});
    assert_eq!(
        value(&assertion, attributes::EMAIL_3),
        ["registered@example.org"]
    );
    // Two of one meaning are both what the registry says, by whichever name.
    let both: &[(&str, &str)] = &[
        (attributes::EMAIL_3, "a@example.org"),
        (attributes::EMAIL_2, "b@example.org"),
    ];
    let mut twice = with(OWN, SERIAL, both);
    twice.settings.roles.user_claims = UserClaims::Override;
    let (_, assertion) = issued(&mut twice, |_| {});
    assert_eq!(fates(&twice), [ClaimFate::Replaced; 2]);
    assert_eq!(value(&assertion, attributes::EMAIL_3), ["a@example.org"]);
    world.settings.roles.user_claims = UserClaims::Ignore;
    let (_, assertion) = issued(&mut world, |_| {});
    assert_eq!(value(&assertion, attributes::CPR_2), [""; 0]);
    assert_eq!(fates(&world), []);
}

/// “Must match the serial number that comes in the NameID”, or “the value of the uuid/persistent claim”; and of this authority.
#[test]
fn a_user_is_found_by_authority_and_id() {
    let claims: &[(&str, &str)] = &[(attributes::CPR_3, "0101701234")];
    let uuid = "9f0d4c1e-2222-4333-8444-555566667777";
    for (authority, id, found) in [
        (OWN, SERIAL, true),
        (OWN, uuid, true),
        (OTHER, SERIAL, false),
        (OWN, "3B2F0C1E-1111-4222-8333-444455556666", false),
    ] {
        let mut world = with(authority, id, claims);
        let (_, assertion) = issued(&mut world, |a| state(a, attributes::UUID_PERSISTENT, uuid));
        assert_eq!(
            value(&assertion, attributes::CPR_2).len() == 1,
            found,
            "{authority} {id}"
        );
    }
}

/// Who the user is, for whom they speak and how they logged in, only the IdP says.
#[test]
fn no_claim_says_who_somebody_is() {
    let mut world = with(
        OWN,
        SERIAL,
        &[
            (attributes::CVR_3, OTHER),
            (attributes::LOA, "High"),
            (attributes::ASSURANCE_LEVEL, "4"),
            (attributes::SPEC_VERSION_3, "x"),
            (attributes::CPR_3, &"0".repeat(1025)),
        ],
    );
    world.settings.roles.user_claims = UserClaims::Override;
    let (_, assertion) = issued(&mut world, |_| {});
    assert_eq!(value(&assertion, attributes::CVR_3), [OWN]);
    assert_eq!(value(&assertion, attributes::LOA), ["Substantial"]);
    assert_eq!(value(&assertion, attributes::CPR_2), [""; 0]);
    let mut expected = [ClaimFate::NotPassedOn; 5];
    expected[4] = ClaimFate::TooLong;
    assert_eq!(fates(&world), expected);
}

/// An IdP that knows no roles, and a register that does: what `KenderRoller` and `/Users` are for.
#[test]
fn roles_may_be_registered_with_the_user() {
    let registered = groups(&[(OWN, "own", &[])]);
    let mut world = with(OWN, SERIAL, &[(attributes::PRIVILEGES_2, &registered)]);
    world.idp().knows_roles = false;
    let stated = groups(&[(OWN, "own", &[]), (OWN, "own", &[])]);
    let (_, assertion) = issued(&mut world, |a| state(a, attributes::PRIVILEGES_3, &stated));
    let story = world.trace.roles.clone().unwrap();
    assert!(
        matches!(story.incoming, Incoming::Read { groups: 1, .. }),
        "{story:?}"
    );
    assert_eq!(value(&assertion, attributes::PRIVILEGES_3).len(), 1);
    // Of one that knows them they are its own.
    world.idp().knows_roles = true;
    issued(&mut world, |a| state(a, attributes::PRIVILEGES_3, &stated));
    let story = world.trace.roles.clone().unwrap();
    assert!(
        matches!(story.incoming, Incoming::Read { groups: 2, .. }),
        "{story:?}"
    );
    // Two of one user are two lists.
    let twice = [
        (attributes::PRIVILEGES_2, registered.as_str()),
        (attributes::PRIVILEGES_3, &registered),
    ];
    let mut world = with(OWN, SERIAL, &twice);
    world.settings.roles.unreadable_privileges = vejviser::hub::roles::UnreadablePrivileges::Ignore;
    issued(&mut world, |_| {});
    let story = world.trace.roles.clone().unwrap();
    assert!(
        matches!(story.incoming, Incoming::Unreadable { .. }),
        "{story:?}"
    );
}
