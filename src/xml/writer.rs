//! A writer whose output is already in exclusive canonical form, so that what is digested is what is sent.

use super::Ns;
use std::borrow::Cow;

/// An element to be written. Namespaces are declared where they are first used, attributes are sorted,
/// and everything that needs escaping is escaped: there is no other way to put text in.
#[derive(Debug, Clone)]
pub struct Element {
    ns: Ns,
    local: &'static str,
    attributes: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    children: Vec<Child>,
}

#[derive(Debug, Clone)]
enum Child {
    Element(Element),
    Text(Cow<'static, str>),
    Canonical(Canonical),
}

/// Bytes of one element in exclusive canonical form: what [`Element::render`] wrote or a signer spliced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonical(Vec<u8>);

impl Canonical {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
    /// The bytes as text.
    pub fn as_str(&self) -> &str {
        todo!()
    }
}

impl Element {
    /// An empty element.
    pub fn new(ns: Ns, local: &'static str) -> Self {
        Self { ns, local, attributes: Vec::new(), children: Vec::new() }
    }
    /// With an attribute that has no namespace.
    pub fn attr(self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        let _ = (name, value.into());
        todo!()
    }
    /// With an attribute if there is a value.
    pub fn attr_opt(self, name: &'static str, value: Option<impl Into<Cow<'static, str>>>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }
    /// With text.
    pub fn text(self, text: impl Into<Cow<'static, str>>) -> Self {
        let _ = text.into();
        todo!()
    }
    /// With a child element.
    pub fn child(self, child: Element) -> Self {
        let _ = child;
        todo!()
    }
    /// With a child element if there is one.
    pub fn child_opt(self, child: Option<Element>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }
    /// With several child elements.
    pub fn children(self, children: impl IntoIterator<Item = Element>) -> Self {
        children.into_iter().fold(self, Self::child)
    }
    /// With an element that is already canonical, such as a signed assertion.
    pub fn canonical_child(self, child: Canonical) -> Self {
        let _ = child;
        todo!()
    }
    /// The element in exclusive canonical form.
    pub fn render(&self) -> Canonical {
        let _ = (&self.ns, self.local, &self.attributes, &self.children);
        todo!()
    }
}
