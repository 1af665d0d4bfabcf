//! Fetching for the registry: metadata, and what says whether a certificate was revoked.
//!
//! Nothing that a message or a party's metadata says is ever fetched: addresses come from those who administer
//! the hub. Even so an address, or what it redirects to, must not become a way to the hub's own management
//! listener or to what only this machine can reach; `target` holds that. Networks of organisations (10.0.0.0/8
//! and so on) are allowed, because municipalities' identity providers live there.

mod ask;
mod error;
mod failed;
pub mod refresh;
mod target;
#[cfg(test)]
mod tests;
mod trust;
mod wire;
mod words;

pub use error::{Cause, CertificateFault, FetchError, Guarded};
pub use trust::{NoCertificate, add_bundle, system_roots, trusting};
pub use wire::{Answer, WireError, send};

use crate::saml::binding::soap;
use ask::Ask;
use hyper::Method;
use hyper::body::Bytes;
use hyper::header::{ACCEPT, CONTENT_TYPE, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio_rustls::rustls::RootCertStore;
use trust::Judge;

/// Bytes of metadata: what [`crate::xml::Limits::METADATA`] lets in.
pub const MAX_METADATA: usize = 16 * 1024 * 1024;
/// What a call is about (SOAP 1.1 §6.1.1).
const SOAP_ACTION: HeaderName = HeaderName::from_static("soapaction");
/// Redirects that are followed.
pub const MAX_REDIRECTS: usize = 3;

/// How to fetch, and from where not.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether the roots of this machine are trusted.
    pub system_roots: bool,
    /// A PEM file's content: roots that are trusted too.
    pub roots: Option<Vec<u8>>,
    /// Listeners that nothing is ever fetched from, by whatever name: the management listener.
    pub forbidden: Vec<SocketAddr>,
    /// How long one fetch may take in all, redirects included.
    pub patience: Duration,
    /// Names that lead to these addresses, whatever DNS says. `*.localhost` is this machine anyway.
    pub names: BTreeMap<String, Vec<IpAddr>>,
    /// Whether http is allowed to other machines: for revocation lists and OCSP, which are signed themselves and
    /// whose addresses are http (RFC 5280 §8), and for nothing else.
    pub plain_http: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            system_roots: true,
            roots: None,
            forbidden: Vec::new(),
            patience: Duration::from_secs(10),
            names: BTreeMap::new(),
            plain_http: false,
        }
    }
}

/// Fetches. Cheap to clone, and holds no connection.
#[derive(Debug, Clone)]
pub struct Fetcher {
    settings: Settings,
    judge: Judge,
}

/// What an earlier answer said of itself, so that the same is not sent again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`, as it was written.
    pub last_modified: Option<String>,
}

