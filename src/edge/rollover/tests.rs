//! The player at exact moments: a clock is an argument, so nobody waits.

use super::*;
use crate::config::{Habits, pki};
use crate::dsig::{Policy, verify_query};
use crate::hub::keys::{Generation, HubKeys, KeyRing, RoleKeys};
use crate::hub::rollover::{Order, Source, Strategy, TrustModel};
use crate::hub::trace::Leg;
use crate::hub::{Federation, Hub};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const REAL: OffsetDateTime = datetime!(2026-11-22 10:00 UTC);
const SIX: OffsetDateTime = datetime!(2026-12-02 06:00 +1);

fn player(parts: Parts) -> Player {
    let ring = pki::ring("hub").unwrap();
    let keys = RoleKeys::of(&ring.active);
    let hub = Hub {
        entity_id: "http://hub.localhost/runtime".to_owned(),
        public_url: "http://hub.localhost".to_owned(),
        organisation: "Test".to_owned(),
        idp: keys.clone(),
        sp: keys,
        faults: None,
    };
    Player::new(hub, HubKeys::shared(ring), parts)
}

fn wanted(strategy: Strategy) -> Wanted {
    Wanted {
        window: Some(SIX),
        ..Wanted::of(strategy)
    }
}

fn fingerprints(certificates: &[crate::dsig::Certificate]) -> Vec<String> {
    certificates
        .iter()
        .map(|certificate| certificate.fingerprint())
        .collect()
}

/// Fingerprints of the hub's active and next certificate.
fn pair() -> (String, String) {
    let ring = pki::ring("hub").unwrap();
    (
        ring.active.certificate.fingerprint(),
        ring.next.unwrap().certificate.fingerprint(),
    )
}

#[test]
fn the_hub_has_the_keys_of_the_plans_moment_and_of_no_other() {
    let player = player(Parts::default());
    let (active, next) = pair();
    let keys = |now| {
        let hub = player.hub(now);
        assert_eq!(
            fingerprints(&hub.idp.shown.signing),
            fingerprints(&hub.sp.shown.signing)
        );
        let signs = hub.idp.signing.certificate().unwrap().fingerprint();
        (signs, fingerprints(&hub.idp.shown.signing))
    };
    assert_eq!(keys(REAL), (active.clone(), vec![active.clone()]));
    assert_eq!(player.plan_time(REAL), None);
    player.start(&wanted(Strategy::HardSwap), REAL).unwrap();
    // A quarter of an hour before the first change, sixty times as fast.
    assert_eq!(player.plan_time(REAL), Some(SIX - Duration::minutes(15)));
    let at = |plan: OffsetDateTime| REAL + (plan - (SIX - Duration::minutes(15))) / 60;
    let tick = Duration::milliseconds(1);
    assert_eq!(keys(at(SIX) - tick), (active.clone(), vec![active.clone()]));
    assert_eq!(keys(at(SIX)), (next.clone(), vec![active.clone()]));
    let half = SIX + Duration::minutes(30);
    assert_eq!(keys(at(half) - tick), (next.clone(), vec![active.clone()]));
    assert_eq!(keys(at(half)), (next.clone(), vec![next.clone()]));
    // One value for a state: a document is signed once for it.
    assert!(std::sync::Arc::ptr_eq(
        &player.hub(at(half)),
        &player.hub(at(half) + tick)
    ));

    player.set_speed(0, at(half)).unwrap();
    assert_eq!(player.plan_time(at(half) + Duration::hours(9)), Some(half));
    player.jump(SIX + Duration::minutes(1), at(half)).unwrap();
    assert_eq!(keys(at(half)), (next, vec![active.clone()]));
    player.end();
    assert_eq!(player.plan_time(at(half)), None);
    player.end();
    assert_eq!(keys(at(half)), (active.clone(), vec![active]));
}

