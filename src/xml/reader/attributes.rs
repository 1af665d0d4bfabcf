//! The attributes of a start tag, cut apart on its raw bytes (XML 1.0 §3.1, productions [40] to [44]).

use super::super::arena::Span;
use super::chars::{class, is_space, qname};
use super::{Checked, Fault};

/// An attribute as it stands in the source.
pub struct RawAttribute {
    pub prefix: Span,
    pub local: Span,
    /// Between the quotes.
    pub value: Span,
    /// The value has neither references nor white space other than the blank: it is its own normal form.
    pub plain: bool,
}

impl RawAttribute {
    /// Where the attribute starts.
    pub fn offset(&self) -> usize {
        self.prefix.start as usize
    }
}

/// Cuts `source[from..to]`, which follows the name of a tag, into at most `limit` attributes.
pub fn cut(
    source: &str,
    from: usize,
    to: usize,
    limit: usize,
    out: &mut Vec<RawAttribute>,
) -> Checked<()> {
    let bytes = &source.as_bytes()[..to];
    let skip = |mut at: usize| {
        while at < to && is_space(bytes[at]) {
            at += 1;
        }
        at
    };
    let mut at = from;
    loop {
        let gap = at;
        at = skip(at);
        if at == to {
            return Ok(());
        }
        if at == gap {
            return Err(Fault::ill_formed(
                at,
                "white space is missing before an attribute",
            ));
        }
        if out.len() == limit {
            return Err(Fault::limit(at, "attributes of one element"));
        }
        let name = at;
        at += count(&bytes[at..], class::AFTER_NAME);
        let (prefix, local) = qname(source, name, at)?;
        at = skip(at);
        if bytes.get(at) != Some(&b'=') {
            return Err(Fault::ill_formed(name, "an attribute without a value"));
        }
        at = skip(at + 1);
        let quote = match bytes.get(at) {
            Some(&quote @ (b'"' | b'\'')) => quote,
            _ => return Err(Fault::ill_formed(name, "an attribute value without quotes")),
        };
        let value = at + 1;
        let mut plain = true;
        at = value;
        loop {
            at += count(&bytes[at..], class::VALUE_STOP | class::VALUE_WORK);
            match bytes.get(at) {
                None => return Err(Fault::ill_formed(name, "an attribute value without end")),
                Some(&b) if b == quote => break,
                Some(b'<') => return Err(Fault::ill_formed(at, "< in an attribute value")),
                // The other kind of quote.
                Some(b'"' | b'\'') => {}
                Some(_) => plain = false,
            }
            at += 1;
        }
        out.push(RawAttribute {
            prefix,
            local,
            value: Span::new(value, at),
            plain,
        });
        at += 1;
    }
}

/// How many bytes stand before the first one of these classes.
fn count(bytes: &[u8], classes: u8) -> usize {
    bytes
        .iter()
        .position(|&b| class::of(b) & classes != 0)
        .unwrap_or(bytes.len())
}
