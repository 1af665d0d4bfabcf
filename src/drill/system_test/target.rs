//! The system under test, and the hub that tests it.

use super::outcome::Subject;
use crate::config::pki;
use crate::dsig::{BlockCipher, Certificate};
use crate::edge::App;
use crate::edge::world::hex;
use crate::hub::lint::{Circumstances, LintRole, Linted, Others, lint};
use crate::oiosaml::{Level, OiosamlVersion};
use crate::saml::metadata::{EncryptionMethod, Entity, KeyUse};
use regex_lite::Regex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::rustls::ClientConfig;
use url::Url;

/// The system under test.
#[derive(Debug, Clone)]
pub struct Target {
    /// What people call it.
    pub title: String,
    /// Its metadata.
    pub entity: Entity,
    /// Where that was read, and its SHA-256 in hex.
    pub metadata: (String, String),
    /// What is wrong with it.
    pub linted: Linted,
    /// OIOSAML version that it is registered with.
    pub profile: OiosamlVersion,
    /// Level that it is registered with.
    pub level: Level,
    /// Whether its assertions are encrypted.
    pub encrypted: bool,
    /// Where it is driven.
    pub ways: Ways,
}

/// Where a system is driven, and what is known of it beforehand.
#[derive(Debug, Clone)]
pub struct Ways {
    /// Where a login begins.
    pub login_url: Url,
    /// Where it logs out.
    pub logout_url: Option<Url>,
    /// Where it asks for a fresh login.
    pub step_up_url: Option<Url>,
    /// What has it fetch the hub's metadata, by POST.
    pub refresh_url: Option<Url>,
    /// What somebody logged in looks like, where it was said.
    pub success: Success,
    /// Whom its https is trusted by.
    pub tls: Option<Arc<ClientConfig>>,
    /// How long it may take for a page.
    pub timeout: Duration,
}

impl Ways {
    /// A system that is known by the address at which a login begins; a page may take ten seconds.
    pub fn from(login_url: Url) -> Self {
        Self {
            login_url,
            logout_url: None,
            step_up_url: None,
            refresh_url: None,
            success: Success::default(),
            tls: None,
            timeout: Duration::from_secs(10),
        }
    }
}

/// What somebody logged in looks like.
#[derive(Debug, Clone, Default)]
pub struct Success {
    /// The address of the last page matches.
    pub url: Option<Regex>,
    /// The text of the last page matches.
    pub text: Option<Regex>,
    /// The page to look at.
    pub probe: Option<Url>,
}

/// The hub, in this process, and whom it logs in.
pub struct Hub {
    /// The hub.
    pub app: Arc<App>,
    /// Short name of the identity provider.
    pub idp: String,
    /// Two people who reach exactly the level that the system needs.
    pub people: [String; 2],
    /// Name of the run.
    pub run: String,
}

impl Target {
    /// The system with this metadata, as the hub has it registered; none where it has not.
    pub fn of(app: &App, entity: Entity, bytes: &[u8], from: &str, ways: Ways) -> Option<Self> {
        let snapshot = app.registry.now();
        let registered = snapshot.federation.system(&entity.entity_id)?;
        // The CAs of the test PKI are good enough for a test.
        let cas = [pki::CA, pki::CA_2].into_iter();
        let cas: Vec<Certificate> = cas
            .filter_map(|pem| Certificate::parse(pem.as_bytes()).ok())
            .collect();
        let (others, revocation) = (Others::default(), BTreeMap::new());
        let circumstances = Circumstances {
            now: app.clock.now(),
            trusted_cas: &cas,
            others: &others,
            revocation: &revocation,
            own_id: None,
        };
        Some(Self {
            title: registered.presentation_name.clone(),
            metadata: (from.to_owned(), hex(&openssl::sha::sha256(bytes))),
            linted: lint(bytes, LintRole::System, &circumstances),
            profile: registered.oiosaml_profile,
            level: registered.required_level,
            encrypted: registered.encryption.is_some(),
            entity,
            ways,
        })
    }

    /// What a report says of it, and of what tested it.
    pub fn subject(&self, hub: &Hub, browser: &str, ran_by: Option<String>) -> Subject {
        Subject {
            title: self.title.clone(),
            entity_id: self.entity.entity_id.clone(),
            login_url: self.ways.login_url.to_string(),
            profile: self.profile,
            level: self.level,
            metadata_from: self.metadata.0.clone(),
            metadata_sha256: self.metadata.1.clone(),
            hub: hub.app.hub().entity_id.clone(),
            browser: browser.to_owned(),
            ran_by,
        }
    }

    /// The AssertionConsumerServices.
    pub fn consumers(&self) -> impl Iterator<Item = &str> {
        let role = self.entity.sp.iter();
        role.flat_map(|role| &role.assertion_consumer)
            .map(|acs| acs.endpoint.location.as_str())
    }

    /// Whether its metadata names this cipher and this kind of key transport, or none at all.
    pub fn names(&self, cipher: BlockCipher, xmlenc11: bool) -> bool {
        let keys = self.entity.sp.iter().flat_map(|role| &role.keys);
        let keys = keys.filter(|key| key.usage != KeyUse::Signing);
        let methods: Vec<&EncryptionMethod> =
            keys.flat_map(|key| &key.encryption_methods).collect();
        let named = |is: &dyn Fn(&EncryptionMethod) -> Option<bool>| {
            let fits: Vec<bool> = methods.iter().filter_map(|method| is(method)).collect();
            fits.is_empty() || fits.contains(&true)
        };
        let ciphers = |method: &EncryptionMethod| match method {
            EncryptionMethod::Cipher(named) => Some(*named == cipher),
            _ => None,
        };
        let transports = |method: &EncryptionMethod| match method {
            EncryptionMethod::Transport(named) => Some(named.xmlenc11 == xmlenc11),
            _ => None,
        };
        named(&ciphers) && named(&transports)
    }

    /// The SingleLogoutService with HTTP-Redirect.
    pub fn single_logout(&self) -> Option<&str> {
        let role = self.entity.sp.as_ref()?;
        let redirect = crate::saml::names::binding::REDIRECT;
        let mut all = role.single_logout.iter();
        let found = all.find(|endpoint| endpoint.binding == redirect)?;
        Some(&found.location)
    }
}
