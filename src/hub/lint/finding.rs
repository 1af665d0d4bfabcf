//! What was found.

use super::rule::Info;
use super::{LintRole, Place, Rule, Severity};
use crate::hub::Actor;
use crate::xml::Node;

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: Rule,
    /// Who must act.
    pub actor: Actor,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// Where.
    pub place: Place,
}

impl Finding {
    /// What the table says of its rule.
    pub fn info(&self) -> &'static Info {
        self.rule.info()
    }
}

/// Metadata that was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linted {
    /// The entityID, if one party is described.
    pub entity_id: Option<String>,
    /// Everything that was found, in the order of the rules and then of the document.
    pub findings: Vec<Finding>,
}

impl Linted {
    /// How many findings are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        let same = (self.findings.iter()).filter(|finding| finding.info().severity == severity);
        same.count()
    }

    /// Whether the metadata would be registered.
    pub fn accepted(&self) -> bool {
        self.count(Severity::Error) == 0
    }

    /// The real service's own words of what was found, each once, in order.
    pub fn messages(&self) -> Vec<&'static str> {
        let mut messages: Vec<&str> = Vec::new();
        for message in self
            .findings
            .iter()
            .filter_map(|found| found.info().message)
        {
            if !messages.contains(&message) {
                messages.push(message);
            }
        }
        messages
    }
}

/// As many findings of one rule as anybody reads.
const MAX_OF_A_RULE: usize = 100;

/// Collects findings.
#[derive(Debug)]
pub(super) struct Sink {
    pub role: LintRole,
    findings: Vec<Finding>,
}

impl Sink {
    pub fn new(role: LintRole) -> Self {
        Self {
            role,
            findings: Vec::new(),
        }
    }

    pub fn add(
        &mut self,
        rule: Rule,
        node: Node<'_>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) {
        // The place of a node costs the length of what stands before it.
        if self.has_room(rule) {
            self.add_at(rule, Place::of(node), found, expected);
        }
    }

    fn has_room(&self, rule: Rule) -> bool {
        let same = self.findings.iter().filter(|finding| finding.rule == rule);
        same.count() <= MAX_OF_A_RULE
    }

    pub fn add_at(
        &mut self,
        rule: Rule,
        place: Place,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) {
        if !self.has_room(rule) {
            return;
        }
        self.findings.push(Finding {
            rule,
            actor: rule.info().actor.unwrap_or(self.role.actor()),
            found: found.into(),
            expected: expected.into(),
            place,
        });
    }

    pub fn finish(mut self, entity_id: Option<String>) -> Linted {
        // Stable: what one rule says stays in the order of the document.
        self.findings.sort_by_key(|finding| finding.rule);
        Linted {
            entity_id,
            findings: self.findings,
        }
    }
}
