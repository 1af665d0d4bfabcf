//! SAML metadata (SAML metadata §2): reading others', writing ours.

mod algorithms;
mod grammar;
mod keys;
mod read;
mod write;

#[cfg(test)]
mod tests;

pub use grammar::{MAX_VIOLATIONS, violations};
pub use keys::encryption_methods;
pub use keys::offered_keys;
pub use read::read;

use crate::dsig::{BlockCipher, Certificate, KeyTransport};
use time::OffsetDateTime;

/// One `EntityDescriptor` with the roles that concern us.
#[derive(Debug, Clone)]
pub struct Entity {
    /// `entityID`.
    pub entity_id: String,
    /// `ID`, what a signature refers to.
    pub id: Option<String>,
    /// The earlier of its own and the surrounding `validUntil`s.
    pub valid_until: Option<OffsetDateTime>,
    /// `IDPSSODescriptor`.
    pub idp: Option<IdpRole>,
    /// `SPSSODescriptor`.
    pub sp: Option<SpRole>,
    /// `Organization/OrganizationDisplayName`, first language.
    pub organization: Option<String>,
}

/// `IDPSSODescriptor`.
#[derive(Debug, Clone, Default)]
pub struct IdpRole {
    /// `WantAuthnRequestsSigned`.
    pub want_authn_requests_signed: bool,
    /// `KeyDescriptor`s.
    pub keys: Vec<KeyDescriptor>,
    /// `SingleSignOnService`s.
    pub single_sign_on: Vec<Endpoint>,
    /// `SingleLogoutService`s.
    pub single_logout: Vec<Endpoint>,
    /// `NameIDFormat`s.
    pub name_id_formats: Vec<String>,
    /// Values of the `assurance-certification` entity attribute, wherever it stands.
    pub assurance_certification: Vec<String>,
}

/// `SPSSODescriptor`.
#[derive(Debug, Clone, Default)]
pub struct SpRole {
    /// `AuthnRequestsSigned`.
    pub authn_requests_signed: bool,
    /// `WantAssertionsSigned`.
    pub want_assertions_signed: bool,
    /// `KeyDescriptor`s.
    pub keys: Vec<KeyDescriptor>,
    /// `AssertionConsumerService`s.
    pub assertion_consumer: Vec<IndexedEndpoint>,
    /// `SingleLogoutService`s.
    pub single_logout: Vec<Endpoint>,
    /// `NameIDFormat`s.
    pub name_id_formats: Vec<String>,
}

/// `KeyDescriptor/@use`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUse {
    /// signing
    Signing,
    /// encryption
    Encryption,
    /// no `use`: both
    Both,
}

/// `md:KeyDescriptor`.
#[derive(Debug, Clone)]
pub struct KeyDescriptor {
    /// What it is for.
    pub usage: KeyUse,
    /// The certificates in its KeyInfo, unread: a certificate that cannot be used is a finding, not an error.
    pub certificates: Vec<String>,
    /// `EncryptionMethod`s in document order.
    pub encryption_methods: Vec<EncryptionMethod>,
}

/// `md:EncryptionMethod`: a block cipher or a key transport, or something we do not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EncryptionMethod {
    /// A block cipher of ours.
    Cipher(BlockCipher),
    /// A key transport of ours, with DigestMethod (absent: SHA-1) and MGF (absent: SHA-1).
    Transport(KeyTransport),
    /// Any other URI.
    Unknown(String),
}

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// `Binding`.
    pub binding: String,
    /// `Location`.
    pub location: String,
    /// `ResponseLocation`.
    pub response_location: Option<String>,
}

/// An endpoint with an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedEndpoint {
    /// Binding and location.
    pub endpoint: Endpoint,
    /// `index`.
    pub index: u16,
    /// `isDefault`.
    pub is_default: Option<bool>,
}

impl KeyDescriptor {
    /// The certificates that can be read.
    pub fn readable(&self) -> Vec<Certificate> {
        self.certificates
            .iter()
            .filter_map(|text| Certificate::from_base64(text).ok())
            .collect()
    }
}

impl SpRole {
    /// The default AssertionConsumerService (SAML metadata §2.2.3: isDefault=true, else the first without
    /// isDefault, else the first).
    pub fn default_acs(&self) -> Option<&IndexedEndpoint> {
        let services = &self.assertion_consumer;
        (services
            .iter()
            .find(|service| service.is_default == Some(true)))
        .or_else(|| services.iter().find(|service| service.is_default.is_none()))
        .or_else(|| services.first())
    }
}
