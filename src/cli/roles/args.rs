//! The flags of `vejviser roles`.

use crate::cli::args::{InputArg, ListFormat, moment};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use time::OffsetDateTime;

/// `roles`
#[derive(Debug, Subcommand)]
pub enum RolesCommand {
    /// Which job function roles of a message become which user system roles at a system, and why the others do not.
    ///
    /// Nothing is verified: what is explained may be forged. Exit code 0: something came through; 1: nothing did; 2: the
    /// question cannot be understood; 3: the configuration is invalid; 4: could not run.
    Explain(Box<ExplainArgs>),
    /// The rules by which roles are translated or left out, with where each comes from and what to do: the list is stable.
    Rules(RulesArgs),
}

/// `roles explain`
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The federation. Left out: the sample federation of the demo.
    #[arg(long, env = "VEJVISER_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The user-facing system: its short name or entityID.
    #[arg(long, env = "VEJVISER_SYSTEM", value_name = "NAME|ENTITY")]
    pub system: String,
    /// The identity provider: its short name or entityID. Left out: the message's Issuer.
    #[arg(long, env = "VEJVISER_IDP", value_name = "NAME|ENTITY")]
    pub idp: Option<String>,
    /// Private RSA key (PEM) for an assertion that is encrypted. Left out: the hub's own keys of the federation.
    #[arg(long, env = "VEJVISER_KEY", value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// How the message is written.
    #[arg(long, env = "VEJVISER_INPUT", value_enum, default_value_t = InputArg::Auto)]
    pub input: InputArg,
    /// The moment that the federation's dates are judged at.
    #[arg(long, env = "VEJVISER_NOW", value_name = "RFC3339", value_parser = moment)]
    pub now: Option<OffsetDateTime>,
    /// Form of the result; left out: human on a terminal, json for a program.
    #[arg(long, env = "VEJVISER_FORMAT", value_enum)]
    pub format: Option<ListFormat>,
    /// A Response, an Assertion, or the list of privileges itself, as XML, base64, form or address. Left out or -: standard
    /// input.
    #[arg(value_name = "MESSAGE")]
    pub message: Option<PathBuf>,
}

/// `roles rules`
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// Form of the list.
    #[arg(long, env = "VEJVISER_FORMAT", value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}
