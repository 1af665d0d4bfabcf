//! Commands and flags. Every flag is also an environment variable `VEJVISER_<FLAG>`.

use super::calibrate::CalibrateArgs;
use super::certs::args::CertsCommand;
use super::exchange::{ExportArgs, ImportArgs};
use super::flows::FlowsCommand;
use super::lint::LintArgs;
use super::matrix::MatrixArgs;
use super::rehearse::RehearseArgs;
use super::roles::RolesCommand;
use super::test_system::TestSystemArgs;
use crate::hub::settings::RememberedChoice;
use crate::oiosaml::{Cvr, Level};
use crate::saml::paste::Input;
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
    /// Judges one message offline, by the code of the running hub.
    ///
    /// Exit code 0: accepted; 1: rejected; 2: the question cannot be understood. An option that is left out makes its
    /// checks `skip`, but without --peer-cert nothing can be trusted.
    Verify(Box<VerifyArgs>),
    /// Shows any SAML message, URL, form or base64 as readable XML, with what is signed marked.
    ///
    /// Judges nothing: what is shown may be forged.
    Decode(DecodeArgs),
    /// What each identity provider receives for each system and profile, and what becomes of each user.
    ///
    /// Nobody logs in: the hub's own rules are asked, and the habits of the IdPs' products. Exit code 0: every login that is
    /// known of works; 1: some fail.
    Matrix(Box<MatrixArgs>),
    /// A change of certificates on a fast clock: who is down, from when to when, why, and who must act.
    ///
    /// Needs no running hub and no key of anybody: parties live by their habits, and every distinct situation is logged in
    /// once with stand-in keys. Exit code 0: nobody is down; 1: somebody is; 4: our own logins contradict the computation.
    Rehearse(Box<RehearseArgs>),
    /// Compares captures of the real Context Handler 2 with our rules, offline, and proposes settings.
    ///
    /// Reads exports of SAML-tracer, HAR files and single messages. People and secrets are masked before anything is kept or
    /// printed. Exit code 0: no difference; 1: differences; 2: the question cannot be understood; 4: a capture cannot be read.
    Calibrate(Box<CalibrateArgs>),
    /// The journal of a running hub: list, show, export a case bundle; and replay one with a changed federation.
    #[command(subcommand)]
    Flows(FlowsCommand),
    /// Drives a user-facing system through good and bad logins, and reports what it makes of them.
    ///
    /// Starts a hub of its own with an invented municipality. Exit code 0: the system did right in every case, or its failures
    /// are known; 1: it did not, or the list of known failures no longer holds; 3: its metadata cannot be used; 4: the good
    /// login did not succeed, so no case counts.
    TestSystem(Box<TestSystemArgs>),
    /// How job function roles become user system roles.
    #[command(subcommand)]
    Roles(RolesCommand),
    /// Every check with its id, clause, severity and who must act: the list is stable.
    Checks(ChecksArgs),
    /// Metadata as the real hub's validation service judges it, every finding at once; offline unless told otherwise.
    ///
    /// Exit code 0: it would be accepted, whatever warnings and notes there are; 1: it would be refused; 2: the question
    /// cannot be understood; 3: metadata of others cannot be read; 4: a file cannot be read, or
    /// with --online not be fetched.
    #[command(after_help = super::lint::rules())]
    Lint(Box<LintArgs>),
    /// Test certificates: make good and broken ones, and tell any certificate's story.
    #[command(subcommand)]
    Certs(CertsCommand),
    /// A federation as objects of the real hub's provisioning interface, and beside them what that has no fields for.
    Export(ExportArgs),
    /// Makes a federation of such objects, or of a folder of metadata.
    Import(ImportArgs),
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
    /// Another federation than the sample one: persona and demo sections say who is invented. Its `[hub]` is not used.
    #[arg(long, env = "VEJVISER_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What “husk mit valg” does: as in November 2024 (ch2), or as it should (safe). Default: what the federation's
    /// settings say, and ch2 where they do not.
    #[arg(long, env = "VEJVISER_REMEMBERED_CHOICE", value_enum)]
    pub remembered_choice: Option<Remembering>,
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
    /// File that keeps what is registered and which logins are under way, made if there is none; memory: keep it in memory
    /// only [default: the configuration's name with .db, beside it].
    #[arg(long, env = "VEJVISER_STORE", value_name = "FILE")]
    pub store: Option<PathBuf>,
    /// Days that flows are kept, and 100,000 of them at most, in a file beside the store (federation-flows.db); 0: the
    /// newest 1,000 in memory only.
    #[arg(long, env = "VEJVISER_KEEP_FLOWS", value_name = "DAYS", default_value = "7", value_parser = clap::value_parser!(u16).range(..=3650))]
    pub keep_flows: u16,
    /// Speak https on the management listener too, where client certificates then count. With it that may listen beyond
    /// loopback.
    #[arg(long, env = "VEJVISER_MANAGE_TLS", value_parser = FalseyValueParser::new())]
    pub manage_tls: bool,
    #[command(flatten)]
    pub common: Common,
}

