//! The flags of `certs new` and `certs show`.

use crate::cli::Failure;
use crate::cli::args::{Format, moment};
use crate::mint::{Fault, KeyKind};
use crate::oiosaml::Cvr;
use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use time::macros::format_description;
use time::{Date, OffsetDateTime};
use url::Url;

/// What to do with certificates.
#[derive(Debug, Subcommand)]
pub enum CertsCommand {
    /// Makes a test certificate in the shape of OCES3, and broken ones beside it.
    ///
    /// Without any option: one good certificate of an invented organisation, with its private key, in the
    /// folder test-certs. Nobody in the real federation trusts them: the CA is made on the spot, and its key
    /// is forgotten.
    #[command(after_help = faults())]
    New(Box<NewArgs>),
    /// Tells the story of certificates, and what is wrong with them.
    ///
    /// Exit code 0: nothing wrong; 1: an error or a warning of the list below; remarks are no reason. 2: a file,
    /// of --key too, is not there; 4: it is there and cannot be opened. What else was given is told all the same.
    /// No chain and no revocation list is checked, and nothing is fetched.
    #[command(after_help = super::show::kinds())]
    Show(ShowArgs),
}

/// `certs new`
#[derive(Debug, Args)]
pub struct NewArgs {
    /// Name of the organisation (O) [default: Opfundet Organisation].
    #[arg(long, env = "VEJVISER_ORGANISATION", value_name = "NAME")]
    pub organisation: Option<String>,
    /// CVR number of the organisation, eight digits [default: 99999999, which nobody can have].
    #[arg(long, env = "VEJVISER_CVR", value_name = "CVR", value_parser = cvr)]
    pub cvr: Option<Cvr>,
    /// Name of the system (CN) [default: VEJVISER_TEST_ and the organisation].
    #[arg(long, env = "VEJVISER_COMMON_NAME", value_name = "NAME")]
    pub common_name: Option<String>,
    /// Name it as the real hub names its own, ADG_<ENVIRONMENT>_Adgangsstyring_<NUMBER>: PROD, EXTTEST.
    #[arg(
        long,
        env = "VEJVISER_ENVIRONMENT",
        value_name = "ENVIRONMENT",
        conflicts_with = "common_name"
    )]
    pub environment: Option<String>,
    /// Number in that name; the real hub counts on at each change.
    #[arg(
        long,
        env = "VEJVISER_NUMBER",
        value_name = "N",
        default_value = "1",
        requires = "environment"
    )]
    pub number: u32,
    /// Put new_ before the file names, as the real hub does with what it will change to; with --environment.
    #[arg(long, env = "VEJVISER_UPCOMING", value_parser = FalseyValueParser::new())]
    pub upcoming: bool,
    /// Make a broken one beside the good one; repeatable; all: one of each.
    #[arg(long, env = "VEJVISER_FAULT", value_name = "FAULT", value_parser = fault, value_delimiter = ',')]
    pub fault: Vec<FaultArg>,
    /// Private key (PEM) of another certificate, to make one on it (the fault reused) [default: the good one's].
    #[arg(long, env = "VEJVISER_REUSE", value_name = "KEY")]
    pub reuse: Option<PathBuf>,
    /// First day, or moment, of validity; faults of time count from here [default: today, 00:00 UTC].
    #[arg(long, env = "VEJVISER_VALID_FROM", value_name = "TIME", value_parser = day_or_moment)]
    pub valid_from: Option<OffsetDateTime>,
    /// Days of validity.
    #[arg(
        long,
        env = "VEJVISER_DAYS",
        value_name = "N",
        conflicts_with = "years"
    )]
    pub days: Option<u32>,
    /// Years of validity, of 365 days each, as OCES3 counts them [default: 3].
    #[arg(long, env = "VEJVISER_YEARS", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub years: Option<u32>,
    /// Kind of key.
    #[arg(
        long,
        env = "VEJVISER_KEY_TYPE",
        value_enum,
        default_value = "rsa-3072"
    )]
    pub key_type: KeyType,
    /// Issue by this CA instead of one made on the spot (certificate, PEM or DER).
    #[arg(long, env = "VEJVISER_CA", value_name = "CERT", requires = "ca_key")]
    pub ca: Option<PathBuf>,
    /// Its private key (PEM, without password).
    #[arg(long, env = "VEJVISER_CA_KEY", value_name = "KEY", requires = "ca")]
    pub ca_key: Option<PathBuf>,
    /// Keep the key of the CA that is made, to issue more with --ca and --ca-key; not beside them.
    #[arg(long, env = "VEJVISER_KEEP_CA", value_parser = FalseyValueParser::new())]
    pub keep_ca: bool,
    /// Where a hub answers for the CA that issues ([hub] test_ca), such as http://hub.localhost:7878/ca: the certificate
    /// then names its list and its OCSP responder; without it, addresses where nobody answers.
    #[arg(long, env = "VEJVISER_REVOCATION_URL", value_name = "URL", value_parser = base_address)]
    pub revocation_url: Option<String>,
    /// Write certificate, key and CA as PKCS #12 (.p12) too, under this password.
    #[arg(long, env = "VEJVISER_PKCS12", value_name = "PASSWORD")]
    pub pkcs12: Option<String>,
    /// Folder for the files.
    #[arg(
        long,
        env = "VEJVISER_OUT",
        value_name = "DIR",
        default_value = "test-certs"
    )]
    pub out: PathBuf,
    /// What the files are called: NAME.pem, NAME.key.pem, NAME.cer, NAME.ca.pem [default: the CN].
    #[arg(long, env = "VEJVISER_NAME", value_name = "NAME", value_parser = file_name)]
    pub name: Option<String>,
    /// Overwrite files that are there.
    #[arg(long, env = "VEJVISER_FORCE", value_parser = FalseyValueParser::new())]
    pub force: bool,
    /// Form of the list of files.
    #[arg(long, env = "VEJVISER_FORMAT", value_enum, default_value = "human")]
    pub format: Format,
}

