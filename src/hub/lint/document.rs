//! Whom a document describes, in which roles, and until when.

use super::finding::Sink;
use super::{Circumstances, LintRole, Rule};
use crate::saml::names::PROTOCOL;
use crate::saml::time;
use crate::xml::{MD, Node, beginning};
use ::time::{Duration, OffsetDateTime};
use url::Url;

/// The one EntityDescriptor; none where it is not clear which one is meant.
pub(super) fn described<'d>(sink: &mut Sink, root: Node<'d>) -> Option<Node<'d>> {
    let expected = "one EntityDescriptor as the root";
    if root.is(MD, "EntityDescriptor") {
        return Some(root);
    }
    if !root.is(MD, "EntitiesDescriptor") {
        let found = format!(
            "{} in namespace “{}”",
            root.local(),
            beginning(root.namespace())
        );
        sink.add(Rule::OneEntity, root, found, expected);
        return None;
    }
    let all: Vec<Node<'d>> = (root.descendants())
        .filter(|node| node.is(MD, "EntityDescriptor"))
        .collect();
    let found = format!("EntitiesDescriptor with {} EntityDescriptors", all.len());
    sink.add(Rule::OneEntity, root, found, expected);
    match all[..] {
        [one] => Some(one),
        _ => None,
    }
}

/// Its name.
pub(super) fn entity_id(sink: &mut Sink, entity: Node<'_>, at: &Circumstances<'_>) {
    // That there is one is the schema's rule.
    let Some(id) = entity.attribute("entityID") else {
        return;
    };
    let blank = id.chars().any(|c| c.is_whitespace() || c.is_control());
    if blank || Url::parse(id).is_err() {
        let found = beginning(id);
        sink.add(Rule::EntityIdForm, entity, found, "an absolute URI");
    }
    if let Some(own) = at.own_id.filter(|own| *own != id) {
        sink.add(Rule::EntityIdReplaced, entity, beginning(id), own);
    }
    if at.own_id != Some(id)
        && let Some(who) = at.others.entity(id)
    {
        let found = format!("{} is {who}", beginning(id));
        sink.add(
            Rule::EntityIdTaken,
            entity,
            found,
            "an entityID that nobody else has",
        );
    }
}

/// The descriptors of the role, those for SAML 2.0 if there are any.
pub(super) fn roles<'d>(sink: &mut Sink, entity: Node<'d>, role: LintRole) -> Vec<Node<'d>> {
    let all: Vec<Node<'d>> = (entity.elements())
        .filter(|node| node.is(MD, role.descriptor()))
        .collect();
    let saml2: Vec<Node<'d>> = (all.iter().copied())
        .filter(|node| {
            let protocols = node
                .attribute("protocolSupportEnumeration")
                .unwrap_or_default();
            protocols
                .split_ascii_whitespace()
                .any(|one| one == PROTOCOL)
        })
        .collect();
    match (&all[..], &saml2[..]) {
        ([], _) => {
            let there = entity
                .elements()
                .filter(|node| node.local().ends_with("Descriptor"));
            let there: Vec<&str> = there.map(Node::local).collect();
            let found = match there.is_empty() {
                true => "no role at all".to_owned(),
                false => there.join(", "),
            };
            sink.add(Rule::Role, entity, found, role.descriptor());
            all
        }
        ([first, ..], []) => {
            let found = first.attribute("protocolSupportEnumeration");
            let found = beginning(found.unwrap_or("no protocolSupportEnumeration"));
            sink.add(Rule::Protocol, *first, found, PROTOCOL);
            all
        }
        (_, [_]) => saml2,
        (_, [_, second, ..]) => {
            let found = format!("{} {}s", saml2.len(), role.descriptor());
            sink.add(Rule::OneRole, *second, found, "one for SAML 2.0");
            saml2
        }
    }
}

/// As with certificates.
const SOON: Duration = Duration::days(30);

/// `validUntil` of the party and of its role.
pub(super) fn dates(sink: &mut Sink, entity: Node<'_>, roles: &[Node<'_>], now: OffsetDateTime) {
    let above = entity.parent();
    for node in above.iter().chain([&entity]).chain(roles) {
        let Some(value) = node.attribute("validUntil") else {
            continue;
        };
        // Without a zone it is another broken rule, and UTC is what was meant.
        let until =
            time::parse(value.trim()).or_else(|| time::parse(&format!("{}Z", value.trim())));
        // That it is a date at all is the schema's rule.
        let Some(until) = until else { continue };
        let found = time::format(until);
        if until <= now {
            let expected = format!("after {}", time::format(now));
            sink.add(Rule::Expired, *node, found, expected);
        } else if until - now <= SOON {
            sink.add(
                Rule::ExpiresSoon,
                *node,
                found,
                "no end, or one that is far away",
            );
        }
    }
}
