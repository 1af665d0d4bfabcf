//! Findings that are known: an earlier result as JSON. A known finding is no news; one that is gone is, because the list
//! is then no longer true.

use super::Finding;
use serde::Deserialize;
use std::collections::BTreeSet;

/// What an earlier matrix wrote as JSON, as far as it is compared.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Baseline {
    findings: BTreeSet<Entry>,
}

/// A known finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Entry {
    /// What kind.
    pub id: String,
    /// Where.
    #[serde(rename = "where")]
    pub place: String,
}

impl Baseline {
    /// Reads what `vejviser matrix --format json` wrote.
    pub fn parse(json: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(json)
    }

    /// Whether a finding is known.
    pub fn knows(&self, finding: &Finding<'_>) -> bool {
        self.findings.contains(&Entry::of(finding))
    }

    /// Entries that no finding stands behind any more. Those that an earlier comparison wrote about its own baseline are
    /// no findings of the federation.
    pub fn stale(&self, findings: &[Finding<'_>]) -> Vec<&Entry> {
        let now: BTreeSet<Entry> = findings.iter().map(Entry::of).collect();
        let known = self.findings.iter();
        known
            .filter(|entry| entry.id != STALE && !now.contains(entry))
            .collect()
    }
}

/// The id of a finding about the baseline itself.
pub const STALE: &str = "matrix::stale-baseline";

impl Entry {
    fn of(finding: &Finding<'_>) -> Self {
        Self {
            id: finding.kind.about().id.to_owned(),
            place: finding.place(),
        }
    }
}
