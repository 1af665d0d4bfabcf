//! A system's request: what is accepted, and which level comes out of it (design “Required level”).

use crate::support::world::*;
use time::Duration;
use time::macros::{date, datetime};
use vejviser::hub::choose::{Arrival, Choice, Chosen, ChosenBy, decide};
use vejviser::hub::federation::Generation;
use vejviser::hub::sso::{LoginRequest, Received};
use vejviser::hub::{Check, Leg, Stage};
use vejviser::oiosaml::request_profile::MULTIPLEAUTHN;
use vejviser::oiosaml::{Level, Nist, Nsis, RequestProfile};
use vejviser::saml::binding::{MessageField, Outbound, decode_redirect, redirect};
use vejviser::saml::metadata::{Endpoint, IndexedEndpoint};
use vejviser::saml::{AuthnRequest, Comparison, IdpEntry, RequestedAuthnContext, Scoping, names};

fn accepted(world: &mut World, bend: impl FnOnce(&mut AuthnRequest)) -> LoginRequest {
    let decoded = world.by_redirect(&world.request(bend), Some(&world.keys.system.signing));
    match world.receive(&decoded) {
        Received::Login(login) => login.into_value(),
        other => panic!("{other:?}"),
    }
}

fn asks(comparison: Option<Comparison>, refs: &[&str]) -> impl FnOnce(&mut AuthnRequest) {
    let class_refs = refs.iter().map(|uri| (*uri).to_owned()).collect();
    move |request| {
        request.requested_authn_context = Some(RequestedAuthnContext {
            comparison,
            class_refs,
            decl_refs: Vec::new(),
        })
    }
}

const NIST_3: Level = Level::Nist(Nist::Three);
const SUBSTANTIAL: Level = Level::Nsis(Nsis::Substantial);

#[test]
fn the_required_level_is_the_higher_of_registered_and_requested_on_the_registered_scale() {
    let required = |registered: Level, comparison, refs: &[&str]| {
        let mut world = World::new(RequestProfile::Oiosaml3, registered);
        accepted(&mut world, asks(comparison, refs)).required
    };
    let nist = |level: Nist| Level::Nist(level).class_ref();
    let nsis = |level: Nsis| Level::Nsis(level).class_ref();
    let min = Some(Comparison::Minimum);
    assert_eq!(
        required(NIST_3, min, &[&nist(Nist::Four)]),
        Level::Nist(Nist::Four),
        "the requested one is higher"
    );
    assert_eq!(
        required(NIST_3, min, &[&nist(Nist::Two)]),
        NIST_3,
        "the registered one is higher"
    );
    assert_eq!(
        required(NIST_3, min, &[&nsis(Nsis::High)]),
        Level::Nist(Nist::Four),
        "converted to the registered scale"
    );
    assert_eq!(
        required(SUBSTANTIAL, min, &[&nist(Nist::Four)]),
        Level::Nsis(Nsis::High),
        "converted to the registered scale"
    );
    assert_eq!(
        required(SUBSTANTIAL, min, &[&nist(Nist::Three)]),
        SUBSTANTIAL
    );
    assert_eq!(
        required(NIST_3, min, &[&nist(Nist::Four), &nist(Nist::Two)]),
        NIST_3,
        "of several the lowest counts"
    );
    assert_eq!(
        required(NIST_3, Some(Comparison::Exact), &[&nist(Nist::Four)]),
        Level::Nist(Nist::Four),
        "exact is read as minimum"
    );
    assert_eq!(
        required(NIST_3, None, &[&nist(Nist::Four)]),
        Level::Nist(Nist::Four),
        "absent means exact"
    );
    for ignored in [Comparison::Maximum, Comparison::Better] {
        assert_eq!(
            required(NIST_3, Some(ignored), &[&nist(Nist::Four)]),
            NIST_3,
            "{ignored:?} is ignored"
        );
    }
    for no_level in [
        names::PASSWORD_PROTECTED_TRANSPORT,
        MULTIPLEAUTHN,
        "https://data.gov.dk/eid/Professional",
    ] {
        assert_eq!(
            required(NIST_3, min, &[no_level]),
            NIST_3,
            "{no_level} is no level"
        );
        assert_eq!(
            required(NIST_3, min, &[no_level, &nist(Nist::Four)]),
            Level::Nist(Nist::Four)
        );
    }
}

#[test]
fn the_setting_registered_only_ignores_what_the_system_asks_for() {
    let mut world = World::new(RequestProfile::Oiosaml3, NIST_3);
    world.settings.requested_level = vejviser::hub::settings::RequestedLevel::RegisteredOnly;
    let login = accepted(
        &mut world,
        asks(
            Some(Comparison::Minimum),
            &[&Level::Nist(Nist::Four).class_ref()],
        ),
    );
    assert_eq!(login.required, NIST_3);
}

