//! Offline verdicts: what is left out is skipped, what was refused says nothing, and the level counts by the
//! rules of the profile.

use crate::support::world::*;
use vejviser::dsig::{DecryptPolicy, Policy};
use vejviser::hub::offline::{Kind, Profile, Question, Verdict, verdict};
use vejviser::hub::{Check, RowOutcome};
use vejviser::oiosaml::{Cvr, Level, Nist, Nsis, OiosamlVersion, RequestProfile, attributes};
use vejviser::saml::Decoded;
use vejviser::saml::paste::{Input, read};

fn question<'a>(kind: Kind, keys: &'a [vejviser::dsig::PublicKey]) -> Question<'a> {
    Question {
        kind,
        profile: Profile::Oiosaml(OiosamlVersion::V3),
        peer: None,
        keys,
        me: None,
        acs: None,
        destination: None,
        in_response_to: None,
        now: Some(NOW),
        skew: time::Duration::seconds(180),
        decryption_keys: &[],
        required: None,
        ceiling: None,
        contexts: None,
        signatures: Policy::Modern,
        encryption: DecryptPolicy::GcmOnly,
    }
}

fn ask(decoded: &Decoded, question: &Question<'_>) -> Verdict {
    verdict(read(&decoded.xml, Input::Xml), question)
}

fn outcome(verdict: &Verdict, check: Check) -> Option<RowOutcome> {
    let mut rows = verdict.rows.iter();
    rows.find(|row| row.check == check).map(|row| row.outcome)
}

#[test]
fn what_is_left_out_is_skipped_and_every_check_has_a_row() {
    let mut world = World::new(RequestProfile::Oiosaml3, Level::Nsis(Nsis::Low));
    let asked = world.asked();
    let answer = assertion_signed(
        &world.response(&asked),
        &world.assertion(&asked),
        &keys().idp.signing,
    );
    let trusted = [keys().idp.public()];
    let plain = question(Kind::Response, &trusted);
    let accepted = ask(&answer, &plain);
    assert!(accepted.accepted, "{:?}", accepted.reason());
    for check in [
        Check::ResponseExpected,
        Check::ResponseIssuer,
        Check::ResponseDestination,
        Check::ResponseInResponseTo,
        Check::Audience,
        Check::ConfirmationRecipient,
        Check::CvrContext,
        Check::LevelCeiling,
        Check::LevelReached,
    ] {
        assert_eq!(
            outcome(&accepted, check),
            Some(RowOutcome::Skip),
            "{check:?}"
        );
    }
    let checks: Vec<Check> = accepted.rows.iter().map(|row| row.check).collect();
    assert_eq!(
        checks,
        Check::of_answers(),
        "all rows, in the order of the list"
    );
    assert_eq!(accepted.told.level, Some(Level::Nsis(Nsis::Substantial)));
    assert_eq!(accepted.told.assertion_id.as_deref(), Some("_assertion-1"));

    let wrong = Question {
        me: Some("https://other.example"),
        ..plain.clone()
    };
    let rejected = ask(&answer, &wrong);
    assert_eq!(
        rejected.reason().map(|row| row.check),
        Some(Check::Audience)
    );
    assert_eq!(rejected.told, Default::default(), "it says nothing");

    let keyless = ask(&answer, &question(Kind::Response, &[]));
    assert_eq!(
        keyless.reason().map(|row| row.check.info().id),
        Some("no-trusted-key")
    );
}

