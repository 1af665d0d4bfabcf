//! `samlp:Response` and `samlp:Status` (SAML core §3.2.2, §3.3.3).

use super::SchemaError;
use super::assertion::issuer;
use super::names::status as names;
use super::schema::{
    expect, id, no_hidden_assertion, refuse, required, required_instant, sequence, string, text,
    token,
};
use super::time::format;
use crate::xml::{Canonical, Element, Node, SAML, SAMLP};
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

/// What an outgoing response carries.
#[derive(Debug, Clone)]
pub enum Content {
    /// A signed assertion.
    Assertion(Canonical),
    /// `xenc:EncryptedData`, to be wrapped in `saml:EncryptedAssertion`.
    Encrypted(Element),
}

impl Status {
    /// Success, without words.
    pub fn success() -> Self {
        Self {
            code: names::SUCCESS.to_owned(),
            subcode: None,
            message: None,
        }
    }

    /// A refusal.
    pub fn refusal(code: &str, subcode: Option<&str>, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            subcode: subcode.map(str::to_owned),
            message: Some(message.into()),
        }
    }

    /// Whether the top-level code is Success.
    pub fn is_success(&self) -> bool {
        self.code == names::SUCCESS
    }

    /// Reads `samlp:Status`; `StatusDetail` is for the peer's own people and skipped.
    pub(in crate::saml) fn read(node: Node<'_>) -> Result<Self, SchemaError> {
        let mut children = sequence(node)?;
        let code = children.required(SAMLP, "StatusCode")?;
        let message = children
            .optional(SAMLP, "StatusMessage")
            .map(text)
            .transpose()?;
        children.optional(SAMLP, "StatusDetail");
        children.end()?;
        let (code, below) = read_code(code)?;
        // Codes may go deeper than the second level; nobody says what a third one would mean.
        let (mut subcode, mut deeper) = (None, below);
        while let Some(node) = deeper {
            let (value, below) = read_code(node)?;
            subcode.get_or_insert(value);
            deeper = below;
        }
        Ok(Self {
            code,
            subcode,
            message,
        })
    }

    pub(in crate::saml) fn to_element(&self) -> Element {
        let subcode = self
            .subcode
            .clone()
            .map(|code| Element::new(SAMLP, "StatusCode").attr("Value", code));
        Element::new(SAMLP, "Status")
            .child(
                Element::new(SAMLP, "StatusCode")
                    .attr("Value", self.code.clone())
                    .child_opt(subcode),
            )
            .child_opt(
                self.message
                    .clone()
                    .map(|message| Element::new(SAMLP, "StatusMessage").text(message)),
            )
    }
}

/// The value of one `StatusCode`, and the code in it.
fn read_code(node: Node<'_>) -> Result<(String, Option<Node<'_>>), SchemaError> {
    let mut children = sequence(node)?;
    let below = children.optional(SAMLP, "StatusCode");
    children.end()?;
    Ok((required(node, "Value")?.to_owned(), below))
}

impl Response {
    /// Reads the envelope. Element order of the schema is enforced; assertions are skipped here, but they
    /// may stand nowhere else than as children of the Response.
    pub fn read(root: Node<'_>) -> Result<Self, SchemaError> {
        expect(root, SAMLP, "Response")?;
        no_hidden_assertion(root, true)?;
        if let Some(inner) = root.descendants().find(|node| node.is(SAMLP, "Response")) {
            return Err(refuse(inner, |name| format!("{name} inside another one")));
        }
        let mut children = sequence(root)?;
        let issuer = children.optional(SAML, "Issuer");
        children.skip_signature()?;
        children.optional(SAMLP, "Extensions");
        let status = Status::read(children.required(SAMLP, "Status")?)?;
        while (children.optional(SAML, "Assertion"))
            .or_else(|| children.optional(SAML, "EncryptedAssertion"))
            .is_some()
        {}
        children.end()?;
        Ok(Self {
            id: id(root)?,
            version: required(root, "Version")?.to_owned(),
            issue_instant: required_instant(root, "IssueInstant")?,
            // An NCName by the schema, but only ever compared with an ID: a peer that echoes a sloppy one is
            // judged by the comparison.
            in_response_to: string(root, "InResponseTo"),
            destination: string(root, "Destination"),
            consent: string(root, "Consent"),
            issuer: issuer.map(token).transpose()?,
            issuer_format: issuer.and_then(|issuer| string(issuer, "Format")),
            status,
        })
    }

    /// The `Assertion` children.
    pub fn assertions<'d>(root: Node<'d>) -> Vec<Node<'d>> {
        root.elements()
            .filter(|node| node.is(SAML, "Assertion"))
            .collect()
    }

    /// The `EncryptedAssertion` children.
    pub fn encrypted_assertions<'d>(root: Node<'d>) -> Vec<Node<'d>> {
        root.elements()
            .filter(|node| node.is(SAML, "EncryptedAssertion"))
            .collect()
    }

    /// The message without signature, around a finished assertion or `EncryptedAssertion`.
    pub fn to_element(&self, content: Option<Content>) -> Element {
        let response = Element::new(SAMLP, "Response")
            .attr("ID", self.id.clone())
            .attr_opt("InResponseTo", self.in_response_to.clone())
            .attr("Version", self.version.clone())
            .attr("IssueInstant", format(self.issue_instant))
            .attr_opt("Destination", self.destination.clone())
            .attr_opt("Consent", self.consent.clone())
            .child_opt(
                self.issuer
                    .as_deref()
                    .map(|name| issuer(name, self.issuer_format.as_deref())),
            )
            .child(self.status.to_element());
        match content {
            None => response,
            Some(Content::Assertion(assertion)) => response.canonical_child(assertion),
            Some(Content::Encrypted(data)) => {
                response.child(Element::new(SAML, "EncryptedAssertion").child(data))
            }
        }
    }
}

#[cfg(test)]
mod tests;
