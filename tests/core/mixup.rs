//! IdP mix-up, the attack that a hub for 98 municipalities must withstand first (security.md 8): each of five
//! municipalities signs for itself and for nobody else, whatever it writes and whoever was asked.

use crate::support::world::*;
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use std::sync::{Arc, OnceLock};
use vejviser::dsig::{Policy, PublicKey, SigningKey};
use vejviser::hub::acs::{Answered, Outcome};
use vejviser::hub::roles::{JobFunctionRole, RoleMapping};
use vejviser::hub::{Check, IdentityProvider, Pending, Stage};
use vejviser::oiosaml::{Cvr, RequestProfile, attributes};
use vejviser::saml::{Assertion, Attribute, Decoded, Response};

const PARTIES: usize = 5;

fn id(n: usize) -> String {
    format!("https://idp{n}.example/saml")
}

fn cvr(n: usize) -> String {
    format!("1000000{n}")
}

/// P-256, because thousands of messages are signed here.
fn signing_keys() -> &'static [(SigningKey, PublicKey)] {
    static KEYS: OnceLock<Vec<(SigningKey, PublicKey)>> = OnceLock::new();
    KEYS.get_or_init(|| (0..PARTIES).map(|_| key()).collect())
}

fn key() -> (SigningKey, PublicKey) {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let certificate = self_signed(&key);
    let pem = key.private_key_to_pem_pkcs8().unwrap();
    (
        SigningKey::parse(&pem, Some(certificate.clone())).unwrap(),
        PublicKey::from_certificate(certificate, Policy::Modern).unwrap(),
    )
}

fn municipality(world: &World, n: usize) -> IdentityProvider {
    IdentityProvider {
        name: format!("idp{n}"),
        id: id(n),
        user_contexts: vec![Cvr::parse(&cvr(n)).unwrap()],
        signing_keys: vec![signing_keys()[n].1.clone()],
        former_keys: Vec::new(),
        valid_until: None,
        sso_url: format!("https://idp{n}.example/sso"),
        ..identity_provider(world.keys, RequestProfile::Oiosaml3)
    }
}

fn five() -> World {
    let mut world = World::plain();
    world.federation.identity_providers = (0..PARTIES).map(|n| municipality(&world, n)).collect();
    world
}

/// A login that waits for the answer of `idp`.
fn asked(world: &mut World, idp: usize) -> Pending {
    let pending = world.pending(|_| {});
    Pending {
        stage: Stage::Asked {
            idp: id(idp),
            request_id: format!("_asked{idp}"),
            sent: world.now,
            under_assured: false,
        },
        ..pending
    }
}

fn set(assertion: &mut Assertion, name: &str, value: String) {
    assertion
        .attributes
        .retain(|attribute| attribute.name != name);
    assertion.attributes.push(Attribute {
        name: name.to_owned(),
        name_format: None,
        friendly_name: None,
        values: vec![value],
    });
}

/// What an answer says of itself.
#[derive(Clone, Copy)]
struct Says {
    response_issuer: usize,
    issuer: usize,
    attribute: usize,
    organisation: usize,
}

impl Says {
    fn all(n: usize) -> Self {
        Self {
            response_issuer: n,
            issuer: n,
            attribute: n,
            organisation: n,
        }
    }
}

fn written(world: &World, asked: &Pending, says: Says) -> (Response, Assertion) {
    let mut response = world.response(asked);
    response.issuer = Some(id(says.response_issuer));
    let mut assertion = world.assertion(asked);
    assertion.issuer = id(says.issuer);
    set(&mut assertion, attributes::CVR_3, cvr(says.attribute));
    let organisation = cvr(says.organisation);
    assertion.name_id.as_mut().unwrap().value = format!(
        "C=DK,O={organisation},CN=Prøve Prøvesen,Serial=3b2f0c1e-1111-4222-8333-444455556666"
    );
    (response, assertion)
}

fn logged_in(answered: &Answered) -> bool {
    matches!(answered, Answered::Finish(finish) if matches!(finish.outcome, Outcome::LoggedIn { .. }))
}

fn answers(world: &mut World, decoded: &Decoded, asked: &Pending) -> bool {
    logged_in(&world.answer(decoded, Some(asked), Some("browser")))
}

