//! The flags of `vejviser flows`.

use crate::cli::args::Format;
use crate::cli::report::LanguageArg;
use crate::edge::case;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// `flows`
#[derive(Debug, Subcommand)]
pub enum FlowsCommand {
    /// The flows of a running hub, newest first.
    List(Box<ListArgs>),
    /// One flow: the text for a servicedesk, or everything as JSON.
    Show(ShowArgs),
    /// The case bundle of a flow: the same bytes as the page's.
    Export(ExportArgs),
    /// Plays a case bundle again, offline, with a federation that was changed, and tells what would differ.
    ///
    /// Exit code 0: nothing differs; 1: something does; 2: the question cannot be understood; 3: the bundle or the
    /// configuration is invalid.
    Replay(ReplayArgs),
}

/// Which hub.
#[derive(Debug, Args)]
pub struct HubArgs {
    /// The management listener.
    #[arg(
        long,
        env = "VEJVISER_MANAGE",
        value_name = "URL",
        default_value = "http://127.0.0.1:7879"
    )]
    pub manage: String,
    /// File with the token of the ready line; a demo needs none.
    #[arg(long, env = "VEJVISER_TOKEN_FILE", value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Trust these certificates (PEM) for https, repeatable; left out, those that the system trusts.
    #[arg(long, env = "VEJVISER_CA", value_name = "FILE")]
    pub ca: Vec<PathBuf>,
}

/// `flows list`
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    pub hub: HubArgs,
    /// Only flows that stand so: pending, logged-in, refused, abandoned, logged-out or partial-logout.
    #[arg(long, env = "VEJVISER_OUTCOME", value_name = "OUTCOME")]
    pub outcome: Option<String>,
    /// Only those of this system: its short name or entityID.
    #[arg(long, env = "VEJVISER_SYSTEM", value_name = "NAME|ENTITY")]
    pub system: Option<String>,
    /// Only those at this identity provider: its short name or entityID.
    #[arg(long, env = "VEJVISER_IDP", value_name = "NAME|ENTITY")]
    pub idp: Option<String>,
    /// Only those of users of this organisation.
    #[arg(long, env = "VEJVISER_ORGANISATION", value_name = "CVR")]
    pub organisation: Option<String>,
    /// Only those asked in this request profile.
    #[arg(long, env = "VEJVISER_PROFILE", value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Only those in which this one must act, such as identity-provider.
    #[arg(long, env = "VEJVISER_ACTOR", value_name = "ACTOR")]
    pub actor: Option<String>,
    /// Only those whose id begins so.
    #[arg(long, env = "VEJVISER_ID", value_name = "ID")]
    pub id: Option<String>,
    /// Only those that began before the flow of this number: what the last list told.
    #[arg(long, env = "VEJVISER_BEFORE", value_name = "NUMBER")]
    pub before: Option<u64>,
    /// How many at most; 100, unless it is said, and never more than 1000.
    #[arg(long, env = "VEJVISER_LIMIT", value_name = "NUMBER")]
    pub limit: Option<u64>,
    /// Form of the result.
    #[arg(long, env = "VEJVISER_FORMAT", value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// `flows show`
#[derive(Debug, Args)]
pub struct ShowArgs {
    #[command(flatten)]
    pub hub: HubArgs,
    /// Language of the text.
    #[arg(long, env = "VEJVISER_LANGUAGE", value_enum, default_value = "da")]
    pub language: LanguageArg,
    /// Form of the result. JSON has everything, with personal data.
    #[arg(long, env = "VEJVISER_FORMAT", value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// The flow.
    pub id: String,
}

/// `flows export`
#[derive(Debug, Args)]
pub struct ExportArgs {
    #[command(flatten)]
    pub hub: HubArgs,
    /// What becomes of people's data.
    #[arg(long, env = "VEJVISER_FORM", value_enum, default_value_t = FormArg::Masked)]
    pub form: FormArg,
    /// File; what was there is replaced. -: standard output [default: sagspakke-ID-FORM.zip].
    #[arg(long, env = "VEJVISER_OUTPUT", value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The flow.
    pub id: String,
}

/// `flows replay`
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// The federation to play it with. Left out: the sample federation of the demo.
    #[arg(long, env = "VEJVISER_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Form of the result.
    #[arg(long, env = "VEJVISER_FORMAT", value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// The case bundle, or the flow.json of one.
    pub bundle: PathBuf,
}

/// What becomes of people's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormArg {
    /// Replaced by counted names.
    Masked,
    /// Replaced by salted hashes.
    Hashed,
    /// As it was.
    Plain,
}

impl From<FormArg> for case::Form {
    fn from(form: FormArg) -> Self {
        match form {
            FormArg::Masked => Self::Masked,
            FormArg::Hashed => Self::Hashed,
            FormArg::Plain => Self::Plain,
        }
    }
}
