//! Looks at the hub's answer to the system: its envelope.

use super::View;
use super::plain::{joined, none};
use crate::drill::calibrate::message::signature;
use crate::xml::{DS, Node, SAML, SAMLP, XENC, XENC11};
use std::collections::BTreeSet;

pub(super) const RESPONSE_ATTRIBUTES: &[&str] = &[
    "ID",
    "Version",
    "IssueInstant",
    "Destination",
    "InResponseTo",
];

pub(super) const RESPONSE_ELEMENTS: &[&str] = &[
    "Issuer",
    "Signature",
    "Status",
    "Assertion",
    "EncryptedAssertion",
];

/// Whether the system's own RelayState is returned to it. One that nobody captured is not compared.
pub(super) fn relay_returned(view: &View<'_>) -> Option<String> {
    let asked = view.asked?.relay.as_ref()?;
    let returned = view.message.relay.as_ref()?;
    Some(
        match (asked, returned) {
            (None, None) => "none",
            (Some(asked), Some(returned)) if asked.mask == returned.mask => "the same",
            (Some(_), Some(_)) => "another one",
            (Some(_), None) => "left out",
            (None, Some(_)) => "one that nobody sent",
        }
        .to_owned(),
    )
}

pub(super) fn signed(node: Node<'_>) -> Option<String> {
    let signed = match signature(node) {
        Some(_) => "yes",
        None => "no",
    };
    Some(signed.to_owned())
}

fn any_signature<'a>(view: &View<'a>) -> Option<Node<'a>> {
    let assertion = view.message.assertion().and_then(signature);
    assertion.or_else(|| signature(view.message.root()))
}

pub(super) fn method(view: &View<'_>, local: &str) -> Option<String> {
    let mut inside = any_signature(view)?.descendants();
    let method = inside.find(|node| node.is(DS, local))?;
    method.attribute("Algorithm").map(str::to_owned)
}

pub(super) fn key_info(view: &View<'_>) -> Option<String> {
    let Some(info) = any_signature(view)?.child(DS, "KeyInfo") else {
        return none();
    };
    let names: BTreeSet<String> = info
        .descendants()
        .map(|node| node.local().to_owned())
        .collect();
    joined(names)
}

pub(super) fn in_response_to(view: &View<'_>) -> Option<String> {
    let asked = view.asked?.id()?;
    Some(
        match view.message.in_response_to() {
            Some(to) if to == asked => "the system's request",
            Some(_) => "another request",
            None => "none",
        }
        .to_owned(),
    )
}

pub(super) fn status(view: &View<'_>) -> Option<String> {
    let mut codes = view
        .message
        .root()
        .descendants()
        .filter(|node| node.is(SAMLP, "StatusCode"));
    let words = codes.by_ref().filter_map(|code| {
        let value = code.attribute("Value")?;
        Some(value.rsplit(':').next().unwrap_or(value).to_owned())
    });
    let words: Vec<String> = words.collect();
    Some(words.join("/"))
}

/// Whether an assertion is encrypted is a matter of the registration.
pub(super) fn encrypted(view: &View<'_>) -> Option<String> {
    let carries = view.message.is_encrypted() || view.message.assertion().is_some();
    (view.registered && carries).then(|| {
        match view.message.is_encrypted() {
            true => "encrypted",
            false => "plain",
        }
        .to_owned()
    })
}

pub(super) fn encryption(view: &View<'_>, local: &str) -> Option<String> {
    let root = view
        .message
        .root()
        .child(SAML, "EncryptedAssertion")
        .filter(|_| view.registered)?;
    let element = root.descendants().find(|node| node.is(XENC, local))?;
    let method = element.child(XENC, "EncryptionMethod")?;
    let uri = method.attribute("Algorithm")?;
    let parameters = method
        .elements()
        .filter(|node| node.is(DS, "DigestMethod") || node.is(XENC11, "MGF"));
    let parameters = parameters.filter_map(|node| Some(node.attribute("Algorithm")?.to_owned()));
    joined(std::iter::once(uri.to_owned()).chain(parameters))
}

pub(super) fn encrypted_key_place(view: &View<'_>) -> Option<String> {
    let root = view.message.root().child(SAML, "EncryptedAssertion")?;
    let key = root
        .descendants()
        .find(|node| node.is(XENC, "EncryptedKey"))?;
    key.parent().map(|parent| format!("in {}", parent.local()))
}
