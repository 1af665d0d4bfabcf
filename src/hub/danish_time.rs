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
