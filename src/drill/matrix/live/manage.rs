//! The management interface of a running hub, as far as trials need it.

use super::Line;
use crate::drill::browser::{exchange, target};
use crate::edge::trials::TrialsView;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request, StatusCode};
use std::fmt;
use url::Url;

/// A hub's management interface.
#[derive(Clone)]
pub struct Manage {
    url: Url,
    token: Option<String>,
}

impl fmt::Debug for Manage {
    // The token is a key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Manage({})", self.url)
    }
}

impl Manage {
    /// At this address; a hub with `serve` wants its token.
    pub fn new(url: &str, token: Option<String>) -> Result<Self, String> {
        let url = Url::parse(url).map_err(|error| format!("{url}: {error}"))?;
        if url.scheme() != "http" {
            return Err(format!("{url}: management speaks http"));
        }
        Ok(Self { url, token })
    }

    /// The trials and the test systems.
    pub async fn trials(&self) -> Result<TrialsView, String> {
        let text = self.ask(Method::GET, "/api/v1/trials", None).await?;
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", self.url))
    }

    /// The login of this line ended on a page of the IdP.
    pub async fn stopped(&self, line: &Line<'_>) -> Result<(), String> {
        let path = format!(
            "/api/v1/trials/{}/{}/{}",
            line.idp.name,
            line.profile.as_str(),
            line.system.name
        );
        let word = "{\"stopped\":true}".to_owned();
        self.ask(Method::PUT, &path, Some(word)).await.map(|_| ())
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Result<String, String> {
        let (host, port) = target(&self.url).map_err(|error| error.to_string())?;
        let authority = &self.url[url::Position::BeforeHost..url::Position::AfterPort];
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, authority);
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let request = request
            .body(Full::new(Bytes::from(body.unwrap_or_default())))
            .map_err(|error| error.to_string())?;
        let (parts, text) = exchange(&host, (&host, port), None, request)
            .await
            .map_err(|error| error.to_string())?;
        match parts.status {
            StatusCode::OK => Ok(text),
            StatusCode::UNAUTHORIZED => Err(format!(
                "{}: 401: give the token of the ready line in --token-file",
                self.url
            )),
            status => Err(format!("{}: {path}: {status}", self.url)),
        }
    }
}
