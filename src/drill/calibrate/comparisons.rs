//! The one list of comparisons: what is looked at in a message, and which rule decides it. The same eyes look at the
//! captured message and at ours, so that there is no second copy of any rule.

use super::message::{Message, child_text, signature};
use super::parties::attributes;
use crate::oiosaml::attributes as name;
use crate::saml::Binding;
use crate::saml::time::parse;
use crate::xml::{DS, Node, SAML, SAMLP, XENC, XENC11};
use std::collections::BTreeSet;

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
    "CAL-A-025" Assertion - "Rettigheder (BPP)" "Privileges (BPP)" privileges;
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

const REQUEST_ATTRIBUTES: &[&str] = &[
    "ID",
    "Version",
    "IssueInstant",
    "Destination",
    "ForceAuthn",
    "IsPassive",
    "ProtocolBinding",
    "AssertionConsumerServiceURL",
];
const REQUEST_ELEMENTS: &[&str] = &[
    "Issuer",
    "Signature",
    "NameIDPolicy",
    "Conditions",
    "RequestedAuthnContext",
    "Scoping",
];
const RESPONSE_ATTRIBUTES: &[&str] = &[
    "ID",
    "Version",
    "IssueInstant",
    "Destination",
    "InResponseTo",
];
const RESPONSE_ELEMENTS: &[&str] = &[
    "Issuer",
    "Signature",
    "Status",
    "Assertion",
    "EncryptedAssertion",
];
const ASSERTION_ELEMENTS: &[&str] = &[
    "Issuer",
    "Signature",
    "Subject",
    "Conditions",
    "AuthnStatement",
    "AttributeStatement",
];

fn none() -> Option<String> {
    Some("none".to_owned())
}

fn attribute(node: Node<'_>, name: &str) -> Option<String> {
    node.attribute(name).map(str::to_owned).or_else(none)
}

fn joined(parts: impl IntoIterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().collect();
    match parts.is_empty() {
        true => none(),
        false => Some(parts.join(", ")),
    }
}

fn binding(view: &View<'_>) -> Option<String> {
    view.message.binding.map(|binding| {
        match binding {
            Binding::Redirect => "HTTP-Redirect",
            Binding::Post => "HTTP-POST",
        }
        .to_owned()
    })
}

/// In XML alone the signature of an address cannot be seen.
fn request_signature(view: &View<'_>) -> Option<String> {
    let enveloped = signature(view.message.root()).is_some();
    let in_query = view
        .message
        .query
        .as_ref()
        .map(|query| query.algorithm.is_some());
    Some(
        match (enveloped, in_query) {
            (true, Some(true)) => "in the message and in the address",
            (true, _) => "in the message",
            (false, Some(true)) => "in the address",
            (false, Some(false)) => "none",
            (false, None) => {
                return view
                    .message
                    .binding
                    .filter(|b| *b == Binding::Post)
                    .and_then(|_| none());
            }
        }
        .to_owned(),
    )
}

fn request_algorithm(view: &View<'_>) -> Option<String> {
    let in_query = view
        .message
        .query
        .as_ref()
        .and_then(|query| query.algorithm.clone());
    in_query.or_else(|| {
        let info = signature(view.message.root())?.child(DS, "SignedInfo")?;
        Some(
            info.child(DS, "SignatureMethod")?
                .attribute("Algorithm")?
                .to_owned(),
        )
    })
}

/// RelayState may be left out; the order of the others is what is compared.
fn parameters(view: &View<'_>) -> Option<String> {
    let query = view
        .message
        .query
        .as_ref()
        .filter(|query| !query.parameters.is_empty())?;
    joined(query.parameters.iter().map(|name| (*name).to_owned()))
}

fn id_form(view: &View<'_>) -> Option<String> {
    view.message.form(view.message.id()?).map(str::to_owned)
}

fn instant_form(view: &View<'_>) -> Option<String> {
    digits(view.message.root().attribute("IssueInstant")?)
}

