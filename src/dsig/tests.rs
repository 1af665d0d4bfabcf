//! Signatures and encryption, there and back, and every way not to come back.

mod encryption;
mod signature;
mod wrapping;
