//! From the IdP's message to the system's: the whole hub, without a socket.

use super::super::issued::issued;
use super::{Group, OTHER, OWN, Register, list, mappings};
use crate::support::world::*;
use std::sync::Arc;
use vejviser::hub::acs::{Answered, Outcome};
use vejviser::hub::roles::{Incoming, NoRoles, OrDrop, RoleRule, UnreadablePrivileges};
use vejviser::hub::{Actor, Check, RowOutcome};
use vejviser::oiosaml::privileges::BppVersion;
use vejviser::oiosaml::{Level, Nist, OiosamlVersion, PrivilegeList, RequestProfile, attributes};
use vejviser::saml::names::{attribute_name_format, status};
use vejviser::saml::{Assertion, Attribute};

/// A world in which `own` means `r` and the other municipality's `lent` means `s`.
pub fn world(profile: RequestProfile, level: Level) -> World {
    let mut world = World::new(profile, level);
    let register = Register::of(&[("own", Some(OWN), &[]), ("lent", Some(OTHER), &[OWN])]);
    world.federation.directory = register.directory();
    let mapped = mappings(&[("own", "r", &[("kle", &["1"])]), ("lent", "s", &[])]);
    world.system().role_mappings = Arc::new(mapped);
    world
}

pub fn plain() -> World {
    world(
        RequestProfile::Oiosaml3,
        Level::Nsis(vejviser::oiosaml::Nsis::Substantial),
    )
}

/// States a list, in the attribute of this name.
pub fn state(assertion: &mut Assertion, name: &str, value: &str) {
    assertion.attributes.push(Attribute {
        name: name.to_owned(),
        name_format: None,
        friendly_name: None,
        values: vec![value.to_owned()],
    });
}

