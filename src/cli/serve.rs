//! `vejviser serve`: the hub on somebody's own federation.

use super::args::ServeArgs;
use super::registered::{self, Written};
use super::run::{self, Management, Sockets};
use super::{Failure, reload, talk};
use crate::config::{self, HubEntry, Loaded};
use crate::drill::matrix::Roster;
use crate::dsig::Certificate;
use crate::edge::journal::Journal;
use crate::edge::logins::Logins;
use crate::edge::manage::Administrators;
use crate::edge::memory::Seal;
use crate::edge::metadata;
use crate::edge::next_login::NextLogins;
use crate::edge::pinned::Pinned;
use crate::edge::reports::Reports;
use crate::edge::rollover::{Parts, Player};
use crate::edge::server::{Clients, Sites, acceptor_from_pem, self_signed};
use crate::edge::trials::Trials;
use crate::edge::world::{Clock, SystemEntropy, random_hex};
use crate::edge::{App, IdpLink, Mode, SystemLink};
use crate::hub::Federation;
use crate::persona::{Addresses, BuiltIn, Cast, fresh_pair};
use crate::store::records::{MemoryRecords, Records};
use crate::store::{Memory, Sqlite, Store, StoreError};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use toml::Spanned;
use url::Url;

/// Runs it.
pub async fn run(args: ServeArgs) -> Result<(), Failure> {
    let clock = Arc::new(Clock::default());
    let (loaded, text) = load(&args.config, &clock)?;
    let entry = &loaded.file.hub;
    let manage_tls = args.manage_tls || entry.manage_tls_certificate.is_some();
    manageable(args.common.manage, manage_tls)?;
    let tls = args.common.tls || entry.tls_certificate.is_some() || !args.listen.ip().is_loopback();
    let sockets = Sockets::bind(args.listen, args.common.manage).await?;
    let configured = entry.public_url.as_ref().map(|url| url.get_ref().as_str());
    let given = args.common.public_url.as_deref().or(configured);
    let public_url = run::public_url(given, tls, sockets.public_address.port())?;
    let given_tls = match tls {
        true => acceptor(entry, &args.config)?,
        false => None,
    };
    if !tls && public_url.scheme() == "https" {
        talk::say(
            "Lytter på http bag en https-adresse: en proxy skal stå for TLS / plain http behind an https address: a proxy must do TLS",
        );
    }
    let token = random_hex::<32>();
    let manage = Management {
        token: Some(token.clone()),
        ..management(entry, &args, &public_url, &clock)?
    };
    let store = Kept::open(&args, &clock)?;
    let manage_url = sockets.manage_url(manage_tls);
    let from = Origin {
        path: &args.config,
        text: &text,
        store,
        manage: sockets.manage_address,
    };
    let (app, sites) = stage(loaded, from, &public_url, manage_url, clock).await?;
    let acceptor = match given_tls {
        None if tls => Some(run::made_tls(&sites, &app.clock)?),
        given => given,
    };
    let watched = reload::watch(app.clone(), args.config.clone(), text);
    let refreshed = tokio::spawn(metadata::run(app.clone()));
    talk::say(&format!("Vejviser: {}/", app.hub().public_url));
    talk::say(&format!(
        "  Overblik / Overview     {}/?token={token}",
        app.manage_url
    ));
    let ended = sockets
        .serve(app.clone(), sites, acceptor, manage, &args.common)
        .await;
    // Now, whoever else may still hold the journal.
    app.journal.flush();
    watched.abort();
    refreshed.abort();
    ended
}

/// Where a process keeps what must outlive a step: a file, or memory.
struct Kept {
    logins: Arc<dyn Store>,
    records: Arc<dyn Records>,
    journal: Journal,
}

