//! The one list of comparisons: what is looked at in a message, and which rule decides it. The same eyes look at the
//! captured message and at ours, so that there is no second copy of any rule.

mod assertion;
mod attributes;
mod plain;
mod request;
mod response;

use super::message::{Message, child_text};
use crate::oiosaml::attributes as name;
use crate::xml::SAML;
use assertion::*;
use attributes::*;
use plain::*;
use request::*;
use response::*;

/// Which message a comparison is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// The hub's request to the identity provider.
    Request,
    /// The hub's answer to the system.
    Response,
    /// The assertion in it.
    Assertion,
    /// A request or answer of the hub's by which a session ends.
    Logout,
}

/// One comparison.
#[derive(Debug)]
pub struct Comparison {
    /// Stable id.
    pub id: &'static str,
    /// What is compared, in Danish.
    pub da: &'static str,
    /// In English.
    pub en: &'static str,
    /// In which message.
    pub of: Of,
    /// The rule that decides it, as flows name it; none where the hub just does it so.
    pub rule: Option<&'static str>,
    /// What is seen; none where it cannot be seen.
    pub look: fn(&View<'_>) -> Option<String>,
}

/// A message and what it stood among.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The message.
    pub message: &'a Message,
    /// The system's request, to which it goes back.
    pub asked: Option<&'a Message>,
    /// The identity provider's answer.
    pub answer: Option<&'a Message>,
    /// Whether the system's registration is known.
    pub registered: bool,
}

macro_rules! comparisons {
    ($($id:literal $of:ident $rule:tt $da:literal $en:literal $look:expr;)*) => {
        /// All of them, in the order of reports.
        pub const COMPARISONS: &[Comparison] = &[$(Comparison {
            id: $id, da: $da, en: $en, of: Of::$of, rule: comparisons!(@$rule), look: $look,
        },)*];
    };
    (@-) => { None };
    (@$rule:literal) => { Some($rule) };
}

