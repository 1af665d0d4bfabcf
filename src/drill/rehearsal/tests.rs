use super::*;
use crate::hub::keys::{Generation, Shows};
use crate::hub::rollover::{
    Action, Cause, Compares, Order, Preset, Reads, Source, Strategy, Subject, Validity, Window,
};
use time::Duration;
use time::macros::datetime;

const SIX: OffsetDateTime = datetime!(2026-12-02 06:00 +1);
const HALF_PAST: OffsetDateTime = datetime!(2026-12-02 06:30 +1);

fn preset(strategy: Strategy) -> Preset {
    Preset::new(strategy, Subject::Hub, Window::of(SIX))
}

fn party(name: &str, role: Role, model: TrustModel) -> Party {
    Party {
        name: name.to_owned(),
        title: name.to_owned(),
        role,
        model,
        contact: None,
    }
}

fn polled(hours: i64, at: OffsetDateTime) -> TrustModel {
    TrustModel {
        source: Source::Polled {
            every: Duration::hours(hours),
            at,
        },
        ..TrustModel::default()
    }
}

fn pinned() -> TrustModel {
    TrustModel {
        source: Source::Pinned,
        ..TrustModel::default()
    }
}

fn cast(models: &[(&str, Role, TrustModel)]) -> Cast {
    let parties = models.iter();
    Cast {
        parties: parties
            .map(|(name, role, model)| party(name, *role, model.clone()))
            .collect(),
        validities: Validities::default(),
    }
}

/// The spans of the only party.
fn spans(plan: &Plan, model: TrustModel) -> Vec<(OffsetDateTime, Option<OffsetDateTime>, Cause)> {
    let run = rehearse(
        plan,
        &cast(&[("party", Role::IdentityProvider, model)]),
        None,
    );
    assert_eq!(run.proof.disagreements, []);
    let outages = run.parties[0].outages.iter();
    outages.map(|o| (o.from, o.to, o.cause)).collect()
}

#[test]
fn december_2024_again() {
    let plan = preset(Strategy::HardSwap).plan();
    // Whoever pinned the old one stops at six and never recovers.
    assert_eq!(spans(&plan, pinned()), [(SIX, None, Cause::HoldsOld)]);
    // AD FS asks once a day, at ten past ten in the evening.
    let adfs = polled(24, datetime!(2026-11-01 22:10 +1));
    let evening = datetime!(2026-12-02 22:10 +1);
    assert_eq!(spans(&plan, adfs), [(SIX, Some(evening), Cause::HoldsOld)]);
    // Nobody can fetch before half past six: the hole in the window.
    let eager = polled(1, datetime!(2026-11-01 00:30 +1));
    assert_eq!(
        spans(&plan, eager),
        [(SIX, Some(HALF_PAST), Cause::HoldsOld)]
    );
    // Entra ID that does not look at the signature still encrypts to what it fetched.
    let blind = TrustModel {
        checks_signatures: false,
        ..pinned()
    };
    assert_eq!(spans(&plan, blind), [(SIX, None, Cause::EncryptsToOld)]);
    let kept = Preset {
        keep_old_decryption_key: true,
        ..preset(Strategy::HardSwap)
    };
    let blind = TrustModel {
        checks_signatures: false,
        ..pinned()
    };
    assert_eq!(spans(&kept.plan(), blind), []);
}

#[test]
fn the_other_order_breaks_those_who_are_quick() {
    let plan = Preset {
        order: Order::MetadataFirst,
        ..preset(Strategy::HardSwap)
    }
    .plan();
    let signs = datetime!(2026-12-02 07:15 +1);
    let eager = polled(1, datetime!(2026-11-01 00:30 +1));
    let early = Cause::HoldsNewTooEarly;
    assert_eq!(spans(&plan, eager), [(HALF_PAST, Some(signs), early)]);
    assert_eq!(spans(&plan, pinned()), [(signs, None, Cause::HoldsOld)]);
}

#[test]
fn somebody_who_acts_by_hand_can_act_before_the_metadata() {
    let plan = preset(Strategy::HardSwap).plan();
    let by_hand = |at, reads| TrustModel {
        source: Source::Manual(vec![at]),
        reads,
        encrypts: false,
        ..TrustModel::default()
    };
    // Before the rehearsal begins: done, all the same.
    let day_before = SIX - Duration::days(1);
    let eve = SIX - Duration::hours(3);
    assert_eq!(spans(&plan, by_hand(eve, Reads::All)), []);
    // One that has room for a single certificate can only choose when it is down.
    let early = Cause::HoldsNewTooEarly;
    assert_eq!(
        spans(&plan, by_hand(eve, Reads::First)),
        [(eve, Some(SIX), early)]
    );
    assert_eq!(spans(&plan, by_hand(day_before, Reads::All)), []);
    let late = datetime!(2026-12-02 09:00 +1);
    assert_eq!(
        spans(&plan, by_hand(late, Reads::First)),
        [(SIX, Some(late), Cause::HoldsOld)]
    );
}

