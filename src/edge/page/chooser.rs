//! The chooser's page.

use super::Text;
use crate::hub::FlowId;
use crate::hub::memory::Notice;
use askama::Template;

/// The chooser.
#[derive(Template)]
#[template(path = "chooser.html")]
pub struct Chooser<'a> {
    /// Texts.
    pub t: &'static Text,
    /// The flow.
    pub flow: &'a FlowId,
    /// Name of the system.
    pub system: &'a str,
    /// The level that is needed.
    pub required: String,
    /// What was searched for.
    pub query: &'a str,
    /// Whether there are enough entries for a search to be of use.
    pub searchable: bool,
    /// How many there are without a search.
    pub total: usize,
    /// Why the user is asked although a choice is remembered, and the organisation that it is about.
    pub notice: Option<(Notice, String)>,
    /// What this browser chose lately.
    pub recent: Vec<Entry<'a>>,
    /// What to choose from.
    pub entries: Vec<Entry<'a>>,
    /// What a tick in the box would do.
    pub remember: Remember,
}

/// One line of the chooser.
pub struct Entry<'a> {
    /// entityID.
    pub id: &'a str,
    /// Presentation name.
    pub name: &'a str,
    /// Description.
    pub description: &'a str,
    /// Whether it cannot be chosen here, because this is a mobile browser and it is not for mobile use.
    pub not_for_mobile: bool,
}

/// What a tick in the box would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remember {
    /// One choice for every system.
    EverySystem {
        /// For how long.
        days: i64,
    },
    /// A choice for this system alone.
    ThisSystem {
        /// For how long.
        days: i64,
    },
}

impl Chooser<'_> {
    /// The line that says how many were found.
    fn hits(&self) -> String {
        let (count, total) = (self.entries.len(), self.total);
        match count {
            0 if total == 0 => self.t.choose_nobody.to_owned(),
            0 => self.t.hits_none.to_owned(),
            _ if self.query.trim().is_empty() => self.t.hits_all(total),
            1 => self.t.hits_one(total),
            _ => self.t.hits_some(count, total),
        }
    }
    fn why(&self) -> Option<String> {
        let (notice, organisation) = self.notice.as_ref()?;
        Some(match notice {
            Notice::DidNotComeBack => self.t.choose_did_not_come_back.to_owned(),
            Notice::Moved => self.t.choose_moved(organisation),
            Notice::Asked => self.t.choose_asked.to_owned(),
            Notice::ForceAuthn => self.t.choose_forced.to_owned(),
            Notice::Several => self.t.choose_several(organisation),
            Notice::Unknown => self.t.choose_unknown.to_owned(),
        })
    }
    /// Says exactly what is remembered, and for how long.
    fn remember_label(&self) -> String {
        match self.remember {
            Remember::EverySystem { days } => self.t.remember_every(days),
            Remember::ThisSystem { days } => self.t.remember_system(self.system, days),
        }
    }
    fn remember_hint(&self) -> &'static str {
        match self.remember {
            Remember::EverySystem { .. } => self.t.remember_every_hint,
            Remember::ThisSystem { .. } => self.t.remember_system_hint,
        }
    }
}
