//! An IdP's answer: whom it can be held against, and which level it reaches (design “Trust”, “Level
//! reached”).

use crate::support::world::*;
use vejviser::dsig::{self, BlockCipher, Digest, KeyTransport, Place, Recipient};
use vejviser::hub::acs::{Answered, Outcome, claimed_in_response_to};
use vejviser::hub::{Check, Pending, Refusal, RowOutcome};
use vejviser::oiosaml::{Level, Nist, Nsis, RequestProfile, attributes};
use vejviser::saml::response::Content;
use vejviser::saml::{Assertion, Attribute, Decoded, MessageField, Status, names};

const NIST_3: Level = Level::Nist(Nist::Three);
const SUBSTANTIAL: Level = Level::Nsis(Nsis::Substantial);

fn with(assertion: &mut Assertion, name: &str, values: &[&str]) {
    assertion
        .attributes
        .retain(|attribute| attribute.name != name);
    for value in values {
        assertion.attributes.push(Attribute {
            name: name.to_owned(),
            name_format: None,
            friendly_name: None,
            values: vec![(*value).to_owned()],
        });
    }
}

/// Logs in with the stated levels: what was reached, or the check that refused.
fn login(
    mut world: World,
    loa: &[&str],
    nist: &[&str],
    class_ref: &str,
) -> Result<(Option<Level>, bool), Check> {
    let asked = world.asked();
    let mut assertion = world.assertion(&asked);
    with(&mut assertion, attributes::LOA, loa);
    with(&mut assertion, attributes::ASSURANCE_LEVEL, nist);
    assertion.authn_statements[0].class_ref = Some(class_ref.to_owned());
    let decoded = assertion_signed(&world.response(&asked), &assertion, &world.keys.idp.signing);
    match world.answer(&decoded, Some(&asked), Some("browser")) {
        Answered::Finish(finish) => match finish.outcome {
            Outcome::LoggedIn {
                level,
                under_assured,
            } => Ok((level, under_assured)),
            Outcome::Refused(refusal) => Err(refusal.check),
            Outcome::LoggedOut { .. } => unreachable!("no login ends so"),
        },
        Answered::Page(refusal) => panic!("{refusal:?}"),
    }
}

const PASSWORD: &str = names::PASSWORD_PROTECTED_TRANSPORT;

#[test]
fn the_level_comes_from_the_attributes_and_only_then_from_one_of_seven_class_refs() {
    let nist = || World::new(RequestProfile::Oiosaml3, NIST_3);
    let nsis = || World::new(RequestProfile::Oiosaml3, SUBSTANTIAL);
    let ok = |level| Ok((Some(level), false));
    assert_eq!(
        login(nsis(), &["Substantial"], &[], PASSWORD),
        ok(SUBSTANTIAL)
    );
    assert_eq!(login(nist(), &[], &["3"], PASSWORD), ok(NIST_3));
    assert_eq!(
        login(nist(), &["Substantial"], &[], PASSWORD),
        ok(SUBSTANTIAL),
        "NSIS counts for NIST"
    );
    assert_eq!(
        login(nsis(), &[], &["4"], PASSWORD),
        Err(Check::LevelReached),
        "NIST never counts for NSIS"
    );
    assert_eq!(
        login(nsis(), &[], &[], &SUBSTANTIAL.class_ref()),
        ok(SUBSTANTIAL),
        "the class ref as fallback"
    );
    assert_eq!(
        login(nsis(), &["Low"], &[], &SUBSTANTIAL.class_ref()),
        Err(Check::LevelReached),
        "the attribute beats the class ref"
    );
    for no_level in [
        "http://schemas.microsoft.com/claims/multipleauthn",
        PASSWORD,
        "https://data.gov.dk/concept/core/nsis",
    ] {
        assert_eq!(
            login(nist(), &[], &[], no_level),
            Err(Check::LevelReached),
            "{no_level}"
        );
    }
}

#[test]
fn of_contradictory_values_the_lowest_counts_and_an_unknown_one_is_none() {
    let nist = || World::new(RequestProfile::Oiosaml3, NIST_3);
    assert_eq!(
        login(nist(), &[], &["4", "2"], PASSWORD),
        Err(Check::LevelReached)
    );
    assert_eq!(
        login(nist(), &["High"], &["2"], PASSWORD),
        Err(Check::LevelReached)
    );
    assert_eq!(
        login(nist(), &["Substantial"], &["3"], PASSWORD),
        Ok((Some(SUBSTANTIAL), false)),
        "equal by the table"
    );
    assert_eq!(
        login(nist(), &["Substantial", "Middling"], &[], PASSWORD),
        Err(Check::LevelReached)
    );
    assert_eq!(
        login(nist(), &[], &["5"], &NIST_3.class_ref()),
        Err(Check::LevelReached),
        "no fallback behind an unknown value"
    );
}

