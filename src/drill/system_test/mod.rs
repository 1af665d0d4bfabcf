//! The test of a user-facing system: good and bad logins through a hub of its own, and what the system makes of them.
//!
//! ```text
//! good login ──▶ learn ──▶ each case: recipe ──▶ login (programmed at the hub) ──▶ run judges ──▶ outcome ──▶ report
//! ```

pub mod baseline;
mod browsing;
mod case;
mod learn;
mod leaving;
mod login;
mod looking;
mod outcome;
mod real;
mod recipe;
pub mod report;
mod run;
mod said;
mod target;

pub use case::{Case, Chapter, Expect, Info, Severity};
pub use outcome::{CaseResult, Run, Step, Subject, Verdict};
pub use real::run_in_chromium;
pub use run::{Stopped, run};
pub use target::{Hub, Success, Target, Ways};
