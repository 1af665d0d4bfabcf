//! Looks at the assertion in the hub's answer: everything but its attributes.

use super::View;
use super::plain::{joined, none, other_elements};
use crate::drill::calibrate::login;
use crate::drill::calibrate::message::Message;
use crate::saml::time::parse;
use crate::xml::{Node, SAML};

pub(super) const ASSERTION_ELEMENTS: &[&str] = &[
    "Issuer",
    "Signature",
    "Subject",
    "Conditions",
    "AuthnStatement",
    "AttributeStatement",
];

fn name_id<'a>(view: &View<'a>) -> Option<Node<'a>> {
    view.message
        .assertion()?
        .child(SAML, "Subject")?
        .child(SAML, "NameID")
}

pub(super) fn name_id_format(view: &View<'_>) -> Option<String> {
    joined(
        name_id(view)?
            .attributes()
            .map(|a| format!("{}={}", a.local, a.value)),
    )
}

pub(super) fn name_id_value(view: &View<'_>) -> Option<String> {
    let stated = login::name_id(view.answer?)?;
    let issued = name_id(view)?.text()?;
    Some(
        match issued.trim() == stated {
            true => "the identity provider's",
            false => "another one",
        }
        .to_owned(),
    )
}

fn confirmation_data<'a>(view: &View<'a>) -> Option<(Node<'a>, Node<'a>)> {
    let subject = view.message.assertion()?.child(SAML, "Subject")?;
    let confirmation = subject.child(SAML, "SubjectConfirmation")?;
    Some((
        confirmation,
        confirmation.child(SAML, "SubjectConfirmationData")?,
    ))
}

pub(super) fn confirmation(view: &View<'_>) -> Option<String> {
    let (confirmation, data) = confirmation_data(view)?;
    let has = |name: &str| data.attribute(name).map(|value| format!("{name}={value}"));
    let address = data.attribute("Address").map(|_| "Address".to_owned());
    joined(
        confirmation
            .attribute("Method")
            .map(str::to_owned)
            .into_iter()
            .chain(has("Recipient"))
            .chain(address),
    )
}

/// A time as seconds after the assertion was issued.
fn after_issue(view: &View<'_>, text: Option<&str>) -> Option<String> {
    let Some(text) = text else {
        return none();
    };
    let issued = parse(view.message.assertion()?.attribute("IssueInstant")?)?;
    let after = parse(text)? - issued;
    Some(match after.subsec_nanoseconds() {
        0 => format!("{:+} s", after.whole_seconds()),
        _ => format!("{:+.3} s", after.as_seconds_f64()),
    })
}

fn validity(view: &View<'_>, node: Node<'_>) -> Option<String> {
    let of = |name| after_issue(view, node.attribute(name));
    Some(format!(
        "NotBefore {}, NotOnOrAfter {}",
        of("NotBefore")?,
        of("NotOnOrAfter")?
    ))
}

pub(super) fn confirmation_validity(view: &View<'_>) -> Option<String> {
    validity(view, confirmation_data(view)?.1)
}

pub(super) fn conditions_validity(view: &View<'_>) -> Option<String> {
    validity(view, view.message.assertion()?.child(SAML, "Conditions")?)
}

pub(super) fn audience(view: &View<'_>) -> Option<String> {
    let conditions = view.message.assertion()?.child(SAML, "Conditions")?;
    let inside = conditions
        .descendants()
        .filter(|node| node.is(SAML, "Audience"));
    joined(inside.filter_map(|node| Some(node.text()?.into_owned())))
}

pub(super) fn other_conditions(view: &View<'_>) -> Option<String> {
    let conditions = view.message.assertion()?.child(SAML, "Conditions")?;
    other_elements(conditions, &["AudienceRestriction"])
}

pub(super) fn statement<'a>(view: &View<'a>) -> Option<Node<'a>> {
    view.message.assertion()?.child(SAML, "AuthnStatement")
}

pub(super) fn authn_instant(view: &View<'_>) -> Option<String> {
    let stated = statement(view)?.attribute("AuthnInstant")?;
    let issued = view.message.assertion()?.attribute("IssueInstant")?;
    if parse(stated)? == parse(issued)? {
        return Some("the time of issue".to_owned());
    }
    let answer = view.answer.and_then(Message::assertion);
    let told = answer.and_then(|assertion| {
        assertion
            .child(SAML, "AuthnStatement")?
            .attribute("AuthnInstant")
    });
    // Without the answer, a time that is not that of the issue can only be the identity provider's.
    match told {
        Some(told) if (parse(told)? - parse(stated)?).abs() >= time::Duration::milliseconds(1) => {
            after_issue(view, Some(stated))
        }
        _ => Some("the identity provider's".to_owned()),
    }
}

pub(super) fn session_end(view: &View<'_>) -> Option<String> {
    let statement = statement(view)?;
    after_issue(view, statement.attribute("SessionNotOnOrAfter"))
}
