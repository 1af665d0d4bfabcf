//! Characters and names: XML 1.0 (fifth edition) §2.2, §2.3, Namespaces in XML 1.0 §3, §4.

use super::super::arena::Span;
use super::{Checked, Fault};

/// Production [3] S.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Only white space, or nothing.
pub fn is_blank(text: &str) -> bool {
    text.bytes().all(is_space)
}

/// Production [2] Char.
pub fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Offset of the first character that is not legal.
pub fn first_illegal(source: &str) -> Option<usize> {
    // One pass without branches; the exact search is only for the few sources that need it. U+FFFE and
    // U+FFFF are the only illegal characters that are not ASCII, and start with EF BF.
    let space = |b: u8| (b == b'\t') | (b == b'\n') | (b == b'\r');
    let suspect = |b: u8| ((b < 0x20) & !space(b)) | (b == 0xEF);
    if !source.bytes().fold(false, |found, b| found | suspect(b)) {
        return None;
    }
    source
        .char_indices()
        .find(|&(_, c)| !is_xml_char(c))
        .map(|(offset, _)| offset)
}

/// Production [4] NameStartChar without the colon.
fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | '_' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// Production [4a] NameChar without the colon.
fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Production [4] NCName of Namespaces in XML.
pub fn is_ncname(name: &str) -> bool {
    // Nearly every name is ASCII, and there are hundreds in a message.
    if let [first, rest @ ..] = name.as_bytes()
        && name.is_ascii()
    {
        return (first.is_ascii_alphabetic() || *first == b'_')
            && rest
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    }
    let mut chars = name.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
}

/// Prefix (perhaps empty) and local part of the QName at `start..end`.
pub fn qname(source: &str, start: usize, end: usize) -> Checked<(Span, Span)> {
    let name = &source[start..end];
    let (prefix, local) = match name.bytes().position(|b| b == b':') {
        Some(colon) => (Some(&name[..colon]), start + colon + 1),
        None => (None, start),
    };
    if !prefix.is_none_or(is_ncname) || !is_ncname(&source[local..end]) {
        return Err(Fault::ill_formed(start, format!("{name:?} is not a name")));
    }
    let prefix_end = prefix.map_or(start, |_| local - 1);
    Ok((Span::new(start, prefix_end), Span::new(local, end)))
}
