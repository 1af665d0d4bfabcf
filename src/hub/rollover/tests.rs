//! The rules against a slow clock that looks at every minute, and what must hold at every instant.

use super::{
    Action, Cause, Compares, Moves, NoWayBack, Order, Plan, Preset, Reads, Source, Strategy,
    Subject, TrustModel, Validities, Validity, Window, holding, outages, verdict,
};
use crate::hub::keys::{Generation, Shows};
use crate::hub::trace::Leg;
use proptest::prelude::{Just, ProptestConfig, any, prop};
use proptest::strategy::Strategy as Any;
use proptest::{prop_assert, prop_assert_eq, prop_assume, prop_oneof, proptest};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const SIX: OffsetDateTime = datetime!(2026-12-02 06:00 +1);

fn minutes(minutes: i64) -> OffsetDateTime {
    SIX + Duration::minutes(minutes)
}

fn sources() -> impl Any<Value = Source> {
    let moments = || prop::collection::vec((-900i64..900).prop_map(minutes), 0..3);
    prop_oneof![
        Just(Source::Pinned),
        (1i64..48, 0i64..2880).prop_map(|(hours, at)| Source::Polled {
            every: Duration::hours(hours),
            at: minutes(-at),
        }),
        moments().prop_map(Source::Restart),
        moments().prop_map(Source::Manual),
    ]
}

fn models() -> impl Any<Value = TrustModel> {
    let reads = prop_oneof![Just(Reads::All), Just(Reads::First), Just(Reads::Last)];
    let compares = prop_oneof![Just(Compares::Key), Just(Compares::Certificate)];
    let words = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (sources(), reads, compares, words).prop_map(
        |(source, reads, compares, (signatures, dates, encrypts, missing_use))| TrustModel {
            source,
            reads,
            compares,
            checks_signatures: signatures,
            checks_dates: dates,
            encrypts,
            reads_missing_use: missing_use,
            stated: true,
        },
    )
}

fn presets() -> impl Any<Value = Preset> {
    let strategy = prop::sample::select(Strategy::ALL.to_vec());
    let order = prop::sample::select(Order::ALL.to_vec());
    (strategy, order, any::<bool>(), 1i64..48, 0i64..120).prop_map(
        |(strategy, order, keep, overlap, metadata)| Preset {
            order,
            keep_old_decryption_key: keep,
            overlap: Duration::hours(overlap),
            metadata_at: minutes(metadata),
            ..Preset::new(strategy, Subject::Hub, Window::of(SIX))
        },
    )
}

fn plans() -> impl Any<Value = Plan> {
    (presets(), prop::option::of(1i64..240)).prop_map(|(preset, back)| {
        let plan = preset.plan();
        let back = back.and_then(|at| plan.rolled_back(minutes(at)).ok());
        back.unwrap_or(plan)
    })
}

