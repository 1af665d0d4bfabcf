//! Characters and names: XML 1.0 (fifth edition) §2.2, §2.3, Namespaces in XML 1.0 §3, §4.

use super::super::arena::Span;
use super::{Checked, Fault};

/// What a byte may be, so that a tag is read with one look at each of its bytes.
pub mod class {
    /// Production [4] NameStartChar without the colon, of the ASCII ones.
    pub const NAME_START: u8 = 1;
    /// Production [4a] NameChar without the colon, of the ASCII ones.
    pub const NAME: u8 = 2;
    /// Ends the name of an attribute.
    pub const AFTER_NAME: u8 = 4;
    /// In the value of an attribute: its end, perhaps, or what may not stand there.
    pub const VALUE_STOP: u8 = 8;
    /// In the value of an attribute: to be written anew.
    pub const VALUE_WORK: u8 = 16;

    const TABLE: [u8; 256] = {
        let mut table = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            let b = byte as u8;
            let start = b.is_ascii_alphabetic() || b == b'_';
            if start {
                table[byte] |= NAME_START;
            }
            if start || b.is_ascii_digit() || matches!(b, b'-' | b'.') {
                table[byte] |= NAME;
            }
            if super::is_space(b) || matches!(b, b'=' | b'"' | b'\'' | b'<') {
                table[byte] |= AFTER_NAME;
            }
            if matches!(b, b'"' | b'\'' | b'<') {
                table[byte] |= VALUE_STOP;
            }
            if matches!(b, b'&' | b'\t' | b'\n' | b'\r') {
                table[byte] |= VALUE_WORK;
            }
            byte += 1;
        }
        table
    };

    /// The classes of a byte.
    pub fn of(byte: u8) -> u8 {
        TABLE[usize::from(byte)]
    }
}

/// Production [3] S.
pub const fn is_space(byte: u8) -> bool {
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
    let mut chars = name.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
}

/// Prefix (perhaps empty) and local part of the QName at `start..end`.
pub fn qname(source: &str, start: usize, end: usize) -> Checked<(Span, Span)> {
    let name = &source[start..end];
    // Nearly every name is ASCII, and there are hundreds in a message.
    if let Some(local) = ascii_qname(name.as_bytes()) {
        let prefix_end = start + local.saturating_sub(1);
        return Ok((Span::new(start, prefix_end), Span::new(start + local, end)));
    }
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

/// Where the local part of an ASCII QName starts; none if it is no such name.
fn ascii_qname(name: &[u8]) -> Option<usize> {
    let (mut local, mut allowed) = (0, class::NAME_START);
    for (at, &byte) in name.iter().enumerate() {
        if class::of(byte) & allowed != 0 {
            allowed = class::NAME;
        } else if byte == b':' && local == 0 && at > 0 {
            (local, allowed) = (at + 1, class::NAME_START);
        } else {
            return None;
        }
    }
    // A name that ends where one must start is none.
    (allowed == class::NAME).then_some(local)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The productions without the shortcut.
    fn by_the_book(name: &str) -> bool {
        let ncname = |part: &str| {
            let mut chars = part.chars();
            chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
        };
        match name.split_once(':') {
            Some((prefix, local)) => ncname(prefix) && ncname(local),
            None => ncname(name),
        }
    }

    #[test]
    fn the_shortcut_for_ascii_names_agrees_with_the_productions() {
        let letters = [
            "a", "Z", "_", ":", "-", ".", "0", "9", " ", "@", "[", "`", "{", "/", "ø", "\u{B7}",
        ];
        for one in letters.iter().chain(&[""]) {
            for two in letters.iter().chain(&[""]) {
                for three in letters.iter().chain(&[""]) {
                    for four in letters.iter().chain(&[""]) {
                        let name = [*one, two, three, four].concat();
                        let found = qname(&name, 0, name.len());
                        assert_eq!(found.is_ok(), by_the_book(&name), "{name:?}");
                        // And it answers for all of them, so that the long way is for the few others.
                        let short = ascii_qname(name.as_bytes()).is_some();
                        assert_eq!(short, name.is_ascii() && by_the_book(&name), "{name:?}");
                        if let Ok((prefix, local)) = found {
                            let text = |span: Span| &name[span.start as usize..span.end as usize];
                            let expected = name.split_once(':').unwrap_or(("", &name));
                            assert_eq!((text(prefix), text(local)), expected);
                        }
                    }
                }
            }
        }
    }
}