#[test]
fn only_the_diagonal_is_accepted() {
    let mut world = five();
    let (mut accepted, mut refused) = (0, 0);
    for asked_idp in 0..PARTIES {
        let asked = asked(&mut world, asked_idp);
        for issuer in 0..PARTIES {
            for attribute in 0..PARTIES {
                for organisation in 0..PARTIES {
                    let says = Says {
                        response_issuer: issuer,
                        issuer,
                        attribute,
                        organisation,
                    };
                    let (response, assertion) = written(&world, &asked, says);
                    for (signer, (key, _)) in signing_keys().iter().enumerate() {
                        let decoded = assertion_signed(&response, &assertion, key);
                        let all_one = [issuer, attribute, organisation, signer]
                            .iter()
                            .all(|n| *n == asked_idp);
                        let went = answers(&mut world, &decoded, &asked);
                        assert_eq!(
                            went, all_one,
                            "asked {asked_idp}, signed by {signer}, Issuer {issuer}, CVR {attribute}, O {organisation}"
                        );
                        if went { accepted += 1 } else { refused += 1 }
                    }
                }
            }
        }
    }
    assert_eq!((accepted, refused), (5, 5_usize.pow(5) - 5));
}

#[test]
fn the_response_and_its_assertion_are_from_the_same_idp() {
    let mut world = five();
    let asked = asked(&mut world, 0);
    for response_issuer in 0..PARTIES {
        for issuer in 0..PARTIES {
            let says = Says {
                response_issuer,
                issuer,
                ..Says::all(0)
            };
            let (response, assertion) = written(&world, &asked, says);
            // Signed as a whole, and only inside.
            for decoded in [
                response_signed(&response, Some(&assertion), &signing_keys()[0].0),
                assertion_signed(&response, &assertion, &signing_keys()[0].0),
            ] {
                let went = answers(&mut world, &decoded, &asked);
                assert_eq!(
                    went,
                    response_issuer == 0 && issuer == 0,
                    "{response_issuer} {issuer}"
                );
            }
        }
    }
}

/// Every municipality has a role of its own, which every system takes: whoever logs in, whatever scope the IdP writes and
/// whosever role it is, only its own role within its own scope comes through.
#[test]
fn of_scopes_and_roles_only_the_diagonal_comes_through() {
    let role = |n: usize| format!("http://kommune{n}.example/roles/jobrole/rolle/1");
    let mut world = five();
    let mut register = super::roles::Register::default();
    for n in 0..PARTIES {
        let owned = JobFunctionRole {
            context: Cvr::parse(&cvr(n)),
            delegated_to: Vec::new(),
        };
        register.roles.insert(role(n), owned);
    }
    world.federation.directory = register.directory();
    let mapping = |n| RoleMapping {
        id: format!("m{n}"),
        job_function_role: role(n),
        user_system_role: "http://system.example/roles/usersystemrole/rolle/1".to_owned(),
        restrictions: Vec::new(),
    };
    world.system().role_mappings = Arc::new((0..PARTIES).map(mapping).collect());
    for idp in 0..PARTIES {
        let asked = asked(&mut world, idp);
        for scope in 0..PARTIES {
            for owner in 0..PARTIES {
                let (response, mut assertion) = written(&world, &asked, Says::all(idp));
                let list = super::roles::list(&[(&cvr(scope), &role(owner), &[])]);
                set(
                    &mut assertion,
                    attributes::PRIVILEGES_3,
                    list.write().unwrap(),
                );
                let decoded = assertion_signed(&response, &assertion, &signing_keys()[idp].0);
                assert!(answers(&mut world, &decoded, &asked));
                let issued = world.trace.exchanges.last().unwrap();
                let clear = issued.decrypted.as_deref().unwrap();
                assert_eq!(
                    clear.contains("rivilege"),
                    idp == scope && idp == owner,
                    "{idp} writes scope {scope} and a role of {owner}"
                );
            }
        }
    }
}