#[test]
fn the_level_counts_by_the_rules_of_the_profile() {
    let mut world = World::plain();
    let asked = world.asked();
    let answer = assertion_signed(
        &world.response(&asked),
        &world.assertion(&asked),
        &keys().idp.signing,
    );
    let trusted = [keys().idp.public()];
    let level = |required, ceiling, profile| {
        let question = Question {
            required,
            ceiling,
            profile,
            ..question(Kind::Response, &trusted)
        };
        let verdict = ask(&answer, &question);
        (verdict.accepted, verdict.told.level)
    };
    let three = Profile::Oiosaml(OiosamlVersion::V3);
    let (low, high) = (Level::Nsis(Nsis::Low), Level::Nsis(Nsis::High));
    let substantial = Level::Nsis(Nsis::Substantial);
    assert_eq!(
        level(Some(substantial), None, three),
        (true, Some(substantial))
    );
    assert_eq!(level(Some(high), None, three), (false, None));
    assert_eq!(level(Some(low), Some(low), three), (true, Some(low)));
    assert_eq!(level(Some(substantial), Some(low), three), (false, None));
    assert_eq!(
        level(Some(low), Some(Level::Nist(Nist::Four)), three),
        (false, None),
        "a ceiling on the NIST scale is no NSIS"
    );
    assert_eq!(
        level(Some(high), None, Profile::Saml),
        (true, None),
        "a rule of the federation"
    );
}

#[test]
fn a_sender_speaks_for_the_organisations_that_are_given() {
    let mut world = World::plain();
    let asked = world.asked();
    let (response, assertion) = (world.response(&asked), world.assertion(&asked));
    let answer = assertion_signed(&response, &assertion, &keys().idp.signing);
    let trusted = [keys().idp.public()];
    let given = |cvrs: &[&str], answer: &Decoded| {
        let contexts: Vec<Cvr> = cvrs.iter().map(|cvr| Cvr::parse(cvr).unwrap()).collect();
        let question = Question {
            contexts: Some(&contexts),
            ..question(Kind::Response, &trusted)
        };
        let verdict = ask(answer, &question);
        let reason = verdict.reason().map(|row| row.check);
        (reason, outcome(&verdict, Check::CvrContext))
    };
    let (pass, fail) = (Some(RowOutcome::Pass), Some(RowOutcome::Fail));
    assert_eq!(given(&["22222222", CVR], &answer), (None, pass));
    let refused = (Some(Check::CvrContext), fail);
    assert_eq!(given(&["22222222"], &answer), refused);
    assert_eq!(given(&[], &answer), refused, "it speaks for nobody");
    // Without any, the value must be one CVR all the same.
    let mut nobody = assertion.clone();
    nobody
        .attributes
        .retain(|attribute| attribute.name != attributes::CVR_3);
    let nobody = assertion_signed(&response, &nobody, &keys().idp.signing);
    let verdict = ask(&nobody, &question(Kind::Response, &trusted));
    let reason = verdict.reason().map(|row| row.check);
    assert_eq!(reason, Some(Check::CvrContext));
}

#[test]
fn a_request_is_judged_by_what_is_known_of_its_sender() {
    let world = World::plain();
    let request = world.by_post(&world.request(|_| {}), Some(&keys().system.signing));
    let trusted = [keys().system.public()];
    let plain = Question {
        profile: Profile::Saml,
        ..question(Kind::Request, &trusted)
    };
    let accepted = ask(&request, &plain);
    assert!(accepted.accepted, "{:?}", accepted.reason());
    let checks: Vec<Check> = accepted.rows.iter().map(|row| row.check).collect();
    assert_eq!(checks, Check::of_requests());
    let reason = |question: &Question<'_>| {
        let verdict = ask(&request, question);
        verdict.reason().map(|row| row.check)
    };
    let peer = Question {
        peer: Some("https://other.example"),
        ..plain.clone()
    };
    assert_eq!(reason(&peer), Some(Check::RequestIssuerKnown));
    let acs = Question {
        acs: Some("https://other.example/acs"),
        ..plain.clone()
    };
    assert_eq!(reason(&acs), Some(Check::RequestAcs));
    let destination = Question {
        destination: Some("https://other.example/"),
        ..plain.clone()
    };
    assert_eq!(reason(&destination), Some(Check::RequestDestination));
    let keyless = Question {
        keys: &[],
        ..plain.clone()
    };
    assert_eq!(reason(&keyless), Some(Check::TrustedKey));
    let junk = verdict(read(b"%%%", Input::Auto), &plain);
    assert_eq!(
        junk.reason().map(|row| row.check),
        Some(Check::RequestReadable)
    );
}
