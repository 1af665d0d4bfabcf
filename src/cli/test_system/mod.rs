//! `vejviser test-system`: drives a user-facing system through good and bad logins.

mod args;
mod list;
pub(crate) mod stage;
mod subject;

pub(crate) use args::TestSystemArgs;

use super::{Failure, output, run, talk};
use crate::drill::system_test::baseline::Baseline;
use crate::drill::system_test::report::{self, Report};
use crate::drill::system_test::{self, Case, Stopped};
use crate::drill::{Browser, BrowserError, Chromium, Page};
use crate::edge::world::random_hex;
use crate::oiosaml::{Level, Nist, Nsis, OiosamlVersion};
use args::{BrowserArg, Form};
use stage::{Opening, Registration, Stage, Who};
use std::path::Path;
use std::time::Duration;
use url::Url;

/// How often a system that is not there yet is asked for.
const EVERY: Duration = Duration::from_millis(200);

/// Runs it: exit code 1 where the system did wrong and nobody knew; 4 where the good login did not succeed.
pub fn run(args: &TestSystemArgs) -> Result<(), Failure> {
    if args.list {
        talk::result(&list::text(args));
        return Ok(());
    }
    if args.schema {
        talk::result(report::schema());
        return Ok(());
    }
    if args.hub_metadata {
        let url = run::public_url(args.public_url.as_deref(), false, args.listen.port())?;
        talk::result(&stage::hub_metadata(&url)?);
        return Ok(());
    }
    let level = level(args)?;
    let baseline = args.baseline.as_deref().map(baseline).transpose()?;
    run::block_on(async {
        let name = match &args.run {
            Some(name) => name.clone(),
            None => random_hex::<4>(),
        };
        if args.serve {
            return serve(args, level, &name).await;
        }
        let (stage, metadata) = staged(args, level, &name).await?;
        let target = subject::target(args, &stage, &metadata)?;
        until_ready(args, &target.ways.login_url).await?;
        let hub = stage.hub(level, &name);
        let told = target.subject(&hub, "vejviser", subject::ran_by());
        let wanted = |case: Case| {
            let id = case.info().id;
            args.only.is_empty() || args.only.iter().any(|only| id.starts_with(only.as_str()))
        };
        let run = match args.browser {
            BrowserArg::Vejviser => system_test::run(&target, &hub, told, wanted).await,
            BrowserArg::Chromium => {
                let chromium = Chromium::start(target.ways.timeout).await;
                let chromium =
                    chromium.map_err(|error| stopped(Stopped(error.da(), error.en())))?;
                system_test::run_in_chromium(&chromium, &target, &hub, told, wanted).await
            }
        };
        let run = run.map_err(stopped)?;
        let now = stage.app.clock.real();
        stage.stop();
        let comparison = baseline.map(|baseline| baseline.compare(&run, now));
        let command = command(args);
        let report = Report {
            run: &run,
            baseline: comparison.as_ref(),
            language: args.language.into(),
            command: &command,
            verbose: false,
            book: args.book.as_ref(),
        };
        output::deliver(args.format, &args.output, |form| rendered(&report, form))?;
        match report.has_findings() {
            true => Err(Failure::Findings(String::new())),
            false => Ok(()),
        }
    })
}

fn stopped(why: Stopped) -> Failure {
    Failure::CouldNotRun(format!("error: {}\n\n{}", why.0, why.1))
}

/// The level that the system is registered with; what most are where nothing is said.
fn level(args: &TestSystemArgs) -> Result<Level, Failure> {
    match (args.profile, args.level) {
        (OiosamlVersion::V2, None) => Ok(Level::Nist(Nist::Three)),
        (OiosamlVersion::V3, None) => Ok(Level::Nsis(Nsis::Substantial)),
        (OiosamlVersion::V2, Some(Level::Nsis(_))) => Err(Failure::Usage(
            "error: --level: et OIOSAML2-system har et NIST-niveau, 1–4 / an OIOSAML2 system has a NIST level, 1–4"
                .to_owned(),
        )),
        (_, Some(level)) => Ok(level),
    }
}

