//! The strict reader: bytes in, [`Document`](super::Document) out, or the first rule that was broken.
//!
//! quick-xml cuts the source into tokens; every rule is checked here, on the raw bytes of the token, so that
//! nothing depends on how lenient a tokeniser is.

mod attributes;
mod builder;
mod chars;
mod declaration;
mod namespaces;
mod references;
#[cfg(test)]
mod tests;

use super::arena::Arena;
use super::{Position, XmlError, XmlErrorKind};
use builder::Builder;
use quick_xml::Reader;
use quick_xml::events::Event;

pub(super) use chars::is_blank;
pub(crate) use chars::is_xml_char;

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
    pub const MESSAGE: Self = Self {
        bytes: 512 * 1024,
        depth: 64,
        nodes: 20_000,
        attributes: 64,
        namespaces: 64,
    };
    /// For metadata, which may be an aggregate of a whole federation: 16 MiB.
    pub const METADATA: Self = Self {
        bytes: 16 * 1024 * 1024,
        depth: 64,
        nodes: 500_000,
        attributes: 64,
        namespaces: 64,
    };
    /// Ranges are 32 bits wide and unescaping never lengthens, so this holds whatever a caller asks for.
    const ABSOLUTE_BYTES: usize = 1 << 28;
}

/// A broken rule and the byte where it broke.
#[derive(Debug)]
struct Fault {
    kind: XmlErrorKind,
    offset: usize,
}

type Checked<T> = Result<T, Fault>;

impl Fault {
    fn new(offset: usize, kind: XmlErrorKind) -> Self {
        Self { kind, offset }
    }
    fn ill_formed(offset: usize, how: impl Into<String>) -> Self {
        Self::new(offset, XmlErrorKind::NotWellFormed(how.into()))
    }
    fn limit(offset: usize, what: &'static str) -> Self {
        Self::new(offset, XmlErrorKind::Limit(what))
    }
    /// For people: with its line and column in what arrived.
    fn told(self, bytes: &[u8]) -> XmlError {
        XmlError {
            position: Position::of(bytes, self.offset),
            kind: self.kind,
        }
    }
}

/// Reads a document with the bindings `scope` around its root.
pub(super) fn read(
    bytes: &[u8],
    scope: &[(&str, &str)],
    limits: &Limits,
) -> Result<Arena, XmlError> {
    match decode(bytes, limits) {
        Ok(text) => read_text(text, scope, limits),
        Err(fault) => Err(fault.told(bytes)),
    }
}

/// The same for what is text already.
pub(super) fn read_text(
    text: &str,
    scope: &[(&str, &str)],
    limits: &Limits,
) -> Result<Arena, XmlError> {
    legal(text, limits)
        .and_then(|()| tokens(text, scope, limits))
        .map_err(|fault| fault.told(text.as_bytes()))
}

fn fits(length: usize, limits: &Limits) -> Checked<()> {
    match length > limits.bytes.min(Limits::ABSOLUTE_BYTES) {
        true => Err(Fault::limit(0, "bytes of the document")),
        false => Ok(()),
    }
}

/// The bytes as text.
fn decode<'b>(bytes: &'b [u8], limits: &Limits) -> Checked<&'b str> {
    fits(bytes.len(), limits)?;
    let encoding = |offset, how: &str| Fault::new(offset, XmlErrorKind::Encoding(how.into()));
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(encoding(0, "UTF-16; only UTF-8 is read"));
    }
    str::from_utf8(bytes).map_err(|error| encoding(error.valid_up_to(), "not UTF-8"))
}

/// Only legal characters, and none too many.
fn legal(text: &str, limits: &Limits) -> Checked<()> {
    fits(text.len(), limits)?;
    if text.starts_with('\u{FEFF}') {
        let kind = XmlErrorKind::Encoding("a byte order mark".into());
        return Err(Fault::new(0, kind));
    }
    match chars::first_illegal(text) {
        Some(offset) => Err(Fault::ill_formed(
            offset,
            "a character that XML 1.0 does not allow",
        )),
        None => Ok(()),
    }
}

fn tokens(source: &str, scope: &[(&str, &str)], limits: &Limits) -> Checked<Arena> {
    let mut builder = Builder::new(source, scope, limits)?;
    let mut reader = Reader::from_str(source);
    loop {
        let start = reader.buffer_position() as usize;
        refuse_on_sight(source, start)?;
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                return Err(Fault::ill_formed(
                    reader.error_position() as usize,
                    error.to_string(),
                ));
            }
        };
        let end = reader.buffer_position() as usize;
        match event {
            Event::Text(_) => builder.text(start, end)?,
            Event::GeneralRef(_) => builder.reference(start, end)?,
            Event::Start(_) => builder.start(start, end - 1)?,
            Event::Empty(_) => {
                builder.start(start, end - 2)?;
                builder.end(start)?;
            }
            // quick-xml has compared the name with the start tag's.
            Event::End(_) => builder.end(start)?,
            Event::CData(_) => builder.cdata(start, end)?,
            Event::Comment(_) => comment(source, start, end)?,
            Event::Decl(_) => declaration::check(source, start, end)?,
            // Refused on sight already; kept so that no token ever passes unjudged.
            Event::PI(_) => return Err(Fault::new(start, XmlErrorKind::ProcessingInstruction)),
            Event::DocType(_) => return Err(Fault::new(start, XmlErrorKind::Doctype)),
            Event::Eof => return builder.finish(),
        }
    }
}

/// Refuses what must not even be tokenised: a DTD is never scanned, not even to skip it.
fn refuse_on_sight(source: &str, start: usize) -> Checked<()> {
    let rest = &source.as_bytes()[start..];
    if rest.starts_with(b"<?") {
        let declares =
            rest.starts_with(b"<?xml") && rest.get(5).is_some_and(|&b| chars::is_space(b));
        return match (declares, start) {
            (true, 0) => Ok(()),
            (true, _) => Err(Fault::ill_formed(
                start,
                "an XML declaration not at the start",
            )),
            (false, _) => Err(Fault::new(start, XmlErrorKind::ProcessingInstruction)),
        };
    }
    if rest.starts_with(b"<!") && !rest.starts_with(b"<!--") && !rest.starts_with(b"<![CDATA[") {
        let doctype = rest
            .get(2..9)
            .is_some_and(|word| word.eq_ignore_ascii_case(b"DOCTYPE"));
        return Err(match doctype {
            true => Fault::new(start, XmlErrorKind::Doctype),
            false => Fault::ill_formed(start, "unknown markup after <!"),
        });
    }
    Ok(())
}

/// XML 1.0 §2.5: no `--` in a comment, nor `-` at its end.
fn comment(source: &str, start: usize, end: usize) -> Checked<()> {
    let content = source.get(start + 4..end - 3);
    match content {
        Some(content) if !content.contains("--") && !content.ends_with('-') => Ok(()),
        _ => Err(Fault::ill_formed(start, "-- in a comment")),
    }
}
