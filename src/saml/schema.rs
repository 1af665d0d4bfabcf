//! What every reader of this folder needs to hold a message to its schema: children in their order, and
//! attributes of their type. Words are put together only for a refusal, so that a good message costs none.

use super::SchemaError;
use super::time::parse as parse_instant;
use crate::xml::{DS, Node, Ns, SAML, beginning};
use time::OffsetDateTime;

/// The namespace of `xsi:type` and `xsi:nil`.
pub(super) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The children of one element, taken in the order of an `xs:sequence`.
pub(super) struct Sequence<'d, I> {
    parent: Node<'d>,
    next: Option<Node<'d>>,
    rest: I,
}

/// Starts on the children of `parent`, which may have no text beside them: the schemas of SAML have no
/// mixed content where we read.
pub(super) fn sequence<'d>(
    parent: Node<'d>,
) -> Result<Sequence<'d, impl Iterator<Item = Node<'d>>>, SchemaError> {
    if parent.has_stray_text() {
        return Err(refuse(parent, |name| format!("text directly in {name}")));
    }
    let mut rest = parent.elements();
    Ok(Sequence {
        parent,
        next: rest.next(),
        rest,
    })
}

impl<'d, I: Iterator<Item = Node<'d>>> Sequence<'d, I> {
    /// The next child, whatever it is, without taking it.
    pub(super) fn peek(&self) -> Option<Node<'d>> {
        self.next
    }

    /// Takes the next child, whatever it is.
    pub(super) fn take(&mut self) -> Option<Node<'d>> {
        let taken = self.next;
        self.next = self.rest.next();
        taken
    }

    /// Takes the next child if it is this one.
    pub(super) fn optional(&mut self, ns: Ns, local: &str) -> Option<Node<'d>> {
        match self.next {
            Some(node) if node.is(ns, local) => self.take(),
            _ => None,
        }
    }

    /// Takes the next child, which must be this one.
    pub(super) fn required(&mut self, ns: Ns, local: &str) -> Result<Node<'d>, SchemaError> {
        self.optional(ns, local).ok_or_else(|| match self.next {
            Some(found) => refuse(found, |name| {
                format!(
                    "{name} stands where {} must have {local}",
                    self.parent.local()
                )
            }),
            None => refuse(self.parent, |name| format!("{name} has no {local}")),
        })
    }

    /// Takes all of the next children that are this one.
    pub(super) fn skip_all(&mut self, ns: Ns, local: &str) {
        while self.optional(ns, local).is_some() {}
    }

    /// Steps over the enveloped signature. It is judged by [`crate::dsig`]; here it only must stand in the
    /// one place that the schema has for it, once.
    pub(super) fn skip_signature(&mut self) -> Result<(), SchemaError> {
        if self.optional(DS, "Signature").is_some()
            && let Some(second) = self.next.filter(|node| node.is(DS, "Signature"))
        {
            return Err(refuse(second, |_| "a second Signature".to_owned()));
        }
        Ok(())
    }

    /// Nothing may be left.
    pub(super) fn end(self) -> Result<(), SchemaError> {
        match self.next {
            None => Ok(()),
            Some(left) => Err(refuse(left, |name| {
                format!("{} has no room for {name} here", self.parent.local())
            })),
        }
    }
}

/// Makes the refusal of `node`; `words` gets its local name.
#[cold]
pub(super) fn refuse(node: Node<'_>, words: impl FnOnce(&str) -> String) -> SchemaError {
    SchemaError {
        what: words(node.local()),
        position: node.position(),
    }
}

/// `node` must be the element that a reader is for.
pub(super) fn expect(node: Node<'_>, ns: Ns, local: &str) -> Result<(), SchemaError> {
    if node.is(ns, local) {
        return Ok(());
    }
    Err(refuse(node, |name| {
        format!(
            "{name} in namespace “{}” is not {}:{local}",
            node.namespace(),
            ns.prefix
        )
    }))
}

