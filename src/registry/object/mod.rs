//! The objects of the real hub's provisioning interface (CH.json), in its spelling: what a body must look like, and what
//! the words mean.
//!
//! Every object has a shape ([`super::shape`]), which is walked to the end before anything is read, and rules of its own
//! that look at several fields together. Source of both: CH.json; its Danish names are kept, since people search for them.

mod attribute_service;
mod certificate;
mod identity_provider;
mod oidc;
mod roles;
mod saml_metadata;
mod system;
mod user;

pub use attribute_service::AttributeService;
pub use certificate::{ClientCertificate, authority};
pub use identity_provider::{IdentityProvider, StepUp};
pub use oidc::{OidcMetadata, OidcSystem};
pub use roles::{
    DataRestriction, DataRestrictionType, JobFunctionRole, RoleMapping, UserSystemRole,
};
pub use saml_metadata::{MAX_METADATA, MetadataValidation, SamlMetadata};
pub use system::UserFacingSystem;
pub use user::{KeyValue, User, UserUpdate};

use super::shape::{Shape, Value, judge, must};
use super::{Content, Judge, Kind, Reason};
use crate::oiosaml::Cvr;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// What has a shape and can be read from a body.
pub trait Body: Serialize + DeserializeOwned {
    /// What it must look like.
    const SHAPE: &'static Shape;

    /// What several of its fields say against each other.
    fn contradictions(&self, _reasons: &mut Vec<Reason>) {}
}

/// What is registered under an identifier.
pub trait Object: Body + Clone + PartialEq + Send + Sync + 'static {
    /// What it is.
    const KIND: Kind;

    /// What it is registered under.
    fn id(&self) -> String;

    /// What it says against other objects that are registered, and against who we are.
    fn fits(&self, _others: &Content, _judge: &Judge, _reasons: &mut Vec<Reason>) {}
}

/// `Anvenderkontekst`: an organisation that something applies to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[doc(alias = "Anvenderkontekst")]
pub struct UserContext {
    /// Its CVR number.
    pub cvr: Cvr,
}

impl Body for UserContext {
    const SHAPE: &'static Shape = &Shape {
        name: "Anvenderkontekst",
        fields: &[must("Cvr", Value::Cvr)],
    };
}

/// Tells ids that stand twice in a list: what a path names must be one thing.
fn twice<'a>(list: &str, ids: impl Iterator<Item = &'a str>, reasons: &mut Vec<Reason>) {
    let mut seen = BTreeSet::new();
    for id in ids.filter(|id| !seen.insert(*id)) {
        reasons.push(Reason::new(
            format!("{list}: {id} står der to gange"),
            format!("{list}: {id} is there twice"),
        ));
    }
}

/// A list of them.
pub(super) const USER_CONTEXTS: Value = Value::List(&Value::Object(UserContext::SHAPE));

/// Reads a body, or tells everything that is wrong with it.
pub fn read<T: Body>(body: Json) -> Result<T, Vec<Reason>> {
    let mut reasons = Vec::new();
    let read: Option<T> = shaped(body, Value::Object(T::SHAPE), &mut reasons);
    if let Some(read) = &read {
        read.contradictions(&mut reasons);
    }
    match read {
        Some(read) if reasons.is_empty() => Ok(read),
        _ => Err(reasons),
    }
}

/// Reads a body that is a list.
pub fn read_list<T: Body>(body: Json) -> Result<Vec<T>, Vec<Reason>> {
    let mut reasons = Vec::new();
    let Some(mut list) = body.as_array().cloned() else {
        judge(
            &mut body.clone(),
            Value::List(&Value::Object(T::SHAPE)),
            "",
            &mut reasons,
        );
        return Err(reasons);
    };
    let mut read = Vec::with_capacity(list.len());
    for (index, item) in list.iter_mut().enumerate() {
        let at = format!("[{index}]");
        let before = reasons.len();
        judge(item, Value::Object(T::SHAPE), &at, &mut reasons);
        if reasons.len() > before {
            continue;
        }
        match serde_json::from_value::<T>(item.take()) {
            Ok(item) => {
                let mut own = Vec::new();
                item.contradictions(&mut own);
                reasons.extend(own.into_iter().map(|reason| reason.inside(&at)));
                read.push(item);
            }
            Err(error) => reasons.push(Reason::both(format!("{at}: {error}"))),
        }
    }
    match reasons.is_empty() {
        true => Ok(read),
        false => Err(reasons),
    }
}

/// Reads a value of another shape than an object: a text, a list of texts.
pub fn read_as<T: DeserializeOwned>(body: Json, value: Value) -> Result<T, Vec<Reason>> {
    let mut reasons = Vec::new();
    shaped(body, value, &mut reasons).ok_or(reasons)
}

fn shaped<T: DeserializeOwned>(
    mut body: Json,
    value: Value,
    reasons: &mut Vec<Reason>,
) -> Option<T> {
    judge(&mut body, value, "", reasons);
    if !reasons.is_empty() {
        return None;
    }
    match serde_json::from_value(body) {
        Ok(read) => Some(read),
        // What the shape let through and the type does not take would be a slip of ours, and is no reason to fall.
        Err(error) => {
            reasons.push(Reason::both(error.to_string()));
            None
        }
    }
}
