//! The test of a user-facing system: good and bad logins through a hub of its own, and what the system makes of them.

pub mod baseline;
mod case;
mod outcome;
pub mod report;

pub use case::{Case, Chapter, Expect, Info, Severity};
pub use outcome::{CaseResult, Run, Step, Subject, Verdict};
