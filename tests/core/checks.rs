//! Every check has a mutant: a message that is good in every way but one. It must fail exactly that check,
//! and a check without a mutant fails the suite.

use super::roles::mapped;
use crate::support::world::*;
use std::collections::BTreeSet;
use time::Duration;
use vejviser::dsig::{self, BlockCipher, Place};
use vejviser::hub::acs::Answered;
use vejviser::hub::choose::{self, Arrival, Choice};
use vejviser::hub::roles::NoRoles;
use vejviser::hub::sso::Received;
use vejviser::hub::{BrowserMemory, Check, Row, RowOutcome};
use vejviser::oiosaml::{Level, Nsis, RequestProfile, attributes};
use vejviser::saml::binding::MessageField;
use vejviser::saml::response::Content;
use vejviser::saml::{
    Assertion, AuthnRequest, Comparison, Decoded, NameIdPolicy, RequestedAuthnContext, Response,
    Scoping, Status, names,
};

/// The checks that failed or warned in the last judged message.
fn findings(world: &World) -> Vec<(Check, RowOutcome)> {
    let last = world
        .trace
        .exchanges
        .iter()
        .rfind(|exchange| !exchange.checks.is_empty())
        .expect("a judged message");
    last.checks
        .iter()
        .filter(|row: &&Row| matches!(row.outcome, RowOutcome::Fail | RowOutcome::Warn))
        .map(|row| (row.check, row.outcome))
        .collect()
}

