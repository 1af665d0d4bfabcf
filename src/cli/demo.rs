//! `vejviser demo`: the hub and the sample federation, all of it in this process.

use super::args::DemoArgs;
use super::registered::{self, Written};
use super::run::{self, Management, Sockets};
use super::{Failure, talk};
use crate::config::{self, Habits, pki};
use crate::drill::matrix::Roster;
use crate::edge::journal::Journal;
use crate::edge::logins::Logins;
use crate::edge::memory::Seal;
use crate::edge::next_login::NextLogins;
use crate::edge::pinned::Pinned;
use crate::edge::reports::Reports;
use crate::edge::rollover::{Parts, Player};
use crate::edge::server::Sites;
use crate::edge::test_ca::TestCa;
use crate::edge::trials::Trials;
use crate::edge::world::Clock;
use crate::edge::{App, IdpLink, Mode, SystemLink};
use crate::hub::fault::Kit;
use crate::hub::keys::HubKeys;
use crate::hub::settings::RememberedChoice;
use crate::hub::{Federation, Hub};
use crate::persona::{Addresses, BuiltIn, Cast, Demo};
use crate::store::Memory;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use time::OffsetDateTime;
use time::macros::datetime;
use url::Url;

/// What problems of the embedded federation are told to be in.
const SAMPLE_NAME: &str = "federation.toml";

/// The window that the dates in the sample federation were written for; a rehearsal on another day moves them along.
pub const WINDOW: OffsetDateTime = datetime!(2026-12-02 06:00 +1);

/// The management listener of tests that have none.
const NOWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

/// Runs it.
pub async fn run(args: DemoArgs) -> Result<(), Failure> {
    if !args.listen.ip().is_loopback() && !args.allow_remote {
        return refuse(
            "demoen kan logge enhver ind som enhver: tilføj --allow-remote for at lytte uden for denne maskine / \
                       the demo logs anybody in as anybody: add --allow-remote to listen beyond this machine",
        );
    }
    if !args.common.manage.ip().is_loopback() {
        return refuse(
            "demoens administration har ingen adgangskontrol og kan kun lytte på loopback / \
                       the demo's management has no authentication and can listen on loopback only",
        );
    }
    let sockets = Sockets::bind(args.listen, args.common.manage).await?;
    let public_url = run::public_url(
        args.common.public_url.as_deref(),
        args.common.tls,
        sockets.public_address.port(),
    )?;
    let clock = Arc::new(Clock::default());
    let mode = args.remembered_choice.map(Into::into);
    let manage_url = sockets.manage_url(false);
    let (app, sites) = match &args.config {
        None => stage_on(Script::sample(), &public_url, manage_url, clock, mode, None)?,
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| {
                Failure::Usage(format!("error: --config {}: {error}", path.display()))
            })?;
            let hub = HubOf::DEMO;
            let script = Script {
                path,
                text: &text,
                hub,
            };
            stage_on(script, &public_url, manage_url, clock, mode, None)?
        }
    };
    let tls = match args.common.tls {
        true => Some(run::made_tls(&sites, &app.clock)?),
        false => None,
    };
    greet(&app);
    sockets
        .serve(app, sites, tls, Management::default(), &args.common)
        .await
}

fn refuse(why: &str) -> Result<(), Failure> {
    Err(Failure::Configuration(why.to_owned()))
}

/// Everything of a demo but its sockets.
pub fn stage(
    public_url: &Url,
    manage_url: String,
    clock: Arc<Clock>,
    remembered_choice: RememberedChoice,
) -> Result<(Arc<App>, Sites), Failure> {
    stage_with(public_url, manage_url, clock, remembered_choice, None)
}

/// The same with other habits than the sample federation's, written for the same window ([`WINDOW`]).
pub fn stage_with(
    public_url: &Url,
    manage_url: String,
    clock: Arc<Clock>,
    remembered_choice: RememberedChoice,
    habits: Option<BTreeMap<String, Habits>>,
) -> Result<(Arc<App>, Sites), Failure> {
    let mode = Some(remembered_choice);
    stage_on(
        Script::sample(),
        public_url,
        manage_url,
        clock,
        mode,
        habits,
    )
}

