//! The rules against a slow clock that looks at every minute, and what must hold at every instant.

use super::{
    Cause, Compares, Order, Plan, Preset, Reads, Source, Strategy, Subject, TrustModel, Validities,
    Validity, Window, holding, outages, verdict,
};
use crate::hub::keys::Generation;
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
        back.map_or(plan.clone(), |at| plan.rolled_back(minutes(at)))
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
            let told = spans.iter().find(|span| span.from <= now && span.to.is_none_or(|end| now < end));
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
    let back = plan.rolled_back(minutes(60));
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
