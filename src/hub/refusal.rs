//! A refusal: told to the person who must act, in Danish and English.

use super::{Actor, Check, Report};
use crate::saml::names::status;

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
    /// SAML status for the system: top-level and second-level code.
    pub status: (String, Option<String>),
}

impl Text {
    /// From both languages.
    pub fn new(da: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            da: da.into(),
            en: en.into(),
        }
    }
}

impl Refusal {
    /// The refusal of a failed check, with the texts of the table and the status that fits it.
    pub fn of(check: Check) -> Self {
        let info = check.info();
        let (code, subcode) = status_of(check);
        Self {
            check,
            actor: info.actor,
            what: Text::new(info.what.0, info.what.1),
            remedy: Text::new(info.remedy.0, info.remedy.1),
            status: (code.to_owned(), subcode.map(str::to_owned)),
        }
    }

    /// The refusal of the first failed row.
    pub fn of_report(report: &Report) -> Option<Self> {
        report.reason().map(|row| Self::of(row.check))
    }

    /// With another status for the system.
    pub fn with_status(mut self, code: &str, subcode: Option<&str>) -> Self {
        self.status = (code.to_owned(), subcode.map(str::to_owned));
        self
    }
}

/// What the system is told: little. The tester reads the rest in the flow.
fn status_of(check: Check) -> (&'static str, Option<&'static str>) {
    match check {
        Check::RequestVersion => (status::VERSION_MISMATCH, None),
        Check::RequestProtocolBinding => (status::REQUESTER, Some(status::UNSUPPORTED_BINDING)),
        Check::RequestProxyCount | Check::ProxyRestriction => {
            (status::RESPONDER, Some(status::PROXY_COUNT_EXCEEDED))
        }
        check if check < Check::ResponseReadable => {
            (status::REQUESTER, Some(status::REQUEST_DENIED))
        }
        Check::LevelReached | Check::NsisAtOiosaml2Idp => {
            (status::RESPONDER, Some(status::NO_AUTHN_CONTEXT))
        }
        Check::ChooseKnown | Check::ChooseActive | Check::IdpActive => {
            (status::RESPONDER, Some(status::NO_AVAILABLE_IDP))
        }
        Check::ChoosePassive => (status::RESPONDER, Some(status::NO_PASSIVE)),
        _ => (status::RESPONDER, Some(status::AUTHN_FAILED)),
    }
}
