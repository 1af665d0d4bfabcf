//! From one step of the user to the next thing that the user has to do.

use super::wire::{exchange, target};
use super::{Browser, BrowserError, Hop, Page};
use crate::drill::cookies::{Initiator, is_trustworthy, read_date, same_site};
use crate::drill::html::{Form, refresh};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, DATE, HOST, HeaderName, LOCATION, ORIGIN,
    REFRESH, SET_COOKIE, USER_AGENT,
};
use hyper::http::response::Parts;
use hyper::{Method, Request, StatusCode};
use url::{Position, Url};

/// Redirects and automatic posts after one step of the user.
const MAX_HOPS: usize = 20;
/// Addresses that are told where there are too many.
const LAST_HOPS: usize = 4;
/// A page that leads on by itself after more seconds is one that somebody reads.
const AT_ONCE: u32 = 1;
/// What Chromium asks for.
const PAGES: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// What is requested next.
#[derive(Debug)]
pub(super) struct Next {
    /// The page that is left, or whoever began the chain of redirects: it decides which cookies travel.
    pub from: Option<Url>,
    pub method: Method,
    pub url: Url,
    pub body: Option<String>,
}

/// How far the initiator is away, as `Sec-Fetch-Site` says it. It only grows in a chain of redirects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Distance {
    None,
    SameOrigin,
    SameSite,
    CrossSite,
}

impl Next {
    pub fn get(from: Option<Url>, url: Url) -> Self {
        Self {
            from,
            method: Method::GET,
            url,
            body: None,
        }
    }

    pub fn post(url: Url) -> Self {
        Self {
            method: Method::POST,
            body: Some(String::new()),
            ..Self::get(None, url)
        }
    }

    /// What submitting a form asks for.
    pub fn form(
        page: &Page,
        form: &Form,
        choice: Option<&(String, String)>,
    ) -> Result<Self, BrowserError> {
        let url = page.target(form);
        let mut url = url.ok_or_else(|| BrowserError::Address(form.action.clone()))?;
        let mut fields = url::form_urlencoded::Serializer::new(String::new());
        fields.extend_pairs(form.fields.iter().chain(choice));
        let body = fields.finish();
        if !form.post {
            url.set_query(Some(&body));
            return Ok(Self::get(Some(page.url.clone()), url));
        }
        Ok(Self {
            from: Some(page.url.clone()),
            method: Method::POST,
            url,
            body: Some(body),
        })
    }
}

impl Browser {
    /// Goes on until the user has something to do.
    pub(super) async fn go(&mut self, mut next: Next) -> Result<Page, BrowserError> {
        // Who began the chain: an address that the user enters has nobody.
        let mut began = next.from.clone();
        let mut far = Distance::None;
        let mut seen = Vec::new();
        for _ in 0..MAX_HOPS {
            far = far.max(distance(began.as_ref(), &next.url));
            let page = self.request(&next, began.as_ref(), far).await?;
            seen.push(plain(&next.url));
            if let Some(url) = redirect(&page)? {
                if self.stops_before(&url) {
                    return Ok(page);
                }
                // A chain that another site began stays that site's; one that the user began becomes the
                // business of the first site that redirects elsewhere.
                let from = next.from.as_ref();
                if from.is_some_and(|from| same_site(from, &next.url))
                    || from.is_none() && !same_site(&next.url, &url)
                {
                    next.from = Some(next.url);
                }
                let keeps = match page.status {
                    StatusCode::SEE_OTHER => false,
                    StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => {
                        next.method != Method::POST
                    }
                    _ => true,
                };
                if !keeps {
                    (next.method, next.body) = (Method::GET, None);
                }
                next.url = url;
                continue;
            }
            let Some(by_itself) = self.leads_on(&page)? else {
                return Ok(page);
            };
            if self.stops_before(&by_itself.url) {
                return Ok(page);
            }
            next = by_itself;
            began.clone_from(&next.from);
            far = Distance::None;
        }
        let last = seen.split_off(seen.len().saturating_sub(LAST_HOPS));
        Err(BrowserError::TooManyHops { last })
    }

    /// What the page does without its user: `<meta http-equiv="refresh">`, or a form that a script submits.
    fn leads_on(&self, page: &Page) -> Result<Option<Next>, BrowserError> {
        let facts = page.facts();
        let header = page.headers.get(REFRESH);
        let header = header.and_then(|value| refresh(value.to_str().ok()?));
        // Whoever waits a second in the header has something to wait for; in a page it is how systems send users on.
        let header = header.filter(|(seconds, _)| *seconds == 0);
        let said = match self.manual {
            true => facts.refresh_unscripted,
            false => facts.refresh,
        };
        let said = said.filter(|(seconds, _)| *seconds <= AT_ONCE);
        if let Some((_, to)) = header.or(said) {
            let url = page.address_of(&to).ok_or(BrowserError::Address(to))?;
            // A page that loads itself again waits for something, and is for somebody to look at.
            if url != page.url {
                return Ok(Some(Next::get(Some(page.url.clone()), url)));
            }
        }
        if self.manual {
            return Ok(None);
        }
        let form = page.forms().into_iter().find(|form| form.automatic);
        form.map(|form| Next::form(page, &form, None)).transpose()
    }

