//! An IdP's Response to the hub: the assertion signed, then encrypted; a refusal signed as a whole.

use super::behaviour::Stated;
use super::habits::{Habits, version_of};
use super::idp::Idp;
use super::request::Verified;
use super::roles;
use super::session::random_id;
use crate::config::{Person, Trait};
use crate::dsig::{Place, Recipient, encrypt, sign};
use crate::edge::world::SystemEntropy;
use crate::oiosaml::attributes::{
    EMAIL_2, EMAIL_3, KOMBIT_SPEC_VER, KOMBIT_SPEC_VER_URI, ORG_NAME_2, ORG_NAME_3, UUID_PERSISTENT,
};
use crate::oiosaml::{Cvr, OiosamlVersion, SubjectName};
use crate::saml::binding::post;
use crate::saml::names::{BEARER, name_id};
use crate::saml::response::Content;
use crate::saml::{
    Assertion, Attribute, AuthnStatement, Conditions, MessageField, NameId, Outbound, Response,
    Status, SubjectConfirmation,
};
use crate::xml::{Canonical, Element};
use time::{Duration, OffsetDateTime};

/// Lifetime of a bearer confirmation, of every kind.
const CONFIRMATION: Duration = Duration::minutes(5);

/// The CVR that an IdP speaks for which is not its own: nobody's.
const OTHER_CVR: &str = "99999999";

/// A login at the IdP.
#[derive(Debug, Clone)]
pub struct Login {
    /// Who.
    pub person: Person,
    /// When, by the IdP's clock.
    pub at: OffsetDateTime,
    /// SessionIndex.
    pub index: String,
    /// What is said about it.
    pub stated: Stated,
}

/// A Response with an assertion.
pub fn assertion(idp: &Idp, to: &Verified, login: &Login, now: OffsetDateTime) -> Outbound {
    let now = now + idp.persona.skew();
    let assertion = Assertion {
        id: random_id(),
        version: "2.0".into(),
        issue_instant: now,
        issuer: idp.entity_id.clone(),
        issuer_format: None,
        name_id: Some(subject(idp, &login.person)),
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
            session_index: Some(login.index.clone()),
            session_not_on_or_after: None,
            class_ref: Some(login.stated.class_ref.clone()),
            authenticating_authorities: Vec::new(),
        }],
        attributes: attributes(idp, to, login),
    };
    let outside = idp.persona.has(Trait::SignsResponse);
    let element = assertion.to_element();
    let inner = match outside || idp.persona.has(Trait::Unsigned) {
        true => element.render(),
        false => signed(idp, &element, &assertion.id),
    };
    let encrypts = idp.persona.has(Trait::EncryptsAssertion);
    let content = match idp.keys.trust(&idp.hub).encrypt_to.filter(|_| encrypts) {
        Some(key) => {
            let (cipher, transport) =
                (Habits::of(idp.persona.kind).encryption)(version_of(idp.profile_for(to)));
            let recipient = Recipient {
                key,
                cipher,
                transport,
            };
            Content::Encrypted(encrypt(&inner, &recipient, &mut SystemEntropy))
        }
        None => Content::Assertion(inner),
    };
    let envelope = envelope(idp, to, Status::success(), now);
    let element = envelope.to_element(Some(content));
    let message = match outside {
        true => signed(idp, &element, &envelope.id),
        false => element.render(),
    };
    send(idp, to, &message)
}

/// A Response with a status, signed.
pub fn refusal(idp: &Idp, to: &Verified, status: Status, now: OffsetDateTime) -> Outbound {
    let envelope = envelope(idp, to, status, now + idp.persona.skew());
    let element = envelope.to_element(None);
    let message = match idp.persona.has(Trait::Unsigned) {
        true => element.render(),
        false => signed(idp, &element, &envelope.id),
    };
    send(idp, to, &message)
}

