//! SAML 2.0 messages, metadata and bindings as plain data, one family a file.
//!
//! Nothing here decides: a reader says what a message states, and refuses only what is no such message
//! (unknown elements where the schema has no room for them, a value that is not of its type). Whether it
//! may be trusted is judged in [`crate::hub`].

pub mod address;
pub mod assertion;
pub mod authn_request;
pub mod binding;
pub mod coverage;
pub mod logout;
pub mod metadata;
pub mod names;
pub mod paste;
pub mod response;
pub mod time;

#[cfg(test)]
mod samples;
mod schema;

pub use assertion::{
    Assertion, Attribute, AuthnStatement, Conditions, NameId, SubjectConfirmation,
};
pub use authn_request::{
    AuthnRequest, Comparison, IdpEntry, NameIdPolicy, RequestedAuthnContext, Scoping,
};
pub use binding::{Binding, BindingError, Decoded, MessageField, Outbound, QuerySignature};
pub use logout::{LogoutRequest, LogoutResponse};
pub use response::{Response, Status};

use crate::xml::Position;
use std::fmt;

/// Why a document is not the SAML message it was read as: what, and where in the XML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaError {
    /// What is wrong, in words.
    pub what: String,
    /// Where.
    pub position: Position,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.what, self.position)
    }
}

impl std::error::Error for SchemaError {}

/// What a message says of itself. Good for choosing which keys to try, and for telling a tester what was
/// found; proves nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed<T>(T);

impl<T> Claimed<T> {
    /// Wraps something read from bytes whose origin is not known.
    pub fn new(value: T) -> Self {
        Self(value)
    }
    /// Looks at the claim. Every use is a place to check that nothing is decided by it.
    pub fn unverified(&self) -> &T {
        &self.0
    }
}