/// How a time is written. Trailing zeros may be left out, so one time alone is a weak witness.
fn digits(text: &str) -> Option<String> {
    let (zone, number) = match text.strip_suffix('Z') {
        Some(number) => ("Z", number),
        None => ("with an offset", text),
    };
    let fraction = number.split_once('.').map_or(0, |(_, fraction)| {
        fraction.bytes().take_while(u8::is_ascii_digit).count()
    });
    Some(format!("{fraction} digits of a second, {zone}"))
}

fn issuer(node: Node<'_>) -> Option<String> {
    let issuer = node.child(SAML, "Issuer");
    let Some(issuer) = issuer else {
        return none();
    };
    let text = issuer.text()?;
    Some(match issuer.attribute("Format") {
        Some(format) => format!("{text} (Format {format})"),
        None => text.into_owned(),
    })
}

/// Where the system's request was not captured, what it asked for is not known: only whether the flag is written.
fn flag(view: &View<'_>, name: &str) -> Option<String> {
    attribute(view.message.root(), name)
}

fn other_attributes(node: Node<'_>, known: &[&str]) -> Option<String> {
    let others = node.attributes().filter(|a| !known.contains(&a.local));
    joined(others.map(|a| format!("{}={}", a.local, a.value)))
}

fn other_elements(node: Node<'_>, known: &[&str]) -> Option<String> {
    let others = node
        .elements()
        .filter(|element| !known.contains(&element.local()));
    let names: BTreeSet<String> = others.map(|element| element.local().to_owned()).collect();
    joined(names)
}

fn name_id_policy(view: &View<'_>) -> Option<String> {
    let Some(policy) = view.message.root().child(SAMLP, "NameIDPolicy") else {
        return none();
    };
    joined(
        policy
            .attributes()
            .map(|a| format!("{}={}", a.local, a.value)),
    )
}

fn conditions(view: &View<'_>) -> Option<String> {
    let Some(conditions) = view.message.root().child(SAML, "Conditions") else {
        return none();
    };
    let inside = conditions.descendants().filter_map(|node| {
        let text = node.text().filter(|text| !text.is_empty());
        text.map(|text| format!("{} {text}", node.local()))
    });
    joined(inside)
}

fn requested(view: &View<'_>) -> Option<(Option<String>, Vec<String>)> {
    let context = view.message.root().child(SAMLP, "RequestedAuthnContext")?;
    let refs = context
        .elements()
        .filter_map(|node| Some(node.text()?.into_owned()));
    Some((
        context.attribute("Comparison").map(str::to_owned),
        refs.collect(),
    ))
}

fn class_refs(view: &View<'_>) -> Option<String> {
    match requested(view) {
        Some((_, refs)) => joined(refs),
        None => none(),
    }
}

fn comparison(view: &View<'_>) -> Option<String> {
    let (comparison, _) = requested(view)?;
    comparison.or_else(none)
}

/// The entityID that the system's request has, the old form, or whatever else.
fn requester_id(view: &View<'_>) -> Option<String> {
    let Some(scoping) = view.message.root().child(SAMLP, "Scoping") else {
        return none();
    };
    let asked = view.asked.and_then(Message::issuer);
    let ids = scoping
        .elements()
        .filter(|node| node.is(SAMLP, "RequesterID"));
    joined(ids.filter_map(|node| {
        let text = node.text()?;
        Some(if Some(&*text) == asked.as_deref() {
            "the system's entityID".to_owned()
        } else if text.starts_with("ServiceProvider:CVR:") && text.contains(":APP:") {
            "ServiceProvider:CVR:…:APP:…".to_owned()
        } else {
            text.into_owned()
        })
    }))
}

fn scoping(view: &View<'_>) -> Option<String> {
    let Some(scoping) = view.message.root().child(SAMLP, "Scoping") else {
        return none();
    };
    let count = scoping
        .attribute("ProxyCount")
        .map(|count| format!("ProxyCount={count}"));
    let list = scoping
        .child(SAMLP, "IDPList")
        .map(|_| "IDPList".to_owned());
    joined(count.into_iter().chain(list))
}

fn relay_state(view: &View<'_>) -> Option<String> {
    match view.message.relay.as_ref()? {
        Some(relay) => Some(relay.shape.clone()),
        None => none(),
    }
}