#[test]
fn the_other_order_gives_up_and_a_renewed_certificate() {
    let player = player(Parts {
        invented: true,
        ..Parts::default()
    });
    let (active, next) = pair();
    let metadata_first = Wanted {
        order: Some(Order::MetadataFirst),
        rollback_at: Some(SIX + Duration::minutes(60)),
        speed: Some(0),
        ..wanted(Strategy::HardSwap)
    };
    player.start(&metadata_first, REAL).unwrap();
    let keys = |minutes| {
        player.jump(SIX + Duration::minutes(minutes), REAL).unwrap();
        let hub = player.hub(REAL);
        let signs = hub.sp.signing.certificate().unwrap().fingerprint();
        (
            signs,
            fingerprints(&hub.sp.shown.signing),
            hub.sp.decryption.len(),
        )
    };
    assert_eq!(keys(29), (active.clone(), vec![active.clone()], 1));
    assert_eq!(keys(30), (active.clone(), vec![next.clone()], 1));
    // Given up before the next key ever signed; what was encrypted to it still opens.
    assert_eq!(keys(60), (active.clone(), vec![active.clone()], 2));
    assert_eq!(keys(180), (active.clone(), vec![active.clone()], 2));

    player.start(&wanted(Strategy::SameKey), REAL).unwrap();
    player.jump(SIX, REAL).unwrap();
    let hub = player.hub(REAL);
    assert_ne!(fingerprints(&hub.idp.shown.signing), [active]);
    assert_eq!(
        hub.idp.signing.public().key_id(),
        player.unplanned().idp.signing.public().key_id()
    );
}

#[test]
fn what_cannot_be_played_says_what_to_do() {
    let parts = Parts {
        systems: [("sagssystem".to_owned(), pki::ring("sagssystem").unwrap())].into(),
        ..Parts::default()
    };
    let (real, demo) = (player(Parts::default()), player(parts));
    let says = |player: &Player, wanted: Wanted| player.start(&wanted, REAL).unwrap_err().en;
    let hard = || wanted(Strategy::HardSwap);
    let subject = |word: &str| Wanted {
        subject: Some(word.to_owned()),
        ..hard()
    };
    for (player, wanted, word) in [
        (&real, subject("system:sagssystem"), "not simulated"),
        (&demo, subject("system:sag"), "sagssystem"),
        (&demo, subject("idp:sagssystem"), "there is no"),
        (&demo, subject("alle"), "hub, idp:NAME"),
        (&real, wanted(Strategy::SameKey), "the same key file"),
        (
            &real,
            Wanted {
                order: Some(Order::SigningFirst),
                ..wanted(Strategy::Overlap)
            },
            "leave it out",
        ),
        (
            &real,
            Wanted {
                speed: Some(3601),
                ..hard()
            },
            "3600",
        ),
        (
            &real,
            Wanted {
                begin: Some(SIX + Duration::days(9)),
                ..hard()
            },
            "2026-12-03T20:00:00+01:00",
        ),
        (
            &real,
            Wanted {
                rollback_at: Some(SIX - Duration::days(1)),
                ..hard()
            },
            "rollback_at",
        ),
        (
            &real,
            Wanted {
                environment: Some("../x".to_owned()),
                ..hard()
            },
            "letters",
        ),
        (
            &real,
            Wanted {
                window: Some(datetime!(9999-12-31 23:00 UTC)),
                ..hard()
            },
            "2100",
        ),
    ] {
        let said = says(player, wanted);
        assert!(said.contains(word), "{said}");
    }
    assert!(
        real.jump(SIX, REAL)
            .unwrap_err()
            .en
            .contains("start a plan first")
    );
    real.start(&hard(), REAL).unwrap();
    let far = SIX + Duration::days(9);
    assert!(
        real.jump(far, REAL)
            .unwrap_err()
            .en
            .starts_with("to: give a time")
    );
    assert!(real.set_speed(4000, REAL).is_err());
    // What failed changed nothing.
    assert_eq!(real.plan_time(REAL), Some(SIX - Duration::minutes(15)));
}

#[test]
fn nobody_who_says_no_window_gets_one_in_the_past() {
    // Certificates of the test PKI are not judged by their dates where they stand for others.
    let player = player(Parts {
        invented: true,
        ..Parts::default()
    });
    player.start(&Wanted::of(Strategy::HardSwap), REAL).unwrap();
    let window = |now| player.playing(now).unwrap().0.plan.window.from;
    assert_eq!(window(REAL), datetime!(2026-11-25 06:00 +1));
    let summer = datetime!(2026-07-01 12:00 UTC);
    player
        .start(&Wanted::of(Strategy::HardSwap), summer)
        .unwrap();
    assert_eq!(window(summer), datetime!(2026-07-08 06:00 +2));
}

