//! The flags of `vejviser matrix`.

use crate::cli::args::moment;
use crate::cli::output::{self, Output};
use crate::cli::rehearse::{LanguageArg, ReportFormat};
use clap::Args;
use clap::builder::FalseyValueParser;
use std::path::PathBuf;
use time::OffsetDateTime;

/// `matrix`
#[derive(Debug, Args)]
pub struct MatrixArgs {
    /// The federation; left out, the sample federation of the demo.
    #[arg(long, env = "VEJVISER_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Only this system (short name or entityID); repeatable.
    #[arg(long, env = "VEJVISER_SYSTEM", value_name = "NAME")]
    pub system: Vec<String>,
    /// Only this identity provider (short name or entityID); repeatable. Of a single one the six profiles are told, and
    /// which of them is best.
    #[arg(long, env = "VEJVISER_IDP", value_name = "NAME")]
    pub idp: Vec<String>,
    /// Every system at every identity provider in each profile, as JSON or CSV: equal ones are not grouped.
    #[arg(long, env = "VEJVISER_FULL", value_parser = FalseyValueParser::new(), conflicts_with_all = ["overview", "preflight", "generations", "baseline", "output"])]
    pub full: bool,
    /// The systems: the level that each needs, when it moves to Context Handler 2, and who is not ready.
    #[arg(long, env = "VEJVISER_OVERVIEW", value_parser = FalseyValueParser::new(), conflicts_with_all = ["preflight", "generations"])]
    pub overview: bool,
    /// What becomes of each user, and who must be enrolled for what.
    #[arg(long, env = "VEJVISER_PREFLIGHT", value_parser = FalseyValueParser::new(), conflicts_with = "generations")]
    pub preflight: bool,
    /// The same logins under Context Handler 1 and 2: what is sent, and whose outcome changes.
    #[arg(long, env = "VEJVISER_GENERATIONS", value_parser = FalseyValueParser::new())]
    pub generations: bool,
    /// The users of the identity providers: CSV with the heading idp;person;name;second_factor;nsis.
    #[arg(long, env = "VEJVISER_PEOPLE", value_name = "FILE")]
    pub people: Option<PathBuf>,
    /// An earlier result (JSON): what it holds is known; what is gone from it is a finding.
    #[arg(long, env = "VEJVISER_BASELINE", value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// As of this time (RFC 3339): systems may have a date on which they move to Context Handler 2. Left out, today.
    #[arg(long, env = "VEJVISER_NOW", value_name = "TIME", value_parser = moment)]
    pub now: Option<OffsetDateTime>,
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