type Request = (Check, fn(&mut World) -> Decoded);
type Answer = (Check, fn(&mut World) -> (Decoded, Option<&'static str>));

fn bent(world: &mut World, bend: fn(&mut AuthnRequest)) -> Decoded {
    world.by_redirect(&world.request(bend), Some(&world.keys.system.signing))
}

fn requested(comparison: Option<Comparison>, class_ref: &str) -> Option<RequestedAuthnContext> {
    Some(RequestedAuthnContext {
        comparison,
        class_refs: vec![class_ref.to_owned()],
        decl_refs: Vec::new(),
    })
}

const REQUESTS: &[Request] = &[
    (Check::RequestReadable, |w| Decoded {
        xml: b"<AuthnRequest".to_vec(),
        ..bent(w, |_| {})
    }),
    (Check::RequestReadable, |w| Decoded {
        field: MessageField::Response,
        ..bent(w, |_| {})
    }),
    (Check::RequestIssuerKnown, |w| {
        bent(w, |r| r.issuer = Some("https://sag.example/SAML".into()))
    }),
    (Check::RequestIssuerKnown, |w| bent(w, |r| r.issuer = None)),
    (Check::RequestSigned, |w| {
        w.by_redirect(&w.request(|_| {}), None)
    }),
    (Check::RequestSigned, |w| {
        w.by_post(&w.request(|_| {}), None)
    }),
    (Check::RequestTrustedKey, |w| {
        w.system().signing_keys.clear();
        bent(w, |_| {})
    }),
    (Check::RequestSignature, |w| {
        w.by_redirect(&w.request(|_| {}), Some(&w.keys.stranger.signing))
    }),
    (Check::RequestSignature, |w| {
        w.by_post(&w.request(|_| {}), Some(&w.keys.stranger.signing))
    }),
    (Check::RequestSignature, |w| {
        let mut decoded = bent(w, |_| {});
        let signature = decoded.query_signature.as_mut().unwrap();
        signature.algorithm = "http://www.w3.org/2000/09/xmldsig#rsa-sha1".into();
        decoded
    }),
    (Check::RequestVersion, |w| {
        bent(w, |r| r.version = "1.1".into())
    }),
    (Check::RequestDestination, |w| {
        bent(w, |r| {
            r.destination = Some("https://hub.example/runtime/saml2/issue.idp/".into())
        })
    }),
    (Check::RequestDestination, |w| {
        bent(w, |r| r.destination = None)
    }),
    (Check::RequestIssueInstant, |w| {
        bent(w, |r| r.issue_instant = NOW - Duration::seconds(301))
    }),
    (Check::RequestIssueInstant, |w| {
        bent(w, |r| r.issue_instant = NOW + Duration::seconds(181))
    }),
    (Check::RequestAcs, |w| {
        bent(w, |r| {
            r.acs_url = Some("https://sag.example/acs?x=1".into())
        })
    }),
    (Check::RequestAcs, |w| {
        bent(w, |r| r.acs_url = Some("javascript:alert(1)".into()))
    }),
    (Check::RequestAcs, |w| {
        bent(w, |r| {
            r.acs_url = None;
            r.acs_index = Some(7);
        })
    }),
    (Check::RequestProtocolBinding, |w| {
        bent(w, |r| {
            r.protocol_binding = Some(names::binding::ARTIFACT.into())
        })
    }),
    (Check::RequestProxyCount, |w| {
        bent(w, |r| {
            r.scoping = Some(Scoping {
                proxy_count: Some(0),
                ..Scoping::default()
            })
        })
    }),
    (Check::RequestContext, |w| {
        bent(w, |r| {
            r.requested_authn_context = requested(None, names::PASSWORD_PROTECTED_TRANSPORT)
        })
    }),
    (Check::RequestContext, |w| {
        bent(w, |r| {
            r.requested_authn_context = requested(
                Some(Comparison::Maximum),
                &Level::Nsis(Nsis::High).class_ref(),
            )
        })
    }),
    (Check::RequestNameIdPolicy, |w| {
        bent(w, |r| {
            r.name_id_policy = Some(NameIdPolicy {
                format: Some(names::name_id::PERSISTENT.into()),
                allow_create: None,
            })
        })
    }),
];

/// The plainest good answer, bent: the assertion signed and encrypted.
fn bend(
    world: &mut World,
    bend: fn(&mut Response, &mut Assertion),
) -> (Decoded, Option<&'static str>) {
    let asked = world.asked();
    let (mut response, mut assertion) = (world.response(&asked), world.assertion(&asked));
    bend(&mut response, &mut assertion);
    let keys = world.keys;
    (
        world.sealed(
            &response,
            &assertion,
            &keys.idp.signing,
            &keys.hub.recipient(),
        ),
        Some("browser"),
    )
}

/// The same with the whole Response signed.
fn bend_signed(
    world: &mut World,
    bend: fn(&mut Response, &mut Assertion),
) -> (Decoded, Option<&'static str>) {
    let asked = world.asked();
    let (mut response, mut assertion) = (world.response(&asked), world.assertion(&asked));
    bend(&mut response, &mut assertion);
    (
        response_signed(&response, Some(&assertion), &world.keys.idp.signing),
        Some("browser"),
    )
}

fn set(assertion: &mut Assertion, name: &str, values: &[&str]) {
    assertion
        .attributes
        .retain(|attribute| attribute.name != name);
    let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
    if !values.is_empty() {
        assertion.attributes.push(vejviser::saml::Attribute {
            name: name.to_owned(),
            name_format: None,
            friendly_name: None,
            values,
        });
    }
}

const ANSWERS: &[Answer] = &[
    (Check::ResponseReadable, |w| {
        (
            Decoded {
                xml: b"not xml".to_vec(),
                ..bend(w, |_, _| {}).0
            },
            Some("browser"),
        )
    }),
    (Check::ResponseReadable, |w| {
        let decoded = bend(w, |_, _| {}).0;
        let text = String::from_utf8(decoded.xml).unwrap().replacen(
            "<samlp:Response",
            "<!DOCTYPE x><samlp:Response",
            1,
        );
        (
            Decoded {
                xml: text.into_bytes(),
                ..decoded
            },
            Some("browser"),
        )
    }),
    (Check::ResponseBrowser, |w| {
        (bend(w, |_, _| {}).0, Some("another"))
    }),
    (Check::ResponseBrowser, |w| (bend(w, |_, _| {}).0, None)),
    (Check::ResponseIssuer, |w| {
        bend(w, |r, _| r.issuer = Some(OTHER_IDP.into()))
    }),
    (Check::ResponseIssuer, |w| {
        bend_signed(w, |r, _| r.issuer = None)
    }),
    (Check::ResponseIssuer, |w| {
        bend(w, |r, _| {
            r.issuer_format = Some(names::name_id::PERSISTENT.into())
        })
    }),
    (Check::TrustedKey, |w| {
        let answer = bend(w, |_, _| {});
        w.idp().signing_keys.clear();
        answer
    }),
    (Check::ResponseSignature, |w| {
        let asked = w.asked();
        (
            response_signed(
                &w.response(&asked),
                Some(&w.assertion(&asked)),
                &w.keys.stranger.signing,
            ),
            Some("browser"),
        )
    }),
    (Check::AssertionCount, |w| {
        let asked = w.asked();
        (
            response_signed(&w.response(&asked), None, &w.keys.idp.signing),
            Some("browser"),
        )
    }),
    (Check::Decryption, |w| {
        let asked = w.asked();
        let (response, assertion, keys) = (w.response(&asked), w.assertion(&asked), w.keys);
        (
            w.sealed(
                &response,
                &assertion,
                &keys.idp.signing,
                &keys.stranger.recipient(),
            ),
            Some("browser"),
        )
    }),
    (Check::Decryption, |w| {
        // AES-CBC from an IdP that is registered with an OIOSAML3 profile.
        let asked = w.asked();
        let (response, assertion, keys) = (w.response(&asked), w.assertion(&asked), w.keys);
        let recipient = dsig::Recipient {
            cipher: BlockCipher::Aes256Cbc,
            ..keys.hub.recipient()
        };
        (
            w.sealed(&response, &assertion, &keys.idp.signing, &recipient),
            Some("browser"),
        )
    }),
    (Check::AssertionSignature, |w| {
        let asked = w.asked();
        (
            assertion_signed(
                &w.response(&asked),
                &w.assertion(&asked),
                &w.keys.stranger.signing,
            ),
            Some("browser"),
        )
    }),
    (Check::AssertionSignature, |w| {
        // Unsigned inside the encryption, under a Response that is signed well.
        let asked = w.asked();
        let (response, assertion, keys) = (w.response(&asked), w.assertion(&asked), w.keys);
        let plain = assertion.to_element().render();
        let content =
            Content::Encrypted(dsig::encrypt(&plain, &keys.hub.recipient(), &mut w.entropy));
        let message = dsig::sign(
            &response.to_element(Some(content)),
            &response.id,
            Place::AfterIssuer,
            &keys.idp.signing,
        );
        (posted(MessageField::Response, &message), Some("browser"))
    }),
    (Check::AssertionReadable, |w| {
        let asked = w.asked();
        let (mut response, assertion) = (w.response(&asked), w.assertion(&asked));
        response.id = "_r".into();
        let text = String::from_utf8(assertion.to_element().render().as_bytes().to_vec()).unwrap();
        // A statement that the federation does not use.
        let text = text.replacen(
            "<saml:AttributeStatement>",
            "<saml:Statement></saml:Statement><saml:AttributeStatement>",
            1,
        );
        let document = vejviser::xml::Document::parse(text.as_bytes()).unwrap();
        let element = reassemble(document.root());
        let signed = dsig::sign(
            &element,
            &assertion.id,
            Place::AfterIssuer,
            &w.keys.idp.signing,
        );
        let message = response
            .to_element(Some(Content::Assertion(signed)))
            .render();
        (posted(MessageField::Response, &message), Some("browser"))
    }),
    (Check::ResponseVersion, |w| {
        bend(w, |r, _| r.version = "1.1".into())
    }),
    (Check::ResponseVersion, |w| {
        bend(w, |_, a| a.version = "1.1".into())
    }),
    (Check::ResponseDestination, |w| {
        bend(w, |r, _| {
            r.destination = Some("https://hub.example/".into())
        })
    }),
    (Check::ResponseDestination, |w| {
        bend_signed(w, |r, _| r.destination = None)
    }),
    (Check::ResponseInResponseTo, |w| {
        bend(w, |r, _| r.in_response_to = Some("_other".into()))
    }),
    (Check::ResponseInResponseTo, |w| {
        bend_signed(w, |r, _| r.in_response_to = None)
    }),
    (Check::ResponseIssueInstant, |w| {
        bend(w, |r, _| r.issue_instant = NOW + Duration::seconds(181))
    }),
    (Check::ResponseIssueInstant, |w| {
        bend(w, |_, a| a.issue_instant = NOW - Duration::seconds(481))
    }),
    (Check::ResponseStatus, |w| {
        let asked = w.asked();
        let mut response = w.response(&asked);
        response.status = Status::refusal(
            names::status::RESPONDER,
            Some(names::status::NO_AUTHN_CONTEXT),
            "MSIS7102",
        );
        (
            response_signed(&response, None, &w.keys.idp.signing),
            Some("browser"),
        )
    }),
    (Check::AssertionIssuer, |w| {
        bend(w, |_, a| a.issuer = OTHER_IDP.into())
    }),
    (Check::SubjectConfirmation, |w| {
        bend(w, |_, a| {
            a.confirmations[0].method = "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches".into()
        })
    }),
    (Check::ConfirmationRecipient, |w| {
        bend(w, |_, a| {
            a.confirmations[0].recipient =
                Some("https://hub.example/runtime/saml2auth/consume.idp/".into())
        })
    }),
    (Check::ConfirmationRecipient, |w| {
        bend(w, |_, a| a.confirmations[0].recipient = None)
    }),
    (Check::ConfirmationInResponseTo, |w| {
        bend(w, |_, a| {
            a.confirmations[0].in_response_to = Some("_other".into())
        })
    }),
    (Check::ConfirmationTime, |w| {
        bend(w, |_, a| {
            a.confirmations[0].not_on_or_after = Some(NOW - Duration::seconds(180))
        })
    }),
    (Check::ConfirmationTime, |w| {
        bend(w, |_, a| a.confirmations[0].not_on_or_after = None)
    }),
    (Check::ConfirmationTime, |w| {
        bend(w, |_, a| a.confirmations[0].not_before = Some(NOW))
    }),
    (Check::ConditionsNotBefore, |w| {
        bend(w, |_, a| {
            a.conditions.as_mut().unwrap().not_before = Some(NOW + Duration::seconds(181))
        })
    }),
    (Check::ConditionsNotOnOrAfter, |w| {
        bend(w, |_, a| {
            a.conditions.as_mut().unwrap().not_on_or_after = Some(NOW - Duration::seconds(180))
        })
    }),
    (Check::Audience, |w| {
        bend(w, |_, a| {
            a.conditions
                .as_mut()
                .unwrap()
                .audience_restrictions
                .push(vec!["https://other.example".into()])
        })
    }),
    (Check::Audience, |w| bend(w, |_, a| a.conditions = None)),
    (Check::UnknownCondition, |w| {
        let asked = w.asked();
        let (response, assertion) = (w.response(&asked), w.assertion(&asked));
        let text = assertion.to_element().render().as_str().replacen(
            "</saml:Conditions>",
            "<saml:Condition></saml:Condition></saml:Conditions>",
            1,
        );
        let document = vejviser::xml::Document::parse(text.as_bytes()).unwrap();
        let signed = dsig::sign(
            &reassemble(document.root()),
            &assertion.id,
            Place::AfterIssuer,
            &w.keys.idp.signing,
        );
        (
            posted(
                MessageField::Response,
                &response
                    .to_element(Some(Content::Assertion(signed)))
                    .render(),
            ),
            Some("browser"),
        )
    }),
    (Check::ProxyRestriction, |w| {
        bend(w, |_, a| {
            a.conditions.as_mut().unwrap().proxy_restriction = Some(Some(0))
        })
    }),
    (Check::AuthnStatement, |w| {
        bend(w, |_, a| a.authn_statements.clear())
    }),
    (Check::AuthnInstant, |w| {
        bend(w, |_, a| {
            a.authn_statements[0].authn_instant = NOW + Duration::seconds(181)
        })
    }),
    (Check::SessionNotOnOrAfter, |w| {
        bend(w, |_, a| {
            a.authn_statements[0].session_not_on_or_after = Some(NOW - Duration::seconds(180))
        })
    }),
    (Check::NameIdFormat, |w| {
        bend(w, |_, a| {
            a.name_id.as_mut().unwrap().format = Some(names::name_id::PERSISTENT.into())
        })
    }),
    (Check::SubjectNamed, |w| bend(w, |_, a| a.name_id = None)),
    (Check::NameIdSyntax, |w| {
        bend(w, |_, a| {
            a.name_id.as_mut().unwrap().value = format!("C=DK,O={CVR},CN=A, B,Serial=x")
        })
    }),
    // Longer than a name may be, and longer than a NameID may be in any part.
    (Check::NameIdSyntax, |w| {
        bend(w, |_, a| {
            let name = "A".repeat(257);
            a.name_id.as_mut().unwrap().value = format!("C=DK,O={CVR},CN={name},Serial=x")
        })
    }),
    (Check::NameIdSyntax, |w| {
        bend(w, |_, a| {
            a.name_id.as_mut().unwrap().sp_name_qualifier = Some("a".repeat(1024))
        })
    }),
    (Check::IdentityLength, |w| {
        bend(w, |_, a| {
            let long = "a".repeat(1025);
            set(a, attributes::EMAIL_3, &["short", &long])
        })
    }),
    (Check::CvrContext, |w| {
        bend(w, |_, a| {
            set(a, attributes::CVR_3, &["22222222"]);
            a.name_id.as_mut().unwrap().value = "C=DK,O=22222222,CN=A,Serial=x".into();
        })
    }),
    (Check::CvrContext, |w| {
        bend(w, |_, a| set(a, attributes::CVR_3, &[]))
    }),
    (Check::CvrContext, |w| {
        bend(w, |_, a| set(a, attributes::CVR_3, &[CVR, "22222222"]))
    }),
    (Check::NameIdOrganisation, |w| {
        bend(w, |_, a| {
            a.name_id.as_mut().unwrap().value = "C=DK,O=22222222,CN=A,Serial=x".into()
        })
    }),
    (Check::SpecVersion, |w| {
        bend(w, |_, a| set(a, attributes::SPEC_VERSION_3, &[]))
    }),
    (Check::LevelUnambiguous, |w| {
        bend(w, |_, a| set(a, attributes::LOA, &["Substantial", "High"]))
    }),
    (Check::LevelCeiling, |w| {
        w.idp().nsis_assurance_level = Some(Nsis::Substantial);
        bend(w, |_, a| set(a, attributes::LOA, &["High"]))
    }),
    (Check::KombitSpecVersion, |w| {
        bend(w, |_, a| set(a, attributes::KOMBIT_SPEC_VER_URI, &["1.0"]))
    }),
    (Check::PrivilegesReadable, |w| {
        bend(w, |_, a| set(a, attributes::PRIVILEGES_3, &["!"]))
    }),
    (Check::RolesGranted, |w| {
        w.settings.roles.no_roles = NoRoles::Refuse;
        w.system().role_mappings = mapped();
        bend(w, |_, _| {})
    }),
    (Check::LevelReached, |w| {
        bend(w, |_, a| set(a, attributes::LOA, &["Low"]))
    }),
    (Check::LevelReached, |w| {
        bend(w, |_, a| set(a, attributes::LOA, &[]))
    }),
];

/// An element as the writer's tree, so that a test can sign what the writer itself would not write.
pub fn reassemble(node: vejviser::xml::Node<'_>) -> vejviser::xml::Element {
    use vejviser::xml::{Element, SAML};
    assert_eq!(node.namespace(), SAML.uri);
    let leak = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    let mut element = Element::new(SAML, leak(node.local()));
    for attribute in node.attributes() {
        element = element.attr(leak(attribute.local), attribute.value.to_owned());
    }
    let children: Vec<_> = node.elements().map(reassemble).collect();
    if children.is_empty() {
        element.text(node.text().unwrap_or_default().into_owned())
    } else {
        element.children(children)
    }
}

fn outcome(check: Check) -> RowOutcome {
    if check.info().mandatory {
        RowOutcome::Fail
    } else {
        RowOutcome::Warn
    }
}

#[test]
fn each_bent_request_trips_exactly_its_check() {
    for (at, (check, mutate)) in REQUESTS.iter().enumerate() {
        let mut world = World::plain();
        let decoded = mutate(&mut world);
        let received = world.receive(&decoded);
        assert_eq!(
            findings(&world),
            [(*check, outcome(*check))],
            "request {at}"
        );
        match received {
            Received::Login(_) => assert!(!check.info().mandatory, "request {at} was accepted"),
            Received::Page(refusal) | Received::Answer(_, refusal) => {
                assert_eq!(refusal.check, *check, "request {at}")
            }
        }
    }
}

#[test]
fn each_bent_answer_trips_exactly_its_check() {
    for (at, (check, mutate)) in ANSWERS.iter().enumerate() {
        let mut world = World::plain();
        let (decoded, browser) = mutate(&mut world);
        // Made from the same world, so it is the login that the answer was bent for.
        let mut again = World::plain();
        let asked = again.asked();
        let answered = world.answer(&decoded, Some(&asked), browser);
        assert_eq!(findings(&world), [(*check, outcome(*check))], "answer {at}");
        if let Answered::Finish(finish) = answered {
            let refused = matches!(finish.outcome, vejviser::hub::acs::Outcome::Refused(ref refusal) if refusal.check == *check);
            assert_eq!(
                refused,
                check.info().mandatory,
                "answer {at}: {:?}",
                finish.outcome
            );
        }
    }
}

#[test]
fn the_good_messages_trip_nothing() {
    let mut world = World::plain();
    let decoded = bent(&mut world, |_| {});
    assert!(matches!(world.receive(&decoded), Received::Login(_)));
    assert_eq!(findings(&world), []);
    for make in [
        bend as fn(&mut World, fn(&mut Response, &mut Assertion)) -> _,
        bend_signed,
    ] {
        let mut world = World::plain();
        let (decoded, browser) = make(&mut world, |_, _| {});
        let asked = World::plain().asked();
        assert!(matches!(
            world.answer(&decoded, Some(&asked), browser),
            Answered::Finish(_)
        ));
        assert_eq!(findings(&world), []);
    }
}

/// The checks that are not rows of a message: how a login goes on without one.
fn elsewhere() -> Vec<Check> {
    let mut tripped = Vec::new();
    let mut world = World::plain();
    let asked = world.asked();
    let (decoded, _) = bend(&mut world, |_, _| {});

    if let Answered::Page(refusal) = world.answer(&decoded, None, Some("browser")) {
        tripped.push(refusal.check);
    }
    world.idp().user_contexts.clear();
    world.answer(&decoded, Some(&asked), Some("browser"));
    tripped.extend(
        findings(&world)
            .into_iter()
            .map(|(check, _)| check)
            .filter(|check| *check == Check::IdpActive),
    );
    if let Err(refusal) = world.ask(&asked) {
        tripped.push(refusal.check);
    }
    if let Err(refusal) = choose::picked(world.context(), IDP, &mut Default::default()) {
        tripped.push(refusal.check);
    }
    let mut world = World::plain();
    let mut second = identity_provider(world.keys, RequestProfile::Oiosaml3);
    second.id = OTHER_IDP.into();
    world.federation.identity_providers.push(second);
    let pending = world.pending(|request| request.is_passive = Some(true));
    if let Err(refusal) = world.ask(&pending) {
        tripped.push(refusal.check);
    }
    tripped.push(choose::cancelled().check);
    let mut world = World::new(RequestProfile::Oiosaml2, Level::Nsis(Nsis::Low));
    let pending = world.pending(|_| {});
    if let Err(refusal) = world.ask(&pending) {
        tripped.push(refusal.check);
    }
    // A browser without any cookie of ours brings a good answer.
    let mut world = World::plain();
    let asked = world.asked();
    let (decoded, _) = bend(&mut world, |_, _| {});
    if let Answered::Page(refusal) = world.answer(&decoded, Some(&asked), None) {
        tripped.push(refusal.check);
    }
    // Memory leads to an IdP that is closed.
    let mut world = World::plain();
    let pending = world.pending(|_| {});
    let mut memory = BrowserMemory::default();
    memory.ticked(world.context(), IDP);
    for id in [OTHER_IDP, "https://third.example/saml"] {
        let mut other = identity_provider(world.keys, RequestProfile::Oiosaml3);
        other.id = id.into();
        world.federation.identity_providers.push(other);
    }
    world.idp().user_contexts.clear();
    let arrival = Arrival {
        source: None,
        memory: &memory,
        asks: false,
    };
    let choice = choose::decide(world.context(), &pending, arrival, &mut Default::default());
    if let Choice::Stuck(refusal, _) = choice {
        tripped.push(refusal.check);
    }
    tripped
}

#[test]
fn every_check_has_a_mutant() {
    let rows = REQUESTS
        .iter()
        .map(|(check, _)| *check)
        .chain(ANSWERS.iter().map(|(check, _)| *check));
    let tripped: BTreeSet<Check> = rows
        .chain(elsewhere())
        .chain(super::single_logout::tripped())
        .chain(super::session::tripped())
        .chain(super::logout::MUTANTS.iter().map(|(check, _)| *check))
        .chain(super::metadata::MUTANTS.iter().map(|(check, _)| *check))
        .collect();
    // Tripped by the program's own tests, where the store and the cookies are.
    let edge = [Check::Replay, Check::FlowKnown, Check::StoreAvailable];
    let missing: Vec<&str> = Check::ALL
        .iter()
        .filter(|check| !tripped.contains(check) && !edge.contains(check))
        .map(|check| check.info().id)
        .collect();
    assert!(missing.is_empty(), "no mutant for {missing:?}");
}
