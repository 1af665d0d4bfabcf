//! Moments in TOML: date, time and offset.

use super::kind::WRONG_TYPE;
use super::problem::Sink;
use crate::hub::danish_time::in_reach;
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};
use toml::Spanned;
use toml::value::{Datetime, Offset};

/// Reads a moment; one without offset, that is none in the calendar, or out of reach, is told.
pub(super) fn read(sink: &mut Sink<'_>, text: &Spanned<Datetime>) -> Option<OffsetDateTime> {
    let moment = of(text.get_ref());
    if moment.is_none() {
        sink.add(
            WRONG_TYPE,
            Some(text.span()),
            format!("{} is no moment that can be counted with", text.get_ref()),
            "date, time and offset without quotes, between the years 2000 and 2100: 2026-12-02T06:00:00+01:00",
        );
    }
    moment
}

pub(super) fn of(text: &Datetime) -> Option<OffsetDateTime> {
    let (date, time) = (text.date?, text.time?);
    let month = Month::try_from(date.month).ok()?;
    let date = Date::from_calendar_date(i32::from(date.year), month, date.day).ok()?;
    let time = Time::from_hms(time.hour, time.minute, time.second.unwrap_or(0)).ok()?;
    let offset = match text.offset? {
        Offset::Z => UtcOffset::UTC,
        Offset::Custom { minutes } => {
            UtcOffset::from_whole_seconds(i32::from(minutes) * 60).ok()?
        }
    };
    Some(date.with_time(time).assume_offset(offset)).filter(|moment| in_reach(*moment))
}
