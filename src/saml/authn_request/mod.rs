//! `samlp:AuthnRequest` (SAML core §3.4.1).

mod read;
mod write;

#[cfg(test)]
mod tests;

use time::OffsetDateTime;

/// A request for authentication: what a user-facing system sends to the hub and the hub to an IdP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthnRequest {
    /// `ID`.
    pub id: String,
    /// `Version` as stated.
    pub version: String,
    /// `IssueInstant`.
    pub issue_instant: OffsetDateTime,
    /// `Destination`.
    pub destination: Option<String>,
    /// `Issuer`, the entityID of the sender.
    pub issuer: Option<String>,
    /// `ForceAuthn`; absent means false.
    pub force_authn: Option<bool>,
    /// `IsPassive`; absent means false.
    pub is_passive: Option<bool>,
    /// `ProtocolBinding`.
    pub protocol_binding: Option<String>,
    /// `AssertionConsumerServiceURL`.
    pub acs_url: Option<String>,
    /// `AssertionConsumerServiceIndex`.
    pub acs_index: Option<u16>,
    /// `AttributeConsumingServiceIndex`.
    pub attribute_consuming_service_index: Option<u16>,
    /// `ProviderName`.
    pub provider_name: Option<String>,
    /// `Consent`.
    pub consent: Option<String>,
    /// `NameIDPolicy`.
    pub name_id_policy: Option<NameIdPolicy>,
    /// Audiences of a `Conditions` in the request; some systems in the federation send one.
    pub audiences: Vec<String>,
    /// `RequestedAuthnContext`.
    pub requested_authn_context: Option<RequestedAuthnContext>,
    /// `Scoping`.
    pub scoping: Option<Scoping>,
}

impl AuthnRequest {
    /// A request that says nothing but what every message must.
    pub fn new(id: impl Into<String>, issue_instant: OffsetDateTime) -> Self {
        Self {
            id: id.into(),
            version: "2.0".to_owned(),
            issue_instant,
            destination: None,
            issuer: None,
            force_authn: None,
            is_passive: None,
            protocol_binding: None,
            acs_url: None,
            acs_index: None,
            attribute_consuming_service_index: None,
            provider_name: None,
            consent: None,
            name_id_policy: None,
            audiences: Vec::new(),
            requested_authn_context: None,
            scoping: None,
        }
    }
}

/// `samlp:NameIDPolicy`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameIdPolicy {
    /// `Format`.
    pub format: Option<String>,
    /// `AllowCreate`.
    pub allow_create: Option<bool>,
}

/// `samlp:RequestedAuthnContext` (SAML core §3.3.2.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedAuthnContext {
    /// `Comparison`; absent means exact.
    pub comparison: Option<Comparison>,
    /// `AuthnContextClassRef`s in order; `AuthnContextDeclRef`s are kept apart.
    pub class_refs: Vec<String>,
    /// `AuthnContextDeclRef`s in order.
    pub decl_refs: Vec<String>,
}

/// `Comparison`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// exact
    Exact,
    /// minimum
    Minimum,
    /// maximum
    Maximum,
    /// better
    Better,
}

/// `samlp:Scoping` (SAML core §3.4.1.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scoping {
    /// `ProxyCount`.
    pub proxy_count: Option<u32>,
    /// `IDPList/IDPEntry` in order.
    pub idp_list: Vec<IdpEntry>,
    /// `RequesterID`s in order.
    pub requester_ids: Vec<String>,
}

/// `samlp:IDPEntry`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdpEntry {
    /// `ProviderID`, an entityID.
    pub provider_id: String,
    /// `Name`.
    pub name: Option<String>,
}

impl Comparison {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::Better => "better",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "exact" => Some(Self::Exact),
            "minimum" => Some(Self::Minimum),
            "maximum" => Some(Self::Maximum),
            "better" => Some(Self::Better),
            _ => None,
        }
    }
}
