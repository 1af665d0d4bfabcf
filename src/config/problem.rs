//! A problem of a configuration: what, where, and what to do.

use std::path::PathBuf;

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
    pub span: Option<std::ops::Range<usize>>,
    /// Line, from 1, if there is a span.
    pub line: Option<usize>,
    /// Whether it stops the hub from starting; others are warnings.
    pub fatal: bool,
}

/// All problems of one configuration.
#[derive(Debug, Clone, Default)]
pub struct Problems {
    /// In the order of the file.
    pub list: Vec<Problem>,
}