#[test]
fn a_request_may_be_repeated_and_is_good_for_five_minutes() {
    let mut world = World::plain();
    let decoded = world.by_redirect(&world.request(|_| {}), Some(&world.keys.system.signing));
    for age in [0, 1, 300] {
        world.now = NOW + Duration::seconds(age);
        assert!(
            matches!(world.receive(&decoded), Received::Login(_)),
            "{age} s old"
        );
    }
    world.now = NOW + Duration::seconds(301);
    assert!(
        matches!(world.receive(&decoded), Received::Answer(_, refusal) if refusal.check == Check::RequestIssueInstant)
    );
    world.now = NOW - Duration::seconds(180);
    assert!(
        matches!(world.receive(&decoded), Received::Login(_)),
        "the hub's clock is three minutes behind"
    );
}

#[test]
fn relay_state_comes_through_byte_for_byte() {
    let login = accepted(&mut World::plain(), |_| {});
    assert_eq!(login.relay_state.as_deref(), Some("træ & co"));
}

#[test]
fn the_answer_goes_only_to_a_registered_address() {
    let mut world = World::plain();
    let second = "https://sag.example/acs2";
    world.system().assertion_consumers.push(IndexedEndpoint {
        endpoint: Endpoint {
            binding: names::binding::POST.to_owned(),
            location: second.to_owned(),
            response_location: None,
        },
        index: 5,
        is_default: None,
    });
    let by = |world: &mut World, url: Option<&str>, index| {
        let url = url.map(str::to_owned);
        accepted(world, move |request| {
            (request.acs_url, request.acs_index) = (url, index)
        })
        .acs_url
    };
    assert_eq!(by(&mut world, Some(second), None), second);
    assert_eq!(by(&mut world, None, Some(5)), second);
    assert_eq!(by(&mut world, None, None), ACS, "the default one");
    let decoded = world.by_redirect(
        &world.request(|r| r.acs_index = Some(0)),
        Some(&world.keys.system.signing),
    );
    assert!(
        matches!(world.receive(&decoded), Received::Page(refusal) if refusal.check == Check::RequestAcs),
        "URL and index exclude each other"
    );
}

#[test]
fn a_request_signed_with_a_rotated_out_key_is_refused_by_name() {
    let mut world = World::plain();
    world.system().former_keys = vec![keys().stranger.public()];
    let old = Some(&keys().stranger.signing);
    let request = world.request(|_| {});
    for decoded in [
        world.by_redirect(&request, old),
        world.by_post(&request, old),
    ] {
        assert!(
            matches!(world.receive(&decoded), Received::Page(refusal) if refusal.check == Check::RequestSignature)
        );
        let rows = &world.trace.exchanges[0].checks;
        let row = rows.iter().find(|row| row.check == Check::RequestSignature);
        let found = row.expect("a row").found.to_string();
        assert!(found.contains("rotated out: CN=test"), "{found}");
    }
}

#[test]
fn a_redirect_signature_covers_the_octets_as_received() {
    let mut world = World::plain();
    let message = world.request(|_| {}).to_element().render();
    let key = world.keys.system.signing.clone();
    let Outbound::Redirect { url } = redirect(
        "https://hub.example/x",
        MessageField::Request,
        &message,
        Some("a b"),
        Some(&key),
    ) else {
        unreachable!()
    };
    let query = url.split_once('?').unwrap().1;
    let good = decode_redirect(query).unwrap();
    assert!(matches!(world.receive(&good), Received::Login(_)));
    // The same parameters in other octets: what was signed is not what arrived.
    let spelled = if query.contains("RelayState=a+b") {
        ("a+b", "a%20b")
    } else {
        ("a%20b", "a+b")
    };
    let other = decode_redirect(&query.replace(spelled.0, spelled.1)).unwrap();
    assert_eq!(other.relay_state, good.relay_state);
    assert!(
        matches!(world.receive(&other), Received::Page(refusal) if refusal.check == Check::RequestSignature)
    );
    // In another order the octets that count are still put together in the order of the binding.
    let (rest, signature) = query.split_once("&Signature=").unwrap();
    let reordered = decode_redirect(&format!("Signature={signature}&{rest}")).unwrap();
    assert!(matches!(world.receive(&reordered), Received::Login(_)));
}

#[test]
fn the_enveloped_signature_of_a_post_is_good_and_a_changed_message_is_not() {
    let mut world = World::plain();
    let decoded = world.by_post(&world.request(|_| {}), Some(&world.keys.system.signing));
    assert!(matches!(world.receive(&decoded), Received::Login(_)));
    let changed = String::from_utf8(decoded.xml.clone())
        .unwrap()
        .replace("Version=\"2.0\"", "IsPassive=\"true\" Version=\"2.0\"");
    let decoded = vejviser::saml::Decoded {
        xml: changed.into_bytes(),
        ..decoded
    };
    assert!(
        matches!(world.receive(&decoded), Received::Page(refusal) if refusal.check == Check::RequestSignature)
    );
}

