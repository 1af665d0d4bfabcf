//! For suppliers who write Rust: a hub inside a test, which drives the system under test as `vejviser test-system` does.
//!
//! ```no_run
//! # async fn my_system(hub: String) -> (Vec<u8>, url::Url) { unimplemented!() }
//! # async fn test() -> Result<(), vejviser::testing::Failed> {
//! use vejviser::testing::{Hub, Registered, Ways};
//!
//! let hub = Hub::reserve().await?;
//! // Your system learns whom to trust before it starts.
//! let (metadata, login_url) = my_system(hub.metadata()?).await;
//! let test = hub.start(&Registered::oiosaml3(&metadata), Ways::from(login_url))?;
//! let run = test.run(|_| true).await?;
//! assert!(run.failed().is_empty(), "{}", vejviser::testing::report(&run));
//! # Ok(())
//! # }
//! ```
//!
//! The hub listens on two free ports of loopback and stops with the value. Its keys are public: trust it in tests only.

pub use crate::config::Defect;
pub use crate::drill::system_test::{Case, CaseResult, Chapter, Run, Success, Verdict, Ways};
pub use crate::edge::next_login::Program;
pub use crate::hub::fault::Fault;
pub use crate::oiosaml::{Level, Nist, Nsis, OiosamlVersion};

use crate::cli::Failure;
use crate::cli::test_system::stage::{self, Opening, Registration, SYSTEM, Stage, Who};
use crate::drill::Browser;
use crate::drill::system_test::report::{COMMAND, Report};
use crate::drill::system_test::{self, Stopped, Target};
use crate::edge::journal::Flow;
use crate::edge::next_login::{RUN_COOKIE, USUALLY};
use crate::edge::page::Language;
use crate::edge::world::random_hex;
use crate::saml::metadata::{self, Entity};
use crate::xml::{Document, Limits};
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// A hub that has its addresses and does not answer yet.
pub struct Hub(Opening);

/// How a system is registered.
#[derive(Debug, Clone)]
pub struct Registered<'a> {
    /// Its SAML metadata.
    pub metadata: &'a [u8],
    /// OIOSAML version.
    pub profile: OiosamlVersion,
    /// Level that it needs.
    pub level: Level,
    /// Roles that the users have in it (user system roles).
    pub roles: Vec<String>,
}

/// A hub that answers, and the system that it tests.
pub struct SystemTest {
    stage: Stage,
    target: Target,
    name: String,
    /// Deleted with the value.
    _file: Option<Temporary>,
}

/// Why something could not be tested, in Danish and English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed(String);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failed {}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        Self(failure.text().to_owned())
    }
}

impl From<Stopped> for Failed {
    fn from(Stopped(da, en): Stopped) -> Self {
        Self(format!("{da}\n\n{en}"))
    }
}

impl<'a> Registered<'a> {
    /// As most systems are: OIOSAML3, NSIS Substantial, no roles.
    pub fn oiosaml3(metadata: &'a [u8]) -> Self {
        Self {
            metadata,
            profile: OiosamlVersion::V3,
            level: Level::Nsis(Nsis::Substantial),
            roles: Vec::new(),
        }
    }
}

impl Hub {
    /// Takes two free ports of loopback.
    pub async fn reserve() -> Result<Self, Failed> {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Ok(Self(Opening::at(free, free, None, false).await?))
    }

    /// Its metadata for systems: what the system under test is to trust.
    pub fn metadata(&self) -> Result<String, Failed> {
        Ok(stage::hub_metadata(self.0.public_url())?)
    }

    /// Its address.
    pub fn public_url(&self) -> &Url {
        self.0.public_url()
    }

    /// The hub answers, and knows the system. Metadata that it cannot use is refused, with every reason.
    pub fn start(self, system: &Registered<'_>, ways: Ways) -> Result<SystemTest, Failed> {
        let entity = read(system.metadata)?;
        let file = Temporary::holding(system.metadata)?;
        let registration = Registration {
            profile: system.profile,
            level: system.level,
            who: Who::Real {
                entity_id: &entity.entity_id,
                metadata: &file.0,
            },
        };
        let name = random_hex::<4>();
        let stage = self.0.start(&registration, &system.roles, &name)?;
        let target = Target::of(&stage.app, entity, system.metadata, "", ways);
        let target = target.ok_or_else(|| Failed("the hub cannot use the metadata".to_owned()))?;
        Ok(SystemTest {
            stage,
            target,
            name,
            _file: Some(file),
        })
    }

