//! The whole demo in this process, on ports of its own: what `vejviser demo` runs, and a browser before it.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use time::Duration;
use tokio::net::TcpListener;
use vejviser::cli::demo::{HubOf, Script, stage_on};
use vejviser::config::Habits;
use vejviser::drill::{Browser, BrowserError, Page};
use vejviser::edge::App;
use vejviser::edge::manage::{self, Access};
use vejviser::edge::server::{self, Site, Stop, Stopper};
use vejviser::edge::world::Clock;
use vejviser::hub::settings::RememberedChoice;

/// A running demo; ends with the value.
pub struct Demo {
    /// The state, for what the management interface does.
    pub app: Arc<App>,
    clock: Arc<Clock>,
    port: u16,
    pub manage: u16,
    _stopper: Stopper,
}

/// How a login went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Went {
    /// Logged in at the system, with this level.
    In(String),
    /// The system got a status: second-level code (its last word) or `-`, and StatusMessage.
    Status(String),
    /// The user stands on another page: its heading.
    Page(String),
}

impl Demo {
    pub async fn start() -> Self {
        Self::start_with(RememberedChoice::Ch2).await
    }

    /// With this behaviour of “husk mit valg”.
    pub async fn start_with(mode: RememberedChoice) -> Self {
        Self::start_as(Script::sample(), mode, None).await
    }

    /// With parties that take over a change of certificates so.
    pub async fn start_with_habits(habits: BTreeMap<String, Habits>) -> Self {
        Self::start_as(Script::sample(), RememberedChoice::Ch2, Some(habits)).await
    }

    /// With another federation, whose parties are all invented.
    pub async fn start_on(federation: &str) -> Self {
        let path = Path::new("federation.toml");
        let script = Script {
            path,
            text: federation,
            hub: HubOf::DEMO,
        };
        Self::start_as(script, RememberedChoice::Ch2, None).await
    }

    /// With a federation that lies on disk, with the files that it names beside it.
    pub async fn start_at(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let hub = HubOf::DEMO;
        let script = Script {
            path,
            text: &text,
            hub,
        };
        Self::start_as(script, RememberedChoice::Ch2, None).await
    }

    async fn start_as(
        script: Script<'_>,
        mode: RememberedChoice,
        habits: Option<BTreeMap<String, Habits>>,
    ) -> Self {
        let public = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let management = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let (port, manage) = (
            public.local_addr().unwrap().port(),
            management.local_addr().unwrap().port(),
        );
        let clock = Arc::new(Clock::default());
        let url = url::Url::parse(&format!("http://hub.localhost:{port}")).unwrap();
        let staged = stage_on(
            script,
            &url,
            format!("http://127.0.0.1:{manage}"),
            clock.clone(),
            Some(mode),
            habits,
        );
        let Ok((app, sites)) = staged else {
            panic!("the federation does not load")
        };
        let (stopper, stop) = Stop::new();
        tokio::spawn(server::serve(
            public,
            None,
            Site::Public(Arc::new(sites)),
            stop.clone(),
        ));
        let site = Site::Management(manage::router(app.clone(), Access::open()));
        tokio::spawn(server::serve(management, None, site, stop));
        Self {
            app,
            clock,
            port,
            manage,
            _stopper: stopper,
        }
    }

    /// The hub's public address.
    pub fn public_url(&self) -> String {
        format!("http://hub.localhost:{}", self.port)
    }

    /// A path of a site.
    pub fn url(&self, site: &str, path: &str) -> String {
        format!("http://{site}.localhost:{}{path}", self.port)
    }

    /// entityID of an IdP or a system.
    pub fn entity_id(&self, name: &str) -> String {
        self.url(name, "/metadata")
    }

    pub fn move_clock(&self, by: Duration) {
        self.clock.set_offset(by);
    }

    /// A page of the management interface.
    pub async fn manage(&self, path: &str) -> Page {
        let address = format!("http://127.0.0.1:{}{path}", self.manage);
        Browser::new().get(&address).await.unwrap()
    }

    /// What the management interface answers.
    pub async fn api(&self, path: &str) -> serde_json::Value {
        serde_json::from_str(&self.manage(path).await.body).unwrap()
    }

    /// A change over the management interface, which is made.
    pub async fn send(&self, method: &'static str, path: &str, body: Option<serde_json::Value>) {
        let (host, path) = (format!("127.0.0.1:{}", self.manage), path.to_owned());
        let sent = tokio::task::spawn_blocking(move || {
            super::served::ask(&host, "", method, &path, body.as_ref())
        });
        let (status, told) = sent.await.unwrap().expect("an answer");
        assert!((200..300).contains(&status), "{status} {told}");
    }

    /// The newest flow, with everything.
    pub async fn newest_flow(&self) -> serde_json::Value {
        let list = self.api("/api/v1/flows").await;
        let id = list["flows"][0]["id"]
            .as_str()
            .expect("there is a flow")
            .to_owned();
        self.api(&format!("/api/v1/flows/{id}")).await
    }

    /// From a system's login address to the login page of `idp`.
    pub async fn to_idp(
        &self,
        browser: &mut Browser,
        login: &str,
        idp: &str,
    ) -> Result<Page, BrowserError> {
        let chooser = browser.get(login).await?;
        browser.choose(&chooser, "idp", &self.entity_id(idp)).await
    }

    /// A whole login.
    pub async fn log_in(
        &self,
        browser: &mut Browser,
        system: &str,
        idp: &str,
        person: &str,
    ) -> Went {
        let page = self
            .to_idp(browser, &self.url(system, "/log-ind"), idp)
            .await
            .unwrap();
        // An IdP may refuse before it asks anybody, and the hub before it asks an IdP.
        let asks = page
            .forms()
            .iter()
            .any(|form| form.choices.iter().any(|choice| choice.name == "person"));
        let page = if asks {
            browser.choose(&page, "person", person).await.unwrap()
        } else {
            page
        };
        went(&page)
    }
}

/// How it went, as a script reads it.
pub fn went(page: &Page) -> Went {
    let said_in = page.body.contains("Logget ind") || page.body.contains("Logged in");
    match page.result_value("data-status").as_deref() {
        Some("Success") => {
            assert!(said_in);
            Went::In(page.result_value("data-level").unwrap_or_default())
        }
        Some(code) if code.starts_with("urn:") => {
            assert!(!said_in, "a refusal must not look like a login");
            let subcode = page.result_value("data-subcode").unwrap_or_default();
            Went::Status(
                subcode
                    .rsplit(':')
                    .next()
                    .filter(|word| !word.is_empty())
                    .unwrap_or("-")
                    .to_owned(),
            )
        }
        _ => {
            assert!(
                !said_in,
                "only a demo system's success page says so: {}",
                page.url
            );
            let heading = page
                .body
                .split("<h1>")
                .nth(1)
                .and_then(|rest| rest.split('<').next())
                .unwrap_or_default();
            Went::Page(heading.trim().to_owned())
        }
    }
}
