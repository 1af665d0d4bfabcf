//! `vejviser verify`: one message judged offline, by the code of the running hub ([`crate::hub::offline`]).
//!
//! What the hub itself never admits is admitted here, by `--allow-legacy`, and nowhere else.

mod render;

use super::args::{Format, KindArg, ProfileArg, VerifyArgs};
use super::{Failure, given, talk};
use crate::dsig::{DecryptPolicy, DecryptionKey, KeyError, Policy, PublicKey};
use crate::edge::world::Clock;
use crate::hub::offline::{self, Kind, Profile, Question, Verdict};
use crate::oiosaml::OiosamlVersion;
use crate::saml::paste::{self, Input};
use std::io::IsTerminal as _;
use std::path::Path;
use time::Duration;

/// Runs it: exit code 0 accepts, 1 rejects.
pub fn run(args: &VerifyArgs) -> Result<(), Failure> {
    let keys = peer_keys(args)?;
    let decryption_keys = decryption_keys(args)?;
    let bytes = given::bytes(args.file.as_deref())?;
    let profile = profile(args.profile);
    let (signatures, encryption) = algorithms(profile, args.allow_legacy);
    let question = Question {
        kind: kind(args.kind),
        profile,
        peer: args.peer.as_deref(),
        keys: &keys,
        me: args.me.as_deref(),
        acs: args.acs.as_deref(),
        destination: args.destination.as_deref(),
        in_response_to: args.in_response_to.as_deref(),
        now: Some(args.now.unwrap_or_else(|| Clock::default().now())),
        skew: Duration::seconds(args.skew.into()),
        decryption_keys: &decryption_keys,
        required: args.required_level,
        ceiling: args.ceiling,
        contexts: (!args.cvr.is_empty()).then_some(&args.cvr),
        signatures,
        encryption,
    };
    let verdict = judge(&bytes, args.input.into(), &question);
    let terminal = std::io::stdout().is_terminal();
    let format = args.format.unwrap_or(match terminal {
        true => Format::Human,
        false => Format::Json,
    });
    talk::result(&match format {
        Format::Human => render::human(&verdict),
        Format::Json => {
            render::json(&verdict).map_err(|error| Failure::CouldNotRun(error.to_string()))?
        }
    });
    match verdict.accepted {
        true => Ok(()),
        false => Err(Failure::Findings(String::new())),
    }
}

/// The verdict on what is in a file.
pub fn judge(bytes: &[u8], input: Input, question: &Question<'_>) -> Verdict {
    offline::verdict(paste::read(bytes, input), question)
}

/// What a sender may use: what the hub admits of it, or also what nobody should use any more.
pub fn algorithms(profile: Profile, legacy: bool) -> (Policy, DecryptPolicy) {
    match (legacy, profile) {
        (true, _) => (
            Policy::LegacyForOfflineVerdicts,
            DecryptPolicy::LegacyForOfflineVerdicts,
        ),
        (false, Profile::Oiosaml(OiosamlVersion::V2)) => (Policy::Modern, DecryptPolicy::CbcToo),
        (false, _) => (Policy::Modern, DecryptPolicy::GcmOnly),
    }
}

/// A key that cannot be read is a mistake of whoever asks; one that can be read and is not allowed is left
/// out, as the hub leaves it out.
fn peer_keys(args: &VerifyArgs) -> Result<Vec<PublicKey>, Failure> {
    let (policy, _) = algorithms(profile(args.profile), args.allow_legacy);
    let mut keys = Vec::new();
    for path in &args.peer_cert {
        let bytes = given::of_option("--peer-cert", path)?;
        match PublicKey::parse(&bytes, policy) {
            Ok(key) => keys.push(key),
            Err(error @ (KeyError::TooSmall(_) | KeyError::Unsupported(_))) => {
                talk::say(&format!(
                    "--peer-cert {}: {error}; nøglen bruges ikke / the key is not used",
                    path.display()
                ));
            }
            Err(error) => {
                return Err(unusable(
                    "--peer-cert",
                    path,
                    &error,
                    "a certificate or public key in PEM or DER",
                ));
            }
        }
    }
    Ok(keys)
}

fn decryption_keys(args: &VerifyArgs) -> Result<Vec<DecryptionKey>, Failure> {
    let Some(path) = args.key.as_deref() else {
        return Ok(Vec::new());
    };
    let (policy, _) = algorithms(profile(args.profile), args.allow_legacy);
    let key = DecryptionKey::parse_under(&given::of_option("--key", path)?, policy);
    let wanted = "an RSA private key in PEM, without a passphrase";
    Ok(vec![key.map_err(|error| {
        unusable("--key", path, &error, wanted)
    })?])
}

fn unusable(option: &str, path: &Path, error: &KeyError, wanted: &str) -> Failure {
    Failure::Usage(format!(
        "error: {option} {}: {error}\n\ngive {wanted}",
        path.display()
    ))
}

fn kind(kind: KindArg) -> Kind {
    match kind {
        KindArg::Response => Kind::Response,
        KindArg::Request => Kind::Request,
        KindArg::LogoutRequest => Kind::LogoutRequest,
        KindArg::LogoutResponse => Kind::LogoutResponse,
        KindArg::Logout => Kind::Logout,
        KindArg::Metadata => Kind::Metadata,
    }
}

fn profile(profile: ProfileArg) -> Profile {
    match profile {
        ProfileArg::Saml => Profile::Saml,
        ProfileArg::Oiosaml2 => Profile::Oiosaml(OiosamlVersion::V2),
        ProfileArg::Oiosaml3 => Profile::Oiosaml(OiosamlVersion::V3),
    }
}
