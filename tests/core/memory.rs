//! The remembered choice: every sentence of the rule, in both modes.

use crate::support::world::*;
use time::Duration;
use vejviser::hub::choose::{Arrival, Choice, Chosen, ChosenBy, decide, picked};
use vejviser::hub::memory::{Notice, SAFE_LIFETIME};
use vejviser::hub::settings::RememberedChoice::{self, Ch2, Safe};
use vejviser::hub::{BrowserMemory, Check, Pending, Source, Trace};
use vejviser::oiosaml::{Cvr, RequestProfile};

const NEW_IDP: &str = "https://idp.ny.example/saml";
const OTHER_SYSTEM: &str = "https://borger.example/saml";

/// A municipality with an IdP of its own ([`IDP`]), another municipality ([`OTHER_IDP`]), and a third IdP
/// ([`NEW_IDP`]) that the first municipality may move to.
struct Scene {
    world: World,
    memory: BrowserMemory,
    trace: Trace,
}

impl Scene {
    fn new(mode: RememberedChoice) -> Self {
        let mut world = World::plain();
        world.settings.remembered_choice = mode;
        world.idp().name = "old".into();
        for (id, name, cvr) in [
            (OTHER_IDP, "other", "22222222"),
            (NEW_IDP, "new", "33333333"),
        ] {
            let mut idp = identity_provider(world.keys, RequestProfile::Oiosaml3);
            idp.id = id.into();
            idp.name = name.into();
            idp.user_contexts = vec![Cvr::parse(cvr).unwrap()];
            world.federation.identity_providers.push(idp);
        }
        Self {
            world,
            memory: BrowserMemory::default(),
            trace: Trace::default(),
        }
    }

    fn pending_at(&mut self, system: &str) -> Pending {
        Pending {
            system: system.to_owned(),
            ..self.world.pending(|_| {})
        }
    }

    /// The user picks an IdP with the box ticked, and logs in there for the municipality.
    fn remembers(&mut self, system: &str, idp: &str) {
        let pending = Pending {
            remember: true,
            ..self.pending_at(system)
        };
        self.memory.ticked(self.world.context(), idp);
        self.succeeds(&pending, idp);
    }

    fn succeeds(&mut self, pending: &Pending, idp: &str) {
        let organisation = Cvr::parse(CVR);
        self.memory
            .succeeded(self.world.context(), pending, idp, organisation.as_ref());
    }

    fn decides(&mut self, pending: &Pending, asks: bool) -> Choice {
        self.trace = Trace::default();
        let arrival = Arrival {
            source: None,
            memory: &self.memory,
            asks,
        };
        decide(self.world.context(), pending, arrival, &mut self.trace)
    }

    /// The next login of a system.
    fn next(&mut self, system: &str) -> Choice {
        let pending = self.pending_at(system);
        self.decides(&pending, false)
    }

    fn named(&mut self, name: &str) -> &mut vejviser::hub::IdentityProvider {
        let mut all = self.world.federation.identity_providers.iter_mut();
        all.find(|idp| idp.name == name).unwrap()
    }

    /// The municipality moves from its old IdP to the new one; the old one is closed.
    fn moves(&mut self) {
        let contexts = std::mem::take(&mut self.named("old").user_contexts);
        self.named("new").user_contexts = contexts;
    }
}

fn by_memory(choice: &Choice) -> Option<&str> {
    match choice {
        Choice::Go(Chosen {
            idp,
            by: ChosenBy::Memory,
            since: Some(_),
        }) => Some(idp),
        _ => None,
    }
}

// ── ch2: as in November 2024 ──────────────────────────────────────────────────────────────────────────────

#[test]
fn ch2_has_one_choice_for_all_systems_which_holds_the_idp() {
    let mut scene = Scene::new(Ch2);
    scene.remembers(SYSTEM, IDP);
    for system in [SYSTEM, OTHER_SYSTEM] {
        assert_eq!(by_memory(&scene.next(system)), Some(IDP), "{system}");
    }
    scene.remembers(OTHER_SYSTEM, OTHER_IDP);
    for system in [SYSTEM, OTHER_SYSTEM] {
        assert_eq!(
            by_memory(&scene.next(system)),
            Some(OTHER_IDP),
            "the latest one counts"
        );
    }
    assert_eq!(scene.memory.choices(scene.world.now).count(), 1);
}

