//! The escaping of Canonical XML 1.0 §2.3, shared by canonicalisation and the writer.

use super::reader::is_xml_char;
use memchr::{memchr, memchr3};
use std::borrow::Cow;

/// Appends character data.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    if memchr3(b'&', b'<', b'>', bytes).is_none() && memchr(b'\r', bytes).is_none() {
        out.extend_from_slice(bytes);
        return;
    }
    let special = |b: u8| (b == b'&') | (b == b'<') | (b == b'>') | (b == b'\r');
    push(out, text, special, reference);
}

/// Appends what stands between the quotes of an attribute.
pub(super) fn push_attribute(out: &mut Vec<u8>, value: &str) {
    let space = |b: u8| (b == b'\t') | (b == b'\n') | (b == b'\r');
    let special = |b: u8| (b == b'&') | (b == b'<') | (b == b'"') | space(b);
    push(out, value, special, reference);
}

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

/// Long texts, such as base64, rarely need escaping at all: blocks without a special character are skipped
/// whole, by a loop without branches.
fn push(
    out: &mut Vec<u8>,
    text: &str,
    special: impl Fn(u8) -> bool,
    escaped: impl Fn(u8) -> &'static str,
) {
    let bytes = text.as_bytes();
    let (mut done, mut start) = (0, 0);
    for block in bytes.chunks(32) {
        if block
            .iter()
            .fold(false, |found, &byte| found | special(byte))
        {
            for (at, &byte) in block.iter().enumerate().filter(|&(_, &byte)| special(byte)) {
                out.extend_from_slice(&bytes[done..start + at]);
                out.extend_from_slice(escaped(byte).as_bytes());
                done = start + at + 1;
            }
        }
        start += block.len();
    }
    out.extend_from_slice(&bytes[done..]);
}

/// The text with every character that XML 1.0 cannot carry, not even as a reference, as U+FFFD.
pub(super) fn carried(text: &str) -> Cow<'_, str> {
    match text.chars().all(is_xml_char) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.replace(|c| !is_xml_char(c), "\u{FFFD}")),
    }
}
