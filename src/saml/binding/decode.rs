//! Octets in, message out.

use super::fields::{Field, Fields};
use super::{
    Binding, BindingError, Decoded, MAX_ENCODED, MAX_RELAY_STATE, MAX_XML, MessageField,
    QuerySignature,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::{Decompress, FlushDecompress, Status};

/// The only message encoding of the Redirect binding, and its default (SAML bindings §3.4.4).
const DEFLATE: &[u8] = b"urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";

/// Reads the raw query string of a Redirect message.
pub fn decode_redirect(query: &str) -> Result<Decoded, BindingError> {
    let fields = Fields::split(query.as_bytes())?;
    let (field, message) = message(&fields)?;
    if let Some(encoding) = fields.encoding
        && *encoding.decoded()? != *DEFLATE
    {
        return Err(BindingError::Parameters("SAMLEncoding is not DEFLATE"));
    }
    let query_signature = query_signature(&fields, message)?;
    let deflated = base64(message, strip_line_ends)?;
    Ok(Decoded {
        binding: Binding::Redirect,
        field,
        xml: inflate(&deflated)?,
        relay_state: relay_state(&fields)?,
        query_signature,
    })
}

/// Reads the raw `application/x-www-form-urlencoded` body of a POST message.
pub fn decode_post(body: &[u8]) -> Result<Decoded, BindingError> {
    // SigAlg and Signature would be HTTP-POST-SimpleSign, which we do not serve. As in any other field that
    // we do not know, what they say is not heard, so such a message counts as unsigned.
    let fields = Fields::split(body)?;
    let (field, message) = message(&fields)?;
    let xml = base64(message, strip_lines)?;
    if xml.len() > MAX_XML {
        return Err(BindingError::TooLarge("the message"));
    }
    Ok(Decoded {
        binding: Binding::Post,
        field,
        xml,
        relay_state: relay_state(&fields)?,
        query_signature: None,
    })
}

/// The one message, and which of the two it is.
fn message<'a>(fields: &Fields<'a>) -> Result<(MessageField, Field<'a>), BindingError> {
    match (fields.request, fields.response) {
        (Some(request), None) => Ok((MessageField::Request, request)),
        (None, Some(response)) => Ok((MessageField::Response, response)),
        (Some(_), Some(_)) => Err(BindingError::Ambiguous(
            "the message, as SAMLRequest and SAMLResponse,",
        )),
        (None, None) => Err(BindingError::NoMessage),
    }
}

/// What was signed, in the order of SAML bindings §3.4.4.1 and not in that of the URL.
fn query_signature(
    fields: &Fields<'_>,
    message: Field<'_>,
) -> Result<Option<QuerySignature>, BindingError> {
    let (algorithm, signature) = match (fields.algorithm, fields.signature) {
        (Some(algorithm), Some(signature)) => (algorithm, signature),
        (None, None) => return Ok(None),
        (Some(_), None) => return Err(BindingError::Parameters("SigAlg without Signature")),
        (None, Some(_)) => return Err(BindingError::Parameters("Signature without SigAlg")),
    };
    let mut octets = message.raw.to_vec();
    for part in [fields.relay_state, Some(algorithm)].into_iter().flatten() {
        octets.push(b'&');
        octets.extend_from_slice(part.raw);
    }
    let value = base64(signature, strip_line_ends)?;
    Ok(Some(QuerySignature {
        octets,
        algorithm: algorithm.text()?,
        value,
    }))
}

/// RelayState is echoed byte for byte, so it must be something that can be: text without control characters.
fn relay_state(fields: &Fields<'_>) -> Result<Option<String>, BindingError> {
    let Some(field) = fields.relay_state else {
        return Ok(None);
    };
    // Three octets for one are the most that percent encoding takes.
    if field.value.len() > 3 * MAX_RELAY_STATE {
        return Err(BindingError::RelayState);
    }
    let text =
        String::from_utf8(field.decoded()?.into_owned()).map_err(|_| BindingError::RelayState)?;
    if text.len() > MAX_RELAY_STATE || text.chars().any(char::is_control) {
        return Err(BindingError::RelayState);
    }
    Ok(Some(text))
}

/// Base64 of the standard alphabet with its padding, after `strip` took out what may stand between.
fn base64(
    field: Field<'_>,
    strip: impl FnOnce(&mut Vec<u8>) -> Option<()>,
) -> Result<Vec<u8>, BindingError> {
    if field.value.len() > MAX_ENCODED {
        return Err(BindingError::TooLarge(field.name));
    }
    let mut encoded = field.decoded()?.into_owned();
    strip(&mut encoded).ok_or(BindingError::Encoding(field.name))?;
    STANDARD
        .decode(encoded)
        .map_err(|_| BindingError::Encoding(field.name))
}

/// Takes out line ends. SAML bindings §3.4.4.1 wants all white space gone before a message is sent; line ends
/// are forgiven, because encoders make them and they cannot be taken for anything else.
fn strip_line_ends(encoded: &mut Vec<u8>) -> Option<()> {
    encoded.retain(|byte| !matches!(byte, b'\r' | b'\n'));
    Some(())
}

/// Takes out line breaks, tabs, and spaces at either end of a line (RFC 2045 §6.8 breaks base64 into lines,
/// and forms are sometimes indented). A space *within* a line is no white space but a `+` that somebody
/// forgot to escape: stripping it would make another value that may well decode.
fn strip_lines(encoded: &mut Vec<u8>) -> Option<()> {
    let mut kept = 0; // End of what stays: everything before it has been decided on.
    let mut blank = false; // A space was left out since the last octet that stays.
    let mut line_start = true;
    for at in 0..encoded.len() {
        match encoded[at] {
            b'\r' | b'\n' => (blank, line_start) = (false, true),
            b'\t' => {}
            b' ' => blank = true,
            _ if blank && !line_start => return None,
            octet => {
                encoded[kept] = octet;
                kept += 1;
                (blank, line_start) = (false, false);
            }
        }
    }
    encoded.truncate(kept);
    Some(())
}

/// Inflates a raw DEFLATE stream (RFC 1951) that must be complete and end where the input ends. What is
/// written never grows beyond [`MAX_XML`], however much the stream promises.
fn inflate(deflated: &[u8]) -> Result<Vec<u8>, BindingError> {
    let mut stream = Decompress::new(false);
    let mut xml = Vec::with_capacity(deflated.len().saturating_mul(4).clamp(1024, MAX_XML));
    loop {
        let read = usize::try_from(stream.total_in()).map_err(|_| BindingError::Deflate)?;
        let status = stream
            .decompress_vec(&deflated[read..], &mut xml, FlushDecompress::Finish)
            .map_err(|_| BindingError::Deflate)?;
        if xml.len() > MAX_XML {
            return Err(BindingError::TooLarge("the inflated message"));
        }
        match status {
            Status::StreamEnd => break,
            // Room was left and still no end: the stream was cut off.
            _ if xml.len() < xml.capacity() => return Err(BindingError::Deflate),
            // One octet more than is allowed tells a message of just the right size from a larger one.
            _ => xml.reserve(xml.len().min(MAX_XML + 1 - xml.len())),
        }
    }
    if stream.total_in() != deflated.len() as u64 {
        return Err(BindingError::Deflate);
    }
    Ok(xml)
}