#[test]
fn ch2_remembers_as_soon_as_the_box_is_ticked() {
    let mut scene = Scene::new(Ch2);
    scene.memory.ticked(scene.world.context(), IDP);
    assert_eq!(
        by_memory(&scene.next(SYSTEM)),
        Some(IDP),
        "whatever became of that login"
    );
}

#[test]
fn ch2_honours_it_at_every_login_forceauthn_and_vaelg_too() {
    let mut scene = Scene::new(Ch2);
    scene.remembers(SYSTEM, IDP);
    let forced = scene
        .world
        .pending(|request| request.force_authn = Some(true));
    assert_eq!(by_memory(&scene.decides(&forced, false)), Some(IDP));
    let pending = scene.pending_at(SYSTEM);
    assert_eq!(by_memory(&scene.decides(&pending, true)), Some(IDP));
    assert_eq!(
        by_memory(&scene.next(SYSTEM)),
        Some(IDP),
        "also where the one before did not come back"
    );
}

#[test]
fn ch2_does_not_follow_a_municipality_that_moves() {
    let mut scene = Scene::new(Ch2);
    scene.remembers(SYSTEM, IDP);
    scene.named("old").replaced_by = Some("new".into());
    scene
        .named("new")
        .user_contexts
        .push(Cvr::parse(CVR).unwrap());
    assert_eq!(
        by_memory(&scene.next(SYSTEM)),
        Some(IDP),
        "the old one is still open: there it goes"
    );
    scene.moves();
    let Choice::Stuck(refusal, chosen) = scene.next(SYSTEM) else {
        panic!("a page that names the memory, not the chooser")
    };
    assert_eq!(refusal.check, Check::RememberedActive);
    assert_eq!((chosen.idp.as_str(), chosen.by), (IDP, ChosenBy::Memory));
    // The flow says what the hub did not look at: that there is a new one.
    let [.., decision, replaced] = scene.trace.decisions.as_slice() else {
        panic!("{:?}", scene.trace.decisions)
    };
    assert_eq!(&*replaced.rule, "idp-choice/replaced");
    assert_eq!(&*decision.rule, "idp-choice/remembered");
    assert!(
        decision
            .input
            .contains("remembered since 2026-11-21T12:00:00"),
        "{decision:?}"
    );
}

#[test]
fn ch2_forgets_an_idp_that_is_not_registered_any_more() {
    let mut scene = Scene::new(Ch2);
    scene.remembers(SYSTEM, IDP);
    scene.named("old").id = "https://elsewhere.example".into();
    assert_eq!(scene.next(SYSTEM), Choice::Ask(Some(Notice::Unknown)));
}

#[test]
fn ch2_remembers_for_as_long_as_the_setting_says() {
    let mut scene = Scene::new(Ch2);
    scene.world.settings.remembered_choice_days = 30;
    scene.remembers(SYSTEM, IDP);
    let ticked = scene.world.now;
    scene.world.now = ticked + Duration::days(30) - Duration::SECOND;
    assert_eq!(by_memory(&scene.next(SYSTEM)), Some(IDP));
    scene.world.now = ticked + Duration::days(30);
    assert_eq!(scene.next(SYSTEM), Choice::Ask(None));
}

// ── safe: as it should be ─────────────────────────────────────────────────────────────────────────────────

#[test]
fn safe_remembers_a_system_at_a_time() {
    let mut scene = Scene::new(Safe);
    scene.remembers(SYSTEM, IDP);
    assert_eq!(by_memory(&scene.next(SYSTEM)), Some(IDP));
    assert_eq!(scene.next(OTHER_SYSTEM), Choice::Ask(None));
    scene.remembers(OTHER_SYSTEM, OTHER_IDP);
    assert_eq!(scene.memory.choices(scene.world.now).count(), 2);
}

