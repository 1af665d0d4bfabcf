//! Moments as people say them, by Danish clocks.

use super::language::Language;
use crate::edge::rollover::danish;
use time::{Month, OffsetDateTime, Weekday};

/// With weekday and date: “onsdag den 2. december 2026 kl. 06.10”.
pub fn long(language: Language, at: OffsetDateTime) -> String {
    let at = danish(at);
    let (day, year, time) = (at.day(), at.year(), clock(language, at));
    let (weekday, month) = (weekday(at.weekday()), month(at.month()));
    match language {
        Language::Danish => format!("{} den {day}. {} {year} kl. {time}", weekday.0, month.0),
        Language::English => format!("{} {day} {} {year} at {time}", weekday.1, month.1),
    }
}

/// With the day of the month where it is not the day of `beside`: “06.10”, “2. dec. 22.10”.
pub fn short(language: Language, at: OffsetDateTime, beside: OffsetDateTime) -> String {
    let at = danish(at);
    let time = clock(language, at);
    if at.date() == danish(beside).date() {
        return time;
    }
    format!("{} {time}", day(language, at))
}

/// The day: “2. dec.”
pub fn day(language: Language, at: OffsetDateTime) -> String {
    let at = danish(at);
    let month = month(at.month());
    let first = |name: &str| name.chars().take(3).collect::<String>();
    match language {
        Language::Danish => format!("{}. {}.", at.day(), first(month.0)),
        Language::English => format!("{} {}", at.day(), first(month.1)),
    }
}

/// The day with its year: “2. december 2026”.
pub fn date(language: Language, at: OffsetDateTime) -> String {
    let at = danish(at);
    let (month, year) = (month(at.month()), at.year());
    match language {
        Language::Danish => format!("{}. {} {year}", at.day(), month.0),
        Language::English => format!("{} {} {year}", at.day(), month.1),
    }
}

fn clock(language: Language, at: OffsetDateTime) -> String {
    let separator = language.pick(('.', ':'));
    format!("{:02}{separator}{:02}", at.hour(), at.minute())
}

fn weekday(day: Weekday) -> (&'static str, &'static str) {
    match day {
        Weekday::Monday => ("mandag", "Monday"),
        Weekday::Tuesday => ("tirsdag", "Tuesday"),
        Weekday::Wednesday => ("onsdag", "Wednesday"),
        Weekday::Thursday => ("torsdag", "Thursday"),
        Weekday::Friday => ("fredag", "Friday"),
        Weekday::Saturday => ("lørdag", "Saturday"),
        Weekday::Sunday => ("søndag", "Sunday"),
    }
}

fn month(month: Month) -> (&'static str, &'static str) {
    match month {
        Month::January => ("januar", "January"),
        Month::February => ("februar", "February"),
        Month::March => ("marts", "March"),
        Month::April => ("april", "April"),
        Month::May => ("maj", "May"),
        Month::June => ("juni", "June"),
        Month::July => ("juli", "July"),
        Month::August => ("august", "August"),
        Month::September => ("september", "September"),
        Month::October => ("oktober", "October"),
        Month::November => ("november", "November"),
        Month::December => ("december", "December"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn moments_are_said_in_both_languages() {
        let at = datetime!(2026-12-02 05:10 UTC);
        let (da, en) = (Language::Danish, Language::English);
        assert_eq!(long(da, at), "onsdag den 2. december 2026 kl. 06.10");
        assert_eq!(long(en, at), "Wednesday 2 December 2026 at 06:10");
        assert_eq!(short(da, at, at), "06.10");
        assert_eq!(
            short(da, at, datetime!(2026-12-03 05:10 UTC)),
            "2. dec. 06.10"
        );
        assert_eq!(
            short(en, at, datetime!(2026-12-03 05:10 UTC)),
            "2 Dec 06:10"
        );
        assert_eq!(date(en, at), "2 December 2026");
    }
}
