//! When the next fetch is due.

use super::super::offered::duration;
use super::*;
use proptest::prelude::*;

fn hours(n: i64) -> OffsetDateTime {
    NOW + Duration::hours(n)
}

/// With everything but the tries left open.
fn after(success: Option<i64>, failure: Option<i64>) -> OffsetDateTime {
    let pace = Pace::default();
    next(
        success.map(hours),
        failure.map(hours),
        None,
        None,
        NOW,
        &pace,
    )
}

#[test]
fn a_day_after_the_last_success_and_at_once_if_there_was_none() {
    assert_eq!(after(Some(-1), None), hours(23));
    assert_eq!(
        after(Some(-1), Some(-2)),
        hours(23),
        "an older failure is over"
    );
    assert_eq!(after(None, None), NOW);
    assert_eq!(after(Some(-99), None), NOW);
}

#[test]
fn cache_duration_shortens_and_never_lengthens() {
    let pace = Pace::default();
    let asked = |cache: Duration| next(Some(NOW), None, None, Some(cache), NOW, &pace);
    assert_eq!(asked(Duration::hours(2)), hours(2));
    assert_eq!(asked(Duration::days(30)), hours(24));
    assert_eq!(
        asked(Duration::ZERO),
        NOW + pace.least,
        "nor asks for too much"
    );
    assert_eq!(asked(Duration::MAX), hours(24));
}

#[test]
fn before_valid_until_with_time_for_another_try() {
    let pace = Pace::default();
    let until = |end: i64| next(Some(NOW), None, Some(hours(end)), None, NOW, &pace);
    assert_eq!(until(10), hours(5));
    assert_eq!(until(100), hours(24));
    assert_eq!(until(-1), hours(24), "too late to hurry");
    let failing = next(
        Some(hours(-30)),
        Some(NOW),
        Some(hours(2)),
        None,
        NOW,
        &pace,
    );
    assert_eq!(failing, hours(1));
}

#[test]
fn each_wait_is_as_long_as_it_has_been_failing() {
    let pace = Pace::default();
    let (success, mut failure) = (hours(-24), NOW);
    let mut waits = Vec::new();
    for _ in 0..8 {
        let again = next(Some(success), Some(failure), None, None, failure, &pace);
        waits.push((again - failure).whole_minutes());
        failure = again;
    }
    assert_eq!(waits, [15, 15, 30, 60, 120, 240, 360, 360]);
    assert_eq!(after(None, Some(0)), NOW + pace.least, "never succeeded");
}

#[test]
fn a_clock_that_was_set_back_puts_nothing_off() {
    assert_eq!(after(Some(1000), None), hours(24));
    assert_eq!(after(None, Some(1000)), NOW + Pace::default().least);
}

#[test]
fn durations_are_read_as_the_schema_has_them() {
    for (text, seconds) in [
        ("P1D", 86_400),
        ("PT1H30M", 5400),
        ("PT0.5S", 0),
        ("PT1.9S", 1),
        (
            "P1Y2M3DT4H5M6S",
            (365 + 60 + 3) * 86_400 + 4 * 3600 + 5 * 60 + 6,
        ),
        (" PT5M ", 300),
    ] {
        assert_eq!(duration(text), Some(Duration::seconds(seconds)), "{text}");
    }
    for bad in [
        "",
        "P",
        "PT",
        "P1",
        "1D",
        "-P1D",
        "P-1D",
        "PT1D",
        "P1H",
        "P1DT",
        "PT1M1H",
        "P1.5D",
        "PT.S",
        "PT+1S",
        "P9999999999999999Y",
        "P1D1D",
        "P1DT1H1H",
        "P1WD",
    ] {
        assert_eq!(duration(bad), None, "{bad}");
    }
}

proptest! {
    #[test]
    fn it_is_never_past_and_never_too_far_off(
        success in prop::option::of(-400i64..50), failure in prop::option::of(-400i64..50),
        until in prop::option::of(-400i64..400), cache in prop::option::of(0i64..400),
    ) {
        let pace = Pace::default();
        let cache = cache.map(Duration::hours);
        let at = next(success.map(hours), failure.map(hours), until.map(hours), cache, NOW, &pace);
        prop_assert!(at >= NOW && at <= NOW + pace.usual);
        // Nobody is asked again too soon.
        let tried = success.into_iter().chain(failure).map(|hour| hours(hour).min(NOW)).max();
        prop_assert!(tried.is_none_or(|tried| at >= tried + pace.least));
        // While there is time, a try comes before the end.
        if let (Some(end), Some(tried)) = (until.map(hours), tried) && end > tried + pace.least * 2 {
            prop_assert!(at < end || at == NOW);
        }
    }
}