#[test]
fn force_authn_and_is_passive_are_passed_on() {
    let mut world = World::plain();
    for (force, passive) in [(true, false), (false, true), (true, true), (false, false)] {
        let pending =
            world.pending(|r| (r.force_authn, r.is_passive) = (Some(force), Some(passive)));
        world
            .ask(&pending)
            .expect("one identity provider, known without a page");
        let out = world
            .trace
            .exchanges
            .iter()
            .find(|e| e.leg == Leg::IdentityProvider)
            .unwrap();
        assert!(
            out.xml.contains(&format!("ForceAuthn=\"{force}\"")),
            "explicit: {}",
            out.xml
        );
        assert_eq!(out.xml.contains("IsPassive=\"true\""), passive);
    }
}

fn two_idps() -> World {
    let mut world = World::plain();
    let mut second = identity_provider(world.keys, RequestProfile::Oiosaml3);
    second.id = OTHER_IDP.to_owned();
    world.federation.identity_providers.push(second);
    world
}

fn went_to(
    world: &mut World,
    bend: impl FnOnce(&mut AuthnRequest),
    source: Option<&str>,
) -> Choice {
    let pending = world.pending(bend);
    let source = source.map(|address| address.parse().unwrap());
    let memory = Default::default();
    let arrival = Arrival {
        source,
        memory: &memory,
        asks: false,
    };
    decide(world.context(), &pending, arrival, &mut Default::default())
}

/// To an IdP, and by whom.
fn go(idp: &str, by: ChosenBy) -> Choice {
    Choice::Go(Chosen {
        idp: idp.to_owned(),
        by,
        since: None,
    })
}

#[test]
fn the_order_of_the_choice_of_idp() {
    let list = |ids: &'static [&'static str]| {
        move |request: &mut AuthnRequest| {
            let idp_list = ids
                .iter()
                .map(|id| IdpEntry {
                    provider_id: (*id).to_owned(),
                    name: None,
                })
                .collect();
            request.scoping = Some(Scoping {
                idp_list,
                ..Scoping::default()
            });
        }
    };
    let mut world = two_idps();
    world.federation.identity_providers[1].ip_addresses = vec!["192.0.2.7".parse().unwrap()];
    assert_eq!(went_to(&mut world, |_| {}, None), Choice::Ask(None));
    assert_eq!(
        went_to(&mut world, |_| {}, Some("192.0.2.8")),
        Choice::Ask(None)
    );
    assert_eq!(
        went_to(&mut world, |_| {}, Some("192.0.2.7")),
        go(OTHER_IDP, ChosenBy::SourceAddress),
        "the only one registered for the address"
    );
    assert_eq!(
        went_to(
            &mut world,
            list(&[IDP, "https://unknown.example"]),
            Some("192.0.2.7")
        ),
        go(IDP, ChosenBy::IdpList),
        "the list comes first"
    );
    assert_eq!(
        went_to(&mut world, list(&[IDP, OTHER_IDP]), None),
        Choice::Ask(None),
        "two in the list decide nothing"
    );
    world.federation.identity_providers[0].ip_addresses = vec!["192.0.2.7".parse().unwrap()];
    assert_eq!(
        went_to(&mut world, |_| {}, Some("192.0.2.7")),
        Choice::Ask(None),
        "two registered for the address decide nothing"
    );
    world.settings.honour_idp_list = false;
    assert_eq!(went_to(&mut world, list(&[IDP]), None), Choice::Ask(None));
    world.federation.identity_providers[0].user_contexts.clear();
    assert_eq!(
        went_to(&mut world, |_| {}, None),
        go(OTHER_IDP, ChosenBy::OnlyOne),
        "the only active one"
    );
    assert!(
        matches!(went_to(&mut world, list(&[IDP]), None), Choice::Go(chosen) if chosen.idp == OTHER_IDP),
        "an inactive one cannot be listed"
    );
}

#[test]
fn generation_1_asks_nothing_until_its_date() {
    let asked = |now| {
        let mut world = World::new(RequestProfile::Oiosaml3, SUBSTANTIAL);
        world.now = now;
        world.system().generation = Generation::OneUntil(date!(2025 - 03 - 31));
        let pending = world.pending(|_| {});
        // The flow says which Context Handler's rules held, where they are not those of 2.
        let told = world.trace.decisions.iter().any(|d| d.rule == "generation");
        let (asked, _) = world.ask(&pending).unwrap();
        let xml = world.trace.exchanges[0].xml.clone();
        let Stage::Asked { under_assured, .. } = asked.stage else {
            panic!()
        };
        assert_eq!(told, under_assured);
        (xml.contains("RequestedAuthnContext"), under_assured)
    };
    assert_eq!(asked(datetime!(2025-03-30 12:00:00 UTC)), (false, true));
    assert_eq!(asked(datetime!(2025-03-31 12:00:00 UTC)), (true, false));
}