/// `check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The configuration.
    pub file: PathBuf,
    /// Judge it together with what a hub has kept: its store. The hub must not run.
    #[arg(long, env = "VEJVISER_STORE", value_name = "FILE")]
    pub store: Option<PathBuf>,
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
    /// The management listener speaks https, where its address does not say so.
    #[arg(long, env = "VEJVISER_MANAGE_TLS", value_parser = FalseyValueParser::new())]
    pub manage_tls: bool,
}

/// `verify`
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// What it must be.
    #[arg(long, env = "VEJVISER_KIND", value_enum, default_value = "response")]
    pub kind: KindArg,
    /// Rules beside SAML's own: saml has none; the others add NameID, CVR and level.
    #[arg(long, env = "VEJVISER_PROFILE", value_enum, default_value = "saml")]
    pub profile: ProfileArg,
    /// How the message is written; url: HTTP-Redirect, whose signature is over the octets as they stand.
    #[arg(long, env = "VEJVISER_INPUT", value_enum, default_value = "auto")]
    pub input: InputArg,
    /// entityID of the sender; of metadata, the party that it must be about.
    #[arg(long, env = "VEJVISER_PEER", value_name = "ENTITY")]
    pub peer: Option<String>,
    /// Certificate or public key (PEM or DER) that the sender signs with; repeatable. No other key is trusted.
    #[arg(long, env = "VEJVISER_PEER_CERT", value_name = "FILE")]
    pub peer_cert: Vec<PathBuf>,
    /// entityID of the receiver: the audience.
    #[arg(long, env = "VEJVISER_ME", value_name = "ENTITY")]
    pub me: Option<String>,
    /// AssertionConsumerService: the receiver's of a response; the sender's registered one of a request.
    #[arg(long, env = "VEJVISER_ACS", value_name = "URL")]
    pub acs: Option<String>,
    /// Where a request or a logout message was received (Destination).
    #[arg(long, env = "VEJVISER_DESTINATION", value_name = "URL")]
    pub destination: Option<String>,
    /// ID of the request that the message answers.
    #[arg(long, env = "VEJVISER_IN_RESPONSE_TO", value_name = "ID")]
    pub in_response_to: Option<String>,
    /// Judge as at this time (RFC 3339); left out, the time is now.
    #[arg(long, env = "VEJVISER_NOW", value_name = "TIME", value_parser = moment)]
    pub now: Option<OffsetDateTime>,
    /// Allowed difference of clocks.
    #[arg(long, env = "VEJVISER_SKEW", value_name = "SECONDS", default_value = "180", value_parser = clap::value_parser!(u32).range(..=86_400))]
    pub skew: u32,
    /// Private RSA key (PEM) for what is encrypted.
    #[arg(long, env = "VEJVISER_KEY", value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Level that the login must reach: 1, 2, 3, 4, Low, Substantial or High.
    #[arg(long, env = "VEJVISER_REQUIRED_LEVEL", value_name = "LEVEL", value_parser = level)]
    pub required_level: Option<Level>,
    /// Highest level that the sender is registered for; a NIST level means: none of NSIS.
    #[arg(long, env = "VEJVISER_CEILING", value_name = "LEVEL", value_parser = level)]
    pub ceiling: Option<Level>,
    /// CVR of an organisation that the sender speaks for (anvenderkontekst); repeatable. Left out, whom it speaks
    /// for is not judged.
    #[arg(long, env = "VEJVISER_CVR", value_name = "CVR", value_parser = cvr)]
    pub cvr: Vec<Cvr>,
    /// Admit SHA-1, RSA-1_5, RSA with 1024 bits and AES-CBC, which the hub refuses.
    #[arg(long, env = "VEJVISER_ALLOW_LEGACY", value_parser = FalseyValueParser::new())]
    pub allow_legacy: bool,
    /// Form of the result; left out: human on a terminal, json for a program.
    #[arg(long, env = "VEJVISER_FORMAT", value_enum)]
    pub format: Option<Format>,
    /// The message; - or nothing: standard input.
    pub file: Option<PathBuf>,
}

