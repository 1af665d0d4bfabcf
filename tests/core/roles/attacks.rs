//! What a registered IdP, or somebody who writes its configuration, may try.

use super::super::issued::issued;
use super::passed_on::{groups, plain, state};
use super::{OTHER, OWN};
use crate::support::raw::base64;
use crate::support::world::{World, assertion_signed};
use vejviser::hub::acs::{Answered, Outcome};
use vejviser::hub::{Check, roles::Incoming};
use vejviser::oiosaml::privileges::PrivilegeFault;
use vejviser::oiosaml::{PrivilegeList, attributes};
use vejviser::saml::Assertion;

const BPP: &str = "xmlns:bpp=\"http://itst.dk/oiosaml/basic_privilege_profile\"";

fn document(inside: &str) -> String {
    base64(format!("<bpp:PrivilegeList {BPP}>{inside}</bpp:PrivilegeList>").as_bytes())
}

fn group(inside: &str) -> String {
    document(&format!(
        "<PrivilegeGroup Scope=\"urn:dk:gov:saml:cvrNumberIdentifier:{OWN}\">{inside}</PrivilegeGroup>"
    ))
}

/// The check that refused a login with this list, or what the system got.
fn tried(value: &str) -> Result<Option<PrivilegeList>, Check> {
    let mut world = plain();
    let asked = world.asked();
    let mut assertion = world.assertion(&asked);
    state(&mut assertion, attributes::PRIVILEGES_3, value);
    let decoded = assertion_signed(&world.response(&asked), &assertion, &world.keys.idp.signing);
    match world.answer(&decoded, Some(&asked), Some("browser")) {
        Answered::Finish(finish) => match &finish.outcome {
            Outcome::LoggedOut { .. } => unreachable!("no login ends so"),
            Outcome::Refused(refusal) => Err(refusal.check),
            Outcome::LoggedIn { .. } => Ok(got(&mut plain(), |a| {
                state(a, attributes::PRIVILEGES_3, value);
            })),
        },
        Answered::Page(refusal) => Err(refusal.check),
    }
}

fn got(world: &mut World, bend: impl FnOnce(&mut Assertion)) -> Option<PrivilegeList> {
    let (_, assertion) = issued(world, bend);
    let value = assertion.values(attributes::PRIVILEGES_3).next()?;
    Some(PrivilegeList::read(value).unwrap())
}

#[test]
fn a_foreign_scope_or_a_foreign_municipalitys_role_gives_nothing() {
    for sent in [
        (OTHER, "own"),
        (OWN, "lent"),
        ("33333333", "own"),
        ("33333333", "lent"),
    ] {
        let value = groups(&[(sent.0, sent.1, &[])]);
        assert_eq!(tried(&value), Ok(None), "{sent:?}");
    }
}

#[test]
fn junk_is_refused_and_named() {
    let one = "<Privilege>own</Privilege>";
    let dtd = "<!DOCTYPE x [<!ENTITY e \"own\">]>";
    for value in [
        "!!!".to_owned(),
        "PHg+".to_owned(),
        base64(&[0xff; 300]),
        base64(format!("{dtd}<bpp:PrivilegeList {BPP}/>").as_bytes()),
        group(""),
        group("<Privilege></Privilege>"),
        group("<Privilege><b>own</b></Privilege>"),
        group(&format!("{one}<Constraint>x</Constraint>")),
        group(&format!("{one}<Constraint Name=\"x\"><y/></Constraint>")),
        group(&format!("{one}<bpp:Privilege>own</bpp:Privilege>")),
        document(&format!("<PrivilegeGroup>{one}</PrivilegeGroup>")),
        document(&format!(
            "<PrivilegeGroup Scope=\"urn:dk:gov:saml:cvrNumberIdentifier:1\">{one}</PrivilegeGroup>"
        )),
        document(&"<x>".repeat(100)),
    ] {
        assert_eq!(tried(&value), Err(Check::PrivilegesReadable), "{value}");
    }
    // The same, when nothing is wrong with it.
    assert_eq!(tried(&group(one)).unwrap().unwrap().groups.len(), 1);
}

