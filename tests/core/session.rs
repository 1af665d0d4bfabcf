//! Single sign-on: what a session serves, what it steps up, and what it must not touch.

use crate::support::world::*;
use time::Duration;
use vejviser::dsig;
use vejviser::hub::acs::{Answered, Outcome};
use vejviser::hub::session::Session;
use vejviser::hub::session::reuse::{Reuse, decide};
use vejviser::hub::settings::AuthnInstantSetting;
use vejviser::hub::{Check, Context, Pending, Trace};
use vejviser::oiosaml::{Cvr, Level, Nist, Nsis, RequestProfile, attributes};
use vejviser::saml::{Assertion, Attribute, Outbound};
use vejviser::xml::Document;

const SECOND: &str = "https://post.example/saml";
const SUBSTANTIAL: Level = Level::Nsis(Nsis::Substantial);
const HIGH: Level = Level::Nsis(Nsis::High);

/// A hub with single sign-on, and two systems that take plain assertions.
fn world() -> World {
    let mut world = World::plain();
    world.settings.single_sign_on = true;
    world.system().encryption = None;
    let mut second = world.federation.systems[0].clone();
    second.id = SECOND.to_owned();
    world.federation.systems.push(second);
    world
}

/// The session of a login at the first system, with `loa`.
fn session(world: &mut World, bend: impl FnOnce(&mut Assertion)) -> Session {
    let asked = world.asked();
    let mut assertion = world.assertion(&asked);
    bend(&mut assertion);
    let decoded = assertion_signed(&world.response(&asked), &assertion, &world.keys.idp.signing);
    let Answered::Finish(finish) = world.answer(&decoded, Some(&asked), Some("browser")) else {
        panic!("a login: {:?}", world.trace)
    };
    *finish.consume.session.clone().expect("a session")
}

/// A login at the second system.
fn second(world: &mut World, required: Level) -> Pending {
    let mut pending = world.pending(|_| {});
    pending.system = SECOND.to_owned();
    pending.required = required;
    pending
}

fn reuse(world: &mut World, pending: &Pending, sessions: &[Session]) -> Reuse {
    let mut trace = Trace::default();
    let context = Context {
        hub: &world.hub,
        federation: &world.federation,
        settings: &world.settings,
        now: world.now,
    };
    let reuse = decide(context, pending, sessions, &mut world.entropy, &mut trace);
    world.trace = trace;
    reuse
}

fn rules(world: &World) -> Vec<&str> {
    let decisions = world.trace.decisions.iter();
    decisions.map(|decision| &*decision.rule).collect()
}

/// What the second system got.
fn issued(world: &World) -> Assertion {
    let exchange = world.trace.exchanges.last().expect("a Response");
    let document = Document::parse(exchange.xml.as_bytes()).unwrap();
    let keys = [world.keys.hub.public()];
    let mut nodes = document.root().descendants();
    let node = nodes
        .find(|node| node.local() == "Assertion")
        .expect("an assertion");
    let signed = dsig::verify(node, &keys, dsig::Policy::Modern).expect("signed by the hub");
    Assertion::read(signed.root()).expect("an assertion")
}

