//! Each rule of fetching once, against a server on this machine.

mod addresses;
mod answers;
mod redirects;
mod tls;

use super::*;
use crate::edge::server::self_signed;
use crate::edge::world::Clock;
use std::sync::{Arc, Mutex};
use time::Duration as Days;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A server that answers every connection with what it is told to.
struct Server {
    port: u16,
    /// The requests, whole.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers requests with `answer`; an empty answer never comes.
    async fn start(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self::listening(None, answer).await
    }

    async fn listening(
        tls: Option<TlsAcceptor>,
        answer: impl Fn(&str) -> String + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (asked, answer) = (Arc::new(Mutex::default()), Arc::new(answer));
        let heard = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, heard, answer) = (tls.clone(), Arc::clone(&heard), Arc::clone(&answer));
                tokio::spawn(async move {
                    match tls {
                        None => converse(stream, &heard, &*answer).await,
                        Some(tls) => {
                            // Somebody who does not trust us hangs up.
                            if let Ok(stream) = tls.accept(stream).await {
                                converse(stream, &heard, &*answer).await;
                            }
                        }
                    }
                });
            }
        });
        Self { port, asked }
    }

    fn url(&self, host: &str) -> String {
        format!("http://{host}:{}/metadata?a=b", self.port)
    }
    fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }
    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    heard: &Mutex<Vec<String>>,
    answer: &(dyn Fn(&str) -> String + Send + Sync),
) {
    let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut buffer).await.unwrap_or(0);
        request.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if read == 0 {
                return;
            }
            continue;
        };
        let mut lines = head.lines();
        let length = lines.find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
            break;
        }
    }
    let request = String::from_utf8(request).unwrap();
    let answer = answer(&request);
    heard.lock().unwrap().push(request);
    if answer.is_empty() {
        std::future::pending::<()>().await;
    }
    // Who has heard enough may have hung up.
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// 200 with these further headers, each line with its end.
fn ok(headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\n{headers}content-length: {length}\r\n\r\n{body}")
}

/// Trusts nobody, and is as patient as it takes.
fn settings() -> Settings {
    Settings {
        system_roots: false,
        ..Settings::default()
    }
}

fn fetcher(settings: Settings) -> Fetcher {
    Fetcher::new(settings).expect("roots")
}

/// What came of fetching with these settings.
async fn got(settings: Settings, url: &str) -> Result<Got, Cause> {
    let got = fetcher(settings).get(url, 4096, &Known::default()).await;
    got.map_err(|error| error.cause)
}

/// Fetched, or else the test fails.
async fn fetched(settings: Settings, url: &str) -> Fetched {
    match got(settings, url).await {
        Ok(Got::Fetched(fetched)) => fetched,
        other => panic!("{url}: {other:?}"),
    }
}

fn names(name: &str, ip: &str) -> BTreeMap<String, Vec<IpAddr>> {
    BTreeMap::from([(name.to_owned(), vec![ip.parse().unwrap()])])
}