#[test]
fn nothing_above_the_registered_ceiling_counts() {
    let world = |need, nist, nsis| {
        let mut world = World::new(RequestProfile::Oiosaml3, need);
        world.idp().assurance_level = nist;
        world.idp().nsis_assurance_level = nsis;
        world
    };
    let high = Level::Nsis(Nsis::High);
    assert_eq!(
        login(
            world(high, Nist::Four, Some(Nsis::Substantial)),
            &["High"],
            &[],
            PASSWORD
        ),
        Err(Check::LevelReached)
    );
    assert_eq!(
        login(
            world(SUBSTANTIAL, Nist::Four, Some(Nsis::Substantial)),
            &["High"],
            &[],
            PASSWORD
        ),
        Ok((Some(SUBSTANTIAL), false))
    );
    assert_eq!(
        login(world(NIST_3, Nist::Two, None), &[], &["3"], PASSWORD),
        Err(Check::LevelReached)
    );
    assert_eq!(
        login(
            world(SUBSTANTIAL, Nist::Four, None),
            &["Substantial"],
            &[],
            PASSWORD
        ),
        Err(Check::LevelReached),
        "not registered for NSIS"
    );
    let four = Level::Nist(Nist::Four);
    assert_eq!(
        login(
            world(four, Nist::Three, Some(Nsis::High)),
            &["High"],
            &[],
            PASSWORD
        ),
        Err(Check::LevelReached),
        "the NIST ceiling holds for NSIS answers too"
    );
}

#[test]
fn without_requested_loa_and_generation_1_let_a_level_too_low_through_and_say_so() {
    let world = || World::new(RequestProfile::Oiosaml2WithoutRequestedLoa, NIST_3);
    assert_eq!(
        login(world(), &[], &["2"], PASSWORD),
        Ok((Some(Level::Nist(Nist::Two)), true))
    );
    assert_eq!(login(world(), &[], &[], PASSWORD), Ok((None, true)));
    assert_eq!(
        login(world(), &[], &["3"], PASSWORD),
        Ok((Some(NIST_3), false))
    );
    let mut strict = world();
    strict.settings.under_assured_logins = false;
    assert_eq!(
        login(strict, &[], &["2"], PASSWORD),
        Err(Check::LevelReached)
    );
    let mut old = World::new(RequestProfile::Oiosaml3, SUBSTANTIAL);
    old.system().generation = vejviser::hub::federation::Generation::One;
    assert_eq!(
        login(old, &[], &["2"], PASSWORD),
        Ok((Some(Level::Nist(Nist::Two)), true))
    );
}

fn status(world: &World, asked: &Pending) -> vejviser::saml::Response {
    let mut response = world.response(asked);
    response.status = Status::refusal(
        names::status::RESPONDER,
        Some(names::status::NO_AUTHN_CONTEXT),
        "MSIS7102",
    );
    response
}

#[test]
fn a_refusal_becomes_ours_signed_or_not_and_never_a_login() {
    for signed in [true, false] {
        let mut world = World::plain();
        let asked = world.asked();
        let response = status(&world, &asked);
        let decoded = if signed {
            response_signed(&response, None, &world.keys.idp.signing)
        } else {
            posted(MessageField::Response, &response.to_element(None).render())
        };
        let Answered::Finish(finish) = world.answer(&decoded, Some(&asked), Some("browser")) else {
            panic!("signed: {signed}")
        };
        let Outcome::Refused(refusal) = finish.outcome else {
            panic!()
        };
        assert_eq!(refusal.check, Check::ResponseStatus);
        assert_eq!(
            refusal.status,
            (
                names::status::RESPONDER,
                Some(names::status::NO_AUTHN_CONTEXT)
            )
        );
        let out = world.trace.exchanges.last().unwrap();
        assert!(
            out.xml.contains("NoAuthnContext") && !out.xml.contains("MSIS7102"),
            "the IdP's words stay here: {}",
            out.xml
        );
        assert!(!out.xml.contains("Assertion"));
    }
}

