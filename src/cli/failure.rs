//! How a command ends when it does not end well.

use std::process::ExitCode;

/// Each kind has its exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// 1: the command ran, and found something.
    Findings(String),
    /// 2: the question cannot be understood: a file that is not there, a key that cannot be read.
    Usage(String),
    /// 3: configuration or metadata is invalid, or asks for what is not allowed.
    Configuration(String),
    /// 4: could not run.
    CouldNotRun(String),
}

impl Failure {
    /// What to tell; may be empty where the result has told it already.
    pub fn text(&self) -> &str {
        match self {
            Self::Findings(text)
            | Self::Usage(text)
            | Self::Configuration(text)
            | Self::CouldNotRun(text) => text,
        }
    }
    /// The exit code; 2 is clap's too.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Findings(_) => 1,
            Self::Usage(_) => 2,
            Self::Configuration(_) => 3,
            Self::CouldNotRun(_) => 4,
        })
    }
}