fn baseline(file: &Path) -> Result<Baseline, Failure> {
    let bytes = super::given::of_option("--baseline", file)?;
    let text = String::from_utf8_lossy(&bytes);
    Baseline::parse(file, &text)
        .map_err(|problems| Failure::Configuration(crate::config::render::text(&problems, &text)))
}

/// The hub, and the metadata of the system that it knows.
async fn staged(
    args: &TestSystemArgs,
    level: Level,
    name: &str,
) -> Result<(Stage, subject::Metadata), Failure> {
    let metadata = match args.demo {
        true => None,
        false => Some(subject::metadata(args).await?),
    };
    let registration = Registration {
        profile: args.profile,
        level,
        who: match &metadata {
            None => Who::Demo(args.defect),
            Some(metadata) => Who::Real {
                entity_id: &metadata.entity.entity_id,
                metadata: &metadata.file,
            },
        },
    };
    let public_url = args.public_url.as_deref();
    let opening = Opening::at(args.listen, args.manage, public_url, args.allow_remote).await?;
    let stage = opening.start(&registration, &args.role, name)?;
    stage.tell(args)?;
    let metadata = match metadata {
        Some(metadata) => metadata,
        None => subject::of_demo(&stage).await?,
    };
    Ok((stage, metadata))
}

/// Only the hub, until a signal says stop.
async fn serve(args: &TestSystemArgs, level: Level, name: &str) -> Result<(), Failure> {
    // The file of the metadata stays for as long as the hub may read it.
    let (stage, _metadata) = staged(args, level, name).await?;
    let hub = stage.app.hub();
    talk::say(&format!(
        "Hubben / the hub: {}\nMetadata: {}/runtime/saml2/metadata.idp\nAPI: {}/api/openapi.json\n\nStop med Ctrl-C / Stop with Ctrl-C",
        hub.public_url, hub.public_url, stage.app.manage_url
    ));
    run::until_told_to_stop().await?;
    stage.stop();
    Ok(())
}

/// Waits for a system that is only starting.
async fn until_ready(args: &TestSystemArgs, url: &Url) -> Result<(), Failure> {
    if args.wait == 0 {
        return Ok(());
    }
    let browser = Browser::new()
        .with_timeout(Duration::from_secs(args.timeout.into()))
        .with_tls(subject::tls(args)?);
    let mut browser = browser;
    browser.stop_before(["http:", "https:"]);
    let there = until_there(browser, url, args.wait).await;
    there
        .map(|_| ())
        .map_err(|error| stopped(Stopped(error.da(), error.en())))
}

/// The page as soon as there is one.
async fn until_there(browser: Browser, url: &Url, wait: u16) -> Result<Page, BrowserError> {
    let tries = Duration::from_secs(wait.into()).as_millis() / EVERY.as_millis();
    for _ in 0..tries {
        let mut fresh = browser.clone();
        if let Ok(page) = fresh.get(url.as_str()).await
            && !page.status.is_server_error()
        {
            return Ok(page);
        }
        tokio::time::sleep(EVERY).await;
    }
    let mut browser = browser;
    browser.get(url.as_str()).await
}

/// How the run is repeated, for the report: what matters of the flags.
fn command(args: &TestSystemArgs) -> String {
    let mut command = "vejviser test-system".to_owned();
    match &args.login_url {
        Some(url) => command.push_str(&format!(" --login-url {url}")),
        None => command.push_str(" --demo"),
    }
    if let Some(defect) = args.defect {
        command.push_str(&format!(" --defect {}", defect.id()));
    }
    if let Some(metadata) = &args.metadata {
        command.push_str(&format!(" --metadata {metadata}"));
    }
    command.push_str(&format!(" --profile {}", args.profile.as_str()));
    if let Some(level) = args.level {
        command.push_str(&format!(" --level {level}"));
    }
    command
}

fn rendered(report: &Report<'_>, form: Form) -> Result<String, Failure> {
    let could_not = |error: &dyn std::fmt::Display| Failure::CouldNotRun(error.to_string());
    match form {
        Form::Human => Ok(report.text()),
        Form::Json => report.json().map_err(|error| could_not(&error)),
        Form::Junit => report.junit().map_err(|error| could_not(&error)),
        Form::Sarif => report.sarif().map_err(|error| could_not(&error)),
        Form::Html => report.html().map_err(|error| could_not(&error)),
    }
}
