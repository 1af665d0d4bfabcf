//! The long texts of a flow's messages, deflated together: what one message repeats of another costs
//! nothing.

use crate::hub::Exchange;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use std::borrow::Cow;
use std::io::{Read, Write};

/// Texts taken out of exchanges, and their lengths in order.
#[derive(Debug, Clone)]
pub struct Packed {
    deflated: Box<[u8]>,
    lengths: Box<[u32]>,
}

impl Packed {
    /// Takes the texts out of `exchanges`; leaves them as they are if that does not work.
    pub fn pack(exchanges: &mut [Exchange]) -> Option<Self> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        let mut lengths = Vec::new();
        for text in exchanges.iter_mut().flat_map(texts) {
            encoder.write_all(text.as_str().as_bytes()).ok()?;
            lengths.push(u32::try_from(text.as_str().len()).ok()?);
        }
        let deflated = encoder.finish().ok()?.into_boxed_slice();
        for text in exchanges.iter_mut().flat_map(texts) {
            text.put(String::new());
        }
        Some(Self {
            deflated,
            lengths: lengths.into_boxed_slice(),
        })
    }

    /// Puts them back.
    pub fn unpack(&self, exchanges: &mut [Exchange]) {
        let mut all = Vec::new();
        // We deflated it ourselves, within the budget of a flow.
        if DeflateDecoder::new(&*self.deflated)
            .read_to_end(&mut all)
            .is_err()
        {
            return;
        }
        let mut rest = all.as_slice();
        for (text, length) in exchanges.iter_mut().flat_map(texts).zip(&self.lengths) {
            let Some((head, tail)) = rest.split_at_checked(*length as usize) else {
                return;
            };
            text.put(String::from_utf8_lossy(head).into_owned());
            rest = tail;
        }
    }

    /// Bytes of the texts.
    pub fn unpacked_bytes(&self) -> usize {
        self.lengths.iter().map(|length| *length as usize).sum()
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        self.deflated.len() + 4 * self.lengths.len()
    }
}

/// The texts worth packing: the messages, and what the rows of their reports found and expected.
fn texts(exchange: &mut Exchange) -> impl Iterator<Item = Text<'_>> {
    let messages = std::iter::once(&mut exchange.xml)
        .chain(exchange.decrypted.as_mut())
        .chain(exchange.query.as_mut());
    let rows = exchange
        .checks
        .iter_mut()
        .flat_map(|row| [&mut row.found, &mut row.expected]);
    messages.map(Text::Message).chain(rows.map(Text::Row))
}

/// Where a text stands.
enum Text<'e> {
    Message(&'e mut String),
    Row(&'e mut Cow<'static, str>),
}

impl Text<'_> {
    fn as_str(&self) -> &str {
        match self {
            Self::Message(text) => text,
            Self::Row(text) => text,
        }
    }

    fn put(self, text: String) {
        match self {
            Self::Message(place) => *place = text,
            Self::Row(place) if text.is_empty() => *place = Cow::Borrowed(""),
            Self::Row(place) => *place = Cow::Owned(text),
        }
    }
}
