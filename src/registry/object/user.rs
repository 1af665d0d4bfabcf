//! `User`: claims that an authority adds to what its IdP says of a person.

use super::{Body, Object};
use crate::oiosaml::Cvr;
use crate::registry::Kind;
use crate::registry::shape::{Shape, Value, may, must};
use serde::{Deserialize, Deserializer, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// As it is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct User {
    /// The CVR number of the authority that it belongs to.
    pub authority: Cvr,
    /// The serial number of the NameID, or NemLog-in's UUID.
    pub id: String,
    /// When it was changed last; whoever writes does not decide it.
    #[serde(
        default,
        serialize_with = "time::serde::rfc3339::option::serialize",
        deserialize_with = "read_only",
        skip_serializing_if = "Option::is_none"
    )]
    pub modified_date: Option<OffsetDateTime>,
    /// The claims.
    pub claims: Vec<KeyValue>,
}

/// A body's date counts for nothing, so whatever it is does no harm: clients send back what they got, or the first moment that
/// their calendar knows.
fn read_only<'de, D: Deserializer<'de>>(from: D) -> Result<Option<OffsetDateTime>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    Ok(text.and_then(|text| OffsetDateTime::parse(&text, &Rfc3339).ok()))
}

/// `KeyValue`: a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct KeyValue {
    /// Its type.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// `UserUpdate`: the only thing that can be changed of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct UserUpdate {
    /// The claims.
    pub claims: Vec<KeyValue>,
}

const CLAIMS: Value = Value::List(&Value::Object(KeyValue::SHAPE));

impl Body for User {
    const SHAPE: &'static Shape = &Shape {
        name: "User",
        fields: &[
            must("Authority", Value::Cvr),
            must("Id", Value::Id),
            may("ModifiedDate", Value::Text),
            must("Claims", CLAIMS),
        ],
    };
}

impl Body for UserUpdate {
    const SHAPE: &'static Shape = &Shape {
        name: "UserUpdate",
        fields: &[must("Claims", CLAIMS)],
    };
}

impl Body for KeyValue {
    const SHAPE: &'static Shape = &Shape {
        name: "KeyValue",
        fields: &[must("Key", Value::Id), must("Value", Value::Text)],
    };
}

impl Object for User {
    const KIND: Kind = Kind::User;
    /// Unique within its authority only, so both.
    fn id(&self) -> String {
        User::key(&self.authority, &self.id)
    }
}

impl User {
    /// What it is registered under: a CVR number has eight digits, so nobody's id reads as another authority's.
    pub fn key(authority: &Cvr, id: &str) -> String {
        format!("{authority}/{id}")
    }
}
