//! Plan time as a function of real time.

use time::{Duration, OffsetDateTime};

/// The fastest: an hour of the plan in a second.
pub const MOST_SPEED: u32 = 3600;

/// Where the plan stands, and how fast it runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transport {
    /// Seconds of the plan in a second; 0 stands still, 1 is real time.
    pub speed: u32,
    since: OffsetDateTime,
    from: OffsetDateTime,
    end: OffsetDateTime,
}

impl Transport {
    /// At `from` when it is `now`, running to `end` and no further.
    pub fn new(from: OffsetDateTime, end: OffsetDateTime, speed: u32, now: OffsetDateTime) -> Self {
        Self {
            speed: speed.min(MOST_SPEED),
            since: now,
            from,
            end,
        }
    }

    /// The plan's time. A clock that is set back does not take the plan back behind where it was last set.
    pub fn at(&self, now: OffsetDateTime) -> OffsetDateTime {
        let passed = (now - self.since).max(Duration::ZERO);
        let ms = passed.whole_milliseconds() * i128::from(self.speed);
        let passed = Duration::milliseconds(i64::try_from(ms).unwrap_or(i64::MAX));
        let time = self.from.checked_add(passed).unwrap_or(self.end);
        time.min(self.end)
    }

    /// The same at another speed from now on.
    pub fn at_speed(self, speed: u32, now: OffsetDateTime) -> Self {
        Self::new(self.at(now), self.end, speed, now)
    }

    /// The same at another time of the plan from now on.
    pub fn jumped(self, to: OffsetDateTime, now: OffsetDateTime) -> Self {
        Self::new(to.min(self.end), self.end, self.speed, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const REAL: OffsetDateTime = datetime!(2026-11-22 10:00 UTC);
    const SIX: OffsetDateTime = datetime!(2026-12-02 06:00 +1);

    #[test]
    fn it_runs_as_fast_as_it_is_told_stands_still_and_jumps() {
        let end = SIX + Duration::days(1);
        let minute = Duration::minutes(1);
        let transport = Transport::new(SIX, end, 60, REAL);
        assert_eq!(transport.at(REAL), SIX);
        assert_eq!(
            transport.at(REAL + Duration::milliseconds(500)),
            SIX + minute / 2
        );
        assert_eq!(transport.at(REAL + minute), SIX + Duration::hours(1));
        // Set back, the clock takes nothing back.
        assert_eq!(transport.at(REAL - minute), SIX);

        let still = transport.at_speed(0, REAL + minute);
        assert_eq!(still.at(REAL + 9 * minute), SIX + Duration::hours(1));
        let real_time = still.at_speed(1, REAL + 9 * minute);
        assert_eq!(
            real_time.at(REAL + 10 * minute),
            SIX + Duration::hours(1) + minute
        );

        let jumped = real_time.jumped(SIX + minute, REAL + 10 * minute);
        assert_eq!(jumped.at(REAL + 10 * minute), SIX + minute);
        assert_eq!(jumped.speed, 1);
    }

    #[test]
    fn it_ends_where_the_plan_ends() {
        let end = SIX + Duration::hours(1);
        let transport = Transport::new(SIX, end, MOST_SPEED + 1, REAL);
        assert_eq!(transport.speed, MOST_SPEED);
        assert_eq!(transport.at(REAL + Duration::days(300_000)), end);
        assert_eq!(
            transport
                .jumped(end + end.time().as_hms().0 * Duration::HOUR, REAL)
                .at(REAL),
            end
        );
    }
}
