//! A headless browser for tests and rehearsals: cookies, redirects and forms over HTTP, and over TLS where it is told
//! whom to trust.
//!
//! Hosts below `localhost` are this machine, as browsers have it (RFC 6761 §6.3). Like a browser it knows
//! from which site a request comes, because that decides which cookies travel.

use super::cookies::{Initiator, Jar};
use super::html::{self, Form, Output};
use crate::edge::fetch;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use hyper::{Method, Request, StatusCode};
use std::fmt;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::rustls::ClientConfig;
use url::Url;

/// Redirects and automatic posts after one step of the user.
const MAX_HOPS: usize = 12;
/// Bytes of a page.
const MAX_PAGE: usize = 4 * 1024 * 1024;

/// A browser with its cookies.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    jar: Jar,
    hops: Vec<Hop>,
    manual: bool,
    speaks: Option<&'static str>,
    tls: Option<Arc<ClientConfig>>,
    stops: Vec<String>,
    rules: CookieRules,
}

/// Whether SameSite counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CookieRules {
    /// As in a browser.
    #[default]
    Enforced,
    /// Cookies travel whatever SameSite says.
    Relaxed,
}

/// A cookie, as it can be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CookieView {
    /// Host.
    pub host: String,
    /// Name.
    pub name: String,
    /// Secure.
    pub secure: bool,
    /// HttpOnly.
    pub http_only: bool,
}

/// One request and what it got.
#[derive(Debug, Clone)]
pub struct Hop {
    /// `GET` or `POST`.
    pub method: Method,
    /// Address.
    pub url: Url,
    /// Body of a POST.
    pub body: Option<String>,
    /// Status of the answer.
    pub status: StatusCode,
}

/// A page that the browser stands on.
#[derive(Debug, Clone)]
pub struct Page {
    /// Address.
    pub url: Url,
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: hyper::HeaderMap,
    /// The body.
    pub body: String,
}

/// Why the browser could not go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BrowserError {
    /// Not an address, or not one of http.
    Address(String),
    /// The connection failed.
    Connection(String),
    /// Too many redirects.
    TooManyHops,
    /// The page has no such form or button.
    NoSuchForm(String),
}

impl fmt::Display for BrowserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(url) => write!(f, "{url} is not an http address"),
            Self::Connection(why) => write!(f, "connection failed: {why}"),
            Self::TooManyHops => write!(f, "more than {MAX_HOPS} redirects"),
            Self::NoSuchForm(what) => write!(f, "the page has no {what}"),
        }
    }
}

