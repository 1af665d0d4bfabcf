//! What commands with reports have in common: language, form, files.

use super::output::{self, Output};
use crate::edge::page::Language;
use clap::{Args, ValueEnum};

/// How a result is told.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Language of the result. JSON and HTML have both.
    #[arg(long, env = "VEJVISER_LANGUAGE", value_enum, default_value = "da")]
    pub language: LanguageArg,
    /// Form of the result.
    #[arg(long, env = "VEJVISER_FORMAT", value_enum, default_value = "human")]
    pub format: ReportFormat,
    /// Write the result into a file too, in this form; repeatable.
    #[arg(long, env = "VEJVISER_OUTPUT", value_name = "FORMAT=FILE", value_parser = output::parse::<ReportFormat>)]
    pub output: Vec<Output<ReportFormat>>,
}

/// Language of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LanguageArg {
    /// Danish.
    Da,
    /// English.
    En,
}

impl From<LanguageArg> for Language {
    fn from(language: LanguageArg) -> Self {
        match language {
            LanguageArg::Da => Self::Danish,
            LanguageArg::En => Self::English,
        }
    }
}

/// Form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people at a terminal.
    Human,
    /// For scripts, and as a baseline.
    Json,
    /// For CI.
    Junit,
    /// One page for everybody, to read and to print.
    Html,
    /// For spreadsheets.
    Csv,
}
