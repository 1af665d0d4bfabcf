//! From [`AuthnRequest`] to XML, valid by the schema.

use super::{AuthnRequest, Comparison, IdpEntry, NameIdPolicy, RequestedAuthnContext, Scoping};
use crate::saml::assertion::{audience_restriction, issuer};
use crate::saml::schema::bool_word;
use crate::saml::time::format;
use crate::xml::{Element, SAML, SAMLP};

impl AuthnRequest {
    /// The message without signature.
    pub fn to_element(&self) -> Element {
        let conditions = (!self.audiences.is_empty())
            .then(|| Element::new(SAML, "Conditions").child(audience_restriction(&self.audiences)));
        Element::new(SAMLP, "AuthnRequest")
            .attr("ID", self.id.clone())
            .attr("Version", self.version.clone())
            .attr("IssueInstant", format(self.issue_instant))
            .attr_opt("Destination", self.destination.clone())
            .attr_opt("Consent", self.consent.clone())
            .attr_opt("ForceAuthn", self.force_authn.map(bool_word))
            .attr_opt("IsPassive", self.is_passive.map(bool_word))
            .attr_opt("ProtocolBinding", self.protocol_binding.clone())
            .attr_opt(
                "AssertionConsumerServiceIndex",
                self.acs_index.map(|n| n.to_string()),
            )
            .attr_opt("AssertionConsumerServiceURL", self.acs_url.clone())
            .attr_opt(
                "AttributeConsumingServiceIndex",
                self.attribute_consuming_service_index
                    .map(|n| n.to_string()),
            )
            .attr_opt("ProviderName", self.provider_name.clone())
            .child_opt(self.issuer.as_deref().map(|name| issuer(name, None)))
            .child_opt(self.name_id_policy.as_ref().map(NameIdPolicy::to_element))
            .child_opt(conditions)
            .child_opt(
                self.requested_authn_context
                    .as_ref()
                    .map(RequestedAuthnContext::to_element),
            )
            .child_opt(self.scoping.as_ref().map(Scoping::to_element))
    }
}

impl NameIdPolicy {
    fn to_element(&self) -> Element {
        Element::new(SAMLP, "NameIDPolicy")
            .attr_opt("Format", self.format.clone())
            .attr_opt("AllowCreate", self.allow_create.map(bool_word))
    }
}

impl RequestedAuthnContext {
    /// The schema has a choice: declarations are written only where there are no classes.
    fn to_element(&self) -> Element {
        let (local, references) = match self.class_refs.as_slice() {
            [] => ("AuthnContextDeclRef", &self.decl_refs),
            _ => ("AuthnContextClassRef", &self.class_refs),
        };
        Element::new(SAMLP, "RequestedAuthnContext")
            .attr_opt("Comparison", self.comparison.map(Comparison::as_str))
            .children(
                references
                    .iter()
                    .map(|reference| Element::new(SAML, local).text(reference.clone())),
            )
    }
}

impl Scoping {
    fn to_element(&self) -> Element {
        let list = (!self.idp_list.is_empty()).then(|| {
            Element::new(SAMLP, "IDPList").children(self.idp_list.iter().map(IdpEntry::to_element))
        });
        Element::new(SAMLP, "Scoping")
            .attr_opt("ProxyCount", self.proxy_count.map(|n| n.to_string()))
            .child_opt(list)
            .children(
                self.requester_ids
                    .iter()
                    .map(|id| Element::new(SAMLP, "RequesterID").text(id.clone())),
            )
    }
}

impl IdpEntry {
    fn to_element(&self) -> Element {
        Element::new(SAMLP, "IDPEntry")
            .attr("ProviderID", self.provider_id.clone())
            .attr_opt("Name", self.name.clone())
    }
}
