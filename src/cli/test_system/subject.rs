//! The system under test, as it was given: its metadata, and what is told of it.

use super::args::TestSystemArgs;
use super::stage::{SYSTEM, Stage};
use crate::cli::{Failure, given};
use crate::drill::system_test::{Success, Target, Ways};
use crate::edge::fetch;
use crate::edge::world::random_hex;
use crate::saml::metadata::{self, Entity};
use crate::xml::{Document, Limits};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::Url;

/// Metadata as it was read.
pub struct Metadata {
    /// The one party with the role of a system.
    pub entity: Entity,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// A file or an address.
    pub from: String,
    /// The file that holds it.
    pub file: PathBuf,
    /// Where it was fetched: keeps that file.
    _kept: Option<Kept>,
}

/// A file of ours among the temporary ones, by a name that nobody can guess; gone when this goes.
struct Kept(PathBuf);

impl Kept {
    fn with(bytes: &[u8]) -> Result<Self, Failure> {
        let file = std::env::temp_dir().join(format!("vejviser-{}.xml", random_hex::<16>()));
        let written = std::fs::File::create_new(&file).and_then(|mut new| new.write_all(bytes));
        match written {
            Ok(()) => Ok(Self(file)),
            Err(error) => Err(Failure::CouldNotRun(format!(
                "error: {}: {error}",
                file.display()
            ))),
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // Whoever cleans up before us is fine.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Reads metadata from a file, or fetches it into one.
pub async fn metadata(args: &TestSystemArgs) -> Result<Metadata, Failure> {
    let from = args.metadata.clone().unwrap_or_default();
    let by_address = Url::parse(&from).ok();
    let by_address = by_address.filter(|url| matches!(url.scheme(), "http" | "https"));
    let (bytes, file, kept) = match by_address {
        Some(url) => {
            let bytes = fetched(args, &url).await?;
            let kept = Kept::with(&bytes)?;
            (bytes, kept.0.clone(), Some(kept))
        }
        None => {
            let file = PathBuf::from(&from);
            let bytes = given::of_option("--metadata", &file)?;
            let whole = std::fs::canonicalize(&file).unwrap_or(file);
            (bytes, whole, None)
        }
    };
    let wrong = |why: String| Failure::Configuration(format!("--metadata {from}: {why}"));
    let document = Document::parse_within(&bytes, &Limits::METADATA);
    let document = document.map_err(|why| wrong(why.to_string()))?;
    let entities = metadata::read(document.root()).map_err(|why| wrong(why.to_string()))?;
    let mut systems = entities.into_iter().filter(|entity| entity.sp.is_some());
    let (Some(entity), None) = (systems.next(), systems.next()) else {
        return Err(wrong(
            "der skal være præcis ét brugervendt system (SPSSODescriptor) / there must be exactly one user-facing system (SPSSODescriptor)"
                .to_owned(),
        ));
    };
    Ok(Metadata {
        entity,
        bytes,
        from,
        file,
        _kept: kept,
    })
}

async fn fetched(args: &TestSystemArgs, url: &Url) -> Result<Vec<u8>, Failure> {
    let browser = crate::drill::Browser::new()
        .with_timeout(Duration::from_secs(args.timeout.into()))
        .with_tls(tls(args)?);
    super::until_there(browser, url, args.wait)
        .await
        .map(|page| page.body.into_bytes())
        .map_err(|error| Failure::CouldNotRun(format!("--metadata {url}: {error}")))
}

/// Whom https is trusted by.
pub fn tls(args: &TestSystemArgs) -> Result<Arc<ClientConfig>, Failure> {
    let bundles = args.ca.iter().map(|file| given::of_option("--ca", file));
    let bundles = bundles.collect::<Result<Vec<_>, _>>()?;
    let mut roots = match bundles.is_empty() {
        true => fetch::system_roots(),
        false => RootCertStore::empty(),
    };
    for bundle in &bundles {
        fetch::add_bundle(&mut roots, bundle);
    }
    fetch::trusting(roots).map_err(|error| Failure::CouldNotRun(error.to_string()))
}

/// The system, when the hub knows it.
pub fn target(
    args: &TestSystemArgs,
    stage: &Stage,
    metadata: &Metadata,
) -> Result<Target, Failure> {
    // The demo system's own addresses are known.
    let own = stage.app.systems.iter().find(|own| own.name == SYSTEM);
    let demo = own
        .and_then(|own| own.login_url.as_deref())
        .filter(|_| args.demo)
        .and_then(|url| Url::parse(url).ok());
    let beside = |path: &str| demo.as_ref()?.join(path).ok();
    let login_url = args.login_url.clone().or_else(|| demo.clone());
    let login_url = login_url
        .ok_or_else(|| Failure::Usage("error: --login-url mangler / is missing".to_owned()))?;
    let given = |given: &Option<Url>, path: &str| given.clone().or_else(|| beside(path));
    let ways = Ways {
        login_url,
        logout_url: given(&args.logout_url, "log-ud"),
        step_up_url: given(&args.step_up_url, "log-ind?force=1"),
        refresh_url: given(&args.refresh_url, "genindlaes"),
        success: Success {
            url: args.success_url.clone(),
            text: args.success_text.clone(),
            probe: args.probe_url.clone(),
        },
        tls: Some(tls(args)?),
        timeout: Duration::from_secs(args.timeout.into()),
    };
    let (entity, from) = (metadata.entity.clone(), &metadata.from);
    let target = Target::of(&stage.app, entity, &metadata.bytes, from, ways);
    target.ok_or_else(|| {
        Failure::Configuration(format!(
            "--metadata {from}: hubben kan ikke bruge den / the hub cannot use it"
        ))
    })
}

/// What CI servers call the job: GitHub, GitLab, Azure Pipelines.
pub fn ran_by() -> Option<String> {
    #[allow(
        clippy::disallowed_methods,
        reason = "no flag of ours: CI servers set them"
    )]
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let known = [
        ("GitHub Actions", "GITHUB_RUN_ID"),
        ("GitLab CI", "CI_JOB_ID"),
        ("Azure Pipelines", "BUILD_BUILDID"),
    ];
    let mut found = known
        .into_iter()
        .filter_map(|(server, name)| Some(format!("{server} #{}", set(name)?)));
    found.next()
}

/// The demo system's metadata, as it serves it.
pub async fn of_demo(stage: &Stage) -> Result<Metadata, Failure> {
    let own = stage.app.systems.iter().find(|own| own.name == SYSTEM);
    let from = own.and_then(|own| own.metadata.clone()).unwrap_or_default();
    let could_not = |why: String| Failure::CouldNotRun(format!("{from}: {why}"));
    let page = crate::drill::Browser::new().get(&from).await;
    let page = page.map_err(|error| could_not(error.to_string()))?;
    let bytes = page.body.into_bytes();
    let document = Document::parse_within(&bytes, &Limits::METADATA);
    let document = document.map_err(|why| could_not(why.to_string()))?;
    let entities = metadata::read(document.root()).map_err(|why| could_not(why.to_string()))?;
    let entity = entities.into_iter().next();
    let entity = entity.ok_or_else(|| could_not("empty".to_owned()))?;
    Ok(Metadata {
        entity,
        bytes,
        from,
        file: PathBuf::new(),
        _kept: None,
    })
}
