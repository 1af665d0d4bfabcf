//! Walks the file along [`super::schema`] and reports everything that does not belong. What is wrong is taken
//! out, so that what is left can be read by serde and judged further.

use super::kind::{MISSING_KEY, UNKNOWN_KEY, UNKNOWN_WORD, WRONG_TYPE};
use super::problem::Sink;
use super::schema::{Table, Value};
use crate::oiosaml::Cvr;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// Walks one table; whether it is still whole, that is, no required key is missing or was taken out.
pub(super) fn table(
    sink: &mut Sink<'_>,
    found: &mut DeTable<'_>,
    schema: &Table,
    at: Range<usize>,
    path: &str,
) -> bool {
    let mut whole = true;
    for key in schema
        .keys
        .iter()
        .filter(|key| key.required && !found.contains_key(key.name))
    {
        let what = format!("`{}` is missing in {path}", key.name);
        sink.add(
            MISSING_KEY,
            Some(at.clone()),
            what,
            format!("add {} = {}", key.name, example(key.value)),
        );
        whole = false;
    }
    for (name, mut inner) in std::mem::take(found) {
        let Some(key) = schema
            .keys
            .iter()
            .find(|key| key.name == name.get_ref().as_ref())
        else {
            let known: Vec<&str> = schema.keys.iter().map(|key| key.name).collect();
            let what = format!("`{}` is no key of {path}", name.get_ref());
            sink.add(
                UNKNOWN_KEY,
                Some(name.span()),
                what,
                suggestion(name.get_ref(), &known),
            );
            continue;
        };
        if value(sink, &mut inner, key.value, key.name) {
            found.insert(name, inner);
        } else {
            whole &= !key.required;
        }
    }
    whole
}

fn value(
    sink: &mut Sink<'_>,
    found: &mut Spanned<DeValue<'_>>,
    expected: Value,
    name: &str,
) -> bool {
    let span = found.span();
    let shown = sink
        .text
        .get(span.clone())
        .unwrap_or_default()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned();
    match (expected, found.get_mut()) {
        (Value::Text, DeValue::String(_)) | (Value::Bool, DeValue::Boolean(_)) => true,
        (Value::Number(allowed), DeValue::Integer(number)) => {
            let digits = number.as_str();
            let good = allowed
                .iter()
                .any(|allowed| i64::from_str_radix(digits, number.radix()) == Ok(*allowed));
            if !good {
                let allowed = allowed
                    .iter()
                    .map(i64::to_string)
                    .collect::<Vec<_>>()
                    .join(", ");
                sink.add(
                    UNKNOWN_WORD,
                    Some(span),
                    format!("{name} cannot be {shown}"),
                    format!("possible: {allowed}"),
                );
            }
            good
        }
        (Value::Word(allowed), DeValue::String(word)) => {
            let good = allowed.contains(&word.as_ref());
            if !good {
                sink.add(
                    UNKNOWN_WORD,
                    Some(span),
                    format!("{name} cannot be {shown}"),
                    suggestion(word, allowed),
                );
            }
            good
        }
        (Value::UpTo(most), DeValue::Integer(number)) => {
            let good = i64::from_str_radix(number.as_str(), number.radix())
                .is_ok_and(|number| (1..=most).contains(&number));
            if !good {
                sink.add(
                    UNKNOWN_WORD,
                    Some(span),
                    format!("{name} cannot be {shown}"),
                    format!("a number from 1 to {most}"),
                );
            }
            good
        }
        (Value::Id, DeValue::String(text))
            if !text.is_empty()
                && !text.contains(|c: char| c.is_whitespace() || c.is_control()) =>
        {
            true
        }
        (Value::Cvr, DeValue::String(text)) if Cvr::parse(text).is_some() => true,
        (Value::Sha256, DeValue::String(text))
            if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
        {
            true
        }
        (Value::Ip, DeValue::String(text)) if text.parse::<std::net::IpAddr>().is_ok() => true,
        (Value::Network, DeValue::String(text)) if text.parse::<ipnet::IpNet>().is_ok() => true,
        (Value::Date, DeValue::Datetime(date)) if date.date.is_some() && date.time.is_none() => {
            true
        }
        (Value::Moment, DeValue::Datetime(at))
            if at.date.is_some() && at.time.is_some() && at.offset.is_some() =>
        {
            true
        }
        (Value::List(item), DeValue::Array(list)) => {
            // A list that lost an item is still a list: what is left is judged further.
            keep(list, |inner| value(sink, inner, *item, name));
            true
        }
        (Value::Table(schema), DeValue::Table(inner)) => {
            table(sink, inner, schema, span, &format!("[{name}]"))
        }
        (Value::Tables(schema), DeValue::Array(list))
            if list.iter().all(|item| item.get_ref().is_table()) =>
        {
            keep(list, |inner| {
                let at = inner.span();
                match inner.get_mut() {
                    DeValue::Table(inner) => table(sink, inner, schema, at, &format!("[[{name}]]")),
                    _ => false,
                }
            });
            true
        }
        _ => {
            let what = format!("{name} cannot be {shown}");
            sink.add(
                WRONG_TYPE,
                Some(span),
                what,
                format!(
                    "it is {}, for example {name} = {}",
                    form(expected),
                    example(expected)
                ),
            );
            false
        }
    }
}