impl Kept {
    fn open(args: &ServeArgs, clock: &Arc<Clock>) -> Result<Self, Failure> {
        let file = match &args.store {
            Some(file) if file.as_os_str() == "memory" => {
                return Ok(Self {
                    logins: Arc::new(Memory::default()),
                    records: Arc::new(MemoryRecords::default()),
                    journal: Journal::new(clock.clone()),
                });
            }
            Some(file) => file.clone(),
            None => args.config.with_extension("db"),
        };
        let store = Sqlite::open(&file).map_err(|error| {
            let help =
                "eller brug --store FIL, --store memory / or use --store FILE, --store memory";
            Failure::CouldNotRun(format!("{error}\n{help}"))
        })?;
        talk::say(&format!("Lager / Store            {}", file.display()));
        let store = Arc::new(store);
        Ok(Self {
            logins: store.clone(),
            records: store,
            journal: journal(&file, args.keep_flows, clock)?,
        })
    }
}

/// The journal beside the store in `file`.
fn journal(file: &Path, days: u16, clock: &Arc<Clock>) -> Result<Journal, Failure> {
    if days == 0 {
        return Ok(Journal::new(clock.clone()));
    }
    let file = flows_beside(file);
    let keep = time::Duration::days(days.into());
    let journal = Journal::kept(clock.clone(), &file, keep).map_err(|error| {
        let said = match error {
            StoreError::Unusable(unusable) => format!("{}\n{}", unusable.da(), unusable.en()),
            other => other.to_string(),
        };
        let help = "eller brug --keep-flows 0: forløb kun i hukommelsen / or use --keep-flows 0: flows in memory only";
        Failure::CouldNotRun(format!("{said}\n{help}"))
    })?;
    talk::say(&format!("Forløb / Flows           {}", file.display()));
    Ok(journal.writing())
}

/// `federation.db` has its flows in `federation-flows.db`.
fn flows_beside(store: &Path) -> PathBuf {
    let mut name = store.file_stem().unwrap_or_default().to_owned();
    name.push("-flows");
    if let Some(extension) = store.extension() {
        name.push(".");
        name.push(extension);
    }
    store.with_file_name(name)
}

/// What a process is staged from.
struct Origin<'a> {
    path: &'a Path,
    text: &'a str,
    store: Kept,
    /// Where the management listener is: nothing is ever fetched from there.
    manage: SocketAddr,
}

/// Over plain http the token would be read on the way.
fn manageable(address: SocketAddr, tls: bool) -> Result<(), Failure> {
    if tls || address.ip().is_loopback() {
        return Ok(());
    }
    Err(Failure::Configuration(format!(
        "administrationen kan uden TLS kun lytte på loopback, for adgangsnøglen kunne læses undervejs; brug --manage-tls, en tunnel (ssh -L) eller en proxy med TLS / \
         without TLS management can listen on loopback only, since its token could be read on the way; use --manage-tls, a tunnel (ssh -L) or a proxy with TLS (--manage {address})"
    )))
}

fn load(path: &Path, clock: &Clock) -> Result<(Loaded, String), Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::CouldNotRun(format!("{}: {error}", path.display())))?;
    match config::load(path, &text, None, clock.now()) {
        Ok(loaded) => {
            if !loaded.warnings.list.is_empty() {
                talk::say(&config::render::text(&loaded.warnings, &text));
            }
            Ok((loaded, text))
        }
        Err(problems) => Err(Failure::Configuration(config::render::text(
            &problems, &text,
        ))),
    }
}

/// Given PEM files, relative to the configuration; none where a certificate is to be made on the spot.
fn acceptor(entry: &HubEntry, config: &Path) -> Result<Option<TlsAcceptor>, Failure> {
    let files = entry.tls_certificate.as_ref().zip(entry.tls_key.as_ref());
    let given = files.map(|(certificate, key)| given(config, certificate, key, Clients::Anonymous));
    given.transpose()
}

