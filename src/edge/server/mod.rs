//! Sockets: accepts connections, speaks TLS where asked, tells the sites apart, and ends in good order.

mod client;
mod gate;
mod sites;
mod tls;

pub use client::{Clients, PeerCertificate};
pub use sites::Sites;
pub use tls::{TlsError, acceptor_from_pem, self_signed};

use self::gate::Gate;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// How long the head of a request may take, and a TLS handshake.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long requests may take to end after the program was told to.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections at a time.
const MAX_CONNECTIONS: usize = 1024;
/// Connections of one address at a time: a proxy's or an office's, and no more.
const MAX_OF_ONE_PEER: usize = 256;
/// Bytes of a connection's buffer: the head of a request must fit, and a Redirect message is in it.
const MAX_HEAD: usize = 128 * 1024;

/// What answers on a listener.
#[derive(Clone)]
pub enum Site {
    /// Sites told apart by Host.
    Public(Arc<Sites>),
    /// One site for all.
    Management(Router),
}

/// Told once that the program shall end. Cheap to copy.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// The other end of [`Stop`].
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

impl Stop {
    /// A pair.
    pub fn new() -> (Stopper, Self) {
        let (sender, receiver) = watch::channel(false);
        (Stopper(sender), Self(receiver))
    }
    /// Returns when it is time; also when nobody is left who could say so.
    pub async fn wait(&mut self) {
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}

impl Stopper {
    /// Says so.
    pub fn stop(&self) {
        let _ = self.0.send(true);
    }
}

/// Serves until told to stop, then lets requests that have begun end.
pub async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, site: Site, mut stop: Stop) {
    let graceful = GracefulShutdown::new();
    let gate = Gate::new(MAX_CONNECTIONS, MAX_OF_ONE_PEER);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of descriptors, or a client that left: wait a little rather than spin.
                    tracing::warn!(%error, "accept failed");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = stop.wait() => break,
        };
        let _ = stream.set_nodelay(true);
        let Some(pass) = gate.admit(peer.ip()) else {
            tracing::debug!(%peer, "no room for another connection");
            // Without a handshake nothing can be said; and a handshake is what there is no room for.
            if tls.is_none() {
                gate.shed(stream);
            }
            continue;
        };
        let (tls, site, watcher) = (tls.clone(), site.clone(), graceful.watcher());
        tokio::spawn(async move {
            let _pass = pass;
            let result = match tls {
                None => connection(TokioIo::new(stream), (peer, None), site, watcher).await,
                Some(tls) => match handshake(tls, stream).await {
                    Ok(stream) => {
                        let shown = shown(&stream);
                        connection(TokioIo::new(stream), (peer, shown), site, watcher).await
                    }
                    Err(error) => {
                        tracing::debug!(%peer, %error, "TLS handshake failed");
                        return;
                    }
                },
            };
            if let Err(error) = result {
                tracing::debug!(%peer, %error, "connection ended early");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN_TIMEOUT, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests did not end in time");
    }
}

async fn handshake(
    tls: TlsAcceptor,
    stream: TcpStream,
) -> io::Result<tokio_rustls::server::TlsStream<TcpStream>> {
    tokio::time::timeout(HEAD_TIMEOUT, tls.accept(stream))
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// The certificate that the client showed.
fn shown(stream: &tokio_rustls::server::TlsStream<TcpStream>) -> Option<PeerCertificate> {
    let all = stream.get_ref().1.peer_certificates()?;
    all.first().map(|own| PeerCertificate(own.as_ref().into()))
}

async fn connection<I>(
    io: I,
    peer: (SocketAddr, Option<PeerCertificate>),
    site: Site,
    watcher: hyper_util::server::graceful::Watcher,
) -> hyper::Result<()>
where
    I: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let (site, peer) = (site.clone(), peer.clone());
        async move { Ok::<_, Infallible>(answer(site, peer, request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD)
        .serve_connection(io, service);
    watcher.watch(connection).await
}

async fn answer(
    site: Site,
    (peer, shown): (SocketAddr, Option<PeerCertificate>),
    request: Request<Incoming>,
) -> Response<Body> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    if let Some(shown) = shown {
        request.extensions_mut().insert(shown);
    }
    match site {
        Site::Public(sites) => sites.answer(request).await,
        Site::Management(router) => match router.oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        },
    }
}
