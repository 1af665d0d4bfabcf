//! `vejviser matrix --live`: the matrix by real logins, on a demo in this process or on a running hub.

use super::args::{FailOn, MatrixArgs};
use super::{idps, stage};
use crate::cli::report::ReportFormat;
use crate::cli::{Failure, federation, given, output, run, talk};
use crate::config::{File, Loaded};
use crate::drill::Browser;
use crate::drill::matrix::Roster;
use crate::drill::matrix::live::{
    Arrived, FormLogin, How, Line, Live, Manage, State, Whom, drive, plan,
};
use crate::edge::fetch;
use crate::edge::trials::{SystemView, TrialsView};
use crate::edge::world::Clock;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use tokio_rustls::rustls::RootCertStore;

/// How often a running hub is asked whether somebody has logged in.
const EVERY: Duration = Duration::from_secs(1);

/// Runs it: exit code 1 where a login went otherwise than predicted. Where every IdP is ours that is our defect: 4.
pub fn play(args: &MatrixArgs) -> Result<(), Failure> {
    let wanted = args.report.output.iter().map(|output| output.form);
    for form in wanted.chain([args.report.format]) {
        if matches!(form, ReportFormat::Html | ReportFormat::Csv) {
            return Err(no_such_form());
        }
    }
    run::block_on(async {
        let now = Clock::default().now();
        let known = federation::read(args.config.as_deref(), now)?.loaded;
        let roster = Roster::of(&known.file);
        let forms = forms(&known.file, args.config.as_deref())?;
        let idps = idps(&known.federation, &args.idp)?;
        person_is_known(args, &idps, &roster)?;
        let hub = Hub::of(args).await?;
        let mut told = hub.told().await?;
        only(&mut told.systems, &args.system)?;
        let whom = Whom {
            roster: &roster,
            person: args.person.as_deref(),
        };
        let forms = |idp: &str| forms.get(idp).cloned();
        let settings = &known.settings;
        let mut lines = plan(settings, &idps, &told.systems, whom, &forms, now);
        if lines.is_empty() {
            return Err(Failure::CouldNotRun(
                "error: --live: der er intet at prøve / there is nothing to try: no identity provider, or no test system"
                    .to_owned(),
            ));
        }
        let browser = browser(args)?;
        // What was tried earlier is no result of a login that is made now.
        let earlier: Vec<String> = told.trials.iter().map(|trial| trial.flow.clone()).collect();
        for line in &lines {
            if !matches!(line.how, How::ByHand) {
                log_in(browser.clone(), line, &hub, &told.hub).await?;
            }
        }
        wait(&mut lines, &earlier, &hub, args).await?;
        finish(args, &known, &lines, hub.is_demo())
    })
}

/// The hub that is driven.
enum Hub {
    /// A demo in this process.
    Here(stage::Stage),
    /// A running one.
    There(Manage),
}

impl Hub {
    async fn of(args: &MatrixArgs) -> Result<Self, Failure> {
        let Some(address) = &args.manage else {
            if args.config.is_some() {
                return Err(Failure::Usage(
                    "error: --live --config: giv også --manage, den kørende hubs adresse / give --manage as well, the address of the running hub"
                        .to_owned(),
                ));
            }
            return Ok(Self::Here(stage::demo().await?));
        };
        let token = args.token_file.as_deref();
        let token = token
            .map(|file| given::of_option("--token-file", file))
            .transpose()?;
        let token = token.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
        // The environment may hold what a hub listens on, which has no scheme.
        let address = match address.contains("://") {
            true => address.clone(),
            false => format!("http://{address}"),
        };
        let manage = Manage::new(&address, token);
        manage
            .map(Self::There)
            .map_err(|why| Failure::Usage(format!("error: --manage {why}")))
    }

    fn is_demo(&self) -> bool {
        matches!(self, Self::Here(_))
    }

    async fn told(&self) -> Result<TrialsView, Failure> {
        match self {
            Self::Here(stage) => Ok(TrialsView::of(&stage.app)),
            Self::There(manage) => manage.trials().await.map_err(Failure::CouldNotRun),
        }
    }
}

/// A browser that has been nowhere, and trusts what it is told to. A demo speaks http, and needs none of it.
fn browser(args: &MatrixArgs) -> Result<Browser, Failure> {
    if args.manage.is_none() {
        return Ok(Browser::new());
    }
    let given = args.ca.iter().map(|file| given::of_option("--ca", file));
    let bundles = given.collect::<Result<Vec<_>, _>>()?;
    let mut roots = match bundles.is_empty() {
        true => fetch::system_roots(),
        false => RootCertStore::empty(),
    };
    for bundle in &bundles {
        fetch::add_bundle(&mut roots, bundle);
    }
    let tls = fetch::trusting(roots).map_err(|error| Failure::CouldNotRun(error.to_string()))?;
    Ok(Browser::new().with_tls(tls))
}

