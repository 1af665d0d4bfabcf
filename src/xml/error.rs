//! Why a document was not read.

use super::Position;
use std::fmt;

/// Why bytes are not a document that the hub reads, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XmlError {
    /// What rule of the reader was broken.
    pub kind: XmlErrorKind,
    /// Where in the bytes.
    pub position: Position,
}

/// The rules of the reader, one variant each.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum XmlErrorKind {
    /// Not well-formed; the text says how.
    NotWellFormed(String),
    /// Not UTF-8, or declares another encoding or XML version.
    Encoding(String),
    /// A document type declaration, of any kind.
    Doctype,
    /// A processing instruction.
    ProcessingInstruction,
    /// A reference to an entity other than the five predefined ones.
    Entity(String),
    /// A namespace rule is broken: undeclared prefix, relative or reserved namespace name.
    Namespace(String),
    /// Two ID-like attributes have the same value.
    DuplicateId(String),
    /// A budget of [`super::Limits`] is used up; names which.
    Limit(&'static str),
}

impl fmt::Display for XmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            XmlErrorKind::NotWellFormed(how) => write!(f, "not well-formed: {how}")?,
            XmlErrorKind::Encoding(how) => write!(f, "encoding: {how}")?,
            XmlErrorKind::Doctype => write!(f, "a document type declaration is refused")?,
            XmlErrorKind::ProcessingInstruction => {
                write!(f, "a processing instruction is refused")?
            }
            XmlErrorKind::Entity(name) => write!(f, "the entity &{name}; is refused")?,
            XmlErrorKind::Namespace(how) => write!(f, "namespace: {how}")?,
            XmlErrorKind::DuplicateId(id) => write!(f, "the ID {id} occurs twice")?,
            XmlErrorKind::Limit(what) => write!(f, "too large: {what}")?,
        }
        write!(f, " ({})", self.position)
    }
}

impl std::error::Error for XmlError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_and_where() {
        let told = |kind| {
            let position = Position { line: 3, column: 7 };
            XmlError { kind, position }.to_string()
        };
        for (kind, expected) in [
            (
                XmlErrorKind::NotWellFormed("x".into()),
                "not well-formed: x",
            ),
            (XmlErrorKind::Encoding("x".into()), "encoding: x"),
            (
                XmlErrorKind::Doctype,
                "a document type declaration is refused",
            ),
            (
                XmlErrorKind::ProcessingInstruction,
                "a processing instruction is refused",
            ),
            (
                XmlErrorKind::Entity("x".into()),
                "the entity &x; is refused",
            ),
            (XmlErrorKind::Namespace("x".into()), "namespace: x"),
            (
                XmlErrorKind::DuplicateId("x".into()),
                "the ID x occurs twice",
            ),
            (XmlErrorKind::Limit("x"), "too large: x"),
        ] {
            assert_eq!(told(kind), format!("{expected} (line 3, column 7)"));
        }
    }
}
