//! What demo and serve have in common: sockets, addresses, signals.

use super::args::Common;
use super::ready::Ready;
use super::{Failure, talk};
use crate::config::{HubEntry, is_real_federation};
use crate::drill::matrix::{self, Roster};
use crate::drill::rehearsal::files;
use crate::dsig::Certificate;
use crate::edge::app::{HandOut, Pages};
use crate::edge::fetch;
use crate::edge::manage::{self, Access, Administrators};
use crate::edge::metadata::Source;
use crate::edge::page::Language;
use crate::edge::server::{self, Clients, Site, Sites, Stop};
use crate::edge::test_ca::TestCa;
use crate::edge::world::{Clock, openssl_has_threads};
use crate::edge::{App, SystemLink, front};
use crate::hub::Hub;
use crate::hub::keys::HubKeys;
use crate::hub::rollover::Plan;
use crate::mint::Authority;
use crate::persona::{BuiltIn, Demo, SystemInfo};
use crate::saml::address::insecure;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use url::Url;

/// Both sockets, bound before anything that needs their ports is made.
pub struct Sockets {
    public: TcpListener,
    manage: TcpListener,
    /// Where the public one listens.
    pub public_address: SocketAddr,
    /// Where the management one listens.
    pub manage_address: SocketAddr,
}

/// How the management listener is spoken to.
#[derive(Default)]
pub struct Management {
    /// What opens it; none in a demo.
    pub token: Option<String>,
    /// https.
    pub tls: Option<TlsAcceptor>,
    /// The certificate (PEM) of that, where it was made on the spot.
    pub made: Option<String>,
    /// Whose certificates are as good as the token.
    pub administrators: Administrators,
}

/// Refuses to run with an OpenSSL that threads must not share.
pub fn judge_build() -> Result<(), Failure> {
    match openssl_has_threads() {
        true => Ok(()),
        false => Err(Failure::CouldNotRun(
            "OpenSSL i dette program er bygget uden tråde: det giver samme tilfældige tal to gange og bryder sammen. Byg det som Dockerfile gør, med CFLAGS=-DOPENSSL_THREADS / the OpenSSL in this program was built without threads: it gives the same random numbers twice, and crashes. Build it as the Dockerfile does, with CFLAGS=-DOPENSSL_THREADS"
                .to_owned(),
        )),
    }
}

/// Runs a command that needs the network. Two threads: the work is a millisecond of arithmetic a request.
pub fn block_on(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime
        .map_err(|error| Failure::CouldNotRun(error.to_string()))?
        .block_on(command)
}

impl Sockets {
    /// Binds both.
    pub async fn bind(public: SocketAddr, manage: SocketAddr) -> Result<Self, Failure> {
        let (public, public_address) = bind(public).await?;
        let (manage, manage_address) = bind(manage).await?;
        Ok(Self {
            public,
            manage,
            public_address,
            manage_address,
        })
    }

    /// Address of the management listener as a URL.
    pub fn manage_url(&self, tls: bool) -> String {
        let mut address = self.manage_address;
        if address.ip().is_unspecified() {
            address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
        }
        let scheme = if tls { "https" } else { "http" };
        format!("{scheme}://{address}")
    }

