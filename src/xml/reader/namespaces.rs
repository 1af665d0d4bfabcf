//! Namespaces in XML 1.0: what a declaration may say, and what a prefix means.

use super::super::XmlErrorKind;
use super::super::arena::{Arena, Binding, NO_NAMESPACE, Span};
use super::{Checked, Fault};

/// Bound to the prefix `xml`, by definition.
pub const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// Bound to the prefix `xmlns`, by definition.
pub const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
/// `wsu:Id` is an ID by its specification.
pub const WSU: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

/// Interning compares with every known name, so their number is a budget of its own; a whole federation's
/// aggregate has a few dozen.
const MAX_DISTINCT: usize = 256;
/// Canonical form repeats a name at every subtree that uses it, so its length is one too.
const MAX_LENGTH: usize = 512;

/// The bindings in force at the place the reader stands at.
#[derive(Default)]
pub struct Scope {
    active: Vec<Binding>,
}

impl Scope {
    pub fn len(&self) -> usize {
        self.active.len()
    }
    pub fn leave(&mut self, len: usize) {
        self.active.truncate(len);
    }
    pub fn bind(&mut self, binding: Binding) {
        self.active.push(binding);
    }
    /// The namespace of `prefix`; an empty prefix asks for the default one.
    pub fn find(&self, arena: &Arena, prefix: &str) -> Option<u32> {
        let found = self
            .active
            .iter()
            .rev()
            .find(|b| arena.str(b.prefix) == prefix);
        found
            .map(|b| b.namespace)
            .or(prefix.is_empty().then_some(NO_NAMESPACE))
    }
}

/// Whether `prefix` (empty for the default namespace) may be bound to `name`.
pub fn check(prefix: &str, name: &str, offset: usize) -> Checked<()> {
    let refuse = |how: String| Err(Fault::new(offset, XmlErrorKind::Namespace(how)));
    if prefix == "xmlns" || name == XMLNS {
        return refuse("xmlns cannot be declared".into());
    }
    if (prefix == "xml") != (name == XML) {
        return refuse("xml is bound to its own namespace only".into());
    }
    if name.is_empty() && !prefix.is_empty() {
        return refuse(format!("the prefix {prefix} is bound to nothing"));
    }
    if name.len() > MAX_LENGTH {
        return Err(Fault::limit(offset, "length of a namespace name"));
    }
    if !name.is_empty() && !is_absolute_uri(name) {
        return refuse(format!("{name:?} is not an absolute URI"));
    }
    Ok(())
}

/// A scheme, and only characters of RFC 3986. Canonicalisation of anything else is undefined (C14N 1.0 §1.3),
/// and libraries that fail there have digested nothing at all.
fn is_absolute_uri(name: &str) -> bool {
    let Some((scheme, rest)) = name.split_once(':') else {
        return false;
    };
    let scheme_fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    let bytes = rest.as_bytes();
    scheme_fits
        && !rest.is_empty()
        && bytes.iter().enumerate().all(|(i, &b)| match b {
            b'%' => bytes
                .get(i + 1..i + 3)
                .is_some_and(|h| h.iter().all(u8::is_ascii_hexdigit)),
            // A legal character that libxml2 forgets to escape in canonical form; no namespace has it.
            b'&' => false,
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => false,
            _ => b.is_ascii_graphic(),
        })
}

/// The number of the namespace whose name stands at `span`.
pub fn intern(arena: &mut Arena, span: Span, offset: usize) -> Checked<u32> {
    if let Some(known) = known(arena, arena.str(span)) {
        return Ok(known);
    }
    if arena.namespaces.len() >= MAX_DISTINCT {
        return Err(Fault::limit(offset, "distinct namespaces"));
    }
    arena.namespaces.push(span);
    Ok(arena.namespaces.len() as u32 - 1)
}

/// The number of the namespace of the prefix `xml`, which needs no declaration.
pub fn intern_xml(arena: &mut Arena, offset: usize) -> Checked<u32> {
    if let Some(known) = known(arena, XML) {
        return Ok(known);
    }
    let span = arena.append(XML);
    intern(arena, span, offset)
}

fn known(arena: &Arena, name: &str) -> Option<u32> {
    arena
        .namespaces
        .iter()
        .position(|&s| arena.str(s) == name)
        .map(|i| i as u32)
}
