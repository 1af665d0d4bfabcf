//! Moments, spans and numbers as people write them: Danish local time, in Danish and English.

use super::Language;
use crate::hub::danish_time;
use time::{Duration, OffsetDateTime, Weekday};

const DAYS: [(&str, &str); 7] = [
    ("mandag", "Monday"),
    ("tirsdag", "Tuesday"),
    ("onsdag", "Wednesday"),
    ("torsdag", "Thursday"),
    ("fredag", "Friday"),
    ("lørdag", "Saturday"),
    ("søndag", "Sunday"),
];

const MONTHS: [(&str, &str); 12] = [
    ("januar", "January"),
    ("februar", "February"),
    ("marts", "March"),
    ("april", "April"),
    ("maj", "May"),
    ("juni", "June"),
    ("juli", "July"),
    ("august", "August"),
    ("september", "September"),
    ("oktober", "October"),
    ("november", "November"),
    ("december", "December"),
];

/// `onsdag 2. december 2026 kl. 06.00`, `Wednesday 2 December 2026 at 06:00`.
pub fn in_full(moment: OffsetDateTime, language: Language) -> String {
    let at = danish_time(moment);
    let (year, clock) = (at.year(), clock(moment, language));
    match language {
        Language::Danish => format!("{} {year} kl. {clock}", date(at, language)),
        Language::English => format!("{} {year} at {clock}", date(at, language)),
    }
}

/// `onsdag 2. december kl. 06.00`, `Wednesday 2 December at 06:00`: where the year is known.
pub fn in_words(moment: OffsetDateTime, language: Language) -> String {
    let (date, clock) = (date(danish_time(moment), language), clock(moment, language));
    match language {
        Language::Danish => format!("{date} kl. {clock}"),
        Language::English => format!("{date} at {clock}"),
    }
}

/// [`in_words`], or [`in_full`] where the year is another one than that of a moment that is named in full.
pub fn in_words_near(moment: OffsetDateTime, named: OffsetDateTime, language: Language) -> String {
    match same_year(moment, named) {
        true => in_words(moment, language),
        false => in_full(moment, language),
    }
}

/// [`in_short`], with the year where it is another one than that of a moment that is named in full:
/// `ons 02.12.2027 06.00`, `Wed 02 Dec 2027 06:00`.
pub fn in_short_near(moment: OffsetDateTime, named: OffsetDateTime, language: Language) -> String {
    if same_year(moment, named) {
        return in_short(moment, language);
    }
    let (day, year) = (day(moment, language), danish_time(moment).year());
    let blank = language.pick(("", " "));
    format!("{day}{blank}{year} {}", clock(moment, language))
}

fn same_year(one: OffsetDateTime, other: OffsetDateTime) -> bool {
    danish_time(one).year() == danish_time(other).year()
}

/// `ons 02.12. 06.00`, `Wed 02 Dec 06:00`: always as wide, for columns.
pub fn in_short(moment: OffsetDateTime, language: Language) -> String {
    format!("{} {}", day(moment, language), clock(moment, language))
}

/// `ons 02.12.`, `Wed 02 Dec`.
pub fn day(moment: OffsetDateTime, language: Language) -> String {
    let at = danish_time(moment);
    let weekday: String = weekday(at.weekday(), language).chars().take(3).collect();
    match language {
        Language::Danish => format!("{weekday} {:02}.{:02}.", at.day(), u8::from(at.month())),
        Language::English => {
            let month: String = month(at, language).chars().take(3).collect();
            format!("{weekday} {:02} {month}", at.day())
        }
    }
}

/// `06.00`, `06:00`; with seconds where there are any.
pub fn clock(moment: OffsetDateTime, language: Language) -> String {
    let at = danish_time(moment);
    let point = language.pick(('.', ':'));
    let mut text = format!("{:02}{point}{:02}", at.hour(), at.minute());
    if at.second() != 0 {
        text.push_str(&format!("{point}{:02}", at.second()));
    }
    text
}

/// `2. december 2026`, `2 December 2026`: the day alone.
pub fn calendar_day(moment: OffsetDateTime, language: Language) -> String {
    let at = danish_time(moment);
    let (day, month, year) = (at.day(), month(at, language), at.year());
    match language {
        Language::Danish => format!("{day}. {month} {year}"),
        Language::English => format!("{day} {month} {year}"),
    }
}

/// A time of day alone on a day that is named before, otherwise with its day.
pub fn to(from: OffsetDateTime, to: OffsetDateTime, language: Language) -> String {
    if danish_time(from).date() == danish_time(to).date() {
        clock(to, language)
    } else {
        in_short_near(to, from, language)
    }
}

/// `16 t 10 min`, `16 h 10 min`; the two largest units that are not zero.
pub fn span(span: Duration, language: Language) -> String {
    let minutes = span.whole_minutes();
    if minutes == 0 {
        return format!("{} s", span.whole_seconds());
    }
    let parts = [
        (minutes / 1440, language.pick((" d", " d"))),
        (minutes / 60 % 24, language.pick((" t", " h"))),
        (minutes % 60, " min"),
    ];
    let said: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count != 0)
        .take(2)
        .map(|(count, unit)| format!("{count}{unit}"))
        .collect();
    said.join(" ")
}

