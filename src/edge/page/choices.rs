//! “Your choices”: what the browser remembers, and how it forgets.

use super::Text;
use askama::Template;

/// What this browser remembers.
#[derive(Template)]
#[template(path = "choices.html")]
pub struct MyChoices {
    /// Texts.
    pub t: &'static Text,
    /// Remembered choices.
    pub rows: Vec<ChoiceRow>,
    /// Organisations used lately, by name.
    pub recent: Vec<String>,
    /// How many were just forgotten.
    pub forgotten: Option<usize>,
    /// Absolute address that forgets everything: what a service desk sends to a user.
    pub help_link: String,
}

/// One remembered choice.
pub struct ChoiceRow {
    /// Names it in the form that forgets it.
    pub key: String,
    /// For which system; none is every system.
    pub system: Option<String>,
    /// The organisation.
    pub who: String,
    /// Since when.
    pub since: String,
    /// Until when.
    pub until: String,
    /// What would become of it at the next login.
    pub state: ChoiceState,
    /// Whether its button has the focus: the row before it was just forgotten.
    pub focus: bool,
}

/// What would become of a remembered choice at the next login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChoiceState {
    /// It decides.
    InUse,
    /// It leads to an organisation that cannot be used now.
    Inactive,
    /// It leads to nobody that is registered.
    Unknown,
}

/// What the service desk's link did.
#[derive(Template)]
#[template(path = "forgotten.html")]
pub struct Forgotten {
    /// Texts.
    pub t: &'static Text,
    /// How many choices were forgotten.
    pub count: usize,
}

impl MyChoices {
    fn status(&self) -> Option<String> {
        self.forgotten.map(|count| forgotten(self.t, count))
    }
    /// Where no row has the focus after forgetting, the heading takes it, so that it is not lost.
    fn heading_focus(&self) -> bool {
        self.forgotten.is_some() && !self.rows.iter().any(|row| row.focus)
    }
}

impl ChoiceRow {
    fn system<'a>(&'a self, t: &'a Text) -> &'a str {
        self.system.as_deref().unwrap_or(t.every_system)
    }
    /// What the row's button forgets, for whoever hears the button without its row.
    fn what(&self, t: &Text) -> String {
        match &self.system {
            Some(system) => t.forget_one_for(&self.who, system),
            None => t.forget_one_every(&self.who),
        }
    }
    /// A word and a class.
    fn state(&self, t: &Text) -> (&'static str, &'static str) {
        match self.state {
            ChoiceState::InUse => (t.choice_in_use, "pass"),
            ChoiceState::Inactive => (t.choice_inactive, "warn"),
            ChoiceState::Unknown => (t.choice_unknown, "fail"),
        }
    }
}

impl Forgotten {
    fn status(&self) -> String {
        forgotten(self.t, self.count)
    }
}

fn forgotten(t: &Text, count: usize) -> String {
    match count {
        0 => t.forgotten_none.to_owned(),
        1 => t.forgotten_one.to_owned(),
        _ => t.forgotten_some(count),
    }
}