/// Whether the system's own RelayState is returned to it. One that nobody captured is not compared.
fn relay_returned(view: &View<'_>) -> Option<String> {
    let asked = view.asked?.relay.as_ref()?;
    let returned = view.message.relay.as_ref()?;
    Some(
        match (asked, returned) {
            (None, None) => "none",
            (Some(asked), Some(returned)) if asked.mask == returned.mask => "the same",
            (Some(_), Some(_)) => "another one",
            (Some(_), None) => "left out",
            (None, Some(_)) => "one that nobody sent",
        }
        .to_owned(),
    )
}

fn signed(node: Node<'_>) -> Option<String> {
    let signed = match signature(node) {
        Some(_) => "yes",
        None => "no",
    };
    Some(signed.to_owned())
}

fn any_signature<'a>(view: &View<'a>) -> Option<Node<'a>> {
    let assertion = view.message.assertion().and_then(signature);
    assertion.or_else(|| signature(view.message.root()))
}

fn method(view: &View<'_>, local: &str) -> Option<String> {
    let mut inside = any_signature(view)?.descendants();
    let method = inside.find(|node| node.is(DS, local))?;
    method.attribute("Algorithm").map(str::to_owned)
}

fn key_info(view: &View<'_>) -> Option<String> {
    let Some(info) = any_signature(view)?.child(DS, "KeyInfo") else {
        return none();
    };
    let names: BTreeSet<String> = info
        .descendants()
        .map(|node| node.local().to_owned())
        .collect();
    joined(names)
}

fn in_response_to(view: &View<'_>) -> Option<String> {
    let asked = view.asked?.id()?;
    Some(
        match view.message.in_response_to() {
            Some(to) if to == asked => "the system's request",
            Some(_) => "another request",
            None => "none",
        }
        .to_owned(),
    )
}

fn status(view: &View<'_>) -> Option<String> {
    let mut codes = view
        .message
        .root()
        .descendants()
        .filter(|node| node.is(SAMLP, "StatusCode"));
    let words = codes.by_ref().filter_map(|code| {
        let value = code.attribute("Value")?;
        Some(value.rsplit(':').next().unwrap_or(value).to_owned())
    });
    let words: Vec<String> = words.collect();
    Some(words.join("/"))
}

/// Whether an assertion is encrypted is a matter of the registration.
fn encrypted(view: &View<'_>) -> Option<String> {
    let carries = view.message.is_encrypted() || view.message.assertion().is_some();
    (view.registered && carries).then(|| {
        match view.message.is_encrypted() {
            true => "encrypted",
            false => "plain",
        }
        .to_owned()
    })
}

fn encryption(view: &View<'_>, local: &str) -> Option<String> {
    let root = view
        .message
        .root()
        .child(SAML, "EncryptedAssertion")
        .filter(|_| view.registered)?;
    let element = root.descendants().find(|node| node.is(XENC, local))?;
    let method = element.child(XENC, "EncryptionMethod")?;
    let uri = method.attribute("Algorithm")?;
    let parameters = method
        .elements()
        .filter(|node| node.is(DS, "DigestMethod") || node.is(XENC11, "MGF"));
    let parameters = parameters.filter_map(|node| Some(node.attribute("Algorithm")?.to_owned()));
    joined(std::iter::once(uri.to_owned()).chain(parameters))
}

fn encrypted_key_place(view: &View<'_>) -> Option<String> {
    let root = view.message.root().child(SAML, "EncryptedAssertion")?;
    let key = root
        .descendants()
        .find(|node| node.is(XENC, "EncryptedKey"))?;
    key.parent().map(|parent| format!("in {}", parent.local()))
}

fn name_id<'a>(view: &View<'a>) -> Option<Node<'a>> {
    view.message
        .assertion()?
        .child(SAML, "Subject")?
        .child(SAML, "NameID")
}

fn name_id_format(view: &View<'_>) -> Option<String> {
    joined(
        name_id(view)?
            .attributes()
            .map(|a| format!("{}={}", a.local, a.value)),
    )
}

