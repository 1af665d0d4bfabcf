//! `AttributeService` of CH.json: stored and returned; the hub asks none.

use super::{Body, Object, SamlMetadata, USER_CONTEXTS, UserContext};
use crate::registry::Kind;
use crate::registry::shape::{Shape, Value, may, must};
use serde::{Deserialize, Serialize};

/// As it is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[doc(alias = "AttributService")]
pub struct AttributeService {
    /// The entityID.
    pub id: String,
    /// Its metadata.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saml_metadata: Option<SamlMetadata>,
    /// Whom it knows.
    #[serde(default)]
    pub anvenderkontekster: Vec<UserContext>,
}

impl Body for AttributeService {
    const SHAPE: &'static Shape = &Shape {
        name: "AttributeService",
        fields: &[
            // CH.json requires nothing of it; without an id it could not be found again.
            must("Id", Value::Id),
            may("SamlMetadata", Value::Object(SamlMetadata::SHAPE)),
            may("Anvenderkontekster", USER_CONTEXTS),
        ],
    };
}

impl Object for AttributeService {
    const KIND: Kind = Kind::AttributeService;
    fn id(&self) -> String {
        self.id.clone()
    }
}