#[test]
fn safe_remembers_only_what_led_to_a_login_and_only_when_ticked() {
    let mut scene = Scene::new(Safe);
    scene.memory.ticked(scene.world.context(), IDP);
    assert_eq!(
        scene.next(SYSTEM),
        Choice::Ask(None),
        "ticked, not logged in yet"
    );
    let pending = scene.pending_at(SYSTEM);
    scene.succeeds(&pending, IDP);
    assert_eq!(
        scene.next(SYSTEM),
        Choice::Ask(None),
        "logged in, not ticked"
    );
    assert_eq!(scene.memory.recent(), [IDP]);
}

#[test]
fn safe_follows_replaced_by_through_every_step() {
    let mut scene = Scene::new(Safe);
    scene.remembers(SYSTEM, IDP);
    scene.named("old").replaced_by = Some("other".into());
    scene.named("other").replaced_by = Some("new".into());
    assert_eq!(
        by_memory(&scene.next(SYSTEM)),
        Some(NEW_IDP),
        "also while the old one is open"
    );
    scene.named("new").user_contexts.clear();
    assert_eq!(
        by_memory(&scene.next(SYSTEM)),
        Some(OTHER_IDP),
        "the last active one"
    );
    // A circle leads nowhere: what remains is the organisation's only active one.
    scene
        .named("new")
        .user_contexts
        .push(Cvr::parse("33333333").unwrap());
    scene.named("other").user_contexts.clear();
    scene.named("new").replaced_by = Some("old".into());
    assert_eq!(by_memory(&scene.next(SYSTEM)), Some(IDP));
}

#[test]
fn safe_follows_the_organisation_to_its_only_active_idp() {
    let mut scene = Scene::new(Safe);
    scene.remembers(SYSTEM, IDP);
    scene.moves();
    assert_eq!(by_memory(&scene.next(SYSTEM)), Some(NEW_IDP));
    // Even where the old one is not registered any more.
    scene.named("old").id = "https://elsewhere.example".into();
    assert_eq!(by_memory(&scene.next(SYSTEM)), Some(NEW_IDP));
}

#[test]
fn safe_does_not_count_an_idp_that_was_replaced_and_is_still_open() {
    let mut scene = Scene::new(Safe);
    let moved = Cvr::parse(CVR).unwrap();
    scene.named("new").user_contexts.push(moved);
    scene.named("old").replaced_by = Some("new".into());
    scene.remembers(SYSTEM, NEW_IDP);
    assert_eq!(by_memory(&scene.next(SYSTEM)), Some(NEW_IDP));
}

#[test]
fn safe_asks_where_it_cannot_know() {
    let mut scene = Scene::new(Safe);
    scene.remembers(SYSTEM, IDP);
    scene
        .named("new")
        .user_contexts
        .push(Cvr::parse(CVR).unwrap());
    assert_eq!(scene.next(SYSTEM), Choice::Ask(Some(Notice::Several)));
    scene.named("new").user_contexts.clear();
    scene.named("old").user_contexts.clear();
    scene
        .named("new")
        .user_contexts
        .push(Cvr::parse("33333333").unwrap());
    assert_eq!(scene.next(SYSTEM), Choice::Ask(Some(Notice::Moved)));
}

#[test]
fn safe_asks_after_an_automatic_choice_that_did_not_come_back() {
    let mut scene = Scene::new(Safe);
    scene.remembers(SYSTEM, IDP);
    let pending = scene.pending_at(SYSTEM);
    let Choice::Go(chosen) = scene.decides(&pending, false) else {
        panic!("remembered")
    };
    assert!(scene.memory.went(scene.world.context(), &pending, &chosen));
    assert_eq!(
        scene.next(SYSTEM),
        Choice::Ask(Some(Notice::DidNotComeBack))
    );
    // The user picks the same again, without a tick; it comes back, and memory holds again.
    scene.succeeds(&pending, IDP);
    assert_eq!(by_memory(&scene.next(SYSTEM)), Some(IDP));
    // A choice of the user's own is not held against memory.
    let own = Chosen {
        by: ChosenBy::Chooser,
        ..chosen
    };
    assert!(!scene.memory.went(scene.world.context(), &pending, &own));
    assert_eq!(by_memory(&scene.next(SYSTEM)), Some(IDP));
}