/// A hub whose keys are rotated one at a time: what has no next pair stays as it is.
#[test]
fn a_task_without_a_next_key_keeps_its_own() {
    let ring = pki::ring("hub").unwrap();
    let alone = KeyRing::of(ring.active.clone());
    let hub = player(Parts::default()).unplanned().as_ref().clone();
    let with = |keys: &HubKeys| Player::new(hub.clone(), keys.clone(), Parts::default());
    let mut keys = HubKeys::shared(alone.clone());
    let refused = with(&keys).start(&wanted(Strategy::HardSwap), REAL);
    let said = refused.unwrap_err();
    assert!(
        said.en
            .contains("for any task (signing towards systems (role idp);"),
        "{said:?}"
    );
    assert!(said.da.contains("dekryptering over for IdP'er"), "{said:?}");

    keys.sp.signing = ring.clone();
    let player = with(&keys);
    player.start(&wanted(Strategy::HardSwap), REAL).unwrap();
    player.jump(SIX + Duration::minutes(40), REAL).unwrap();
    let (active, next) = pair();
    let hub = player.hub(REAL);
    let signs = |keys: &RoleKeys| keys.signing.certificate().unwrap().fingerprint();
    assert_eq!((signs(&hub.idp), signs(&hub.sp)), (active, next.clone()));
    assert_eq!(hub.sp.decryption.len(), 1);
    let (playing, _, _) = player.playing(REAL).unwrap();
    let tasks = playing.plan.moves.tasks().map(|(moves, _)| moves);
    assert_eq!(tasks, [false, false, true, false]);
    assert_eq!(
        playing
            .ring()
            .next
            .as_ref()
            .unwrap()
            .certificate
            .fingerprint(),
        next
    );

    // What speaks against one of them is said of its task.
    keys.sp.signing.next = Some(ring.active.clone());
    let said = with(&keys)
        .start(&wanted(Strategy::HardSwap), REAL)
        .unwrap_err();
    let start = "signing towards identity providers (role sp): VEJVISER_TEST_Hub_1 (2026-11-01 – 2029-11-01) is the next";
    assert!(said.en.starts_with(start), "{}", said.en);
    // And dates are judged as in a rehearsal.
    let late = Wanted {
        window: Some(datetime!(2031-12-02 06:00 +1)),
        ..wanted(Strategy::HardSwap)
    };
    let said = self::player(Parts::default())
        .start(&late, REAL)
        .unwrap_err();
    assert!(said.en.contains("not valid when the window begins") && said.en.contains("order one"));
}

/// What is encrypted to the key before the one in use still opens while a change is played.
#[test]
fn the_previous_key_opens_until_a_step_says_otherwise() {
    let ring = KeyRing {
        previous: Some(pki::pair("testrup").unwrap()),
        ..pki::ring("hub").unwrap()
    };
    let hub = player(Parts::default()).unplanned().as_ref().clone();
    let player = Player::new(hub, HubKeys::shared(ring), Parts::default());
    player.start(&wanted(Strategy::HardSwap), REAL).unwrap();
    let opens = |minutes| {
        player.jump(SIX + Duration::minutes(minutes), REAL).unwrap();
        player.hub(REAL).sp.decrypts.clone()
    };
    assert_eq!(opens(-1), [Generation::Active, Generation::Previous]);
    assert_eq!(opens(1), [Generation::Next]);
}

#[test]
fn one_active_pair_has_one_renewed_certificate() {
    let player = player(Parts {
        invented: true,
        ..Parts::default()
    });
    player.start(&wanted(Strategy::SameKey), REAL).unwrap();
    let (playing, _, _) = player.playing(REAL).unwrap();
    let mut made: Vec<String> = playing
        .keys
        .rings()
        .map(|ring| ring.next.as_ref().unwrap().certificate.fingerprint())
        .to_vec();
    made.dedup();
    assert_eq!(made.len(), 1);
}

const WRITTEN: &str = r#"environment = "exttest"
window = { from = 2026-12-02T06:00:00+01:00, to = 2026-12-02T08:00:00+01:00 }
[[step]]
at = 2026-12-02T06:00:00+01:00
do = "show"
signing = ["next", "active"]
without_use = true
[[step]]
at = 2026-12-02T06:10:00+01:00
do = "decrypt"
with = ["next", "active"]
[[step]]
at = 2026-12-02T06:20:00+01:00
do = "sign"
with = ["next"]
"#;

