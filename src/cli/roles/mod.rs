//! `vejviser roles`: how job function roles become user system roles, by the code of the running hub
//! ([`crate::hub::roles`]).

mod args;
mod message;
mod render;

pub use args::RolesCommand;

use super::args::ListFormat;
use super::{Failure, federation, given, registered, talk};
use crate::dsig::{DecryptionKey, KeyError};
use crate::edge::world::Clock;
use crate::hub::keys::{Generation, HubKeys};
use crate::hub::roles::{Incoming, Told, grant};
use crate::hub::{Federation, IdentityProvider, Report, UserFacingSystem};
use crate::saml::paste;
use args::ExplainArgs;
use message::Found;
use render::Of;
use std::io::IsTerminal as _;
use url::Url;

/// Runs it.
pub fn run(command: &RolesCommand) -> Result<(), Failure> {
    match command {
        RolesCommand::Explain(args) => explain(args),
        RolesCommand::Rules(args) => {
            talk::result(&match args.format {
                ListFormat::Human => render::rules_human(),
                ListFormat::Json => render::rules_json(),
                ListFormat::Csv => render::rules_csv(),
            });
            Ok(())
        }
    }
}

fn explain(args: &ExplainArgs) -> Result<(), Failure> {
    let now = args.now.unwrap_or_else(|| Clock::default().now());
    let given = federation::read(args.config.as_deref(), now)?;
    let keys = keys(args, given.loaded.keys.as_ref(), given.sample)?;
    let content = registered::content(&given, now)?;
    let federation = content.federation();
    let system = system(&federation, &args.system)?;
    let bytes = given::bytes(args.message.as_deref())?;
    let pasted = paste::read(&bytes, args.input.into());
    let pasted = pasted.map_err(|error| unreadable(&error.to_string()))?;
    let found = message::find(&pasted, &keys).map_err(|error| unreadable(&error))?;
    let (idp, assertion) = match found {
        Found::Assertion(assertion) => {
            let idp = match &args.idp {
                Some(name) => idp(&federation, name)?,
                None => issuer(&federation, &assertion.issuer, given.sample)?,
            };
            (idp, *assertion)
        }
        Found::List(list) => {
            let Some(name) = args.idp.as_deref() else {
                return Err(Failure::Usage("error: --idp: en liste alene siger ikke, hvem den er fra / a list alone does not say whom it is from".to_owned()));
            };
            let idp = idp(&federation, name)?;
            (idp, message::around(list, idp))
        }
    };
    let settings = &given.loaded.settings;
    let mut report = Report::default();
    let granted = grant(
        &assertion,
        idp,
        Some(system),
        &federation,
        settings,
        &mut report,
    );
    let of = Of {
        idp: idp.id.clone(),
        system: system.id.clone(),
    };
    let told = Told::from(granted.story);
    let terminal = std::io::stdout().is_terminal();
    let format = args.format.unwrap_or(match terminal {
        true => ListFormat::Human,
        false => ListFormat::Json,
    });
    talk::result(&match format {
        ListFormat::Human => render::human(&of, &told),
        ListFormat::Json => render::in_json(&of, &told),
        ListFormat::Csv => render::in_csv(&told),
    });
    let silent = matches!(told.incoming, Incoming::None) && system.role_mappings.is_empty();
    match told.issued > 0 || silent {
        true => Ok(()),
        false => Err(Failure::Findings(String::new())),
    }
}

/// The keys that may open the message: the given one, or the hub's own, of every generation.
fn keys(
    args: &ExplainArgs,
    own: Option<&HubKeys>,
    sample: bool,
) -> Result<Vec<DecryptionKey>, Failure> {
    if let Some(path) = &args.key {
        let bytes = given::of_option("--key", path)?;
        let key = DecryptionKey::parse(&bytes).map_err(|error: KeyError| {
            Failure::Usage(format!("error: --key {}: {error}", path.display()))
        })?;
        return Ok(vec![key]);
    }
    let demo = match sample {
        true => Some(super::demo::hub_keys().map_err(Failure::CouldNotRun)?),
        false => None,
    };
    let ring = own.or(demo.as_ref()).map(|keys| &keys.sp.encryption);
    let all = [Generation::Active, Generation::Next, Generation::Previous];
    let pairs = all
        .into_iter()
        .filter_map(|generation| ring?.own(generation));
    Ok(pairs.map(|pair| pair.decryption.clone()).collect())
}

fn system<'f>(federation: &'f Federation, name: &str) -> Result<&'f UserFacingSystem, Failure> {
    let mut all = federation.systems.iter();
    let found = all.find(|system| system.name == name || system.id == name);
    found.ok_or_else(|| {
        let known = federation.systems.iter().map(|system| system.name.as_str());
        unknown("--system", name, known)
    })
}

fn idp<'f>(federation: &'f Federation, name: &str) -> Result<&'f IdentityProvider, Failure> {
    let mut all = federation.identity_providers.iter();
    let found = all.find(|idp| idp.name == name || idp.id == name);
    found.ok_or_else(|| {
        let known = federation
            .identity_providers
            .iter()
            .map(|idp| idp.name.as_str());
        unknown("--idp", name, known)
    })
}

/// The identity provider that a message is from. Where the demo listened is not known here, so of its own only the host
/// counts.
fn issuer<'f>(
    federation: &'f Federation,
    issuer: &str,
    sample: bool,
) -> Result<&'f IdentityProvider, Failure> {
    let address = Url::parse(issuer).ok().filter(|_| sample);
    let host = address.as_ref().and_then(Url::host_str);
    let name = host.and_then(|host| host.strip_suffix(".localhost"));
    idp(federation, name.unwrap_or(issuer))
}

fn unknown<'n>(option: &str, name: &str, known: impl Iterator<Item = &'n str>) -> Failure {
    let known = known.collect::<Vec<_>>().join(", ");
    Failure::Usage(format!(
        "error: {option} {}: findes ikke i føderationen / is not in the federation\n\n{known}",
        talk::plain(name)
    ))
}

fn unreadable(error: &str) -> Failure {
    Failure::Usage(format!(
        "error: {}\n\ngiv en Response, en Assertion eller en PrivilegeList / give a Response, an Assertion or a PrivilegeList",
        talk::plain(error)
    ))
}
