//! The flags of `vejviser calibrate`.

use crate::cli::args::{Format, level};
use crate::cli::output::{self, Output};
use crate::oiosaml::{Level, RequestProfile};
use clap::Args;
use std::path::PathBuf;

/// `calibrate`
#[derive(Debug, Args)]
pub struct CalibrateArgs {
    /// Captures: an export of SAML-tracer, a HAR file, or one message as XML, base64, form or address; - is standard
    /// input. Several of them are told together.
    #[arg(required = true)]
    pub captures: Vec<PathBuf>,
    /// The federation: registrations of the systems and identity providers by their entityIDs, and the settings to
    /// compare with. Left out, every registration that fits is tried, with the settings' defaults.
    #[arg(long, env = "VEJVISER_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The identity provider's request profile, such as OIOSAML3_ADFS_MULTIPLEAUTHN.
    #[arg(long, env = "VEJVISER_PROFILE", value_name = "PROFILE", value_parser = profile)]
    pub profile: Option<RequestProfile>,
    /// Level that the system is registered with: 1, 2, 3, 4, Low, Substantial or High.
    #[arg(long, env = "VEJVISER_REQUIRED_LEVEL", value_name = "LEVEL", value_parser = level)]
    pub required_level: Option<Level>,
    /// Whether the identity provider is registered to support scope; left out, whether the request has Scoping.
    #[arg(long, env = "VEJVISER_SUPPORTS_SCOPE", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub supports_scope: Option<bool>,
    /// Private RSA key (PEM) for assertions that are encrypted, such as a test system's; repeatable. Nothing of it is
    /// kept.
    #[arg(long, env = "VEJVISER_KEY", value_name = "FILE")]
    pub key: Vec<PathBuf>,
    /// Form of the result; left out: human on a terminal, json for a program.
    #[arg(long, env = "VEJVISER_FORMAT", value_enum)]
    pub format: Option<Format>,
    /// Write the result into a file too, in this form; repeatable.
    #[arg(long, env = "VEJVISER_OUTPUT", value_name = "FORMAT=FILE", value_parser = output::parse::<Format>)]
    pub output: Vec<Output<Format>>,
}

fn profile(text: &str) -> Result<RequestProfile, String> {
    let found = RequestProfile::ALL
        .into_iter()
        .find(|profile| profile.as_str() == text);
    found.ok_or_else(|| {
        let words = RequestProfile::ALL.map(RequestProfile::as_str).join(", ");
        format!("write one of {words}")
    })
}
