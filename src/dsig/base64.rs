//! Base64 as XML Schema has it: white space anywhere, padding required, no spare bits.

use ::base64::Engine;
use ::base64::engine::general_purpose::STANDARD;

/// The bytes with padding, on one line.
pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes; none of anything that is not base64.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let space = |b: &u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n');
    if text.bytes().any(|b| space(&b)) {
        let compact: Vec<u8> = text.bytes().filter(|b| !space(b)).collect();
        STANDARD.decode(compact).ok()
    } else {
        STANDARD.decode(text).ok()
    }
}