#[test]
fn the_next_system_is_served_without_the_identity_provider() {
    let mut world = world();
    let first = session(&mut world, |assertion| {
        assertion.authn_statements[0].authn_instant = NOW - Duration::minutes(2);
    });
    world.now = NOW + Duration::minutes(5);
    for setting in [
        AuthnInstantSetting::IssueTime,
        AuthnInstantSetting::IdentityProvider,
    ] {
        world.settings.authn_instant = setting;
        let pending = second(&mut world, SUBSTANTIAL);
        let Reuse::Serve(served) = reuse(&mut world, &pending, std::slice::from_ref(&first)) else {
            panic!("served: {:?}", world.trace)
        };
        let loa = Some(SUBSTANTIAL);
        assert_eq!(
            served.outcome,
            Outcome::LoggedIn {
                level: loa,
                under_assured: false
            }
        );
        assert_eq!(served.idp, IDP);
        assert!(matches!(served.release().outbound(), Outbound::Post { .. }));
        assert!(rules(&world).contains(&"single-sign-on"));
        let assertion = issued(&world);
        assert_eq!(assertion.name_id.as_ref(), Some(&first.name_id));
        assert!(assertion.values(attributes::LOA).eq(["Substantial"]));
        assert!(
            assertion
                .values(attributes::EMAIL_3)
                .eq(["prove@provekobing.example"])
        );
        assert!(assertion.values(attributes::CVR_3).eq([CVR]));
        assert!(
            assertion
                .values(attributes::ORG_NAME_3)
                .eq(["Prøvekøbing Kommune"])
        );
        let statement = &assertion.authn_statements[0];
        let expected = match setting {
            AuthnInstantSetting::IssueTime => world.now,
            AuthnInstantSetting::IdentityProvider => NOW - Duration::minutes(2),
        };
        assert_eq!(statement.authn_instant, expected);
        assert_eq!(statement.authenticating_authorities, [IDP]);
        // What the store joins: the system, by the SessionIndex that it got, and no longer life.
        assert_eq!(served.joins.id, first.id);
        assert_eq!(served.joins.systems.len(), 1);
        assert_eq!(served.joins.systems[0].system, SECOND);
        let index = statement.session_index.clone().unwrap();
        assert_eq!(served.joins.systems[0].indexes, [index]);
        let joined = Session::joined(Some(first.clone()), served.joins.clone());
        assert_eq!(
            (joined.ends, &joined.authenticated),
            (first.ends, &first.authenticated)
        );
        assert_eq!((joined.used, joined.systems.len()), (world.now, 2));
        assert_eq!(joined.idp_indexes, first.idp_indexes);
    }
}

/// The assertion that a session issues is the one that a login would, but for its name and its times.
#[test]
fn what_is_issued_from_a_session_is_what_a_login_issues() {
    let bend = |assertion: &mut Assertion| {
        let attribute = |name: &str, value: &str| Attribute {
            name: name.to_owned(),
            name_format: Some("x".to_owned()),
            friendly_name: Some("y".to_owned()),
            values: vec![value.to_owned()],
        };
        assertion.attributes.extend([
            attribute(
                attributes::UUID_PERSISTENT,
                "3b2f0c1e-1111-4222-8333-444455556666",
            ),
            attribute(attributes::CPR_2, "0101011234"),
            attribute("urn:nobody:reads:it", &"x".repeat(500)),
        ]);
        assertion.conditions.as_mut().unwrap().proxy_restriction = Some(Some(3));
    };
    let mut world = world();
    for system in &mut world.federation.systems {
        system.attribute_profile = vejviser::oiosaml::AttributeProfile::Seb;
    }
    let first = session(&mut world, bend);
    let by_login = issued(&world);
    let kept = first.authenticated.as_ref().unwrap();
    let names: Vec<&str> = kept
        .attributes
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert!(
        !names.contains(&"urn:nobody:reads:it") && !names.contains(&attributes::LOA),
        "{names:?}"
    );
    let mut pending = second(&mut world, SUBSTANTIAL);
    pending.system = SYSTEM.to_owned();
    assert!(matches!(
        reuse(&mut world, &pending, &[first]),
        Reuse::Serve(_)
    ));
    let mut from_session = issued(&world);
    from_session.id.clone_from(&by_login.id);
    from_session.authn_statements[0].session_index =
        by_login.authn_statements[0].session_index.clone();
    assert_eq!(from_session, by_login);
    assert_eq!(
        by_login.conditions.unwrap().proxy_restriction,
        Some(Some(2))
    );
}

