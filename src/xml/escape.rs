//! The escaping of Canonical XML 1.0 §2.3, shared by canonicalisation and the writer.

use super::reader::is_xml_char;
use memchr::{memchr, memchr3};
use std::borrow::Cow;

/// Appends character data.
pub(super) fn push_text(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    if memchr3(b'&', b'<', b'>', bytes).is_none() && memchr(b'\r', bytes).is_none() {
        out.push_str(text);
        return;
    }
    let special = |b: u8| (b == b'&') | (b == b'<') | (b == b'>') | (b == b'\r');
    let (mut done, mut start) = (0, 0);
    // Long texts, such as base64, rarely need escaping at all: blocks without a special character are skipped
    // whole, by a loop without branches.
    for block in bytes.chunks(32) {
        if block
            .iter()
            .fold(false, |found, &byte| found | special(byte))
        {
            for (at, &byte) in block.iter().enumerate().filter(|&(_, &byte)| special(byte)) {
                out.push_str(&text[done..start + at]);
                out.push_str(reference(byte));
                done = start + at + 1;
            }
        }
        start += block.len();
    }
    out.push_str(&text[done..]);
}

/// Appends what stands between the quotes of an attribute.
pub(super) fn push_attribute(out: &mut String, value: &str) {
    let mut done = 0;
    for (at, byte) in value.bytes().enumerate() {
        if IN_ATTRIBUTE[usize::from(byte)] {
            out.push_str(&value[done..at]);
            out.push_str(reference(byte));
            done = at + 1;
        }
    }
    out.push_str(&value[done..]);
}

/// What is escaped there. Attributes are short, and looked at byte by byte.
const IN_ATTRIBUTE: [bool; 256] = {
    let mut table = [false; 256];
    let special = b"&<\"\t\n\r";
    let mut i = 0;
    while i < special.len() {
        table[special[i] as usize] = true;
        i += 1;
    }
    table
};

fn reference(byte: u8) -> &'static str {
    match byte {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'"' => "&quot;",
        b'\t' => "&#x9;",
        b'\n' => "&#xA;",
        _ => "&#xD;",
    }
}

/// The text with every character that XML 1.0 cannot carry, not even as a reference, as U+FFFD.
pub(super) fn carried(text: &str) -> Cow<'_, str> {
    match text.chars().all(is_xml_char) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.replace(|c| !is_xml_char(c), "\u{FFFD}")),
    }
}