/// One login; an IdP that cannot be reached, or that asks for more than its form, is one that stops.
async fn log_in(
    browser: Browser,
    line: &Line<'_>,
    hub: &Hub,
    public_url: &str,
) -> Result<(), Failure> {
    let arrived = drive(browser, line, public_url).await;
    let stopped = match &arrived {
        Ok(Arrived::AtIdp) => true,
        Ok(Arrived::AtHub | Arrived::AtSystem) => false,
        Err(error) => {
            talk::say(&format!("{}: {error}", line.idp.name));
            true
        }
    };
    match hub {
        // Where nothing has begun, nothing stopped; the other lines go on.
        Hub::There(manage) if stopped => {
            if let Err(why) = manage.stopped(line).await {
                talk::say(&format!("{}: {why}", line.idp.name));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Looks at what came, and again until nobody is waited for, or as long as `--wait` says.
async fn wait(
    lines: &mut [Line<'_>],
    earlier: &[String],
    hub: &Hub,
    args: &MatrixArgs,
) -> Result<(), Failure> {
    let look = async |lines: &mut [Line<'_>]| -> Result<bool, Failure> {
        let told = hub.told().await?;
        for line in lines.iter_mut() {
            line.look(&told.trials, earlier);
        }
        Ok(lines.iter().any(|line| line.state() == State::Waiting))
    };
    let mut waiting = look(lines).await?;
    if waiting && args.wait > 0 {
        talk::say("Log ind her / Log in here:");
        let open = lines.iter().filter(|line| line.state() == State::Waiting);
        for line in open {
            talk::say(&format!("  {}", line.link()));
        }
    }
    for _ in 0..args.wait / EVERY.as_secs() {
        if !waiting {
            break;
        }
        tokio::time::sleep(EVERY).await;
        waiting = look(lines).await?;
    }
    Ok(())
}

fn finish(
    args: &MatrixArgs,
    known: &Loaded,
    lines: &[Line<'_>],
    demo: bool,
) -> Result<(), Failure> {
    let entries = known.file.identity_providers.iter();
    let live = Live {
        lines,
        invented: demo
            || entries
                .into_iter()
                .all(|entry| entry.get_ref().persona.is_some()),
        fail_on_review: args.fail_on == Some(FailOn::Review),
        language: args.report.language.into(),
    };
    output::deliver(args.report.format, &args.report.output, |format| {
        rendered(&live, format)
    })?;
    match (live.findings().is_empty(), demo) {
        (true, _) => Ok(()),
        (false, true) if live.count(State::Differs) > 0 => Err(Failure::CouldNotRun(
            "hubben gør noget andet, end den selv beregner: en fejl i Vejviser / the hub does otherwise than it predicts: a defect of Vejviser"
                .to_owned(),
        )),
        (false, _) => Err(Failure::Findings(String::new())),
    }
}

fn rendered(live: &Live<'_>, format: ReportFormat) -> Result<String, Failure> {
    let could_not = |error: &dyn std::fmt::Display| Failure::CouldNotRun(error.to_string());
    match format {
        ReportFormat::Human => Ok(live.text()),
        ReportFormat::Json => live.json().map_err(|error| could_not(&error)),
        ReportFormat::Junit => live.junit().map_err(|error| could_not(&error)),
        ReportFormat::Html | ReportFormat::Csv => Err(no_such_form()),
    }
}

fn no_such_form() -> Failure {
    Failure::Usage(
        "error: --live: giv --format human, json eller junit / give --format human, json or junit"
            .to_owned(),
    )
}

/// What `--system` leaves of the test systems.
fn only(systems: &mut Vec<SystemView>, names: &[String]) -> Result<(), Failure> {
    if systems.is_empty() {
        return Err(Failure::Configuration(
            "hubben har ingen indbyggede prøvesystemer: sæt test_systems = true under [hub] / the hub has no built-in test systems: set test_systems = true in [hub]"
                .to_owned(),
        ));
    }
    let unknown = names
        .iter()
        .find(|name| !systems.iter().any(|system| system.name == **name));
    if let Some(name) = unknown {
        let known: Vec<&str> = systems.iter().map(|system| system.name.as_str()).collect();
        return Err(Failure::Usage(format!(
            "error: --system {name}: intet prøvesystem hedder det / no test system is called that\n\ngive one of {}",
            known.join(", ")
        )));
    }
    systems.retain(|system| names.is_empty() || names.contains(&system.name));
    Ok(())
}

fn person_is_known(
    args: &MatrixArgs,
    idps: &[&crate::hub::IdentityProvider],
    roster: &Roster,
) -> Result<(), Failure> {
    let Some(wanted) = &args.person else {
        return Ok(());
    };
    let mut known = Vec::new();
    for idp in idps {
        let people = roster.people(&idp.name).iter();
        known.extend(people.map(|person| format!("{} ({})", person.id, idp.name)));
        if roster.people(&idp.name).iter().any(|p| p.id == *wanted) {
            return Ok(());
        }
    }
    Err(Failure::Usage(format!(
        "error: --person {wanted}: ingen hedder det / nobody is called that\n\ngive one of {}",
        known.join(", ")
    )))
}

/// How scripts log in at the IdPs that have a form for it. Passwords stand in files, relative to the configuration.
fn forms(file: &File, config: Option<&Path>) -> Result<BTreeMap<String, FormLogin>, Failure> {
    let beside = config.and_then(Path::parent).unwrap_or(Path::new(""));
    let mut forms = BTreeMap::new();
    for entry in file.identity_providers.iter().map(|entry| entry.get_ref()) {
        let Some(login) = &entry.login else { continue };
        let path = beside.join(&login.password_file);
        let bytes = given::of_option("password_file", &path)?;
        let password = String::from_utf8(bytes).map_err(|_| {
            Failure::Usage(format!("error: password_file {}: not text", path.display()))
        })?;
        let form = FormLogin {
            user_field: login.user_field.clone(),
            password_field: login.password_field.clone(),
            user: login.user.clone(),
            password: password.trim_end_matches(['\r', '\n']).to_owned(),
            submit: login.submit.clone(),
        };
        forms.insert(entry.name.get_ref().clone(), form);
    }
    Ok(forms)
}
