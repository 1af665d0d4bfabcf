//! One request on a connection of its own.

use super::BrowserError;
use crate::drill::cookies::is_local;
use crate::edge::fetch::{self, WireError};
use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use hyper::http::response::Parts;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::rustls::ClientConfig;
use url::Url;

/// Bytes of a page.
const MAX_PAGE: usize = 4 * 1024 * 1024;

/// One connection a request: a rehearsal is slow for other reasons.
pub(in crate::drill) async fn exchange(
    name: &str,
    (host, port): (&str, u16),
    tls: Option<Arc<ClientConfig>>,
    request: Request<Full<Bytes>>,
) -> Result<(Parts, String), BrowserError> {
    let url = || format!("{host}:{port}");
    let failed = |error: &dyn std::fmt::Display| BrowserError::Connection {
        url: url(),
        why: error.to_string(),
    };
    let found = tokio::net::lookup_host((host, port)).await;
    let mut addresses: Vec<SocketAddr> = match found {
        Ok(found) => found.collect(),
        Err(_) => return Err(BrowserError::NameNotKnown { url: url() }),
    };
    if is_local(name) {
        // Some servers listen at one of the two only.
        addresses.push((std::net::Ipv6Addr::LOCALHOST, port).into());
    }
    let stream = TcpStream::connect(&addresses[..]).await;
    let stream = stream.map_err(|error| match error.kind() {
        io::ErrorKind::ConnectionRefused => BrowserError::Refused { url: url() },
        // Where the machine has no IPv6, that is the last error, but not what is wrong.
        io::ErrorKind::AddrNotAvailable if is_local(name) => BrowserError::Refused { url: url() },
        _ => failed(&error),
    })?;
    let tls = tls.map(|tls| (tls, name));
    let answer = fetch::send(stream, tls, request).await;
    let answer = answer.map_err(|error| failed(&error))?;
    let head = answer.head.clone();
    let bytes = answer.read(MAX_PAGE).await;
    let bytes = bytes.map_err(|error| match error {
        WireError::TooLarge => BrowserError::TooLarge {
            url: url(),
            limit: MAX_PAGE,
        },
        error => failed(&error),
    })?;
    let text = text(&head, &bytes);
    Ok((head, text))
}

/// UTF-8, or Latin-1 where that is what the page is said to be.
fn text(head: &Parts, bytes: &[u8]) -> String {
    let kind = head.headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.to_ascii_lowercase();
    match kind.contains("iso-8859-1") || kind.contains("windows-1252") {
        true => bytes.iter().copied().map(char::from).collect(),
        false => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Where to connect to.
pub(in crate::drill) fn target(url: &Url) -> Result<(String, u16), BrowserError> {
    let host = url
        .host_str()
        .filter(|_| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| BrowserError::Address(url.to_string()))?;
    let host = match is_local(host) {
        true => "127.0.0.1",
        false => host.trim_matches(['[', ']']),
    };
    Ok((host.to_owned(), url.port_or_known_default().unwrap_or(80)))
}
