//! From [`Entity`] to XML, valid by saml-schema-metadata-2.0.xsd if the roles have what it demands of them:
//! an identity provider a SingleSignOnService, a system an AssertionConsumerService.

use super::{
    EncryptionMethod, Endpoint, Entity, IdpRole, IndexedEndpoint, KeyDescriptor, KeyUse, SpRole,
    algorithms,
};
use crate::saml::assertion::Attribute;
use crate::saml::names::{ASSURANCE_CERTIFICATION, PROTOCOL, attribute_name_format};
use crate::saml::schema::bool_word;
use crate::saml::time::format;
use crate::xml::{DS, Element, MD, MDATTR, XENC11};

/// The language that names are in.
const LANGUAGE: &str = "da";

impl Entity {
    /// The descriptor without signature: schema-valid. `extensions` of the role are written when
    /// `assurance_certification` is not empty.
    pub fn to_element(&self) -> Element {
        self.write(None)
    }

    /// The same with `extensions` in the IdP role instead of its own: how the hub imitates the real hub's
    /// entity attributes, which no schema-valid form can.
    pub fn to_element_with_role_extensions(&self, extensions: Element) -> Element {
        self.write(Some(extensions))
    }

    fn write(&self, extensions: Option<Element>) -> Element {
        Element::new(MD, "EntityDescriptor")
            .attr_opt("ID", self.id.clone())
            .attr("entityID", self.entity_id.clone())
            .attr_opt("validUntil", self.valid_until.map(format))
            .child_opt(self.idp.as_ref().map(|role| role.to_element(extensions)))
            .child_opt(self.sp.as_ref().map(SpRole::to_element))
            .child_opt(
                self.organization
                    .as_ref()
                    .map(|name| organization(name, &self.entity_id)),
            )
    }
}

impl IdpRole {
    fn to_element(&self, extensions: Option<Element>) -> Element {
        Element::new(MD, "IDPSSODescriptor")
            .attr(
                "WantAuthnRequestsSigned",
                bool_word(self.want_authn_requests_signed),
            )
            .attr("protocolSupportEnumeration", PROTOCOL)
            .child_opt(extensions.or_else(|| assurance(&self.assurance_certification)))
            .children(self.keys.iter().filter_map(KeyDescriptor::to_element))
            .children(
                self.single_logout
                    .iter()
                    .map(|service| service.to_element("SingleLogoutService")),
            )
            .children(name_id_formats(&self.name_id_formats))
            .children(
                self.single_sign_on
                    .iter()
                    .map(|service| service.to_element("SingleSignOnService")),
            )
    }
}

impl SpRole {
    fn to_element(&self) -> Element {
        Element::new(MD, "SPSSODescriptor")
            .attr("AuthnRequestsSigned", bool_word(self.authn_requests_signed))
            .attr(
                "WantAssertionsSigned",
                bool_word(self.want_assertions_signed),
            )
            .attr("protocolSupportEnumeration", PROTOCOL)
            .children(self.keys.iter().filter_map(KeyDescriptor::to_element))
            .children(
                self.single_logout
                    .iter()
                    .map(|service| service.to_element("SingleLogoutService")),
            )
            .children(name_id_formats(&self.name_id_formats))
            .children(
                self.assertion_consumer
                    .iter()
                    .map(IndexedEndpoint::to_element),
            )
    }
}

fn name_id_formats(formats: &[String]) -> impl Iterator<Item = Element> + '_ {
    formats
        .iter()
        .map(|format| Element::new(MD, "NameIDFormat").text(format.clone()))
}

/// `Extensions` with the entity attribute, one attribute with all values.
fn assurance(values: &[String]) -> Option<Element> {
    if values.is_empty() {
        return None;
    }
    let attribute = Attribute {
        name: ASSURANCE_CERTIFICATION.to_owned(),
        name_format: Some(attribute_name_format::URI.to_owned()),
        friendly_name: None,
        values: values.to_vec(),
    };
    let attributes = Element::new(MDATTR, "EntityAttributes").child(attribute.to_element());
    Some(Element::new(MD, "Extensions").child(attributes))
}

impl Endpoint {
    fn to_element(&self, local: &'static str) -> Element {
        Element::new(MD, local)
            .attr("Binding", self.binding.clone())
            .attr("Location", self.location.clone())
            .attr_opt("ResponseLocation", self.response_location.clone())
    }
}

impl IndexedEndpoint {
    fn to_element(&self) -> Element {
        (self.endpoint.to_element("AssertionConsumerService"))
            .attr("index", self.index.to_string())
            .attr_opt("isDefault", self.is_default.map(bool_word))
    }
}

impl KeyDescriptor {
    /// Nothing for a descriptor without certificate: the schema has no empty KeyInfo.
    fn to_element(&self) -> Option<Element> {
        if self.certificates.is_empty() {
            return None;
        }
        let usage = match self.usage {
            KeyUse::Signing => Some("signing"),
            KeyUse::Encryption => Some("encryption"),
            KeyUse::Both => None,
        };
        let certificates = self.certificates.iter().map(|text| {
            Element::new(DS, "X509Data")
                .child(Element::new(DS, "X509Certificate").text(text.clone()))
        });
        let element = Element::new(MD, "KeyDescriptor")
            .attr_opt("use", usage)
            .child(Element::new(DS, "KeyInfo").children(certificates))
            .children(
                self.encryption_methods
                    .iter()
                    .map(EncryptionMethod::to_element),
            );
        Some(element)
    }
}

impl EncryptionMethod {
    /// The digest is always written: readers disagree about what its absence means.
    fn to_element(&self) -> Element {
        let element = Element::new(MD, "EncryptionMethod")
            .attr("Algorithm", algorithms::uri(self).to_owned());
        let Self::Transport(transport) = self else {
            return element;
        };
        let mgf = transport.xmlenc11.then(|| {
            Element::new(XENC11, "MGF").attr("Algorithm", algorithms::mask_uri(transport.mgf))
        });
        element
            .child(Element::new(DS, "DigestMethod").attr("Algorithm", transport.digest.uri()))
            .child_opt(mgf)
    }
}

/// `Organization`, all of whose parts the schema demands. The entityID stands in for the address, which we
/// do not know.
fn organization(name: &str, entity_id: &str) -> Element {
    let localized = |local, text: &str| {
        Element::new(MD, local)
            .attr("xml:lang", LANGUAGE)
            .text(text.to_owned())
    };
    Element::new(MD, "Organization")
        .child(localized("OrganizationName", name))
        .child(localized("OrganizationDisplayName", name))
        .child(localized("OrganizationURL", entity_id))
}
