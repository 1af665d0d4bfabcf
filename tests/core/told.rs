//! What a login tells those who look at it afterwards, and the seconds on which checks turn. Each of these was a change of
//! the code that no test noticed (tests/mutants).

use crate::support::world::*;
use std::collections::BTreeSet;
use time::{Duration, OffsetDateTime};
use vejviser::hub::acs::{Answered, Finish};
use vejviser::hub::level::Ceiling;
use vejviser::hub::{Check, RowOutcome, Settings, Trace, choose};
use vejviser::oiosaml::{Level, Nist, Nsis, RequestProfile, attributes};
use vejviser::saml::{Assertion, Attribute, names};

const NIST_3: Level = Level::Nist(Nist::Three);

fn add(assertion: &mut Assertion, name: &str, values: &[&str]) {
    assertion.attributes.push(Attribute {
        name: name.to_owned(),
        name_format: None,
        friendly_name: None,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    });
}

/// Logs in with this assertion.
fn finish(world: &mut World, bend: impl FnOnce(&mut Assertion)) -> Box<Finish> {
    let asked = world.asked();
    let mut assertion = world.assertion(&asked);
    bend(&mut assertion);
    let decoded = assertion_signed(&world.response(&asked), &assertion, &world.keys.idp.signing);
    match world.answer(&decoded, Some(&asked), Some("browser")) {
        Answered::Finish(finish) => finish,
        Answered::Page(refusal) => panic!("{refusal:?}"),
    }
}

#[test]
fn several_methods_are_what_ad_fs_says() {
    let methods = |values: &[&str]| {
        let mut world = World::plain();
        let finish = finish(&mut world, |a| {
            if !values.is_empty() {
                add(a, attributes::AUTHN_METHODS, values);
            }
        });
        finish.told.several_methods
    };
    let multiple = "http://schemas.microsoft.com/claims/multipleauthn";
    assert_eq!(methods(&[]), None);
    assert_eq!(methods(&[names::PASSWORD_PROTECTED_TRANSPORT]), Some(false));
    assert_eq!(
        methods(&[names::PASSWORD_PROTECTED_TRANSPORT, multiple]),
        Some(true)
    );
}

#[test]
fn an_under_assured_login_is_a_decision_and_one_that_reaches_the_level_is_none() {
    let decided = |level: &str| {
        let mut world = World::new(RequestProfile::Oiosaml2WithoutRequestedLoa, NIST_3);
        finish(&mut world, |a| {
            a.attributes
                .retain(|attribute| attribute.name != attributes::LOA);
            add(a, attributes::ASSURANCE_LEVEL, &[level]);
        });
        let mut decisions = world.trace.decisions.iter();
        decisions.any(|decision| decision.rule == "level-enforced")
    };
    assert!(decided("2") && !decided("3"));
}

/// Until the latest of its ends, and as long again as clocks may differ.
#[test]
fn a_used_assertion_is_remembered_until_it_could_not_be_valid_any_more() {
    let mut world = World::plain();
    let consume = finish(&mut world, |_| {}).consume;
    let until: BTreeSet<OffsetDateTime> = consume.replay.iter().map(|(_, until)| *until).collect();
    assert_eq!(
        until,
        [NOW + Duration::minutes(10) + Duration::seconds(180)].into()
    );
}

#[test]
fn the_flow_names_the_key_that_signed() {
    let mut world = World::plain();
    finish(&mut world, |_| {});
    let key_id = world.keys.idp.public().key_id();
    assert_eq!(world.trace.keys.as_ref().unwrap().signed_by, *key_id);
    let found = &world.row(Check::AssertionSignature).found;
    assert!(
        found.ends_with(&format!("key {}", &key_id[..16])),
        "{found}"
    );
}

#[test]
fn the_chooser_offers_a_mobile_browser_what_is_for_mobile_use_if_anything_is() {
    let mut world = World::plain();
    let offers = |world: &World, mobile| choose::offers_mobile_only(world.context(), mobile);
    world.idp().mobile_friendly = false;
    assert!(!offers(&world, true), "nothing is for mobile use");
    world.idp().mobile_friendly = true;
    assert!(offers(&world, true) && !offers(&world, false));
    world.settings = Settings {
        mobile_filter: false,
        ..Settings::default()
    };
    assert!(!offers(&world, true));
    let mut trace = Trace::default();
    choose::on_mobile(world.context(), &mut trace);
    assert_eq!(trace.decisions[0].rule, "idp-choice/mobile");
    assert_eq!(
        trace.decisions[0].result,
        "1 of 1 active identity providers are offered"
    );
}

#[test]
fn what_an_idp_can_state_at_most_is_enough_or_not() {
    let most = |nist, nsis, need| Ceiling { nist, nsis }.satisfies(need);
    let (substantial, high) = (Level::Nsis(Nsis::Substantial), Level::Nsis(Nsis::High));
    assert!(most(Nist::Three, None, NIST_3) && !most(Nist::Two, None, NIST_3));
    assert!(most(Nist::Two, Some(Nsis::Substantial), substantial));
    assert!(!most(Nist::Four, Some(Nsis::Substantial), high));
    assert!(!most(Nist::Four, None, substantial), "NIST is no NSIS");
}

