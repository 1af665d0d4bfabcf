//! A headless browser for tests and rehearsals: cookies, redirects and forms over HTTP, and over TLS where it is told
//! whom to trust. It runs no scripts, but knows the pages whose script only submits a form.
//!
//! Hosts below `localhost` are this machine, as browsers have it (RFC 6761 §6.3). Like a browser it knows
//! from which site a request comes, because that decides which cookies travel. It has no clock: cookies age when
//! [`Browser::pass`] says so.

mod error;
mod go;
mod page;
#[cfg(test)]
mod tests;
mod wire;

pub use error::BrowserError;
pub use page::{Hop, Page};
pub(super) use wire::{exchange, target};

use super::cookies::{CookieRules, CookieView, Jar};
use super::html::Form;
use go::Next;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use tokio_rustls::rustls::ClientConfig;
use url::Url;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A browser with its cookies.
#[derive(Debug, Clone)]
pub struct Browser {
    jar: Jar,
    hops: Vec<Hop>,
    manual: bool,
    speaks: Option<&'static str>,
    tls: Option<Arc<ClientConfig>>,
    patience: Duration,
    began: Option<OffsetDateTime>,
    stops: Vec<String>,
}

impl Default for Browser {
    fn default() -> Self {
        Self {
            jar: Jar::default(),
            hops: Vec::new(),
            manual: false,
            speaks: None,
            tls: None,
            patience: PATIENCE,
            began: None,
            stops: Vec::new(),
        }
    }
}

impl Browser {
    /// With an empty cookie jar, going through automatic posts as a browser with scripts does.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops at automatic posts: a browser without scripts.
    pub fn without_scripts() -> Self {
        Self {
            manual: true,
            ..Self::default()
        }
    }

    /// The same, set to these languages (`Accept-Language`).
    pub fn speaking(self, languages: &'static str) -> Self {
        Self {
            speaks: Some(languages),
            ..self
        }
    }

    /// The same, for https too: with what it trusts
    /// ([`fetch::trusting`](crate::edge::fetch::trusting), given the system's roots, a bundle of CA certificates, or
    /// both). Without it an https address is an error.
    pub fn with_tls(self, tls: Arc<ClientConfig>) -> Self {
        Self {
            tls: Some(tls),
            ..self
        }
    }

    /// The same, waiting this long for an answer; 10 seconds otherwise.
    pub fn with_timeout(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The same, keeping or overlooking SameSite.
    pub fn with_cookie_rules(mut self, rules: CookieRules) -> Self {
        self.jar.rule(rules);
        self
    }

    /// The same, born at this moment: `Expires` is measured by it where a server does not say what its time is.
    pub fn at(self, now: OffsetDateTime) -> Self {
        Self {
            began: Some(now),
            ..self
        }
    }

    /// The same, stopping before automatic forms and redirects to addresses that begin with `prefix`: it stands on the
    /// page with the form, or on the redirect itself. What is submitted or followed by hand goes there.
    pub fn stopping_before(mut self, prefix: &str) -> Self {
        self.stop_before([prefix]);
        self
    }

    /// Stops there from now on; with none, nowhere.
    pub fn stop_before<'p>(&mut self, prefixes: impl IntoIterator<Item = &'p str>) {
        self.stops = prefixes.into_iter().map(str::to_owned).collect();
    }

    /// Time passes for the cookies.
    pub fn pass(&mut self, time: time::Duration) {
        self.jar.pass(time);
    }

    /// Everything that was requested so far.
    pub fn hops(&self) -> &[Hop] {
        &self.hops
    }

    /// Forgets what was requested.
    pub fn clear_hops(&mut self) {
        self.hops.clear();
    }

    /// The value of a host's cookie.
    pub fn cookie(&self, host: &str, name: &str) -> Option<&str> {
        self.jar.get(host, name)
    }

    /// All cookies.
    pub fn cookies(&self) -> Vec<CookieView> {
        self.jar.view()
    }

    /// Puts a cookie into the jar as if the host had set it: what a tester, or somebody at the keyboard, can do.
    pub fn set_cookie(&mut self, host: &str, name: &str, value: &str) {
        self.jar.plant(host, name, value);
    }

    /// The same browser with no cookies: nobody is logged in.
    pub fn without_cookies(mut self) -> Self {
        self.jar.clear();
        self
    }

    /// Has the other's cookies from now on, and no others.
    pub fn take_cookies_of(&mut self, other: &Self) {
        self.jar.take(&other.jar);
    }

    /// Forgets a host's cookies of this name.
    pub fn forget(&mut self, host: &str, name: &str) {
        self.jar.forget(host, name);
    }

    /// Two tabs of one browser: from now on each has the other's cookies as well.
    pub fn share_cookies_with(&mut self, other: &mut Self) {
        self.jar.add(&other.jar);
        other.jar.add(&self.jar);
    }

    /// The user enters an address.
    pub async fn get(&mut self, url: &str) -> Result<Page, BrowserError> {
        let url = Url::parse(url).map_err(|_| BrowserError::Address(url.to_owned()))?;
        self.go(Next::get(None, url)).await
    }

    /// What a program does to an address that takes no page: an empty POST of nobody's page.
    pub async fn post(&mut self, url: &str) -> Result<Page, BrowserError> {
        let url = Url::parse(url).map_err(|_| BrowserError::Address(url.to_owned()))?;
        self.go(Next::post(url)).await
    }

    /// The user follows a link of `page`.
    pub async fn follow(&mut self, page: &Page, link: &str) -> Result<Page, BrowserError> {
        let url = page.address_of(link);
        let url = url.ok_or_else(|| BrowserError::Address(link.to_owned()))?;
        self.go(Next::get(Some(page.url.clone()), url)).await
    }

    /// The user submits the page's first form with its first choice.
    pub async fn submit_first(&mut self, page: &Page) -> Result<Page, BrowserError> {
        let form = page
            .forms()
            .into_iter()
            .next()
            .ok_or_else(|| BrowserError::NoSuchForm("form".into()))?;
        let choice = form
            .choices
            .iter()
            .find(|choice| !choice.name.is_empty())
            .map(|choice| (choice.name.clone(), choice.value.clone()));
        self.submit(page, &form, choice).await
    }

    /// The user presses the button (or picks the radio button) `name` with `value`.
    pub async fn choose(
        &mut self,
        page: &Page,
        name: &str,
        value: &str,
    ) -> Result<Page, BrowserError> {
        let fits = |form: &Form| {
            form.choices
                .iter()
                .any(|choice| choice.name == name && choice.value == value)
        };
        let form = page
            .forms()
            .into_iter()
            .find(fits)
            .ok_or_else(|| BrowserError::NoSuchForm(format!("{name}={value}")))?;
        self.submit(page, &form, Some((name.to_owned(), value.to_owned())))
            .await
    }

    /// Submits a form of `page`, perhaps changed by a test, perhaps not for the first time.
    pub async fn submit(
        &mut self,
        page: &Page,
        form: &Form,
        choice: Option<(String, String)>,
    ) -> Result<Page, BrowserError> {
        self.go(Next::form(page, form, choice.as_ref())?).await
    }
}
