//! A message as people have it at hand: a file, a line out of a log, an address, what SAML-tracer shows.
//!
//! What was found is decoded by the same readers as on the wire ([`binding`](super::binding)), so that a
//! query signature is over the octets that stand there.

use super::binding::{decode_post, decode_redirect, encode_field};
use super::{Binding, BindingError, Decoded, MessageField, QuerySignature};

/// In which form a message is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Whatever it looks like.
    Auto,
    /// The XML itself.
    Xml,
    /// Base64 of the XML, deflated or not; white space is left out.
    Base64,
    /// The body of a form, as a browser posts it.
    Form,
    /// An address or its query, as a browser is sent to it.
    Url,
}

/// A message that was found, and how. Nothing in it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pasted {
    /// The bytes of the XML, or of what should be it.
    pub xml: Vec<u8>,
    /// The binding that this form belongs to; XML and its plain base64 count as POST.
    pub binding: Binding,
    /// The field that it stood in, where one was named.
    pub field: Option<MessageField>,
    /// RelayState beside it.
    pub relay_state: Option<String>,
    /// The signature of a query.
    pub query_signature: Option<QuerySignature>,
    /// What was done, in words.
    pub steps: Vec<&'static str>,
}

impl Pasted {
    /// As it would have come out of its binding; `field` is what it counts as where none was named.
    pub fn decoded(self, field: MessageField) -> Decoded {
        Decoded {
            binding: self.binding,
            field: self.field.unwrap_or(field),
            xml: self.xml,
            relay_state: self.relay_state,
            query_signature: self.query_signature,
        }
    }

    fn of(decoded: Decoded, named: bool, steps: Vec<&'static str>) -> Self {
        Self {
            binding: decoded.binding,
            field: named.then_some(decoded.field),
            xml: decoded.xml,
            relay_state: decoded.relay_state,
            query_signature: decoded.query_signature,
            steps,
        }
    }
}

/// Finds the message.
pub fn read(bytes: &[u8], input: Input) -> Result<Pasted, BindingError> {
    let text = || str::from_utf8(bytes).map_err(|_| BindingError::Encoding("the message"));
    match input {
        Input::Xml => Ok(xml(bytes)),
        Input::Auto if looks_like_xml(bytes) => match text().ok().and_then(hidden_field) {
            Some((field, value)) => Ok(Pasted {
                field: Some(field),
                ..base64(&value, "the form of an HTML page")?
            }),
            None => Ok(xml(bytes)),
        },
        Input::Base64 => base64(text()?, "base64"),
        Input::Form => {
            let decoded = decode_post(bytes.trim_ascii())?;
            Ok(Pasted::of(decoded, true, vec!["form", "base64"]))
        }
        Input::Url => {
            let decoded = decode_redirect(query(text()?.trim()))?;
            Ok(Pasted::of(decoded, true, vec!["URL", "base64", "DEFLATE"]))
        }
        Input::Auto => auto(text()?),
    }
}

fn xml(bytes: &[u8]) -> Pasted {
    Pasted {
        xml: bytes.to_vec(),
        binding: Binding::Post,
        field: None,
        relay_state: None,
        query_signature: None,
        steps: vec!["XML"],
    }
}

fn auto(text: &str) -> Result<Pasted, BindingError> {
    if let Some((field, value)) = labelled(text) {
        let found = base64(&value, "a line of SAML-tracer")?;
        return Ok(Pasted {
            field: Some(field),
            ..found
        });
    }
    let Some(fields) = fields(text) else {
        return base64(text, "base64");
    };
    let posted = decode_post(fields.as_bytes());
    if let Ok(decoded) = &posted
        && looks_like_xml(&decoded.xml)
    {
        return Ok(Pasted::of(decoded.clone(), true, vec!["form", "base64"]));
    }
    let redirected = match decode_redirect(fields) {
        Ok(decoded) => {
            return Ok(Pasted::of(decoded, true, vec!["URL", "base64", "DEFLATE"]));
        }
        Err(error) => error,
    };
    // A value copied without its percent encoding: “+” is no space then.
    if let (Some((name, value)), false) = (fields.split_once('='), fields.contains(['%', '&']))
        && let Some(field) = named(name)
        && let Ok(found) = base64(value, "base64 without percent encoding")
    {
        return Ok(Pasted {
            field: Some(field),
            ..found
        });
    }
    Err(match posted {
        Err(error) if !text.contains('?') => error,
        _ => redirected,
    })
}