#[test]
fn ten_thousand_groups_are_refused() {
    let one = format!(
        "<PrivilegeGroup Scope=\"urn:dk:gov:saml:cvrNumberIdentifier:{OWN}\"><Privilege>own</Privilege></PrivilegeGroup>"
    );
    assert_eq!(
        tried(&document(&one.repeat(501))),
        Err(Check::PrivilegesReadable)
    );
    assert_eq!(
        tried(&document(&one.repeat(500)))
            .unwrap()
            .unwrap()
            .groups
            .len(),
        500
    );
    // So many that a form could not even carry them: the list alone says the same.
    let error = PrivilegeList::read(&document(&one.repeat(10_000))).unwrap_err();
    assert!(matches!(error.fault, PrivilegeFault::Budget(_)), "{error}");
}

/// A user with two lists has none: whichever is read, somebody meant the other.
#[test]
fn of_two_lists_none_is_read() {
    for names in [
        [attributes::PRIVILEGES_3, attributes::PRIVILEGES_3],
        [attributes::PRIVILEGES_3, attributes::PRIVILEGES_2],
    ] {
        let mut world = plain();
        let asked = world.asked();
        let mut assertion = world.assertion(&asked);
        let value = groups(&[(OWN, "own", &[])]);
        names
            .into_iter()
            .for_each(|name| state(&mut assertion, name, &value));
        let decoded =
            assertion_signed(&world.response(&asked), &assertion, &world.keys.idp.signing);
        let Answered::Finish(finish) = world.answer(&decoded, Some(&asked), Some("browser")) else {
            panic!("finished")
        };
        assert!(
            matches!(&finish.outcome, Outcome::Refused(r) if r.check == Check::PrivilegesReadable)
        );
        assert!(matches!(
            world.trace.roles.unwrap().incoming,
            Incoming::Unreadable { .. }
        ));
    }
}

/// A value that looks like markup is a value, in the list and in the assertion around it.
#[test]
fn text_from_an_idp_cannot_become_a_role() {
    const P: &str = "http://k.example/orgenhed/1/parametric";
    let hostile = "x</Constraint><Privilege>admin</Privilege>]]>&amp;\"'\r\n\u{e6}";
    let mut world = plain();
    let mapped = super::mappings(&[("own", "r", &[("org", &[P])])]);
    world.system().role_mappings = std::sync::Arc::new(mapped);
    let sent = groups(&[(OWN, "own", &[(P, hostile)])]);
    let got = got(&mut world, |a| state(a, attributes::PRIVILEGES_3, &sent)).unwrap();
    assert_eq!(got.groups.len(), 1);
    assert_eq!(got.groups[0].privileges, ["r"]);
    assert_eq!(got.groups[0].constraints[0].value, hostile);
    // Nor can what is registered.
    let mapped = super::mappings(&[(
        "own",
        "r</Privilege><Privilege>admin",
        &[("a\"b<c", &[hostile])],
    )]);
    world.system().role_mappings = std::sync::Arc::new(mapped);
    let sent = groups(&[(OWN, "own", &[])]);
    let (_, assertion) = issued(&mut world, |a| state(a, attributes::PRIVILEGES_3, &sent));
    let value = assertion.values(attributes::PRIVILEGES_3).next().unwrap();
    let got = PrivilegeList::read(value).unwrap();
    assert_eq!(got.groups[0].privileges, ["r</Privilege><Privilege>admin"]);
    assert_eq!(got.groups[0].constraints[0].name, "a\"b<c");
}

/// What is beside the list says nothing of roles: an attribute of another name, or of a name that only looks the same.
#[test]
fn only_the_two_names_are_read() {
    let value = groups(&[(OWN, "own", &[])]);
    for name in [
        "https://data.gov.dk/model/core/eid/privilegesIntermediate/",
        "https://data.gov.dk/model/core/eid/PrivilegesIntermediate",
        "dk:gov:saml:attribute:Privileges_simple",
        "dk:gov:saml:attribute:Privileges_intermediate ",
    ] {
        let mut world = plain();
        assert_eq!(got(&mut world, |a| state(a, name, &value)), None, "{name}");
    }
}