/// What happens at an instant, told without spans: look at what the party holds, and judge.
fn at_once(
    plan: &Plan,
    model: &TrustModel,
    validities: &Validities,
    now: OffsetDateTime,
) -> Option<Cause> {
    let validities = validities.under(plan);
    let held = holding(plan, model, &[], now);
    verdict(
        plan,
        plan.schedule().at(now),
        &validities,
        model,
        &held,
        now,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_spans_say_what_a_look_at_every_minute_says(plan in plans(), model in models(), next_from in -2000i64..600) {
        let next = Validity { from: minutes(next_from), to: minutes(9_000_000) };
        let validities = Validities { active: None, next: Some(next) };
        let spans = outages(&plan, &validities, &model, &[]);
        for pair in spans.windows(2) {
            prop_assert!(pair[0].to.is_some_and(|to| to <= pair[1].from), "{spans:?}");
        }
        let (from, to) = plan.horizon();
        let mut now = from;
        while now < to {
            let told = spans.iter().find(|span| span.covers(now));
            prop_assert_eq!(told.map(|span| span.cause), at_once(&plan, &model, &validities, now), "at {}", now);
            now += Duration::minutes(7);
        }
    }

    /// No login is lost by a change that is made as it should be: at every instant a party that polls within the
    /// overlap and reads all certificates holds one that verifies what was just signed, and encrypts to a key that
    /// decrypts.
    #[test]
    fn overlap_loses_nobody_who_polls_within_it(
        overlap in 25i64..240, hours in 1i64..24, phase in 0i64..1440, at in prop::collection::vec(-20_000i64..20_000, 40),
    ) {
        let plan = Preset {
            overlap: Duration::hours(overlap),
            keep_old_decryption_key: true,
            ..Preset::new(Strategy::Overlap, Subject::Hub, Window::of(SIX))
        }.plan();
        let model = TrustModel {
            source: Source::Polled { every: Duration::hours(hours), at: minutes(phase) },
            ..TrustModel::default()
        };
        prop_assert_eq!(outages(&plan, &Validities::default(), &model, &[]), vec![]);
        let schedule = plan.schedule();
        for now in at.into_iter().map(minutes) {
            let state = schedule.at(now);
            let held = holding(&plan, &model, &[], now);
            prop_assert!(held.signing.contains(&state.signs), "{held:?} at {now}");
            prop_assert!(held.encryption.is_some_and(|to| state.decrypts.contains(&to)), "{held:?} at {now}");
        }
    }

    /// What we publish can be followed: metadata is signed by and shows what signs, except where a hard swap is the
    /// very thing that is rehearsed.
    #[test]
    fn outside_a_hard_swap_metadata_always_shows_what_signs(preset in presets()) {
        prop_assume!(preset.strategy != Strategy::HardSwap);
        let plan = preset.plan();
        for state in plan.schedule().states() {
            prop_assert!(state.shows.signing.contains(&state.signs), "{state:?}");
            prop_assert!(state.shows.encryption.iter().all(|to| state.decrypts.contains(to)), "{state:?}");
        }
    }
}

#[test]
fn nobody_holds_what_was_never_offered() {
    // Before the switch of a hard swap nobody but somebody who took the file by hand can hold the next one.
    let plan = Preset::new(Strategy::HardSwap, Subject::Hub, Window::of(SIX)).plan();
    let polled = TrustModel::default();
    let held = holding(&plan, &polled, &[], minutes(-1));
    assert_eq!(held.signing, [Generation::Active]);
    let by_hand = TrustModel {
        source: Source::Manual(vec![minutes(-60)]),
        ..TrustModel::default()
    };
    let held = holding(&plan, &by_hand, &[], minutes(-1));
    assert_eq!(held.signing, [Generation::Active, Generation::Next]);
    // Once the change is given up nobody takes the file any more.
    let late = TrustModel {
        source: Source::Manual(vec![minutes(90)]),
        reads: Reads::First,
        ..TrustModel::default()
    };
    let back = plan.rolled_back(minutes(60)).unwrap();
    assert_eq!(
        holding(&back, &late, &[], minutes(100)).signing,
        [Generation::Active]
    );
    // An emergency hands nothing out beforehand.
    let plan = Preset::new(Strategy::Emergency, Subject::Hub, Window::of(SIX)).plan();
    let held = holding(&plan, &by_hand, &[], minutes(-1));
    assert_eq!(held.signing, [Generation::Active]);
    assert_eq!(plan.announced(), Some(SIX));
}

fn of(strategy: Strategy) -> Plan {
    Preset::new(strategy, Subject::Hub, Window::of(SIX)).plan()
}

fn by_hand(days: i64, reads: Reads) -> TrustModel {
    TrustModel {
        source: Source::Manual(vec![SIX + Duration::days(days)]),
        reads,
        encrypts: false,
        ..TrustModel::default()
    }
}

fn spans(plan: &Plan, model: &TrustModel) -> Vec<(OffsetDateTime, Option<OffsetDateTime>, Cause)> {
    let outages = outages(plan, &Validities::default(), model, &[]).into_iter();
    outages.map(|o| (o.from, o.to, o.cause)).collect()
}

#[test]
fn a_change_is_given_up_once_and_while_there_is_something_to_put_back() {
    let hard = of(Strategy::HardSwap);
    let second = Preset {
        order: Order::MetadataFirst,
        ..Preset::new(Strategy::HardSwap, Subject::Hub, Window::of(SIX))
    }
    .plan();
    let at = |plan: &Plan, minute| plan.rolled_back(minutes(minute)).map(|_| ());
    // At ten past six one order has changed something, the other nothing.
    assert_eq!(at(&hard, 10), Ok(()));
    let half_past = Some(minutes(30));
    assert_eq!(at(&second, 10), Err(NoWayBack::TooEarly(half_past)));
    assert_eq!(at(&second, 31), Ok(()));
    assert_eq!(at(&hard, 0), Err(NoWayBack::TooEarly(Some(SIX))));
    // An overlap has changed something days before its window.
    let overlap = of(Strategy::Overlap);
    assert_eq!(at(&overlap, -6 * 1440), Ok(()));
    assert!(at(&overlap, -8 * 1440).is_err());
    assert_eq!(at(&of(Strategy::Emergency), 10), Err(NoWayBack::Emergency));
    let back = hard.rolled_back(minutes(10)).unwrap();
    assert_eq!(at(&back, 20), Err(NoWayBack::Twice));
    let end = hard.horizon().1;
    assert_eq!(at(&hard, 90 * 1440), Err(NoWayBack::TooLate(end)));
    // That a certificate ends is not given up; before the swap there is nothing to put back.
    let expired = of(Strategy::ExpiredInPlace);
    assert!(at(&expired, 60).is_err());
    let back = expired.rolled_back(minutes(121)).unwrap();
    assert_eq!(back.expires(), Some(SIX));
    for why in [
        NoWayBack::Emergency,
        NoWayBack::Twice,
        NoWayBack::TooEarly(None),
        NoWayBack::TooEarly(Some(SIX)),
        NoWayBack::TooLate(SIX),
    ] {
        let (da, en) = why.what();
        assert!(!da.is_empty() && !en.is_empty() && da != en);
    }
}

/// The hub writes one list of descriptors without `use`: what it shows for encryption first, then the rest.
#[test]
fn without_use_every_certificate_is_good_for_both() {
    let shows = Shows {
        signing: vec![Generation::Active, Generation::Next],
        encryption: vec![Generation::Next],
        without_use: true,
    };
    let takes = |reads| {
        let model = TrustModel {
            reads,
            ..TrustModel::default()
        };
        let held = model.takes(&shows, false);
        (held.signing, held.encryption)
    };
    let (next, active) = (Generation::Next, Generation::Active);
    assert_eq!(takes(Reads::All), (vec![next, active], Some(next)));
    assert_eq!(takes(Reads::First), (vec![next], Some(next)));
    assert_eq!(takes(Reads::Last), (vec![active], Some(active)));
    let with_use = Shows {
        without_use: false,
        ..shows
    };
    let held = TrustModel::default().takes(&with_use, false);
    assert_eq!(held.signing, [active, next]);
}

#[test]
fn what_ends_after_the_rehearsal_by_stated_habits_has_an_end() {
    let plan = of(Strategy::HardSwap);
    let late = SIX + Duration::days(5);
    assert!(late > plan.horizon().1);
    assert_eq!(
        spans(&plan, &by_hand(5, Reads::First)),
        [(SIX, Some(late), Cause::HoldsOld)]
    );
    // Monthly, last on the evening before.
    let monthly = TrustModel {
        source: Source::Polled {
            every: Duration::days(30),
            at: minutes(-480),
        },
        encrypts: false,
        ..TrustModel::default()
    };
    let next = minutes(-480) + Duration::days(30);
    assert_eq!(spans(&plan, &monthly), [(SIX, Some(next), Cause::HoldsOld)]);
    // Nothing new goes wrong beyond the end.
    let strict = TrustModel {
        checks_dates: true,
        ..by_hand(-1, Reads::All)
    };
    let next = Some(Validity {
        from: SIX - Duration::days(30),
        to: SIX + Duration::days(60),
    });
    let dates = Validities { active: None, next };
    assert_eq!(outages(&plan, &dates, &strict, &[]), []);
}

#[test]
fn what_began_before_the_rehearsal_began_then() {
    let plan = of(Strategy::HardSwap);
    // The file lies there from a fortnight before; one with room for one certificate takes it too early.
    let act = SIX - Duration::days(13);
    assert!(act < plan.horizon().0);
    assert_eq!(
        spans(&plan, &by_hand(-13, Reads::First)),
        [(act, Some(SIX), Cause::HoldsNewTooEarly)]
    );
    // A certificate that ended last month.
    let ended = SIX - Duration::days(30);
    let active = Some(Validity {
        from: SIX - Duration::days(1095),
        to: ended,
    });
    let dates = Validities { active, next: None };
    let strict = TrustModel {
        checks_dates: true,
        ..by_hand(-1, Reads::All)
    };
    let found = outages(&plan, &dates, &strict, &[]);
    assert_eq!((found[0].from, found[0].to), (ended, Some(SIX)));
    assert_eq!(found[0].cause, Cause::CertificateExpired);
}

#[test]
fn no_certificate_to_encrypt_to_is_called_by_its_name() {
    let mut plan = of(Strategy::HardSwap);
    plan.start.shows.encryption.clear();
    let found = spans(&plan, &TrustModel::default());
    assert_eq!(found[0].2, Cause::NothingToEncryptTo);
    // Whoever understands nothing of it has other worries.
    plan.start.shows.without_use = true;
    let blind = TrustModel {
        checks_signatures: false,
        reads_missing_use: false,
        ..TrustModel::default()
    };
    assert_eq!(spans(&plan, &blind)[0].2, Cause::MissingUse);
}

/// Only what the hub signs for identity providers changes: systems notice nothing, and nobody encrypts otherwise.
#[test]
fn nobody_notices_a_change_of_keys_that_is_not_on_their_side() {
    let mut plan = of(Strategy::HardSwap);
    plan.moves = Moves {
        sp_signing: true,
        idp_signing: false,
        idp_encryption: false,
        sp_encryption: false,
    };
    let pinned = TrustModel {
        source: Source::Pinned,
        ..TrustModel::default()
    };
    let on = |side| spans(&plan, &pinned.under(&plan, Some(side)));
    assert_eq!(on(Leg::System), []);
    assert_eq!(on(Leg::IdentityProvider), [(SIX, None, Cause::HoldsOld)]);
    plan.moves = Moves {
        sp_signing: false,
        sp_encryption: true,
        ..plan.moves
    };
    let on = |side| spans(&plan, &pinned.under(&plan, Some(side)));
    assert_eq!(
        on(Leg::IdentityProvider),
        [(SIX, None, Cause::EncryptsToOld)]
    );
}

/// Ten past ten in the evening, by the clock on the wall: in August as in January.
#[test]
fn polls_go_by_the_clocks_of_the_season() {
    let daily = TrustModel {
        source: Source::Polled {
            every: Duration::hours(24),
            at: datetime!(2026-01-01 22:10 +1),
        },
        ..TrustModel::default()
    };
    let summer = datetime!(2027-08-04 06:00 +2);
    let plan = Preset::new(Strategy::Overlap, Subject::Hub, Window::of(summer)).plan();
    let course = super::Course::of(&plan, &daily, &[]);
    let shown = summer - Duration::days(7);
    let taken = course.taken().iter().find(|taken| taken.at > shown);
    assert_eq!(
        taken.map(|taken| taken.at),
        Some(datetime!(2027-07-28 22:10 +2))
    );
}

/// Of a year of hourly fetches only those are kept that find something else.
#[test]
fn a_long_plan_is_as_short_as_its_steps() {
    let plan = Preset {
        overlap: Duration::days(365),
        ..Preset::new(Strategy::Overlap, Subject::Hub, Window::of(SIX))
    }
    .plan();
    let hourly = TrustModel {
        source: Source::Polled {
            every: Duration::hours(1),
            at: minutes(7),
        },
        ..TrustModel::default()
    };
    let course = super::Course::of(&plan, &hourly, &[]);
    assert!(course.taken().len() <= plan.schedule().states().count());
}

#[test]
fn a_party_opens_what_was_encrypted_to_the_key_before_until_a_step_says_otherwise() {
    let plan = of(Strategy::HardSwap).with_previous();
    assert!(!plan.uses_previous());
    let opens = |minute| plan.schedule().at(minutes(minute)).decrypts.clone();
    assert_eq!(opens(-1), [Generation::Active, Generation::Previous]);
    assert_eq!(opens(1), [Generation::Next]);
    let mut shows = plan.clone();
    shows.steps[2].action = Action::Sign(Generation::Previous);
    assert!(shows.uses_previous());
}
