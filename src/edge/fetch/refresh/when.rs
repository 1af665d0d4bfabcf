//! When metadata is fetched next.

use time::{Duration, OffsetDateTime};

/// How often a party's metadata is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// At the latest so long after the last success.
    pub usual: Duration,
    /// Never sooner than this after the last try, whatever the metadata asks for; also the first wait after a
    /// failure.
    pub least: Duration,
    /// The longest wait after failures.
    pub longest_wait: Duration,
}

impl Default for Pace {
    /// Every day, and no more often than every quarter of an hour; after failures at least every six hours.
    fn default() -> Self {
        Self {
            usual: Duration::hours(24),
            least: Duration::minutes(15),
            longest_wait: Duration::hours(6),
        }
    }
}

/// The moment of the next fetch; `now` means at once.
///
/// After a success: when `cacheDuration` has passed, but at the latest after [`Pace::usual`]; and halfway to
/// `validUntil` at the latest, so that there is time for another try. After a failure (later than the last
/// success) the wait is as long as it has been failing, so each is twice as long as the one before, up to
/// [`Pace::longest_wait`]. A party that never succeeded is tried every [`Pace::least`]. A try that the clock says
/// is yet to come counts as one that is just over.
pub fn next(
    last_success: Option<OffsetDateTime>,
    last_failure: Option<OffsetDateTime>,
    valid_until: Option<OffsetDateTime>,
    cache_duration: Option<Duration>,
    now: OffsetDateTime,
    pace: &Pace,
) -> OffsetDateTime {
    let success = last_success.map(|at| at.min(now));
    let failure = last_failure.map(|at| at.min(now));
    let failure = failure.filter(|failed| success.is_none_or(|good| *failed > good));
    // In time for another try, as long as there is time.
    let in_time = |tried: OffsetDateTime, at: OffsetDateTime| {
        let left = valid_until.map(|end| end - tried);
        match left.filter(|left| left.is_positive()) {
            Some(left) => at.min(tried.saturating_add((left / 2_i32).max(pace.least))),
            None => at,
        }
    };
    let due = success.map(|good| {
        let wait = cache_duration.map_or(pace.usual, |asked| asked.min(pace.usual));
        in_time(good, good.saturating_add(wait.max(pace.least)))
    });
    let at = match failure {
        None => due.unwrap_or(now),
        Some(failed) => {
            let failing = due.map_or(Duration::ZERO, |due| failed - due);
            let wait = failing.min(pace.longest_wait).max(pace.least);
            in_time(failed, failed.saturating_add(wait))
        }
    };
    at.max(now)
}