/// `certs show`
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Certificates (PEM with one or several, DER, or the base64 of metadata), or SAML metadata; -: standard
    /// input.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Private key (PEM) that must belong to one of them; repeatable.
    #[arg(long, env = "VEJVISER_KEY", value_name = "FILE")]
    pub key: Vec<PathBuf>,
    /// Judge dates as at this time (RFC 3339).
    #[arg(long, env = "VEJVISER_NOW", value_name = "TIME", value_parser = moment)]
    pub now: Option<OffsetDateTime>,
    /// Form of the result.
    #[arg(long, env = "VEJVISER_FORMAT", value_enum, default_value = "human")]
    pub format: Format,
}

impl NewArgs {
    /// What goes together. Of switches, clap asks only whether the variable is there, and would take
    /// VEJVISER_KEEP_CA=0 for the opposite of what it says.
    pub fn check(&self) -> Result<(), Failure> {
        let wrong = if self.upcoming && self.environment.is_none() {
            "--upcoming names a certificate of the real hub, and needs --environment"
        } else if self.keep_ca && self.ca.is_some() {
            "--keep-ca keeps the key of a CA that is made; --ca is one that is there"
        } else {
            return Ok(());
        };
        Err(Failure::Usage(format!("error: {wrong}")))
    }
}

/// A fault by its name, or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultArg {
    /// One of each.
    All,
    /// This one.
    One(Fault),
}

/// Kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeyType {
    /// RSA, 2048 bits: the least that the federation accepts.
    #[value(name = "rsa-2048")]
    Rsa2048,
    /// RSA, 3072 bits, as OCES3.
    #[value(name = "rsa-3072")]
    Rsa3072,
    /// RSA, 4096 bits.
    #[value(name = "rsa-4096")]
    Rsa4096,
    /// ECDSA on P-256: signs, and nothing can be encrypted for it.
    #[value(name = "p-256")]
    P256,
}

impl From<KeyType> for KeyKind {
    fn from(kind: KeyType) -> Self {
        match kind {
            KeyType::Rsa2048 => Self::Rsa(2048),
            KeyType::Rsa3072 => Self::Rsa(3072),
            KeyType::Rsa4096 => Self::Rsa(4096),
            KeyType::P256 => Self::P256,
        }
    }
}

/// The list of faults, below the help.
fn faults() -> String {
    let mut text = "Faults, and what a strict party does:\n".to_owned();
    for fault in Fault::ALL {
        let about = fault.about();
        text.push_str(&format!(
            "  {:<14} {}; {}\n",
            about.name, about.what.1, about.strict.1
        ));
    }
    text
}

fn cvr(text: &str) -> Result<Cvr, String> {
    Cvr::parse(text).ok_or_else(|| "write eight digits".to_owned())
}

fn fault(text: &str) -> Result<FaultArg, String> {
    if text == "all" {
        return Ok(FaultArg::All);
    }
    Fault::by_name(text).map(FaultArg::One).ok_or_else(|| {
        let names: Vec<&str> = Fault::ALL.iter().map(|fault| fault.about().name).collect();
        format!("write all, or one of {}", names.join(", "))
    })
}

fn day_or_moment(text: &str) -> Result<OffsetDateTime, String> {
    match Date::parse(text, format_description!("[year]-[month]-[day]")) {
        Ok(day) => Ok(day.midnight().assume_utc()),
        Err(_) => moment(text)
            .map_err(|_| "write a day (2026-03-01) or RFC 3339 (2026-03-01T06:00:00Z)".to_owned()),
    }
}

/// An address that others can be put below.
fn base_address(text: &str) -> Result<String, String> {
    let refused = || {
        Err(
            "write an address of http or https without query, such as http://hub.localhost:7878/ca"
                .to_owned(),
        )
    };
    let Ok(url) = Url::parse(text) else {
        return refused();
    };
    let plain = url.query().is_none() && url.fragment().is_none();
    let nobody = url.username().is_empty() && url.password().is_none();
    match matches!(url.scheme(), "http" | "https") && plain && nobody {
        // As URL has it: ASCII only, which is what stands in a certificate.
        true => Ok(url.as_str().trim_end_matches('/').to_owned()),
        false => refused(),
    }
}

/// What no file system and no shell takes for anything but a name.
fn file_name(text: &str) -> Result<String, String> {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let starts = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    match starts && text.chars().all(safe) && text.len() <= 80 {
        true => Ok(text.to_owned()),
        false => Err(
            "write at most 80 letters a to z, digits, hyphens, underscores and dots; the first one a letter or digit"
                .to_owned(),
        ),
    }
}