/// `decode`
#[derive(Debug, Args)]
pub struct DecodeArgs {
    /// How the message is written.
    #[arg(long, env = "VEJVISER_INPUT", value_enum, default_value = "auto")]
    pub input: InputArg,
    /// The message; - or nothing: standard input.
    pub file: Option<PathBuf>,
}

/// `checks`
#[derive(Debug, Args)]
pub struct ChecksArgs {
    /// What these ids mean, of whichever list: checks, causes, rules of metadata, cases of test-system, rules of the hub.
    #[arg(value_name = "ID", conflicts_with = "causes")]
    pub ids: Vec<String>,
    /// Form of the list.
    #[arg(long, env = "VEJVISER_FORMAT", value_enum, default_value = "human")]
    pub format: ListFormat,
    /// The causes that flows name instead: what happened, and who must act.
    #[arg(long, env = "VEJVISER_CAUSES")]
    pub causes: bool,
}

/// Kind of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KindArg {
    /// A Response with its assertion.
    Response,
    /// An AuthnRequest.
    Request,
    /// A LogoutRequest.
    LogoutRequest,
    /// A LogoutResponse.
    LogoutResponse,
    /// Either of them.
    Logout,
    /// Metadata, signed.
    Metadata,
}

/// Rules beside SAML's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProfileArg {
    /// None.
    Saml,
    /// OIOSAML 2.
    Oiosaml2,
    /// OIOSAML 3.
    Oiosaml3,
}

/// How a message is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InputArg {
    /// Whatever it looks like.
    Auto,
    /// XML.
    Xml,
    /// Base64, deflated or not.
    Base64,
    /// The body of a form.
    Form,
    /// An address with its query.
    Url,
}

impl From<InputArg> for Input {
    fn from(input: InputArg) -> Self {
        match input {
            InputArg::Auto => Self::Auto,
            InputArg::Xml => Self::Xml,
            InputArg::Base64 => Self::Base64,
            InputArg::Form => Self::Form,
            InputArg::Url => Self::Url,
        }
    }
}

/// Form of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people.
    Human,
    /// For scripts.
    Json,
    /// For spreadsheets.
    Csv,
}

/// Form of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Human,
    /// For scripts.
    Json,
}

pub fn address(text: &str) -> Result<SocketAddr, String> {
    let mut found = text
        .to_socket_addrs()
        .map_err(|error| format!("{error}; write ADDRESS:PORT"))?;
    found.next().ok_or_else(|| "no such address".to_owned())
}

/// A level, as every report writes it.
pub fn level(text: &str) -> Result<Level, String> {
    let levels = Level::ALL;
    let found = levels.into_iter().find(|level| level.to_string() == text);
    found.ok_or_else(|| {
        let words = levels.map(|level| level.to_string()).join(", ");
        format!("write one of {words}")
    })
}

fn cvr(text: &str) -> Result<Cvr, String> {
    Cvr::parse(text).ok_or_else(|| "write eight digits".to_owned())
}

/// A moment, such as an option gives it.
pub fn moment(text: &str) -> Result<OffsetDateTime, String> {
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
        let command = Cli::command();
        let mut commands: Vec<&clap::Command> = command.get_subcommands().collect();
        let below: Vec<_> = (commands.iter())
            .flat_map(|command| command.get_subcommands())
            .collect();
        commands.extend(below);
        for command in commands {
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
