//! A demo system that does everything that the system test wants, and how it judges an answer: by the hub's own checks, and by
//! what only the system itself can hold. One mistake may be built into it ([`super::defect`]).
//!
//! ```text
//! message ──▶ the checks of the hub ──▶ encrypted? Extensions? level? ──▶ Judgement
//!                   └── what a defect excuses, believes or stumbles over ──┘
//! ```

mod level;
mod slo;
mod trusted;

pub use slo::logout as slo;
pub use trusted::Trusted;

use super::defect::{self, Stumble, Wire};
use super::system::System;
use crate::config::Defect;
use crate::hub::judge::{self, Content, Expected, Judged};
use crate::hub::{Check, RowOutcome};
use crate::saml::{Assertion, Status};

/// What an answer came to.
pub struct Judgement {
    /// What speaks against it, in the order of the list of checks.
    pub objections: Vec<Objection>,
    /// What it carries.
    pub carries: Carries,
    /// Whether the system broke over it.
    pub broke: bool,
}

/// Something that speaks against an answer.
pub struct Objection {
    /// The check.
    pub check: Check,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
}

/// What an answer carries, as far as the system believes it.
pub enum Carries {
    /// An assertion.
    Assertion(Box<Assertion>),
    /// A refusal of the hub.
    Status(Status),
    /// Nothing that is believed.
    Nothing,
}

impl Objection {
    fn new(check: Check, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            check,
            found: found.into(),
            expected: expected.into(),
        }
    }
}

impl Judgement {
    /// What the hub's checks say of it.
    pub fn of(judged: Judged) -> Self {
        let rows = judged.report.findings().into_iter();
        let failed = rows.filter(|row| row.outcome == RowOutcome::Fail);
        let objection =
            failed.map(|row| Objection::new(row.check, row.found.clone(), row.expected.clone()));
        Self {
            objections: objection.collect(),
            carries: match judged.content {
                Content::Assertion(signed) => Carries::Assertion(Box::new(signed.value().clone())),
                Content::Status(signed) => Carries::Status(signed.value().clone()),
                Content::Unsigned(_) | Content::Nothing => Carries::Nothing,
            },
            broke: false,
        }
    }

    /// Whether anything speaks against it but that it is a refusal.
    pub fn fails_but_status(&self) -> bool {
        let mut all = self.objections.iter();
        all.any(|one| one.check != Check::ResponseStatus)
    }
}

/// Judges an answer.
pub fn judge(system: &System, xml: &[u8], expected: &Expected<'_>) -> Judgement {
    let defect = system.demo.defect;
    let xml = match defect {
        Some(Defect::ReadsDoctype) => defect::without_doctype(xml),
        _ => xml.into(),
    };
    let wire = Wire::open(&xml, expected);
    let mut judgement = straight(system, &xml, wire.as_ref(), expected);
    let (Some(defect), Some(wire)) = (defect, &wire) else {
        return judgement;
    };
    if !judgement.objections.is_empty()
        && let Some(believed) = defect::believed(defect, wire, system, expected)
    {
        judgement = credulous(system, &believed, expected);
    }
    if let (true, Carries::Assertion(assertion)) =
        (judgement.objections.is_empty(), &judgement.carries)
    {
        match defect::stumble(defect, system, assertion, wire, expected) {
            Some(Stumble::Over(check, found)) => {
                let objection = Objection::new(check, found, "what the supplier thought of");
                judgement.objections.push(objection);
            }
            Some(Stumble::Breaks) => judgement.broke = true,
            None => {}
        }
    }
    judgement
}

/// The judgement of the message as it is.
fn straight(
    system: &System,
    xml: &[u8],
    wire: Option<&Wire>,
    expected: &Expected<'_>,
) -> Judgement {
    let judged = judge::response(xml, expected);
    let encrypted = judged.encrypted;
    let mut judgement = Judgement::of(judged);
    let Carries::Assertion(assertion) = &judgement.carries else {
        return judgement;
    };
    if !encrypted && !expected.decryption_keys.is_empty() {
        let objection = Objection::new(Check::Decryption, "in clear", "encrypted to the system");
        judgement.objections.push(objection);
    }
    // SAML core §3.2.1: extensions are of namespaces that SAML does not define.
    if wire.is_some_and(Wire::extends_with_saml) {
        let found = "an element of SAML in Extensions";
        judgement
            .objections
            .push(Objection::new(Check::ResponseReadable, found, "none"));
    }
    let stated = wire.map(|wire| |name: &str| wire.stated_in_extensions(name));
    judgement.objections.extend(level::objection(
        system,
        assertion,
        stated.as_ref().map(|stated| stated as _),
    ));
    if let (Some(defect), Some(wire)) = (system.demo.defect, wire) {
        let scene = defect::Scene {
            assertion,
            answers: wire.answers(),
            encrypted,
            expected,
        };
        judgement
            .objections
            .retain(|one| !defect::excuses(defect, one.check, &scene));
    }
    judgement
}

/// The judgement of what careless software believes to have got: an unsigned message, of which the signature is the only thing
/// that is not asked about any more.
fn credulous(system: &System, believed: &str, expected: &Expected<'_>) -> Judgement {
    let mut judgement = Judgement::of(judge::response(believed.as_bytes(), expected));
    judgement
        .objections
        .retain(|one| one.check != Check::AssertionSignature);
    judgement.carries = Carries::Nothing;
    if let Some(assertion) = defect::read(believed) {
        let objection = level::objection(system, &assertion, None);
        judgement.objections.extend(objection);
        judgement.carries = Carries::Assertion(Box::new(assertion));
    }
    judgement
}
