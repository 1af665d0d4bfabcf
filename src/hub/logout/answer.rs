//! A party answers, or does not.

use super::{Arrival, PendingLogout};
use crate::hub::{Context, Refusal, Trace};
use crate::saml::{BindingError, Decoded};

/// What became of a LogoutResponse.
#[derive(Debug)]
pub enum Answered {
    /// The logout goes on: [`super::next`]. It differs from what was read by the state of the party that answered.
    Goes(Box<PendingLogout>),
    /// A page: nobody waits for it, or nobody that we asked signed it. The logout stays as it was.
    Page(Refusal),
}

/// Judges a LogoutResponse. `logout` is what [`crate::hub::acs::claimed_in_response_to`] led to, if there is one. One
/// that comes to the address for requests is taken, with a row that warns.
pub fn answer(
    context: Context<'_>,
    arrival: Arrival<'_>,
    logout: Option<&PendingLogout>,
    trace: &mut Trace,
) -> Answered {
    let _ = (context, arrival, logout, trace);
    Answered::Page(Refusal::of(crate::hub::Check::LogoutExpected))
}

/// What came back of a SOAP call: a message, octets that are none, or nothing at all (`Err` with why, for the tester).
/// Whatever it is, the logout goes on.
pub fn called(
    context: Context<'_>,
    logout: PendingLogout,
    came: Result<Result<Decoded, BindingError>, String>,
    trace: &mut Trace,
) -> PendingLogout {
    let _ = (context, came, trace);
    logout
}

/// The logout with whoever had to answer before now as one that did not, if there is one; then [`super::next`].
pub fn overdue(
    context: Context<'_>,
    logout: &PendingLogout,
    trace: &mut Trace,
) -> Option<PendingLogout> {
    let _ = (context, logout, trace);
    None
}
