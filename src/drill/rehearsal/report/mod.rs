//! What a rehearsal found, as text, JSON, JUnit, CSV and one HTML page with a picture. Pure: the same runs give the
//! same bytes, on every day and every machine.
//!
//! ```text
//! Run ──▶ view (one language) ──▶ text, html (with picture), junit
//!  └────▶ json (both languages) ──▶ baseline of the next rehearsal      └──▶ csv
//! ```

mod axis;
pub mod baseline;
mod csv;
mod habits;
mod html;
mod json;
mod junit;
pub mod phrases;
mod picture;
mod steps;
mod tasks;
mod text;
mod view;

pub use baseline::{Baseline, Change, Comparison};

use super::{Line, Role, Run};
use crate::dsig::Certificate;
use crate::edge::page::Language;
use crate::hub::danish_time;
use crate::hub::rollover::{Action, Names, Plan};
use phrases::Text;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use view::View;

/// Runs to be reported.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The runs, in the order in which they are told.
    pub runs: &'a [Run],
    /// Of text, CSV and JUnit, and the one that the page shows first.
    pub language: Language,
    /// The certificate in use and the upcoming one, where they are at hand: their numbers go into file names.
    pub certificates: Option<&'a (Certificate, Certificate)>,
    /// What an earlier rehearsal makes of these.
    pub comparison: Option<&'a Comparison>,
}

/// A page or JUnit file could not be written: no value of ours refuses to be shown, so this does not happen.
#[derive(Debug)]
pub struct Unwritable(String);

impl std::fmt::Display for Unwritable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the report cannot be written: {}", self.0)
    }
}

impl std::error::Error for Unwritable {}

impl<'a> Report<'a> {
    /// For people at a terminal: at most 100 columns, no colour.
    pub fn text(&self) -> String {
        text::text(self)
    }

    /// For scripts, and as the baseline of a later rehearsal: findings in the form that every command has, then the runs.
    pub fn json(&self) -> Result<String, Unwritable> {
        json::json(self).map_err(|error| Unwritable(error.to_string()))
    }

    /// For CI: a suite for each run, a case for each party and one for the proof.
    pub fn junit(&self) -> Result<String, Unwritable> {
        junit::junit(self).map_err(|error| Unwritable(error.to_string()))
    }

    /// For spreadsheets: a row for each outage.
    pub fn csv(&self) -> String {
        csv::csv(self)
    }

    /// For everybody: one file, without scripts, that prints on A4 and speaks both languages.
    pub fn html(&self) -> Result<String, Unwritable> {
        html::html(self).map_err(|error| Unwritable(error.to_string()))
    }

    /// What people call a run, in the language of the report.
    pub fn title(&self, run: &Run) -> String {
        view::title(run, self.text_table())
    }

    fn text_table(&self) -> &'static Text {
        Text::of(self.language)
    }

    fn views(&self, language: Language) -> Vec<View<'a>> {
        let views = self
            .runs
            .iter()
            .map(|run| View::of(self, run, Text::of(language)));
        views.collect()
    }

    /// What the file of the new certificate is called.
    fn file(&self, run: &Run) -> String {
        let (active, next) = self
            .certificates
            .map(|(active, next)| (active, next))
            .unzip();
        Names::of(&run.plan, active, next).next
    }
}

/// A step in words, in a language: `changer` is what people call the party that changes, `file` the name of the new
/// certificate's file.
pub fn step_words(
    action: &Action,
    plan: &Plan,
    changer: &str,
    file: &str,
    language: Language,
) -> String {
    steps::action(action, plan, changer, file, Text::of(language))
}

/// A party as commands and plans name it: `idp:provekobing`.
fn key(line: &Line) -> String {
    match line.party.role {
        Role::Hub => "hub".to_owned(),
        Role::IdentityProvider => format!("idp:{}", line.party.name),
        Role::System => format!("system:{}", line.party.name),
    }
}

/// In Danish time, for programs; a moment that RFC 3339 cannot write (the year 10000) is left out.
fn rfc3339(at: OffsetDateTime) -> String {
    danish_time(at).format(&Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests;