/// What is wrong with the message itself comes before what it says: the IdP's status is then not ours.
#[test]
fn a_refusal_in_a_message_that_is_wrong_is_told_as_that() {
    let mut world = World::plain();
    let asked = world.asked();
    let mut response = status(&world, &asked);
    response.version = "2.1".to_owned();
    let decoded = response_signed(&response, None, &world.keys.idp.signing);
    let Answered::Finish(finish) = world.answer(&decoded, Some(&asked), Some("browser")) else {
        panic!("{:?}", world.trace)
    };
    let Outcome::Refused(refusal) = finish.outcome else {
        panic!()
    };
    assert_eq!(refusal, Refusal::of(Check::ResponseVersion));
    assert_ne!(refusal.status.1, Some(names::status::NO_AUTHN_CONTEXT));
}

/// A signed refusal has no NotOnOrAfter: its id is remembered for as long as it could be brought again.
#[test]
fn a_signed_refusal_is_used_up_for_as_long_as_it_would_be_taken() {
    let mut world = World::plain();
    let asked = world.asked();
    let decoded = response_signed(&status(&world, &asked), None, &world.keys.idp.signing);
    let Answered::Finish(finish) = world.answer(&decoded, Some(&asked), Some("browser")) else {
        panic!()
    };
    let [(_, until)] = finish.consume.replay.as_slice() else {
        panic!("{:?}", finish.consume.replay)
    };
    // Five minutes, and the allowed difference of clocks.
    assert_eq!(*until, NOW + time::Duration::minutes(8));
}

/// The journal calls an answer that belongs to no login by what it is.
#[test]
fn an_answer_that_nobody_waits_for_is_journaled_by_its_name() {
    let mut world = World::plain();
    let asked = world.asked();
    let decoded = response_signed(&status(&world, &asked), None, &world.keys.idp.signing);
    assert!(matches!(
        world.answer(&decoded, None, Some("browser")),
        Answered::Page(_)
    ));
    assert_eq!(world.trace.exchanges[0].kind, "Response");
}

#[test]
fn an_unsigned_refusal_needs_the_browser_the_request_and_the_setting() {
    let answer = |change: fn(&mut World, &mut vejviser::saml::Response) -> &'static str| {
        let mut world = World::plain();
        let asked = world.asked();
        let mut response = status(&world, &asked);
        let browser = change(&mut world, &mut response);
        let decoded = posted(MessageField::Response, &response.to_element(None).render());
        matches!(
            world.answer(&decoded, Some(&asked), Some(browser)),
            Answered::Finish(_)
        )
    };
    assert!(answer(|_, _| "browser"));
    assert!(!answer(|_, _| "another"));
    assert!(!answer(|_, response| {
        response.in_response_to = Some("_other".to_owned());
        "browser"
    }));
    assert!(!answer(|world, _| {
        world.settings.unsigned_status = false;
        "browser"
    }));
}

#[test]
fn a_refusal_stays_one_whatever_it_carries() {
    let mut world = World::plain();
    let asked = world.asked();
    let decoded = response_signed(
        &status(&world, &asked),
        Some(&world.assertion(&asked)),
        &world.keys.idp.signing,
    );
    let Answered::Finish(finish) = world.answer(&decoded, Some(&asked), Some("browser")) else {
        panic!()
    };
    assert!(
        matches!(finish.outcome, Outcome::Refused(refusal) if refusal.check == Check::ResponseStatus)
    );
}

/// Whether a message ends the pending login. What nobody can be held to must not.
fn consumes(make: impl FnOnce(&mut World, &Pending) -> Decoded) -> bool {
    let mut world = World::plain();
    let asked = world.asked();
    let decoded = make(&mut world, &asked);
    match world.answer(&decoded, Some(&asked), Some("browser")) {
        Answered::Page(_) => false,
        Answered::Finish(finish) => {
            assert_eq!(finish.consume.pending, asked);
            true
        }
    }
}

