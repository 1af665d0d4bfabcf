//! From the two messages to XML, valid by the schema.

use super::{LogoutRequest, LogoutResponse};
use crate::saml::assertion::{NameId, issuer};
use crate::saml::time::format;
use crate::xml::{Element, SAMLP};

impl LogoutRequest {
    /// The message without signature.
    pub fn to_element(&self) -> Element {
        Element::new(SAMLP, "LogoutRequest")
            .attr("ID", self.id.clone())
            .attr("Version", self.version.clone())
            .attr("IssueInstant", format(self.issue_instant))
            .attr_opt("Destination", self.destination.clone())
            .attr_opt("Consent", self.consent.clone())
            .attr_opt("Reason", self.reason.clone())
            .attr_opt("NotOnOrAfter", self.not_on_or_after.map(format))
            .child_opt(
                (self.issuer.as_deref()).map(|name| issuer(name, self.issuer_format.as_deref())),
            )
            .child_opt(self.name_id.as_ref().map(NameId::to_element))
            .children(
                (self.session_indexes.iter())
                    .map(|index| Element::new(SAMLP, "SessionIndex").text(index.clone())),
            )
    }
}

impl LogoutResponse {
    /// The message without signature.
    pub fn to_element(&self) -> Element {
        Element::new(SAMLP, "LogoutResponse")
            .attr("ID", self.id.clone())
            .attr_opt("InResponseTo", self.in_response_to.clone())
            .attr("Version", self.version.clone())
            .attr("IssueInstant", format(self.issue_instant))
            .attr_opt("Destination", self.destination.clone())
            .attr_opt("Consent", self.consent.clone())
            .child_opt(
                (self.issuer.as_deref()).map(|name| issuer(name, self.issuer_format.as_deref())),
            )
            .child(self.status.to_element())
    }
}