fn name_id_value(view: &View<'_>) -> Option<String> {
    let stated = super::login::name_id(view.answer?)?;
    let issued = name_id(view)?.text()?;
    Some(
        match issued.trim() == stated {
            true => "the identity provider's",
            false => "another one",
        }
        .to_owned(),
    )
}

fn confirmation_data<'a>(view: &View<'a>) -> Option<(Node<'a>, Node<'a>)> {
    let subject = view.message.assertion()?.child(SAML, "Subject")?;
    let confirmation = subject.child(SAML, "SubjectConfirmation")?;
    Some((
        confirmation,
        confirmation.child(SAML, "SubjectConfirmationData")?,
    ))
}

fn confirmation(view: &View<'_>) -> Option<String> {
    let (confirmation, data) = confirmation_data(view)?;
    let has = |name: &str| data.attribute(name).map(|value| format!("{name}={value}"));
    let address = data.attribute("Address").map(|_| "Address".to_owned());
    joined(
        confirmation
            .attribute("Method")
            .map(str::to_owned)
            .into_iter()
            .chain(has("Recipient"))
            .chain(address),
    )
}

/// A time as seconds after the assertion was issued.
fn after_issue(view: &View<'_>, text: Option<&str>) -> Option<String> {
    let Some(text) = text else {
        return none();
    };
    let issued = parse(view.message.assertion()?.attribute("IssueInstant")?)?;
    let after = parse(text)? - issued;
    Some(match after.subsec_nanoseconds() {
        0 => format!("{:+} s", after.whole_seconds()),
        _ => format!("{:+.3} s", after.as_seconds_f64()),
    })
}

fn validity(view: &View<'_>, node: Node<'_>) -> Option<String> {
    let of = |name| after_issue(view, node.attribute(name));
    Some(format!(
        "NotBefore {}, NotOnOrAfter {}",
        of("NotBefore")?,
        of("NotOnOrAfter")?
    ))
}

fn confirmation_validity(view: &View<'_>) -> Option<String> {
    validity(view, confirmation_data(view)?.1)
}

fn conditions_validity(view: &View<'_>) -> Option<String> {
    validity(view, view.message.assertion()?.child(SAML, "Conditions")?)
}

fn audience(view: &View<'_>) -> Option<String> {
    let conditions = view.message.assertion()?.child(SAML, "Conditions")?;
    let inside = conditions
        .descendants()
        .filter(|node| node.is(SAML, "Audience"));
    joined(inside.filter_map(|node| Some(node.text()?.into_owned())))
}

fn other_conditions(view: &View<'_>) -> Option<String> {
    let conditions = view.message.assertion()?.child(SAML, "Conditions")?;
    other_elements(conditions, &["AudienceRestriction"])
}

fn statement<'a>(view: &View<'a>) -> Option<Node<'a>> {
    view.message.assertion()?.child(SAML, "AuthnStatement")
}

fn authn_instant(view: &View<'_>) -> Option<String> {
    let stated = statement(view)?.attribute("AuthnInstant")?;
    let issued = view.message.assertion()?.attribute("IssueInstant")?;
    if parse(stated)? == parse(issued)? {
        return Some("the time of issue".to_owned());
    }
    let answer = view.answer.and_then(Message::assertion);
    let told = answer.and_then(|assertion| {
        assertion
            .child(SAML, "AuthnStatement")?
            .attribute("AuthnInstant")
    });
    // Without the answer, a time that is not that of the issue can only be the identity provider's.
    match told {
        Some(told) if (parse(told)? - parse(stated)?).abs() >= time::Duration::milliseconds(1) => {
            after_issue(view, Some(stated))
        }
        _ => Some("the identity provider's".to_owned()),
    }
}

fn session_end(view: &View<'_>) -> Option<String> {
    let statement = statement(view)?;
    after_issue(view, statement.attribute("SessionNotOnOrAfter"))
}

const LEVELS: [&str; 2] = [name::LOA, name::ASSURANCE_LEVEL];
const PRIVILEGES: [&str; 2] = [name::PRIVILEGES_2, name::PRIVILEGES_3];

fn attribute_nodes<'a>(view: &View<'a>) -> Option<Vec<Node<'a>>> {
    let assertion = view.message.assertion()?;
    let all = assertion
        .descendants()
        .filter(|node| node.is(SAML, "Attribute"));
    Some(all.collect())
}