#[test]
fn the_levels_that_are_stated_are_told() {
    let mut world = World::plain();
    finish(&mut world, |a| add(a, attributes::LOA, &["High"]));
    let row = world.row(Check::LevelUnambiguous);
    assert_eq!(row.outcome, RowOutcome::Warn);
    assert_eq!(row.found, "Substantial, High");
    let found = &world.row(Check::LevelCeiling).found;
    assert_eq!(found, "NSIS Substantial, NSIS High");
}

#[test]
fn a_choice_holds_until_its_end_and_not_at_it() {
    let mut world = World::plain();
    let mut memory = vejviser::hub::BrowserMemory::default();
    memory.ticked(world.context(), IDP);
    let until = memory.choices(NOW).next().expect("remembered").until;
    assert_eq!(memory.choices(until - Duration::seconds(1)).count(), 1);
    assert_eq!(memory.choices(until).count(), 0);
    world.now = until;
}

#[test]
fn an_issuer_is_an_entity() {
    for (format, expected) in [
        (None, RowOutcome::Pass),
        (Some(names::name_id::ENTITY), RowOutcome::Pass),
        (Some(names::name_id::PERSISTENT), RowOutcome::Fail),
    ] {
        let mut world = World::plain();
        let asked = world.asked();
        let mut assertion = world.assertion(&asked);
        assertion.issuer_format = format.map(str::to_owned);
        let decoded =
            assertion_signed(&world.response(&asked), &assertion, &world.keys.idp.signing);
        world.answer(&decoded, Some(&asked), Some("browser"));
        assert_eq!(
            world.row(Check::AssertionIssuer).outcome,
            expected,
            "{format:?}"
        );
    }
}

/// The allowed difference of clocks is given to the IdP, to the second.
#[test]
fn the_seconds_on_which_an_assertion_turns() {
    let late = |check, bend: &dyn Fn(&mut Assertion, i64), seconds: i64| {
        let mut world = World::plain();
        let pending = world.pending(|request| request.force_authn = Some(true));
        let (asked, _) = world.ask(&pending).unwrap();
        let mut assertion = world.assertion(&asked);
        bend(&mut assertion, seconds);
        let decoded =
            assertion_signed(&world.response(&asked), &assertion, &world.keys.idp.signing);
        world.answer(&decoded, Some(&asked), Some("browser"));
        world.row(check).outcome
    };
    let end = |a: &mut Assertion, seconds| {
        let conditions = a.conditions.as_mut().unwrap();
        conditions.not_on_or_after = Some(NOW - Duration::seconds(seconds));
    };
    assert_eq!(
        late(Check::ConditionsNotOnOrAfter, &end, 179),
        RowOutcome::Pass
    );
    assert_eq!(
        late(Check::ConditionsNotOnOrAfter, &end, 180),
        RowOutcome::Fail
    );
    let instant = |a: &mut Assertion, seconds| {
        a.authn_statements[0].authn_instant = NOW - Duration::seconds(seconds);
    };
    assert_eq!(late(Check::AuthnInstant, &instant, 180), RowOutcome::Pass);
    assert_eq!(late(Check::AuthnInstant, &instant, 181), RowOutcome::Fail);
}

/// What was expected of a time names the moment of the judgement; what is missing is told as missing.
#[test]
fn rows_say_what_was_expected_and_what_was_not_there() {
    let mut world = World::plain();
    let asked = world.asked();
    let mut assertion = world.assertion(&asked);
    assertion.confirmations[0].recipient = None;
    assertion.confirmations[0].in_response_to = None;
    let decoded = assertion_signed(&world.response(&asked), &assertion, &world.keys.idp.signing);
    world.answer(&decoded, Some(&asked), Some("browser"));
    assert_eq!(world.row(Check::ConfirmationRecipient).found, "none");
    assert_eq!(world.row(Check::ConfirmationInResponseTo).found, "none");
    assert_eq!(
        world.row(Check::ConfirmationTime).expected,
        "within 180 s of 2026-11-21T12:00:00.000Z"
    );
}

/// A browser that has a cookie of ours is another browser; one without has lost it.
#[test]
fn another_browser_is_not_one_without_a_cookie() {
    let page = |browser| {
        let mut world = World::plain();
        let asked = world.asked();
        let decoded = assertion_signed(
            &world.response(&asked),
            &world.assertion(&asked),
            &world.keys.idp.signing,
        );
        match world.answer(&decoded, Some(&asked), browser) {
            Answered::Page(refusal) => refusal.check,
            Answered::Finish(_) => panic!("finished"),
        }
    };
    assert_eq!(page(Some("another")), Check::ResponseBrowser);
    assert_eq!(page(None), Check::BrowserCookie);
    // Whatever else is wrong with the message: that it came with another browser is what its user can act on.
    let mut world = World::plain();
    let asked = world.asked();
    let mut decoded = assertion_signed(
        &world.response(&asked),
        &world.assertion(&asked),
        &world.keys.idp.signing,
    );
    decoded.xml = b"<x".to_vec();
    let answered = world.answer(&decoded, Some(&asked), Some("another"));
    assert!(matches!(answered, Answered::Page(refusal) if refusal.check == Check::ResponseBrowser));
}
