//! Looks at the hub's request to the identity provider.

use super::View;
use super::plain::{joined, none};
use crate::drill::calibrate::message::{Message, signature};
use crate::saml::Binding;
use crate::xml::{DS, SAML, SAMLP};

pub(super) const REQUEST_ATTRIBUTES: &[&str] = &[
    "ID",
    "Version",
    "IssueInstant",
    "Destination",
    "ForceAuthn",
    "IsPassive",
    "ProtocolBinding",
    "AssertionConsumerServiceURL",
];

pub(super) const REQUEST_ELEMENTS: &[&str] = &[
    "Issuer",
    "Signature",
    "NameIDPolicy",
    "Conditions",
    "RequestedAuthnContext",
    "Scoping",
];

/// In XML alone the signature of an address cannot be seen.
pub(super) fn request_signature(view: &View<'_>) -> Option<String> {
    let enveloped = signature(view.message.root()).is_some();
    let in_query = view
        .message
        .query
        .as_ref()
        .map(|query| query.algorithm.is_some());
    Some(
        match (enveloped, in_query) {
            (true, Some(true)) => "in the message and in the address",
            (true, _) => "in the message",
            (false, Some(true)) => "in the address",
            (false, Some(false)) => "none",
            (false, None) => {
                return view
                    .message
                    .binding
                    .filter(|b| *b == Binding::Post)
                    .and_then(|_| none());
            }
        }
        .to_owned(),
    )
}

pub(super) fn request_algorithm(view: &View<'_>) -> Option<String> {
    let in_query = view
        .message
        .query
        .as_ref()
        .and_then(|query| query.algorithm.clone());
    in_query.or_else(|| {
        let info = signature(view.message.root())?.child(DS, "SignedInfo")?;
        Some(
            info.child(DS, "SignatureMethod")?
                .attribute("Algorithm")?
                .to_owned(),
        )
    })
}

/// RelayState may be left out; the order of the others is what is compared.
pub(super) fn parameters(view: &View<'_>) -> Option<String> {
    let query = view
        .message
        .query
        .as_ref()
        .filter(|query| !query.parameters.is_empty())?;
    joined(query.parameters.iter().map(|name| (*name).to_owned()))
}

pub(super) fn name_id_policy(view: &View<'_>) -> Option<String> {
    let Some(policy) = view.message.root().child(SAMLP, "NameIDPolicy") else {
        return none();
    };
    joined(
        policy
            .attributes()
            .map(|a| format!("{}={}", a.local, a.value)),
    )
}

pub(super) fn conditions(view: &View<'_>) -> Option<String> {
    let Some(conditions) = view.message.root().child(SAML, "Conditions") else {
        return none();
    };
    let inside = conditions.descendants().filter_map(|node| {
        let text = node.text().filter(|text| !text.is_empty());
        text.map(|text| format!("{} {text}", node.local()))
    });
    joined(inside)
}

fn requested(view: &View<'_>) -> Option<(Option<String>, Vec<String>)> {
    let context = view.message.root().child(SAMLP, "RequestedAuthnContext")?;
    let refs = context
        .elements()
        .filter_map(|node| Some(node.text()?.into_owned()));
    Some((
        context.attribute("Comparison").map(str::to_owned),
        refs.collect(),
    ))
}

pub(super) fn class_refs(view: &View<'_>) -> Option<String> {
    match requested(view) {
        Some((_, refs)) => joined(refs),
        None => none(),
    }
}

pub(super) fn comparison(view: &View<'_>) -> Option<String> {
    let (comparison, _) = requested(view)?;
    comparison.or_else(none)
}

/// The entityID that the system's request has, the old form, or whatever else.
pub(super) fn requester_id(view: &View<'_>) -> Option<String> {
    let Some(scoping) = view.message.root().child(SAMLP, "Scoping") else {
        return none();
    };
    let asked = view.asked.and_then(Message::issuer);
    let ids = scoping
        .elements()
        .filter(|node| node.is(SAMLP, "RequesterID"));
    joined(ids.filter_map(|node| {
        let text = node.text()?;
        Some(if Some(&*text) == asked.as_deref() {
            "the system's entityID".to_owned()
        } else if text.starts_with("ServiceProvider:CVR:") && text.contains(":APP:") {
            "ServiceProvider:CVR:…:APP:…".to_owned()
        } else {
            text.into_owned()
        })
    }))
}

pub(super) fn scoping(view: &View<'_>) -> Option<String> {
    let Some(scoping) = view.message.root().child(SAMLP, "Scoping") else {
        return none();
    };
    let count = scoping
        .attribute("ProxyCount")
        .map(|count| format!("ProxyCount={count}"));
    let list = scoping
        .child(SAMLP, "IDPList")
        .map(|_| "IDPList".to_owned());
    joined(count.into_iter().chain(list))
}

pub(super) fn relay_state(view: &View<'_>) -> Option<String> {
    match view.message.relay.as_ref()? {
        Some(relay) => Some(relay.shape.clone()),
        None => none(),
    }
}