    /// The same with the demo system that does right, or with the one that has this defect.
    pub async fn start_demo(
        self,
        defect: Option<Defect>,
        profile: OiosamlVersion,
        level: Level,
    ) -> Result<SystemTest, Failed> {
        let registration = Registration {
            profile,
            level,
            who: Who::Demo(defect),
        };
        let name = random_hex::<4>();
        let stage = self.0.start(&registration, &[], &name)?;
        let own = stage.app.systems.iter().find(|own| own.name == SYSTEM);
        let address = |url: Option<&str>| {
            let url = url.and_then(|url| Url::parse(url).ok());
            url.ok_or_else(|| Failed("no demo system".to_owned()))
        };
        let login = address(own.and_then(|own| own.login_url.as_deref()))?;
        let shown = address(own.and_then(|own| own.metadata.as_deref()))?;
        let page = Browser::new().get(shown.as_str()).await;
        let page = page.map_err(|error| Failed(error.to_string()))?;
        let beside = |path: &str| login.join(path).ok();
        let ways = Ways {
            logout_url: beside("log-ud"),
            step_up_url: beside("log-ind?force=1"),
            refresh_url: beside("genindlaes"),
            ..Ways::from(login.clone())
        };
        let bytes = page.body.into_bytes();
        let target = Target::of(&stage.app, read(&bytes)?, &bytes, shown.as_str(), ways);
        let target = target.ok_or_else(|| Failed("the demo system's metadata".to_owned()))?;
        Ok(SystemTest {
            stage,
            target,
            name,
            _file: None,
        })
    }
}

impl SystemTest {
    /// The good login, and every case that is wanted.
    pub async fn run(&self, wanted: impl Fn(Case) -> bool) -> Result<Run, Failed> {
        let hub = self.stage.hub(self.target.level, &self.name);
        let subject = self.target.subject(&hub, "vejviser", None);
        Ok(system_test::run(&self.target, &hub, subject, wanted).await?)
    }

    /// Where a login begins.
    pub fn login_url(&self) -> &Url {
        &self.target.ways.login_url
    }

    /// Where the management listener is, for `/api/v1/next-login` and the journal.
    pub fn manage_url(&self) -> &str {
        &self.stage.app.manage_url
    }

    /// Programs the next login of the system, for a browser of the test's own: the hub's cookie with the answered name and
    /// value makes the login its. Without an IdP and a person those of the hub are taken.
    pub fn next_login(&self, program: Program) -> Next<'_> {
        let hub = self.stage.hub(self.target.level, &self.name);
        let program = Program {
            idp: program.idp.or(Some(hub.idp)),
            person: program.person.or_else(|| hub.people.first().cloned()),
            ..program
        };
        let run = format!("{}.{}", self.name, random_hex::<4>());
        let system = self.target.entity.entity_id.clone();
        let next = &self.stage.app.next_logins;
        let programmed = next.add(system, Some(run.clone()), program, USUALLY);
        Next {
            test: self,
            id: programmed.id,
            run,
        }
    }
}

/// A login that was programmed.
pub struct Next<'t> {
    test: &'t SystemTest,
    id: String,
    run: String,
}

impl Next<'_> {
    /// The cookie that the browser must have at the hub's host: name and value.
    pub fn cookie(&self) -> (&'static str, &str) {
        (RUN_COOKIE, &self.run)
    }

    /// The login with every message, as soon as it has ended; none if nobody logged in in time.
    pub async fn ended(&self, timeout: Duration) -> Option<Flow> {
        let app: &Arc<_> = &self.test.stage.app;
        let both = async {
            let taken = app.next_logins.wait(&self.id, timeout).await?;
            app.journal.wait(&taken.flow?, timeout).await
        };
        tokio::time::timeout(timeout, both).await.ok().flatten()
    }
}

/// What a run came to, as text in English.
pub fn report(run: &Run) -> String {
    let report = Report {
        run,
        baseline: None,
        language: Language::English,
        command: COMMAND,
        verbose: false,
        book: None,
    };
    report.text()
}

/// The one party with the role of a system.
fn read(bytes: &[u8]) -> Result<Entity, Failed> {
    let document = Document::parse_within(bytes, &Limits::METADATA);
    let document = document.map_err(|why| Failed(format!("metadata: {why}")))?;
    let entities = metadata::read(document.root());
    let entities = entities.map_err(|why| Failed(format!("metadata: {why}")))?;
    let mut systems = entities.into_iter().filter(|entity| entity.sp.is_some());
    match (systems.next(), systems.next()) {
        (Some(entity), None) => Ok(entity),
        _ => Err(Failed("metadata: exactly one SPSSODescriptor".to_owned())),
    }
}

/// A file that is deleted with the value.
#[derive(Debug)]
struct Temporary(PathBuf);

impl Temporary {
    fn holding(bytes: &[u8]) -> Result<Self, Failed> {
        let name = format!("vejviser-{}.xml", random_hex::<8>());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, bytes)
            .map_err(|error| Failed(format!("{}: {error}", path.display())))?;
        Ok(Self(path))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
