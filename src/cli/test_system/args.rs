//! Flags of `test-system`.

use crate::cli::args::{address, level};
use crate::cli::output::{self, Output};
use crate::cli::report::LanguageArg;
use crate::config::Defect;
use crate::drill::report::book::Book;
use crate::drill::system_test::Case;
use crate::oiosaml::{Level, OiosamlVersion};
use clap::builder::FalseyValueParser;
use clap::{Args, ValueEnum};
use regex_lite::Regex;
use std::net::SocketAddr;
use std::path::PathBuf;
use url::Url;

/// `test-system`
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["demo", "login_url", "serve", "hub_metadata", "list", "schema"]).multiple(false))]
pub struct TestSystemArgs {
    /// Test the demo system that does right: to see what a report looks like.
    #[arg(long, env = "VEJVISER_DEMO", value_parser = FalseyValueParser::new())]
    pub demo: bool,
    /// Test the demo system with this defect, so that a failure can be seen; an unknown name lists them.
    #[arg(long, env = "VEJVISER_DEFECT", value_name = "NAME", value_parser = defect, requires = "demo")]
    pub defect: Option<Defect>,
    /// Address at which a login at your system begins: it sends the browser to the hub.
    #[arg(
        long,
        env = "VEJVISER_LOGIN_URL",
        value_name = "URL",
        requires = "metadata"
    )]
    pub login_url: Option<Url>,
    /// Only start the hub, for tests of your own: they program logins at /api/v1/next-login.
    #[arg(long, env = "VEJVISER_SERVE", value_parser = FalseyValueParser::new(), requires = "metadata")]
    pub serve: bool,
    /// Print the hub's metadata, which your system needs before it starts. It is the same at every start.
    #[arg(long, env = "VEJVISER_HUB_METADATA", value_parser = FalseyValueParser::new())]
    pub hub_metadata: bool,
    /// List the cases.
    #[arg(long, env = "VEJVISER_LIST", value_parser = FalseyValueParser::new())]
    pub list: bool,
    /// Print the JSON Schema of the result.
    #[arg(long, env = "VEJVISER_SCHEMA", value_parser = FalseyValueParser::new())]
    pub schema: bool,

    /// Your system's SAML metadata: a file, or an address that it is fetched from.
    #[arg(long, env = "VEJVISER_METADATA", value_name = "FILE|URL")]
    pub metadata: Option<String>,
    /// OIOSAML version that your system is registered with.
    #[arg(long, env = "VEJVISER_PROFILE", value_name = "VERSION", default_value = "OIOSAML3", value_parser = profile)]
    pub profile: OiosamlVersion,
    /// Level that your system is registered with: 1, 2, 3, 4, Low, Substantial or High [default: Substantial, and 3 with
    /// OIOSAML2].
    #[arg(long, env = "VEJVISER_LEVEL", value_name = "LEVEL", value_parser = level)]
    pub level: Option<Level>,
    /// A user system role that the users have; repeatable.
    #[arg(long, env = "VEJVISER_ROLE", value_name = "URI", value_delimiter = ',')]
    pub role: Vec<String>,

    /// Somebody is logged in where the address of the last page matches this.
    #[arg(long, env = "VEJVISER_SUCCESS_URL", value_name = "REGEX")]
    pub success_url: Option<Regex>,
    /// Somebody is logged in where the text of the last page matches this.
    #[arg(long, env = "VEJVISER_SUCCESS_TEXT", value_name = "REGEX")]
    pub success_text: Option<Regex>,
    /// A page that shows whether somebody is logged in.
    #[arg(long, env = "VEJVISER_PROBE_URL", value_name = "URL")]
    pub probe_url: Option<Url>,
    /// Address at which your system logs out.
    #[arg(long, env = "VEJVISER_LOGOUT_URL", value_name = "URL")]
    pub logout_url: Option<Url>,
    /// Address at which your system asks for a fresh login (ForceAuthn).
    #[arg(long, env = "VEJVISER_STEP_UP_URL", value_name = "URL")]
    pub step_up_url: Option<Url>,
    /// Address that has your system fetch the hub's metadata again, by POST.
    #[arg(long, env = "VEJVISER_REFRESH_URL", value_name = "URL")]
    pub refresh_url: Option<Url>,

    /// Only this case, or all whose id begins so; repeatable. The good login always runs.
    #[arg(long, env = "VEJVISER_ONLY", value_name = "ID", value_delimiter = ',', value_parser = only)]
    pub only: Vec<String>,
    /// Failures that are known, each with the date until which.
    #[arg(long, env = "VEJVISER_BASELINE", value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// What drives your system.
    #[arg(long, env = "VEJVISER_BROWSER", value_enum, default_value = "vejviser")]
    pub browser: BrowserArg,
    /// Whom https of your system is trusted by (PEM), in the place of the machine's own list; repeatable.
    #[arg(long, env = "VEJVISER_CA", value_name = "FILE", value_delimiter = ',')]
    pub ca: Vec<PathBuf>,
    /// Seconds that your system may take for a page.
    #[arg(long, env = "VEJVISER_TIMEOUT", value_name = "SECONDS", default_value = "10", value_parser = clap::value_parser!(u16).range(1..=300))]
    pub timeout: u16,
    /// Seconds to wait at the beginning until your system answers.
    #[arg(long, env = "VEJVISER_WAIT", value_name = "SECONDS", default_value = "0", value_parser = clap::value_parser!(u16).range(0..=600))]
    pub wait: u16,
    /// What the run is called, in the report and in the hub's journal.
    #[arg(long, env = "VEJVISER_RUN", value_name = "NAME", value_parser = run)]
    pub run: Option<String>,

    /// Address of the hub; port 0 takes a free one.
    #[arg(long, env = "VEJVISER_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7878", value_parser = address)]
    pub listen: SocketAddr,
    /// Address of the management listener; port 0 takes a free one.
    #[arg(long, env = "VEJVISER_MANAGE", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7879", value_parser = address)]
    pub manage: SocketAddr,
    /// Address of the hub as your system and the browser know it.
    #[arg(long, env = "VEJVISER_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Let the hub be reached from other machines. Anybody there can log in as anybody.
    #[arg(long, env = "VEJVISER_ALLOW_REMOTE", value_parser = FalseyValueParser::new())]
    pub allow_remote: bool,
    /// Print one line of JSON to stderr once the hub is ready, before the system is tested (with --serve: to stdout).
    #[arg(long, env = "VEJVISER_READY_JSON", value_parser = FalseyValueParser::new())]
    pub ready_json: bool,
    /// Write that line to a file, readable by you only.
    #[arg(long, env = "VEJVISER_READY_FILE", value_name = "FILE")]
    pub ready_file: Option<PathBuf>,

    /// Where the book stands, a folder with da and en: each case of the HTML, and each rule of SARIF, leads there.
    #[arg(long, env = "VEJVISER_BOOK", value_name = "URL", value_parser = Book::at)]
    pub book: Option<Book>,
    /// Language of the text; JSON and HTML have both.
    #[arg(long, env = "VEJVISER_LANGUAGE", value_enum, default_value = "da")]
    pub language: LanguageArg,
    /// Form of the result.
    #[arg(long, env = "VEJVISER_FORMAT", value_enum, default_value = "human")]
    pub format: Form,
    /// Write the result into a file too, in this form; repeatable.
    #[arg(long, env = "VEJVISER_OUTPUT", value_name = "FORMAT=FILE", value_delimiter = ',', value_parser = output::parse::<Form>)]
    pub output: Vec<Output<Form>>,
}

