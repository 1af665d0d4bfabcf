//! How a document lies in memory: one string and a few flat tables.
//!
//! The string is the source as it arrived, followed by whatever had to be written anew (values with
//! references, merged text). Everything else is a range in it, so a document costs a handful of
//! allocations. Nodes stand in document order; a subtree is a range of them.

/// No parent.
pub(super) const NONE: u32 = u32::MAX;
/// The interned empty namespace.
pub(super) const NO_NAMESPACE: u32 = 0;

/// A range of [`Arena::text`].
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// From byte offsets; the reader refuses inputs that do not fit in 32 bits.
    pub fn new(start: usize, end: usize) -> Self {
        Self {
            start: start as u32,
            end: end as u32,
        }
    }
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

#[derive(Debug, Clone)]
pub(super) struct Arena {
    pub text: String,
    pub source_len: u32,
    pub nodes: Vec<NodeData>,
    pub attributes: Vec<AttributeData>,
    pub declarations: Vec<Binding>,
    /// Bindings from outside the root (a decrypted element has them).
    pub scope: Vec<Binding>,
    /// Distinct namespace names; the first is the empty one.
    pub namespaces: Vec<Span>,
}

#[derive(Debug, Clone)]
pub(super) struct NodeData {
    pub parent: u32,
    /// One past the last node of the subtree.
    pub end: u32,
    pub kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Element(ElementData),
    Text(Span),
}

#[derive(Debug, Clone)]
pub(super) struct ElementData {
    /// Of its `<` in the source.
    pub offset: u32,
    pub prefix: Span,
    pub local: Span,
    pub namespace: u32,
    /// Range of [`Arena::attributes`].
    pub attributes: Span,
    /// Range of [`Arena::declarations`].
    pub declarations: Span,
}

#[derive(Debug, Clone)]
pub(super) struct AttributeData {
    pub prefix: Span,
    pub local: Span,
    pub namespace: u32,
    pub value: Span,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Binding {
    pub prefix: Span,
    pub namespace: u32,
}

impl Arena {
    pub fn str(&self, span: Span) -> &str {
        &self.text[span.start as usize..span.end as usize]
    }
    pub fn namespace(&self, id: u32) -> &str {
        self.str(self.namespaces[id as usize])
    }
    pub fn element(&self, index: u32) -> Option<&ElementData> {
        match &self.nodes[index as usize].kind {
            Kind::Element(element) => Some(element),
            Kind::Text(_) => None,
        }
    }
    pub fn end(&self, index: u32) -> u32 {
        self.nodes[index as usize].end
    }
    pub fn attributes(&self, element: &ElementData) -> &[AttributeData] {
        &self.attributes[element.attributes.start as usize..element.attributes.end as usize]
    }
    pub fn declarations(&self, element: &ElementData) -> &[Binding] {
        &self.declarations[element.declarations.start as usize..element.declarations.end as usize]
    }
    /// Writes text that is not in the source and tells where it stands.
    pub fn append(&mut self, text: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(text);
        Span::new(start, self.text.len())
    }
}
