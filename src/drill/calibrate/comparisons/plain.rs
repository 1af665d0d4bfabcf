//! Looks at any message, and how what is seen is written.

use super::View;
use crate::saml::Binding;
use crate::xml::{Node, SAML};
use std::collections::BTreeSet;

pub(super) fn none() -> Option<String> {
    Some("none".to_owned())
}

pub(super) fn attribute(node: Node<'_>, name: &str) -> Option<String> {
    node.attribute(name).map(str::to_owned).or_else(none)
}

pub(super) fn joined(parts: impl IntoIterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().collect();
    match parts.is_empty() {
        true => none(),
        false => Some(parts.join(", ")),
    }
}

pub(super) fn binding(view: &View<'_>) -> Option<String> {
    view.message.binding.map(|binding| {
        match binding {
            Binding::Redirect => "HTTP-Redirect",
            Binding::Post => "HTTP-POST",
            Binding::Soap => "SOAP",
        }
        .to_owned()
    })
}

pub(super) fn id_form(view: &View<'_>) -> Option<String> {
    view.message.form(view.message.id()?).map(str::to_owned)
}

pub(super) fn instant_form(view: &View<'_>) -> Option<String> {
    digits(view.message.root().attribute("IssueInstant")?)
}

/// How a time is written. Trailing zeros may be left out, so one time alone is a weak witness.
pub(super) fn digits(text: &str) -> Option<String> {
    let (zone, number) = match text.strip_suffix('Z') {
        Some(number) => ("Z", number),
        None => ("with an offset", text),
    };
    let fraction = number.split_once('.').map_or(0, |(_, fraction)| {
        fraction.bytes().take_while(u8::is_ascii_digit).count()
    });
    Some(format!("{fraction} digits of a second, {zone}"))
}

pub(super) fn issuer(node: Node<'_>) -> Option<String> {
    let issuer = node.child(SAML, "Issuer");
    let Some(issuer) = issuer else {
        return none();
    };
    let text = issuer.text()?;
    Some(match issuer.attribute("Format") {
        Some(format) => format!("{text} (Format {format})"),
        None => text.into_owned(),
    })
}

/// Where the system's request was not captured, what it asked for is not known: only whether the flag is written.
pub(super) fn flag(view: &View<'_>, name: &str) -> Option<String> {
    attribute(view.message.root(), name)
}

pub(super) fn other_attributes(node: Node<'_>, known: &[&str]) -> Option<String> {
    let others = node.attributes().filter(|a| !known.contains(&a.local));
    joined(others.map(|a| format!("{}={}", a.local, a.value)))
}

pub(super) fn other_elements(node: Node<'_>, known: &[&str]) -> Option<String> {
    let others = node
        .elements()
        .filter(|element| !known.contains(&element.local()));
    let names: BTreeSet<String> = others.map(|element| element.local().to_owned()).collect();
    joined(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_by_its_form() {
        for (text, form) in [
            ("2023-09-13T07:10:02.5891436Z", "7 digits of a second, Z"),
            ("2023-09-13T07:10:02Z", "0 digits of a second, Z"),
            (
                "2023-09-13T07:10:02.59+02:00",
                "2 digits of a second, with an offset",
            ),
        ] {
            assert_eq!(digits(text).as_deref(), Some(form));
        }
    }
}