pub fn groups(sent: &[Group<'_>]) -> String {
    list(sent).write().unwrap()
}

fn got(assertion: &Assertion) -> Option<PrivilegeList> {
    let names = [attributes::PRIVILEGES_3, attributes::PRIVILEGES_2];
    let values = names.iter().flat_map(|name| assertion.values(name));
    let values: Vec<&str> = values.collect();
    assert!(values.len() <= 1);
    values
        .first()
        .map(|value| PrivilegeList::read(value).unwrap())
}

fn ends(world: &mut World, bend: impl FnOnce(&mut Assertion)) -> Outcome {
    let asked = world.asked();
    let mut assertion = world.assertion(&asked);
    bend(&mut assertion);
    let decoded = assertion_signed(&world.response(&asked), &assertion, &world.keys.idp.signing);
    match world.answer(&decoded, Some(&asked), Some("browser")) {
        Answered::Finish(finish) => finish.outcome.clone(),
        Answered::Page(refusal) => panic!("{refusal:?}"),
    }
}

#[test]
fn a_system_gets_its_roles_in_the_list_of_its_oiosaml_version() {
    for (profile, level, version) in [
        (
            RequestProfile::Oiosaml3,
            Level::Nsis(vejviser::oiosaml::Nsis::Substantial),
            OiosamlVersion::V3,
        ),
        (
            RequestProfile::Oiosaml2,
            Level::Nist(Nist::Three),
            OiosamlVersion::V2,
        ),
    ] {
        for sent in BppVersion::ALL {
            for name in [attributes::PRIVILEGES_3, attributes::PRIVILEGES_2] {
                let mut world = world(profile, level);
                let incoming = PrivilegeList {
                    version: sent,
                    ..list(&[(OWN, "own", &[]), (OTHER, "lent", &[])])
                };
                let (_, assertion) = issued(&mut world, |a| {
                    if profile.is_oiosaml2() {
                        state(a, attributes::ASSURANCE_LEVEL, "3");
                    }
                    state(a, name, &incoming.write().unwrap());
                });
                let (expected, format) = match version {
                    OiosamlVersion::V3 => (attributes::PRIVILEGES_3, attribute_name_format::URI),
                    OiosamlVersion::V2 => (attributes::PRIVILEGES_2, attribute_name_format::BASIC),
                };
                let attribute = assertion.attributes.iter().find(|a| a.name == expected);
                assert_eq!(attribute.unwrap().name_format.as_deref(), Some(format));
                let got = got(&assertion).unwrap();
                assert_eq!(got.version, version.bpp());
                assert_eq!(
                    super::text(&got.groups),
                    [format!("{OWN} r kle=1"), format!("{OTHER} s")]
                );
            }
        }
    }
}

#[test]
fn the_flow_says_what_became_of_every_role() {
    let mut world = plain();
    let sent = groups(&[
        (OWN, "own", &[]),
        (OWN, "unknown", &[]),
        (OTHER, "own", &[]),
    ]);
    issued(&mut world, |a| state(a, attributes::PRIVILEGES_3, &sent));
    let story = world.trace.roles.clone().unwrap();
    assert_eq!(story.issued, 1);
    assert_eq!(
        super::rules(&story.groups),
        [
            RoleRule::Translated,
            RoleRule::NoMapping,
            RoleRule::ForeignScope
        ]
    );
    assert_eq!(story.groups[0].roles[0].mapping.as_deref(), Some("own→r"));
    let decisions = world.trace.decisions.iter();
    let decision = decisions
        .clone()
        .find(|decision| decision.rule == "roles")
        .unwrap();
    assert_eq!(
        (decision.input.as_str(), decision.result.as_str()),
        (
            "1 roles/translated, 1 roles/no-mapping, 1 roles/foreign-scope",
            "1 groups issued"
        )
    );
    assert_eq!(world.row(Check::RolesGranted).outcome, RowOutcome::Pass);
}

/// “The attribute must be left out when the user has no privileges” (BPP 1.0.1); or the login is refused, and whoever gives
/// the roles must act, not whoever runs the IdP.
#[test]
fn when_nothing_maps_the_attribute_is_left_out_or_the_login_refused() {
    let nothing = groups(&[(OWN, "unknown", &[])]);
    for sent in [None, Some(nothing.as_str())] {
        let mut world = plain();
        let bend = |a: &mut Assertion| {
            if let Some(sent) = sent {
                state(a, attributes::PRIVILEGES_3, sent);
            }
        };
        let (_, assertion) = issued(&mut world, bend);
        assert_eq!(got(&assertion), None);
        assert!(
            assertion
                .attributes
                .iter()
                .all(|a| a.values.iter().all(|v| !v.is_empty()))
        );
        assert_eq!(world.row(Check::RolesGranted).outcome, RowOutcome::Warn);
        world.settings.roles.no_roles = NoRoles::Refuse;
        let Outcome::Refused(refusal) = ends(&mut world, bend) else {
            panic!("refused")
        };
        assert_eq!(refusal.check, Check::RolesGranted);
        assert_eq!(refusal.info().actor, Actor::RoleAdministration);
        assert_eq!(
            refusal.status,
            (status::RESPONDER, Some(status::REQUEST_DENIED))
        );
        // A system that has no mappings at all does not use roles.
        world.system().role_mappings = Arc::default();
        assert!(matches!(ends(&mut world, bend), Outcome::LoggedIn { .. }));
        assert_eq!(world.row(Check::RolesGranted).outcome, RowOutcome::Skip);
    }
}

#[test]
fn a_list_that_cannot_be_read_refuses_the_login_or_counts_for_nothing() {
    let mut world = plain();
    let Outcome::Refused(refusal) =
        ends(&mut world, |a| state(a, attributes::PRIVILEGES_3, "PHg+"))
    else {
        panic!("refused")
    };
    assert_eq!(refusal.check, Check::PrivilegesReadable);
    assert_eq!(refusal.info().actor, Actor::IdentityProvider);
    assert!(matches!(
        world.trace.roles.as_ref().unwrap().incoming,
        Incoming::Unreadable { .. }
    ));
    // One without content is nothing to read, though BPP forbids it.
    let empty = "<bpp:PrivilegeList xmlns:bpp=\"http://itst.dk/oiosaml/basic_privilege_profile\"/>";
    for sent in [
        " ".to_owned(),
        crate::support::raw::base64(empty.as_bytes()),
    ] {
        let (_, assertion) = issued(&mut world, |a| state(a, attributes::PRIVILEGES_2, &sent));
        assert_eq!(got(&assertion), None);
        assert_eq!(
            world.trace.roles.as_ref().unwrap().incoming,
            Incoming::Empty
        );
        assert_eq!(
            world.row(Check::PrivilegesReadable).outcome,
            RowOutcome::Warn
        );
    }
    world.settings.roles.unreadable_privileges = UnreadablePrivileges::Ignore;
    let (_, assertion) = issued(&mut world, |a| state(a, attributes::PRIVILEGES_3, "PHg+"));
    assert_eq!(got(&assertion), None);
    assert_eq!(
        world.row(Check::PrivilegesReadable).outcome,
        RowOutcome::Warn
    );
}

#[test]
fn roles_of_an_idp_that_is_not_registered_to_know_any_are_not_looked_at() {
    let sent = groups(&[(OWN, "own", &[])]);
    let mut world = plain();
    world.idp().knows_roles = false;
    let (_, assertion) = issued(&mut world, |a| state(a, attributes::PRIVILEGES_3, &sent));
    assert_eq!(got(&assertion), None);
    assert_eq!(
        world.trace.roles.as_ref().unwrap().incoming,
        Incoming::Ignored
    );
    assert_eq!(
        world.row(Check::PrivilegesReadable).outcome,
        RowOutcome::Warn
    );
    // Not even junk of it refuses a login.
    assert!(matches!(
        ends(&mut world, |a| state(a, attributes::PRIVILEGES_3, "!")),
        Outcome::LoggedIn { .. }
    ));
    world.settings.roles.privileges_of_idp_without_roles = OrDrop::Translate;
    let (_, assertion) = issued(&mut world, |a| state(a, attributes::PRIVILEGES_3, &sent));
    assert_eq!(got(&assertion).unwrap().groups.len(), 1);
}

/// Only what an authenticated assertion says is looked at.
#[test]
fn what_nobody_signed_has_no_roles() {
    let mut world = plain();
    let asked = world.asked();
    let mut assertion = world.assertion(&asked);
    state(
        &mut assertion,
        attributes::PRIVILEGES_3,
        &groups(&[(OWN, "own", &[])]),
    );
    let decoded = assertion_signed(
        &world.response(&asked),
        &assertion,
        &world.keys.stranger.signing,
    );
    assert!(matches!(
        world.answer(&decoded, Some(&asked), Some("browser")),
        Answered::Page(_)
    ));
    assert_eq!(world.trace.roles, None);
}