#[test]
fn a_session_that_must_not_be_used_is_not() {
    type Bend = fn(&mut World, &mut Pending, &mut Session);
    let cases: &[(&str, Bend)] = &[
        ("the setting is off", |w, _, _| {
            w.settings.single_sign_on = false
        }),
        ("it was made when the setting was off", |_, _, s| {
            s.authenticated = None
        }),
        ("ForceAuthn", |_, p, _| p.force_authn = true),
        ("a trial", |_, p, _| {
            p.profile = Some(RequestProfile::Oiosaml3)
        }),
        ("a fault", |_, p, _| {
            p.fault = Some(vejviser::hub::fault::Fault::ALL[0])
        }),
        ("another browser", |_, p, _| p.browser.0 = "other".into()),
        ("IDPList names others", |_, p, _| {
            p.idp_list = vec![OTHER_IDP.into()]
        }),
        ("the identity provider is closed", |w, _, _| {
            w.idp().user_contexts.clear()
        }),
        ("it is gone", |w, _, _| {
            w.federation.identity_providers.clear()
        }),
        ("the organisation left it", |w, _, _| {
            w.idp().user_contexts = vec![Cvr::parse("33333333").unwrap()];
        }),
        ("idle", |w, _, _| w.now = NOW + Duration::minutes(20)),
        ("ended", |_, _, s| s.ends = NOW),
        ("SessionNotOnOrAfter", |_, _, s| {
            s.authenticated.as_mut().unwrap().until = Some(NOW);
        }),
        (
            "an identity provider that could never reach it",
            |w, p, _| {
                w.idp().nsis_assurance_level = Some(Nsis::Substantial);
                p.required = HIGH;
            },
        ),
    ];
    for (what, bend) in cases {
        let mut world = world();
        let mut session = session(&mut world, |_| {});
        let mut pending = second(&mut world, SUBSTANTIAL);
        assert!(matches!(
            reuse(&mut world, &pending, &[session.clone()]),
            Reuse::Serve(_)
        ));
        bend(&mut world, &mut pending, &mut session);
        let decided = reuse(&mut world, &pending, &[session]);
        assert!(matches!(decided, Reuse::Nothing), "{what}: {decided:?}");
        assert!(
            world.trace.exchanges.is_empty() && rules(&world).is_empty(),
            "{what}"
        );
    }
    let mut world = world();
    let first = session(&mut world, |_| {});
    let mut pending = second(&mut world, SUBSTANTIAL);
    pending.idp_list = vec![OTHER_IDP.to_owned(), IDP.to_owned()];
    assert!(matches!(
        reuse(&mut world, &pending, &[first]),
        Reuse::Serve(_)
    ));
    assert!(matches!(reuse(&mut world, &pending, &[]), Reuse::Nothing));
}

/// Too low: the identity provider is asked, or the login refused; passive or not.
#[test]
fn a_session_that_is_too_low_is_stepped_up_or_refused() {
    for passive in [false, true] {
        let mut world = world();
        let first = session(&mut world, |_| {});
        let mut pending = second(&mut world, HIGH);
        pending.is_passive = passive;
        let decided = reuse(&mut world, &pending, std::slice::from_ref(&first));
        assert!(matches!(decided, Reuse::Refuse(refusal) if refusal.check == Check::StepUp));
        assert_eq!(rules(&world), ["step-up"]);
        world.idp().supports_step_up = true;
        let decided = reuse(&mut world, &pending, std::slice::from_ref(&first));
        assert!(
            matches!(&decided, Reuse::StepUp(idp) if idp == IDP),
            "{decided:?}"
        );
        assert_eq!(rules(&world), ["step-up"]);
        // The identity provider hears that it must not show anything.
        world.ask(&pending).unwrap();
        let asked = &world.trace.exchanges[0].xml;
        assert_eq!(asked.contains("IsPassive=\"true\""), passive);
        // What it answers makes the session one of the higher level.
        let stepped = session(&mut world, |assertion| {
            for attribute in &mut assertion.attributes {
                if attribute.name == attributes::LOA {
                    attribute.values = vec!["High".to_owned()];
                }
            }
        });
        assert_eq!(stepped.id, first.id);
        let joined = Session::joined(Some(first), stepped);
        assert!(matches!(
            reuse(&mut world, &pending, &[joined]),
            Reuse::Serve(_)
        ));
    }
}

