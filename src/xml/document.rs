//! A document in one arena.

use super::{Limits, XmlError};
use std::borrow::Cow;
use std::fmt;

/// A well-formed document with one root, without DTD, entity or processing instruction, within budget,
/// and with unique IDs. Having one proves all of that.
#[derive(Debug, Clone)]
pub struct Document {
    _todo: (),
}

/// A line and column in the bytes as they arrived, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// An element of a [`Document`]. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document,
    index: u32,
}

/// An attribute that is not a namespace declaration.
#[derive(Debug, Clone, Copy)]
pub struct Attribute<'d> {
    /// Namespace name, empty for none.
    pub namespace: &'d str,
    /// Local name.
    pub local: &'d str,
    /// Value after normalisation.
    pub value: &'d str,
}

impl Document {
    /// Reads a message under [`Limits::MESSAGE`].
    pub fn parse(bytes: &[u8]) -> Result<Self, XmlError> {
        Self::parse_within(bytes, &Limits::MESSAGE)
    }

    /// Reads under the given limits.
    pub fn parse_within(bytes: &[u8], limits: &Limits) -> Result<Self, XmlError> {
        let _ = (bytes, limits);
        todo!()
    }

    /// Reads a decrypted element in the namespace context `scope` of the place it was encrypted at
    /// (XML Encryption 1.1 §4.4: the plaintext is parsed in the context of its parent).
    pub fn parse_in_scope(bytes: &[u8], scope: &[(&str, &str)], limits: &Limits) -> Result<Self, XmlError> {
        let _ = (bytes, scope, limits);
        todo!()
    }

    /// The root element.
    pub fn root(&self) -> Node<'_> {
        todo!()
    }
}

impl<'d> Node<'d> {
    /// Whether this is the element `local` in namespace `ns`.
    pub fn is(self, ns: super::Ns, local: &str) -> bool {
        let _ = (ns, local);
        todo!()
    }
    /// Namespace name, empty for none.
    pub fn namespace(self) -> &'d str {
        todo!()
    }
    /// Local name.
    pub fn local(self) -> &'d str {
        todo!()
    }
    /// The attribute `local` without namespace.
    pub fn attribute(self, local: &str) -> Option<&'d str> {
        let _ = local;
        todo!()
    }
    /// All attributes but namespace declarations, in document order.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'d>> {
        std::iter::empty()
    }
    /// Namespace bindings in scope here, as (prefix, name); the default one has an empty prefix.
    pub fn namespaces_in_scope(self) -> Vec<(&'d str, &'d str)> {
        todo!()
    }
    /// Child elements, in document order.
    pub fn elements(self) -> impl Iterator<Item = Node<'d>> {
        std::iter::empty()
    }
    /// All elements below this one, in document order.
    pub fn descendants(self) -> impl Iterator<Item = Node<'d>> {
        std::iter::empty()
    }
    /// The first child element `local` in `ns`.
    pub fn child(self, ns: super::Ns, local: &str) -> Option<Node<'d>> {
        let _ = (ns, local);
        todo!()
    }
    /// The parent element, none for the root.
    pub fn parent(self) -> Option<Node<'d>> {
        todo!()
    }
    /// The whole text of an element that has no element in it; `None` if it has.
    pub fn text(self) -> Option<Cow<'d, str>> {
        todo!()
    }
    /// Whether this element has text other than white space directly in it.
    pub fn has_stray_text(self) -> bool {
        todo!()
    }
    /// Where the element starts.
    pub fn position(self) -> Position {
        let _ = (self.document, self.index);
        todo!()
    }
    /// Whether both are the same element of the same document.
    pub fn same(self, other: Node<'_>) -> bool {
        std::ptr::eq(self.document, other.document) && self.index == other.index
    }
}
