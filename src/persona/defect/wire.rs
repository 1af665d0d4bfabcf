//! A message as careless software has it before it: opened, and nothing of it believed yet.

use crate::dsig::{self, KeyTransport};
use crate::hub::judge::Expected;
use crate::saml::{Assertion, Response};
use crate::xml::{DS, Document, Node, SAML, SAMLP, canonical};
use std::fmt::Write as _;

/// An opened message.
pub struct Wire {
    outer: Document,
    /// What the Response's own signature is worth.
    pub seal: Seal,
    /// Its assertions in document order.
    pub parts: Vec<Part>,
}

/// What a signature is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal {
    /// There is none.
    None,
    /// A key that is held made it.
    Good,
    /// It is there, and not good.
    Bad,
}

/// An assertion that came along.
pub struct Part {
    /// Which child of the Response it is.
    at: usize,
    /// In clear, where it was encrypted.
    opened: Option<Document>,
    /// How its key came, where it was encrypted.
    pub transport: Option<KeyTransport>,
}

impl Wire {
    /// Opens a message; none where it is no XML, or where an assertion cannot be decrypted.
    pub fn open(xml: &[u8], expected: &Expected<'_>) -> Option<Self> {
        let outer = Document::parse(xml).ok()?;
        let root = outer.root();
        let seal = match dsig::has_signature(root) {
            false => Seal::None,
            true => match dsig::verify(root, expected.keys, expected.signatures) {
                Ok(_) => Seal::Good,
                Err(_) => Seal::Bad,
            },
        };
        let mut parts = Vec::new();
        for (at, child) in root.elements().enumerate() {
            if child.is(SAML, "Assertion") {
                parts.push(Part {
                    at,
                    opened: None,
                    transport: None,
                });
            } else if child.is(SAML, "EncryptedAssertion") {
                let keys = expected.decryption_keys;
                let decrypted = dsig::decrypt(child, keys, expected.encryption).ok()?;
                parts.push(Part {
                    at,
                    transport: decrypted.transport,
                    opened: Some(decrypted.document),
                });
            }
        }
        Some(Self { outer, seal, parts })
    }

    /// The outermost element.
    pub fn root(&self) -> Node<'_> {
        self.outer.root()
    }

    /// The element of an assertion.
    pub fn node<'w>(&'w self, part: &'w Part) -> Option<Node<'w>> {
        match &part.opened {
            Some(document) => Some(document.root()),
            None => self.root().elements().nth(part.at),
        }
    }

    /// The only assertion, where it was encrypted.
    pub fn only_encrypted(&self) -> Option<Node<'_>> {
        let [part] = self.parts.as_slice() else {
            return None;
        };
        part.opened.as_ref().map(Document::root)
    }

    /// What was encrypted, as it was written.
    pub fn clear(&self) -> &str {
        let mut opened = self.parts.iter().filter_map(|part| part.opened.as_ref());
        opened.next().map_or("", Document::source)
    }

    /// What the Response says it answers.
    pub fn answers(&self) -> Option<&str> {
        self.root().attribute("InResponseTo")
    }

    /// Whether there is an element of SAML in Extensions.
    pub fn extends_with_saml(&self) -> bool {
        let extensions = self.root().child(SAMLP, "Extensions");
        let mut below = extensions.into_iter().flat_map(Node::descendants);
        below.any(|node| node.namespace() == SAML.uri || node.namespace() == SAMLP.uri)
    }

    /// The values of an attribute in Extensions.
    pub fn stated_in_extensions(&self, name: &str) -> Vec<String> {
        let extensions = self.root().child(SAMLP, "Extensions");
        let below = extensions.into_iter().flat_map(Node::descendants);
        let named =
            below.filter(|node| node.is(SAML, "Attribute") && node.attribute("Name") == Some(name));
        let values = named.flat_map(|attribute| {
            let children = attribute.elements();
            children.filter(|child| child.is(SAML, "AttributeValue"))
        });
        let texts = values.filter_map(Node::text);
        texts.map(|text| text.into_owned()).collect()
    }

    /// The message as if it had carried this assertion and nothing else, in clear and unsigned. With `success` it has no other
    /// status, whatever it said.
    pub fn around(&self, assertion: &str, success: bool) -> String {
        let root = self.root();
        let mut out = format!(
            "<samlp:Response xmlns:samlp=\"{}\" xmlns:saml=\"{}\"",
            SAMLP.uri, SAML.uri
        );
        for attribute in root.attributes() {
            let value = attribute.value.replace('&', "&amp;").replace('<', "&lt;");
            let value = value.replace('"', "&quot;");
            // Writing to a String does not fail.
            let _ = write!(out, " {}=\"{value}\"", attribute.local);
        }
        out.push('>');
        if let Some(issuer) = root.child(SAML, "Issuer") {
            out.push_str(&canonical(issuer, None, &[]));
        }
        match root.child(SAMLP, "Status") {
            Some(status) if !success => {
                let detail = status.child(SAMLP, "StatusDetail");
                out.push_str(&canonical(status, detail, &[]));
            }
            _ => {
                let code = crate::saml::names::status::SUCCESS;
                let _ = write!(
                    out,
                    "<samlp:Status><samlp:StatusCode Value=\"{code}\"/></samlp:Status>"
                );
            }
        }
        out.push_str(assertion);
        out.push_str("</samlp:Response>");
        out
    }
}

/// An element without its own signature.
pub fn bare(element: Node<'_>) -> String {
    canonical(element, element.child(DS, "Signature"), &[])
}

/// The one assertion of a message in clear.
pub fn read(message: &str) -> Option<Assertion> {
    let document = Document::parse(message.as_bytes()).ok()?;
    let found = Response::assertions(document.root());
    let [assertion] = found.as_slice() else {
        return None;
    };
    Assertion::read(*assertion).ok()
}
