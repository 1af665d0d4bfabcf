//! From XML to [`AuthnRequest`], child by child in the order of the schema.

use super::{AuthnRequest, Comparison, IdpEntry, NameIdPolicy, RequestedAuthnContext, Scoping};
use crate::saml::SchemaError;
use crate::saml::assertion::Conditions;
use crate::saml::schema::{
    boolean, count, empty, expect, id, no_hidden_assertion, refuse, required, required_instant,
    sequence, string, token, trim, unsigned_short,
};
use crate::xml::{Node, SAML, SAMLP};

impl AuthnRequest {
    /// Reads the root of a document. The element order of the schema is enforced, an enveloped signature
    /// is skipped, `Extensions` are allowed and ignored.
    pub fn read(root: Node<'_>) -> Result<Self, SchemaError> {
        expect(root, SAMLP, "AuthnRequest")?;
        no_hidden_assertion(root, false)?;
        let mut children = sequence(root)?;
        let issuer = children.optional(SAML, "Issuer").map(token).transpose()?;
        children.skip_signature()?;
        children.optional(SAMLP, "Extensions");
        // Whom the system wants an assertion about. The hub does not know anybody before an IdP has
        // answered, so there is nothing to do with it, but it is good SAML (SAML core §3.4.1.1).
        children.optional(SAML, "Subject");
        let name_id_policy = children
            .optional(SAMLP, "NameIDPolicy")
            .map(NameIdPolicy::read)
            .transpose()?;
        let audiences = match children.optional(SAML, "Conditions") {
            Some(conditions) => Conditions::read(conditions)?.audience_restrictions.concat(),
            None => Vec::new(),
        };
        let requested_authn_context = children
            .optional(SAMLP, "RequestedAuthnContext")
            .map(RequestedAuthnContext::read)
            .transpose()?;
        let scoping = children
            .optional(SAMLP, "Scoping")
            .map(Scoping::read)
            .transpose()?;
        children.end()?;
        Ok(Self {
            id: id(root)?,
            version: required(root, "Version")?.to_owned(),
            issue_instant: required_instant(root, "IssueInstant")?,
            destination: string(root, "Destination"),
            issuer,
            force_authn: boolean(root, "ForceAuthn")?,
            is_passive: boolean(root, "IsPassive")?,
            protocol_binding: string(root, "ProtocolBinding"),
            acs_url: string(root, "AssertionConsumerServiceURL"),
            acs_index: unsigned_short(root, "AssertionConsumerServiceIndex")?,
            attribute_consuming_service_index: unsigned_short(
                root,
                "AttributeConsumingServiceIndex",
            )?,
            provider_name: string(root, "ProviderName"),
            consent: string(root, "Consent"),
            name_id_policy,
            audiences,
            requested_authn_context,
            scoping,
        })
    }
}

impl NameIdPolicy {
    fn read(node: Node<'_>) -> Result<Self, SchemaError> {
        empty(node)?;
        Ok(Self {
            format: string(node, "Format"),
            allow_create: boolean(node, "AllowCreate")?,
        })
    }
}

impl RequestedAuthnContext {
    fn read(node: Node<'_>) -> Result<Self, SchemaError> {
        let comparison = match node.attribute("Comparison") {
            None => None,
            Some(word) => match Comparison::parse(trim(word)) {
                Some(comparison) => Some(comparison),
                None => {
                    return Err(refuse(node, |name| {
                        format!("the Comparison of {name} is none of SAML's")
                    }));
                }
            },
        };
        let mut children = sequence(node)?;
        let mut class_refs = Vec::new();
        while let Some(reference) = children.optional(SAML, "AuthnContextClassRef") {
            class_refs.push(token(reference)?);
        }
        // The schema has a choice here: classes or declarations, one at least, not both.
        let mut decl_refs = Vec::new();
        if class_refs.is_empty() {
            if children.peek().is_none() {
                return Err(refuse(node, |name| {
                    format!("{name} has no AuthnContextClassRef")
                }));
            }
            while let Some(reference) = children.optional(SAML, "AuthnContextDeclRef") {
                decl_refs.push(token(reference)?);
            }
        }
        children.end()?;
        Ok(Self {
            comparison,
            class_refs,
            decl_refs,
        })
    }
}

impl Scoping {
    fn read(node: Node<'_>) -> Result<Self, SchemaError> {
        let mut scoping = Self {
            proxy_count: count(node, "ProxyCount")?,
            ..Self::default()
        };
        let mut children = sequence(node)?;
        if let Some(list) = children.optional(SAMLP, "IDPList") {
            let mut entries = sequence(list)?;
            scoping
                .idp_list
                .push(IdpEntry::read(entries.required(SAMLP, "IDPEntry")?)?);
            while let Some(entry) = entries.optional(SAMLP, "IDPEntry") {
                scoping.idp_list.push(IdpEntry::read(entry)?);
            }
            // A URL that the complete list could be fetched from. The hub fetches nothing.
            entries.optional(SAMLP, "GetComplete");
            entries.end()?;
        }
        while let Some(requester) = children.optional(SAMLP, "RequesterID") {
            scoping.requester_ids.push(token(requester)?);
        }
        children.end()?;
        Ok(scoping)
    }
}

impl IdpEntry {
    fn read(node: Node<'_>) -> Result<Self, SchemaError> {
        empty(node)?;
        Ok(Self {
            provider_id: required(node, "ProviderID")?.to_owned(),
            name: string(node, "Name"),
        })
    }
}
