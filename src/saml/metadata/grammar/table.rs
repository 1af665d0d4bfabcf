//! What each element of metadata may hold (SAML metadata §2; XML Signature §4.5; XML Encryption §3.2), one line
//! each.

use super::XML;
use super::types::Type::{self, *};
use crate::xml::{DS, MD, Node, Ns, SAML, XENC};

/// What an element may hold.
pub(super) struct Shape {
    /// Its own attributes.
    pub attributes: &'static [Declared],
    /// Whether it has room for attributes of other namespaces.
    pub foreign: bool,
    /// What stands in it.
    pub content: Content,
}

/// An attribute.
pub(super) struct Declared {
    pub namespace: &'static str,
    pub local: &'static str,
    pub required: bool,
    pub kind: Type,
}

/// What stands in an element.
#[derive(Clone, Copy)]
pub(super) enum Content {
    /// Whatever.
    Any,
    /// A value.
    Text(Type),
    /// Elements in this order.
    Elements(&'static [Part]),
    /// The same with text around them.
    Mixed(&'static [Part]),
}

/// A part of a sequence.
pub(super) struct Part {
    /// Any of these.
    pub names: &'static [Name],
    /// At least one of them.
    pub needed: bool,
    /// As often as one likes.
    pub many: bool,
}

/// The name of an element.
#[derive(Clone, Copy)]
pub(super) enum Name {
    /// This one.
    Is(Ns, &'static str),
    /// Any of another namespace than this one.
    Other(Ns),
}

const fn attribute(local: &'static str, kind: Type, required: bool) -> Declared {
    Declared {
        namespace: "",
        local,
        required,
        kind,
    }
}

/// An attribute that may be left out.
const fn may(local: &'static str, kind: Type) -> Declared {
    attribute(local, kind, false)
}

/// An attribute that must be there.
const fn must(local: &'static str, kind: Type) -> Declared {
    attribute(local, kind, true)
}

const fn part(names: &'static [Name], needed: bool, many: bool) -> Part {
    Part {
        names,
        needed,
        many,
    }
}

const LANG: Declared = Declared {
    namespace: XML,
    local: "lang",
    required: true,
    kind: Language,
};
const BINDING: Declared = must("Binding", Text);
const LOCATION: Declared = must("Location", Text);
const RESPONSE_LOCATION: Declared = may("ResponseLocation", Text);
const INDEX: Declared = must("index", UnsignedShort);
const IS_DEFAULT: Declared = may("isDefault", Boolean);
const ID: Declared = may("ID", Id);
const VALID_UNTIL: Declared = may("validUntil", DateTime);
const CACHE_DURATION: Declared = may("cacheDuration", Duration);
const PROTOCOLS: Declared = must("protocolSupportEnumeration", Text);
const ERROR_URL: Declared = may("errorURL", Text);
const ROLES: &[Name] = &[
    Name::Is(MD, "RoleDescriptor"),
    Name::Is(MD, "IDPSSODescriptor"),
    Name::Is(MD, "SPSSODescriptor"),
    Name::Is(MD, "AuthnAuthorityDescriptor"),
    Name::Is(MD, "AttributeAuthorityDescriptor"),
    Name::Is(MD, "PDPDescriptor"),
    Name::Is(MD, "AffiliationDescriptor"),
];

/// One line for each element: `namespace name: attributes, room for others?, content`. In content, `?` is at most
/// one, `+` one or more, `*` any number, and nothing exactly one.
macro_rules! shapes {
    ($($ns:ident { $($local:literal)|+ [$($attribute:expr),*] $foreign:ident $content:tt })*) => {
        /// What this element may hold; none for one that the table does not have.
        pub(super) fn shape(node: Node<'_>) -> Option<&'static Shape> {
            $(if node.namespace() == $ns.uri && [$($local),+].contains(&node.local()) {
                static SHAPE: Shape = Shape {
                    attributes: &[$($attribute),*],
                    foreign: shapes!(@room $foreign),
                    content: shapes!(@content $content),
                };
                return Some(&SHAPE);
            })*
            None
        }
    };
    (@room open) => { true };
    (@room closed) => { false };
    (@content (any)) => { Content::Any };
    (@content (text $kind:expr)) => { Content::Text($kind) };
    (@content (mixed $($rest:tt)*)) => { Content::Mixed(shapes!(@parts [] $($rest)*)) };
    (@content ($($rest:tt)*)) => { Content::Elements(shapes!(@parts [] $($rest)*)) };
    (@parts [$($done:expr,)*]) => { &[$($done,)*] };
    (@parts [$($done:expr,)*] roles + $($rest:tt)*) => {
        shapes!(@parts [$($done,)* part(ROLES, true, true),] $($rest)*)
    };
    (@parts [$($done:expr,)*] {$($ns:ident $name:literal),* $(; other $other:ident)?} $count:tt $($rest:tt)*) => {
        shapes!(@parts [$($done,)* shapes!(@part (&[$(Name::Is($ns, $name),)* $(Name::Other($other))?]) $count),] $($rest)*)
    };
    (@parts [$($done:expr,)*] other $ns:ident $count:tt $($rest:tt)*) => {
        shapes!(@parts [$($done,)* shapes!(@part (&[Name::Other($ns)]) $count),] $($rest)*)
    };
    (@parts [$($done:expr,)*] $ns:ident $name:literal $count:tt $($rest:tt)*) => {
        shapes!(@parts [$($done,)* shapes!(@part (&[Name::Is($ns, $name)]) $count),] $($rest)*)
    };
    (@part ($names:expr) =) => { part($names, true, false) };
    (@part ($names:expr) ?) => { part($names, false, false) };
    (@part ($names:expr) +) => { part($names, true, true) };
    (@part ($names:expr) *) => { part($names, false, true) };
}

shapes! {
    MD { "EntitiesDescriptor" [VALID_UNTIL, CACHE_DURATION, ID, may("Name", Text)] closed
        (DS "Signature" ? MD "Extensions" ? {MD "EntityDescriptor", MD "EntitiesDescriptor"} +) }
    MD { "EntityDescriptor" [must("entityID", EntityId), VALID_UNTIL, CACHE_DURATION, ID] open
        (DS "Signature" ? MD "Extensions" ? roles + MD "Organization" ? MD "ContactPerson" * MD "AdditionalMetadataLocation" *) }
    MD { "Extensions" [] closed (other MD +) }
    MD { "Organization" [] open
        (MD "Extensions" ? MD "OrganizationName" + MD "OrganizationDisplayName" + MD "OrganizationURL" +) }
    MD { "OrganizationName" | "OrganizationDisplayName" | "OrganizationURL" | "ServiceName" | "ServiceDescription" [LANG] closed
        (text Text) }
    MD { "ContactPerson" [must("contactType", OneOf(&["technical", "support", "administrative", "billing", "other"]))] open
        (MD "Extensions" ? MD "Company" ? MD "GivenName" ? MD "SurName" ? MD "EmailAddress" * MD "TelephoneNumber" *) }
    MD { "Company" | "GivenName" | "SurName" | "EmailAddress" | "TelephoneNumber" | "NameIDFormat" | "AttributeProfile" [] closed
        (text Text) }
    MD { "AdditionalMetadataLocation" [must("namespace", Text)] closed (text Text) }
    MD { "RoleDescriptor" [ID, VALID_UNTIL, CACHE_DURATION, PROTOCOLS, ERROR_URL] open (any) }
    MD { "KeyDescriptor" [may("use", OneOf(&["encryption", "signing"]))] closed
        (DS "KeyInfo" = MD "EncryptionMethod" *) }
    MD { "EncryptionMethod" [must("Algorithm", Text)] closed
        (mixed XENC "KeySize" ? XENC "OAEPparams" ? other XENC *) }
    MD { "SingleLogoutService" | "ManageNameIDService" | "SingleSignOnService" | "NameIDMappingService"
        | "AssertionIDRequestService" | "AuthnQueryService" | "AuthzService" | "AttributeService"
        [BINDING, LOCATION, RESPONSE_LOCATION] open (other MD *) }
    MD { "ArtifactResolutionService" | "AssertionConsumerService"
        [BINDING, LOCATION, RESPONSE_LOCATION, INDEX, IS_DEFAULT] open (other MD *) }
    MD { "IDPSSODescriptor" [ID, VALID_UNTIL, CACHE_DURATION, PROTOCOLS, ERROR_URL, may("WantAuthnRequestsSigned", Boolean)] open
        (DS "Signature" ? MD "Extensions" ? MD "KeyDescriptor" * MD "Organization" ? MD "ContactPerson" *
         MD "ArtifactResolutionService" * MD "SingleLogoutService" * MD "ManageNameIDService" * MD "NameIDFormat" *
         MD "SingleSignOnService" + MD "NameIDMappingService" * MD "AssertionIDRequestService" * MD "AttributeProfile" *
         SAML "Attribute" *) }
    MD { "SPSSODescriptor" [ID, VALID_UNTIL, CACHE_DURATION, PROTOCOLS, ERROR_URL, may("AuthnRequestsSigned", Boolean),
        may("WantAssertionsSigned", Boolean)] open
        (DS "Signature" ? MD "Extensions" ? MD "KeyDescriptor" * MD "Organization" ? MD "ContactPerson" *
         MD "ArtifactResolutionService" * MD "SingleLogoutService" * MD "ManageNameIDService" * MD "NameIDFormat" *
         MD "AssertionConsumerService" + MD "AttributeConsumingService" *) }
    MD { "AttributeConsumingService" [INDEX, IS_DEFAULT] closed
        (MD "ServiceName" + MD "ServiceDescription" * MD "RequestedAttribute" +) }
    MD { "RequestedAttribute" [must("Name", Text), may("NameFormat", Text), may("FriendlyName", Text), may("isRequired", Boolean)] open
        (SAML "AttributeValue" *) }
    MD { "AuthnAuthorityDescriptor" [ID, VALID_UNTIL, CACHE_DURATION, PROTOCOLS, ERROR_URL] open
        (DS "Signature" ? MD "Extensions" ? MD "KeyDescriptor" * MD "Organization" ? MD "ContactPerson" *
         MD "AuthnQueryService" + MD "AssertionIDRequestService" * MD "NameIDFormat" *) }
    MD { "PDPDescriptor" [ID, VALID_UNTIL, CACHE_DURATION, PROTOCOLS, ERROR_URL] open
        (DS "Signature" ? MD "Extensions" ? MD "KeyDescriptor" * MD "Organization" ? MD "ContactPerson" *
         MD "AuthzService" + MD "AssertionIDRequestService" * MD "NameIDFormat" *) }
    MD { "AttributeAuthorityDescriptor" [ID, VALID_UNTIL, CACHE_DURATION, PROTOCOLS, ERROR_URL] open
        (DS "Signature" ? MD "Extensions" ? MD "KeyDescriptor" * MD "Organization" ? MD "ContactPerson" *
         MD "AttributeService" + MD "AssertionIDRequestService" * MD "NameIDFormat" * MD "AttributeProfile" * SAML "Attribute" *) }
    MD { "AffiliationDescriptor" [must("affiliationOwnerID", EntityId), VALID_UNTIL, CACHE_DURATION, ID] open
        (DS "Signature" ? MD "Extensions" ? MD "AffiliateMember" + MD "KeyDescriptor" *) }
    MD { "AffiliateMember" [] closed (text EntityId) }
    SAML { "Attribute" [must("Name", Text), may("NameFormat", Text), may("FriendlyName", Text)] open (SAML "AttributeValue" *) }
    DS { "KeyInfo" [may("Id", Id)] closed
        (mixed {DS "KeyName", DS "KeyValue", DS "RetrievalMethod", DS "X509Data", DS "PGPData", DS "SPKIData", DS "MgmtData"; other DS} +) }
    DS { "X509Data" [] closed
        ({DS "X509IssuerSerial", DS "X509SKI", DS "X509SubjectName", DS "X509Certificate", DS "X509CRL"; other DS} +) }
    DS { "X509IssuerSerial" [] closed (DS "X509IssuerName" = DS "X509SerialNumber" =) }
    DS { "KeyName" | "MgmtData" | "X509IssuerName" | "X509SubjectName" [] closed (text Text) }
    DS { "X509SerialNumber" [] closed (text Integer) }
    DS { "DigestMethod" [must("Algorithm", Text)] closed (mixed other DS *) }
    DS { "X509SKI" | "X509Certificate" | "X509CRL" [] closed (text Base64) }
    XENC { "KeySize" [] closed (text Integer) }
    XENC { "OAEPparams" [] closed (text Base64) }
}
