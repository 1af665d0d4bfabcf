//! The hub's own identity: entityID, addresses, keys.

use crate::dsig::{Certificate, DecryptionKey, PublicKey, SigningKey};

/// Who the hub is, in both of its roles.
#[derive(Debug, Clone)]
pub struct Hub {
    /// entityID, one for both roles.
    pub entity_id: String,
    /// Public address without a slash at the end.
    pub public_url: String,
    /// Name in metadata.
    pub organisation: String,
    /// Key that signs now.
    pub signing: SigningKey,
    /// Certificates that metadata shows for signing, the active one first.
    pub signing_certificates: Vec<Certificate>,
    /// Certificate that others encrypt to.
    pub encryption_certificate: Certificate,
    /// Keys that decrypt, the active one first.
    pub decryption: Vec<DecryptionKey>,
}

/// The paths of the real hub.
pub mod path {
    /// SingleSignOnService, and SingleLogoutService of the IdP role.
    pub const ISSUE: &str = "/runtime/saml2/issue.idp";
    /// SingleLogoutService ResponseLocation of the IdP role.
    pub const SIGNOFF: &str = "/runtime/saml2/signoff.idp";
    /// Metadata of the IdP role, for user-facing systems.
    pub const IDP_METADATA: &str = "/runtime/saml2/metadata.idp";
    /// AssertionConsumerService.
    pub const CONSUME: &str = "/runtime/saml2auth/consume.idp";
    /// SingleLogoutService of the SP role.
    pub const SIGNOFF_REQUEST: &str = "/runtime/saml2auth/signoffrequest.idp";
    /// SingleLogoutService ResponseLocation of the SP role.
    pub const SIGNOFF_RESPONSE: &str = "/runtime/saml2auth/signoffresponse.idp";
    /// Metadata of the SP role, for identity providers.
    pub const SP_METADATA: &str = "/runtime/saml2auth/metadata.idp";
    /// SOAP single logout.
    pub const SIGNOFF_SOAP: &str = "/runtime/services/signoff/saml2/soap";
}

impl Hub {
    /// A path of the hub as an absolute address.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }
    /// The keys that others verify the hub's signatures with.
    pub fn public_keys(&self) -> Vec<PublicKey> {
        vec![self.signing.public()]
    }
}
