//! The flags of `lint`.

use crate::cli::args::moment;
use crate::cli::output::{self, Output};
use crate::drill::report::book::Book;
use crate::hub::lint::{LintRole, Rule, Severity};
use clap::builder::FalseyValueParser;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use time::OffsetDateTime;

/// `lint`
#[derive(Debug, Args)]
pub struct LintArgs {
    /// The metadata; - is standard input. With --online, an address to fetch it from too.
    pub file: PathBuf,
    /// What it is to be registered for.
    #[arg(long, env = "VEJVISER_ROLE", value_enum)]
    pub role: RoleArg,
    /// Judge dates as at this time (RFC 3339).
    #[arg(long, env = "VEJVISER_NOW", value_name = "TIME", value_parser = moment)]
    pub now: Option<OffsetDateTime>,
    /// CA whose certificates are accepted (PEM with one or several, or DER); repeatable. Vejviser's own test CAs always
    /// are.
    #[arg(long, env = "VEJVISER_CA", value_name = "FILE")]
    pub ca: Vec<PathBuf>,
    /// Metadata of other parties, a file or a folder of .xml files: nobody may have the same entityID, certificate or
    /// key; repeatable.
    #[arg(long, env = "VEJVISER_OTHERS", value_name = "FILE_OR_FOLDER")]
    pub others: Vec<PathBuf>,
    /// entityID of the registration that this metadata replaces: what it has among the others is not somebody else's.
    #[arg(long, env = "VEJVISER_REPLACES", value_name = "ENTITY")]
    pub replaces: Option<String>,
    /// Revocation list of a CA (DER or PEM); repeatable. Without it and --online, nobody asks whether a
    /// certificate was revoked.
    #[arg(long, env = "VEJVISER_CRL", value_name = "FILE")]
    pub crl: Vec<PathBuf>,
    /// Ask the CAs whether the certificates were revoked (OCSP, or the list), and fetch the metadata where FILE is an
    /// address. TLS is checked against the certificates that the system trusts.
    #[arg(long, env = "VEJVISER_ONLINE", value_parser = FalseyValueParser::new())]
    pub online: bool,
    /// Where the book stands, a folder with da and en: each rule of SARIF leads there.
    #[arg(long, env = "VEJVISER_BOOK", value_name = "URL", value_parser = Book::at)]
    pub book: Option<Book>,
    /// Form of the result.
    #[arg(long, env = "VEJVISER_FORMAT", value_enum, default_value = "human")]
    pub format: LintFormat,
    /// Write the result into a file too, in this form; repeatable.
    #[arg(long, env = "VEJVISER_OUTPUT", value_name = "FORMAT=FILE", value_parser = output::parse::<LintFormat>)]
    pub output: Vec<Output<LintFormat>>,
}

/// A role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoleArg {
    /// An identity provider.
    Idp,
    /// A user-facing system.
    System,
}

impl From<RoleArg> for LintRole {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Idp => Self::Idp,
            RoleArg::System => Self::System,
        }
    }
}

/// Form of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LintFormat {
    /// For people.
    Human,
    /// For scripts.
    Json,
    /// For CI.
    Junit,
    /// For code hosts.
    Sarif,
}

/// The list of rules, below the help.
pub fn rules() -> String {
    let mut text = "Rules:\n".to_owned();
    for rule in Rule::ALL {
        let info = rule.info();
        let severity = severity(info.severity);
        text.push_str(&format!("  {}  {severity:<8} {}\n", info.id, info.title.1));
    }
    text
}

/// As scripts get it.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
