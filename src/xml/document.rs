//! A document in one arena.

use super::arena::{Arena, ElementData, Kind, NONE};
use super::{Limits, XmlError, reader};
use std::borrow::Cow;
use std::fmt;

/// A well-formed document with one root, without DTD, entity or processing instruction, within budget,
/// and with unique IDs. Having one proves all of that.
#[derive(Debug, Clone)]
pub struct Document {
    pub(super) arena: Arena,
}

/// A line and column in the bytes as they arrived, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

impl Position {
    /// The position of byte `offset` in `bytes`, which need not be UTF-8.
    pub(super) fn of(bytes: &[u8], offset: usize) -> Self {
        let before = &bytes[..offset.min(bytes.len())];
        let line_start = before
            .iter()
            .rposition(|&b| b == b'\n')
            .map_or(0, |i| i + 1);
        Self {
            line: 1 + before.iter().filter(|&&b| b == b'\n').count(),
            // Continuation bytes of UTF-8 are not characters of their own.
            column: 1 + before[line_start..]
                .iter()
                .filter(|&&b| b & 0xC0 != 0x80)
                .count(),
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// An element of a [`Document`]. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    pub(super) document: &'d Document,
    pub(super) index: u32,
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
        Self::parse_in_scope(bytes, &[], limits)
    }

    /// Reads what is text already, such as a canonical form.
    pub fn parse_text(text: &str, limits: &Limits) -> Result<Self, XmlError> {
        let arena = reader::read_text(text, &[], limits)?;
        Ok(Self { arena })
    }

    /// Reads a decrypted element in the namespace context `scope` of the place it was encrypted at
    /// (XML Encryption 1.1 §4.4: the plaintext is parsed in the context of its parent).
    pub fn parse_in_scope(
        bytes: &[u8],
        scope: &[(&str, &str)],
        limits: &Limits,
    ) -> Result<Self, XmlError> {
        let arena = reader::read(bytes, scope, limits)?;
        Ok(Self { arena })
    }

    /// The root element.
    pub fn root(&self) -> Node<'_> {
        // The reader flushes no text before the root, so the first node is it.
        Node {
            document: self,
            index: 0,
        }
    }

    /// The text as it arrived.
    pub fn source(&self) -> &str {
        &self.arena.text[..self.source_len()]
    }

    pub(super) fn source_len(&self) -> usize {
        self.arena.source_len as usize
    }
}

