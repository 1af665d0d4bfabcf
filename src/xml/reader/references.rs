//! References, line ends and attribute values: XML 1.0 §4.1, §2.11, §3.3.3.

use super::super::{XmlErrorKind, beginning};
use super::chars::{is_ncname, is_xml_char};
use super::{Checked, Fault};

/// The character that `&name;` stands for: one of the five, or a legal character by number.
pub fn resolve(name: &str, offset: usize) -> Checked<char> {
    let number = match name.strip_prefix('#') {
        Some(hex) if hex.starts_with('x') => number(&hex[1..], 16),
        Some(decimal) => number(decimal, 10),
        None => {
            return Ok(match name {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "quot" => '"',
                "apos" => '\'',
                _ if is_ncname(name) => {
                    return Err(Fault::new(offset, XmlErrorKind::Entity(beginning(name))));
                }
                _ => return Err(Fault::ill_formed(offset, "& without the name of an entity")),
            });
        }
    };
    let character = number.and_then(char::from_u32).filter(|&c| is_xml_char(c));
    character
        .ok_or_else(|| Fault::ill_formed(offset, "a character reference to no legal character"))
}

fn number(digits: &str, radix: u32) -> Option<u32> {
    // from_str_radix would take a sign.
    let clean = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    u32::from_str_radix(digits, radix).ok().filter(|_| clean)
}

/// Text with `\r\n` and `\r` as `\n`.
pub fn push_text(out: &mut String, raw: &str) {
    let mut rest = raw;
    while let Some(at) = rest.find('\r') {
        out.push_str(&rest[..at]);
        out.push('\n');
        rest = &rest[at + 1..];
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    out.push_str(rest);
}

/// An attribute value that stands at `offset`: literal white space becomes the blank, what references stand
/// for is kept.
pub fn push_value(out: &mut String, raw: &str, offset: usize) -> Checked<()> {
    let mut at = 0;
    while let Some(found) = raw[at..].find(['&', '\t', '\n', '\r']) {
        out.push_str(&raw[at..at + found]);
        at += found;
        let rest = &raw[at..];
        if let Some(reference) = rest.strip_prefix('&') {
            let Some(length) = reference.find(';') else {
                return Err(Fault::ill_formed(offset + at, "a reference without ;"));
            };
            out.push(resolve(&reference[..length], offset + at)?);
            at += length + 2;
        } else {
            out.push(' ');
            at += if rest.starts_with("\r\n") { 2 } else { 1 };
        }
    }
    out.push_str(&raw[at..]);
    Ok(())
}