#[test]
fn overlap_loses_nobody_who_reads_all() {
    let plan = preset(Strategy::Overlap).plan();
    assert_eq!(spans(&plan, TrustModel::default()), []);
    // With metadata first alone the old key no longer opens what a daily reader encrypts.
    let plan = preset(Strategy::MetadataFirst).plan();
    let evening = polled(24, datetime!(2026-11-01 22:10 +1));
    assert_eq!(
        spans(&plan, evening),
        [(
            SIX,
            Some(datetime!(2026-12-02 22:10 +1)),
            Cause::EncryptsToOld
        )]
    );
}

#[test]
fn a_new_certificate_on_the_same_key_breaks_those_who_compare_certificates() {
    let plan = preset(Strategy::SameKey).plan();
    assert_eq!(spans(&plan, pinned()), []);
    let thumbprint = TrustModel {
        compares: Compares::Certificate,
        ..pinned()
    };
    assert_eq!(
        spans(&plan, thumbprint),
        [(SIX, None, Cause::ComparesCertificate)]
    );
}

#[test]
fn an_expired_certificate_breaks_those_who_look_at_dates() {
    let plan = preset(Strategy::ExpiredInPlace).plan();
    let strict = TrustModel {
        checks_dates: true,
        ..polled(1, datetime!(2026-11-01 00:00 +1))
    };
    let noticed = datetime!(2026-12-02 08:00 +1);
    assert_eq!(
        spans(&plan, strict),
        [(SIX, Some(noticed), Cause::CertificateExpired)]
    );
    // The others notice nothing before the swap.
    assert_eq!(spans(&plan, pinned()), [(noticed, None, Cause::HoldsOld)]);
    // A next certificate that is not valid yet.
    let mut cast = cast(&[(
        "strict",
        Role::System,
        TrustModel {
            checks_dates: true,
            ..TrustModel::default()
        },
    )]);
    let tomorrow = SIX + Duration::days(1);
    cast.validities.next = Some(Validity {
        from: tomorrow,
        to: tomorrow + Duration::days(1095),
    });
    let run = rehearse(&preset(Strategy::Overlap).plan(), &cast, None);
    let outages = &run.parties[0].outages;
    assert_eq!(outages[0].cause, Cause::CertificateNotYetValid);
    assert_eq!((outages[0].from, outages[0].to), (SIX, Some(tomorrow)));
}

#[test]
fn rolling_back_brings_everybody_back_but_those_who_went_along() {
    let plan = preset(Strategy::HardSwap).plan();
    let back = plan.rolled_back(SIX + Duration::hours(1)).unwrap();
    let seven = datetime!(2026-12-02 07:00 +1);
    assert_eq!(
        spans(&back, pinned()),
        [(SIX, Some(seven), Cause::HoldsOld)]
    );
    let eager = polled(1, datetime!(2026-11-01 00:30 +1));
    assert_eq!(
        spans(&back, eager),
        [
            (SIX, Some(HALF_PAST), Cause::HoldsOld),
            (
                seven,
                Some(datetime!(2026-12-02 07:30 +1)),
                Cause::HoldsNewTooEarly
            ),
        ]
    );
}

#[test]
fn a_party_that_changes_is_taken_over_by_the_hub() {
    for subject in [
        Subject::IdentityProvider("idp".to_owned()),
        Subject::System("system".to_owned()),
    ] {
        let cast = cast(&[
            ("idp", Role::IdentityProvider, pinned()),
            ("system", Role::System, pinned()),
            ("other", Role::System, pinned()),
        ]);
        let plan = Preset::new(Strategy::HardSwap, subject.clone(), Window::of(SIX)).plan();
        let run = rehearse(&plan, &cast, None);
        assert_eq!(run.proof.disagreements, []);
        assert!(run.proof.logins >= 3, "{:?}", run.proof);
        // Registered by hand half an hour after it was published.
        let line = &run.parties[0];
        let down = line.down();
        assert_eq!(
            (down[0].from, down[0].to),
            (SIX, Some(HALF_PAST + Duration::minutes(30)))
        );
        let worst = run.worst().unwrap();
        let tried = if matches!(subject, Subject::System(_)) {
            1
        } else {
            2
        };
        assert_eq!((worst.working, worst.tried), (0, tried));
        let plan = Preset::new(Strategy::Overlap, subject, Window::of(SIX)).plan();
        assert!(!rehearse(&plan, &cast, None).anyone_down());
    }
}