fn levels(view: &View<'_>) -> Option<String> {
    values(view, &LEVELS)
}

fn values(view: &View<'_>, names: &[&str]) -> Option<String> {
    let nodes = attribute_nodes(view)?.into_iter();
    let named = nodes.filter(|node| {
        node.attribute("Name")
            .is_some_and(|name| names.contains(&name))
    });
    joined(named.map(|node| {
        let values = node.elements().filter_map(|value| value.text());
        let values: Vec<String> = values.map(|text| text.into_owned()).collect();
        format!(
            "{}={}",
            node.attribute("Name").unwrap_or_default(),
            values.join(" ")
        )
    }))
}

fn attribute_names(view: &View<'_>) -> Option<String> {
    let nodes = attribute_nodes(view)?.into_iter();
    let names = nodes.filter_map(|node| node.attribute("Name"));
    let others = names.filter(|name| !LEVELS.contains(name) && !PRIVILEGES.contains(name));
    // The organisation's name comes from the registry, which may not be at hand.
    let organisation = [name::ORG_NAME_2, name::ORG_NAME_3];
    let others = others.filter(|name| view.registered || !organisation.contains(name));
    joined(others.map(str::to_owned))
}

/// Where the level stands among the others.
fn attribute_order(view: &View<'_>) -> Option<String> {
    let nodes = attribute_nodes(view)?;
    let level = nodes.iter().position(|node| {
        node.attribute("Name")
            .is_some_and(|name| LEVELS.contains(&name))
    })?;
    Some(match level {
        0 => "the level first".to_owned(),
        before => format!("the level after {before} others"),
    })
}

fn of_attributes(view: &View<'_>, name: &str) -> Option<String> {
    let nodes = attribute_nodes(view)?.into_iter();
    let found: BTreeSet<String> = nodes
        .map(|node| node.attribute(name).unwrap_or("none").to_owned())
        .collect();
    joined(found)
}

/// Values of the user: whether they are the identity provider's.
fn passed(view: &View<'_>, names: &[&str]) -> Option<String> {
    let stated = attributes(view.answer?.assertion()?, names);
    let issued = attributes(view.message.assertion()?, names);
    if issued.is_empty() {
        return none();
    }
    let same = issued.iter().all(|value| stated.contains(value));
    Some(match same {
        true => "the identity provider's".to_owned(),
        false => "another value than the identity provider's".to_owned(),
    })
}

/// The registry's name or the identity provider's; without the registry nobody can tell what ours would have been.
fn organisation(view: &View<'_>) -> Option<String> {
    let names = [name::ORG_NAME_2, name::ORG_NAME_3];
    view.registered.then(|| passed(view, &names)).flatten()
}

fn privileges(view: &View<'_>) -> Option<String> {
    let issued = attributes(view.message.assertion()?, &PRIVILEGES);
    Some(match issued.is_empty() {
        true => "none".to_owned(),
        false => "issued".to_owned(),
    })
}

fn value_types(view: &View<'_>) -> Option<String> {
    let assertion = view.message.assertion()?;
    let values = assertion
        .descendants()
        .filter(|node| node.is(SAML, "AttributeValue"));
    let types: BTreeSet<String> = values
        .flat_map(|node| {
            node.attributes()
                .map(|a| format!("{}={}", a.local, a.value))
                .collect::<Vec<_>>()
        })
        .collect();
    joined(types)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_once() {
        let ids: BTreeSet<&str> = COMPARISONS.iter().map(|comparison| comparison.id).collect();
        assert_eq!(ids.len(), COMPARISONS.len());
    }

    #[test]
    fn a_time_is_told_by_its_form() {
        for (text, form) in [
            ("2023-09-13T07:10:02.5891436Z", "7 digits of a second, Z"),
            ("2023-09-13T07:10:02Z", "0 digits of a second, Z"),
            (
                "2023-09-13T07:10:02.59+02:00",
                "2 digits of a second, with an offset",
            ),
        ] {
            assert_eq!(digits(text).as_deref(), Some(form));
        }
    }
}
