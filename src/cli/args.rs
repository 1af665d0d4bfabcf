//! Commands and flags. Every flag is also an environment variable `VEJVISER_<FLAG>`.

use crate::hub::settings::RememberedChoice;
use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// An unofficial Context Handler 2, for rehearsing Danish municipal logins.
#[derive(Debug, Parser)]
#[command(name = "vejviser", version, disable_help_subcommand = true)]
pub struct Cli {
    /// What is logged to stderr, for example info or vejviser=debug.
    #[arg(
        long,
        global = true,
        env = "VEJVISER_LOG",
        default_value = "warn,vejviser=info"
    )]
    pub log: String,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The hub with invented identity providers and systems in one process; needs no file.
    Demo(DemoArgs),
    /// The hub on your federation.
    Serve(ServeArgs),
    /// Every problem of a configuration, its metadata, keys and dates at once.
    Check(CheckArgs),
    /// Asks a running hub whether it is well; for containers.
    Healthcheck(HealthcheckArgs),
}

/// What demo and serve have in common.
#[derive(Debug, Args)]
pub struct Common {
    /// Address of the management listener; port 0 takes a free one.
    #[arg(long, env = "VEJVISER_MANAGE", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7879", value_parser = address)]
    pub manage: SocketAddr,
    /// Address that browsers and peers use.
    #[arg(long, env = "VEJVISER_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Speak https, with a certificate made on the spot where none is given.
    #[arg(long, env = "VEJVISER_TLS", value_parser = FalseyValueParser::new())]
    pub tls: bool,
    /// Print one line of JSON to stdout once ready.
    #[arg(long, env = "VEJVISER_READY_JSON", value_parser = FalseyValueParser::new())]
    pub ready_json: bool,
    /// Write that line to a file, readable by you only.
    #[arg(long, env = "VEJVISER_READY_FILE", value_name = "FILE")]
    pub ready_file: Option<PathBuf>,
}

/// `demo`
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Address of the public listener; port 0 takes a free one.
    #[arg(long, env = "VEJVISER_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7878", value_parser = address)]
    pub listen: SocketAddr,
    /// Allow the demo to be reached from other machines. Anybody there can log in as anybody.
    #[arg(long, env = "VEJVISER_ALLOW_REMOTE", value_parser = FalseyValueParser::new())]
    pub allow_remote: bool,
    /// What “husk mit valg” does: as in November 2024 (ch2), or as it should (safe).
    #[arg(
        long,
        env = "VEJVISER_REMEMBERED_CHOICE",
        value_enum,
        default_value = "ch2"
    )]
    pub remembered_choice: Remembering,
    #[command(flatten)]
    pub common: Common,
}

/// What “husk mit valg” does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Remembering {
    /// One choice for all systems, which holds the identity provider.
    Ch2,
    /// One choice a system, which holds the organisation.
    Safe,
}

impl From<Remembering> for RememberedChoice {
    fn from(mode: Remembering) -> Self {
        match mode {
            Remembering::Ch2 => Self::Ch2,
            Remembering::Safe => Self::Safe,
        }
    }
}

/// `serve`
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The federation.
    #[arg(long, env = "VEJVISER_CONFIG", value_name = "FILE")]
    pub config: PathBuf,
    /// Address of the public listener; port 0 takes a free one.
    #[arg(long, env = "VEJVISER_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8443", value_parser = address)]
    pub listen: SocketAddr,
    #[command(flatten)]
    pub common: Common,
}

/// `check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The configuration.
    pub file: PathBuf,
    /// Judge dates as at this time (RFC 3339).
    #[arg(long, env = "VEJVISER_NOW", value_name = "TIME", value_parser = moment)]
    pub now: Option<OffsetDateTime>,
    /// Form of the result.
    #[arg(long, env = "VEJVISER_FORMAT", value_enum, default_value = "human")]
    pub format: Format,
}

/// `healthcheck`
#[derive(Debug, Args)]
pub struct HealthcheckArgs {
    /// The management listener.
    #[arg(
        long,
        env = "VEJVISER_MANAGE",
        value_name = "URL",
        default_value = "http://127.0.0.1:7879"
    )]
    pub manage: String,
}

/// Form of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Human,
    /// For scripts.
    Json,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let mut found = text
        .to_socket_addrs()
        .map_err(|error| format!("{error}; write ADDRESS:PORT"))?;
    found.next().ok_or_else(|| "no such address".to_owned())
}

fn moment(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339)
        .map_err(|_| "write RFC 3339, such as 2026-03-01T06:00:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_flag_has_its_variable() {
        for command in Cli::command().get_subcommands() {
            for flag in command
                .get_arguments()
                .filter(|a| a.get_long().is_some_and(|l| l != "help" && l != "version"))
            {
                let name = format!(
                    "VEJVISER_{}",
                    flag.get_long().unwrap().to_uppercase().replace('-', "_")
                );
                assert_eq!(
                    flag.get_env().and_then(|env| env.to_str()),
                    Some(name.as_str()),
                    "{}",
                    command.get_name()
                );
            }
        }
    }
}