/// The management listener's https, which asks for certificates: its own files, else the public listener's, else a
/// certificate made on the spot.
fn management(
    entry: &HubEntry,
    args: &ServeArgs,
    public_url: &Url,
    clock: &Clock,
) -> Result<Management, Failure> {
    let own = entry.manage_tls_certificate.as_ref();
    if !args.manage_tls && own.is_none() {
        if !entry.manage_certificates.is_empty() {
            talk::say(
                "manage_certificates bruges kun med --manage-tls / manage_certificates are used with --manage-tls only",
            );
        }
        return Ok(Management::default());
    }
    let own = own.zip(entry.manage_tls_key.as_ref());
    let public = entry.tls_certificate.as_ref().zip(entry.tls_key.as_ref());
    let (tls, made) = match own.or(public) {
        Some((certificate, key)) => (given(&args.config, certificate, key, Clients::Asked)?, None),
        None => {
            let address = args.common.manage.ip();
            let host = match address.is_unspecified() {
                true => public_url.host_str().unwrap_or("localhost").to_owned(),
                false => address.to_string(),
            };
            let host = host.trim_matches(['[', ']']);
            let made = self_signed(&[host], clock.now(), Clients::Asked);
            let (tls, pem) = made.map_err(|error| Failure::CouldNotRun(error.to_string()))?;
            (tls, Some(String::from_utf8_lossy(&pem).into_owned()))
        }
    };
    let certificates = entry.manage_certificates.iter().map(|name| {
        let bytes = read(&args.config, name.get_ref())?;
        Certificate::parse(&bytes).map_err(|error| Failure::Configuration(error.to_string()))
    });
    Ok(Management {
        tls: Some(tls),
        made,
        administrators: Administrators::new(certificates.collect::<Result<_, _>>()?),
        token: None,
    })
}

fn given(
    config: &Path,
    certificate: &Spanned<String>,
    key: &Spanned<String>,
    clients: Clients,
) -> Result<TlsAcceptor, Failure> {
    let chain = read(config, certificate.get_ref())?;
    acceptor_from_pem(&chain, &read(config, key.get_ref())?, clients)
        .map_err(|error| Failure::Configuration(error.to_string()))
}

/// A file that the configuration names, relative to it.
fn read(config: &Path, name: &str) -> Result<Vec<u8>, Failure> {
    let path = config.parent().unwrap_or(Path::new("")).join(name);
    std::fs::read(&path)
        .map_err(|error| Failure::Configuration(format!("{}: {error}", path.display())))
}

async fn stage(
    mut loaded: Loaded,
    from: Origin<'_>,
    public_url: &Url,
    manage_url: String,
    clock: Arc<Clock>,
) -> Result<(Arc<App>, Sites), Failure> {
    let built_in = test_systems(&loaded, public_url, &clock)?;
    loaded.federation.test_systems = built_in.as_ref().map_or_else(Vec::new, BuiltIn::registered);
    let entry = &loaded.file.hub;
    let entity_id = entry.entity_id.as_ref().map(|id| id.get_ref().as_str());
    let hub = run::hub(
        public_url,
        entity_id,
        entry.organisation.as_deref(),
        loaded.keys.as_ref(),
    )?;
    if let Some(name) = config::with_id(&loaded.federation, &hub.entity_id) {
        return Err(Failure::Configuration(format!(
            "hubbens entityID {} er også {name}s / the hub's entityID is also that of {name}",
            hub.entity_id
        )));
    }
    let seal = match &loaded.memory_key {
        Some(secret) => Seal::new(secret)
            .ok_or_else(|| Failure::Configuration("memory_key: for kort / too short".to_owned()))?,
        None => Seal::fresh(),
    };
    let keys = loaded.keys.clone().ok_or_else(run::no_key)?;
    let written = Written {
        path: from.path,
        text: from.text,
        file: &loaded.file,
    };
    let judge = registered::judge(&hub, &keys, false);
    let registry =
        registered::stored(written, &loaded, from.store.records, judge, clock.now()).await?;
    let metadata = run::source(&loaded.file.hub, from.path, from.manage)?;
    metadata.check().map_err(|_| {
        Failure::Configuration(
            "fetch_roots: intet certifikat i filen / no certificate in the file".to_owned(),
        )
    })?;
    let test_ca = run::test_ca(loaded.test_ca.take(), &clock)?;
    let parts = Parts {
        habits: loaded.habits,
        ..Parts::default()
    };
    let player = Arc::new(Player::new(hub, keys, parts));
    let trials = Arc::new(Trials::new(clock.clone()));
    let test_systems = built_in.as_ref().map_or_else(Vec::new, run::built_in);
    let cast = match built_in {
        Some(built_in) => Cast::default().with_test_systems(built_in),
        None => Cast::default(),
    };
    let journal = from.store.journal.observing(loaded.observed.clone());
    let (journal, logins) = (Arc::new(journal), Arc::<Logins>::default());
    let reports = Reports::new(journal.clone(), logins.clone(), clock.clone());
    let stage = cast.open(&player, &clock, &trials, reports);
    let app = Arc::new(App {
        systems: systems(&registry.now().federation),
        test_systems,
        idps: idps(&registry.now().federation),
        player,
        registry,
        metadata,
        test_ca,
        seal,
        pinned: Pinned::default(),
        trusted_proxies: loaded.file.hub.trusted_proxies.clone(),
        store: from.store.logins,
        journal,
        logins,
        next_logins: NextLogins::new(clock.clone()),
        trials,
        clock,
        mode: Mode::Serve,
        manage_url,
        hand_outs: run::hand_outs,
        pages: run::pages(Roster::of(&loaded.file)),
        on_reset: Vec::new(),
    });
    let sites = run::sites(&app, &stage, public_url);
    Ok((app, sites))
}

