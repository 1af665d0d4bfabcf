//! A refusal: told to the person who must act, in Danish and English.

use super::{Actor, Check};

/// The same sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Danish.
    pub da: String,
    /// English.
    pub en: String,
}

/// Why a login stops here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The check that failed.
    pub check: Check,
    /// Who must act.
    pub actor: Actor,
    /// One plain sentence: what happened.
    pub what: Text,
    /// What to do.
    pub remedy: Text,
    /// SAML status for the system: top-level and second-level code. `None` for what is only ever a page.
    pub status: Option<(&'static str, Option<&'static str>)>,
}

impl Text {
    /// From both languages.
    pub fn new(da: impl Into<String>, en: impl Into<String>) -> Self {
        Self { da: da.into(), en: en.into() }
    }
}

impl Refusal {
    /// The refusal of a failed check, with the texts of the table.
    pub fn of(check: Check) -> Self {
        let info = check.info();
        Self { check, actor: info.actor, what: Text::new(info.what.0, info.what.1), remedy: Text::new(info.remedy.0, info.remedy.1), status: None }
    }
}