    /// Serves until a signal says stop. `ready` is told once both answer.
    pub async fn serve(
        self,
        app: Arc<App>,
        sites: Sites,
        tls: Option<TlsAcceptor>,
        manage: Management,
        common: &Common,
    ) -> Result<(), Failure> {
        let access = match &manage.token {
            Some(token) => {
                Access::with_token(token.clone(), !self.manage_address.ip().is_loopback())
            }
            None => Access::open(),
        };
        let access = match manage.tls {
            Some(_) => access.over_tls(manage.administrators),
            None => access,
        };
        let (stopper, stop) = Stop::new();
        let public = tokio::spawn(server::serve(
            self.public,
            tls,
            Site::Public(Arc::new(sites)),
            stop.clone(),
        ));
        let site = Site::Management(manage::router(app.clone(), access));
        let managed = tokio::spawn(server::serve(self.manage, manage.tls, site, stop));
        let mut signals = Signals::new()?;
        Ready::of(&app, manage.token.as_deref())
            .with_certificate(manage.made.as_deref())
            .tell(common)?;
        signals.next().await;
        talk::say("Stopper … / Stopping …");
        stopper.stop();
        // Who watches flows would go on for ever.
        app.journal.close();
        tokio::select! {
            _ = async { let _ = (public.await, managed.await); } => Ok(()),
            // The second one means now.
            () = signals.next() => Ok(()),
        }
    }
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let failed = |error| {
        Failure::CouldNotRun(format!(
            "kan ikke lytte på / cannot listen on {address}: {error}"
        ))
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

/// The public address without a slash at the end: the given one, or `hub.localhost` with the port.
pub fn public_url(given: Option<&str>, tls: bool, port: u16) -> Result<Url, Failure> {
    let scheme = if tls { "https" } else { "http" };
    let default = format!("{scheme}://hub.localhost:{port}");
    let text = given.unwrap_or(&default);
    let url = Url::parse(text)
        .map_err(|error| Failure::Configuration(format!("public-url {text}: {error}")))?;
    let plain = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if !plain || !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(Failure::Configuration(format!(
            "public-url {text}: skriv kun skema, vært og port / give scheme, host and port only"
        )));
    }
    if is_real_federation(text) {
        return Err(real(text));
    }
    if let Some(why) = insecure(url.as_str()) {
        return Err(Failure::Configuration(format!("public-url: {why}")));
    }
    Ok(url)
}

/// Where metadata is fetched, and never from the management listener. Files are read relative to `config`.
pub fn source(entry: &HubEntry, config: &Path, manage: SocketAddr) -> Result<Source, Failure> {
    let folder = config.parent().unwrap_or(Path::new(""));
    let read = |name: &str| {
        let path = folder.join(name);
        std::fs::read(&path)
            .map_err(|error| Failure::Configuration(format!("{}: {error}", path.display())))
    };
    let roots = entry.fetch_roots.as_ref();
    let settings = fetch::Settings {
        roots: roots.map(|name| read(name.get_ref())).transpose()?,
        forbidden: vec![manage],
        ..fetch::Settings::default()
    };
    let mut trusted = Vec::new();
    for name in &entry.trusted_cas {
        let bytes = read(name.get_ref())?;
        let certificates = Certificate::parse_all(&bytes)
            .map_err(|why| Failure::Configuration(format!("{}: {why}", name.get_ref())))?;
        trusted.extend(certificates);
    }
    Ok(Source::new(settings, entry.ask_cas, trusted))
}

/// The CA of a configuration, that the process answers for.
pub fn test_ca(given: Option<Authority>, clock: &Arc<Clock>) -> Result<Option<TestCa>, Failure> {
    let given = given.map(|authority| TestCa::given(authority, clock.clone()));
    let made = given.transpose();
    made.map_err(|why| Failure::Configuration(format!("test_ca: {why}")))
}

/// Every site: each on a host of its own, or below a path of the hub.
pub fn sites(app: &Arc<App>, demo: &Demo, public_url: &Url) -> Sites {
    let mut sites = Sites::hub_only(
        front::router(app.clone()),
        public_url.host_str().unwrap_or_default(),
    );
    for (key, router) in demo.routers() {
        let router = front::shield(router);
        if key.starts_with('/') {
            sites.hub = sites.hub.nest(&key, router);
        } else {
            sites.by_host.insert(key, router);
        }
    }
    sites
}

/// The built-in test systems, for those who start trials.
pub fn built_in(systems: &BuiltIn) -> Vec<SystemLink> {
    let registered = systems.registered();
    let systems = systems.systems().into_iter();
    let link = |info: SystemInfo| {
        let mut known = registered.iter();
        let known = known.find(|known| known.name == info.name);
        SystemLink {
            title: known.map_or_else(String::new, |known| known.presentation_name.clone()),
            name: info.name,
            entity_id: info.entity_id,
            login_url: Some(info.login_url),
            metadata: Some(info.metadata),
            acs: info.acs,
            note: String::new(),
        }
    };
    systems.map(link).collect()
}

/// A URL of [`public_url`] as text.
pub fn text(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

/// The hub's identity, with the keys of a day on which no change is planned.
pub fn hub(
    public_url: &Url,
    entity_id: Option<&str>,
    organisation: Option<&str>,
    keys: Option<&HubKeys>,
) -> Result<Hub, Failure> {
    let public_url = text(public_url);
    let entity_id = entity_id.map_or_else(|| format!("{public_url}/runtime"), str::to_owned);
    if is_real_federation(&entity_id) {
        return Err(real(&entity_id));
    }
    let keys = keys.ok_or_else(no_key)?;
    let now = keys.unplanned();
    Ok(Hub {
        entity_id,
        public_url,
        organisation: organisation.unwrap_or("Vejviser (testmiljø)").to_owned(),
        idp: keys.idp.at(&now),
        sp: keys.sp.at(&now),
        faults: None,
    })
}

/// A hub without keys signs nothing.
pub fn no_key() -> Failure {
    Failure::Configuration("hubben har ingen nøgle / the hub has no key".to_owned())
}

/// What the page of a rehearsal offers: the same files as `rehearse --files`.
pub fn hand_outs(
    plan: &Plan,
    changer: &str,
    active: &Certificate,
    next: &Certificate,
    language: Language,
) -> Vec<HandOut> {
    let files = files::of_plan(plan, changer, active, next, language);
    let files = files.into_iter();
    files
        .map(|file| HandOut {
            name: file.name,
            bytes: file.bytes,
        })
        .collect()
}

/// The pages that are made of what stands to the right of the edge.
pub fn pages(roster: Roster) -> Pages {
    let roster = Arc::new(roster);
    Box::new(move || matrix::page::router(roster.clone()))
}

/// TLS with a certificate made for the public host and for those of the other sites.
pub fn made_tls(sites: &Sites, clock: &Clock) -> Result<TlsAcceptor, Failure> {
    let public = sites.public_host.trim_matches(['[', ']']);
    let others = sites.by_host.keys().map(String::as_str);
    let hosts: Vec<&str> = std::iter::once(public).chain(others).collect();
    let made = server::self_signed(&hosts, clock.now(), Clients::Anonymous);
    made.map(|(acceptor, _)| acceptor)
        .map_err(|error| Failure::CouldNotRun(error.to_string()))
}

fn real(what: &str) -> Failure {
    Failure::Configuration(format!(
        "{what} hører under den rigtige føderation; Vejviser er ikke KOMBITs / lies under the real federation; Vejviser is not KOMBIT's"
    ))
}

/// Waits for a signal that says stop.
pub async fn until_told_to_stop() -> Result<(), Failure> {
    Signals::new()?.next().await;
    Ok(())
}

/// SIGTERM and Ctrl-C.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        let terminate = signal(SignalKind::terminate())
            .map_err(|error| Failure::CouldNotRun(error.to_string()))?;
        Ok(Self { terminate })
    }
    #[cfg(not(unix))]
    fn new() -> Result<Self, Failure> {
        Ok(Self {})
    }
    #[cfg(unix)]
    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
    #[cfg(not(unix))]
    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entity_id_of_the_real_federation_is_refused_whatever_the_address() {
        let url = public_url(None, false, 7878).unwrap();
        let refused = hub(&url, Some("urn:kombit.dk"), None, None).unwrap_err();
        assert_eq!(refused, real("urn:kombit.dk"));
    }

    #[test]
    fn a_public_address_is_ours_and_only_an_address() {
        assert_eq!(
            text(&public_url(None, false, 7878).unwrap()),
            "http://hub.localhost:7878"
        );
        assert_eq!(
            text(&public_url(Some("https://hub.example.dk/"), false, 1).unwrap()),
            "https://hub.example.dk"
        );
        for bad in [
            "hub",
            "ftp://a",
            "https://a/b",
            "https://a?x",
            "https://user@hub.example.dk",
            "https://:secret@hub.example.dk",
            "http://hub.example.dk",
            "https://n2adgangsstyring.eksterntest-stoettesystemerne.dk",
        ] {
            assert!(
                matches!(
                    public_url(Some(bad), true, 1),
                    Err(Failure::Configuration(_))
                ),
                "{bad}"
            );
        }
    }
}
