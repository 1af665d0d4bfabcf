//! The simple types that the schema of metadata gives to attributes and texts.

use crate::saml::schema::{is_ncname, parse_boolean, trim};
use crate::saml::time::parse as instant;

/// A simple type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    /// `xs:string`, and `xs:anyURI`, which is hardly narrower: what an address must be is judged elsewhere.
    Text,
    /// `xs:anyURI` of at most 1024 characters.
    EntityId,
    /// `xs:dateTime`; that SAML wants UTC is another matter.
    DateTime,
    /// `xs:duration`.
    Duration,
    /// `xs:ID`; that none occurs twice is the reader's rule.
    Id,
    /// `xs:boolean`.
    Boolean,
    /// `xs:unsignedShort`.
    UnsignedShort,
    /// `xs:integer`.
    Integer,
    /// `xml:lang`.
    Language,
    /// `xs:base64Binary`.
    Base64,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

impl Type {
    /// Whether `value` is one.
    pub fn holds(self, value: &str) -> bool {
        let collapsed = trim(value);
        match self {
            Self::Text => true,
            Self::EntityId => collapsed.chars().count() <= 1024,
            Self::DateTime => {
                instant(collapsed).is_some() || instant(&format!("{collapsed}Z")).is_some()
            }
            Self::Duration => is_duration(collapsed),
            Self::Id => is_ncname(collapsed),
            Self::Boolean => parse_boolean(collapsed).is_some(),
            Self::UnsignedShort => collapsed.parse::<u16>().is_ok(),
            Self::Integer => {
                let digits = collapsed.trim_start_matches(['+', '-']);
                !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
            }
            Self::Language => is_language(collapsed),
            Self::Base64 => crate::dsig::base64::decode(value).is_some(),
            Self::OneOf(words) => words.contains(&value),
        }
    }

    /// What it is called in a refusal.
    pub fn words(self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::EntityId => "an entityID of at most 1024 characters".to_owned(),
            Self::DateTime => "a dateTime".to_owned(),
            Self::Duration => "a duration".to_owned(),
            Self::Id => "an NCName".to_owned(),
            Self::Boolean => "a boolean".to_owned(),
            Self::UnsignedShort => "an unsignedShort".to_owned(),
            Self::Integer => "an integer".to_owned(),
            Self::Language => "a language".to_owned(),
            Self::Base64 => "base64".to_owned(),
            Self::OneOf(words) => format!("one of {}", words.join(", ")),
        }
    }
}

/// RFC 3066; an empty one takes a language back (XML 1.0 §2.12).
fn is_language(value: &str) -> bool {
    let part = |part: &str, letters: bool| {
        (1..=8).contains(&part.len())
            && (part.bytes()).all(|b| b.is_ascii_alphabetic() || (!letters && b.is_ascii_digit()))
    };
    let mut parts = value.split('-');
    value.is_empty()
        || (parts.next().is_some_and(|first| part(first, true))
            && parts.all(|next| part(next, false)))
}

/// `PnYnMnDTnHnMnS` (XML Schema part 2 §3.2.6): each at most once, in this order, at least one, and one behind `T`.
fn is_duration(value: &str) -> bool {
    let value = value.strip_prefix('-').unwrap_or(value);
    let Some(value) = value.strip_prefix('P') else {
        return false;
    };
    let (days, clock) = match value.split_once('T') {
        Some((days, clock)) => (days, Some(clock)),
        None => (value, None),
    };
    let days = parts(days, &['Y', 'M', 'D']);
    match clock {
        None => days.is_some_and(|count| count > 0),
        Some(clock) => days.is_some() && parts(clock, &['H', 'M', 'S']).is_some_and(|c| c > 0),
    }
}

/// How many numbers with one of these letters, in their order; none where anything else stands.
fn parts(mut text: &str, letters: &[char]) -> Option<usize> {
    let (mut count, mut at) = (0, 0);
    while !text.is_empty() {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let letter = text[end..].chars().next()?;
        let place = letters[at..].iter().position(|known| *known == letter)?;
        let number = &text[..end];
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || (number.contains('.') && letter != 'S') {
            return None;
        }
        (count, at) = (count + 1, at + place + 1);
        text = &text[end + 1..];
    }
    Some(count)
}
