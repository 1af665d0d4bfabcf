//! `samlp:LogoutRequest` and `samlp:LogoutResponse` (SAML core §3.7).

mod read;
mod write;

#[cfg(test)]
mod tests;

use super::assertion::NameId;
use super::response::Status;
use time::OffsetDateTime;

/// A request to end a session: from the party where the user logs out, or from the hub to the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutRequest {
    /// `ID`.
    pub id: String,
    /// `Version` as stated.
    pub version: String,
    /// `IssueInstant`.
    pub issue_instant: OffsetDateTime,
    /// `Destination`.
    pub destination: Option<String>,
    /// `Consent`.
    pub consent: Option<String>,
    /// `Issuer`, the entityID of the sender.
    pub issuer: Option<String>,
    /// `Format` of the Issuer, where stated.
    pub issuer_format: Option<String>,
    /// `Reason`, a URI.
    pub reason: Option<String>,
    /// `NotOnOrAfter`.
    pub not_on_or_after: Option<OffsetDateTime>,
    /// `NameID`; `None` where there is no identifier, a `BaseID`, or an encrypted one.
    pub name_id: Option<NameId>,
    /// `SessionIndex`es in order; none means all sessions of the user.
    pub session_indexes: Vec<String>,
}

/// The answer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutResponse {
    /// `ID`.
    pub id: String,
    /// `Version` as stated.
    pub version: String,
    /// `IssueInstant`.
    pub issue_instant: OffsetDateTime,
    /// `InResponseTo`.
    pub in_response_to: Option<String>,
    /// `Destination`.
    pub destination: Option<String>,
    /// `Consent`.
    pub consent: Option<String>,
    /// `Issuer`, the entityID of the sender.
    pub issuer: Option<String>,
    /// `Format` of the Issuer, where stated.
    pub issuer_format: Option<String>,
    /// `Status`.
    pub status: Status,
}
