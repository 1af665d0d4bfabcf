//! Danish time: windows are announced in it.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset, Weekday};

/// The same moment with the offset that Danish clocks have then: summer time lasts from the last Sunday of March to
/// the last Sunday of October, 01:00 UTC (directive 2000/84/EC).
pub fn danish(at: OffsetDateTime) -> OffsetDateTime {
    let utc = at.to_offset(UtcOffset::UTC);
    let turn = |month| {
        let last = Date::from_calendar_date(utc.year(), month, 31).ok()?;
        let sunday = match last.weekday() {
            Weekday::Sunday => last,
            _ => last.prev_occurrence(Weekday::Sunday),
        };
        Some(OffsetDateTime::new_utc(
            sunday,
            Time::from_hms(1, 0, 0).ok()?,
        ))
    };
    let summer = match (turn(Month::March), turn(Month::October)) {
        (Some(from), Some(to)) => from <= utc && utc < to,
        _ => false,
    };
    let hours = if summer { 2 } else { 1 };
    at.to_offset(UtcOffset::from_hms(hours, 0, 0).unwrap_or(UtcOffset::UTC))
}

/// The moment at which Danish clocks show this. In the hour that they show twice, the first of the two.
pub fn by_danish_clocks(shown: PrimitiveDateTime) -> OffsetDateTime {
    let of = |hours| {
        let offset = UtcOffset::from_hms(hours, 0, 0).unwrap_or(UtcOffset::UTC);
        shown.assume_offset(offset)
    };
    let summer = danish(of(2));
    match summer.date() == shown.date() && summer.time() == shown.time() {
        true => summer,
        false => danish(of(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn clocks_turn_on_the_last_sundays_of_march_and_october() {
        for (utc, hour) in [
            (datetime!(2026-12-02 05:00 UTC), 6),
            (datetime!(2026-07-01 04:00 UTC), 6),
            (datetime!(2026-03-29 00:59 UTC), 1),
            (datetime!(2026-03-29 01:00 UTC), 3),
            (datetime!(2027-10-31 00:59 UTC), 2),
            (datetime!(2027-10-31 01:00 UTC), 2),
        ] {
            assert_eq!(danish(utc).hour(), hour, "{utc}");
            assert_eq!(danish(utc), utc);
        }
        for (shown, utc) in [
            (datetime!(2026-12-02 06:00), datetime!(2026-12-02 05:00 UTC)),
            (datetime!(2026-07-01 06:00), datetime!(2026-07-01 04:00 UTC)),
            (datetime!(2027-10-31 02:30), datetime!(2027-10-31 00:30 UTC)),
        ] {
            assert_eq!(by_danish_clocks(shown), utc);
        }
    }
}
