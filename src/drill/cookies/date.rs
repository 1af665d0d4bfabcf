//! Dates in cookies, as leniently as browsers read them (RFC 6265bis §5.1.1).

use time::{Date, Month, OffsetDateTime, Time};

/// Longer texts are no dates.
const MAX_DATE: usize = 128;

/// A date such as `Wed, 21 Oct 2026 07:28:00 GMT`, in whatever order its parts come.
pub fn read(text: &str) -> Option<OffsetDateTime> {
    if text.len() > MAX_DATE {
        return None;
    }
    let between = |c: char| !(c.is_ascii_alphanumeric() || c == ':' || !c.is_ascii());
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.split(between).filter(|token| !token.is_empty()) {
        if time.is_none() && clock(token).is_some() {
            time = clock(token);
        } else if day.is_none() && leading(token, 1, 2).is_some() {
            day = leading(token, 1, 2);
        } else if month.is_none() && month_of(token).is_some() {
            month = month_of(token);
        } else if year.is_none() && leading(token, 2, 4).is_some() {
            year = leading(token, 2, 4);
        }
    }
    let year = match year? {
        short @ 70..=99 => short + 1900,
        short @ 0..=69 => short + 2000,
        full => full,
    };
    if year < 1601 {
        return None;
    }
    let year = i32::try_from(year).ok()?;
    let date = Date::from_calendar_date(year, month?, u8::try_from(day?).ok()?).ok()?;
    Some(date.with_time(time?).assume_utc())
}

/// The number that a token begins with, where it has `least` to `most` digits.
fn leading(token: &str, least: usize, most: usize) -> Option<u32> {
    let digits = token.bytes().take_while(u8::is_ascii_digit).count();
    let fits = (least..=most).contains(&digits);
    fits.then(|| token[..digits].parse().ok()).flatten()
}

fn clock(token: &str) -> Option<Time> {
    let mut parts = token.splitn(3, ':');
    let mut next = || leading(parts.next()?, 1, 2).and_then(|n| u8::try_from(n).ok());
    let (hour, minute, second) = (next()?, next()?, next()?);
    Time::from_hms(hour, minute, second).ok()
}

fn month_of(token: &str) -> Option<Month> {
    const NAMES: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let name = token.get(..3)?.to_ascii_lowercase();
    let at = NAMES.iter().position(|known| *known == name)?;
    Month::try_from(u8::try_from(at + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn reads_the_dates_that_servers_write() {
        let expected = datetime!(2026-10-21 07:28:00 UTC);
        for text in [
            "Wed, 21 Oct 2026 07:28:00 GMT",
            "Wednesday, 21-Oct-26 07:28:00 GMT",
            "Wed Oct 21 07:28:00 2026",
            "Wed, 21-OCT-2026 7:28:0 GMT",
        ] {
            assert_eq!(read(text), Some(expected), "{text}");
        }
        let long_ago = datetime!(1970-01-01 00:00:00 UTC);
        assert_eq!(read("Thu, 01-Jan-70 00:00:00 GMT"), Some(long_ago));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "0",
            "-1",
            "Wed, 31 Feb 2026 07:28:00 GMT",
            "21 Oct 2026",
            "21 Oct 1500 07:28:00",
            "21 Oct 2026 25:00:00",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
