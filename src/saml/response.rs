//! `samlp:Response` and `samlp:Status` (SAML core §3.2.2, §3.3.3).

use super::SchemaError;
use crate::xml::{Canonical, Element, Node};
use time::OffsetDateTime;

/// The envelope of a response, without its assertions: those are read from what is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
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
    /// `Issuer`.
    pub issuer: Option<String>,
    /// `Format` of the Issuer, where stated.
    pub issuer_format: Option<String>,
    /// `Status`.
    pub status: Status,
}

/// `samlp:Status`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Top-level code.
    pub code: String,
    /// Second-level code.
    pub subcode: Option<String>,
    /// `StatusMessage`.
    pub message: Option<String>,
}

impl Status {
    /// Success, without words.
    pub fn success() -> Self { todo!() }
    /// A refusal.
    pub fn refusal(code: &str, subcode: Option<&str>, message: impl Into<String>) -> Self { let _ = (code, subcode, message.into()); todo!() }
    /// Whether the top-level code is Success.
    pub fn is_success(&self) -> bool { todo!() }
}

impl Response {
    /// Reads the envelope. Element order of the schema is enforced; assertions are skipped here.
    pub fn read(root: Node<'_>) -> Result<Self, SchemaError> { let _ = root; todo!() }
    /// The `Assertion` children.
    pub fn assertions<'d>(root: Node<'d>) -> Vec<Node<'d>> { let _ = root; todo!() }
    /// The `EncryptedAssertion` children.
    pub fn encrypted_assertions<'d>(root: Node<'d>) -> Vec<Node<'d>> { let _ = root; todo!() }
    /// The message without signature, around a finished assertion or `EncryptedAssertion`.
    pub fn to_element(&self, content: Option<Content>) -> Element { let _ = content; todo!() }
}

/// What an outgoing response carries.
#[derive(Debug, Clone)]
pub enum Content {
    /// A signed assertion.
    Assertion(Canonical),
    /// `xenc:EncryptedData`, to be wrapped in `saml:EncryptedAssertion`.
    Encrypted(Element),
}