/// The federation that a demo plays: a file and what stands in it, and who its hub is.
#[derive(Debug, Clone, Copy)]
pub struct Script<'a> {
    /// Files of real parties are read relative to it.
    pub path: &'a Path,
    /// Its text.
    pub text: &'a str,
    /// The hub.
    pub hub: HubOf<'a>,
}

/// Who the hub of a demo is.
#[derive(Debug, Clone, Copy)]
pub struct HubOf<'a> {
    /// The key pair in the shipped PKI, with the one that it changes to.
    pub ring: &'a str,
    /// Its entityID; none: as the public address has it.
    pub entity_id: Option<&'a str>,
    /// What it takes to answer with faults. A hub that has it has an entityID and keys of its own.
    pub faults: Option<&'a Arc<Kit>>,
}

impl HubOf<'_> {
    /// The hub of the demo, which has no faults.
    pub const DEMO: HubOf<'static> = HubOf {
        ring: "hub",
        entity_id: None,
        faults: None,
    };
}

impl Script<'_> {
    /// The sample federation, inside the binary.
    pub fn sample() -> Script<'static> {
        Script {
            path: Path::new(SAMPLE_NAME),
            text: config::SAMPLE,
            hub: HubOf::DEMO,
        }
    }
}

/// The same with another federation than the sample one. Without a remembered choice its settings say which.
pub fn stage_on(
    script: Script<'_>,
    public_url: &Url,
    manage_url: String,
    clock: Arc<Clock>,
    remembered_choice: Option<RememberedChoice>,
    habits: Option<BTreeMap<String, Habits>>,
) -> Result<(Arc<App>, Sites), Failure> {
    let Script {
        path,
        text,
        hub: who,
    } = script;
    let sample = config::is_sample(text);
    let broken = |error: &dyn std::fmt::Display| match sample {
        true => Failure::CouldNotRun(format!("the sample federation: {error}")),
        false => Failure::Configuration(format!("{}: {error}", path.display())),
    };
    let problems =
        |problems: config::Problems| Failure::Configuration(config::render::text(&problems, text));
    let file = config::parse(path, text).map_err(problems)?;
    let addresses = Addresses::new(&run::text(public_url)).map_err(|error| broken(&error))?;
    let cast = Cast::new(&file, &addresses).map_err(|error| broken(&error))?;
    let tested_with = pki::pair("sagssystem").map_err(|error| broken(&error))?;
    let built_in = BuiltIn::new(&addresses, tested_with);
    let mut loaded =
        config::load(path, text, Some(&cast.rendered()), clock.now()).map_err(problems)?;
    if !loaded.warnings.list.is_empty() {
        talk::say(&config::render::text(&loaded.warnings, text));
    }
    if let Some(mode) = remembered_choice {
        loaded.settings.remembered_choice = mode;
    }
    loaded.federation.test_systems = built_in.registered();
    let trials = Arc::new(Trials::new(clock.clone()));
    let journal = Journal::new(clock.clone()).observing(std::mem::take(&mut loaded.observed));
    let (journal, logins) = (Arc::new(journal), Arc::<Logins>::default());
    let reports = Reports::new(journal.clone(), logins.clone(), clock.clone());
    let keys = pki::ring(who.ring).map_err(|error| broken(&error))?;
    let keys = HubKeys::shared(keys);
    let hub = run::hub(public_url, who.entity_id, None, Some(&keys))?;
    let hub = Hub {
        faults: who.faults.cloned(),
        ..hub
    };
    let parts = Parts {
        idps: cast.idp_rings(),
        systems: cast.system_rings(),
        habits: habits.unwrap_or_else(|| loaded.habits.clone()),
        written_for: sample.then_some(WINDOW),
        invented: true,
    };
    let judge = registered::judge(&hub, &keys, true);
    let player = Arc::new(Player::new(hub, keys, parts));
    let test_systems = run::built_in(&built_in);
    let cast = cast.with_test_systems(built_in);
    let demo = Arc::new(cast.open(&player, &clock, &trials, reports));
    let written = Written {
        path,
        text,
        file: &file,
    };
    let settings = loaded.settings.clone();
    let shown = shown(&demo);
    let manage = url::Url::parse(&manage_url).ok();
    let manage = manage.and_then(|url| url.socket_addrs(|| None).ok()?.first().copied());
    let metadata = run::source(&Default::default(), path, manage.unwrap_or(NOWHERE))?;
    let test_ca = run::test_ca(loaded.test_ca.take(), &clock)?;
    // Its own is as invented as everything else.
    let test_ca = test_ca.or_else(|| Some(TestCa::invented(clock.clone())));
    let now = clock.now();
    let registry = registered::in_memory(written, &loaded, settings, &shown, judge, now)?;
    let app = Arc::new(App {
        systems: systems(&demo, &loaded.federation),
        test_systems,
        idps: idps(&demo, &loaded.federation),
        hand_outs: run::hand_outs,
        pages: run::pages(Roster::of(&file)),
        on_reset: vec![{
            let demo = demo.clone();
            Box::new(move || demo.forget())
        }],
        player,
        registry,
        metadata,
        test_ca,
        seal: Seal::fresh(),
        pinned: Pinned::default(),
        trusted_proxies: Vec::new(),
        store: Arc::new(Memory::default()),
        journal,
        logins,
        next_logins: NextLogins::new(clock.clone()),
        trials,
        clock,
        mode: Mode::Demo,
        manage_url,
    });
    let sites = run::sites(&app, &demo, public_url);
    Ok((app, sites))
}

