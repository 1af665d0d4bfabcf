//! How many connections there may be: in all, and from one address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections that are told at a time that there is no room.
const MAX_TOLD: usize = 64;
/// How long telling it may take.
const TELL_TIMEOUT: Duration = Duration::from_secs(1);
/// What they are told.
const NO_ROOM: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Length: 63\r\nConnection: close\r\n\r\n\
    Hubben har for travlt. The hub is too busy. Try again in a bit.";

/// Counts connections.
#[derive(Debug)]
pub struct Gate {
    slots: Arc<Semaphore>,
    told: Arc<Semaphore>,
    peers: Arc<Mutex<HashMap<IpAddr, usize>>>,
    of_one_peer: usize,
}

/// The right to a connection; given back when dropped.
#[derive(Debug)]
pub struct Pass {
    _slot: OwnedSemaphorePermit,
    peer: IpAddr,
    peers: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Gate {
    /// For so many connections, and so many of one peer.
    pub fn new(all: usize, of_one_peer: usize) -> Self {
        Self {
            slots: Arc::new(Semaphore::new(all)),
            told: Arc::new(Semaphore::new(MAX_TOLD)),
            peers: Arc::default(),
            of_one_peer,
        }
    }

    /// Lets a connection in, if there is room.
    pub fn admit(&self, peer: IpAddr) -> Option<Pass> {
        let slot = self.slots.clone().try_acquire_owned().ok()?;
        let peer = network(peer);
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        let open = peers.entry(peer).or_default();
        if *open >= self.of_one_peer {
            return None;
        }
        *open += 1;
        drop(peers);
        Some(Pass {
            _slot: slot,
            peer,
            peers: self.peers.clone(),
        })
    }

    /// Tells a connection that there is no room, unless too many are being told already.
    pub fn shed(&self, stream: TcpStream) {
        if let Ok(told) = self.told.clone().try_acquire_owned() {
            tokio::spawn(async move {
                let _told = told;
                let _ = tokio::time::timeout(TELL_TIMEOUT, tell(stream)).await;
            });
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = peers.get_mut(&self.peer) {
            *open -= 1;
            if *open == 0 {
                peers.remove(&self.peer);
            }
        }
    }
}

/// A connection that is closed with unread octets is reset, and the answer lost: so what comes is read.
async fn tell(mut stream: TcpStream) -> std::io::Result<()> {
    stream.write_all(NO_ROOM).await?;
    stream.shutdown().await?;
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}

/// One peer: an IPv4 address, or the /64 that an IPv6 host picks its addresses from.
fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(v6) if !v6.is_loopback() => {
            IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_peer_cannot_take_all_connections() {
        let gate = Gate::new(3, 2);
        let first = gate.admit(ip("192.0.2.1"));
        let second = gate.admit(ip("::ffff:192.0.2.1"));
        assert!(first.is_some() && second.is_some());
        assert!(gate.admit(ip("192.0.2.1")).is_none());
        let third = gate.admit(ip("2001:db8::1"));
        assert!(third.is_some() && gate.admit(ip("192.0.2.9")).is_none());
        drop((first, second));
        let fourth = gate.admit(ip("2001:db8::2"));
        assert!(fourth.is_some());
        assert!(gate.admit(ip("2001:db8::3")).is_none(), "the same /64");
        assert!(gate.admit(ip("2001:db8:0:1::3")).is_some());
        drop((third, fourth));
        assert!(gate.peers.lock().unwrap().is_empty());
    }

    #[test]
    fn the_answer_is_as_long_as_it_says() {
        let text = std::str::from_utf8(NO_ROOM).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(
            head.contains(&format!("Content-Length: {}\r\n", body.len())),
            "{}",
            body.len()
        );
    }

    #[tokio::test]
    async fn without_room_a_connection_is_accepted_and_told() {
        let gate = Gate::new(0, 2);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        client.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
        let (stream, peer) = listener.accept().await.unwrap();
        assert!(gate.admit(peer.ip()).is_none());
        gate.shed(stream);
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("Retry-After: 5"));
    }
}
