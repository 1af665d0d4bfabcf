//! `vejviser certs new`: a good test certificate, and broken ones beside it.

mod files;
mod inputs;
mod names;

use super::args::{FaultArg, NewArgs};
use crate::cli::args::Format;
use crate::cli::{Failure, talk};
use crate::edge::world::{Clock, SystemEntropy};
use crate::mint::{self, Authority, DAYS_A_YEAR, Fault, Made, MintError, Recipe};
use files::{File, Kind, Planned};
use openssl::pkcs12::Pkcs12;
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
    let planned = planned(args, &base, &faults);
    files::room(args, &planned)?;
    let authority = match given {
        Some(authority) => authority,
        None => Authority::new(recipe.not_before, recipe.days, chance).map_err(could_not)?,
    };
    let authority = match &args.revocation_url {
        Some(base) => authority.answering_at(base),
        None => authority,
    };
    let good = mint::make(&recipe, &authority, chance).map_err(unsuitable)?;
    let mut made = vec![(None, good)];
    for fault in &faults {
        let reuse = match (&reuse, *fault) {
            (_, fault) if fault != Fault::Reused => None,
            (Some(key), _) => Some(key.clone()),
            (None, _) => Some(made[0].1.key.clone()),
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
    let files = planned.into_iter().map(|file| {
        let (_, made) = (made.iter().find(|(fault, _)| *fault == file.fault))
            .expect("every file that is planned is of a certificate that is made");
        let bytes = content(&file, made, &authority, args.pkcs12.as_deref())?;
        Ok(File::new(file, bytes))
    });
    let files = files.collect::<Result<Vec<_>, Failure>>()?;
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

/// The files that will be there, in the order in which they are told: one list, for the question whether there is
/// room and for what is written.
fn planned(args: &NewArgs, base: &str, faults: &[Fault]) -> Vec<Planned> {
    let mut planned = Vec::new();
    let mut add = |fault, kind| {
        let name = names::of(base, fault);
        planned.push(Planned { name, kind, fault });
    };
    for fault in std::iter::once(None).chain(faults.iter().copied().map(Some)) {
        for kind in [Kind::Certificate, Kind::Key, Kind::Der] {
            add(fault, kind);
        }
        // PKCS #12 holds a key with its own certificate, or cannot be made.
        if args.pkcs12.is_some() && fault != Some(Fault::WrongKey) {
            add(fault, Kind::Pkcs12);
        }
        if fault == Some(Fault::OtherCa) {
            add(fault, Kind::Authority);
        }
    }
    if args.ca.is_none() {
        add(None, Kind::Authority);
    }
    if args.keep_ca {
        add(None, Kind::AuthorityKey);
    }
    planned
}

/// What a file holds.
fn content(
    file: &Planned,
    made: &Made,
    authority: &Authority,
    password: Option<&str>,
) -> Result<Vec<u8>, Failure> {
    Ok(match file.kind {
        Kind::Certificate => made.certificate_pem.clone().into_bytes(),
        Kind::Key => made.key_pem.clone().into_bytes(),
        Kind::Der => made.certificate.der(),
        Kind::Pkcs12 => pkcs12(made, &file.name, password.unwrap_or_default())?,
        Kind::Authority => made.ca_pem.clone().into_bytes(),
        Kind::AuthorityKey => authority.key_pem().map_err(could_not)?.into_bytes(),
    })
}

fn pkcs12(made: &Made, name: &str, password: &str) -> Result<Vec<u8>, Failure> {
    let failed = |error: openssl::error::ErrorStack| {
        Failure::CouldNotRun(format!("error: {name}.p12: OpenSSL: {error}"))
    };
    let build = || {
        let mut above = Stack::new()?;
        above.push(X509::from_pem(made.ca_pem.as_bytes())?)?;
        let mut builder = Pkcs12::builder();
        builder.name(name).pkey(&made.key);
        builder.cert(made.certificate.x509()).ca(above);
        builder.build2(password)?.to_der()
    };
    build().map_err(failed)
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