#[test]
fn safe_is_not_used_for_forceauthn_or_when_the_request_asks() {
    let mut scene = Scene::new(Safe);
    scene.remembers(SYSTEM, IDP);
    let forced = scene
        .world
        .pending(|request| request.force_authn = Some(true));
    assert_eq!(
        scene.decides(&forced, false),
        Choice::Ask(Some(Notice::ForceAuthn))
    );
    let pending = scene.pending_at(SYSTEM);
    assert_eq!(
        scene.decides(&pending, true),
        Choice::Ask(Some(Notice::Asked))
    );
    assert_eq!(by_memory(&scene.next(SYSTEM)), Some(IDP), "only that once");
}

#[test]
fn safe_remembers_for_90_days() {
    let mut scene = Scene::new(Safe);
    scene.remembers(SYSTEM, IDP);
    let then = scene.world.now;
    scene.world.now = then + SAFE_LIFETIME - Duration::SECOND;
    assert_eq!(by_memory(&scene.next(SYSTEM)), Some(IDP));
    scene.world.now = then + Duration::days(90);
    assert_eq!(scene.next(SYSTEM), Choice::Ask(None));
}

#[test]
fn each_mode_leaves_the_memory_of_the_other_alone() {
    let mut scene = Scene::new(Ch2);
    scene.remembers(SYSTEM, IDP);
    scene.world.settings.remembered_choice = Safe;
    assert_eq!(scene.next(SYSTEM), Choice::Ask(None));
    scene.remembers(SYSTEM, OTHER_IDP);
    scene.world.settings.remembered_choice = Ch2;
    assert_eq!(by_memory(&scene.next(SYSTEM)), Some(IDP));
}

// ── both ──────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn memory_comes_after_what_decides_without_it() {
    for mode in [Ch2, Safe] {
        let mut scene = Scene::new(mode);
        scene.remembers(SYSTEM, IDP);
        scene.named("other").ip_addresses = vec!["192.0.2.7".parse().unwrap()];
        let pending = scene.pending_at(SYSTEM);
        let arrival = Arrival {
            source: Some("192.0.2.7".parse().unwrap()),
            memory: &scene.memory,
            asks: false,
        };
        let choice = decide(
            scene.world.context(),
            &pending,
            arrival,
            &mut Trace::default(),
        );
        assert!(matches!(choice, Choice::Go(chosen) if chosen.by == ChosenBy::SourceAddress));
        let listed = Pending {
            idp_list: vec![NEW_IDP.to_owned()],
            ..scene.pending_at(SYSTEM)
        };
        let choice = scene.decides(&listed, false);
        assert!(matches!(choice, Choice::Go(chosen) if chosen.by == ChosenBy::IdpList));
    }
}

#[test]
fn a_passive_request_is_passed_on_where_memory_knows_the_idp_and_refused_where_it_asks() {
    for mode in [Ch2, Safe] {
        let mut scene = Scene::new(mode);
        let passive = |scene: &mut Scene| {
            scene
                .world
                .pending(|request| request.is_passive = Some(true))
        };
        let pending = passive(&mut scene);
        let refused = scene.decides(&pending, false);
        assert!(
            matches!(refused, Choice::Refuse(refusal) if refusal.check == Check::ChoosePassive)
        );
        scene.remembers(SYSTEM, IDP);
        let pending = passive(&mut scene);
        assert_eq!(by_memory(&scene.decides(&pending, false)), Some(IDP));
    }
    let mut scene = Scene::new(Safe);
    scene.remembers(SYSTEM, IDP);
    let pending = scene
        .world
        .pending(|request| request.is_passive = Some(true));
    let refused = scene.decides(&pending, true);
    assert!(matches!(refused, Choice::Refuse(refusal) if refusal.check == Check::ChoosePassive));
}

