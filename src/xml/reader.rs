//! The strict reader: bytes in, [`Document`](super::Document) out, or the first rule that was broken.

/// What a document may cost. Whatever a peer can lengthen draws from one of these.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the whole document.
    pub bytes: usize,
    /// Elements inside elements.
    pub depth: usize,
    /// Elements and pieces of text.
    pub nodes: usize,
    /// Attributes of one element, namespace declarations among them.
    pub attributes: usize,
    /// Namespace declarations in scope at one place.
    pub namespaces: usize,
}

impl Limits {
    /// For a message: 512 KiB, depth 64, 20 000 nodes.
    pub const MESSAGE: Self = Self { bytes: 512 * 1024, depth: 64, nodes: 20_000, attributes: 64, namespaces: 64 };
    /// For metadata, which may be an aggregate of a whole federation: 16 MiB.
    pub const METADATA: Self = Self { bytes: 16 * 1024 * 1024, depth: 64, nodes: 500_000, attributes: 64, namespaces: 64 };
}
