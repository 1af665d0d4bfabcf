//! `xs:dateTime` as SAML uses it: UTC, written with `Z` (SAML core §1.3.3).

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// Reads an `xs:dateTime` strictly: `YYYY-MM-DDThh:mm:ss[.f…](Z|±hh:mm)`. A value without zone is refused
/// (SAML core §1.3.3 demands UTC); an offset is converted; fractions beyond nanoseconds are cut; 24:00:00 and leap seconds
/// are refused.
pub fn parse(text: &str) -> Option<OffsetDateTime> {
    let bytes = text.as_bytes();
    let (fixed, rest) = bytes.split_at_checked(19)?;
    let separators = [fixed[4], fixed[7], fixed[10], fixed[13], fixed[16]];
    if separators != *b"--T::" {
        return None;
    }
    let century = number(fixed[0], fixed[1])?;
    let year = i32::from(century) * 100 + i32::from(number(fixed[2], fixed[3])?);
    if year == 0 {
        return None; // There is no year 0000 in XML Schema 1.0 part 2, §3.2.7.
    }
    let month = Month::try_from(number(fixed[5], fixed[6])?).ok()?;
    let date = Date::from_calendar_date(year, month, number(fixed[8], fixed[9])?).ok()?;
    let (nanoseconds, zone) = fraction(rest)?;
    let clock = Time::from_hms_nano(
        number(fixed[11], fixed[12])?,
        number(fixed[14], fixed[15])?,
        number(fixed[17], fixed[18])?,
        nanoseconds,
    )
    .ok()?;
    PrimitiveDateTime::new(date, clock)
        .assume_offset(offset(zone)?)
        .checked_to_offset(UtcOffset::UTC)
}

/// Writes UTC with milliseconds, as the real hub's assertions have: `2023-09-13T07:10:02.590Z`.
pub fn format(instant: OffsetDateTime) -> String {
    let utc = instant.checked_to_offset(UtcOffset::UTC).unwrap_or(instant);
    let mut text = String::with_capacity(24);
    // Written digit by digit: every row of a report that names a time comes through here.
    let mut push = |value: u32, digits: u32, end: char| {
        for place in (0..digits).rev() {
            let digit = value / 10u32.pow(place) % 10;
            text.push(char::from_digit(digit, 10).unwrap_or('0'));
        }
        text.push(end);
    };
    push(utc.year().unsigned_abs(), 4, '-');
    push(u32::from(u8::from(utc.month())), 2, '-');
    push(u32::from(utc.day()), 2, 'T');
    push(u32::from(utc.hour()), 2, ':');
    push(u32::from(utc.minute()), 2, ':');
    push(u32::from(utc.second()), 2, '.');
    push(u32::from(utc.millisecond()), 3, 'Z');
    text
}

/// Two decimal digits.
fn number(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
}

/// The fraction of a second in nanoseconds, and what follows it.
fn fraction(rest: &[u8]) -> Option<(u32, &[u8])> {
    let Some(digits) = rest.strip_prefix(b".") else {
        return Some((0, rest));
    };
    let length = digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if length == 0 {
        return None;
    }
    let (digits, zone) = digits.split_at(length);
    let kept = digits.iter().chain(std::iter::repeat(&b'0')).take(9);
    Some((
        kept.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')),
        zone,
    ))
}

/// `Z` or an offset of at most fourteen hours (XML Schema 1.0 part 2, §3.2.7.3).
fn offset(zone: &[u8]) -> Option<UtcOffset> {
    let [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] = *zone else {
        return (zone == b"Z").then_some(UtcOffset::UTC);
    };
    let (hours, minutes) = (number(h1, h2)?, number(m1, m2)?);
    if minutes > 59 || hours > 14 || (hours == 14 && minutes > 0) {
        return None;
    }
    let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * 60;
    UtcOffset::from_whole_seconds(if sign == b'-' { -seconds } else { seconds }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn reads_what_the_federation_writes() {
        for (text, expected) in [
            (
                "2023-09-13T07:10:02.590Z",
                datetime!(2023-09-13 07:10:02.590 UTC),
            ),
            (
                "2023-09-13T07:10:02.5891436Z",
                datetime!(2023-09-13 07:10:02.589_143_6 UTC),
            ),
            ("2026-01-05T08:00:20Z", datetime!(2026-01-05 08:00:20 UTC)),
            (
                "2026-01-05T08:00:20+01:00",
                datetime!(2026-01-05 07:00:20 UTC),
            ),
            (
                "2026-01-05T00:00:20.5-14:00",
                datetime!(2026-01-05 14:00:20.5 UTC),
            ),
            (
                "2024-02-29T00:00:00.1234567899Z",
                datetime!(2024-02-29 00:00:00.123_456_789 UTC),
            ),
        ] {
            assert_eq!(parse(text), Some(expected), "{text}");
            assert!(parse(text).is_some_and(|instant| instant.offset().is_utc()));
        }
    }

    #[test]
    fn refuses_everything_else() {
        for bad in [
            "",
            "2026-01-05",
            "2026-01-05T08:00:20",
            "2026-01-05 08:00:20Z",
            "2026-01-05T08:00:20z",
            "2026-01-05t08:00:20Z",
            "2026-1-5T08:00:20Z",
            "2026-02-29T08:00:20Z",
            "2026-13-01T00:00:00Z",
            "2026-01-05T24:00:00Z",
            "2026-12-31T23:59:60Z",
            "2026-01-05T08:00:20.Z",
            "2026-01-05T08:00Z",
            "2026-01-05T08:00:20,5Z",
            "2026-01-05T08:00:20+0100",
            "2026-01-05T08:00:20+14:01",
            "2026-01-05T08:00:20+01:60",
            "2026-01-05T08:00:20+01",
            "-2026-01-05T08:00:20Z",
            "12026-01-05T08:00:20Z",
            "0000-01-05T08:00:20Z",
            "2026-01-05T08:00:20ZZ",
            " 2026-01-05T08:00:20Z",
            "9999-12-31T23:59:59-01:00",
            "２０26-01-05T08:00:20Z",
            "2026-01-05T+8:00:20Z",
            "æøåæøåæøåæøåæøå",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn writes_utc_with_milliseconds() {
        assert_eq!(
            format(datetime!(2026-01-05 09:00:20.0459 +1)),
            "2026-01-05T08:00:20.045Z"
        );
        let instant = datetime!(2023-09-13 07:10:02.590 UTC);
        assert_eq!(parse(&format(instant)), Some(instant));
    }
}
