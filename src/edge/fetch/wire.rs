//! One HTTP/1.1 exchange on a connection of its own: what the fetcher and the headless browser both do.

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::http::response::Parts;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::fmt;
use std::io;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

/// An answer of which the head has arrived. The connection is closed with the value.
#[derive(Debug)]
pub struct Answer {
    /// Status and headers.
    pub head: Parts,
    body: Incoming,
    _open: Open,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum WireError {
    /// The host cannot be in a certificate.
    Name(String),
    /// No TLS: [`rustls::Error`](tokio_rustls::rustls::Error) is inside where it is the reason.
    Tls(io::Error),
    /// The connection ended early, or what came is not HTTP.
    Http(hyper::Error),
    /// The body is longer than the limit.
    TooLarge,
}

/// The task that drives a connection, which ends with this.
#[derive(Debug)]
struct Open(JoinHandle<hyper::Result<()>>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Sends a request and waits for the head of the answer; over TLS where it is told whom to trust, and by which
/// host name or address.
pub async fn send(
    stream: TcpStream,
    tls: Option<(Arc<ClientConfig>, &str)>,
    request: Request<Full<Bytes>>,
) -> Result<Answer, WireError> {
    let Some((config, host)) = tls else {
        return sent(stream, request).await;
    };
    let name = host.trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(name).map_err(|_| WireError::Name(host.to_owned()))?;
    let stream = TlsConnector::from(config).connect(name, stream).await;
    sent(stream.map_err(WireError::Tls)?, request).await
}

async fn sent(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<Answer, WireError> {
    let shaken = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = shaken.map_err(WireError::Http)?;
    let open = Open(tokio::spawn(connection));
    let response: Response<Incoming> =
        (sender.send_request(request).await).map_err(WireError::Http)?;
    let (head, body) = response.into_parts();
    Ok(Answer {
        head,
        body,
        _open: open,
    })
}

impl Answer {
    /// The body, of at most `limit` bytes. One that announces more is not waited for.
    pub async fn read(self, limit: usize) -> Result<Bytes, WireError> {
        if self.body.size_hint().lower() > limit as u64 {
            return Err(WireError::TooLarge);
        }
        match Limited::new(self.body, limit).collect().await {
            Ok(whole) => Ok(whole.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => Err(WireError::TooLarge),
            Err(error) => Err(match error.downcast::<hyper::Error>() {
                Ok(error) => WireError::Http(*error),
                Err(other) => WireError::Tls(io::Error::other(other)),
            }),
        }
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(host) => write!(f, "{host} is no name that a certificate could have"),
            Self::Tls(error) => error.fmt(f),
            Self::Http(error) => error.fmt(f),
            Self::TooLarge => write!(f, "the answer is too large"),
        }
    }
}

impl std::error::Error for WireError {}
