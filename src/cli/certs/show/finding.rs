//! A finding: of which kind, who must act, what was found, and where.

use super::kind::{Kind, Severity};
use crate::hub::Actor;
use serde_json::{Value, json};

/// One finding.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What kind.
    pub kind: &'static Kind,
    /// Who must act.
    pub actor: Actor,
    /// What was found.
    pub found: String,
    /// Where.
    pub place: String,
}

impl Finding {
    /// One finding.
    pub fn new(
        kind: &'static Kind,
        actor: Actor,
        found: impl Into<String>,
        place: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            actor,
            found: found.into(),
            place: place.into(),
        }
    }

    /// In the form that all commands have.
    pub fn json(&self) -> Value {
        let (da, en) = self.kind.title();
        json!({
            "id": self.kind.id,
            "severity": self.kind.severity,
            "actor": self.actor,
            "title_da": da,
            "title_en": en,
            "found": self.found,
            "expected": self.kind.expected,
            "where": self.place,
        })
    }
}

/// How many are of this severity.
pub fn count(findings: &[Finding], severity: Severity) -> usize {
    let same = (findings.iter()).filter(|finding| finding.kind.severity == severity);
    same.count()
}
