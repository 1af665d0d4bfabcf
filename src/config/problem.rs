//! A problem of a configuration: what, where, who, and what to do.

use super::{Kind, Severity};
use crate::hub::Actor;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable id, such as `config::unknown-key`.
    pub id: &'static str,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub help: String,
    /// The file.
    pub file: PathBuf,
    /// Byte range in the file.
    pub span: Option<Range<usize>>,
    /// Line, from 1, if there is a span.
    pub line: Option<usize>,
    /// What it stops.
    pub severity: Severity,
    /// Who must act.
    pub actor: Actor,
}

/// All problems of one configuration.
#[derive(Debug, Clone, Default)]
pub struct Problems {
    /// In the order of the file.
    pub list: Vec<Problem>,
}

impl Problems {
    /// Whether one of them stops the hub from starting.
    pub fn any_fatal(&self) -> bool {
        self.count(Severity::Fatal) > 0
    }
    /// Whether one of them is more than a warning: what `check` refuses.
    pub fn any_error(&self) -> bool {
        self.count(Severity::Warning) < self.list.len()
    }
    /// How many are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        let same = self
            .list
            .iter()
            .filter(|problem| problem.severity == severity);
        same.count()
    }
}

/// Collects problems, so that all of them come in one answer.
#[derive(Debug)]
pub(super) struct Sink<'a> {
    pub path: &'a Path,
    pub text: &'a str,
    /// Whose metadata is being read: who must act where the kind of problem does not say.
    pub party: Actor,
    list: Vec<Problem>,
}

impl<'a> Sink<'a> {
    pub fn new(path: &'a Path, text: &'a str) -> Self {
        Self {
            path,
            text,
            party: Actor::Registration,
            list: Vec::new(),
        }
    }

    pub fn add(
        &mut self,
        kind: &Kind,
        span: Option<Range<usize>>,
        what: impl Into<String>,
        help: impl Into<String>,
    ) {
        let line = span.as_ref().map(|span| line_of(self.text, span.start));
        self.list.push(Problem {
            id: kind.id,
            what: what.into(),
            help: help.into(),
            file: self.path.to_owned(),
            span,
            line,
            severity: kind.severity,
            actor: kind.actor.unwrap_or(self.party),
        });
    }

    /// How many there are so far.
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// All of them in the order of the file; those without a place come last.
    pub fn finish(mut self) -> Problems {
        self.list
            .sort_by_key(|problem| problem.span.as_ref().map_or(usize::MAX, |span| span.start));
        Problems { list: self.list }
    }
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text
        .as_bytes()
        .iter()
        .take(at)
        .filter(|byte| **byte == b'\n')
        .count()
}
