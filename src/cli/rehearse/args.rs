//! The flags of `vejviser rehearse`.

use crate::cli::args::moment;
use crate::cli::report::ReportArgs;
use crate::hub::danish_time;
use crate::hub::rollover::{self, Order, Strategy, Subject};
use clap::builder::FalseyValueParser;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use time::OffsetDateTime;

/// `rehearse`
#[derive(Debug, Args)]
pub struct RehearseArgs {
    /// How the certificate is changed.
    #[arg(
        long,
        env = "VEJVISER_STRATEGY",
        value_enum,
        default_value = "hard-swap"
    )]
    pub strategy: StrategyArg,
    /// What comes first in a hard swap; left out, both orders are rehearsed, because the real one is not known.
    #[arg(long, env = "VEJVISER_ORDER", value_enum)]
    pub order: Option<OrderArg>,
    /// Who changes: hub, idp:NAME or system:NAME.
    #[arg(long, env = "VEJVISER_SUBJECT", value_name = "PARTY", default_value = "hub", value_parser = subject)]
    pub subject: Subject,
    /// Start of the service window (RFC 3339), which is two hours long. Fixed, so that the same command gives the same
    /// bytes on every day.
    #[arg(long, env = "VEJVISER_AT", value_name = "TIME", default_value = "2026-12-02T06:00:00+01:00", value_parser = in_reach)]
    pub at: OffsetDateTime,
    /// Name of the environment, for file names and texts: 1 to 16 letters and digits.
    #[arg(
        long,
        env = "VEJVISER_ENVIRONMENT",
        value_name = "NAME",
        default_value = "DEMO",
        value_parser = environment
    )]
    pub environment: String,
    /// Whether the old key goes on decrypting after the switch; left out, as is usual for the strategy.
    #[arg(long, env = "VEJVISER_KEEP_OLD_DECRYPTION_KEY", value_name = "BOOL")]
    pub keep_old_decryption_key: Option<bool>,
    /// Give the change up at this time (RFC 3339) and put everything back.
    #[arg(long, env = "VEJVISER_ROLLBACK_AT", value_name = "TIME", value_parser = in_reach, conflicts_with = "rollback_at_every_step")]
    pub rollback_at: Option<OffsetDateTime>,
    /// Rehearse giving it up a quarter of an hour after each step (sooner where the next one comes sooner).
    #[arg(long, env = "VEJVISER_ROLLBACK_AT_EVERY_STEP", value_parser = FalseyValueParser::new())]
    pub rollback_at_every_step: bool,
    /// A plan in TOML: a strategy with all its parameters, or steps of your own.
    #[arg(long, env = "VEJVISER_PLAN", value_name = "FILE", conflicts_with_all = ["strategy", "order", "subject", "at", "environment", "keep_old_decryption_key"])]
    pub plan: Option<PathBuf>,
    /// The federation; left out, the sample federation of the demo.
    #[arg(long, env = "VEJVISER_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// An earlier result (JSON): only outages that are new or longer are findings.
    #[arg(long, env = "VEJVISER_BASELINE", value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write the certificates under the real hub's file names, the announcement, a calendar and, where the hub's keys
    /// are known, its metadata before and after each change into this folder.
    #[arg(long, env = "VEJVISER_FILES", value_name = "FOLDER")]
    pub files: Option<PathBuf>,
    #[command(flatten)]
    pub report: ReportArgs,
}

/// A strategy, or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StrategyArg {
    /// From one certificate to the other inside the window: December 2024.
    HardSwap,
    /// The next certificate stands in metadata beside the old one, which goes with the switch.
    MetadataFirst,
    /// Both stand in metadata from days before until days after.
    Overlap,
    /// A new certificate on the old key.
    SameKey,
    /// At once and unannounced.
    Emergency,
    /// The certificate expires and nobody acts.
    ExpiredInPlace,
    /// Each of them.
    All,
}

impl StrategyArg {
    /// None: all.
    pub fn strategy(self) -> Option<Strategy> {
        Some(match self {
            Self::HardSwap => Strategy::HardSwap,
            Self::MetadataFirst => Strategy::MetadataFirst,
            Self::Overlap => Strategy::Overlap,
            Self::SameKey => Strategy::SameKey,
            Self::Emergency => Strategy::Emergency,
            Self::ExpiredInPlace => Strategy::ExpiredInPlace,
            Self::All => return None,
        })
    }
}

/// What comes first in a hard swap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OrderArg {
    /// The next key signs from the start of the window; metadata follows.
    SigningFirst,
    /// Metadata is published; the next key signs later.
    MetadataFirst,
}

impl From<OrderArg> for Order {
    fn from(order: OrderArg) -> Self {
        match order {
            OrderArg::SigningFirst => Self::SigningFirst,
            OrderArg::MetadataFirst => Self::MetadataFirst,
        }
    }
}

fn subject(text: &str) -> Result<Subject, String> {
    Subject::parse(text).ok_or_else(|| "write hub, idp:NAME or system:NAME".to_owned())
}

fn environment(text: &str) -> Result<String, String> {
    rollover::environment(text).ok_or_else(|| {
        "skriv 1 til 16 bogstaver og cifre / write 1 to 16 letters and digits, such as TEST or PROD"
            .to_owned()
    })
}

/// A moment of the years that can be counted with.
fn in_reach(text: &str) -> Result<OffsetDateTime, String> {
    let at = moment(text)?;
    match danish_time::in_reach(at) {
        true => Ok(at),
        false => Err(
            "giv et tidspunkt mellem år 2000 og 2100 / give a time between the years 2000 and 2100"
                .to_owned(),
        ),
    }
}
