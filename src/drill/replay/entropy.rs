//! The hub draws what it drew then, so that its request has the same id and the same handle.

use crate::dsig::Entropy;
use crate::hub::trace::Exchange;
use crate::xml::Document;

/// Bytes that were drawn, and counted ones after them: what those fill has no secret to keep.
#[derive(Default)]
pub(super) struct Drawn {
    bytes: Vec<u8>,
    count: u8,
}

impl Drawn {
    /// The id and the handle of a recorded request.
    pub(super) fn of(request: Option<&Exchange>) -> Self {
        let id = request
            .and_then(id)
            .and_then(|id| unhex(id.strip_prefix("id")?));
        let handle =
            request.and_then(|request| uncrockford(request.relay_state.as_ref()?.get(..26)?));
        let bytes = match (id, handle) {
            (Some(id), Some(handle)) => [id, handle].concat(),
            _ => Vec::new(),
        };
        Self { bytes, count: 0 }
    }
}

impl Entropy for Drawn {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = match self.bytes.is_empty() {
                false => self.bytes.remove(0),
                true => {
                    self.count = self.count.wrapping_add(1);
                    self.count
                }
            };
        }
    }
}

/// `ID` of a message.
pub(super) fn id(exchange: &Exchange) -> Option<String> {
    let document = Document::parse(exchange.xml.as_bytes()).ok()?;
    document.root().attribute("ID").map(str::to_owned)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let digits = digits.filter(|digits| digits.len() == 32)?;
    Some(
        digits
            .chunks(2)
            .map(|pair| pair[0] * 16 + pair[1])
            .collect(),
    )
}

fn uncrockford(text: &str) -> Option<Vec<u8>> {
    const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut value: u128 = 0;
    for c in text.chars() {
        let digit = ALPHABET.find(c)?;
        value = (value << 5) | u128::try_from(digit).ok()?;
    }
    Some(value.to_be_bytes().to_vec())
}