/// What was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The content.
    pub bytes: Bytes,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`, as it was written.
    pub last_modified: Option<String>,
    /// `Content-Type`, as it was written. Servers are often wrong about it.
    pub content_type: Option<String>,
    /// Where it was, after redirects.
    pub final_url: String,
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Got {
    /// The content.
    Fetched(Fetched),
    /// It still is what is [`Known`].
    NotModified,
}

impl Fetched {
    /// What to ask with the next time.
    pub fn known(&self) -> Known {
        Known {
            etag: self.etag.clone(),
            last_modified: self.last_modified.clone(),
        }
    }
}

impl Fetcher {
    /// With these settings; refuses a PEM file in which there is no certificate.
    pub fn new(settings: Settings) -> Result<Self, NoCertificate> {
        let mut roots = match settings.system_roots {
            true => system_roots(),
            false => RootCertStore::empty(),
        };
        if let Some(bundle) = &settings.roots
            && add_bundle(&mut roots, bundle) == 0
        {
            return Err(NoCertificate);
        }
        let judge = Judge::new(roots);
        Ok(Self { settings, judge })
    }

    /// With these settings, but for a PEM file that cannot be read.
    pub fn of_machine(settings: &Settings) -> Self {
        let roots = match settings.system_roots {
            true => system_roots(),
            false => RootCertStore::empty(),
        };
        Self {
            judge: Judge::new(roots),
            settings: Settings {
                roots: None,
                ..settings.clone()
            },
        }
    }

    /// The same, also from other machines without TLS: what is signed itself, and nothing else.
    pub fn with_plain_http(mut self) -> Self {
        self.settings.plain_http = true;
        self
    }

    /// Fetches at most `limit` bytes, unless they still are what is `known`.
    pub async fn get(&self, url: &str, limit: usize, known: &Known) -> Result<Got, FetchError> {
        let mut headers = vec![(ACCEPT, "*/*")];
        headers.extend(known.etag.as_deref().map(|etag| (IF_NONE_MATCH, etag)));
        let since = known.last_modified.as_deref();
        headers.extend(since.map(|since| (IF_MODIFIED_SINCE, since)));
        let ask = Ask {
            method: Method::GET,
            headers,
            body: Bytes::new(),
            limit,
            redirects: MAX_REDIRECTS,
        };
        self.ask(url, &ask).await
    }

    /// Fetches metadata: at most [`MAX_METADATA`] bytes, and no web page.
    pub async fn metadata(&self, url: &str, known: &Known) -> Result<Got, FetchError> {
        match self.get(url, MAX_METADATA, known).await? {
            Got::Fetched(fetched) if is_html(&fetched.bytes) => Err(FetchError {
                url: fetched.final_url,
                cause: Cause::Html,
            }),
            got => Ok(got),
        }
    }

    /// The same with another limit of time.
    pub fn within(mut self, patience: Duration) -> Self {
        self.settings.patience = patience;
        self
    }

    /// Calls by SOAP (SAML bindings §3.2.3), and takes an envelope of at most `limit` bytes. Follows no redirect.
    pub async fn call(
        &self,
        url: &str,
        envelope: impl Into<Bytes>,
        limit: usize,
    ) -> Result<Bytes, FetchError> {
        let ask = Ask {
            method: Method::POST,
            headers: vec![
                (ACCEPT, "text/xml"),
                (CONTENT_TYPE, soap::CONTENT_TYPE),
                (SOAP_ACTION, soap::ACTION),
            ],
            body: envelope.into(),
            limit,
            redirects: 0,
        };
        match self.ask(url, &ask).await? {
            Got::Fetched(fetched) => Ok(fetched.bytes),
            // Nothing was said to be known.
            Got::NotModified => Err(FetchError {
                url: url.to_owned(),
                cause: Cause::Status(304),
            }),
        }
    }

    /// Sends `bytes` (an OCSP request) and fetches at most `limit` bytes. Follows no redirect.
    pub async fn post(
        &self,
        url: &str,
        content_type: &str,
        bytes: impl Into<Bytes>,
        limit: usize,
    ) -> Result<Fetched, FetchError> {
        let ask = Ask {
            method: Method::POST,
            headers: vec![(ACCEPT, "*/*"), (CONTENT_TYPE, content_type)],
            body: bytes.into(),
            limit,
            redirects: 0,
        };
        match self.ask(url, &ask).await? {
            Got::Fetched(fetched) => Ok(fetched),
            // Nothing was said to be known.
            Got::NotModified => Err(FetchError {
                url: url.to_owned(),
                cause: Cause::Status(304),
            }),
        }
    }
}

/// Whether somebody answered with a web page: a login, an error, a portal. It may begin with an XML declaration.
pub(crate) fn is_html(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let mut head = head.trim_start_matches('\u{feff}').trim_start();
    if let Some((_, rest)) = head
        .strip_prefix("<?xml")
        .and_then(|xml| xml.split_once("?>"))
    {
        head = rest.trim_start();
    }
    head.starts_with("<!doctype html") || head.starts_with("<html")
}
