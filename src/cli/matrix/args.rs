//! The flags of `vejviser matrix`.

use crate::cli::args::moment;
use crate::cli::report::ReportArgs;
use crate::drill::report::book::Book;
use crate::hub::settings::RememberedChoice;
use clap::builder::FalseyValueParser;
use clap::{Args, ValueEnum};
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
    #[arg(long, env = "VEJVISER_FULL", value_parser = FalseyValueParser::new(), conflicts_with_all = ["overview", "preflight", "generations", "baseline", "output", "people"])]
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
    /// The municipality that moved: somebody ticked “husk mit valg”, and the remembered identity provider is replaced.
    /// Played on a demo in this process, as in November 2024 (ch2), as it should be (safe), or both.
    #[arg(long, env = "VEJVISER_MOVED", value_enum, value_name = "MODE", num_args = 0..=1, default_missing_value = "both", conflicts_with_all = ["config", "system", "idp", "now", "full", "overview", "preflight", "generations", "people", "baseline"])]
    pub moved: Option<Moved>,
    /// Real logins: each identity provider in each of the six profiles from each built-in test system, compared with what
    /// was predicted. On a demo in this process, unless --manage names a running hub.
    #[arg(long, env = "VEJVISER_LIVE", value_parser = FalseyValueParser::new(), conflicts_with_all = ["full", "overview", "preflight", "generations", "moved", "people", "baseline", "now"])]
    pub live: bool,
    /// Live: log in as this person (id) of the invented identity providers; left out, at each the one who has most.
    #[arg(long, env = "VEJVISER_PERSON", value_name = "ID", requires = "live")]
    pub person: Option<String>,
    /// Live: the management address of a running hub with test systems; its federation in --config.
    #[arg(long, env = "VEJVISER_MANAGE", value_name = "URL")]
    pub manage: Option<String>,
    /// Live: file with the token of --manage.
    #[arg(
        long,
        env = "VEJVISER_TOKEN_FILE",
        value_name = "FILE",
        requires = "live"
    )]
    pub token_file: Option<PathBuf>,
    /// Live: trust these certificates (PEM) for https, repeatable; left out, those that the system trusts.
    #[arg(long, env = "VEJVISER_CA", value_name = "FILE", requires = "live")]
    pub ca: Vec<PathBuf>,
    /// Live: wait so long for people to log in at the links.
    #[arg(
        long,
        env = "VEJVISER_WAIT",
        value_name = "SECONDS",
        default_value = "0",
        requires = "live"
    )]
    pub wait: u64,
    /// Live: what waits for a person, or for a person's word, is a finding.
    #[arg(long, env = "VEJVISER_FAIL_ON", value_enum, requires = "live")]
    pub fail_on: Option<FailOn>,
    /// The users of the identity providers: CSV with the heading idp;person;name;second_factor;nsis.
    #[arg(long, env = "VEJVISER_PEOPLE", value_name = "FILE")]
    pub people: Option<PathBuf>,
    /// An earlier result (JSON): what it holds is known; what is gone from it is a finding. Of the whole federation, so not
    /// together with --system or --idp.
    #[arg(long, env = "VEJVISER_BASELINE", value_name = "FILE", conflicts_with_all = ["system", "idp"])]
    pub baseline: Option<PathBuf>,
    /// As of this time (RFC 3339): systems may have a date on which they move to Context Handler 2. Left out, today.
    #[arg(long, env = "VEJVISER_NOW", value_name = "TIME", value_parser = moment)]
    pub now: Option<OffsetDateTime>,
    /// Where the book stands, a folder with da and en: each check that the HTML names leads there.
    #[arg(long, env = "VEJVISER_BOOK", value_name = "URL", value_parser = Book::at)]
    pub book: Option<Book>,
    #[command(flatten)]
    pub report: ReportArgs,
}

/// What is a finding beside what differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// WAITING and REVIEW.
    Review,
}

/// What “husk mit valg” does in the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Moved {
    /// One choice for all systems, which holds the identity provider.
    Ch2,
    /// One choice a system, which holds the organisation.
    Safe,
    /// One after the other.
    Both,
}

impl Moved {
    /// The modes, in order.
    pub fn modes(self) -> &'static [RememberedChoice] {
        match self {
            Self::Ch2 => &[RememberedChoice::Ch2],
            Self::Safe => &[RememberedChoice::Safe],
            Self::Both => &[RememberedChoice::Ch2, RememberedChoice::Safe],
        }
    }
}