#[test]
fn the_settings_of_the_request_are_honoured() {
    use vejviser::hub::settings::*;
    let sent = |profile, change: fn(&mut World)| {
        let mut world = World::new(profile, SUBSTANTIAL);
        world.idp().supports_scope = true;
        change(&mut world);
        let pending = world.pending(|_| {});
        world.ask(&pending).unwrap();
        let out = &world.trace.exchanges[0];
        (out.xml.clone(), out.relay_state.clone().unwrap())
    };
    let relay = RequestProfile::Oiosaml3AdfsRelayState;
    assert!(sent(relay, |_| {}).1.ends_with("&nsis=Betydelig"));
    assert!(
        sent(relay, |w| w.settings.relay_state_words =
            LevelWords::English)
        .1
        .ends_with("&nsis=Substantial")
    );
    let uri = |w: &mut World| {
        w.settings.relay_state_words = LevelWords::Uri;
        w.settings.relay_state_template = "{handle}{level}".into();
    };
    let state = sent(relay, uri).1;
    assert!(
        state.ends_with("https://data.gov.dk/concept/core/nsis/loa/Substantial")
            && state.len() <= 80,
        "{state}"
    );
    assert!(
        sent(RequestProfile::Oiosaml3, |w| w.settings.level_comparison =
            ComparisonSetting::Exact)
        .0
        .contains("Comparison=\"exact\"")
    );
    assert!(
        sent(relay, |w| w.settings.multipleauthn_comparison =
            ComparisonSetting::Exact)
        .0
        .contains("Comparison=\"exact\"")
    );
    assert!(
        sent(relay, |w| w.settings.request_conditions = true)
            .0
            .contains("<saml:Audience>https://hub.example/runtime</saml:Audience>")
    );
    let old = sent(relay, |w| {
        w.settings.requester_id = RequesterId::ServiceProviderCvrApp
    })
    .0;
    assert!(
        old.contains("<samlp:RequesterID>ServiceProvider:CVR:22222222:APP:sag</samlp:RequesterID>")
    );
    assert!(
        !sent(relay, |w| w.idp().supports_scope = false)
            .0
            .contains("Scoping")
    );
    let mut world = World::new(RequestProfile::Oiosaml2, SUBSTANTIAL);
    world.settings.nsis_need_at_oiosaml2_idp = NsisNeed::Ask;
    let pending = world.pending(|_| {});
    world.ask(&pending).expect("asked by the setting");
    assert!(
        world.trace.exchanges[0]
            .xml
            .contains("urn:dk:gov:saml:attribute:AssuranceLevel:3")
    );
    let mut world = World::new(
        RequestProfile::Oiosaml2AdfsMultipleauthn,
        Level::Nist(Nist::Two),
    );
    world.settings.multipleauthn_from = vejviser::oiosaml::request_profile::MultipleAuthnFrom::Two;
    let pending = world.pending(|_| {});
    world.ask(&pending).unwrap();
    assert!(
        world.trace.exchanges[0].xml.contains(MULTIPLEAUTHN),
        "the slide to the letter"
    );
}

#[test]
fn an_idp_learns_nothing_that_opens_the_chooser() {
    let mut world = World::plain();
    let pending = world.pending(|_| {});
    let (asked, url) = world.ask(&pending).unwrap();
    assert!(!url.contains(asked.flow.as_str()));
    assert!(
        !world.trace.exchanges[0]
            .relay_state
            .as_deref()
            .unwrap()
            .contains(asked.flow.as_str())
    );
}

#[test]
fn a_need_on_the_other_scale_is_marked_as_inferred() {
    let source = |profile, level| {
        let mut world = World::new(profile, level);
        let pending = world.pending(|_| {});
        world.ask(&pending).unwrap();
        let decision = world
            .trace
            .decisions
            .iter()
            .find(|d| d.rule == "request-profile")
            .unwrap();
        decision.source
    };
    use vejviser::hub::Source::*;
    assert_eq!(source(RequestProfile::Oiosaml3, SUBSTANTIAL), Confirmed);
    assert_eq!(source(RequestProfile::Oiosaml3, NIST_3), Inferred);
    assert_eq!(
        source(RequestProfile::Oiosaml2AdfsMultipleauthn, NIST_3),
        Setting
    );
}
