//! What a body of the provisioning interface may hold, as tables that are walked to the end: whoever sends something wrong
//! learns all of it at once.
//!
//! Source: the definitions of CH.json, whose spelling stands here. `null` counts as not given, as `Anvenderkontekster` says
//! of itself; what is not in the tables is refused, because a field with a slip in its name would otherwise be lost without
//! a word.

use super::Reason;
use crate::oiosaml::{Cvr, Nsis};
use crate::xml::is_xml_char;
use serde_json::Value as Json;
use std::net::IpAddr;

/// What a value may be.
#[derive(Debug, Clone, Copy)]
pub enum Value {
    /// Text of at most [`MAX_TEXT`] bytes that XML can carry, because it may come to stand in an assertion; it may be empty.
    Text,
    /// Text that names something: not empty, at most [`MAX_ID`] bytes (SAML core §8.3.6), without control characters.
    Id,
    /// Base64 of a document; it may be empty. Its size is judged where it is read.
    Document,
    /// true or false.
    Bool,
    /// A whole number in these bounds.
    Whole(i64, i64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// Eight digits.
    Cvr,
    /// One of the three NSIS levels as URI, or empty.
    Nsis,
    /// An IP address.
    Ip,
    /// A list.
    List(&'static Value),
    /// An object.
    Object(&'static Shape),
}

/// A field.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// As CH.json spells it.
    pub name: &'static str,
    /// What it may be.
    pub value: Value,
    /// Whether it must be there.
    pub required: bool,
}

/// An object.
#[derive(Debug)]
pub struct Shape {
    /// CH.json's name of it.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

/// Bytes of a text.
pub const MAX_TEXT: usize = 16 * 1024;
/// Characters of an identifier: SAML core §8.3.6 says it of entityIDs.
pub const MAX_ID: usize = 1024;

/// A field that must be there.
pub const fn must(name: &'static str, value: Value) -> Field {
    Field {
        name,
        value,
        required: true,
    }
}

/// A field that may be there.
pub const fn may(name: &'static str, value: Value) -> Field {
    Field {
        name,
        value,
        required: false,
    }
}

/// Judges a value, and takes out every `null`, so that what is left can be read. `at` is where it stands.
pub fn judge(found: &mut Json, value: Value, at: &str, reasons: &mut Vec<Reason>) {
    match value {
        Value::Object(shape) => object(found, shape, at, reasons),
        Value::List(each) => match found.as_array_mut() {
            Some(list) => {
                for (index, inner) in list.iter_mut().enumerate() {
                    judge(inner, *each, &format!("{at}[{index}]"), reasons);
                }
            }
            None => reasons.push(wrong(at, ("en liste", "a list"), found)),
        },
        plain => {
            if let Some(expected) = unfit(found, plain) {
                let (da, en) = (expected.0.as_str(), expected.1.as_str());
                reasons.push(wrong(at, (da, en), found));
            } else if let Some(letter) = barred(found, plain) {
                reasons.push(holds(at, letter));
            }
        }
    }
}

fn object(found: &mut Json, shape: &Shape, at: &str, reasons: &mut Vec<Reason>) {
    let Some(fields) = found.as_object_mut() else {
        reasons.push(wrong(at, ("et objekt", "an object"), found));
        return;
    };
    fields.retain(|_, value| !value.is_null());
    let inside = |name: &str| match at {
        "" => name.to_owned(),
        at => format!("{at}.{name}"),
    };
    for (name, value) in fields.iter_mut() {
        match shape.fields.iter().find(|field| field.name == name) {
            Some(field) => judge(value, field.value, &inside(name), reasons),
            None => reasons.push(unknown(&inside(name), name, shape)),
        }
    }
    let missing = |field: &&Field| field.required && !fields.contains_key(field.name);
    for field in shape.fields.iter().filter(missing) {
        let at = inside(field.name);
        reasons.push(Reason::new(
            format!("{at}: mangler"),
            format!("{at}: is missing"),
        ));
    }
}

/// What was expected, in both languages, where the value is not it.
fn unfit(found: &Json, value: Value) -> Option<(String, String)> {
    let both = |da: &str, en: &str| Some((da.to_owned(), en.to_owned()));
    let text = found.as_str();
    match value {
        Value::Text if text.is_some_and(|text| text.len() <= MAX_TEXT) => None,
        Value::Text => Some((
            format!("tekst på højst {MAX_TEXT} bytes"),
            format!("text of at most {MAX_TEXT} bytes"),
        )),
        Value::Document if text.is_some() => None,
        Value::Document => both("tekst (base64)", "text (base64)"),
        Value::Id if text.is_some_and(names_something) => None,
        Value::Id => Some((
            format!("tekst, ikke tom, på højst {MAX_ID} tegn"),
            format!("text, not empty, of at most {MAX_ID} characters"),
        )),
        Value::Bool if found.is_boolean() => None,
        Value::Bool => both("true eller false", "true or false"),
        Value::Whole(from, to) => match found.as_i64() {
            Some(number) if (from..=to).contains(&number) => None,
            _ => Some((
                format!("et helt tal fra {from} til {to}"),
                format!("a whole number from {from} to {to}"),
            )),
        },
        Value::Word(words) if text.is_some_and(|text| words.contains(&text)) => None,
        Value::Word(words) => {
            let words: Vec<&str> = words.iter().copied().filter(|w| !w.is_empty()).collect();
            let words = words.join(", ");
            Some((format!("en af {words}"), format!("one of {words}")))
        }
        Value::Cvr if text.is_some_and(|text| Cvr::parse(text).is_some()) => None,
        Value::Cvr => both("et CVR-nummer: otte cifre", "a CVR number: eight digits"),
        Value::Nsis if text.is_some_and(|text| text.is_empty() || nsis(text).is_some()) => None,
        Value::Nsis => {
            let known: Vec<String> = Nsis::ALL.into_iter().map(nsis_uri).collect();
            let known = known.join(", ");
            Some((format!("en af {known}"), format!("one of {known}")))
        }
        Value::Ip if text.is_some_and(|text| text.parse::<IpAddr>().is_ok()) => None,
        Value::Ip => both("en IP-adresse", "an IP address"),
        Value::List(_) | Value::Object(_) => None,
    }
}

/// An NSIS level by its URI; CH.json knows no other spelling.
pub fn nsis(uri: &str) -> Option<Nsis> {
    Nsis::ALL.into_iter().find(|level| nsis_uri(*level) == uri)
}

/// The URI of an NSIS level.
pub fn nsis_uri(level: Nsis) -> String {
    crate::oiosaml::Level::Nsis(level).class_ref()
}

fn names_something(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= MAX_ID
}

/// A character that must not stand there: what XML 1.0 (§2.2) cannot carry, and in an identifier any control character.
fn barred(found: &Json, value: Value) -> Option<char> {
    let mut letters = found.as_str()?.chars();
    match value {
        Value::Text => letters.find(|letter| !is_xml_char(*letter)),
        Value::Id => letters.find(|letter| letter.is_control() || !is_xml_char(*letter)),
        _ => None,
    }
}

/// It is told by its number: what it looks like is nothing.
fn holds(at: &str, letter: char) -> Reason {
    let at = if at.is_empty() { "body" } else { at };
    let number = u32::from(letter);
    Reason::new(
        format!("{at}: må ikke indeholde tegnet U+{number:04X}"),
        format!("{at}: must not hold the character U+{number:04X}"),
    )
}

fn wrong(at: &str, (da, en): (&str, &str), found: &Json) -> Reason {
    let at = if at.is_empty() { "body" } else { at };
    let found = shortened(found);
    Reason::new(
        format!("{at}: skal være {da}, og er {found}"),
        format!("{at}: must be {en}, and is {found}"),
    )
}

fn unknown(at: &str, name: &str, shape: &Shape) -> Reason {
    let mut near: Vec<(f64, &str)> = shape
        .fields
        .iter()
        .map(|field| (strsim::jaro_winkler(field.name, name), field.name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (da, en) = match near.first() {
        Some((_, near)) => (
            format!(" (mente du {near}?)"),
            format!(" (did you mean {near}?)"),
        ),
        None => (String::new(), String::new()),
    };
    Reason::new(
        format!("{at}: {} har ikke dette felt{da}", shape.name),
        format!("{at}: {} has no such field{en}", shape.name),
    )
}

/// A value as it is told back: nobody reads a whole document in an error.
fn shortened(found: &Json) -> String {
    let text = found.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const INNER: Shape = Shape {
        name: "Inner",
        fields: &[must("Cvr", Value::Cvr)],
    };
    const OUTER: Shape = Shape {
        name: "Outer",
        fields: &[
            must("Id", Value::Id),
            may("Level", Value::Whole(1, 4)),
            may("Nsis", Value::Nsis),
            may("Address", Value::List(&Value::Ip)),
            may("Word", Value::Word(&["A", "B"])),
            may("Yes", Value::Bool),
            may("Text", Value::Text),
            may("Xml", Value::Document),
            may("Inner", Value::List(&Value::Object(&INNER))),
        ],
    };

    fn told(mut body: Json) -> Vec<String> {
        let mut reasons = Vec::new();
        judge(&mut body, Value::Object(&OUTER), "", &mut reasons);
        reasons.into_iter().map(|reason| reason.en).collect()
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let body = json!({ "Leve1": 1, "Level": 5, "Nsis": "Low", "Address": ["192.0.2.1", "192.0.2"], "Word": "C",
            "Yes": "true", "Text": 1, "Xml": [], "Inner": [{}, { "Cvr": "1234567" }, 3] });
        let told = told(body);
        for expected in [
            "Leve1: Outer has no such field (did you mean Level?)",
            "Level: must be a whole number from 1 to 4, and is 5",
            "Address[1]: must be an IP address, and is \"192.0.2\"",
            "Word: must be one of A, B, and is \"C\"",
            "Yes: must be true or false, and is \"true\"",
            "Text: must be text of at most 16384 bytes, and is 1",
            "Xml: must be text (base64), and is []",
            "Inner[0].Cvr: is missing",
            "Inner[1].Cvr: must be a CVR number: eight digits, and is \"1234567\"",
            "Inner[2]: must be an object, and is 3",
            "Id: is missing",
        ] {
            assert!(
                told.iter().any(|reason| reason == expected),
                "{expected}: {told:#?}"
            );
        }
        assert!(
            told.iter()
                .any(|reason| reason.starts_with("Nsis: must be one of https://"))
        );
        assert_eq!(told.len(), 12);
    }

    #[test]
    fn null_is_as_good_as_nothing_and_is_taken_out() {
        let mut body = json!({ "Id": "a", "Level": null, "Inner": null });
        let mut reasons = Vec::new();
        judge(&mut body, Value::Object(&OUTER), "", &mut reasons);
        assert_eq!((body, reasons.len()), (json!({ "Id": "a" }), 0));
        assert_eq!(told(json!({ "Id": null })), ["Id: is missing"]);
        assert_eq!(told(json!([])), ["body: must be an object, and is []"]);
    }

    #[test]
    fn an_id_is_not_empty_and_not_endless() {
        for id in ["", "  ", "a\u{0}b", &"x".repeat(MAX_ID + 1)] {
            assert_eq!(told(json!({ "Id": id })).len(), 1, "{id:?}");
        }
        assert_eq!(
            told(json!({ "Id": "a\nb" })),
            ["Id: must not hold the character U+000A"]
        );
        let long = "x".repeat(500);
        assert!(told(json!({ "Id": 1, "Text": long }))[0].len() < 200);
    }

    #[test]
    fn what_xml_cannot_carry_is_refused_wherever_it_stands() {
        for letter in ['\0', '\u{1}', '\u{b}', '\u{1f}', '\u{fffe}', '\u{ffff}'] {
            let number = format!("U+{:04X}", u32::from(letter));
            let text = format!("Leder{letter}");
            let both = told(json!({ "Id": text, "Text": text }));
            for field in ["Id", "Text"] {
                let expected = format!("{field}: must not hold the character {number}");
                assert!(both.contains(&expected), "{expected}: {both:?}");
            }
            assert_eq!(both.len(), 2);
        }
        let carried = "Ærø\t\r\n\u{7f}\u{85}\u{fffd}\u{1f600}";
        assert!(told(json!({ "Id": "a", "Text": carried })).is_empty());
    }
}