/// `7 dage`, `24 timer`, `90 minutter`: a round span in words. Up to two days it is hours, as people say them.
pub fn round_span(span: Duration, language: Language) -> String {
    let minutes = span.whole_minutes();
    let (count, one, many) = match minutes {
        minutes if minutes % 1440 == 0 && minutes > 2 * 1440 => {
            (minutes / 1440, ("dag", "day"), ("dage", "days"))
        }
        minutes if minutes % 60 == 0 => (minutes / 60, ("time", "hour"), ("timer", "hours")),
        minutes => (minutes, ("minut", "minute"), ("minutter", "minutes")),
    };
    format!(
        "{count} {}",
        language.pick(if count == 1 { one } else { many })
    )
}

/// `hver time`, `hver 24. time`; `every hour`, `every 24 hours`.
pub fn every(span: Duration, language: Language) -> String {
    let round = round_span(span, language);
    let (count, unit) = round.split_once(' ').unwrap_or(("", &round));
    match (language, count) {
        (Language::Danish, "1") => format!("hver {unit}"),
        (Language::English, "1") => format!("every {unit}"),
        (Language::English, _) => format!("every {round}"),
        (Language::Danish, _) => {
            let one = match unit {
                "timer" => "time",
                "dage" => "dag",
                _ => "minut",
            };
            format!("hver {count}. {one}")
        }
    }
}

/// `19.600`, `19,600`.
pub fn number(number: usize, language: Language) -> String {
    let digits = number.to_string();
    let point = language.pick(('.', ','));
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(point);
        }
        text.push(digit);
    }
    text
}

fn date(at: OffsetDateTime, language: Language) -> String {
    let (weekday, month) = (weekday(at.weekday(), language), month(at, language));
    match language {
        Language::Danish => format!("{weekday} {}. {month}", at.day()),
        Language::English => format!("{weekday} {} {month}", at.day()),
    }
}

fn weekday(day: Weekday, language: Language) -> &'static str {
    let index = usize::from(day.number_days_from_monday());
    DAYS.get(index).map_or("", |names| language.pick(*names))
}

fn month(at: OffsetDateTime, language: Language) -> &'static str {
    let index = usize::from(u8::from(at.month())) - 1;
    MONTHS.get(index).map_or("", |names| language.pick(*names))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{Danish, English};
    use time::macros::datetime;

    #[test]
    fn moments_are_danish_local_time() {
        let six = datetime!(2026-12-02 05:00 UTC);
        assert_eq!(in_full(six, Danish), "onsdag 2. december 2026 kl. 06.00");
        assert_eq!(in_full(six, English), "Wednesday 2 December 2026 at 06:00");
        assert_eq!(in_short(six, Danish), "ons 02.12. 06.00");
        assert_eq!(in_short(six, English), "Wed 02 Dec 06:00");
        let later = datetime!(2027-01-06 05:00 UTC);
        assert_eq!(in_short_near(later, six, Danish), "ons 06.01.2027 06.00");
        assert_eq!(in_short_near(later, six, English), "Wed 06 Jan 2027 06:00");
        assert_eq!(in_short_near(six, six, Danish), in_short(six, Danish));
        assert_eq!(in_words_near(later, six, Danish), in_full(later, Danish));
        assert_eq!(to(six, later, Danish), "ons 06.01.2027 06.00");
        let noon = datetime!(2026-07-05 10:00:30 UTC);
        assert_eq!(in_words(noon, Danish), "søndag 5. juli kl. 12.00.30");
        assert_eq!(to(six, six + Duration::hours(2), Danish), "08.00");
        assert_eq!(
            to(six, six + Duration::hours(20), Danish),
            "tor 03.12. 02.00"
        );
    }

    #[test]
    fn spans_and_numbers_are_readable() {
        assert_eq!(span(Duration::minutes(970), Danish), "16 t 10 min");
        assert_eq!(span(Duration::minutes(30), English), "30 min");
        assert_eq!(span(Duration::minutes(1440 * 8 + 61), English), "8 d 1 h");
        assert_eq!(span(Duration::seconds(20), Danish), "20 s");
        assert_eq!(round_span(Duration::hours(24), Danish), "24 timer");
        assert_eq!(round_span(Duration::days(7), English), "7 days");
        assert_eq!(round_span(Duration::hours(1), Danish), "1 time");
        assert_eq!(every(Duration::hours(1), Danish), "hver time");
        assert_eq!(every(Duration::hours(24), Danish), "hver 24. time");
        assert_eq!(every(Duration::minutes(90), Danish), "hver 90. minut");
        assert_eq!(every(Duration::days(7), English), "every 7 days");
        assert_eq!(number(19_600, Danish), "19.600");
        assert_eq!(number(1_019_600, English), "1,019,600");
        assert_eq!(number(96, Danish), "96");
    }
}