    fn stops_before(&self, url: &Url) -> bool {
        let mut prefixes = self.stops.iter();
        prefixes.any(|prefix| url.as_str().starts_with(prefix))
    }

    async fn request(
        &mut self,
        next: &Next,
        began: Option<&Url>,
        far: Distance,
    ) -> Result<Page, BrowserError> {
        let url = &next.url;
        let (host, port) = target(url)?;
        let tls = match url.scheme() {
            "https" => {
                let tls = self.tls.clone();
                Some(tls.ok_or_else(|| BrowserError::NoTls(plain(url)))?)
            }
            _ => None,
        };
        let request = self.asks(next, began, far)?;
        let name = url.host_str().unwrap_or_default();
        let answer = exchange(name, (&host, port), tls, request);
        let answer = match tokio::time::timeout(self.patience, answer).await {
            Ok(answer) => answer,
            Err(_) => Err(BrowserError::TimedOut {
                url: String::new(),
                after: self.patience,
            }),
        };
        let (parts, body) = answer.map_err(|error| error.at(&plain(url)))?;
        self.keep_cookies(url, &parts);
        self.hops.push(Hop {
            method: next.method.clone(),
            url: url.clone(),
            body: next.body.clone(),
            status: parts.status,
            location: value(&parts.headers, &LOCATION),
            content_type: value(&parts.headers, &CONTENT_TYPE),
        });
        Ok(Page {
            url: url.clone(),
            status: parts.status,
            headers: parts.headers,
            body,
        })
    }

    fn asks(
        &self,
        next: &Next,
        began: Option<&Url>,
        far: Distance,
    ) -> Result<Request<Full<Bytes>>, BrowserError> {
        let url = &next.url;
        let initiator = match &next.from {
            Some(from) if !same_site(from, url) && next.method == Method::POST => {
                Initiator::CrossSitePost
            }
            Some(from) if !same_site(from, url) => Initiator::CrossSiteGet,
            _ => Initiator::SameSite,
        };
        let mut request = Request::builder()
            .method(next.method.clone())
            .uri(&url[Position::BeforePath..Position::AfterQuery])
            .header(HOST, &url[Position::BeforeHost..Position::AfterPort])
            .header(
                USER_AGENT,
                concat!(
                    "Mozilla/5.0 (compatible; Vejviser/",
                    env!("CARGO_PKG_VERSION"),
                    ")"
                ),
            )
            .header(ACCEPT, PAGES);
        if is_trustworthy(url) {
            let site = match far {
                Distance::None => "none",
                Distance::SameOrigin => "same-origin",
                Distance::SameSite => "same-site",
                Distance::CrossSite => "cross-site",
            };
            request = request
                .header("sec-fetch-site", site)
                .header("sec-fetch-mode", "navigate")
                .header("sec-fetch-dest", "document");
        }
        if let Some(cookies) = self.jar.header(url, initiator) {
            request = request.header(COOKIE, cookies);
        }
        if let Some(languages) = self.speaks {
            request = request.header(ACCEPT_LANGUAGE, languages);
        }
        if let Some(began) = began.filter(|_| next.method == Method::POST) {
            request = request.header(ORIGIN, began.origin().ascii_serialization());
        }
        if next.body.is_some() {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let body = Full::new(Bytes::from(next.body.clone().unwrap_or_default()));
        let request = request.body(body);
        request.map_err(|error| BrowserError::Address(error.to_string()))
    }

    fn keep_cookies(&mut self, url: &Url, parts: &Parts) {
        let served = value(&parts.headers, &DATE);
        let served = served.and_then(|date| read_date(&date));
        let told = self
            .began
            .and_then(|began| began.checked_add(self.jar.elapsed()));
        for line in parts.headers.get_all(SET_COOKIE) {
            let line = String::from_utf8_lossy(line.as_bytes());
            self.jar.set(url, &line, served.or(told));
        }
    }
}

fn distance(began: Option<&Url>, url: &Url) -> Distance {
    match began {
        None => Distance::None,
        Some(began) if began.origin() == url.origin() => Distance::SameOrigin,
        Some(began) if same_site(began, url) => Distance::SameSite,
        Some(_) => Distance::CrossSite,
    }
}

/// Where an answer redirects to, if it does.
fn redirect(page: &Page) -> Result<Option<Url>, BrowserError> {
    if !matches!(page.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = value(&page.headers, &LOCATION) else {
        return Ok(None);
    };
    let url = page.url.join(&location);
    url.map(Some).map_err(|_| BrowserError::Address(location))
}

fn value(headers: &hyper::HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// An address without its query: that may carry a message.
fn plain(url: &Url) -> String {
    url[..Position::AfterPath].to_owned()
}