/// What drives the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BrowserArg {
    /// The headless browser inside this program; runs no scripts.
    Vejviser,
    /// A real Chromium, by chromedriver, for systems that need scripts; cases that must hold an answer are skipped.
    Chromium,
}

/// Form of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For people at a terminal.
    Human,
    /// For scripts.
    Json,
    /// For CI servers.
    Junit,
    /// For code hosts: findings in the metadata file.
    Sarif,
    /// A test report to read, to print and to file.
    Html,
}

fn profile(text: &str) -> Result<OiosamlVersion, String> {
    let mut known = [OiosamlVersion::V2, OiosamlVersion::V3].into_iter();
    let found = known.find(|version| version.as_str().eq_ignore_ascii_case(text));
    found.ok_or_else(|| "OIOSAML2 or OIOSAML3".to_owned())
}

fn defect(name: &str) -> Result<Defect, String> {
    Defect::named(name).ok_or_else(|| {
        let all: Vec<&str> = Defect::ALL.iter().map(|defect| defect.about().id).collect();
        format!(
            "no defect is called that; there are:\n  {}",
            all.join("\n  ")
        )
    })
}

/// An id, or the beginning of some.
fn only(text: &str) -> Result<String, String> {
    let text = text.to_ascii_uppercase();
    match Case::ALL
        .iter()
        .any(|case| case.info().id.starts_with(&text))
    {
        true => Ok(text),
        false => Err("no case is called that; --list names them".to_owned()),
    }
}

fn run(text: &str) -> Result<String, String> {
    match crate::edge::next_login::is_run(text) && text.len() <= 40 {
        true => Ok(text.to_owned()),
        false => Err("letters, digits, . - _, at most 40".to_owned()),
    }
}