/// The built-in test systems, where they are switched on, with a key made on the spot.
fn test_systems(
    loaded: &Loaded,
    public_url: &Url,
    clock: &Clock,
) -> Result<Option<BuiltIn>, Failure> {
    if !loaded.file.hub.test_systems {
        return Ok(None);
    }
    let addresses = Addresses::new(&run::text(public_url)).map_err(Failure::Configuration)?;
    let pair = fresh_pair(clock.now(), &mut SystemEntropy)
        .map_err(|error| Failure::CouldNotRun(error.to_string()))?;
    Ok(Some(BuiltIn::new(&addresses, pair)))
}

fn systems(federation: &Federation) -> Vec<SystemLink> {
    let systems = federation.systems.iter().map(|system| SystemLink {
        name: system.name.clone(),
        title: system.presentation_name.clone(),
        entity_id: system.id.clone(),
        login_url: None,
        metadata: None,
        acs: system
            .assertion_consumers
            .get(system.default_acs)
            .map_or_else(String::new, |acs| acs.endpoint.location.clone()),
        note: String::new(),
    });
    systems.collect()
}

fn idps(federation: &Federation) -> Vec<IdpLink> {
    let idps = federation.identity_providers.iter().map(|idp| IdpLink {
        name: idp.name.clone(),
        title: idp.presentation_name.clone(),
        entity_id: idp.id.clone(),
        metadata: None,
        kind: None,
        behaviour: Vec::new(),
        people: Vec::new(),
        note: idp.oiosaml_profile.as_str().to_owned(),
    });
    idps.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flows_lie_beside_the_store() {
        for (store, flows) in [
            ("/data/federation.db", "/data/federation-flows.db"),
            ("store", "store-flows"),
            ("a.b/x.y.z", "a.b/x.y-flows.z"),
        ] {
            assert_eq!(flows_beside(Path::new(store)), Path::new(flows));
        }
    }

    #[test]
    fn management_stays_on_loopback_and_says_why() {
        for fine in ["127.0.0.1:0", "127.8.8.8:7879", "[::1]:7879"] {
            manageable(fine.parse().unwrap(), false).unwrap();
        }
        for open in ["0.0.0.0:7879", "[::]:7879", "192.0.2.1:7879"] {
            manageable(open.parse().unwrap(), true).unwrap();
            let Err(Failure::Configuration(why)) = manageable(open.parse().unwrap(), false) else {
                panic!("{open}")
            };
            assert!(why.contains("TLS"), "{why}");
        }
    }
}
