//! Names and values of `application/x-www-form-urlencoded`, each kept as it stood.
//!
//! A form library would decode first and forget what was received; the signature of a Redirect message is
//! made over the octets before decoding (SAML bindings §3.4.4.1), and two readers that disagree about which
//! of two equal names counts are an attack, so both are settled here.

use super::BindingError;
use std::borrow::Cow;

/// The fields that we look for. A field is borrowed from the input and not decoded.
#[derive(Default)]
pub(super) struct Fields<'a> {
    pub(super) request: Option<Field<'a>>,
    pub(super) response: Option<Field<'a>>,
    pub(super) relay_state: Option<Field<'a>>,
    pub(super) algorithm: Option<Field<'a>>,
    pub(super) signature: Option<Field<'a>>,
    pub(super) encoding: Option<Field<'a>>,
}

/// One `name=value`.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    /// The name that we know it by.
    pub(super) name: &'static str,
    /// All of it, as received.
    pub(super) raw: &'a [u8],
    /// The value, as received.
    pub(super) value: &'a [u8],
}

const NAMES: [&str; 6] = [
    "SAMLRequest",
    "SAMLResponse",
    "RelayState",
    "SigAlg",
    "Signature",
    "SAMLEncoding",
];

impl<'a> Fields<'a> {
    /// Splits a query or a body. Other fields than ours are ignored, however odd; ours may occur once.
    pub(super) fn split(input: &'a [u8]) -> Result<Self, BindingError> {
        let mut fields = Self::default();
        for raw in input.split(|byte| *byte == b'&') {
            let (name, value) = match raw.iter().position(|byte| *byte == b'=') {
                Some(at) => (&raw[..at], &raw[at + 1..]),
                None => (raw, &raw[raw.len()..]),
            };
            let Some(known) = known(name)? else { continue };
            let place = match known {
                "SAMLRequest" => &mut fields.request,
                "SAMLResponse" => &mut fields.response,
                "RelayState" => &mut fields.relay_state,
                "SigAlg" => &mut fields.algorithm,
                "Signature" => &mut fields.signature,
                _ => &mut fields.encoding,
            };
            if place
                .replace(Field {
                    name: known,
                    raw,
                    value,
                })
                .is_some()
            {
                return Err(BindingError::Ambiguous(known));
            }
        }
        Ok(fields)
    }
}

/// Which of our names this is. A name of ours in disguise (`SAML%52equest`) is refused: what stands before
/// us may have seen a different parameter there.
fn known(raw: &[u8]) -> Result<Option<&'static str>, BindingError> {
    if let Some(name) = NAMES.into_iter().find(|name| name.as_bytes() == raw) {
        return Ok(Some(name));
    }
    if !raw.contains(&b'%') {
        return Ok(None);
    }
    match unescape(raw).and_then(|plain| NAMES.into_iter().find(|name| name.as_bytes() == &*plain))
    {
        Some(name) => Err(BindingError::Encoding(name)),
        None => Ok(None),
    }
}

impl<'a> Field<'a> {
    /// The value after percent decoding; `+` is a space. `None` if a `%` is not followed by two digits.
    pub(super) fn decoded(self) -> Result<Cow<'a, [u8]>, BindingError> {
        unescape(self.value).ok_or(BindingError::Encoding(self.name))
    }

    /// The value as text.
    pub(super) fn text(self) -> Result<String, BindingError> {
        String::from_utf8(self.decoded()?.into_owned())
            .map_err(|_| BindingError::Encoding(self.name))
    }
}

fn unescape(raw: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !raw.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return Some(Cow::Borrowed(raw));
    }
    let mut plain = Vec::with_capacity(raw.len());
    let mut rest = raw;
    loop {
        rest = match *rest {
            [] => return Some(Cow::Owned(plain)),
            [b'%', high, low, ref after @ ..] => {
                plain.push(nibble(high)? << 4 | nibble(low)?);
                after
            }
            [b'%', ..] => return None,
            [b'+', ref after @ ..] => {
                plain.push(b' ');
                after
            }
            [byte, ref after @ ..] => {
                plain.push(byte);
                after
            }
        };
    }
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Everything but the unreserved characters of RFC 3986 §2.3 is escaped, with upper-case digits.
pub(super) fn escape_into(query: &mut String, value: &[u8]) {
    const HEX: [u8; 16] = *b"0123456789ABCDEF";
    query.reserve(value.len());
    for &byte in value {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            query.push(char::from(byte));
        } else {
            query.push('%');
            query.push(char::from(HEX[usize::from(byte >> 4)]));
            query.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}
