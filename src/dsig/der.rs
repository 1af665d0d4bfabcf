//! As much of DER (X.690 §8, §10) as certificates need, to write and to read. OpenSSL reads every certificate
//! first; this is for what its Rust binding does not tell, and cannot write.

use openssl::asn1::Asn1Object;
use openssl::error::ErrorStack;

/// `BOOLEAN`
pub(crate) const BOOLEAN: u8 = 0x01;
/// `INTEGER`
pub(crate) const INTEGER: u8 = 0x02;
/// `BIT STRING`
pub(crate) const BIT_STRING: u8 = 0x03;
/// `OCTET STRING`
pub(crate) const OCTET_STRING: u8 = 0x04;
/// `OBJECT IDENTIFIER`
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
/// `SEQUENCE`
pub(crate) const SEQUENCE: u8 = 0x30;
/// `UTCTime`
pub(crate) const UTC_TIME: u8 = 0x17;
/// `GeneralizedTime`
pub(crate) const GENERALIZED_TIME: u8 = 0x18;

/// `[number]` around something: a constructed context tag.
pub(crate) const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// `[number]` in place of a primitive's own tag.
pub(crate) const fn context_primitive(number: u8) -> u8 {
    0x80 | number
}

/// One value with its tag and length.
pub(crate) fn write(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let length = content.len().to_be_bytes();
            let zeros = length.iter().take_while(|byte| **byte == 0).count();
            out.push(0x80 | (length.len() - zeros) as u8);
            out.extend_from_slice(&length[zeros..]);
        }
    }
    out.extend_from_slice(content);
    out
}

/// A `SEQUENCE` of values that are written already.
pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    write(SEQUENCE, &parts.concat())
}

/// An `OBJECT IDENTIFIER`, given with dots.
pub(crate) fn oid(dotted: &str) -> Result<Vec<u8>, ErrorStack> {
    let object = Asn1Object::from_str(dotted)?;
    Ok(write(OBJECT_IDENTIFIER, object.as_slice()))
}

/// One value that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Value<'b> {
    /// Its tag; only tags of one byte are read.
    pub tag: u8,
    /// What it holds.
    pub content: &'b [u8],
}

impl<'b> Value<'b> {
    /// The values in it.
    pub fn children(self) -> Children<'b> {
        Children { rest: self.content }
    }
    /// The values in it, if it is a `SEQUENCE`.
    pub fn sequence(self) -> Option<Children<'b>> {
        (self.tag == SEQUENCE).then(|| self.children())
    }
    /// An `OBJECT IDENTIFIER` with dots.
    pub fn dotted(self) -> Option<String> {
        if self.tag != OBJECT_IDENTIFIER {
            return None;
        }
        let (mut arcs, mut arc) = (Vec::new(), 0_u64);
        for byte in self.content {
            arc = arc.checked_mul(0x80)? | u64::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                arcs.push(std::mem::take(&mut arc));
            }
        }
        let first = arcs.first()?.to_owned();
        let top = (first / 40).min(2);
        let mut words = vec![top.to_string(), (first - top * 40).to_string()];
        words.extend(arcs.iter().skip(1).map(u64::to_string));
        Some(words.join("."))
    }
}

/// Values one after the other; ends at the first that cannot be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Children<'b> {
    rest: &'b [u8],
}

impl<'b> Iterator for Children<'b> {
    type Item = Value<'b>;
    fn next(&mut self) -> Option<Value<'b>> {
        let (value, rest) = split(self.rest)?;
        self.rest = rest;
        Some(value)
    }
}

/// The value that `bytes` begin with.
pub(crate) fn read(bytes: &[u8]) -> Option<Value<'_>> {
    split(bytes).map(|(value, _)| value)
}

fn split(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first & 0x7f {
        short if first & 0x80 == 0 => (usize::from(short), rest),
        // Four bytes of length are more than any certificate has.
        count @ 1..=4 => {
            let (length, rest) = rest.split_at_checked(usize::from(count))?;
            let length = length
                .iter()
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
            (usize::try_from(length).ok()?, rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((Value { tag: *tag, content }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for length in [0, 1, 127, 128, 255, 256, 70_000] {
            let content = vec![7; length];
            let written = write(OCTET_STRING, &content);
            let value = read(&written).unwrap();
            assert_eq!((value.tag, value.content), (OCTET_STRING, &content[..]));
        }
        assert_eq!(write(OCTET_STRING, &[0; 200])[..3], [0x04, 0x81, 200]);
    }

    #[test]
    fn object_identifiers_are_read_as_openssl_writes_them() {
        for dotted in [
            "1.2.208.169.1.1.1.3.7",
            "0.4.0.2042.1.1",
            "2.5.4.97",
            "2.999.16383.16384",
        ] {
            let written = oid(dotted).unwrap();
            let value = read(&written).unwrap();
            assert_eq!(value.dotted().as_deref(), Some(dotted));
        }
        assert!(oid("1.x").is_err());
    }

    #[test]
    fn what_is_cut_short_is_nothing() {
        let whole = sequence(&[&oid("2.5.4.3").unwrap(), &write(INTEGER, &[1])]);
        for end in 0..whole.len() {
            assert!(read(&whole[..end]).is_none(), "{end}");
        }
        assert!(
            read(&[0x30, 0x80, 0, 0]).is_none(),
            "indefinite length is not DER"
        );
        assert!(read(&[0x30, 0x85, 1, 1, 1, 1, 1]).is_none());
        assert_eq!(read(&[0x06, 2, 0x88, 0x88]).and_then(Value::dotted), None);
    }
}
