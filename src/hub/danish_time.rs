//! Danish local time, for people: plans, announcements and reports speak it.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset, Weekday};

/// The same moment in Danish local time: +01:00, and +02:00 in summer. Summer time is from the last Sunday of March to
/// the last Sunday of October, both at 01:00 UTC (Directive 2000/84/EC, articles 2 and 3; since 1996). A moment that
/// would leave the calendar stays as it is.
pub fn danish_time(moment: OffsetDateTime) -> OffsetDateTime {
    let hours = if is_summer(moment) { 2 } else { 1 };
    let offset = UtcOffset::from_hms(hours, 0, 0).unwrap_or(UtcOffset::UTC);
    moment.checked_to_offset(offset).unwrap_or(moment)
}

/// A moment as plans, the API and answers to people write it: RFC 3339 in Danish local time. One that RFC 3339 cannot
/// write (the year 10000) is left out.
pub fn written(moment: OffsetDateTime) -> String {
    use time::format_description::well_known::Rfc3339;
    danish_time(moment).format(&Rfc3339).unwrap_or_default()
}

/// Years in which plans and clocks may stand: everything that is computed of a moment there stays in the calendar.
pub const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// Whether a moment lies in [`YEARS`].
pub fn in_reach(moment: OffsetDateTime) -> bool {
    let utc = moment.checked_to_offset(UtcOffset::UTC);
    utc.is_some_and(|utc| YEARS.contains(&utc.year()))
}

/// The moment at which Danish clocks show this. In the hour that they show twice, the first of the two.
pub fn by_danish_clocks(shown: PrimitiveDateTime) -> OffsetDateTime {
    let of = |hours| {
        let offset = UtcOffset::from_hms(hours, 0, 0).unwrap_or(UtcOffset::UTC);
        shown.assume_offset(offset)
    };
    let summer = danish_time(of(2));
    match summer.date() == shown.date() && summer.time() == shown.time() {
        true => summer,
        false => danish_time(of(1)),
    }
}

fn is_summer(moment: OffsetDateTime) -> bool {
    let Some(utc) = moment.checked_to_offset(UtcOffset::UTC) else {
        return false;
    };
    let switch = |month| last_sunday(utc.year(), month).map(at_one);
    match (switch(Month::March), switch(Month::October)) {
        (Some(begins), Some(ends)) => (begins..ends).contains(&utc),
        _ => false,
    }
}

/// Of a month with 31 days, as both are.
fn last_sunday(year: i32, month: Month) -> Option<Date> {
    let mut date = Date::from_calendar_date(year, month, 31).ok()?;
    while date.weekday() != Weekday::Sunday {
        date = date.previous_day()?;
    }
    Some(date)
}

fn at_one(date: Date) -> OffsetDateTime {
    let one = Time::from_hms(1, 0, 0).unwrap_or(Time::MIDNIGHT);
    date.with_time(one).assume_utc()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn summer_time_is_the_unions() {
        for (utc, danish) in [
            (
                datetime!(2026-12-02 05:00 UTC),
                "2026-12-02 6:00:00.0 +01:00:00",
            ),
            (
                datetime!(2026-03-29 00:59:59 UTC),
                "2026-03-29 1:59:59.0 +01:00:00",
            ),
            (
                datetime!(2026-03-29 01:00 UTC),
                "2026-03-29 3:00:00.0 +02:00:00",
            ),
            (
                datetime!(2026-10-25 00:59:59 UTC),
                "2026-10-25 2:59:59.0 +02:00:00",
            ),
            (
                datetime!(2026-10-25 01:00 UTC),
                "2026-10-25 2:00:00.0 +01:00:00",
            ),
            // Both last Sundays on the 31st, and both on the 25th.
            (
                datetime!(2024-03-31 01:00 UTC),
                "2024-03-31 3:00:00.0 +02:00:00",
            ),
            (
                datetime!(2027-10-31 00:30 UTC),
                "2027-10-31 2:30:00.0 +02:00:00",
            ),
            (
                datetime!(2029-03-25 01:00 UTC),
                "2029-03-25 3:00:00.0 +02:00:00",
            ),
            // The year of the zone decides, not that of the offset that it was written in.
            (
                datetime!(2026-12-31 23:30 UTC),
                "2027-01-01 0:30:00.0 +01:00:00",
            ),
            (
                datetime!(2026-07-01 12:00 +9),
                "2026-07-01 5:00:00.0 +02:00:00",
            ),
        ] {
            assert_eq!(danish_time(utc).to_string(), danish, "{utc}");
            assert_eq!(danish_time(utc), utc);
        }
    }

    #[test]
    fn moments_at_the_ends_of_the_calendar_are_out_of_reach() {
        for (moment, within) in [
            (datetime!(2000-01-01 00:00 UTC), true),
            (datetime!(2000-01-01 00:00 +1), false),
            (datetime!(2100-12-31 23:59 UTC), true),
            (datetime!(9999-12-31 23:59 -23:59), false),
            (datetime!(-9999-01-01 00:00 +23:59), false),
        ] {
            assert_eq!(in_reach(moment), within, "{moment}");
        }
    }

    #[test]
    fn what_danish_clocks_show_is_a_moment() {
        for (shown, utc) in [
            (datetime!(2026-12-02 06:00), datetime!(2026-12-02 05:00 UTC)),
            (datetime!(2026-07-01 06:00), datetime!(2026-07-01 04:00 UTC)),
            (datetime!(2027-10-31 02:30), datetime!(2027-10-31 00:30 UTC)),
        ] {
            assert_eq!(by_danish_clocks(shown), utc);
        }
    }
}
