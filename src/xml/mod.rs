//! The only XML that the hub reads and writes.
//!
//! [`Document::parse`] is strict: UTF-8, no DOCTYPE, no processing instruction, only the five predefined
//! entities and character references, namespaces resolved, IDs unique, everything within [`Limits`].
//! Comments are dropped and the text around them is merged, so that nobody can hide a cut in a name.
//! [`canonical`] is exclusive C14N without comments; [`Element`] writes that form to begin with.

mod arena;
mod beginning;
mod c14n;
mod document;
mod error;
mod escape;
mod names;
mod reader;
mod writer;

pub(crate) use beginning::beginning;
pub use c14n::canonical;
pub(crate) use c14n::canonical_within;
pub use document::{Attribute, Document, Node, Position};
pub use error::{XmlError, XmlErrorKind};
pub use names::{DS, MD, MDATTR, MDUI, NONE, Ns, SAML, SAMLP, XENC, XENC11};
pub use reader::Limits;
pub(crate) use reader::is_xml_char;
pub use writer::{Canonical, Element};