/// No assertion may hide below `node`, in Advice, Extensions, StatusDetail, a signature's Object or anywhere
/// else where the schema lets anything stand: the classic hiding place of a wrapping attack. `top` says
/// whether assertions that are children of `node` itself are in their place.
pub(super) fn no_hidden_assertion(node: Node<'_>, top: bool) -> Result<(), SchemaError> {
    for below in node.descendants() {
        if below.is(SAML, "Assertion") || below.is(SAML, "EncryptedAssertion") {
            let in_place = top && below.parent().is_some_and(|parent| parent.same(node));
            if !in_place {
                return Err(refuse(below, |name| {
                    format!("{name} inside another element")
                }));
            }
        }
    }
    Ok(())
}

/// An element that has attributes only.
pub(super) fn empty(node: Node<'_>) -> Result<(), SchemaError> {
    sequence(node)?.end()
}

/// The text of an element of a simple type, verbatim.
pub(super) fn text(node: Node<'_>) -> Result<String, SchemaError> {
    match node.text() {
        Some(text) => Ok(text.into_owned()),
        None => Err(refuse(node, |name| format!("elements inside {name}"))),
    }
}

/// The text of an element whose type collapses white space, such as `xs:anyURI`.
pub(super) fn token(node: Node<'_>) -> Result<String, SchemaError> {
    match node.text() {
        Some(text) => Ok(trim(&text).to_owned()),
        None => Err(refuse(node, |name| format!("elements inside {name}"))),
    }
}

/// Takes XML's white space off both ends; other blanks of Unicode belong to the value.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

/// An attribute that must be there, verbatim.
pub(super) fn required<'d>(node: Node<'d>, name: &str) -> Result<&'d str, SchemaError> {
    node.attribute(name)
        .ok_or_else(|| refuse(node, |on| format!("{on} has no attribute {name}")))
}

/// An attribute of any string type, verbatim: endpoints and names are compared octet by octet.
pub(super) fn string(node: Node<'_>, name: &str) -> Option<String> {
    node.attribute(name).map(str::to_owned)
}

/// `ID`, which must be an `xs:ID`. It is not trimmed: what a Reference points at must be what we read.
pub(super) fn id(node: Node<'_>) -> Result<String, SchemaError> {
    checked_ncname(node, "ID", required(node, "ID")?)
}

/// An attribute of type `xs:ID` or `xs:NCName`.
pub(super) fn ncname(node: Node<'_>, name: &str) -> Result<Option<String>, SchemaError> {
    node.attribute(name)
        .map(|value| checked_ncname(node, name, value))
        .transpose()
}

fn checked_ncname(node: Node<'_>, name: &str, value: &str) -> Result<String, SchemaError> {
    if is_ncname(value) {
        Ok(value.to_owned())
    } else {
        Err(mistyped(node, name, value, "an NCName"))
    }
}

/// An attribute of type `xs:dateTime`.
pub(super) fn instant(node: Node<'_>, name: &str) -> Result<Option<OffsetDateTime>, SchemaError> {
    typed(node, name, "a dateTime with a zone", parse_instant)
}

/// An attribute of type `xs:dateTime` that must be there.
pub(super) fn required_instant(node: Node<'_>, name: &str) -> Result<OffsetDateTime, SchemaError> {
    required(node, name)?;
    instant(node, name)?.ok_or_else(|| refuse(node, |on| format!("{on} has no attribute {name}")))
}

/// An attribute of type `xs:boolean`.
pub(super) fn boolean(node: Node<'_>, name: &str) -> Result<Option<bool>, SchemaError> {
    typed(node, name, "a boolean", parse_boolean)
}

/// An attribute of type `xs:unsignedShort`.
pub(super) fn unsigned_short(node: Node<'_>, name: &str) -> Result<Option<u16>, SchemaError> {
    typed(node, name, "an unsignedShort", |value| value.parse().ok())
}

/// An attribute of type `xs:nonNegativeInteger`. The type has no upper end; whoever allows more than four
/// thousand million proxies may be read as allowing that many.
pub(super) fn count(node: Node<'_>, name: &str) -> Result<Option<u32>, SchemaError> {
    typed(node, name, "a nonNegativeInteger", |value| {
        let digits = value.strip_prefix('+').unwrap_or(value);
        let well_formed = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        well_formed.then(|| digits.parse().unwrap_or(u32::MAX))
    })
}

