//! A LogoutRequest arrives.

use super::{Endpoint, ReplyTo};
use crate::hub::session::SessionKey;
use crate::hub::{Context, Refusal, Trace};
use crate::saml::Decoded;
use time::OffsetDateTime;

/// A message, and where it came to.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// The message.
    pub decoded: &'a Decoded,
    /// The endpoint.
    pub endpoint: Endpoint,
    /// The query as it came, for the journal.
    pub raw_query: Option<&'a str>,
}

/// What became of it.
#[derive(Debug)]
pub enum Received {
    /// Accepted so far: look up the sessions by [`Wanted::key`], and go on to [`super::begin`].
    Find(Box<Wanted>),
    /// Refused on a page (SOAP: a fault): nobody that we know signed it. It ends nothing.
    Page(Refusal),
    /// Refused with a signed LogoutResponse to the party that signed it. It ends nothing.
    Answer(ReplyTo, Refusal),
}

/// A LogoutRequest that was accepted, but for whether there is such a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What the sessions are found by: the signed Issuer and NameID.
    pub key: SessionKey,
    /// SessionIndexes; none means all sessions of the user.
    pub indexes: Vec<String>,
    /// How the answer goes back.
    pub reply: ReplyTo,
    /// The request's `ID`, and until when it must be remembered.
    pub replay: (String, OffsetDateTime),
}

/// Judges a request.
pub fn receive(context: Context<'_>, arrival: Arrival<'_>, trace: &mut Trace) -> Received {
    let _ = (context, arrival, trace);
    Received::Page(Refusal::of(crate::hub::Check::LogoutReadable))
}
