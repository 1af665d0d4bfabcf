//! `vejviser certs new`: a good test certificate, and broken ones beside it.

mod files;
mod inputs;
mod names;

use super::args::{FaultArg, NewArgs};
use crate::cli::args::Format;
use crate::cli::{Failure, talk};
use crate::edge::world::{Clock, SystemEntropy};
use crate::mint::{self, Authority, DAYS_A_YEAR, Fault, Made, MintError, Recipe};
use files::{File, Kind};
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::stack::Stack;
use openssl::x509::X509;
use time::Time;

const NOT_TRUSTED: &str = "Testcertifikater fra en opfunden CA: ingen i den rigtige føderation stoler på dem.\n\
    Test certificates of an invented CA: nobody in the real federation trusts them.";

/// Runs it.
pub fn run(args: &NewArgs) -> Result<(), Failure> {
    args.check()?;
    let (faults, recipe) = (faults(args), recipe(args));
    let chance = &mut SystemEntropy;
    let reuse = args.reuse.as_deref().map(inputs::private_key).transpose()?;
    let given = match (&args.ca, &args.ca_key) {
        (Some(certificate), Some(key)) => Some(inputs::authority(certificate, key)?),
        _ => None,
    };
    let base = names::base(args, &recipe.common_name);
    // Whether there is room is asked before keys are made, and again by the system when a file is created.
    files::room(args, &planned(args, &base, &faults))?;
    let authority = match given {
        Some(authority) => authority,
        None => Authority::new(recipe.not_before, recipe.days, chance).map_err(could_not)?,
    };
    let good = mint::make(&recipe, &authority, chance).map_err(unsuitable)?;
    let mut made = vec![(None, good)];
    for fault in &faults {
        let reuse = match (&reuse, *fault) {
            (_, fault) if fault != Fault::Reused => None,
            (Some(key), _) => Some(key.clone()),
            (None, _) => Some(key_of(&made[0].1)?),
        };
        let recipe = Recipe {
            fault: Some(*fault),
            reuse,
            ..recipe.clone()
        };
        made.push((
            Some(*fault),
            mint::make(&recipe, &authority, chance).map_err(unsuitable)?,
        ));
    }
    let mut files = Vec::new();
    for (fault, made) in &made {
        of_one(&mut files, args, &names::of(&base, *fault), *fault, made)?;
    }
    if args.ca.is_none() {
        let pem = authority.certificate_pem().to_owned().into_bytes();
        files.push(File::new(&base, Kind::Authority, None, pem));
    }
    if args.keep_ca {
        let pem = authority.key_pem().map_err(could_not)?.into_bytes();
        files.push(File::new(&base, Kind::AuthorityKey, None, pem));
    }
    files::write(args, &files)?;
    talk::result(&match args.format {
        Format::Human => files::human(args, &files),
        Format::Json => files::json(args, &files),
    });
    if args.ca.is_none() {
        talk::say(NOT_TRUSTED);
    }
    let first = args.out.join(Kind::Certificate.file(&base));
    talk::say(&format!(
        "Se mere / see more: vejviser certs show {}",
        first.display()
    ));
    Ok(())
}

/// In the order of the list, each once.
fn faults(args: &NewArgs) -> Vec<Fault> {
    let all = args.fault.contains(&FaultArg::All);
    let asked = |fault: &Fault| {
        all || args.fault.contains(&FaultArg::One(*fault))
            || (*fault == Fault::Reused && args.reuse.is_some())
    };
    Fault::ALL.iter().copied().filter(asked).collect()
}

fn recipe(args: &NewArgs) -> Recipe {
    let organisation = args.organisation.clone();
    let organisation = organisation.unwrap_or_else(|| "Opfundet Organisation".to_owned());
    let common_name = args.common_name.clone().unwrap_or_else(|| {
        let environment = args.environment.as_ref();
        environment.map_or_else(
            || names::common_name(&organisation),
            |environment| mint::hub_name(environment, args.number),
        )
    });
    let today = Clock::default().now().replace_time(Time::MIDNIGHT);
    let years = args.years.unwrap_or(3);
    Recipe {
        organisation,
        cvr: args.cvr.clone().unwrap_or_else(names::nobodys_cvr),
        common_name,
        uuid: None,
        not_before: args.valid_from.unwrap_or(today),
        days: args.days.unwrap_or(years * DAYS_A_YEAR),
        key: args.key_type.into(),
        fault: None,
        reuse: None,
    }
}

/// The files that will be there.
fn planned(args: &NewArgs, base: &str, faults: &[Fault]) -> Vec<String> {
    let mut planned = Vec::new();
    for fault in std::iter::once(None).chain(faults.iter().copied().map(Some)) {
        let name = names::of(base, fault);
        let mut kinds = vec![Kind::Certificate, Kind::Key, Kind::Der];
        kinds.extend((args.pkcs12.is_some() && is_pair(fault)).then_some(Kind::Pkcs12));
        kinds.extend((fault == Some(Fault::OtherCa)).then_some(Kind::Authority));
        planned.extend(kinds.into_iter().map(|kind| kind.file(&name)));
    }
    planned.extend(args.ca.is_none().then(|| Kind::Authority.file(base)));
    planned.extend(args.keep_ca.then(|| Kind::AuthorityKey.file(base)));
    planned
}

/// The files of one certificate.
fn of_one(
    files: &mut Vec<File>,
    args: &NewArgs,
    name: &str,
    fault: Option<Fault>,
    made: &Made,
) -> Result<(), Failure> {
    let mut add = |kind, bytes| files.push(File::new(name, kind, fault, bytes));
    add(Kind::Certificate, made.certificate_pem.clone().into_bytes());
    add(Kind::Key, made.key_pem.clone().into_bytes());
    add(Kind::Der, made.certificate.der());
    if let Some(password) = args.pkcs12.as_ref().filter(|_| is_pair(fault)) {
        add(Kind::Pkcs12, pkcs12(made, name, password)?);
    }
    if fault == Some(Fault::OtherCa) {
        add(Kind::Authority, made.ca_pem.clone().into_bytes());
    }
    Ok(())
}

/// PKCS #12 holds a key with its own certificate, or cannot be made.
fn is_pair(fault: Option<Fault>) -> bool {
    fault != Some(Fault::WrongKey)
}

fn pkcs12(made: &Made, name: &str, password: &str) -> Result<Vec<u8>, Failure> {
    let key = key_of(made)?;
    let failed = |error: openssl::error::ErrorStack| {
        Failure::CouldNotRun(format!("error: {name}.p12: OpenSSL: {error}"))
    };
    let build = || {
        let certificate = X509::from_pem(made.certificate_pem.as_bytes())?;
        let mut above = Stack::new()?;
        above.push(X509::from_pem(made.ca_pem.as_bytes())?)?;
        let mut builder = Pkcs12::builder();
        builder.name(name).pkey(&key).cert(&certificate).ca(above);
        builder.build2(password)?.to_der()
    };
    build().map_err(failed)
}

fn key_of(made: &Made) -> Result<PKey<Private>, Failure> {
    let key = PKey::private_key_from_pem(made.key_pem.as_bytes());
    key.map_err(|error| Failure::CouldNotRun(format!("error: OpenSSL: {error}")))
}

fn unsuitable(error: MintError) -> Failure {
    match error {
        MintError::Unsuitable(why) => Failure::Usage(format!("error: {why}")),
        other => could_not(other),
    }
}

fn could_not(error: MintError) -> Failure {
    Failure::CouldNotRun(format!("error: no certificate could be made: {error}"))
}