#[test]
fn only_an_authenticated_answer_to_this_request_ends_the_login() {
    assert!(consumes(|w, asked| assertion_signed(
        &w.response(asked),
        &w.assertion(asked),
        &w.keys.idp.signing
    )));
    assert!(
        !consumes(|w, asked| assertion_signed(
            &w.response(asked),
            &w.assertion(asked),
            &w.keys.stranger.signing
        )),
        "signed by a stranger"
    );
    assert!(!consumes(|w, asked| response_signed(
        &w.response(asked),
        Some(&w.assertion(asked)),
        &w.keys.stranger.signing
    )));
    assert!(!consumes(|w, asked| {
        // An assertion of the right IdP for another request, in an envelope that names this one.
        let mut assertion = w.assertion(asked);
        assertion.confirmations[0].in_response_to = Some("_another".to_owned());
        assertion_signed(&w.response(asked), &assertion, &w.keys.idp.signing)
    }));
    assert!(!consumes(|w, asked| Decoded {
        xml: b"<x/>".to_vec(),
        ..assertion_signed(&w.response(asked), &w.assertion(asked), &w.keys.idp.signing)
    }));
    assert!(!consumes(|w, asked| {
        // The outer signature is bad, the inner one good: whatever is signed badly fails closed.
        let (response, assertion, key) =
            (w.response(asked), w.assertion(asked), &w.keys.idp.signing);
        let inner = dsig::sign(
            &assertion.to_element(),
            &assertion.id,
            Place::AfterIssuer,
            key,
        );
        let element = response.to_element(Some(Content::Assertion(inner)));
        let message = dsig::sign(&element, &response.id, Place::AfterIssuer, key);
        let xml =
            message
                .as_str()
                .replacen("<samlp:Response ", "<samlp:Response Consent=\"x\" ", 1);
        assert_ne!(xml, message.as_str());
        Decoded {
            xml: xml.into_bytes(),
            ..posted(MessageField::Response, &message)
        }
    }));
}

#[test]
fn where_only_the_assertion_is_signed_its_own_in_response_to_decides() {
    let mut world = World::plain();
    let asked = world.asked();
    let mut response = world.response(&asked);
    (
        response.in_response_to,
        response.destination,
        response.issuer,
    ) = (None, None, None);
    let decoded = assertion_signed(&response, &world.assertion(&asked), &world.keys.idp.signing);
    assert_eq!(
        claimed_in_response_to(&decoded).as_deref(),
        asked.asked_with()
    );
    assert!(
        matches!(world.answer(&decoded, Some(&asked), Some("browser")), Answered::Finish(finish) if matches!(finish.outcome, Outcome::LoggedIn { .. }))
    );
}

#[test]
fn another_idps_key_does_not_answer_for_the_one_that_was_asked() {
    let mut world = World::plain();
    let mut other = identity_provider(world.keys, RequestProfile::Oiosaml3);
    (other.id, other.signing_keys) = (OTHER_IDP.to_owned(), vec![world.keys.stranger.public()]);
    world.federation.identity_providers.push(other);
    let asked = world.asked();
    let decoded = assertion_signed(
        &world.response(&asked),
        &world.assertion(&asked),
        &world.keys.stranger.signing,
    );
    assert!(
        matches!(world.answer(&decoded, Some(&asked), Some("browser")), Answered::Page(refusal) if refusal.check == Check::AssertionSignature)
    );
    let (mut response, mut assertion) = (world.response(&asked), world.assertion(&asked));
    (response.issuer, assertion.issuer) = (Some(OTHER_IDP.to_owned()), OTHER_IDP.to_owned());
    let decoded = assertion_signed(&response, &assertion, &world.keys.stranger.signing);
    assert!(
        matches!(world.answer(&decoded, Some(&asked), Some("browser")), Answered::Page(refusal) if refusal.check == Check::ResponseIssuer)
    );
}

#[test]
fn an_idp_with_several_keys_is_verified_with_each_of_them() {
    let mut world = World::plain();
    world.idp().signing_keys = vec![keys().stranger.public(), keys().idp.public()];
    for key in [&world.keys.stranger.signing, &world.keys.idp.signing] {
        let asked = world.asked();
        let decoded = assertion_signed(&world.response(&asked), &world.assertion(&asked), key);
        assert!(matches!(
            world.answer(&decoded, Some(&asked), Some("browser")),
            Answered::Finish(_)
        ));
    }
}

/// Found in the row of a failed check.
fn found(world: &World, check: Check) -> String {
    world.row(check).found.to_string()
}

