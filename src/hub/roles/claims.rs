//! The claims of a registered user (`/Users` of CH.json) join what the IdP says of them: on the authority, which is
//! the organisation that the IdP speaks for, and the user's id there.

use super::incoming::NAMES;
use super::registered::is_parametric;
use super::{Directory, RoleSettings, UserClaims};
use crate::oiosaml::attributes::{
    CPR_2, CPR_3, EMAIL_2, EMAIL_3, ORG_NAME_2, ORG_NAME_3, UUID_PERSISTENT,
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
    &NAMES,
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
    // What the IdP says is asked before anything is added: a user may have several claims of one key.
    let stated: Vec<bool> = claims
        .iter()
        .map(|claim| says(assertion, &claim.key))
        .collect();
    let mut rows = Vec::with_capacity(claims.len());
    let mut replaced: Vec<String> = Vec::new();
    for (claim, stated) in claims.into_iter().zip(stated) {
        let fate = fate(&claim.key, &claim.value, stated, settings.user_claims);
        if fate == ClaimFate::Replaced && !replaced.contains(&claim.key) {
            let family = family(&claim.key);
            let same = |name: &str| family.map_or(name == claim.key, |all| all.contains(&name));
            assertion
                .attributes
                .retain(|attribute| !same(&attribute.name));
            replaced.push(claim.key.clone());
        }
        if matches!(fate, ClaimFate::Filled | ClaimFate::Replaced) {
            assertion.attributes.push(Attribute {
                name: claim.key.clone(),
                name_format: None,
                friendly_name: None,
                values: vec![claim.value],
            });
        }
        rows.push(ClaimRow {
            key: claim.key,
            fate,
        });
    }
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

fn fate(key: &str, value: &str, stated: bool, setting: UserClaims) -> ClaimFate {
    let most = match NAMES.contains(&key) {
        true => budget::BYTES * 8 / 3,
        false => IDENTITY_VALUE,
    };
    if family(key).is_none() && !is_parametric(key) {
        ClaimFate::NotPassedOn
    } else if value.len() > most {
        ClaimFate::TooLong
    } else {
        match (stated, setting) {
            (false, _) => ClaimFate::Filled,
            (true, UserClaims::Override) => ClaimFate::Replaced,
            (true, _) => ClaimFate::Stated,
        }
    }
}

fn family(key: &str) -> Option<&'static [&'static str]> {
    FAMILIES.into_iter().find(|family| family.contains(&key))
}

/// Whether the IdP states an attribute that means the same.
fn says(assertion: &Assertion, key: &str) -> bool {
    let own = [key];
    let names = family(key).unwrap_or(&own);
    let mut values = names.iter().flat_map(|name| assertion.values(name));
    values.any(|value| !value.trim().is_empty())
}
