//! One request, from redirect to redirect to its answer.

use super::failed::{broken, no_tls, unconnected};
use super::{Answer, Cause, FetchError, Fetched, Fetcher, Got, WireError, send, target};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HOST, HeaderName,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, USER_AGENT,
};
use hyper::{Method, Request, StatusCode};
use tokio::net::TcpStream;
use url::Url;

/// Bytes of a header value that is kept and sent back.
const MAX_VALIDATOR: usize = 1024;

/// One request, whatever it is redirected to.
pub(super) struct Ask<'a> {
    pub method: Method,
    pub headers: Vec<(HeaderName, &'a str)>,
    pub body: Bytes,
    pub limit: usize,
    pub redirects: usize,
}

impl Ask<'_> {
    /// Whether it may be answered with “as you know it”.
    fn is_conditional(&self) -> bool {
        let mut headers = self.headers.iter();
        headers.any(|(name, _)| [IF_NONE_MATCH, IF_MODIFIED_SINCE].contains(name))
    }
}

impl Fetcher {
    /// Asks, within the time limit.
    pub(super) async fn ask(&self, url: &str, ask: &Ask<'_>) -> Result<Got, FetchError> {
        let patience = self.settings.patience;
        let mut at = url.to_owned();
        let got = match tokio::time::timeout(patience, self.follow(&mut at, ask)).await {
            Ok(got) => got,
            Err(_) => Err(Cause::Timeout(patience)),
        };
        got.map_err(|cause| FetchError { url: at, cause })
    }

    /// Goes on until there is an answer; `at` is where it stands.
    async fn follow(&self, at: &mut String, ask: &Ask<'_>) -> Result<Got, Cause> {
        let mut redirects = 0;
        loop {
            let url = target::read(at, self.settings.plain_http)?;
            let answer = self.exchange(&url, ask).await?;
            let header = |name: HeaderName| {
                let value = answer.head.headers.get(name)?.to_str().ok()?;
                Some(value.to_owned())
            };
            match answer.head.status {
                StatusCode::OK => {}
                StatusCode::NOT_MODIFIED if ask.is_conditional() => return Ok(Got::NotModified),
                StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT => {
                    let next = header(LOCATION).and_then(|to| url.join(&to).ok());
                    let next = next.ok_or(Cause::BadRedirect)?;
                    if redirects == ask.redirects {
                        return Err(match redirects {
                            0 => Cause::BadRedirect,
                            most => Cause::TooManyRedirects(most),
                        });
                    }
                    if url.scheme() == "https" && next.scheme() != "https" {
                        return Err(Cause::Downgrade(next.into()));
                    }
                    redirects += 1;
                    *at = next.into();
                    continue;
                }
                other => return Err(Cause::Status(other.as_u16())),
            }
            if let Some(how) = header(CONTENT_ENCODING).filter(|how| how != "identity") {
                return Err(Cause::Encoded(how));
            }
            let kept = |name| header(name).filter(|value| value.len() <= MAX_VALIDATOR);
            let (etag, last_modified) = (kept(ETAG), kept(LAST_MODIFIED));
            let content_type = kept(CONTENT_TYPE);
            let bytes = answer.read(ask.limit).await;
            return Ok(Got::Fetched(Fetched {
                bytes: bytes.map_err(|error| broken(error, ask.limit))?,
                etag,
                last_modified,
                content_type,
                final_url: at.clone(),
            }));
        }
    }

    /// One request to one of the addresses that `url` may lead to.
    async fn exchange(&self, url: &Url, ask: &Ask<'_>) -> Result<Answer, Cause> {
        let addresses =
            target::resolve(url, &self.settings.names, &self.settings.forbidden).await?;
        let mut request = Request::builder()
            .method(ask.method.clone())
            .uri(&url[url::Position::BeforePath..url::Position::AfterQuery])
            .header(
                HOST,
                &url[url::Position::BeforeHost..url::Position::AfterPort],
            )
            .header(USER_AGENT, concat!("Vejviser/", env!("CARGO_PKG_VERSION")))
            // What unpacks to more than it is would be measured too late.
            .header(ACCEPT_ENCODING, "identity")
            .header(CONNECTION, "close");
        for (name, value) in &ask.headers {
            request = request.header(name, *value);
        }
        let request = request
            .body(Full::new(ask.body.clone()))
            .map_err(|error| Cause::NoAddress(error.to_string()))?;
        let tls = match url.scheme() {
            "https" => Some(self.judge.connection().ok_or(Cause::NoRoots)?),
            _ => None,
        };
        let stream = TcpStream::connect(&addresses[..]).await;
        let stream = stream.map_err(|error| unconnected(&error))?;
        let host = url.host_str().unwrap_or_default();
        let config = tls.as_ref().map(|(config, _)| (config.clone(), host));
        let answer = send(stream, config, request).await;
        answer.map_err(|error| match (error, tls) {
            (WireError::Tls(error), Some((_, witness))) => no_tls(&error, &witness),
            (error, _) => broken(error, ask.limit),
        })
    }
}
