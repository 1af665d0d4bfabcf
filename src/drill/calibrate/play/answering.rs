//! The identity provider's answer, as our hub receives it.

use super::Parties;
use super::own::posted;
use super::stand_ins::STANDS;
use crate::drill::calibrate::login::{Login, name_id};
use crate::drill::calibrate::message::{Message, child_text, signature};
use crate::dsig::{self, Place};
use crate::hub::identity::path;
use crate::hub::{Hub, Pending};
use crate::oiosaml::attributes as name;
use crate::oiosaml::{Level, OiosamlVersion};
use crate::saml::binding::post;
use crate::saml::response::Content;
use crate::saml::{
    Assertion, Attribute, AuthnStatement, Conditions, Decoded, MessageField, NameId, Response,
    Status, SubjectConfirmation, names,
};
use crate::xml::{SAML, SAMLP};
use time::{Duration, OffsetDateTime};

/// What the identity provider answered, addressed to our request and signed by its stand-in. Of an answer that cannot
/// be read, one that fits what the hub then issued.
pub(super) fn answer(
    login: &Login<'_>,
    parties: &Parties,
    asked: &Pending,
    hub: &Hub,
    now: OffsetDateTime,
) -> Option<Decoded> {
    let to = asked.asked_with().map(str::to_owned);
    let acs = hub.url(path::CONSUME);
    let captured = login.answer.map(|seen| seen.message);
    let envelope = captured.and_then(|message| Response::read(message.root()).ok());
    let stated = captured
        .and_then(Message::assertion)
        .and_then(|node| Assertion::read(node).ok());
    let signs = captured.map(|message| {
        (
            signature(message.root()).is_some(),
            message
                .assertion()
                .is_some_and(|assertion| signature(assertion).is_some()),
        )
    });
    let refusal = envelope
        .as_ref()
        .is_some_and(|envelope| !envelope.status.is_success());
    let assertion = match stated {
        Some(stated) => Some(stated),
        None if refusal => None,
        // The hub refused, and nobody can see what.
        None if login.response.is_some_and(|seen| is_status(seen.message)) => return None,
        None => Some(supposed(login, parties, hub, now)),
    };
    let assertion = assertion.map(|assertion| addressed(assertion, &acs, to.clone()));
    let response = Response {
        id: "_answer".to_owned(),
        issue_instant: envelope
            .as_ref()
            .map_or(now, |envelope| envelope.issue_instant),
        version: "2.0".to_owned(),
        in_response_to: to,
        destination: Some(acs.clone()),
        consent: None,
        issuer: Some(parties.idp.id.clone()),
        issuer_format: None,
        status: envelope.map_or_else(Status::success, |envelope| envelope.status),
    };
    let content = assertion.map(|assertion| {
        let element = assertion.to_element();
        Content::Assertion(match signs {
            Some((true, false)) => element.render(),
            _ => dsig::sign(&element, &assertion.id, Place::AfterIssuer, &STANDS.idp),
        })
    });
    let element = response.to_element(content);
    let message = match signs {
        Some((true, _)) => dsig::sign(&element, &response.id, Place::AfterIssuer, &STANDS.idp),
        _ => element.render(),
    };
    posted(&post(&acs, MessageField::Response, &message, None))
}

/// Whether a response refuses.
pub fn is_status(message: &Message) -> bool {
    let status = message.root().child(SAMLP, "Status");
    let code = status.and_then(|status| status.child(SAMLP, "StatusCode")?.attribute("Value"));
    code.is_some_and(|code| code != names::status::SUCCESS)
}

fn addressed(mut assertion: Assertion, acs: &str, to: Option<String>) -> Assertion {
    for confirmation in &mut assertion.confirmations {
        confirmation.recipient = Some(acs.to_owned());
        confirmation.in_response_to.clone_from(&to);
    }
    assertion
}

/// What an identity provider must have said for the hub to issue what it issued.
fn supposed(login: &Login<'_>, parties: &Parties, hub: &Hub, now: OffsetDateTime) -> Assertion {
    let issued = login
        .response
        .and_then(|seen| Assertion::read(seen.message.assertion()?).ok());
    let cvr = parties
        .idp
        .user_contexts
        .first()
        .map_or("00000000", |cvr| cvr.as_str());
    let value = login.response.and_then(|seen| name_id(seen.message));
    let value = value.unwrap_or_else(|| {
        format!("C=DK,O={cvr},CN=Person 0,Serial=00000000-0000-4000-8000-000000000000")
    });
    let format = issued
        .as_ref()
        .and_then(|issued| issued.name_id.as_ref()?.format.clone());
    let version = if parties.idp.oiosaml_profile.is_oiosaml2() {
        OiosamlVersion::V2
    } else {
        OiosamlVersion::V3
    };
    let attribute = |name: &str, value: &str| Attribute {
        name: name.to_owned(),
        name_format: Some(version.name_format().to_owned()),
        friendly_name: None,
        values: vec![value.to_owned()],
    };
    let (spec, spec_value) = version.spec_version();
    let mut attributes = vec![attribute(spec, spec_value), attribute(version.cvr(), cvr)];
    let said: Vec<Attribute> = issued
        .iter()
        .flat_map(|issued| &issued.attributes)
        .cloned()
        .collect();
    let levels = said
        .iter()
        .filter(|a| matches!(a.name.as_str(), name::LOA | name::ASSURANCE_LEVEL));
    attributes.extend(levels.cloned());
    if attributes.len() == 2 {
        attributes.push(match parties.system.required_level {
            Level::Nsis(level) => attribute(name::LOA, level.word()),
            Level::Nist(level) => attribute(name::ASSURANCE_LEVEL, &level.digit().to_string()),
        });
    }
    let passed_on = said
        .iter()
        .filter(|a| name::PASSED_ON.contains(&a.name.as_str()));
    attributes.extend(passed_on.cloned());
    let authn_instant = issued
        .as_ref()
        .and_then(|issued| Some(issued.authn_statements.first()?.authn_instant))
        .unwrap_or(now);
    Assertion {
        id: "_supposed".to_owned(),
        version: "2.0".to_owned(),
        issue_instant: now,
        issuer: parties.idp.id.clone(),
        issuer_format: None,
        name_id: Some(NameId {
            value,
            format: Some(format.unwrap_or_else(|| names::name_id::X509_SUBJECT_NAME.to_owned())),
            name_qualifier: None,
            sp_name_qualifier: None,
        }),
        confirmations: vec![SubjectConfirmation {
            method: names::BEARER.to_owned(),
            recipient: None,
            not_before: None,
            not_on_or_after: Some(now + Duration::minutes(5)),
            in_response_to: None,
        }],
        conditions: Some(Conditions {
            not_before: Some(now),
            not_on_or_after: Some(now + Duration::minutes(5)),
            audience_restrictions: vec![vec![hub.entity_id.clone()]],
            ..Conditions::default()
        }),
        authn_statements: vec![AuthnStatement {
            authn_instant,
            session_index: Some("_session".to_owned()),
            session_not_on_or_after: None,
            class_ref: Some(names::UNSPECIFIED_CLASS.to_owned()),
            authenticating_authorities: Vec::new(),
        }],
        attributes,
    }
}

/// Who authenticated the user, as the hub's assertion has it.
pub fn authority(login: &Login<'_>) -> Option<String> {
    let statement = login
        .response?
        .message
        .assertion()?
        .child(SAML, "AuthnStatement")?;
    child_text(
        statement.child(SAML, "AuthnContext")?,
        "AuthenticatingAuthority",
    )
}
