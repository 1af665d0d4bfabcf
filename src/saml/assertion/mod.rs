//! `saml:Assertion` (SAML core §2.3.3).

mod read;
mod write;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(super) use tests::full as full_assertion;
pub(super) use write::{audience_restriction, issuer};

use time::OffsetDateTime;

/// An assertion with the statements that the federation uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// `ID`.
    pub id: String,
    /// `Version` as stated.
    pub version: String,
    /// `IssueInstant`.
    pub issue_instant: OffsetDateTime,
    /// `Issuer`.
    pub issuer: String,
    /// `Format` of the Issuer, where stated.
    pub issuer_format: Option<String>,
    /// `Subject/NameID`; `None` if there is no Subject, no NameID, or an encrypted one.
    pub name_id: Option<NameId>,
    /// `Subject/SubjectConfirmation`s in order.
    pub confirmations: Vec<SubjectConfirmation>,
    /// `Conditions`.
    pub conditions: Option<Conditions>,
    /// `AuthnStatement`s in order.
    pub authn_statements: Vec<AuthnStatement>,
    /// The attributes of all `AttributeStatement`s, in order.
    pub attributes: Vec<Attribute>,
}

/// `saml:NameID`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NameId {
    /// The name, complete: text on both sides of a comment belongs to it.
    pub value: String,
    /// `Format`.
    pub format: Option<String>,
    /// `NameQualifier`.
    pub name_qualifier: Option<String>,
    /// `SPNameQualifier`.
    pub sp_name_qualifier: Option<String>,
}

impl NameId {
    /// As a proxy says it to a third party: without the qualifiers. They name the two who agreed on the name, and
    /// whoever compares `SPNameQualifier` with itself refuses that of another (SAML core §2.2.2: they should be left
    /// out where the format gives them no meaning).
    #[must_use]
    pub fn unqualified(&self) -> Self {
        Self {
            value: self.value.clone(),
            format: self.format.clone(),
            name_qualifier: None,
            sp_name_qualifier: None,
        }
    }
}

/// `saml:SubjectConfirmation` with its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectConfirmation {
    /// `Method`.
    pub method: String,
    /// `Recipient`.
    pub recipient: Option<String>,
    /// `NotBefore`: not allowed for bearer.
    pub not_before: Option<OffsetDateTime>,
    /// `NotOnOrAfter`.
    pub not_on_or_after: Option<OffsetDateTime>,
    /// `InResponseTo`.
    pub in_response_to: Option<String>,
}

/// `saml:Conditions`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conditions {
    /// `NotBefore`.
    pub not_before: Option<OffsetDateTime>,
    /// `NotOnOrAfter`.
    pub not_on_or_after: Option<OffsetDateTime>,
    /// One list of audiences for each `AudienceRestriction`; all restrictions must hold.
    pub audience_restrictions: Vec<Vec<String>>,
    /// Whether `OneTimeUse` is there.
    pub one_time_use: bool,
    /// `ProxyRestriction/@Count`; `Some(None)` when the element has no Count.
    pub proxy_restriction: Option<Option<u32>>,
    /// Names of conditions that we do not know: an assertion with one is not valid (SAML core §2.5.1.1).
    pub unknown: Vec<String>,
}

/// `saml:AuthnStatement`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthnStatement {
    /// `AuthnInstant`.
    pub authn_instant: OffsetDateTime,
    /// `SessionIndex`.
    pub session_index: Option<String>,
    /// `SessionNotOnOrAfter`.
    pub session_not_on_or_after: Option<OffsetDateTime>,
    /// `AuthnContextClassRef`.
    pub class_ref: Option<String>,
    /// `AuthenticatingAuthority`s in order.
    pub authenticating_authorities: Vec<String>,
}

/// `saml:Attribute`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Attribute {
    /// `Name`.
    pub name: String,
    /// `NameFormat`.
    pub name_format: Option<String>,
    /// `FriendlyName`.
    pub friendly_name: Option<String>,
    /// The text of each `AttributeValue`; a value with elements in it makes the assertion unreadable.
    pub values: Vec<String>,
}

impl Assertion {
    /// The values of all attributes with this name.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.attributes
            .iter()
            .filter(move |a| a.name == name)
            .flat_map(|a| a.values.iter().map(String::as_str))
    }
}