#[test]
fn a_key_that_was_rotated_out_is_refused_by_name() {
    let mut world = World::plain();
    world.idp().former_keys = vec![keys().stranger.public()];
    let asked = world.asked();
    let old = &keys().stranger.signing;
    let (response, assertion) = (world.response(&asked), world.assertion(&asked));
    let plain = assertion_signed(&response, &assertion, old);
    let whole = response_signed(&response, Some(&assertion), old);
    let sealed = world.sealed(&response, &assertion, old, &keys().hub.recipient());
    let named = |world: &World, check| {
        let found = found(world, check);
        assert!(found.contains("rotated out: CN=test (key "), "{found}");
        assert!(
            found.contains(&keys().stranger.public().key_id()[..16]),
            "{found}"
        );
    };
    for (decoded, check) in [
        (&plain, Check::AssertionSignature),
        (&whole, Check::ResponseSignature),
        (&sealed, Check::AssertionSignature),
    ] {
        let answered = world.answer(decoded, Some(&asked), Some("browser"));
        assert!(matches!(answered, Answered::Page(_)), "{answered:?}");
        named(&world, check);
    }
    // Registered again it is a key like any other.
    world.idp().signing_keys.push(keys().stranger.public());
    let answered = world.answer(&plain, Some(&asked), Some("browser"));
    assert!(matches!(answered, Answered::Finish(_)));
    // With CBC about, nothing is tried after decryption.
    let mut older = World::new(RequestProfile::Oiosaml2, NIST_3);
    older.idp().former_keys = vec![keys().stranger.public()];
    let asked = older.asked();
    let (response, assertion) = (older.response(&asked), older.assertion(&asked));
    let sealed = older.sealed(&response, &assertion, old, &keys().hub.recipient());
    older.answer(&sealed, Some(&asked), Some("browser"));
    assert!(!found(&older, Check::AssertionSignature).contains("rotated"));
    // Where nothing was encrypted, nothing can be learned.
    let plain = assertion_signed(&response, &assertion, old);
    older.answer(&plain, Some(&asked), Some("browser"));
    named(&older, Check::AssertionSignature);
}

/// Five minutes and the allowed difference of clocks into the past, the difference alone into the future: to the
/// second.
#[test]
fn a_response_is_taken_for_as_long_as_it_may_be_on_its_way() {
    let row = |seconds: i64| {
        let mut world = World::plain();
        let asked = world.asked();
        let mut response = world.response(&asked);
        response.issue_instant = NOW + time::Duration::seconds(seconds);
        let assertion = world.assertion(&asked);
        let decoded = response_signed(&response, Some(&assertion), &world.keys.idp.signing);
        world.answer(&decoded, Some(&asked), Some("browser"));
        let rows = world
            .trace
            .exchanges
            .iter()
            .flat_map(|exchange| &exchange.checks);
        let mut rows = rows.filter(|row| row.check == Check::ResponseIssueInstant);
        let failed = rows.find(|row| row.outcome == RowOutcome::Fail);
        failed.map(|row| row.expected.to_string())
    };
    assert_eq!(row(180), None);
    assert_eq!(row(-480), None);
    for out in [181, -481] {
        let expected = row(out).expect("refused");
        assert!(
            expected.starts_with("at most 480 s before 2026-11-21T12:00:00"),
            "{expected}"
        );
    }
}

#[test]
fn force_authn_needs_a_fresh_authentication() {
    let stale = |forced| {
        let mut world = World::plain();
        let pending = world.pending(|r| r.force_authn = Some(forced));
        let (asked, _) = world.ask(&pending).unwrap();
        let mut assertion = world.assertion(&asked);
        assertion.authn_statements[0].authn_instant = NOW - time::Duration::hours(1);
        let decoded =
            assertion_signed(&world.response(&asked), &assertion, &world.keys.idp.signing);
        let Answered::Finish(finish) = world.answer(&decoded, Some(&asked), Some("browser")) else {
            panic!()
        };
        finish.outcome
    };
    assert!(matches!(stale(false), Outcome::LoggedIn { .. }));
    assert!(
        matches!(stale(true), Outcome::Refused(refusal) if refusal.check == Check::AuthnInstant)
    );
}

