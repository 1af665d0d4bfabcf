//! The system under test, as it was given: its metadata, and what is told of it.

use super::args::{BrowserArg, TestSystemArgs};
use super::stage::{SYSTEM, Stage};
use crate::cli::{Failure, given};
use crate::config::pki;
use crate::drill::system_test::{Subject, Success, Target};
use crate::dsig::{Certificate, hex};
use crate::edge::fetch;
use crate::hub::lint::{Circumstances, LintRole, Others, lint};
use crate::oiosaml::Level;
use crate::saml::metadata::{self, Entity};
use crate::xml::{Document, Limits};
use std::collections::BTreeMap;
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
}

/// Reads metadata from a file, or fetches it into one.
pub async fn metadata(args: &TestSystemArgs) -> Result<Metadata, Failure> {
    let from = args.metadata.clone().unwrap_or_default();
    let by_address = Url::parse(&from).ok();
    let by_address = by_address.filter(|url| matches!(url.scheme(), "http" | "https"));
    let (bytes, file) = match by_address {
        Some(url) => {
            let bytes = fetched(args, &url).await?;
            let file = std::env::temp_dir().join(format!("vejviser-{}.xml", std::process::id()));
            crate::cli::output::write(&file, &bytes)?;
            (bytes, file)
        }
        None => {
            let file = PathBuf::from(&from);
            let bytes = given::of_option("--metadata", &file)?;
            let whole = std::fs::canonicalize(&file).unwrap_or(file);
            (bytes, whole)
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
    level: Level,
    metadata: &Metadata,
) -> Result<Target, Failure> {
    let snapshot = stage.app.registry.now();
    let registered = snapshot.federation.system(&metadata.entity.entity_id);
    let Some(registered) = registered else {
        return Err(Failure::Configuration(format!(
            "--metadata {}: hubben kan ikke bruge den / the hub cannot use it",
            metadata.from
        )));
    };
    let now = stage.app.clock.now();
    let cas: Vec<Certificate> = [pki::CA, pki::CA_2]
        .iter()
        .filter_map(|pem| Certificate::parse(pem.as_bytes()).ok())
        .collect();
    let (others, revocation) = (Others::default(), BTreeMap::new());
    let circumstances = Circumstances {
        now,
        trusted_cas: &cas,
        others: &others,
        revocation: &revocation,
        own_id: None,
    };
    let linted = lint(&metadata.bytes, LintRole::System, &circumstances);
    // The demo system's own addresses are known.
    let own = stage.app.systems.iter().find(|own| own.name == SYSTEM);
    let demo = own
        .and_then(|own| own.login_url.as_deref())
        .filter(|_| args.demo)
        .and_then(|url| Url::parse(url).ok());
    let beside = |path: &str| {
        let demo = demo.as_ref()?;
        demo.join(path).ok()
    };
    let login_url = args.login_url.clone().or_else(|| demo.clone());
    let login_url = login_url
        .ok_or_else(|| Failure::Usage("error: --login-url mangler / is missing".to_owned()))?;
    Ok(Target {
        title: registered.presentation_name.clone(),
        entity: metadata.entity.clone(),
        metadata: (
            metadata.from.clone(),
            hex(&openssl::sha::sha256(&metadata.bytes)),
        ),
        linted,
        profile: args.profile,
        level,
        encrypted: registered.encryption.is_some(),
        login_url,
        logout_url: args.logout_url.clone().or_else(|| beside("log-ud")),
        step_up_url: args
            .step_up_url
            .clone()
            .or_else(|| beside("log-ind?force=1")),
        refresh_url: args.refresh_url.clone().or_else(|| beside("genindlaes")),
        success: Success {
            url: args.success_url.clone(),
            text: args.success_text.clone(),
            probe: args.probe_url.clone(),
        },
        tls: Some(tls(args)?),
        timeout: Duration::from_secs(args.timeout.into()),
    })
}

/// What the report says of the system, and of what tested it.
pub fn subject(args: &TestSystemArgs, stage: &Stage, target: &Target) -> Subject {
    Subject {
        title: target.title.clone(),
        entity_id: target.entity.entity_id.clone(),
        login_url: target.login_url.to_string(),
        profile: target.profile,
        level: target.level,
        metadata_from: target.metadata.0.clone(),
        metadata_sha256: target.metadata.1.clone(),
        hub: stage.app.hub().entity_id.clone(),
        browser: match args.browser {
            BrowserArg::Vejviser => "vejviser".to_owned(),
            BrowserArg::Chromium => "Chromium".to_owned(),
        },
        ran_by: ran_by(),
    }
}

/// What CI servers call the job: GitHub, GitLab, Azure Pipelines.
fn ran_by() -> Option<String> {
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
    })
}
