//! Message in, octets out.

use super::fields::escape_into;
use super::{MessageField, Outbound};
use crate::dsig::{SigningKey, sign_query};
use crate::xml::Canonical;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compress, Compression, FlushCompress, Status};
use std::cell::RefCell;

/// Sends `message` by Redirect: deflated, without its own signature, signed over the query octets.
/// `destination` may have a query of its own.
pub fn redirect(
    destination: &str,
    field: MessageField,
    message: &Canonical,
    relay_state: Option<&str>,
    key: Option<&SigningKey>,
) -> Outbound {
    let encoded = STANDARD.encode(deflate(message.as_bytes()));
    let mut query = String::with_capacity(encoded.len() + encoded.len() / 8 + 1024);
    query.push_str(field.name());
    query.push('=');
    escape_into(&mut query, encoded.as_bytes());
    if let Some(state) = relay_state {
        query.push_str("&RelayState=");
        escape_into(&mut query, state.as_bytes());
    }
    if let Some(key) = key {
        query = sign_query(&query, key);
    }
    Outbound::Redirect {
        url: with_query(destination, &query),
    }
}

/// Sends `message` by POST.
pub fn post(
    action: &str,
    field: MessageField,
    message: &Canonical,
    relay_state: Option<&str>,
) -> Outbound {
    post_octets(action, field, message.as_bytes(), relay_state)
}

/// The same of octets that our writer did not write: what a hub with faults sends.
pub(crate) fn post_octets(
    action: &str,
    field: MessageField,
    message: &[u8],
    relay_state: Option<&str>,
) -> Outbound {
    Outbound::Post {
        action: action.to_owned(),
        field,
        message: STANDARD.encode(message),
        relay_state: relay_state.map(str::to_owned),
    }
}

/// `SAMLRequest=…` or `SAMLResponse=…` of what is base64 already.
pub(in crate::saml) fn encode_field(field: MessageField, base64: &str) -> String {
    let mut encoded = format!("{}=", field.name());
    escape_into(&mut encoded, base64.as_bytes());
    encoded
}

/// `destination` with `query` behind its own query, if it has one, and before its fragment.
fn with_query(destination: &str, query: &str) -> String {
    let (address, fragment) = match destination.find('#') {
        Some(at) => destination.split_at(at),
        None => (destination, ""),
    };
    let joint = match address.find('?') {
        None => "?",
        Some(_) if address.ends_with(['?', '&']) => "",
        Some(_) => "&",
    };
    [address, joint, query, fragment].concat()
}

thread_local! {
    // Its state takes 370 KB. Made anew for every message, its place in the heap is nibbled at by what lives
    // longer, and the program grows and grows.
    static COMPRESS: RefCell<Compress> = RefCell::new(Compress::new(Compression::default(), false));
}

/// Raw DEFLATE, as SAML bindings §3.4.4.1 wants it: no zlib header, no checksum.
fn deflate(xml: &[u8]) -> Vec<u8> {
    COMPRESS.with_borrow_mut(|stream| {
        stream.reset();
        let mut out = Vec::with_capacity(xml.len() / 2 + 64);
        loop {
            let rest = xml.get(stream.total_in() as usize..).unwrap_or_default();
            match stream.compress_vec(rest, &mut out, FlushCompress::Finish) {
                Ok(Status::StreamEnd) => return out,
                _ => out.reserve(xml.len() / 2 + 64),
            }
        }
    })
}
