//! The escaping of Canonical XML 1.0 §2.3, shared by canonicalisation and the writer.

use super::reader::is_xml_char;
use std::borrow::Cow;

/// Appends character data.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) {
    push(out, text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

/// Appends what stands between the quotes of an attribute.
pub(super) fn push_attribute(out: &mut Vec<u8>, value: &str) {
    push(out, value, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

fn push(out: &mut Vec<u8>, text: &str, escaped: impl Fn(u8) -> Option<&'static str>) {
    let bytes = text.as_bytes();
    let mut done = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if let Some(instead) = escaped(byte) {
            out.extend_from_slice(&bytes[done..at]);
            out.extend_from_slice(instead.as_bytes());
            done = at + 1;
        }
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
