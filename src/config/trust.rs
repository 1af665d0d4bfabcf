//! How a party takes over a change of another one's certificate, as its entry says.

use super::kind::TRUST;
use super::moment;
use super::persona::{Persona, Trait};
use super::problem::Sink;
use crate::hub::danish_time::by_danish_clocks;
use crate::hub::rollover::{Compares, Reads, Source, TrustModel};
use serde::Deserialize;
use time::macros::{date, format_description};
use time::{Duration, Time};
use toml::Spanned;
use toml::value::Datetime;

/// `[identity_provider.trust]`, `[user_facing_system.trust]`, and `[party.trust]` of a plan.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustEntry {
    /// Where it has the other party's certificate from.
    pub source: Spanned<SourceWord>,
    /// Hours between two fetches, with `polled`. Default 24, as AD FS.
    pub poll_hours: Option<Spanned<u16>>,
    /// A time of day at which it fetches, with `polled`: `"22:10"` by Danish clocks, in summer too. Default midnight.
    pub polled_at: Option<Spanned<String>>,
    /// When it is restarted, or when somebody takes the change over by hand: with `restart` and `manual`.
    #[serde(default)]
    pub acts: Vec<Spanned<Datetime>>,
    /// Which of several certificates it takes.
    #[serde(default = "all")]
    pub certificates: Reads,
    /// Whether it checks signatures.
    #[serde(default = "yes")]
    pub checks_signatures: bool,
    /// Whether it refuses certificates outside their dates.
    #[serde(default)]
    pub checks_dates: bool,
    /// What it compares.
    #[serde(default = "key")]
    pub compares: Compares,
    /// Whether it encrypts to the other party.
    #[serde(default = "yes")]
    pub encrypts: bool,
    /// Whether it understands KeyDescriptors without `use`.
    #[serde(default = "yes")]
    pub reads_missing_use: bool,
    /// Whom to ring.
    pub contact: Option<String>,
}

/// Where a party has another one's certificate from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceWord {
    /// From the metadata's address, every so often.
    Polled,
    /// From the metadata's address, when it starts.
    Restart,
    /// From metadata or a file, by hand.
    Manual,
    /// From its configuration, which nobody changes.
    Pinned,
}

/// A party's habits, and whom to ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Habits {
    /// How it takes over changes.
    pub model: TrustModel,
    /// Whom to ring, where somebody is named.
    pub contact: Option<String>,
}

impl Habits {
    /// Of a party that nobody has said anything about.
    pub fn unknown() -> Self {
        Self {
            model: TrustModel::unknown(),
            contact: None,
        }
    }
}

/// Reads an entry; tells what in it contradicts itself.
pub(super) fn read(sink: &mut Sink<'_>, entry: &TrustEntry) -> Habits {
    contradictions(sink, entry);
    let moments = |sink: &mut Sink<'_>| {
        let acts = entry.acts.iter();
        acts.filter_map(|at| moment::read(sink, at)).collect()
    };
    let source = match entry.source.get_ref() {
        SourceWord::Pinned => Source::Pinned,
        SourceWord::Restart => Source::Restart(moments(sink)),
        SourceWord::Manual => Source::Manual(moments(sink)),
        SourceWord::Polled => Source::Polled {
            every: Duration::hours(
                entry
                    .poll_hours
                    .as_ref()
                    .map_or(24, |h| i64::from(*h.get_ref())),
            ),
            at: by_danish_clocks(
                date!(2026 - 01 - 01).with_time(time_of_day(sink, entry.polled_at.as_ref())),
            ),
        },
    };
    Habits {
        model: TrustModel {
            source,
            reads: entry.certificates,
            checks_signatures: entry.checks_signatures,
            checks_dates: entry.checks_dates,
            compares: entry.compares,
            encrypts: entry.encrypts,
            reads_missing_use: entry.reads_missing_use,
            stated: true,
        },
        contact: entry.contact.clone(),
    }
}

/// What a persona's vendor does by itself: AD FS looks once a day, from midnight.
pub(super) fn of_persona(persona: &Persona) -> Option<Habits> {
    persona.has(Trait::MetadataDaily).then(|| Habits {
        model: TrustModel {
            source: Source::Polled {
                every: Duration::hours(24),
                at: by_danish_clocks(date!(2026 - 01 - 01).midnight()),
            },
            reads: Reads::All,
            checks_signatures: true,
            checks_dates: false,
            compares: Compares::Key,
            encrypts: persona.has(Trait::EncryptsAssertion),
            reads_missing_use: true,
            stated: true,
        },
        contact: None,
    })
}

fn contradictions(sink: &mut Sink<'_>, entry: &TrustEntry) {
    let source = *entry.source.get_ref();
    let polled = source == SourceWord::Polled;
    let strangers = [
        (entry.poll_hours.as_ref().map(Spanned::span), "poll_hours"),
        (entry.polled_at.as_ref().map(Spanned::span), "polled_at"),
    ];
    for (span, name) in strangers {
        if span.is_some() && !polled {
            sink.add(
                TRUST,
                span,
                format!("{name} is for a party that polls"),
                "say source = \"polled\", or remove it",
            );
        }
    }
    let dated = matches!(source, SourceWord::Restart | SourceWord::Manual);
    if let Some(first) = entry.acts.first()
        && !dated
    {
        sink.add(
            TRUST,
            Some(first.span()),
            "acts is for a party that is restarted or changed by hand",
            "say source = \"manual\" or \"restart\", or remove it",
        );
    }
}

fn time_of_day(sink: &mut Sink<'_>, text: Option<&Spanned<String>>) -> Time {
    let Some(text) = text else {
        return Time::MIDNIGHT;
    };
    let read = Time::parse(text.get_ref(), format_description!("[hour]:[minute]"));
    read.unwrap_or_else(|_| {
        sink.add(
            TRUST,
            Some(text.span()),
            format!("polled_at cannot be {}", text.get_ref()),
            "a time of day in quotes, for example \"22:10\"",
        );
        Time::MIDNIGHT
    })
}

fn all() -> Reads {
    Reads::All
}

fn key() -> Compares {
    Compares::Key
}

fn yes() -> bool {
    true
}
