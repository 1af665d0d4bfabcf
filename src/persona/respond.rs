//! An IdP's Response to the hub: the assertion signed, then encrypted; a refusal signed as a whole.

use super::behaviour::Stated;
use super::habits::{Habits, version_of};
use super::idp::Idp;
use super::request::Verified;
use super::session::random_id;
use crate::config::Person;
use crate::dsig::{Place, Recipient, encrypt, sign};
use crate::edge::world::SystemEntropy;
use crate::oiosaml::attributes::{EMAIL_2, EMAIL_3, KOMBIT_SPEC_VER, UUID_PERSISTENT};
use crate::oiosaml::{OiosamlVersion, SubjectName};
use crate::saml::binding::post;
use crate::saml::names::{BEARER, name_id};
use crate::saml::response::Content;
use crate::saml::{
    Assertion, Attribute, AuthnStatement, Conditions, MessageField, NameId, Outbound, Response,
    Status, SubjectConfirmation,
};
use time::{Duration, OffsetDateTime};

/// Lifetime of a bearer confirmation, of every kind.
const CONFIRMATION: Duration = Duration::minutes(5);

/// A login at the IdP.
pub struct Login<'a> {
    /// Who.
    pub person: &'a Person,
    /// When.
    pub at: OffsetDateTime,
    /// SessionIndex.
    pub index: &'a str,
    /// What is said about it.
    pub stated: &'a Stated,
}

/// A Response with an assertion.
pub fn assertion(idp: &Idp, to: &Verified, login: &Login<'_>, now: OffsetDateTime) -> Outbound {
    let assertion = Assertion {
        id: random_id(),
        version: "2.0".into(),
        issue_instant: now,
        issuer: idp.entity_id.clone(),
        issuer_format: None,
        name_id: Some(NameId {
            value: subject(idp, login.person).to_string(),
            format: Some(name_id::X509_SUBJECT_NAME.into()),
            name_qualifier: None,
            sp_name_qualifier: None,
        }),
        confirmations: vec![SubjectConfirmation {
            method: BEARER.into(),
            recipient: Some(idp.hub.acs.clone()),
            not_before: None,
            not_on_or_after: Some(now + CONFIRMATION),
            in_response_to: Some(to.request.id.clone()),
        }],
        conditions: Some(Conditions {
            not_before: Some(now),
            not_on_or_after: Some(now + Habits::of(idp.persona.kind).conditions),
            audience_restrictions: vec![vec![idp.hub.entity_id.clone()]],
            ..Conditions::default()
        }),
        authn_statements: vec![AuthnStatement {
            authn_instant: login.at,
            session_index: Some(login.index.to_owned()),
            session_not_on_or_after: None,
            class_ref: Some(login.stated.class_ref.clone()),
            authenticating_authorities: Vec::new(),
        }],
        attributes: attributes(idp, to, login),
    };
    let signed = sign(
        &assertion.to_element(),
        &assertion.id,
        Place::AfterIssuer,
        &idp.keys.own(&idp.hub).signing,
    );
    let content = match idp.keys.trust(&idp.hub).encrypt_to {
        Some(key) => {
            let (cipher, transport) =
                (Habits::of(idp.persona.kind).encryption)(version_of(idp.profile_for(to)));
            let recipient = Recipient {
                key,
                cipher,
                transport,
            };
            Content::Encrypted(encrypt(&signed, &recipient, &mut SystemEntropy))
        }
        None => Content::Assertion(signed),
    };
    let message = envelope(idp, to, Status::success(), now)
        .to_element(Some(content))
        .render();
    post(
        &idp.hub.acs,
        MessageField::Response,
        &message,
        to.relay_state.as_deref(),
    )
}

/// A Response with a status, signed.
pub fn refusal(idp: &Idp, to: &Verified, status: Status, now: OffsetDateTime) -> Outbound {
    let envelope = envelope(idp, to, status, now);
    let message = sign(
        &envelope.to_element(None),
        &envelope.id,
        Place::AfterIssuer,
        &idp.keys.own(&idp.hub).signing,
    );
    post(
        &idp.hub.acs,
        MessageField::Response,
        &message,
        to.relay_state.as_deref(),
    )
}

fn envelope(idp: &Idp, to: &Verified, status: Status, now: OffsetDateTime) -> Response {
    Response {
        id: random_id(),
        version: "2.0".into(),
        issue_instant: now,
        in_response_to: Some(to.request.id.clone()),
        destination: Some(idp.hub.acs.clone()),
        consent: None,
        issuer: Some(idp.entity_id.clone()),
        issuer_format: None,
        status,
    }
}

fn subject(idp: &Idp, person: &Person) -> SubjectName {
    SubjectName {
        country: "DK".into(),
        organisation: idp.cvr.clone(),
        common_name: person.name.clone(),
        serial: person.uuid.clone(),
    }
}

/// The attributes of KOMBIT's profile in the version of the IdP's claim rules. A level attribute of the
/// other version keeps its own name: OS2faktor sends `AssuranceLevel` in OIOSAML3 responses.
fn attributes(idp: &Idp, to: &Verified, login: &Login<'_>) -> Vec<Attribute> {
    let version = version_of(idp.profile_for(to));
    let (spec_name, spec_value) = version.spec_version();
    let mut list = vec![
        (spec_name, spec_value.to_owned()),
        (KOMBIT_SPEC_VER, version.kombit_spec_ver().to_owned()),
    ];
    list.extend(login.stated.levels.iter().cloned());
    list.push((version.cvr(), idp.cvr.to_string()));
    match version {
        OiosamlVersion::V2 => list.push((EMAIL_2, login.person.email.clone())),
        OiosamlVersion::V3 => {
            list.push((EMAIL_3, login.person.email.clone()));
            list.push((UUID_PERSISTENT, login.person.uuid.clone()));
        }
    }
    let further = login.stated.attributes.iter().cloned();
    let list = list.into_iter().map(|(name, value)| (name, vec![value]));
    let attribute = |(name, values): (&str, Vec<String>)| Attribute {
        name: name.to_owned(),
        name_format: Some(version.name_format().to_owned()),
        friendly_name: None,
        values,
    };
    list.chain(further).map(attribute).collect()
}