/// Base64, deflated or not.
fn base64(text: &str, step: &'static str) -> Result<Pasted, BindingError> {
    let compact: String = text.split_ascii_whitespace().collect();
    let form = if compact.contains('%') {
        format!("SAMLResponse={compact}")
    } else {
        encode_field(MessageField::Response, &compact)
    };
    let plain = decode_post(form.as_bytes())?;
    if looks_like_xml(&plain.xml) {
        return Ok(Pasted::of(plain, false, vec![step]));
    }
    match decode_redirect(&form) {
        Ok(inflated) => Ok(Pasted::of(inflated, false, vec![step, "DEFLATE"])),
        Err(_) => Ok(Pasted::of(plain, false, vec![step])),
    }
}

fn looks_like_xml(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    bytes.trim_ascii_start().starts_with(b"<")
}

fn named(name: &str) -> Option<MessageField> {
    [MessageField::Request, MessageField::Response]
        .into_iter()
        .find(|field| field.name() == name)
}

/// The query of an address, or all of it where it is one already.
fn query(text: &str) -> &str {
    let text = text.split('#').next().unwrap_or_default();
    text.split_once('?').map_or(text, |(_, query)| query)
}

/// The stretch of `name=value&…` around a message, somewhere in a text.
fn fields(text: &str) -> Option<&str> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '#' | '`');
    let at = ["SAMLRequest=", "SAMLResponse="]
        .iter()
        .filter_map(|name| text.find(name))
        .min()?;
    let start = text[..at]
        .rfind(|c: char| c == '?' || ends(c))
        .map_or(0, |before| {
            before + text[before..].chars().next().map_or(1, char::len_utf8)
        });
    let length = text[start..].find(ends).unwrap_or(text.len() - start);
    Some(&text[start..start + length])
}

/// `SAMLResponse: …` on a line of its own, and the lines of base64 after it.
fn labelled(text: &str) -> Option<(MessageField, String)> {
    let mut lines = text.lines().map(str::trim);
    let (field, first) = lines.by_ref().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((named(name.trim())?, value.trim().to_owned()))
    })?;
    let of_base64 = |line: &&str| {
        !line.is_empty()
            && line
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b))
    };
    let rest = lines.take_while(of_base64);
    Some((field, std::iter::once(first.as_str()).chain(rest).collect()))
}

/// The field of the page that posts itself.
fn hidden_field(text: &str) -> Option<(MessageField, String)> {
    let start = text
        .trim_start_matches('\u{FEFF}')
        .trim_start()
        .get(..14)?
        .to_ascii_lowercase();
    if !start.starts_with("<!doctype html") && !start.starts_with("<html") {
        return None;
    }
    [MessageField::Request, MessageField::Response]
        .into_iter()
        .find_map(|field| {
            let tag = text.split('<').find(|tag| {
                tag.contains(&format!("name=\"{}\"", field.name()))
                    || tag.contains(&format!("name='{}'", field.name()))
            })?;
            let (_, value) = tag.split_once("value=")?;
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let value = value[1..].split(quote).next()?;
            let plain = value
                .replace("&#x2b;", "+")
                .replace("&#43;", "+")
                .replace("&#x2B;", "+")
                .replace("&#x3d;", "=")
                .replace("&#61;", "=")
                .replace("&#x3D;", "=");
            Some((field, plain))
        })
}

#[cfg(test)]
mod tests;
