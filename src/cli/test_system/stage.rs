//! The hub that tests a system, its people, and the system: what a demo is to the sample federation.

use super::args::TestSystemArgs;
use crate::cli::demo::{self, HubOf, Script};
use crate::cli::ready::{self, Ready};
use crate::cli::{Failure, run, talk};
use crate::config::{Defect, pki};
use crate::drill::system_test::Hub;
use crate::edge::App;
use crate::edge::journal::Journal;
use crate::edge::manage::{self, Access};
use crate::edge::server::{self, Site, Stop, Stopper};
use crate::edge::world::Clock;
use crate::hub::fault::Kit;
use crate::hub::keys::HubKeys;
use crate::hub::metadata::{self, Form};
use crate::hub::settings::RememberedChoice;
use crate::oiosaml::{Level, Nist, Nsis, OiosamlVersion, Scale};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use url::Url;

/// The one identity provider, and its people by the level that they reach.
const PEOPLE: &str = include_str!("people.toml");
/// Short name of that identity provider.
const IDP: &str = "proevekommune";
/// Short name of the system under test.
pub const SYSTEM: &str = "system";
/// Its keys, of the shipped PKI: everybody has them.
const RING: &str = "test-hub";
/// What the entityID of a hub with faults ends on: it is nobody else's.
const ENTITY: &str = "/runtime/systemproeve";
/// What everybody may do in the demo system.
const DEMO_ROLES: [&str; 2] = [
    "http://system.example/roles/usersystemrole/sagsbehandler/1",
    "http://system.example/roles/usersystemrole/leder/1",
];

/// A hub that listens; it stops when this is dropped.
pub struct Stage {
    /// Its state.
    pub app: Arc<App>,
    stopper: Stopper,
}

/// The system as the hub's federation has it.
pub struct Registration<'a> {
    /// OIOSAML version.
    pub profile: OiosamlVersion,
    /// Level that it needs.
    pub level: Level,
    /// Who it is.
    pub who: Who<'a>,
}

/// Who the system is.
pub enum Who<'a> {
    /// The demo system, with a defect perhaps.
    Demo(Option<Defect>),
    /// Somebody's, with this metadata file.
    Real {
        /// entityID.
        entity_id: &'a str,
        /// The metadata file.
        metadata: &'a Path,
    },
}

impl Registration<'_> {
    /// The federation as a file.
    fn text(&self) -> String {
        let level = match self.level {
            Level::Nist(level) => format!("assurance_level = {}", level.digit()),
            Level::Nsis(level) => format!("nsis_assurance_level = \"{}\"", level.word()),
        };
        let system = match &self.who {
            Who::Demo(defect) => {
                let defect = defect.map(|defect| format!("defect = \"{}\"\n", defect.id()));
                let defect = defect.unwrap_or_default();
                format!("[user_facing_system.demo]\nkey = \"sagssystem\"\nstrict = true\n{defect}")
            }
            Who::Real {
                entity_id,
                metadata,
            } => {
                let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
                let metadata = metadata.to_string_lossy();
                format!(
                    "id = {}\nsaml_metadata = {}\n",
                    quoted(entity_id),
                    quoted(&metadata)
                )
            }
        };
        format!(
            "{PEOPLE}\n[[user_facing_system]]\nname = \"{SYSTEM}\"\ncvr = \"55555555\"\noiosaml_profile = \"{}\"\n{level}\n{system}",
            self.profile.as_str()
        )
    }
}

/// Two people who reach exactly this level, as far as NSIS has one for it.
pub fn people(level: Level) -> [String; 2] {
    let nsis = match level.on(Scale::Nsis) {
        // The table has no lower one: NIST 1 is reached by whoever reaches 2.
        Level::Nist(Nist::One | Nist::Two) | Level::Nsis(Nsis::Low) => "lav",
        Level::Nist(Nist::Three) | Level::Nsis(Nsis::Substantial) => "betydelig",
        Level::Nist(Nist::Four) | Level::Nsis(Nsis::High) => "hoej",
    };
    ["anna", "bo"].map(|name| format!("{name}-{nsis}"))
}

/// Addresses that are taken, and a hub that does not answer yet: what systems must know of it is known already.
pub struct Opening {
    public: TcpListener,
    managed: TcpListener,
    manage_url: String,
    public_url: Url,
}

/// Who the hub is, without a system yet.
fn identity(public_url: &Url) -> Result<crate::hub::Hub, Failure> {
    let keys = pki::ring(RING).map_err(Failure::CouldNotRun)?;
    let entity_id = entity_id(public_url);
    run::hub(
        public_url,
        Some(&entity_id),
        None,
        Some(&HubKeys::shared(keys)),
    )
}