impl std::error::Error for BrowserError {}

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

    /// The same, for https too: with what it trusts ([`fetch::trusting`]).
    pub fn with_tls(self, tls: Arc<ClientConfig>) -> Self {
        Self {
            tls: Some(tls),
            ..self
        }
    }

    /// temp
    pub fn with_cookie_rules(self, rules: CookieRules) -> Self {
        Self { rules, ..self }
    }
    /// temp
    pub fn with_timeout(self, _: std::time::Duration) -> Self {
        self
    }
    /// temp
    pub fn stop_before<'p>(&mut self, prefixes: impl IntoIterator<Item = &'p str>) {
        self.stops = prefixes.into_iter().map(str::to_owned).collect();
    }
    /// temp
    pub fn pass(&mut self, _: time::Duration) {}
    /// temp
    pub fn cookies(&self) -> Vec<CookieView> {
        Vec::new()
    }
    /// temp
    pub fn forget(&mut self, _: &str, _: &str) {}
    /// temp
    pub async fn post(&mut self, url: &str, _: &[(&str, &str)]) -> Result<Page, BrowserError> {
        let url = Url::parse(url).map_err(|_| BrowserError::Address(url.to_owned()))?;
        self.go(None, Method::POST, url, Some(String::new())).await
    }

    /// Everything that was requested so far.
    pub fn hops(&self) -> &[Hop] {
        &self.hops
    }

    /// The value of a host's cookie.
    pub fn cookie(&self, host: &str, name: &str) -> Option<&str> {
        self.jar.get(host, name)
    }

    /// Puts a cookie into the jar as if the host had set it: what a tester, or somebody at the keyboard, can do.
    pub fn set_cookie(&mut self, host: &str, name: &str, value: &str) {
        self.jar.plant(host, name, value);
    }

    /// Two tabs of one browser: from now on each has the other's cookies as well.
    pub fn share_cookies_with(&mut self, other: &mut Self) {
        self.jar.add(&other.jar);
        other.jar.add(&self.jar);
    }

    /// The user enters an address.
    pub async fn get(&mut self, url: &str) -> Result<Page, BrowserError> {
        let url = Url::parse(url).map_err(|_| BrowserError::Address(url.to_owned()))?;
        self.go(None, Method::GET, url, None).await
    }

    /// The user follows a link of `page`.
    pub async fn follow(&mut self, page: &Page, link: &str) -> Result<Page, BrowserError> {
        let url = page
            .url
            .join(link)
            .map_err(|_| BrowserError::Address(link.to_owned()))?;
        self.go(Some(page.url.clone()), Method::GET, url, None)
            .await
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

    /// Submits a form of `page`, perhaps changed by a test.
    pub async fn submit(
        &mut self,
        page: &Page,
        form: &Form,
        choice: Option<(String, String)>,
    ) -> Result<Page, BrowserError> {
        let mut url = page
            .url
            .join(&form.action)
            .map_err(|_| BrowserError::Address(form.action.clone()))?;
        let mut fields = url::form_urlencoded::Serializer::new(String::new());
        fields.extend_pairs(form.fields.iter().chain(choice.as_ref()));
        let body = fields.finish();
        if form.post {
            return self
                .go(Some(page.url.clone()), Method::POST, url, Some(body))
                .await;
        }
        url.set_query(Some(&body));
        self.go(Some(page.url.clone()), Method::GET, url, None)
            .await
    }

    /// Goes on until the user has something to do.
    async fn go(
        &mut self,
        from: Option<Url>,
        method: Method,
        url: Url,
        body: Option<String>,
    ) -> Result<Page, BrowserError> {
        let (mut from, mut method, mut url, mut body) = (from, method, url, body);
        for _ in 0..MAX_HOPS {
            let page = self
                .request(from.as_ref(), method.clone(), &url, body.clone())
                .await?;
            if let Some(location) = page
                .headers
                .get(LOCATION)
                .and_then(|value| value.to_str().ok())
                .filter(|_| page.status.is_redirection())
            {
                let next = url
                    .join(location)
                    .map_err(|_| BrowserError::Address(location.to_owned()))?;
                if self
                    .stops
                    .iter()
                    .any(|stop| next.as_str().starts_with(stop))
                {
                    return Ok(page);
                }
                // A chain that another site began stays that site's; one that the user began becomes the
                // business of the first site that redirects elsewhere.
                if from.as_ref().is_some_and(|from| same_site(from, &url))
                    || from.is_none() && !same_site(&url, &next)
                {
                    from = Some(url.clone());
                }
                let keep = matches!(
                    page.status,
                    StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT
                );
                if !keep {
                    (method, body) = (Method::GET, None);
                }
                url = next;
                continue;
            }
            let Some(form) = page
                .forms()
                .into_iter()
                .find(|form| form.automatic && !self.manual)
            else {
                return Ok(page);
            };
            let target = page
                .url
                .join(&form.action)
                .map_err(|_| BrowserError::Address(form.action.clone()))?;
            if self
                .stops
                .iter()
                .any(|stop| target.as_str().starts_with(stop))
            {
                return Ok(page);
            }
            let mut fields = url::form_urlencoded::Serializer::new(String::new());
            fields.extend_pairs(&form.fields);
            (from, method, url, body) =
                (Some(page.url), Method::POST, target, Some(fields.finish()));
        }
        Err(BrowserError::TooManyHops)
    }

    async fn request(
        &mut self,
        from: Option<&Url>,
        method: Method,
        url: &Url,
        body: Option<String>,
    ) -> Result<Page, BrowserError> {
        let initiator = match from {
            _ if self.rules == CookieRules::Relaxed => Initiator::SameSite,
            Some(from) if !same_site(from, url) && method == Method::POST => {
                Initiator::CrossSitePost
            }
            Some(from) if !same_site(from, url) => Initiator::CrossSiteGet,
            _ => Initiator::SameSite,
        };
        let (host, port) = target(url)?;
        let tls = match url.scheme() {
            "https" => Some(
                self.tls
                    .clone()
                    .ok_or_else(|| BrowserError::Address(url.to_string()))?,
            ),
            _ => None,
        };
        let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
        let mut request = Request::builder()
            .method(method.clone())
            .uri(&url[url::Position::BeforePath..url::Position::AfterQuery]);
        request = request.header(HOST, authority);
        if let Some(cookies) = self.jar.header(url, initiator) {
            request = request.header(COOKIE, cookies);
        }
        if let Some(languages) = self.speaks {
            request = request.header(ACCEPT_LANGUAGE, languages);
        }
        if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let request = request
            .body(Full::new(Bytes::from(body.clone().unwrap_or_default())))
            .map_err(|error| BrowserError::Address(error.to_string()))?;
        let (parts, text) = exchange(
            url.host_str().unwrap_or_default(),
            (&host, port),
            tls,
            request,
        )
        .await?;
        for line in parts.headers.get_all(SET_COOKIE) {
            if let Ok(line) = line.to_str() {
                self.jar.set(url, line);
            }
        }
        self.hops.push(Hop {
            method,
            url: url.clone(),
            body,
            status: parts.status,
        });
        Ok(Page {
            url: url.clone(),
            status: parts.status,
            headers: parts.headers,
            body: text,
        })
    }
}