#[test]
fn the_flow_says_that_memory_decided_and_since_when() {
    for (mode, source) in [(Ch2, Source::Confirmed), (Safe, Source::Setting)] {
        let mut scene = Scene::new(mode);
        scene.remembers(SYSTEM, IDP);
        let then = scene.world.now;
        scene.world.now += Duration::days(3);
        let choice = scene.next(SYSTEM);
        assert!(matches!(choice, Choice::Go(chosen) if chosen.since == Some(then)));
        let decision = scene.trace.decisions.last().unwrap();
        assert_eq!(
            (&*decision.rule, decision.result.as_str()),
            ("idp-choice/remembered", IDP)
        );
        assert_eq!(decision.source, source);
        assert!(
            decision.input.contains("2026-11-21T12:00:00"),
            "{decision:?}"
        );
    }
    // And why it did not, where something is remembered.
    let mut scene = Scene::new(Safe);
    scene.remembers(SYSTEM, IDP);
    let pending = scene.pending_at(SYSTEM);
    scene.decides(&pending, true);
    let rules: Vec<&str> = scene.trace.decisions.iter().map(|d| &*d.rule).collect();
    assert_eq!(rules, ["idp-choice/not-remembered", "idp-choice/chooser"]);
}

#[test]
fn whatever_a_browser_remembers_only_an_active_idp_is_asked() {
    for mode in [Ch2, Safe] {
        let mut scene = Scene::new(mode);
        scene.remembers(SYSTEM, "https://evil.example/saml");
        // The organisation is real, and its only active IdP is the answer; the name is worth nothing.
        match scene.next(SYSTEM) {
            Choice::Go(chosen) => assert_eq!((mode, chosen.idp.as_str()), (Safe, IDP)),
            other => assert_eq!((mode, other), (Ch2, Choice::Ask(Some(Notice::Unknown)))),
        }
        let refused = picked(
            scene.world.context(),
            "https://evil.example/saml",
            &mut Trace::default(),
        );
        assert!(matches!(refused, Err(refusal) if refusal.check == Check::ChooseActive));
    }
}

#[test]
fn one_choice_is_forgotten_and_not_its_neighbour() {
    let mut scene = Scene::new(Safe);
    let systems = [
        "https://a.example",
        "https://b.example",
        "https://c.example",
    ];
    for system in systems {
        scene.remembers(system, IDP);
    }
    assert_eq!(scene.memory.forget(Some("https://b.example")), 1);
    let left: Vec<_> = scene
        .memory
        .choices(scene.world.now)
        .map(|c| c.system.clone().unwrap())
        .collect();
    assert_eq!(left, ["https://a.example", "https://c.example"]);
    assert_eq!(scene.memory.forget(Some("https://nobody.example")), 0);
    assert_eq!(
        scene.memory.forget(None),
        0,
        "the choice for every system is another one"
    );
    assert_eq!(scene.memory.forget_all(), 2);
    assert!(scene.memory.is_empty());
}

/// A browser that remembers either is not given an empty cookie.
#[test]
fn a_memory_of_choices_or_of_recent_providers_is_not_empty() {
    let read = |text: &str| serde_json::from_str::<BrowserMemory>(text).unwrap();
    assert!(read("{}").is_empty());
    assert!(!read(r#"{"r":["https://idp.example"]}"#).is_empty());
    assert!(!read(r#"{"c":[{"i":"https://idp.example","t":0,"u":1}]}"#).is_empty());
}

/// What does not fit into a cookie: recent providers go first, then the oldest choice, and then there is nothing.
#[test]
fn a_memory_that_is_too_large_forgets_what_is_least_worth() {
    let mut memory: BrowserMemory = serde_json::from_str(
        r#"{"r":["https://a.example"],"c":[{"s":"https://new.example","i":"https://b.example","t":9,"u":99},
            {"s":"https://old.example","i":"https://c.example","t":1,"u":99}]}"#,
    )
    .unwrap();
    let left = |memory: &BrowserMemory| serde_json::to_string(memory).unwrap();
    assert!(memory.shrink() && !left(&memory).contains("a.example"));
    assert!(left(&memory).contains("old.example"));
    assert!(memory.shrink() && !left(&memory).contains("old.example"));
    assert!(left(&memory).contains("new.example"));
    assert!(memory.shrink() && memory.is_empty());
    assert!(!memory.shrink());
}

#[test]
fn the_latest_three_are_kept_newest_first() {
    let mut scene = Scene::new(Ch2);
    let pending = scene.pending_at(SYSTEM);
    for idp in ["a", "b", "c", "a", "d"] {
        scene.succeeds(&pending, idp);
    }
    assert_eq!(scene.memory.recent(), ["d", "a", "c"]);
}
