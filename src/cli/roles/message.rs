//! What somebody has at hand of a login: a Response, an assertion, or the list of privileges alone.

use crate::dsig::{self, DecryptPolicy, DecryptionKey};
use crate::hub::IdentityProvider;
use crate::oiosaml::privileges::BppVersion;
use crate::oiosaml::{OiosamlVersion, attributes};
use crate::saml::paste::Pasted;
use crate::saml::{Assertion, Attribute, Response};
use crate::xml::{Document, Limits, SAML, SAMLP};
use openssl::base64::encode_block;

/// What was found.
pub enum Found {
    /// An assertion.
    Assertion(Box<Assertion>),
    /// A list of privileges.
    List(String),
}

/// Finds it. Nothing is verified.
pub fn find(pasted: &Pasted, keys: &[DecryptionKey]) -> Result<Found, String> {
    let xml = pasted
        .xml
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(&pasted.xml);
    let document =
        Document::parse_within(xml, &Limits::MESSAGE).map_err(|error| error.to_string())?;
    let root = document.root();
    if root.is(SAML, "Assertion") {
        return read(root);
    }
    let lists = BppVersion::ALL.map(BppVersion::namespace);
    if root.local() == "PrivilegeList" && lists.contains(&root.namespace()) {
        return Ok(Found::List(encode_block(xml)));
    }
    if !root.is(SAMLP, "Response") {
        let (name, namespace) = (root.local(), root.namespace());
        return Err(format!(
            "«{name}» ({namespace}): no Response, Assertion or PrivilegeList"
        ));
    }
    if let Some(assertion) = Response::assertions(root).first() {
        return read(*assertion);
    }
    let Some(encrypted) = Response::encrypted_assertions(root).into_iter().next() else {
        return Err("a Response without an assertion".to_owned());
    };
    let opened = dsig::decrypt(encrypted, keys, DecryptPolicy::CbcToo);
    let opened =
        opened.map_err(|error| format!("{error}; --key FILE names the key that opens it"))?;
    read(opened.document.root())
}

fn read(node: crate::xml::Node<'_>) -> Result<Found, String> {
    let read = Assertion::read(node).map_err(|error| error.to_string())?;
    Ok(Found::Assertion(Box::new(read)))
}

/// An assertion that says nothing but this list, of a user of the identity provider's first organisation.
pub fn around(list: String, idp: &IdentityProvider) -> Assertion {
    let cvr = idp.user_contexts.first().map(ToString::to_string);
    let attribute = |name: &str, value: String| Attribute {
        name: name.to_owned(),
        name_format: None,
        friendly_name: None,
        values: vec![value],
    };
    let cvr = cvr.map(|cvr| attribute(OiosamlVersion::V3.cvr(), cvr));
    let list = attribute(attributes::PRIVILEGES_3, list);
    Assertion {
        id: String::new(),
        version: "2.0".to_owned(),
        issue_instant: time::OffsetDateTime::UNIX_EPOCH,
        issuer: idp.id.clone(),
        issuer_format: None,
        name_id: None,
        confirmations: Vec::new(),
        conditions: None,
        authn_statements: Vec::new(),
        attributes: cvr.into_iter().chain([list]).collect(),
    }
}