/// Where the invented parties show their metadata, by short name.
fn shown(demo: &Demo) -> BTreeMap<String, String> {
    let idps = demo.idps().into_iter().map(|idp| (idp.name, idp.metadata));
    let systems = demo.systems().into_iter();
    idps.chain(systems.map(|system| (system.name, system.metadata)))
        .collect()
}

/// The demo hub's keys, of the shipped test PKI.
pub fn hub_keys() -> Result<HubKeys, String> {
    Ok(HubKeys::shared(pki::ring("hub")?))
}

fn systems(demo: &Demo, federation: &Federation) -> Vec<SystemLink> {
    let link = |info: crate::persona::SystemInfo| {
        let known = federation.system(&info.entity_id);
        SystemLink {
            title: known.map_or_else(
                || info.name.clone(),
                |system| system.presentation_name.clone(),
            ),
            note: known.map_or_else(String::new, |system| {
                format!(
                    "{}, kræver {}",
                    system.oiosaml_profile.as_str(),
                    system.required_level.danish()
                )
            }),
            name: info.name,
            entity_id: info.entity_id,
            login_url: Some(info.login_url),
            metadata: Some(info.metadata),
            acs: info.acs,
        }
    };
    demo.systems().into_iter().map(link).collect()
}

fn idps(demo: &Demo, federation: &Federation) -> Vec<IdpLink> {
    let link = |info: crate::persona::IdpInfo| {
        let known = federation.identity_provider(&info.entity_id);
        IdpLink {
            title: known.map_or_else(|| info.name.clone(), |idp| idp.presentation_name.clone()),
            note: known.map_or_else(String::new, |idp| idp.oiosaml_profile.as_str().to_owned()),
            name: info.name,
            entity_id: info.entity_id,
            metadata: Some(info.metadata),
            kind: Some(info.kind),
            behaviour: info.behaviour,
            people: info
                .people
                .into_iter()
                .map(|person| (person.id, person.traits))
                .collect(),
        }
    };
    demo.idps().into_iter().map(link).collect()
}

/// What to open first.
fn greet(app: &App) {
    talk::say("Vejviser, demo: en opdigtet føderation / an invented federation\n");
    talk::say(&format!(
        "  Åbn først / Open first     {}/",
        app.hub().public_url
    ));
    for system in &app.systems {
        let url = system.login_url.as_deref().unwrap_or_default();
        talk::say(&format!(
            "  Log ind / Log in           {url}  ({}, {})",
            system.title, system.note
        ));
    }
    talk::say(&format!(
        "  Forløb / Flows             {}/forloeb",
        app.manage_url
    ));
    talk::say("\nStop med Ctrl-C / Stop with Ctrl-C");
}