fn keep<'i>(list: &mut DeArray<'i>, mut good: impl FnMut(&mut Spanned<DeValue<'i>>) -> bool) {
    let mut kept = DeArray::new();
    for item in list.iter_mut() {
        if good(item) {
            kept.push(item.clone());
        }
    }
    *list = kept;
}

/// «did you mean», and everything that is possible.
fn suggestion(found: &str, known: &[&str]) -> String {
    let lower = found.to_lowercase();
    let close = known
        .iter()
        .map(|word| {
            (
                strsim::damerau_levenshtein(&lower, &word.to_lowercase()),
                *word,
            )
        })
        .min();
    let all = known.join(", ");
    match close {
        Some((distance, word)) if distance <= 1 + word.len() / 4 => {
            format!("did you mean `{word}`? possible: {all}")
        }
        _ => format!("possible: {all}"),
    }
}

fn form(value: Value) -> &'static str {
    match value {
        Value::Text => "a text in quotes",
        Value::Id => "an id in quotes, without white space",
        Value::Bool => "true or false",
        Value::Number(_) | Value::UpTo(_) => "a number",
        Value::Word(_) => "a word in quotes",
        Value::Cvr => "a CVR number: eight digits in quotes",
        Value::Sha256 => "the SHA-256 of a capture: 64 hexadecimal digits in quotes",
        Value::Ip => "an IP address in quotes",
        Value::Network => "a network in quotes",
        Value::Date => "a date without quotes and time",
        Value::Moment => "a date with time and offset, without quotes",
        Value::List(_) => "a list in brackets",
        Value::Table(_) => "a table",
        Value::Tables(_) => "a list of tables",
    }
}

fn example(value: Value) -> String {
    match value {
        Value::Text => "\"…\"".to_owned(),
        Value::Id => "\"http://…/1\"".to_owned(),
        Value::Bool => "true".to_owned(),
        Value::Number(allowed) => allowed.last().map_or_else(String::new, i64::to_string),
        Value::Word(allowed) => allowed
            .iter()
            .map(|word| format!("\"{word}\""))
            .collect::<Vec<_>>()
            .join(" | "),
        Value::Cvr => "\"11111111\"".to_owned(),
        Value::UpTo(most) => most.min(90).to_string(),
        Value::Sha256 => "\"e3b0c442…\"".to_owned(),
        Value::Ip => "\"192.0.2.1\"".to_owned(),
        Value::Network => "\"192.0.2.0/24\"".to_owned(),
        Value::Date => "2027-03-01".to_owned(),
        Value::Moment => "2026-12-02T06:00:00+01:00".to_owned(),
        Value::List(item) => format!("[{}]", example(*item)),
        Value::Table(_) => "{ … }".to_owned(),
        Value::Tables(_) => "[{ … }]".to_owned(),
    }
}
