//! From XML to the two messages, child by child in the order of the schema.

use super::{LogoutRequest, LogoutResponse};
use crate::saml::assertion::NameId;
use crate::saml::response::Status;
use crate::saml::schema::{
    expect, id, instant, no_hidden_assertion, required, required_instant, sequence, string, token,
};
use crate::saml::{SchemaError, schema::Sequence};
use crate::xml::{Node, SAML, SAMLP};

impl LogoutRequest {
    /// Reads the root of a document. The element order of the schema is enforced, an enveloped signature is
    /// skipped. That an identifier is there is for the rules to judge, so that its absence has a row.
    pub fn read(root: Node<'_>) -> Result<Self, SchemaError> {
        expect(root, SAMLP, "LogoutRequest")?;
        no_hidden_assertion(root, false)?;
        let mut children = sequence(root)?;
        let (issuer, issuer_format) = head(&mut children)?;
        let name_id = match children.optional(SAML, "NameID") {
            Some(name) => Some(NameId::read(name)?),
            None => {
                let _ = (children.optional(SAML, "EncryptedID"))
                    .or_else(|| children.optional(SAML, "BaseID"));
                None
            }
        };
        let mut session_indexes = Vec::new();
        while let Some(index) = children.optional(SAMLP, "SessionIndex") {
            session_indexes.push(token(index)?);
        }
        children.end()?;
        Ok(Self {
            id: id(root)?,
            version: required(root, "Version")?.to_owned(),
            issue_instant: required_instant(root, "IssueInstant")?,
            destination: string(root, "Destination"),
            consent: string(root, "Consent"),
            issuer,
            issuer_format,
            reason: string(root, "Reason"),
            not_on_or_after: instant(root, "NotOnOrAfter")?,
            name_id,
            session_indexes,
        })
    }
}

impl LogoutResponse {
    /// Reads the root of a document.
    pub fn read(root: Node<'_>) -> Result<Self, SchemaError> {
        expect(root, SAMLP, "LogoutResponse")?;
        no_hidden_assertion(root, false)?;
        let mut children = sequence(root)?;
        let (issuer, issuer_format) = head(&mut children)?;
        let status = Status::read(children.required(SAMLP, "Status")?)?;
        children.end()?;
        Ok(Self {
            id: id(root)?,
            version: required(root, "Version")?.to_owned(),
            issue_instant: required_instant(root, "IssueInstant")?,
            in_response_to: string(root, "InResponseTo"),
            destination: string(root, "Destination"),
            consent: string(root, "Consent"),
            issuer,
            issuer_format,
            status,
        })
    }
}

/// What both begin with: Issuer, Signature, Extensions (SAML core §3.2.1, §3.2.2).
fn head<'d, I: Iterator<Item = Node<'d>>>(
    children: &mut Sequence<'d, I>,
) -> Result<(Option<String>, Option<String>), SchemaError> {
    let issuer = children.optional(SAML, "Issuer");
    children.skip_signature()?;
    children.optional(SAMLP, "Extensions");
    Ok((
        issuer.map(token).transpose()?,
        issuer.and_then(|issuer| string(issuer, "Format")),
    ))
}
