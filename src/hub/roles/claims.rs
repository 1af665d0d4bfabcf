//! The claims of a registered user (`/Users` of CH.json) join what the IdP says of them: on the authority, which is
//! the organisation that the IdP speaks for, and the user's id there.

use super::registered::is_parametric;
use super::{Claim, Directory, RoleSettings, UserClaims};
use crate::oiosaml::attributes::{
    CPR_2, CPR_3, EMAIL_2, EMAIL_3, ORG_NAME_2, ORG_NAME_3, PRIVILEGES, UUID_PERSISTENT,
};
use crate::oiosaml::privileges::budget;
use crate::oiosaml::{Cvr, IDENTITY_VALUE, SubjectName};
use crate::saml::{Assertion, Attribute};
use serde::{Deserialize, Serialize};

/// What became of a claim. Its value is not told: it may be somebody's CPR number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRow {
    /// Its key: the name of an attribute.
    pub key: String,
    /// What became of it.
    pub fate: ClaimFate,
}

impl ClaimRow {
    /// Whether it joined what the IdP says.
    pub fn joins(&self) -> bool {
        matches!(self.fate, ClaimFate::Filled | ClaimFate::Replaced)
    }
}

/// What became of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimFate {
    /// It says what the IdP does not.
    Filled,
    /// It took the place of what the IdP says.
    Replaced,
    /// The IdP says it.
    Stated,
    /// It is nothing that a system gets from a user's claims: who the user is, for whom, and at which level, only the IdP says.
    NotPassedOn,
    /// Longer than what is passed on ([`IDENTITY_VALUE`]; a list of privileges has its own budget).
    TooLong,
}

/// Attributes that mean the same, by both names: which of them the IdP uses makes no difference.
const FAMILIES: [&[&str]; 5] = [
    &[EMAIL_3, EMAIL_2],
    &[ORG_NAME_3, ORG_NAME_2],
    &[CPR_3, CPR_2],
    &[UUID_PERSISTENT],
    &PRIVILEGES,
];

/// Joins the claims of the user whom the assertion is about.
pub(super) fn join(
    assertion: &mut Assertion,
    authority: Option<&Cvr>,
    directory: &Directory,
    settings: &RoleSettings,
) -> Vec<ClaimRow> {
    let Some(authority) = authority.filter(|_| settings.user_claims != UserClaims::Ignore) else {
        return Vec::new();
    };
    let ids = ids(assertion).into_iter();
    let claims = ids.map(|id| directory.claims(authority, &id));
    let claims = claims.into_iter().find(|claims| !claims.is_empty());
    let claims = claims.unwrap_or_default();
    // All are judged by what the IdP says before any of them is joined: a user may have several of one meaning.
    let rows: Vec<ClaimRow> = claims
        .iter()
        .map(|claim| ClaimRow {
            key: claim.key.clone(),
            fate: fate(assertion, claim, settings.user_claims),
        })
        .collect();
    let replaced = rows.iter().filter(|row| row.fate == ClaimFate::Replaced);
    let replaced: Vec<&str> = replaced.flat_map(|row| names(&row.key)).collect();
    assertion
        .attributes
        .retain(|attribute| !replaced.contains(&attribute.name.as_str()));
    let joined = claims.into_iter().zip(&rows).filter(|(_, row)| row.joins());
    assertion
        .attributes
        .extend(joined.map(|(claim, _)| Attribute {
            name: claim.key,
            name_format: None,
            friendly_name: None,
            values: vec![claim.value],
        }));
    rows
}

/// What the user may be registered under: “must match the serial number that comes in the NameID”, or “the value of the
/// uuid/persistent claim” (CH.json, `User.Id`).
fn ids(assertion: &Assertion) -> Vec<String> {
    let name = assertion.name_id.as_ref();
    let serial = name.and_then(|name| SubjectName::parse(&name.value).ok());
    let serial = serial.map(|name| name.serial);
    let uuid = assertion.values(UUID_PERSISTENT).map(str::to_owned);
    serial.into_iter().chain(uuid.take(1)).collect()
}

fn fate(assertion: &Assertion, claim: &Claim, setting: UserClaims) -> ClaimFate {
    let key = claim.key.as_str();
    let most = match PRIVILEGES.contains(&key) {
        true => budget::BYTES * 8 / 3,
        false => IDENTITY_VALUE,
    };
    let known = FAMILIES.iter().any(|family| family.contains(&key)) || is_parametric(key);
    let mut stated = names(key).flat_map(|name| assertion.values(name));
    if !known {
        ClaimFate::NotPassedOn
    } else if claim.value.len() > most {
        ClaimFate::TooLong
    } else if !stated.any(|value| !value.trim().is_empty()) {
        ClaimFate::Filled
    } else if setting == UserClaims::Override {
        ClaimFate::Replaced
    } else {
        ClaimFate::Stated
    }
}

/// The names of attributes that mean the same, its own among them.
fn names(key: &str) -> impl Iterator<Item = &str> {
    let family = FAMILIES.into_iter().find(|family| family.contains(&key));
    let own = family.is_none().then_some(key);
    family.unwrap_or_default().iter().copied().chain(own)
}
