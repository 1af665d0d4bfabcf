//! When a party's metadata is fetched again, and whether what came takes effect. Pure: the registry fetches and
//! stores, and keeps the old metadata whenever the new is refused.

mod accept;
mod compare;
mod diff;
mod offered;
mod refusal;
#[cfg(test)]
mod tests;
mod when;
mod words;

pub use accept::{Change, accept};
pub use diff::{CertificateChange, Changed, Diff, EndpointChange, How, Role, ValueChange, diff};
pub use offered::Signer;
pub use refusal::{Reason, Refusal};
pub use when::{Pace, next};