#[test]
fn every_allowed_encryption_is_read_and_cbc_only_from_oiosaml2() {
    let transports = [
        KeyTransport {
            xmlenc11: false,
            digest: Digest::Sha1,
            mgf: Digest::Sha1,
        },
        KeyTransport {
            xmlenc11: false,
            digest: Digest::Sha256,
            mgf: Digest::Sha1,
        },
        KeyTransport {
            xmlenc11: true,
            digest: Digest::Sha1,
            mgf: Digest::Sha1,
        },
        KeyTransport {
            xmlenc11: true,
            digest: Digest::Sha256,
            mgf: Digest::Sha256,
        },
        KeyTransport {
            xmlenc11: true,
            digest: Digest::Sha256,
            mgf: Digest::Sha1,
        },
    ];
    let ciphers = [
        BlockCipher::Aes128Gcm,
        BlockCipher::Aes256Gcm,
        BlockCipher::Aes128Cbc,
        BlockCipher::Aes256Cbc,
    ];
    for (profile, need) in [
        (RequestProfile::Oiosaml3, SUBSTANTIAL),
        (RequestProfile::Oiosaml2, NIST_3),
    ] {
        for cipher in ciphers {
            for transport in transports {
                let mut world = World::new(profile, need);
                let asked = world.asked();
                let mut assertion = world.assertion(&asked);
                with(
                    &mut assertion,
                    attributes::ASSURANCE_LEVEL,
                    if need == NIST_3 { &["3"] } else { &[] },
                );
                if need == NIST_3 {
                    with(&mut assertion, attributes::LOA, &[]);
                }
                let response = world.response(&asked);
                let keys = world.keys;
                let recipient = Recipient {
                    cipher,
                    transport,
                    ..keys.hub.recipient()
                };
                let decoded = world.sealed(&response, &assertion, &keys.idp.signing, &recipient);
                let good = matches!(world.answer(&decoded, Some(&asked), Some("browser")), Answered::Finish(f) if matches!(f.outcome, Outcome::LoggedIn { .. }));
                let cbc = matches!(cipher, BlockCipher::Aes128Cbc | BlockCipher::Aes256Cbc);
                assert_eq!(
                    good,
                    !cbc || profile.is_oiosaml2(),
                    "{profile:?} {cipher:?} {transport:?}"
                );
            }
        }
    }
}

/// A tester sees what was encrypted, and which of the hub's keys opened it.
#[test]
fn what_opened_is_told_with_the_key_that_opened_it() {
    let mut world = World::plain();
    let asked = world.asked();
    let (response, assertion, keys) = (world.response(&asked), world.assertion(&asked), world.keys);
    let plain = assertion_signed(&response, &assertion, &keys.idp.signing);
    world.answer(&plain, Some(&asked), Some("browser"));
    let seen = |world: &World| {
        let exchange = world.trace.exchanges.first().unwrap();
        let opened = world.trace.keys.as_ref().and_then(|keys| keys.opened_with);
        (exchange.decrypted.clone(), opened)
    };
    assert_eq!(seen(&world), (None, None));
    for (decryption, index) in [
        (vec![keys.hub.decryption.clone()], 0),
        (
            vec![
                keys.stranger.decryption.clone(),
                keys.hub.decryption.clone(),
            ],
            1,
        ),
    ] {
        let mut world = World::plain();
        world.hub.sp.decryption = decryption;
        let asked = world.asked();
        let (response, assertion) = (world.response(&asked), world.assertion(&asked));
        let sealed = world.sealed(
            &response,
            &assertion,
            &keys.idp.signing,
            &keys.hub.recipient(),
        );
        world.answer(&sealed, Some(&asked), Some("browser"));
        let (decrypted, opened) = seen(&world);
        assert_eq!(opened, Some(index));
        assert!(decrypted.is_some_and(|clear| clear.contains(&assertion.id)));
    }
}

/// The page of an encrypted assertion that could not be authenticated is the same whatever went wrong.
#[test]
fn decryption_failures_are_one_failure_to_the_outside() {
    let page = |make: fn(&mut World, &Pending) -> Decoded| {
        let mut world = World::new(RequestProfile::Oiosaml2, NIST_3);
        let asked = world.asked();
        let decoded = make(&mut world, &asked);
        match world.answer(&decoded, Some(&asked), Some("browser")) {
            Answered::Page(refusal) => refusal,
            Answered::Finish(_) => panic!("finished"),
        }
    };
    let wrong_key = page(|w, asked| {
        let (r, a, keys) = (w.response(asked), w.assertion(asked), w.keys);
        w.sealed(&r, &a, &keys.idp.signing, &keys.stranger.recipient())
    });
    let inner_signature = page(|w, asked| {
        let (r, a, keys) = (w.response(asked), w.assertion(asked), w.keys);
        w.sealed(&r, &a, &keys.stranger.signing, &keys.hub.recipient())
    });
    let flipped = page(|w, asked| {
        let (r, a, keys) = (w.response(asked), w.assertion(asked), w.keys);
        let decoded = w.sealed(&r, &a, &keys.idp.signing, &keys.hub.recipient());
        let xml = String::from_utf8(decoded.xml.clone()).unwrap();
        let at = xml.rfind("</xenc:CipherValue>").unwrap() - 20;
        let mut bytes = xml.into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        Decoded {
            xml: bytes,
            ..decoded
        }
    });
    assert_eq!(wrong_key.check, Check::Decryption);
    assert_eq!(wrong_key, inner_signature);
    assert_eq!(wrong_key, flipped);
}

