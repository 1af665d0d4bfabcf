//! The endpoints of a role: bindings that the federation wants, and addresses that can be used.

use super::finding::Sink;
use super::{LintRole, Rule};
use crate::saml::address::{insecure, unsendable};
use crate::saml::names::binding;
use crate::xml::{MD, Node, beginning};
use std::collections::BTreeSet;

/// Judges the endpoints of a role.
pub(super) fn judge(sink: &mut Sink, role: Node<'_>) {
    let wanted = match sink.role {
        LintRole::Idp => [
            (Rule::SsoRedirect, "SingleSignOnService", binding::REDIRECT),
            (
                Rule::IdpSloRedirect,
                "SingleLogoutService",
                binding::REDIRECT,
            ),
        ],
        LintRole::System => [
            (Rule::AcsPost, "AssertionConsumerService", binding::POST),
            (
                Rule::SystemSloRedirect,
                "SingleLogoutService",
                binding::REDIRECT,
            ),
        ],
    };
    for (rule, local, binding) in wanted {
        has(sink, rule, role, local, binding);
    }
    for endpoint in role.elements().filter(|node| node.namespace() == MD.uri) {
        for name in ["Location", "ResponseLocation"] {
            // That there is a Location is the schema's rule.
            let Some(address) = endpoint.attribute(name) else {
                continue;
            };
            if let Some(why) = unsendable(address) {
                let found = format!("{name}: {}", beginning(&why));
                sink.add(
                    Rule::EndpointAddress,
                    endpoint,
                    found,
                    "an absolute URL in ASCII",
                );
            } else if let Some(why) = insecure(address) {
                let found = format!("{name}: {}", beginning(&why));
                sink.add(Rule::EndpointInsecure, endpoint, found, "https");
            }
        }
    }
    indices(sink, role);
}

fn has(sink: &mut Sink, rule: Rule, role: Node<'_>, local: &str, binding: &str) {
    let all: Vec<Node<'_>> = role.elements().filter(|node| node.is(MD, local)).collect();
    let bindings = all
        .iter()
        .map(|node| node.attribute("Binding").unwrap_or_default());
    let bindings: Vec<&str> = bindings.collect();
    if bindings.contains(&binding) {
        return;
    }
    let short = |binding: &&str| {
        let last = binding.rsplit(':').next().unwrap_or_default();
        beginning(last)
    };
    let found = match bindings.is_empty() {
        true => format!("no {local}"),
        false => format!(
            "{local}: {}",
            bindings.iter().map(short).collect::<Vec<_>>().join(", ")
        ),
    };
    sink.add(rule, role, found, format!("{local}: {}", short(&binding)));
}

/// SAML metadata §2.2.3: an index names one of them, and one is the default.
fn indices(sink: &mut Sink, role: Node<'_>) {
    let (mut seen, mut default) = (BTreeSet::new(), false);
    for node in role
        .elements()
        .filter(|node| node.is(MD, "AssertionConsumerService"))
    {
        let index = node
            .attribute("index")
            .and_then(|index| index.trim().parse::<u16>().ok());
        if let Some(index) = index
            && !seen.insert(index)
        {
            let found = format!("index {index} a second time");
            sink.add(Rule::EndpointIndex, node, found, "each index once");
        }
        let said = node.attribute("isDefault").map(str::trim);
        if matches!(said, Some("true" | "1")) && std::mem::replace(&mut default, true) {
            let found = "a second one with isDefault=\"true\"";
            sink.add(Rule::EndpointIndex, node, found, "at most one");
        }
    }
}
