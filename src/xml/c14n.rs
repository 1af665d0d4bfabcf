//! Exclusive C14N without comments (<http://www.w3.org/2001/10/xml-exc-c14n#>).

use super::Node;

/// The canonical bytes of `apex` and everything in it, leaving out the element `omit` (the enveloped
/// signature). `inclusive` is the PrefixList of `InclusiveNamespaces`; `#default` stands for the default
/// namespace.
pub fn canonical(apex: Node<'_>, omit: Option<Node<'_>>, inclusive: &[&str]) -> Vec<u8> {
    let _ = (apex, omit, inclusive);
    todo!()
}