#[test]
fn a_nist_value_counts_where_nsis_is_not_registered_and_caps_nsis_where_it_is() {
    let world = |need, nsis| {
        let mut world = World::new(RequestProfile::Oiosaml3, need);
        world.idp().nsis_assurance_level = nsis;
        world
    };
    assert_eq!(
        login(world(NIST_3, None), &["Substantial"], &["3"], PASSWORD),
        Ok((Some(NIST_3), false)),
        "NSIS does not count, the NIST value beside it does"
    );
    let high = Level::Nsis(Nsis::High);
    assert_eq!(
        login(world(high, Some(Nsis::High)), &["High"], &["3"], PASSWORD),
        Err(Check::LevelReached),
        "the lower value shows that the higher one is too high"
    );
    assert_eq!(
        login(
            world(SUBSTANTIAL, Some(Nsis::High)),
            &["High"],
            &["3"],
            PASSWORD
        ),
        Ok((Some(SUBSTANTIAL), false))
    );
}

const END_OF_TIME: time::OffsetDateTime = time::macros::datetime!(9999-12-31 23:59:59 UTC);

#[test]
fn a_date_at_the_end_of_time_is_a_date() {
    let mut world = World::plain();
    let asked = world.asked();
    let mut assertion = world.assertion(&asked);
    assertion.authn_statements[0].session_not_on_or_after = Some(END_OF_TIME);
    assertion.confirmations[0].not_on_or_after = Some(END_OF_TIME);
    assertion.conditions.as_mut().unwrap().not_on_or_after = Some(END_OF_TIME);
    for key in [&world.keys.idp.signing, &world.keys.stranger.signing] {
        let decoded = assertion_signed(&world.response(&asked), &assertion, key);
        let answered = world.answer(&decoded, Some(&asked), Some("browser"));
        if let Answered::Finish(finish) = answered {
            assert!(matches!(finish.outcome, Outcome::LoggedIn { .. }));
            for (id, until) in &finish.consume.replay {
                assert_eq!(id.len(), 64, "a digest, however long the id is");
                assert!(*until < NOW + time::Duration::hours(25), "capped");
            }
        }
    }
}

#[test]
fn an_assertion_without_bearer_confirmation_or_for_another_place_ends_nothing() {
    assert!(!consumes(|w, asked| {
        let mut assertion = w.assertion(asked);
        assertion.confirmations.clear();
        assertion_signed(&w.response(asked), &assertion, &w.keys.idp.signing)
    }));
    assert!(!consumes(|w, asked| {
        let mut assertion = w.assertion(asked);
        assertion.confirmations[0].recipient = Some("https://elsewhere.example".to_owned());
        assertion_signed(&w.response(asked), &assertion, &w.keys.idp.signing)
    }));
}

#[test]
fn an_unsigned_refusal_with_an_assertion_or_for_another_place_ends_nothing() {
    assert!(!consumes(|w, asked| {
        let assertion = Content::Assertion(w.assertion(asked).to_element().render());
        let message = status(w, asked).to_element(Some(assertion)).render();
        posted(MessageField::Response, &message)
    }));
    assert!(!consumes(|w, asked| {
        let mut response = status(w, asked);
        response.destination = Some("https://elsewhere.example".to_owned());
        posted(MessageField::Response, &response.to_element(None).render())
    }));
}

#[test]
fn another_name_id_format_by_the_setting_still_names_no_other_organisation() {
    let answer = |value: &str| {
        let mut world = World::plain();
        world.settings.require_x509_subject_name = false;
        let asked = world.asked();
        let mut assertion = world.assertion(&asked);
        let name_id = assertion.name_id.as_mut().unwrap();
        name_id.format = Some(names::name_id::PERSISTENT.to_owned());
        name_id.value = value.to_owned();
        let decoded =
            assertion_signed(&world.response(&asked), &assertion, &world.keys.idp.signing);
        let Answered::Finish(finish) = world.answer(&decoded, Some(&asked), Some("browser")) else {
            panic!()
        };
        match finish.outcome {
            Outcome::LoggedIn { .. } => None,
            Outcome::Refused(refusal) => Some(refusal.check),
            Outcome::LoggedOut { .. } => unreachable!("no login ends so"),
        }
    };
    assert_eq!(answer("a4711"), None);
    assert_eq!(answer(&format!("C=DK,O={CVR},CN=A,Serial=x")), None);
    assert_eq!(
        answer("C=DK,O=99999999,CN=A,Serial=x"),
        Some(Check::NameIdOrganisation)
    );
    assert_eq!(answer("O=99999999"), Some(Check::NameIdSyntax));
    assert_eq!(answer("  "), Some(Check::SubjectNamed));
}

