//! The hub's own identity: entityID, addresses, keys.

use super::fault::Kit;
use super::keys::RoleKeys;
use std::sync::Arc;

/// Who the hub is, in both of its roles.
#[derive(Debug, Clone)]
pub struct Hub {
    /// entityID, one for both roles.
    pub entity_id: String,
    /// Public address without a slash at the end.
    pub public_url: String,
    /// Name in metadata.
    pub organisation: String,
    /// Keys of the IdP role: towards user-facing systems.
    pub idp: RoleKeys,
    /// Keys of the SP role: towards identity providers.
    pub sp: RoleKeys,
    /// What it takes to answer with faults: only a hub that tests systems has it.
    pub faults: Option<Arc<Kit>>,
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
}