impl BrowserError {
    /// temp
    pub fn da(&self) -> String {
        self.to_string()
    }
    /// temp
    pub fn en(&self) -> String {
        self.to_string()
    }
}

impl Page {
    /// temp
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut inside = false;
        for c in self.body.chars() {
            match c {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    out.push(' ');
                }
                c if !inside => out.push(c),
                _ => {}
            }
        }
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }
    /// temp
    pub fn title(&self) -> String {
        String::new()
    }
    /// temp
    pub fn needs_scripts(&self) -> bool {
        false
    }
    /// Its forms.
    pub fn forms(&self) -> Vec<Form> {
        html::forms(&self.body)
    }
    /// The addresses of its links.
    pub fn links(&self) -> Vec<String> {
        html::links(&self.body)
    }
    /// What it tells a script in `<output id="result">`.
    pub fn result(&self) -> Option<Output> {
        html::output(&self.body)
    }
    /// One value of the result, such as `data-status`.
    pub fn result_value(&self, key: &str) -> Option<String> {
        self.result().and_then(|mut output| output.remove(key))
    }
}

/// One connection a request: a rehearsal is slow for other reasons.
pub(super) async fn exchange(
    name: &str,
    (host, port): (&str, u16),
    tls: Option<Arc<ClientConfig>>,
    request: Request<Full<Bytes>>,
) -> Result<(hyper::http::response::Parts, String), BrowserError> {
    let failed =
        |error: &dyn fmt::Display| BrowserError::Connection(format!("{host}:{port}: {error}"));
    let stream = TcpStream::connect((host, port))
        .await
        .map_err(|error| failed(&error))?;
    let tls = tls.map(|tls| (tls, name));
    let answer = fetch::send(stream, tls, request).await;
    let answer = answer.map_err(|error| failed(&error))?;
    let head = answer.head.clone();
    let bytes = answer.read(MAX_PAGE).await;
    let bytes = bytes.map_err(|error| failed(&error))?;
    Ok((head, String::from_utf8_lossy(&bytes).into_owned()))
}

/// Where to connect to.
pub(super) fn target(url: &Url) -> Result<(String, u16), BrowserError> {
    let host = url
        .host_str()
        .filter(|_| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| BrowserError::Address(url.to_string()))?;
    let here = host == "localhost" || host.ends_with(".localhost");
    let host = if here {
        "127.0.0.1"
    } else {
        host.trim_matches(['[', ']'])
    };
    Ok((host.to_owned(), url.port_or_known_default().unwrap_or(80)))
}

/// Same site: here simply the same host, because hosts below `localhost` are sites of their own.
fn same_site(a: &Url, b: &Url) -> bool {
    a.host_str() == b.host_str()
}