#[test]
fn a_plan_in_toml_is_played() {
    let player = player(Parts::default());
    let nobody = Federation {
        identity_providers: Vec::new(),
        systems: Vec::new(),
        test_systems: Vec::new(),
        organisations: std::collections::BTreeMap::new(),
        directory: crate::hub::roles::Directory::default(),
    };
    let start = |text: &str, pace| player.start_written(text, &nobody, pace, REAL);
    let paused = Pace {
        speed: Some(0),
        begin: Some(SIX + Duration::minutes(15)),
    };
    start(WRITTEN, paused).unwrap();
    let (playing, _, at) = player.playing(REAL).unwrap();
    assert_eq!(at, SIX + Duration::minutes(15));
    assert_eq!(playing.plan.environment, "EXTTEST");
    let (active, next) = pair();
    assert!(player.hub(REAL).idp.shown.without_use);
    assert_eq!(
        fingerprints(&player.hub(REAL).idp.shown.signing),
        [next, active]
    );
    // The same problems as in a rehearsal, with their lines.
    let bad = WRITTEN
        .replace("[\"next\", \"active\"]\nwithout", "[\"previous\"]\nwithout")
        .replace("06:20", "09:20");
    let Err(NotPlayed::Problems(problems)) = start(&bad, Pace::default()) else {
        panic!("played")
    };
    let found: Vec<_> = problems.list.iter().map(|p| (p.id, p.line)).collect();
    assert_eq!(
        found,
        [("plan::contradiction", Some(5)), ("plan::window", Some(13))]
    );
    // And what cannot be played here.
    let fast = Pace {
        speed: Some(4000),
        ..Pace::default()
    };
    assert!(matches!(start(WRITTEN, fast), Err(NotPlayed::Refused(_))));
    // What failed changed nothing.
    assert_eq!(player.plan_time(REAL), Some(SIX + Duration::minutes(15)));
}

/// No login is lost by our own signatures: at every instant of a change that is made as it should be, something that a
/// correct party holds (it polls daily, at whichever hour, and reads everything) verifies what the hub just signed. Not so
/// by design where nobody has a chance to fetch the next certificate before it signs (hard swap, emergency), or where the
/// certificate in use has ended first.
#[test]
fn what_the_hub_signs_is_verified_at_every_instant_by_whoever_polls_daily() {
    let polls = [0, 7, 13, 19];
    let habits = polls.map(|hour| {
        let model = TrustModel {
            source: Source::Polled {
                every: Duration::hours(24),
                at: SIX + Duration::hours(hour) + Duration::minutes(1),
            },
            ..TrustModel::default()
        };
        let contact = None;
        (format!("party-{hour}"), Habits { model, contact })
    });
    let player = player(Parts {
        habits: habits.into(),
        invented: true,
        ..Parts::default()
    });
    let verified = |at: OffsetDateTime| {
        player.jump(at, REAL).unwrap();
        let hub = player.hub(REAL);
        let sides = [
            (Leg::System, &hub.idp.signing),
            (Leg::IdentityProvider, &hub.sp.signing),
        ];
        sides.into_iter().all(|(side, signs)| {
            let (octets, algorithm) = (b"SAMLRequest=x", signs.algorithm().uri());
            let signature = signs.sign_octets(octets);
            player.parts.habits.keys().all(|name| {
                let keys = player.trust(side, name, REAL).keys;
                verify_query(octets, algorithm, &signature, &keys, Policy::Modern).is_ok()
            })
        })
    };
    for strategy in [
        Strategy::MetadataFirst,
        Strategy::Overlap,
        Strategy::SameKey,
    ] {
        let paused = Wanted {
            speed: Some(0),
            ..wanted(strategy)
        };
        player.start(&paused, REAL).unwrap();
        let (playing, _, _) = player.playing(REAL).unwrap();
        let tick = Duration::milliseconds(1);
        let changes = playing.schedule.moments();
        let mut moments: Vec<_> = changes.flat_map(|at| [at - tick, at]).collect();
        let (mut at, to) = playing.plan.horizon();
        while at < to {
            moments.push(at);
            at += Duration::hours(1);
        }
        for at in moments {
            assert!(verified(at), "{strategy:?} {at}");
        }
    }
    // The same look finds the hole of a hard swap.
    player.start(&wanted(Strategy::HardSwap), REAL).unwrap();
    assert!(!verified(SIX + Duration::minutes(1)));
}
