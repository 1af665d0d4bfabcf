//! An earlier rehearsal to compare with: a known outage is no news, a new or longer one is.
//!
//! Compared is the whole time for which a party is down in a run of the same plan; when exactly, and for which causes,
//! may have changed.

use super::key;
use super::phrases::Text;
use super::view::Downtime;
use crate::drill::rehearsal::{Line, Run};
use crate::edge::page::when;
use serde::Deserialize;
use std::collections::BTreeMap;
use time::Duration;

/// What an earlier rehearsal wrote as JSON, as far as it is compared.
#[derive(Debug, Clone, Deserialize)]
pub struct Baseline {
    runs: Vec<OldRun>,
}

#[derive(Debug, Clone, Deserialize)]
struct OldRun {
    plan: OldPlan,
    parties: Vec<OldParty>,
}

#[derive(Debug, Clone, Deserialize)]
struct OldPlan {
    name: String,
    subject: String,
}

#[derive(Debug, Clone, Deserialize)]
struct OldParty {
    id: String,
    seconds_down: i64,
    recovers: bool,
}

/// What became of the outages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// What the baseline is called.
    pub file: String,
    /// New outages and longer ones.
    pub worse: Vec<Change>,
    /// Shorter ones, and those that are gone.
    pub better: Vec<Change>,
    /// Outages as long as before.
    pub unchanged: usize,
    /// Plans of the baseline that were not rehearsed this time.
    pub missing: Vec<String>,
}

/// One party in one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Name of the plan.
    pub plan: String,
    /// Whose plan: `hub`.
    pub subject: String,
    /// The party: `idp:provekobing`.
    pub party: String,
    /// What people call it.
    pub title: String,
    /// Down before.
    before: Downtime,
    /// Down now.
    after: Downtime,
}

impl Baseline {
    /// Reads what [`Report::json`](super::Report::json) wrote. The error says what is not like that.
    pub fn parse(json: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(json)
    }

    /// Compares these runs with it. `file` is what the baseline is called.
    pub fn compare(&self, file: &str, runs: &[Run]) -> Comparison {
        let mut old: BTreeMap<(String, String), BTreeMap<&str, Downtime>> = BTreeMap::new();
        for run in &self.runs {
            let parties = run.parties.iter();
            let parties = parties
                .map(|party| (party.id.as_str(), party.downtime()))
                .collect();
            old.insert((run.plan.name.clone(), run.plan.subject.clone()), parties);
        }
        let mut comparison = Comparison {
            file: file.to_owned(),
            worse: Vec::new(),
            better: Vec::new(),
            unchanged: 0,
            missing: Vec::new(),
        };
        for run in runs {
            let this = (run.plan.name.clone(), run.plan.subject.word());
            let known = old.remove(&this).unwrap_or_default();
            for line in &run.parties {
                let before = known.get(key(line).as_str()).copied().unwrap_or_default();
                comparison.add(run, line, before);
            }
        }
        comparison.missing = old
            .into_keys()
            .map(|(name, subject)| format!("{name} ({subject})"))
            .collect();
        comparison
    }
}

impl OldParty {
    fn downtime(&self) -> Downtime {
        Downtime {
            open: !self.recovers,
            span: Duration::seconds(self.seconds_down),
        }
    }
}

impl Comparison {
    fn add(&mut self, run: &Run, line: &Line, before: Downtime) {
        let after = Downtime::of(line, run.plan.horizon().1);
        let change = Change {
            plan: run.plan.name.clone(),
            subject: run.plan.subject.word(),
            party: key(line),
            title: line.party.title.clone(),
            before,
            after,
        };
        match after.cmp(&before) {
            std::cmp::Ordering::Greater => self.worse.push(change),
            std::cmp::Ordering::Less => self.better.push(change),
            std::cmp::Ordering::Equal => {
                self.unchanged += usize::from(after != Downtime::default())
            }
        }
    }

    /// Whether this party's outage is new or longer.
    pub fn is_worse(&self, run: &Run, line: &Line) -> bool {
        let (subject, key) = (run.plan.subject.word(), key(line));
        let this = |change: &Change| {
            change.plan == run.plan.name && change.subject == subject && change.party == key
        };
        self.worse.iter().any(this)
    }

    /// In sentences.
    pub(super) fn lines(&self, t: &Text) -> Vec<String> {
        let mut lines = Vec::new();
        if self.worse.is_empty() {
            lines.push(t.nothing_worse.to_owned());
        }
        for (word, changes) in [(t.worse, &self.worse), (t.better, &self.better)] {
            for change in changes {
                let said = t.before_after(down(change.before, t), down(change.after, t));
                lines.push(format!("{word}: {}, {}: {said}", change.plan, change.title));
            }
        }
        if self.unchanged > 0 {
            lines.push(t.unchanged(when::number(self.unchanged, t.language)));
        }
        lines.extend(self.missing.iter().map(|name| t.not_rehearsed(name)));
        lines
    }
}

impl Change {
    /// Seconds before and after.
    pub(super) fn seconds(&self) -> (i64, i64) {
        (
            self.before.span.whole_seconds(),
            self.after.span.whole_seconds(),
        )
    }
}

fn down(time: Downtime, t: &Text) -> String {
    if time == Downtime::default() {
        t.up.to_owned()
    } else {
        time.text(t)
    }
}