#[test]
fn what_is_passed_on_has_a_length() {
    let refused = |bend: &dyn Fn(&mut Assertion)| {
        let mut world = World::plain();
        world.settings.require_x509_subject_name = false;
        let asked = world.asked();
        let mut assertion = world.assertion(&asked);
        bend(&mut assertion);
        let decoded =
            assertion_signed(&world.response(&asked), &assertion, &world.keys.idp.signing);
        let Answered::Finish(finish) = world.answer(&decoded, Some(&asked), Some("browser")) else {
            panic!()
        };
        match finish.outcome {
            Outcome::LoggedIn { .. } => None,
            Outcome::Refused(refusal) => Some(refusal.check),
            Outcome::LoggedOut { .. } => unreachable!("no login ends so"),
        }
    };
    let value = |name: &'static str, bytes: usize| {
        move |assertion: &mut Assertion| {
            assertion.attributes.push(Attribute {
                name: name.to_owned(),
                name_format: None,
                friendly_name: None,
                values: vec!["x".repeat(bytes)],
            });
        }
    };
    for name in attributes::PASSED_ON {
        assert_eq!(refused(&value(name, 1024)), None, "{name}");
        let long = refused(&value(name, 1025));
        assert_eq!(long, Some(Check::IdentityLength), "{name}");
    }
    // What is not passed on may be as long as the message.
    assert_eq!(refused(&value("urn:other", 100_000)), None);
    // Every part of a NameID counts, in any format.
    for format in [
        names::name_id::X509_SUBJECT_NAME,
        names::name_id::PERSISTENT,
    ] {
        let qualified = |more: usize| {
            move |assertion: &mut Assertion| {
                let name_id = assertion.name_id.as_mut().unwrap();
                name_id.format = Some(format.to_owned());
                name_id.sp_name_qualifier = Some("s".to_owned());
                let rest = name_id.value.len() + format.len() + 1;
                name_id.name_qualifier = Some("q".repeat(1024 - rest + more));
            }
        };
        assert_eq!(refused(&qualified(0)), None, "{format}");
        assert_eq!(
            refused(&qualified(1)),
            Some(Check::NameIdSyntax),
            "{format}"
        );
    }
}

/// Nobody fills a report: what a peer wrote there is shown by its beginning.
#[test]
fn a_long_name_id_or_format_is_shown_by_its_beginning() {
    let long = "x".repeat(100_000);
    for (value, format) in [("a4711", Some(&long)), (long.as_str(), None)] {
        let mut world = World::plain();
        let asked = world.asked();
        let mut assertion = world.assertion(&asked);
        let name_id = assertion.name_id.as_mut().unwrap();
        value.clone_into(&mut name_id.value);
        if let Some(format) = format {
            name_id.format = Some(format.clone());
        }
        let response = world.response(&asked);
        let decoded = assertion_signed(&response, &assertion, &world.keys.idp.signing);
        world.answer(&decoded, Some(&asked), Some("browser"));
        let exchanges = world.trace.exchanges.iter();
        let rows = exchanges.flat_map(|exchange| &exchange.checks);
        let shown: Vec<_> = rows.filter(|row| row.found.contains("xxx")).collect();
        assert!(!shown.is_empty());
        for row in shown {
            assert!(
                row.found.len() < 200,
                "{:?}: {} bytes",
                row.check,
                row.found.len()
            );
            assert!(row.found.ends_with('…'), "{:?}", row.check);
        }
    }
}

/// What was found in the place of one value: nothing, or all of it.
#[test]
fn what_stands_there_instead_of_one_value_is_told() {
    for (name, values, check, told) in [
        (
            attributes::SPEC_VERSION_3,
            &[][..],
            Check::SpecVersion,
            "none",
        ),
        (
            attributes::SPEC_VERSION_3,
            &["1", "2"],
            Check::SpecVersion,
            "1, 2",
        ),
    ] {
        let mut world = World::plain();
        let asked = world.asked();
        let mut assertion = world.assertion(&asked);
        with(&mut assertion, name, values);
        let decoded =
            assertion_signed(&world.response(&asked), &assertion, &world.keys.idp.signing);
        world.answer(&decoded, Some(&asked), Some("browser"));
        assert_eq!(found(&world, check), told);
    }
}