#[test]
fn an_idp_that_was_closed_or_taken_out_meanwhile_is_not_believed() {
    let mut world = five();
    let asked = asked(&mut world, 0);
    let (response, assertion) = written(&world, &asked, Says::all(0));
    let decoded = assertion_signed(&response, &assertion, &signing_keys()[0].0);
    assert!(answers(&mut world, &decoded, &asked));
    world.idp().user_contexts.clear();
    assert!(
        !answers(&mut world, &decoded, &asked),
        "without anvenderkontekst"
    );
    let mut world = five();
    world.federation.identity_providers.remove(0);
    assert!(
        !answers(&mut world, &decoded, &asked),
        "not registered any more"
    );
    let mut world = five();
    world.idp().signing_keys.clear();
    assert!(!answers(&mut world, &decoded, &asked), "no key, no trust");
    // With another municipality's agreement it speaks for that one, and no longer for the first.
    let mut world = five();
    world.idp().user_contexts = vec![Cvr::parse(&cvr(1)).unwrap()];
    assert!(!answers(&mut world, &decoded, &asked));
}

/// The configuration refuses two parties with one key; should it ever happen, each still speaks for itself.
#[test]
fn two_idps_that_share_a_key_do_not_share_their_users() {
    let mut world = five();
    world.federation.identity_providers[1].signing_keys = vec![signing_keys()[0].1.clone()];
    let asked = asked(&mut world, 1);
    for says in 0..2 {
        let (response, assertion) = written(&world, &asked, Says::all(says));
        let decoded = assertion_signed(&response, &assertion, &signing_keys()[0].0);
        assert_eq!(answers(&mut world, &decoded, &asked), says == 1);
    }
    let mixed = Says {
        attribute: 0,
        organisation: 0,
        ..Says::all(1)
    };
    let (response, assertion) = written(&world, &asked, mixed);
    let decoded = assertion_signed(&response, &assertion, &signing_keys()[0].0);
    assert!(
        !answers(&mut world, &decoded, &asked),
        "nor their organisations"
    );
}

#[test]
fn a_name_that_looks_like_the_idps_is_another_name() {
    let mut world = five();
    let asked = asked(&mut world, 0);
    for lookalike in [
        "https://IDP0.example/saml",
        "https://idp0.example/saml/",
        "https://idp0.example/saml#",
        "https://idp0.example:443/saml",
        "http://idp0.example/saml",
        "https://idp0.example/s\u{430}ml",
        "https://idp0.example/\u{17F}aml",
        "https://idp0.example/sam\u{200D}l",
        "https://idp0.ex\u{E4}mple/saml",
        "https://idp0.example/%73aml",
    ] {
        for place in 0..3 {
            let (mut response, mut assertion) = written(&world, &asked, Says::all(0));
            if place != 1 {
                response.issuer = Some(lookalike.to_owned());
            }
            if place != 0 {
                assertion.issuer = lookalike.to_owned();
            }
            let decoded = assertion_signed(&response, &assertion, &signing_keys()[0].0);
            assert!(
                !answers(&mut world, &decoded, &asked),
                "{lookalike:?} at {place}"
            );
        }
    }
}

#[test]
fn what_is_no_answer_of_the_idp_burns_no_login() {
    let mut world = five();
    let asked = asked(&mut world, 0);
    let (response, assertion) = written(&world, &asked, Says::all(0));
    let good = assertion_signed(&response, &assertion, &signing_keys()[0].0);
    let forged = assertion_signed(&response, &assertion, &signing_keys()[1].0);
    let (other_response, other_assertion) = written(&world, &asked, Says::all(1));
    let others = assertion_signed(&other_response, &other_assertion, &signing_keys()[1].0);
    let junk = Decoded {
        xml: b"<junk/>".to_vec(),
        ..good.clone()
    };
    let cut = Decoded {
        xml: good.xml[..good.xml.len() / 2].to_vec(),
        ..good.clone()
    };
    for (what, decoded, browser) in [
        ("another browser", &good, Some("another")),
        ("no cookie", &good, None),
        ("another municipality's key", &forged, Some("browser")),
        ("another municipality's answer", &others, Some("browser")),
        ("junk", &junk, Some("browser")),
        ("half of it", &cut, Some("browser")),
    ] {
        let answered = world.answer(decoded, Some(&asked), browser);
        // A page, and so no effect on the store: the login waits on.
        let Answered::Page(refusal) = answered else {
            panic!("{what}: {answered:?}")
        };
        match what {
            "another browser" => assert_eq!(refusal.check, Check::ResponseBrowser),
            "no cookie" => assert_eq!(refusal.check, Check::BrowserCookie),
            _ => {}
        }
    }
    assert!(answers(&mut world, &good, &asked));
}