#[test]
fn every_system_logs_in_at_every_identity_provider_at_every_step() {
    let cast = cast(&[
        ("pinned", Role::IdentityProvider, pinned()),
        (
            "polled",
            Role::IdentityProvider,
            polled(1, datetime!(2026-11-01 00:30 +1)),
        ),
        ("pinned-system", Role::System, pinned()),
        (
            "polled-system",
            Role::System,
            polled(1, datetime!(2026-11-01 00:30 +1)),
        ),
    ]);
    let run = rehearse(&preset(Strategy::HardSwap).plan(), &cast, None);
    let at = |at| {
        let moment = run.moments.iter().find(|moment| moment.at == at).unwrap();
        (moment.working, moment.tried)
    };
    assert_eq!(at(SIX), (0, 4));
    assert_eq!(at(HALF_PAST), (1, 4));
    assert_eq!((run.moments[0].working, run.moments[0].tried), (4, 4));
    assert!(run.anyone_down());
    assert_eq!(run.proof.disagreements, []);
}

/// Every strategy, every kind of party: the computation and the real logins agree.
#[test]
fn the_rule_and_real_logins_agree() {
    let sources = [
        Source::Pinned,
        Source::Manual(vec![SIX - Duration::hours(1), SIX + Duration::hours(3)]),
        Source::Restart(vec![SIX + Duration::minutes(40)]),
        polled(1, SIX).source,
        polled(24, SIX - Duration::minutes(1)).source,
    ];
    let mut models = Vec::new();
    for source in sources {
        for reads in [Reads::All, Reads::First, Reads::Last] {
            for checks_signatures in [true, false] {
                models.push(TrustModel {
                    source: source.clone(),
                    reads,
                    checks_signatures,
                    ..TrustModel::default()
                });
            }
        }
    }
    let parties = |role| {
        let all = models.iter();
        all.map(move |model| ("party", role, model.clone()))
    };
    let all: Vec<_> = parties(Role::IdentityProvider)
        .chain(parties(Role::System))
        .collect();
    let cast = cast(&all);
    let mut logins = 0;
    for strategy in Strategy::ALL {
        for order in Order::ALL {
            // The order is of a hard swap.
            if strategy != Strategy::HardSwap && order != Order::SigningFirst {
                continue;
            }
            let plan = Preset {
                order,
                ..preset(strategy)
            }
            .plan();
            let back = plan.rolled_back(SIX + Duration::minutes(80)).ok();
            for plan in back.into_iter().chain([plan]) {
                let run = rehearse(&plan, &cast, None);
                assert_eq!(run.proof.disagreements, [], "{}", plan.name);
                logins += run.proof.logins;
            }
        }
    }
    // Steps of one's own: descriptors without use, in both orders, and what was in use before.
    let (previous, active, next) = (Generation::Previous, Generation::Active, Generation::Next);
    for (signing, encryption, without_use, opens) in [
        (vec![active, next], vec![next], true, vec![next, active]),
        (vec![next, active], vec![active], true, vec![active]),
        (
            vec![previous, active, next],
            vec![previous],
            false,
            vec![active, previous],
        ),
        (vec![previous], vec![previous, next], true, vec![next]),
    ] {
        let mut plan = preset(Strategy::HardSwap).plan().with_previous();
        let shows = Shows {
            signing,
            encryption,
            without_use,
        };
        plan.strategy = None;
        plan.steps = vec![
            step(-120, Action::Show(shows)),
            step(-60, Action::Decrypt(opens)),
            step(0, Action::Sign(next)),
            step(60, Action::Sign(previous)),
            step(90, Action::Sign(next)),
        ];
        for plan in [plan.rolled_back(SIX + Duration::minutes(75)).unwrap(), plan] {
            let run = rehearse(&plan, &cast, None);
            assert_eq!(run.proof.disagreements, [], "{:?}", plan.steps);
            logins += run.proof.logins;
        }
    }
    assert!(logins > 200, "{logins}");
}

fn step(minutes: i64, action: Action) -> Step {
    let at = SIX + Duration::minutes(minutes);
    Step { at, action }
}

/// Metadata that still shows what was in use before, first: whoever reads no further holds a key that signs nothing.
#[test]
fn a_previous_certificate_that_is_left_in_metadata_breaks_those_who_read_the_first() {
    let mut plan = preset(Strategy::HardSwap).plan();
    plan.start.shows.signing = vec![Generation::Previous, Generation::Active];
    plan.start.shows.encryption = vec![Generation::Previous];
    plan.start.decrypts = vec![Generation::Active, Generation::Previous];
    let first = TrustModel {
        reads: Reads::First,
        ..pinned()
    };
    let (from, _) = plan.horizon();
    assert_eq!(spans(&plan, first), [(from, None, Cause::HoldsOld)]);
    // Who reads all is down when everybody is.
    assert_eq!(spans(&plan, pinned()), [(SIX, None, Cause::HoldsOld)]);
}
