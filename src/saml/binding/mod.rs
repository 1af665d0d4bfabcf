//! HTTP-Redirect and HTTP-POST (SAML bindings §3.4, §3.5): octets in, message out, and back.

mod decode;
mod encode;
mod fields;
pub mod soap;

#[cfg(test)]
mod tests;

pub use decode::{decode_post, decode_redirect};
pub(super) use encode::encode_field;
pub(crate) use encode::post_octets;
pub use encode::{post, redirect};

use std::fmt;

/// A binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Binding {
    /// HTTP-Redirect.
    Redirect,
    /// HTTP-POST.
    Post,
    /// SOAP, without a browser: single logout only.
    Soap,
}

/// Which form field or query parameter carries the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageField {
    /// `SAMLRequest`.
    Request,
    /// `SAMLResponse`.
    Response,
}

/// A message as it came out of its binding. Nothing in it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Binding that it came by.
    pub binding: Binding,
    /// Whether it came as a request or a response.
    pub field: MessageField,
    /// The bytes of the XML.
    pub xml: Vec<u8>,
    /// RelayState, after percent decoding.
    pub relay_state: Option<String>,
    /// The query signature of the Redirect binding.
    pub query_signature: Option<QuerySignature>,
}

/// The signature of a Redirect message, over octets exactly as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuerySignature {
    /// `SAMLRequest=…[&RelayState=…]&SigAlg=…`, each part as it stood in the URL.
    pub octets: Vec<u8>,
    /// SigAlg, decoded.
    pub algorithm: String,
    /// Signature, decoded from base64.
    pub value: Vec<u8>,
}

/// Why octets are not a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BindingError {
    /// Neither SAMLRequest nor SAMLResponse.
    NoMessage,
    /// A parameter occurs twice, or both message parameters occur; names it.
    Ambiguous(&'static str),
    /// Not base64, or not percent-encoded right; names the parameter.
    Encoding(&'static str),
    /// Not DEFLATE, or trailing data.
    Deflate,
    /// Larger than allowed: the encoded message, or what it inflates to.
    TooLarge(&'static str),
    /// RelayState longer than the hub carries, not UTF-8, or with control characters in it.
    RelayState,
    /// Signature without SigAlg or the other way round, or an unknown SAMLEncoding.
    Parameters(&'static str),
    /// Not an envelope of SOAP 1.1 with one message in its body; says why.
    Envelope(&'static str),
}

impl fmt::Display for BindingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMessage => write!(f, "neither SAMLRequest nor SAMLResponse"),
            Self::Ambiguous(name) => write!(f, "{name} occurs more than once"),
            Self::Encoding(name) => write!(f, "{name} is not encoded right"),
            Self::Deflate => write!(f, "the message is not DEFLATE-compressed"),
            Self::TooLarge(what) => write!(f, "{what} is too large"),
            Self::RelayState => write!(
                f,
                "RelayState is too long, not UTF-8, or has control characters"
            ),
            Self::Parameters(what) => write!(f, "{what}"),
            Self::Envelope(what) => write!(f, "not a SOAP envelope with one message: {what}"),
        }
    }
}

impl std::error::Error for BindingError {}

/// Limits of a binding: bytes of the encoded message, bytes after decoding, bytes of RelayState. The hub
/// takes longer RelayStates than the 80 bytes of SAML bindings §3.4.3, because deployed systems send them,
/// but it never sends one itself that is longer unless the system did.
pub const MAX_ENCODED: usize = 256 * 1024;
/// Bytes of XML after inflating.
pub const MAX_XML: usize = 512 * 1024;
/// Bytes of RelayState that are carried for a system.
pub const MAX_RELAY_STATE: usize = 2048;

/// A message that is on its way out: through the user's browser, or as the answer to a SOAP call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outbound {
    /// Answer with a redirect to this URL.
    Redirect {
        /// Destination with the signed query.
        url: String,
    },
    /// Answer with a page that posts a form.
    Post {
        /// Where the form goes.
        action: String,
        /// The message's field.
        field: MessageField,
        /// The message in base64.
        message: String,
        /// RelayState, byte for byte.
        relay_state: Option<String>,
    },
    /// Answer on the same connection with this SOAP envelope.
    Soap {
        /// The envelope.
        envelope: String,
    },
}

impl MessageField {
    /// The parameter's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "SAMLRequest",
            Self::Response => "SAMLResponse",
        }
    }
}
