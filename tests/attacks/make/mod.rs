//! Makes the cases of `fixtures/attacks/`: good messages by the crate's own writer and signer, then bent by
//! string surgery where the writer, on purpose, cannot write what an attacker does.
//!
//! Time is fixed and the signatures are RSA PKCS#1, so a run writes the same bytes as the one before. Where
//! OpenSSL draws chance (RSA-PSS, ECDSA, OAEP), the case says `chance`.

mod craft;
mod party;

mod c01_wrapping;
mod c02_parser;
mod c03_resources;
mod c04_signature;
mod c05_encryption;
mod c06_semantics;
mod c08_mixup;
mod c10_level;
mod c11_request;
mod c12_logout;
mod c13_metadata;

pub use super::case::Case;
pub use party::p256_public;

/// All cases, by class.
pub fn all() -> Vec<Case> {
    let classes = [
        c01_wrapping::cases,
        c02_parser::cases,
        c03_resources::cases,
        c04_signature::cases,
        c05_encryption::cases,
        c06_semantics::cases,
        c08_mixup::cases,
        c10_level::cases,
        c11_request::cases,
        c12_logout::cases,
        c13_metadata::cases,
    ];
    classes.into_iter().flat_map(|make| make()).collect()
}
