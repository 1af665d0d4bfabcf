//! A refusal.

use super::check::Info;
use super::{Check, Report};
use crate::saml::names::status;

/// Why a login stops here: the check that failed, whose row in the table has the words, and what the system
/// is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The check that failed.
    pub check: Check,
    /// SAML status for the system: top-level and second-level code.
    pub status: (&'static str, Option<&'static str>),
}

impl Refusal {
    /// The refusal of a failed check, with the status that fits it.
    pub fn of(check: Check) -> Self {
        Self {
            check,
            status: status_of(check),
        }
    }

    /// The refusal of the first failed row.
    pub fn of_report(report: &Report) -> Option<Self> {
        report.reason().map(|row| Self::of(row.check))
    }

    /// With another status for the system.
    pub fn with_status(self, code: &'static str, subcode: Option<&'static str>) -> Self {
        Self {
            status: (code, subcode),
            ..self
        }
    }

    /// Who must act, what happened and what to do, in Danish and English.
    pub fn info(self) -> &'static Info {
        self.check.info()
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
        Check::LevelReached | Check::NsisAtOiosaml2Idp | Check::StepUp => {
            (status::RESPONDER, Some(status::NO_AUTHN_CONTEXT))
        }
        Check::RolesGranted => (status::RESPONDER, Some(status::REQUEST_DENIED)),
        Check::ChooseKnown | Check::ChooseActive | Check::IdpActive => {
            (status::RESPONDER, Some(status::NO_AVAILABLE_IDP))
        }
        Check::ChoosePassive => (status::RESPONDER, Some(status::NO_PASSIVE)),
        Check::LogoutSession => (status::REQUESTER, Some(status::UNKNOWN_PRINCIPAL)),
        Check::LogoutVersion => (status::VERSION_MISMATCH, None),
        check if (Check::LogoutReadable..Check::MetadataReadable).contains(&check) => {
            (status::REQUESTER, Some(status::REQUEST_DENIED))
        }
        _ => (status::RESPONDER, Some(status::AUTHN_FAILED)),
    }
}
