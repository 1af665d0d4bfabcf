//! From [`Assertion`] to XML, valid by the schema. No `xsi:type` is written: a value is a string.

use super::{Assertion, Attribute, AuthnStatement, Conditions, NameId, SubjectConfirmation};
use crate::saml::time::format;
use crate::xml::{Element, SAML};

/// Stands in for a class that is not known, because the schema wants one (SAML authentication context §3.4.25).
const UNSPECIFIED_CLASS: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified";

impl Assertion {
    /// The assertion without signature.
    pub fn to_element(&self) -> Element {
        let subject = (self.name_id.is_some() || !self.confirmations.is_empty()).then(|| {
            Element::new(SAML, "Subject")
                .child_opt(self.name_id.as_ref().map(NameId::to_element))
                .children(
                    self.confirmations
                        .iter()
                        .map(SubjectConfirmation::to_element),
                )
        });
        let attributes = (!self.attributes.is_empty()).then(|| {
            Element::new(SAML, "AttributeStatement")
                .children(self.attributes.iter().map(Attribute::to_element))
        });
        Element::new(SAML, "Assertion")
            .attr("ID", self.id.clone())
            .attr("Version", self.version.clone())
            .attr("IssueInstant", format(self.issue_instant))
            .child(issuer(&self.issuer, self.issuer_format.as_deref()))
            .child_opt(subject)
            .child_opt(self.conditions.as_ref().map(Conditions::to_element))
            .children(self.authn_statements.iter().map(AuthnStatement::to_element))
            .child_opt(attributes)
    }
}

/// `saml:Issuer`, the same in every message.
pub(in crate::saml) fn issuer(name: &str, format: Option<&str>) -> Element {
    Element::new(SAML, "Issuer")
        .attr_opt("Format", format.map(str::to_owned))
        .text(name.to_owned())
}

impl NameId {
    /// `saml:NameID`.
    pub(in crate::saml) fn to_element(&self) -> Element {
        Element::new(SAML, "NameID")
            .attr_opt("NameQualifier", self.name_qualifier.clone())
            .attr_opt("SPNameQualifier", self.sp_name_qualifier.clone())
            .attr_opt("Format", self.format.clone())
            .text(self.value.clone())
    }
}

impl SubjectConfirmation {
    fn to_element(&self) -> Element {
        let has_data = self.recipient.is_some()
            || self.not_before.is_some()
            || self.not_on_or_after.is_some()
            || self.in_response_to.is_some();
        let data = has_data.then(|| {
            Element::new(SAML, "SubjectConfirmationData")
                .attr_opt("InResponseTo", self.in_response_to.clone())
                .attr_opt("NotBefore", self.not_before.map(format))
                .attr_opt("NotOnOrAfter", self.not_on_or_after.map(format))
                .attr_opt("Recipient", self.recipient.clone())
        });
        Element::new(SAML, "SubjectConfirmation")
            .attr("Method", self.method.clone())
            .child_opt(data)
    }
}

impl Conditions {
    /// Conditions of kinds that we do not know are not written.
    fn to_element(&self) -> Element {
        Element::new(SAML, "Conditions")
            .attr_opt("NotBefore", self.not_before.map(format))
            .attr_opt("NotOnOrAfter", self.not_on_or_after.map(format))
            .children(
                self.audience_restrictions
                    .iter()
                    .map(|list| audience_restriction(list)),
            )
            .child_opt(self.one_time_use.then(|| Element::new(SAML, "OneTimeUse")))
            .child_opt(self.proxy_restriction.map(|count| {
                Element::new(SAML, "ProxyRestriction")
                    .attr_opt("Count", count.map(|n| n.to_string()))
            }))
    }
}

/// `saml:AudienceRestriction`.
pub(in crate::saml) fn audience_restriction(audiences: &[String]) -> Element {
    Element::new(SAML, "AudienceRestriction").children(
        audiences
            .iter()
            .map(|audience| Element::new(SAML, "Audience").text(audience.clone())),
    )
}

impl AuthnStatement {
    fn to_element(&self) -> Element {
        let class = self
            .class_ref
            .clone()
            .unwrap_or_else(|| UNSPECIFIED_CLASS.to_owned());
        let context = Element::new(SAML, "AuthnContext")
            .child(Element::new(SAML, "AuthnContextClassRef").text(class))
            .children((self.authenticating_authorities.iter()).map(|authority| {
                Element::new(SAML, "AuthenticatingAuthority").text(authority.clone())
            }));
        Element::new(SAML, "AuthnStatement")
            .attr("AuthnInstant", format(self.authn_instant))
            .attr_opt("SessionIndex", self.session_index.clone())
            .attr_opt(
                "SessionNotOnOrAfter",
                self.session_not_on_or_after.map(format),
            )
            .child(context)
    }
}

impl Attribute {
    /// `saml:Attribute`.
    pub(crate) fn to_element(&self) -> Element {
        Element::new(SAML, "Attribute")
            .attr("Name", self.name.clone())
            .attr_opt("NameFormat", self.name_format.clone())
            .attr_opt("FriendlyName", self.friendly_name.clone())
            .children(
                self.values
                    .iter()
                    .map(|value| Element::new(SAML, "AttributeValue").text(value.clone())),
            )
    }
}
