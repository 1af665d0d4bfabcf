//! What is new about a party.

use super::compare::{certificates, changed, endpoints, facts, keys, points, values};
use crate::saml::metadata::Entity;
use crate::saml::time as saml_time;
use serde::Serialize;
use time::OffsetDateTime;

/// What differs between two descriptions of a party. Empty if nothing that the hub reads does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// `entityID`.
    pub entity_id: Option<Changed>,
    /// `validUntil`, in UTC.
    pub valid_until: Option<Changed>,
    /// Endpoints.
    pub endpoints: Vec<EndpointChange>,
    /// Certificates.
    pub certificates: Vec<CertificateChange>,
    /// Everything else that the hub reads, by its name in the metadata.
    pub values: Vec<ValueChange>,
}

/// A value before and after; `None`: there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
}

/// What became of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another.
    Changed,
}

/// A role of a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Identity provider.
    Idp,
    /// User-facing system.
    Sp,
}

/// A changed endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EndpointChange {
    /// What became of it.
    pub how: How,
    /// Of which role.
    pub role: Role,
    /// `SingleSignOnService` and so on.
    pub service: &'static str,
    /// `Binding`.
    pub binding: String,
    /// `index`, if it has one.
    pub index: Option<u16>,
    /// Its address before, with ResponseLocation and isDefault.
    pub before: Option<String>,
    /// Its address after.
    pub after: Option<String>,
}

/// A certificate that came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificateChange {
    /// What became of it.
    pub how: How,
    /// Of which role.
    pub role: Role,
    /// `signing`, `encryption` or `both`.
    pub usage: &'static str,
    /// Subject; `None`, as what follows, if it cannot be read.
    pub subject: Option<String>,
    /// SHA-1 of the DER, what Windows calls thumbprint.
    pub sha1: Option<String>,
    /// SHA-256 of the DER.
    pub sha256: Option<String>,
    /// Last moment of validity, in UTC.
    pub not_after: Option<String>,
    /// Whole days until then; negative if it is over.
    pub days_left: Option<i64>,
}

/// Another value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValueChange {
    /// Its name in the metadata.
    pub name: String,
    /// Before and after.
    #[serde(flatten)]
    pub changed: Changed,
}

/// What differs between two descriptions; `now` is for the days that certificates have left.
pub fn diff(old: &Entity, new: &Entity, now: OffsetDateTime) -> Diff {
    let until = |entity: &Entity| entity.valid_until.map(saml_time::format);
    let id = |entity: &Entity| Some(entity.entity_id.clone());
    Diff {
        entity_id: changed(id(old), id(new)),
        valid_until: changed(until(old), until(new)),
        endpoints: endpoints(points(old), points(new)),
        certificates: certificates(keys(old), keys(new), now),
        values: values(facts(old), facts(new)),
    }
}

impl Diff {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