impl<'d> Node<'d> {
    pub(super) fn data(self) -> &'d ElementData {
        self.arena()
            .element(self.index)
            .expect("a Node is an element")
    }
    pub(super) fn arena(self) -> &'d Arena {
        &self.document.arena
    }
    fn at(self, index: u32) -> Node<'d> {
        Node {
            document: self.document,
            index,
        }
    }

    /// Whether this is the element `local` in namespace `ns`.
    pub fn is(self, ns: super::Ns, local: &str) -> bool {
        self.local() == local && self.namespace() == ns.uri
    }
    /// Namespace name, empty for none.
    pub fn namespace(self) -> &'d str {
        self.arena().namespace(self.data().namespace)
    }
    /// Local name.
    pub fn local(self) -> &'d str {
        self.arena().str(self.data().local)
    }
    /// The attribute `local` without namespace.
    pub fn attribute(self, local: &str) -> Option<&'d str> {
        let found = self
            .attributes()
            .find(|a| a.namespace.is_empty() && a.local == local);
        found.map(|a| a.value)
    }
    /// All attributes but namespace declarations, in document order.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'d>> {
        let arena = self.arena();
        arena.attributes(self.data()).iter().map(|a| Attribute {
            namespace: arena.namespace(a.namespace),
            local: arena.str(a.local),
            value: arena.str(a.value),
        })
    }
    /// Namespace bindings in scope here, as (prefix, name); the default one has an empty prefix.
    pub fn namespaces_in_scope(self) -> Vec<(&'d str, &'d str)> {
        let arena = self.arena();
        let mut scope: Vec<(&str, &str)> = Vec::new();
        let own = std::iter::successors(Some(self), |n| n.parent());
        let declared = own.flat_map(|n| arena.declarations(n.data()));
        for binding in declared.chain(&arena.scope) {
            let prefix = arena.str(binding.prefix);
            if scope.iter().all(|(known, _)| *known != prefix) {
                scope.push((prefix, arena.namespace(binding.namespace)));
            }
        }
        // xmlns="" takes the default namespace out of scope; it is not a binding.
        scope.retain(|(_, name)| !name.is_empty());
        scope
    }
    /// Child elements, in document order.
    pub fn elements(self) -> impl Iterator<Item = Node<'d>> {
        self.children()
            .filter(move |&i| self.arena().element(i).is_some())
            .map(move |i| self.at(i))
    }
    /// All elements below this one, in document order.
    pub fn descendants(self) -> impl Iterator<Item = Node<'d>> {
        let below = self.index + 1..self.arena().end(self.index);
        below
            .filter(move |&i| self.arena().element(i).is_some())
            .map(move |i| self.at(i))
    }
    /// The first child element `local` in `ns`.
    pub fn child(self, ns: super::Ns, local: &str) -> Option<Node<'d>> {
        self.elements().find(|e| e.is(ns, local))
    }
    /// The parent element, none for the root.
    pub fn parent(self) -> Option<Node<'d>> {
        let parent = self.arena().nodes[self.index as usize].parent;
        (parent != NONE).then(|| self.at(parent))
    }
    /// The whole text of an element that has no element in it; `None` if it has.
    pub fn text(self) -> Option<Cow<'d, str>> {
        let mut text = "";
        for child in self.children() {
            match self.arena().nodes[child as usize].kind {
                Kind::Element(_) => return None,
                // There is at most one: the reader merges what comments and CDATA cut apart.
                Kind::Text(span) => text = self.arena().str(span),
            }
        }
        Some(Cow::Borrowed(text))
    }
    /// Whether this element has text other than white space directly in it.
    pub fn has_stray_text(self) -> bool {
        self.children()
            .any(|child| match self.arena().nodes[child as usize].kind {
                Kind::Element(_) => false,
                Kind::Text(span) => !reader::is_blank(self.arena().str(span)),
            })
    }
    /// Where the element starts.
    pub fn position(self) -> Position {
        let source = &self.arena().text.as_bytes()[..self.document.source_len()];
        Position::of(source, self.data().offset as usize)
    }
    /// How many bytes the document had when it arrived; budgets of later steps are measured by it.
    pub(crate) fn source_len(self) -> usize {
        self.document.source_len()
    }
    /// Whether both are the same element of the same document.
    pub fn same(self, other: Node<'_>) -> bool {
        std::ptr::eq(self.document, other.document) && self.index == other.index
    }

    /// Indices of child nodes, text included.
    pub(super) fn children(self) -> impl Iterator<Item = u32> + 'd {
        let arena = self.arena();
        let end = arena.end(self.index);
        let first = Some(self.index + 1).filter(|&i| i < end);
        std::iter::successors(first, move |&i| {
            Some(arena.end(i)).filter(|&next| next < end)
        })
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<{{{}}}{}> at {}",
            self.namespace(),
            self.local(),
            self.position()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::{MD, SAML};

    #[test]
    fn attributes_have_no_default_namespace() {
        let source = "<a xmlns='u:a' xmlns:p='u:a' b='1' p:b='2'/>";
        let document = Document::parse(source.as_bytes()).unwrap();
        let found: Vec<_> = document
            .root()
            .attributes()
            .map(|a| (a.namespace, a.value))
            .collect();
        assert_eq!(found, [("", "1"), ("u:a", "2")]);
        assert_eq!(document.root().namespace(), "u:a");
        assert_eq!(document.root().attribute("b"), Some("1"));
    }

    #[test]
    fn an_element_is_known_by_namespace_and_name_and_an_attribute_by_name_without_one() {
        let source = concat!(
            "<p:a xmlns:p='urn:oasis:names:tc:SAML:2.0:assertion' p:ID='1' b='2'>",
            "<b/><p:b/><p:b x='second'/></p:a>"
        );
        let document = Document::parse(source.as_bytes()).unwrap();
        let root = document.root();
        assert!(root.is(SAML, "a"));
        assert!(!root.is(SAML, "b"), "another name");
        assert!(!root.is(MD, "a"), "another namespace");
        assert_eq!(root.attribute("ID"), None, "it has a namespace");
        assert_eq!(root.attribute("b"), Some("2"));
        let child = root.child(SAML, "b").unwrap();
        assert_eq!(child.attribute("x"), None, "the first of the two");
        assert!(child.same(root.elements().nth(1).unwrap()));
        assert!(root.child(SAML, "a").is_none());
    }

    #[test]
    fn an_element_is_the_same_only_as_itself() {
        let document = Document::parse(b"<a><b/></a>").unwrap();
        let twin = document.clone();
        let (a, b) = (document.root(), document.root().elements().next().unwrap());
        assert!(a.same(document.root()) && b.same(b));
        assert!(!a.same(b), "of one document");
        assert!(!a.same(twin.root()), "of two documents, at the same place");
    }

    #[test]
    fn the_source_is_what_arrived() {
        // What is written anew stands behind it in memory.
        let source = "<a b='&lt;'>&amp;\r\n</a>";
        let document = Document::parse(source.as_bytes()).unwrap();
        assert_eq!(document.source(), source);
        assert_eq!(document.root().source_len(), source.len());
        assert_eq!(document.root().text().unwrap(), "&\n");
    }

    #[test]
    fn positions_count_lines_and_characters() {
        let error = Document::parse("<a>\n  æøå<b></c></a>".as_bytes()).unwrap_err();
        assert_eq!((error.position.line, error.position.column), (2, 9));
        let document = Document::parse("<a>\n  æøå<b/></a>".as_bytes()).unwrap();
        let b = document.root().elements().next().unwrap();
        assert_eq!(b.position().to_string(), "line 2, column 6");
    }

    #[test]
    fn a_plaintext_is_read_in_its_scope() {
        let scope = [("p", "u:p"), ("", "u:d")];
        let read = |s: &str| Document::parse_in_scope(s.as_bytes(), &scope, &Limits::MESSAGE);
        let document = read("<p:a><b xmlns:p='u:q'><p:c/></b></p:a>").unwrap();
        let root = document.root();
        assert_eq!(root.namespace(), "u:p");
        let b = root.elements().next().unwrap();
        assert_eq!(b.namespace(), "u:d");
        assert_eq!(b.elements().next().unwrap().namespace(), "u:q");
        let mut found = b.namespaces_in_scope();
        found.sort_unstable();
        assert_eq!(found, [("", "u:d"), ("p", "u:q")]);
        assert!(read("<q:a/>").is_err());
    }

    #[test]
    fn the_tree_is_walked_in_document_order() {
        let document = Document::parse(b"<a>1<b><c/>2</b><d/>3</a>").unwrap();
        let root = document.root();
        let names = |nodes: Vec<Node<'_>>| nodes.iter().map(|n| n.local()).collect::<String>();
        assert_eq!(names(root.elements().collect()), "bd");
        assert_eq!(names(root.descendants().collect()), "bcd");
        let c = root.descendants().nth(1).unwrap();
        assert_eq!(c.parent().unwrap().local(), "b");
        assert!(c.parent().unwrap().parent().unwrap().same(root) && root.parent().is_none());
    }
}