/// Signed with the IdP's key of the moment, or with one that is not in its metadata.
fn signed(idp: &Idp, element: &Element, id: &str) -> Canonical {
    let own = idp.keys.own(&idp.hub);
    let key = idp.stranger.as_ref().unwrap_or(&own.signing);
    sign(element, id, Place::AfterIssuer, key)
}

fn send(idp: &Idp, to: &Verified, message: &Canonical) -> Outbound {
    let relay_state = to.relay_state.as_deref();
    post(
        &idp.hub.acs,
        MessageField::Response,
        message,
        relay_state.filter(|_| idp.persona.has(Trait::RelayStateEchoed)),
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

fn cvr(idp: &Idp) -> Cvr {
    let other = idp.persona.has(Trait::OtherCvr);
    let other = other.then(|| Cvr::parse(OTHER_CVR)).flatten();
    other.unwrap_or_else(|| idp.cvr.clone())
}

/// What the hub knows the user by.
pub fn subject(idp: &Idp, person: &Person) -> NameId {
    NameId {
        value: subject_name(idp, person),
        format: Some(name_id::X509_SUBJECT_NAME.into()),
        name_qualifier: None,
        sp_name_qualifier: None,
    }
}

fn subject_name(idp: &Idp, person: &Person) -> String {
    let name = SubjectName {
        country: "DK".into(),
        organisation: cvr(idp),
        common_name: person.name.clone(),
        serial: person.uuid.clone(),
    };
    if !idp.persona.has(Trait::NameIdWithBlanks) {
        return name.to_string();
    }
    let escaped = name.common_name.replace('\\', "\\\\");
    let escaped = escaped.replace(',', "\\,").replace('=', "\\=");
    let (cvr, serial) = (&name.organisation, &name.serial);
    format!("C = DK, O = {cvr}, CN = {escaped}, Serial = {serial}")
}

/// What can be said of a person beside their level and roles.
fn personal(
    version: OiosamlVersion,
    person: &Person,
) -> impl Iterator<Item = (&'static str, String)> {
    let email = person.email.clone();
    let (email, uuid) = match version {
        OiosamlVersion::V2 => ((EMAIL_2, email), None),
        OiosamlVersion::V3 => {
            // A URN, as OS2faktor-Login (KombitServiceProviderV2) writes it.
            let uuid = format!("urn:uuid:{}", person.uuid);
            ((EMAIL_3, email), Some((UUID_PERSISTENT, uuid)))
        }
    };
    std::iter::once(email).chain(uuid)
}

/// The attributes of KOMBIT's profile in the version of the IdP's claim rules. A level attribute of the
/// other version keeps its own name: OS2faktor sends `AssuranceLevel` in OIOSAML3 responses.
fn attributes(idp: &Idp, to: &Verified, login: &Login) -> Vec<Attribute> {
    let version = version_of(idp.profile_for(to));
    let (spec_name, spec_value) = version.spec_version();
    let has = |one| idp.persona.has(one);
    let mut list = vec![(spec_name, spec_value.to_owned())];
    if !has(Trait::NoKombitVersion) {
        let name = match has(Trait::KombitVersionUri) {
            true => KOMBIT_SPEC_VER_URI,
            false => KOMBIT_SPEC_VER,
        };
        list.push((name, version.kombit_spec_ver().to_owned()));
    }
    list.extend(login.stated.levels.iter().cloned());
    list.push((version.cvr(), cvr(idp).to_string()));
    if has(Trait::OrganisationNamed) {
        let name = match version {
            OiosamlVersion::V2 => ORG_NAME_2,
            OiosamlVersion::V3 => ORG_NAME_3,
        };
        list.push((name, idp.title.clone()));
    }
    let habits = Habits::of(idp.persona.kind);
    list.extend(personal(version, &login.person).filter(|one| habits.personal.contains(&one.0)));
    let stated = roles::stated(&login.person, &cvr(idp), (habits.bpp)(version));
    list.extend(stated.map(|value| (version.privileges(), value)));
    let place = |name: &str| habits.order.iter().position(|known| *known == name);
    list.sort_by_key(|(name, _)| place(name).unwrap_or(usize::MAX));
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