fn typed<T>(
    node: Node<'_>,
    name: &str,
    kind: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, SchemaError> {
    match node.attribute(name) {
        None => Ok(None),
        Some(value) => match parse(trim(value)) {
            Some(parsed) => Ok(Some(parsed)),
            None => Err(mistyped(node, name, value, kind)),
        },
    }
}

#[cold]
fn mistyped(node: Node<'_>, name: &str, value: &str, kind: &str) -> SchemaError {
    let shown = beginning(value);
    refuse(node, |on| format!("{name}=“{shown}” of {on} is not {kind}"))
}

/// Whether `xsi:nil` is true.
pub(super) fn is_nil(node: Node<'_>) -> bool {
    xsi(node, "nil").is_some_and(|value| parse_boolean(trim(value)) == Some(true))
}

/// The value of `xsi:type`.
pub(super) fn xsi_type(node: Node<'_>) -> Option<&str> {
    xsi(node, "type")
}

fn xsi<'d>(node: Node<'d>, local: &str) -> Option<&'d str> {
    node.attributes()
        .find(|attribute| attribute.local == local && attribute.namespace == XSI)
        .map(|attribute| attribute.value)
}

pub(super) fn parse_boolean(value: &str) -> Option<bool> {
    match value {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// `xs:boolean` as we write it.
pub(super) fn bool_word(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

/// Whether `value` is an NCName (Namespaces in XML §3; character classes of XML 1.0, fifth edition, §2.3).
pub(super) fn is_ncname(value: &str) -> bool {
    let mut chars = value.chars();
    chars.next().is_some_and(starts_name) && chars.all(continues_name)
}

fn starts_name(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '_' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn continues_name(c: char) -> bool {
    starts_name(c)
        || matches!(c, '0'..='9' | '-' | '.' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::{Document, SAMLP};

    #[test]
    fn ids_are_ncnames() {
        for good in ["_a", "id0f1e", "Å.b-c_1"] {
            assert!(is_ncname(good), "{good}");
        }
        for bad in ["", "1a", "-a", "a:b", " a", "a b", "a=", "\u{D7}"] {
            assert!(!is_ncname(bad), "{bad}");
        }
    }

    fn with_attribute(value: &str) -> Document {
        Document::parse(format!("<a x=\"{value}\"/>").as_bytes()).expect("well-formed")
    }

    #[test]
    fn attribute_types() {
        for (value, expected) in [
            ("true", true),
            ("1", true),
            (" false ", false),
            ("0", false),
        ] {
            assert_eq!(
                boolean(with_attribute(value).root(), "x"),
                Ok(Some(expected))
            );
        }
        for bad in ["", "TRUE", "yes", "2"] {
            assert!(boolean(with_attribute(bad).root(), "x").is_err(), "{bad}");
        }
        assert_eq!(
            unsigned_short(with_attribute(" 65535 ").root(), "x"),
            Ok(Some(65535))
        );
        assert!(unsigned_short(with_attribute("65536").root(), "x").is_err());
        assert!(unsigned_short(with_attribute("-1").root(), "x").is_err());
        assert_eq!(count(with_attribute("0").root(), "x"), Ok(Some(0)));
        assert_eq!(
            count(with_attribute("99999999999").root(), "x"),
            Ok(Some(u32::MAX))
        );
        for bad in ["", "-1", "1.0", "one", "+"] {
            assert!(count(with_attribute(bad).root(), "x").is_err(), "{bad}");
        }
        assert_eq!(boolean(with_attribute("true").root(), "y"), Ok(None));
        assert!(id(with_attribute("x").root()).is_err());
    }

    #[test]
    fn a_sequence_knows_its_order() {
        let document = Document::parse(
            b"<r xmlns='urn:oasis:names:tc:SAML:2.0:protocol'>\n <A/><B/><B/>\n</r>",
        )
        .expect("well-formed");
        let mut children = sequence(document.root()).expect("no stray text");
        assert!(children.optional(SAMLP, "B").is_none());
        assert!(children.required(SAMLP, "A").is_ok());
        let Err(missing) = children.required(SAMLP, "C") else {
            panic!("B is not C")
        };
        assert_eq!(missing.position.line, 2);
        assert!(children.optional(SAMLP, "B").is_some());
        assert_eq!(
            children.end().expect_err("one B is left").what,
            "r has no room for B here"
        );
        let stray = Document::parse(b"<r>x<A/></r>").expect("well-formed");
        assert!(sequence(stray.root()).is_err());
    }
}
