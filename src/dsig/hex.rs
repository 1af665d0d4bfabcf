//! Lower-case hex: how digests, serial numbers and random names are written.

use std::fmt::Write;

/// The bytes, two digits each.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let text = String::with_capacity(bytes.len() * 2);
    bytes.iter().fold(text, |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn two_digits_a_byte() {
        assert_eq!(super::hex(&[0x00, 0x0a, 0xff]), "000aff");
    }
}
