//! The pages of a party's registration: the form, and what it would do.

use super::Text;
use super::compare::FieldChange;
use super::log::metadata_lines;
use super::preview::{Facts, Judged};
use super::role::Role;
use super::typed::Typed;
use crate::edge::page::Text as PageText;
use crate::oiosaml::{AttributeProfile, Level, Nist, Nsis, RequestProfile};
use crate::registry::shape;
use askama::Template;

/// The form: metadata alone for a party that is new, then all of it.
#[derive(Template)]
#[template(path = "admin/form.html")]
pub struct FormPage {
    /// Texts around every page.
    pub t: &'static PageText,
    /// Texts.
    pub a: &'static Text,
    /// What the party is.
    pub role: Role,
    /// Whether only its metadata is asked for as yet.
    pub first: bool,
    /// The short name of one that is registered.
    pub name: Option<String>,
    /// What people call it.
    pub title: String,
    /// What was typed.
    pub typed: Typed,
    /// Why it was not taken.
    pub reasons: Vec<String>,
    /// Stored by somebody else meanwhile, beside what was typed.
    pub conflict: Option<Vec<FieldChange>>,
    /// What was guessed.
    pub guesses: Vec<String>,
    /// What the metadata says that is there.
    pub facts: Option<Facts>,
    /// What is wrong with it.
    pub judged: Option<Judged>,
    /// Where the metadata in force is from.
    pub source: Option<String>,
    /// Identity providers that could take its place: short name, title.
    pub successors: Vec<(String, String)>,
    /// The command for AD FS.
    pub adfs: Option<String>,
}

/// What a form would do.
#[derive(Template)]
#[template(path = "admin/preview.html")]
pub struct PreviewPage {
    /// Texts around every page.
    pub t: &'static PageText,
    /// Texts.
    pub a: &'static Text,
    /// What the party is.
    pub role: Role,
    /// The short name of one that is registered.
    pub name: Option<String>,
    /// What people call it.
    pub title: String,
    /// What was typed.
    pub typed: Typed,
    /// What changes.
    pub changes: Vec<FieldChange>,
    /// What its metadata says.
    pub facts: Option<Facts>,
    /// What is wrong with it.
    pub judged: Option<Judged>,
    /// What is new about the metadata; none where there was none.
    pub news: Option<Vec<String>>,
    /// What there is to say of the party.
    pub notes: Vec<String>,
}

/// An entry of a list to choose from: value, words, whether it is chosen.
pub type Choice = (String, String, bool);

impl FormPage {
    fn action(&self) -> String {
        let role = self.role.path();
        match &self.name {
            Some(name) => format!("/admin/{role}/{name}"),
            None => format!("/admin/{role}"),
        }
    }

    fn profiles(&self) -> Vec<Choice> {
        let all: Vec<(&str, &str)> = match self.role {
            Role::IdentityProvider => RequestProfile::ALL
                .iter()
                .map(|p| (p.as_str(), called(*p)))
                .collect(),
            Role::System => vec![("OIOSAML2", "OIOSAML2"), ("OIOSAML3", "OIOSAML3")],
        };
        self.choices(
            "profile",
            all.into_iter()
                .map(|(value, words)| (value.to_owned(), words.to_owned())),
        )
    }

    fn nist(&self) -> Vec<Choice> {
        let language = self.a.language;
        let none = (!self.role.is_idp()).then(|| ("0".to_owned(), self.a.no_level.to_owned()));
        let levels = Nist::ALL.into_iter();
        let levels = levels.map(|level| {
            (
                level.digit().to_string(),
                language.level(Level::Nist(level)),
            )
        });
        self.choices("level", none.into_iter().chain(levels))
    }

    fn nsis(&self) -> Vec<Choice> {
        let language = self.a.language;
        let none = (String::new(), self.a.no_level.to_owned());
        let levels = Nsis::ALL.into_iter();
        let levels =
            levels.map(|level| (shape::nsis_uri(level), language.level(Level::Nsis(level))));
        self.choices("nsis", std::iter::once(none).chain(levels))
    }

    fn attributes(&self) -> Vec<Choice> {
        let all = AttributeProfile::ALL.into_iter();
        let all = all.map(|profile| (profile.as_str().to_owned(), profile.as_str().to_owned()));
        self.choices("attributes", all)
    }

    fn successor_choices(&self) -> Vec<Choice> {
        let none = (String::new(), self.a.no_successor.to_owned());
        let all = self.successors.iter();
        let all = all.map(|(name, title)| (name.clone(), format!("{title} ({name})")));
        self.choices("replaced_by", std::iter::once(none).chain(all))
    }

    fn choices(&self, field: &str, all: impl Iterator<Item = (String, String)>) -> Vec<Choice> {
        let chosen = self.typed.get(field);
        all.map(|(value, words)| (value.clone(), words, value == chosen))
            .collect()
    }

    fn lines(&self, change: &FieldChange) -> Vec<String> {
        metadata_lines(change, self.a.language)
    }
}

impl PreviewPage {
    fn action(&self) -> String {
        let role = self.role.path();
        match &self.name {
            Some(name) => format!("/admin/{role}/{name}"),
            None => format!("/admin/{role}"),
        }
    }

    fn lines(&self, _change: &FieldChange) -> Vec<String> {
        // What is new about metadata has a part of the page for itself.
        Vec::new()
    }
}

/// What a profile is called in the real administration module.
fn called(profile: RequestProfile) -> &'static str {
    match profile {
        RequestProfile::Oiosaml2 => "OIOSAML2",
        RequestProfile::Oiosaml2AdfsMultipleauthn => "OIOSAML2 – ADFS multipleauthn",
        RequestProfile::Oiosaml2WithoutRequestedLoa => "OIOSAML2 – Without requested LoA",
        RequestProfile::Oiosaml3 => "OIOSAML3",
        RequestProfile::Oiosaml3AdfsMultipleauthn => "OIOSAML3 – ADFS multipleauthn",
        RequestProfile::Oiosaml3AdfsRelayState => "OIOSAML3 – ADFS relay state",
    }
}
