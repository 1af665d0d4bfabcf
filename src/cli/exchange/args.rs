//! The flags of `export` and `import`.

use clap::Args;
use clap::builder::FalseyValueParser;
use std::path::PathBuf;
use time::OffsetDateTime;

/// `export`
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The federation: federation.toml, with the files that it names.
    #[arg(long, env = "VEJVISER_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What a hub has kept: its store. With --config too, what is in the file's [hub] and [settings] is written beside.
    #[arg(long, env = "VEJVISER_STORE", value_name = "FILE")]
    pub store: Option<PathBuf>,
    /// Folder for ch.json and beside.toml.
    #[arg(
        long,
        env = "VEJVISER_OUT",
        value_name = "DIR",
        default_value = "export"
    )]
    pub out: PathBuf,
    /// Write federation.toml and its files instead: what a store holds, to read and edit.
    #[arg(long, env = "VEJVISER_TOML", value_parser = FalseyValueParser::new())]
    pub toml: bool,
    /// Overwrite files that are there.
    #[arg(long, env = "VEJVISER_FORCE", value_parser = FalseyValueParser::new())]
    pub force: bool,
}

/// `import`
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Objects of the provisioning interface (ch.json), or metadata: files and folders with .xml.
    #[arg(required = true)]
    pub from: Vec<PathBuf>,
    /// What stands beside the objects: beside.toml of an export.
    #[arg(long, env = "VEJVISER_BESIDE", value_name = "FILE")]
    pub beside: Option<PathBuf>,
    /// Folder for federation.toml and its files.
    #[arg(
        long,
        env = "VEJVISER_OUT",
        value_name = "DIR",
        conflicts_with = "store"
    )]
    pub out: Option<PathBuf>,
    /// Put it into a hub's store instead, beside what is there. The hub must not run; a running one takes it over its interface.
    #[arg(long, env = "VEJVISER_STORE", value_name = "FILE")]
    pub store: Option<PathBuf>,
    /// Judge dates as at this time (RFC 3339).
    #[arg(long, env = "VEJVISER_NOW", value_name = "TIME", value_parser = crate::cli::args::moment)]
    pub now: Option<OffsetDateTime>,
    /// Overwrite files that are there.
    #[arg(long, env = "VEJVISER_FORCE", value_parser = FalseyValueParser::new())]
    pub force: bool,
}