#[test]
fn what_the_identity_provider_may_state_today_is_what_counts() {
    let mut world = world();
    let first = session(&mut world, |_| {});
    world.idp().supports_step_up = true;
    let substantial = second(&mut world, SUBSTANTIAL);
    let nist = second(&mut world, Level::Nist(Nist::Three));
    world.idp().nsis_assurance_level = Some(Nsis::Low);
    let sessions = [first];
    assert!(matches!(
        reuse(&mut world, &substantial, &sessions),
        Reuse::Nothing
    ));
    assert!(matches!(
        reuse(&mut world, &nist, &sessions),
        Reuse::StepUp(_)
    ));
    world.idp().nsis_assurance_level = None;
    assert!(matches!(
        reuse(&mut world, &nist, &sessions),
        Reuse::StepUp(_)
    ));
}

#[test]
fn no_level_is_enforced_where_none_is_asked_for() {
    let mut world = world();
    let first = session(&mut world, |_| {});
    let mut pending = second(&mut world, HIGH);
    pending.enforced = false;
    let sessions = [first];
    let Reuse::Serve(served) = reuse(&mut world, &pending, &sessions) else {
        panic!("under-assured")
    };
    assert!(matches!(
        served.outcome,
        Outcome::LoggedIn {
            under_assured: true,
            ..
        }
    ));
    assert!(
        issued(&world).values(attributes::LOA).eq(["Substantial"]),
        "never the required one"
    );
    world.settings.under_assured_logins = false;
    let decided = reuse(&mut world, &pending, &sessions);
    assert!(matches!(decided, Reuse::Refuse(refusal) if refusal.check == Check::StepUp));
}

/// Two people in one browser: the one who was asked last, if the level is enough; else the other.
#[test]
fn of_several_sessions_the_freshest_that_can_serve() {
    let as_other = |loa: &'static str, at: Duration| {
        move |assertion: &mut Assertion| {
            let name = assertion.name_id.as_mut().unwrap();
            name.value = name.value.replace("Prøve Prøvesen", loa);
            assertion.authn_statements[0].authn_instant = NOW - at;
            for attribute in &mut assertion.attributes {
                if attribute.name == attributes::LOA {
                    attribute.values = vec![loa.to_owned()];
                }
            }
        }
    };
    let mut world = world();
    let high = session(&mut world, as_other("High", Duration::minutes(3)));
    let late = session(&mut world, as_other("Substantial", Duration::minutes(1)));
    for sessions in [[high.clone(), late.clone()], [late.clone(), high.clone()]] {
        for (required, expected) in [(SUBSTANTIAL, &late), (HIGH, &high)] {
            let pending = second(&mut world, required);
            let Reuse::Serve(served) = reuse(&mut world, &pending, &sessions) else {
                panic!("{required}")
            };
            assert_eq!(served.joins.id, expected.id, "{required}");
        }
    }
}

/// Roles are those of the next system: a user without any there is refused, and the session stays what it was.
#[test]
fn roles_are_translated_for_the_next_system() {
    use vejviser::hub::roles::NoRoles;
    let mut world = world();
    let first = session(&mut world, |_| {});
    world.settings.roles.no_roles = NoRoles::Refuse;
    world.federation.systems[1].role_mappings = super::roles::mapped();
    let pending = second(&mut world, SUBSTANTIAL);
    let Reuse::Serve(served) = reuse(&mut world, &pending, std::slice::from_ref(&first)) else {
        panic!("decided")
    };
    assert!(
        matches!(served.outcome, Outcome::Refused(refusal) if refusal.check == Check::RolesGranted)
    );
    assert!(served.joins.systems.is_empty() && served.joins.used == first.used);
    assert!(world.trace.roles.is_some());
}

/// The check that no message trips.
pub fn tripped() -> Option<Check> {
    let mut world = world();
    let first = session(&mut world, |_| {});
    let pending = second(&mut world, HIGH);
    match reuse(&mut world, &pending, &[first]) {
        Reuse::Refuse(refusal) => Some(refusal.check),
        _ => None,
    }
}
