//! Looks at the attributes of the assertion.

use super::View;
use super::plain::{joined, none};
use crate::drill::calibrate::parties::attributes;
use crate::oiosaml::attributes as name;
use crate::xml::{Node, SAML};
use std::collections::BTreeSet;

const LEVELS: [&str; 2] = [name::LOA, name::ASSURANCE_LEVEL];

fn attribute_nodes<'a>(view: &View<'a>) -> Option<Vec<Node<'a>>> {
    let assertion = view.message.assertion()?;
    let all = assertion
        .descendants()
        .filter(|node| node.is(SAML, "Attribute"));
    Some(all.collect())
}

pub(super) fn levels(view: &View<'_>) -> Option<String> {
    values(view, &LEVELS)
}

pub(super) fn values(view: &View<'_>, names: &[&str]) -> Option<String> {
    let nodes = attribute_nodes(view)?.into_iter();
    let named = nodes.filter(|node| {
        node.attribute("Name")
            .is_some_and(|name| names.contains(&name))
    });
    joined(named.map(|node| {
        let values = node.elements().filter_map(|value| value.text());
        let values: Vec<String> = values.map(|text| text.into_owned()).collect();
        format!(
            "{}={}",
            node.attribute("Name").unwrap_or_default(),
            values.join(" ")
        )
    }))
}

pub(super) fn attribute_names(view: &View<'_>) -> Option<String> {
    let nodes = attribute_nodes(view)?.into_iter();
    let names = nodes.filter_map(|node| node.attribute("Name"));
    // Which roles come out depends on the registry's mappings, and which the user has is masked.
    let others = names.filter(|name| !LEVELS.contains(name) && !name::PRIVILEGES.contains(name));
    // The organisation's name comes from the registry, which may not be at hand.
    let organisation = [name::ORG_NAME_2, name::ORG_NAME_3];
    let others = others.filter(|name| view.registered || !organisation.contains(name));
    joined(others.map(str::to_owned))
}

/// Where the level stands among the others.
pub(super) fn attribute_order(view: &View<'_>) -> Option<String> {
    let nodes = attribute_nodes(view)?;
    let level = nodes.iter().position(|node| {
        node.attribute("Name")
            .is_some_and(|name| LEVELS.contains(&name))
    })?;
    Some(match level {
        0 => "the level first".to_owned(),
        before => format!("the level after {before} others"),
    })
}

pub(super) fn of_attributes(view: &View<'_>, name: &str) -> Option<String> {
    let nodes = attribute_nodes(view)?.into_iter();
    let found: BTreeSet<String> = nodes
        .map(|node| node.attribute(name).unwrap_or("none").to_owned())
        .collect();
    joined(found)
}

/// Values of the user: whether they are the identity provider's.
pub(super) fn passed(view: &View<'_>, names: &[&str]) -> Option<String> {
    let stated = attributes(view.answer?.assertion()?, names);
    let issued = attributes(view.message.assertion()?, names);
    if issued.is_empty() {
        return none();
    }
    let same = issued.iter().all(|value| stated.contains(value));
    Some(match same {
        true => "the identity provider's".to_owned(),
        false => "another value than the identity provider's".to_owned(),
    })
}

/// The registry's name or the identity provider's; without the registry nobody can tell what ours would have been.
pub(super) fn organisation(view: &View<'_>) -> Option<String> {
    let names = [name::ORG_NAME_2, name::ORG_NAME_3];
    view.registered.then(|| passed(view, &names)).flatten()
}

pub(super) fn value_types(view: &View<'_>) -> Option<String> {
    let assertion = view.message.assertion()?;
    let values = assertion
        .descendants()
        .filter(|node| node.is(SAML, "AttributeValue"));
    let types: BTreeSet<String> = values
        .flat_map(|node| {
            node.attributes()
                .map(|a| format!("{}={}", a.local, a.value))
                .collect::<Vec<_>>()
        })
        .collect();
    joined(types)
}
