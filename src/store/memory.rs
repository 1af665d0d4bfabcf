//! Everything in memory: the default, and what a demo needs.

/// The memory store.
#[derive(Debug, Default)]
pub struct Memory {}
