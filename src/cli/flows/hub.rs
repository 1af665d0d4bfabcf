//! The management interface of a running hub, asked for bytes.

use super::args::HubArgs;
use crate::cli::{Failure, given, talk};
use crate::edge::fetch;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ACCEPT_LANGUAGE, AUTHORIZATION, HOST};
use hyper::{Request, StatusCode};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::Url;

/// Bytes of an answer: more than any journal holds of one flow.
const MAX_ANSWER: usize = 64 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(60);

/// A running hub.
pub struct RunningHub {
    url: Url,
    token: Option<String>,
    tls: Option<Arc<ClientConfig>>,
}

impl RunningHub {
    /// The one that the flags name.
    pub fn of(args: &HubArgs) -> Result<Self, Failure> {
        // The environment may hold what a hub listens on, which has no scheme.
        let address = match args.manage.contains("://") {
            true => args.manage.clone(),
            false => format!("http://{}", args.manage),
        };
        let url = Url::parse(&address).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let url = url.ok_or_else(|| {
            Failure::Usage(format!(
                "error: --manage {}: er ikke en http-adresse / is not an http address",
                talk::plain(&args.manage)
            ))
        })?;
        let token = args.token_file.as_deref();
        let token = token
            .map(|file| given::of_option("--token-file", file))
            .transpose()?;
        let tls = match url.scheme() {
            "https" => Some(trusted(args)?),
            _ => None,
        };
        Ok(Self {
            url,
            token: token.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned()),
            tls,
        })
    }

    /// What it answers. No such flow is a question that cannot be answered.
    pub async fn get(&self, path: &str) -> Result<Bytes, Failure> {
        let failed =
            |why: String| Failure::CouldNotRun(format!("error: --manage {}: {why}", self.url));
        let host = self.url.host_str().unwrap_or_default().to_owned();
        let port = self.url.port_or_known_default().unwrap_or(80);
        let authority = &self.url[url::Position::BeforeHost..url::Position::AfterPort];
        let mut request = Request::get(path)
            .header(HOST, authority)
            .header(ACCEPT_LANGUAGE, "da");
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request
            .body(Full::new(Bytes::new()))
            .map_err(|error| failed(error.to_string()))?;
        let tls = self.tls.clone().map(|tls| (tls, host.as_str()));
        let asked = async {
            let address = match host == "localhost" || host.ends_with(".localhost") {
                true => "127.0.0.1",
                false => host.trim_matches(['[', ']']),
            };
            let stream = TcpStream::connect((address, port))
                .await
                .map_err(|error| error.to_string())?;
            let answer = fetch::send(stream, tls, request)
                .await
                .map_err(|error| error.to_string())?;
            let status = answer.head.status;
            let bytes = answer
                .read(MAX_ANSWER)
                .await
                .map_err(|error| error.to_string())?;
            Ok((status, bytes))
        };
        let answer: Result<(StatusCode, Bytes), String> = tokio::time::timeout(TIMEOUT, asked)
            .await
            .unwrap_or_else(|_| Err("no answer in time".to_owned()));
        let (status, bytes) = answer.map_err(failed)?;
        match status {
            StatusCode::OK => Ok(bytes),
            StatusCode::UNAUTHORIZED => Err(failed(
                "401: giv nøglen fra klar-linjen i --token-file / give the token of the ready line in --token-file".to_owned(),
            )),
            StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST => Err(Failure::Usage(format!(
                "error: {}",
                talk::plain(&told(&bytes))
            ))),
            status => Err(failed(format!("{path}: {status}"))),
        }
    }
}

/// What an answer of the API says is wrong.
fn told(bytes: &[u8]) -> String {
    let json: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    match json["error"].as_str() {
        Some("no such flow") | None => {
            "intet login hedder det; hubben glemmer de ældste / no login is called that; the hub forgets the oldest"
                .to_owned()
        }
        Some(error) => error.to_owned(),
    }
}

fn trusted(args: &HubArgs) -> Result<Arc<ClientConfig>, Failure> {
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