comparisons! {
    "CAL-Q-001" Request - "Binding" "Binding" binding;
    "CAL-Q-002" Request - "Hvor underskriften sidder" "Where the signature is" request_signature;
    "CAL-Q-003" Request - "Signaturalgoritme" "Signature algorithm" request_algorithm;
    "CAL-Q-004" Request - "Rækkefølge af parametre i adressen" "Order of the parameters in the address" parameters;
    "CAL-Q-005" Request - "Form af ID" "Form of ID" id_form;
    "CAL-Q-006" Request - "Form af IssueInstant" "Form of IssueInstant" instant_form;
    "CAL-Q-007" Request - "Destination" "Destination" |view| attribute(view.message.root(), "Destination");
    "CAL-Q-008" Request - "Issuer" "Issuer" |view| issuer(view.message.root());
    "CAL-Q-009" Request - "ForceAuthn" "ForceAuthn" |view| flag(view, "ForceAuthn");
    "CAL-Q-010" Request - "IsPassive" "IsPassive" |view| flag(view, "IsPassive");
    "CAL-Q-011" Request - "ProtocolBinding" "ProtocolBinding" |view| attribute(view.message.root(), "ProtocolBinding");
    "CAL-Q-012" Request - "AssertionConsumerServiceURL" "AssertionConsumerServiceURL" |view| attribute(view.message.root(), "AssertionConsumerServiceURL");
    "CAL-Q-013" Request - "Andre attributter" "Other attributes" |view| other_attributes(view.message.root(), REQUEST_ATTRIBUTES);
    "CAL-Q-014" Request - "NameIDPolicy" "NameIDPolicy" name_id_policy;
    "CAL-Q-015" Request "request-conditions" "Conditions i forespørgslen" "Conditions in the request" conditions;
    "CAL-Q-016" Request "request-profile" "AuthnContextClassRef" "AuthnContextClassRef" class_refs;
    "CAL-Q-017" Request "comparison" "Comparison" "Comparison" comparison;
    "CAL-Q-018" Request "requester-id" "RequesterID" "RequesterID" requester_id;
    "CAL-Q-019" Request - "ProxyCount og IDPList" "ProxyCount and IDPList" scoping;
    "CAL-Q-020" Request "relay-state" "RelayState" "RelayState" relay_state;
    "CAL-Q-021" Request - "Andre elementer" "Other elements" |view| other_elements(view.message.root(), REQUEST_ELEMENTS);
    "CAL-R-001" Response - "Binding" "Binding" binding;
    "CAL-R-002" Response - "Underskrift på svaret" "Signature of the Response" |view| signed(view.message.root());
    "CAL-R-003" Response - "Signaturalgoritme" "Signature algorithm" |view| method(view, "SignatureMethod");
    "CAL-R-004" Response - "Digest i underskriften" "Digest of the signature" |view| method(view, "DigestMethod");
    "CAL-R-005" Response - "KeyInfo i underskriften" "KeyInfo of the signature" key_info;
    "CAL-R-006" Response - "Form af ID" "Form of ID" id_form;
    "CAL-R-007" Response - "Form af IssueInstant" "Form of IssueInstant" instant_form;
    "CAL-R-008" Response - "Destination" "Destination" |view| attribute(view.message.root(), "Destination");
    "CAL-R-009" Response - "InResponseTo" "InResponseTo" in_response_to;
    "CAL-R-010" Response - "Issuer" "Issuer" |view| issuer(view.message.root());
    "CAL-R-011" Response "level-enforced" "Status" "Status" status;
    "CAL-R-012" Response - "Andre attributter" "Other attributes" |view| other_attributes(view.message.root(), RESPONSE_ATTRIBUTES);
    "CAL-R-013" Response - "RelayState kommer tilbage" "RelayState comes back" relay_returned;
    "CAL-R-014" Response "encryption" "Krypteret assertion" "Encrypted assertion" encrypted;
    "CAL-R-015" Response "encryption" "Krypteringsalgoritme" "Block cipher" |view| encryption(view, "EncryptedData");
    "CAL-R-016" Response "encryption" "Transport af nøglen" "Key transport" |view| encryption(view, "EncryptedKey");
    "CAL-R-017" Response - "Hvor EncryptedKey står" "Where EncryptedKey is" encrypted_key_place;
    "CAL-R-018" Response - "Andre elementer" "Other elements" |view| other_elements(view.message.root(), RESPONSE_ELEMENTS);
    "CAL-A-001" Assertion - "Form af ID" "Form of ID" |view| view.message.form(view.message.assertion()?.attribute("ID")?).map(str::to_owned);
    "CAL-A-002" Assertion - "Form af IssueInstant" "Form of IssueInstant" |view| digits(view.message.assertion()?.attribute("IssueInstant")?);
    "CAL-A-003" Assertion - "Issuer" "Issuer" |view| issuer(view.message.assertion()?);
    "CAL-A-004" Assertion - "Format af NameID" "Format of NameID" name_id_format;
    "CAL-A-005" Assertion - "NameID går uændret igennem" "NameID is passed on unchanged" name_id_value;
    "CAL-A-006" Assertion - "SubjectConfirmation" "SubjectConfirmation" confirmation;
    "CAL-A-007" Assertion - "SubjectConfirmation: gyldighed" "SubjectConfirmation: validity" confirmation_validity;
    "CAL-A-008" Assertion - "Conditions: gyldighed" "Conditions: validity" conditions_validity;
    "CAL-A-009" Assertion - "Audience" "Audience" audience;
    "CAL-A-010" Assertion - "Andre Conditions" "Other Conditions" other_conditions;
    "CAL-A-011" Assertion - "AuthnInstant" "AuthnInstant" authn_instant;
    "CAL-A-012" Assertion - "Form af SessionIndex" "Form of SessionIndex" |view| view.message.form(statement(view)?.attribute("SessionIndex")?).map(str::to_owned).or_else(none);
    "CAL-A-013" Assertion - "SessionNotOnOrAfter" "SessionNotOnOrAfter" session_end;
    "CAL-A-014" Assertion "issued-level" "AuthnContextClassRef" "AuthnContextClassRef" |view| child_text(statement(view)?.child(SAML, "AuthnContext")?, "AuthnContextClassRef").or_else(none);
    "CAL-A-015" Assertion - "AuthenticatingAuthority" "AuthenticatingAuthority" |view| child_text(statement(view)?.child(SAML, "AuthnContext")?, "AuthenticatingAuthority").or_else(none);
    "CAL-A-016" Assertion "issued-level" "Niveauattributter" "Level attributes" levels;
    "CAL-A-017" Assertion - "Andre attributter, i rækkefølge" "Other attributes, in order" attribute_names;
    "CAL-A-018" Assertion - "Attributternes plads" "Place of the attributes" attribute_order;
    "CAL-A-019" Assertion - "NameFormat" "NameFormat" |view| of_attributes(view, "NameFormat");
    "CAL-A-020" Assertion - "FriendlyName" "FriendlyName" |view| of_attributes(view, "FriendlyName");
    "CAL-A-021" Assertion - "Profilversioner" "Profile versions" |view| values(view, &[name::SPEC_VERSION_2, name::SPEC_VERSION_3, name::KOMBIT_SPEC_VER, name::KOMBIT_SPEC_VER_URI]);
    "CAL-A-022" Assertion - "CVR" "CVR" |view| values(view, &[name::CVR_2, name::CVR_3]);
    "CAL-A-023" Assertion - "Organisationens navn" "Name of the organisation" organisation;
    "CAL-A-024" Assertion - "Brugerens egne værdier" "The user's own values" |view| passed(view, &[name::EMAIL_2, name::EMAIL_3, name::CPR_2, name::UUID_PERSISTENT]);
    "CAL-A-026" Assertion - "Værdiernes type" "Type of the values" value_types;
    "CAL-A-027" Assertion - "Andre elementer" "Other elements" |view| other_elements(view.message.assertion()?, ASSERTION_ELEMENTS);
    "CAL-A-028" Assertion - "Underskrift på assertion" "Signature of the assertion" |view| signed(view.message.assertion()?);
    "CAL-L-001" Logout - "Form af ID" "Form of ID" id_form;
    "CAL-L-002" Logout - "Form af IssueInstant" "Form of IssueInstant" instant_form;
    "CAL-L-003" Logout - "Signaturalgoritme" "Signature algorithm" request_algorithm;
    "CAL-L-004" Logout - "Binding" "Binding" binding;
}

/// The comparison for logins that one of the two hubs did not let on.
pub const FLOW: Comparison = Comparison {
    id: "CAL-F-001",
    da: "Hvor langt loginnet kom",
    en: "How far the login went",
    of: Of::Request,
    rule: None,
    look: |_| None,
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_told_once() {
        let ids: BTreeSet<&str> = COMPARISONS.iter().map(|comparison| comparison.id).collect();
        assert_eq!(ids.len(), COMPARISONS.len());
    }
}
