//! The page about sessions and logouts of this browser.

use super::Text;
use askama::Template;

/// The page.
#[derive(Template)]
#[template(path = "logout.html")]
pub struct LogoutPage {
    /// Texts.
    pub t: &'static Text,
    /// A logout, under way or over.
    pub progress: Option<Progress>,
    /// The answer that whoever started it waits for.
    pub carry: Option<Carry>,
    /// Whether the browser's sessions are told, beside what was said of a logout.
    pub lists: bool,
    /// The sessions.
    pub sessions: Vec<SessionRow>,
    /// Whether the browser brought no cookie of ours.
    pub no_cookie: bool,
    /// Whether it asked for a logout that is not there, or not its own.
    pub unknown_flow: bool,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Where the user is logged in.
    pub idp: String,
    /// And in which systems.
    pub systems: Vec<String>,
}

/// How a logout stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The flow.
    pub flow: String,
    /// Whether it has ended.
    pub over: bool,
    /// Whether somebody did not log the user out.
    pub partial: bool,
    /// Who is asked now.
    pub waits_for: Option<String>,
    /// Whether that one had to answer before now.
    pub late: bool,
    /// Who is told, and what came of it.
    pub rows: Vec<PartyRow>,
    /// Who started it, and is told by the end.
    pub started_by: Option<String>,
}

/// What came of telling a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyRow {
    /// What people call it.
    pub title: String,
    /// Whether it is an identity provider.
    pub is_idp: bool,
    /// In words.
    pub word: String,
    /// Class.
    pub class: &'static str,
}

/// An answer that the user carries on with a click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carry {
    /// Who waits for it.
    pub title: String,
    /// Where to.
    pub action: String,
    /// Fields of the form; none: it is a link.
    pub fields: Vec<(&'static str, String)>,
}

impl LogoutPage {
    /// With nothing to say.
    pub fn new(t: &'static Text) -> Self {
        Self {
            t,
            progress: None,
            carry: None,
            lists: false,
            sessions: Vec::new(),
            no_cookie: false,
            unknown_flow: false,
        }
    }

    fn heading(&self) -> &'static str {
        match &self.progress {
            Some(progress) if progress.over && progress.partial => self.t.slo_partly,
            Some(progress) if progress.over => self.t.slo_over,
            Some(_) => self.t.slo_under_way,
            None => self.t.log_out,
        }
    }

    /// Whether there is anything to end.
    fn has_sessions(&self) -> bool {
        !self.sessions.is_empty()
    }
}

impl PartyRow {
    fn kind(&self, t: &Text) -> &'static str {
        match self.is_idp {
            true => t.identity_provider,
            false => t.system,
        }
    }
}
