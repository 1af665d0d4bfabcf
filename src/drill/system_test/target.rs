//! The system under test, and the hub that tests it.

use crate::edge::App;
use crate::hub::lint::Linted;
use crate::oiosaml::{Level, OiosamlVersion};
use crate::saml::metadata::Entity;
use regex_lite::Regex;
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
    /// The AssertionConsumerServices.
    pub fn consumers(&self) -> impl Iterator<Item = &str> {
        let role = self.entity.sp.iter();
        role.flat_map(|role| &role.assertion_consumer)
            .map(|acs| acs.endpoint.location.as_str())
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
