//! The content of a flow, deflated: what one message repeats of another costs nothing.

use super::Content;
use super::flow::block;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use std::io::{Read, Write};
use std::sync::Arc;

/// A content as deflated JSON. Cheap to copy.
#[derive(Debug, Clone)]
pub struct Packed(Arc<[u8]>);

/// The fastest level: packing is most of what recording costs, and a journal's file has room.
const LEVEL: u32 = 1;

impl Packed {
    /// Packs it; none if that does not work.
    pub fn pack(content: &Content) -> Option<Self> {
        let json = serde_json::to_vec(content).ok()?;
        let room = Vec::with_capacity(json.len() / 2);
        let mut encoder = DeflateEncoder::new(room, Compression::new(LEVEL));
        encoder.write_all(&json).ok()?;
        Some(Self(encoder.finish().ok()?.into()))
    }

    /// What was packed and kept elsewhere.
    pub fn kept(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }

    /// What was packed; none if another version packed it in a way that this one cannot read. We deflated it
    /// ourselves, within the budget of a flow.
    pub fn unpack(&self) -> Option<Content> {
        let mut all = Vec::new();
        DeflateDecoder::new(&*self.0).read_to_end(&mut all).ok()?;
        serde_json::from_slice(&all).ok()
    }

    /// The packed form.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Bytes that it takes, its own fields not counted.
    pub fn bytes(&self) -> usize {
        block(self.0.len())
    }
}