fn entity_id(public_url: &Url) -> String {
    format!("{}{ENTITY}", run::text(public_url))
}

/// The hub's metadata for systems at this address. It names no time: it is the same at every start.
pub fn hub_metadata(public_url: &Url) -> Result<String, Failure> {
    let plain = Form { quirks: false };
    let metadata = metadata::idp_role(&identity(public_url)?, plain);
    Ok(metadata.as_str().to_owned())
}

impl Opening {
    /// Takes the addresses. Beyond loopback only where somebody said so: whoever reaches the hub logs in as anybody.
    pub async fn at(
        listen: SocketAddr,
        manage: SocketAddr,
        public_url: Option<&str>,
        remote: bool,
    ) -> Result<Self, Failure> {
        if !(remote || listen.ip().is_loopback()) || !manage.ip().is_loopback() {
            return Err(Failure::Configuration(
                "en hub, der udsteder fejl, lytter kun på loopback; tilføj --allow-remote for --listen / a hub that issues faults listens on loopback only; add --allow-remote for --listen"
                    .to_owned(),
            ));
        }
        let failed = |at: SocketAddr| {
            move |error: std::io::Error| {
                Failure::CouldNotRun(format!(
                    "kan ikke lytte på / cannot listen on {at}: {error}"
                ))
            }
        };
        let public = TcpListener::bind(listen).await.map_err(failed(listen))?;
        let managed = TcpListener::bind(manage).await.map_err(failed(manage))?;
        let port = public.local_addr().map_err(failed(listen))?.port();
        let at = managed.local_addr().map_err(failed(manage))?;
        Ok(Self {
            public_url: run::public_url(public_url, false, port)?,
            manage_url: format!("http://{at}"),
            public,
            managed,
        })
    }

    /// Where the hub will be.
    pub fn public_url(&self) -> &Url {
        &self.public_url
    }

    /// The hub answers, and knows the system.
    pub fn start(
        self,
        registration: &Registration<'_>,
        roles: &[String],
        run_name: &str,
    ) -> Result<Stage, Failure> {
        let roles = match (&registration.who, roles) {
            (Who::Demo(_), []) => DEMO_ROLES.map(str::to_owned).to_vec(),
            (_, given) => given.to_vec(),
        };
        let kit = kit(run_name, roles).map_err(Failure::CouldNotRun)?;
        let entity_id = entity_id(&self.public_url);
        let text = registration.text();
        // Files are named by their whole path.
        let path = Path::new("test-system.toml");
        let script = Script {
            path,
            text: &text,
            hub: HubOf {
                ring: RING,
                entity_id: Some(&entity_id),
                faults: Some(&kit),
            },
        };
        let clock = Arc::new(Clock::default());
        let mode = Some(RememberedChoice::Safe);
        let url = &self.public_url;
        let (app, sites) = demo::stage_on(script, url, self.manage_url, clock, mode, None)?;
        let (stopper, stop) = Stop::new();
        let site = Site::Public(Arc::new(sites));
        tokio::spawn(server::serve(self.public, None, site, stop.clone()));
        let site = Site::Management(manage::router(app.clone(), Access::open()));
        tokio::spawn(server::serve(self.managed, None, site, stop));
        Ok(Stage { app, stopper })
    }
}

fn kit(run_name: &str, roles: Vec<String>) -> Result<Arc<Kit>, String> {
    Ok(Arc::new(Kit {
        neighbour: pki::pair("test-neighbour")?.signing,
        stranger: pki::pair("test-stranger")?.signing,
        watermark: format!("vejviser-systemproeve:{run_name}"),
        roles,
    }))
}

impl Stage {
    /// Whom the hub logs in.
    pub fn hub(&self, level: Level, run: &str) -> Hub {
        Hub {
            app: self.app.clone(),
            idp: IDP.to_owned(),
            people: people(level),
            run: run.to_owned(),
        }
    }

    /// Says that the hub is ready, where scripts want to know.
    pub fn tell(&self, args: &TestSystemArgs) -> Result<(), Failure> {
        let line = Ready::of(&self.app, None).line()?;
        if let Some(file) = &args.ready_file {
            ready::keep(file, &line)?;
        }
        match (args.ready_json, args.serve) {
            (true, true) => talk::result(&line),
            (true, false) => talk::say(line.trim_end()),
            (false, _) => {}
        }
        Ok(())
    }

    /// Ends it.
    pub fn stop(self) {
        Journal::close(&self.app.journal);
        self.stopper.stop();
    }
}
