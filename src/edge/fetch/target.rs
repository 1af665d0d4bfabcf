//! Where an address leads, and where nothing of ours ever goes.
//!
//! A name is resolved once, every address that it has is judged, and one of these is connected to: a name that
//! answers otherwise the second time gains nothing.

use super::error::{Cause, Guarded};
use crate::saml::address::insecure;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use url::{Host, Url};

/// Services of cloud providers for their own machines that are neither link-local nor anybody's IdP.
const CLOUD: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// Reads an address and holds it against the rule: https, or http where it stays on this machine (`plain`: http to
/// everybody, for what is signed itself).
pub(super) fn read(address: &str, plain: bool) -> Result<Url, Cause> {
    let url = Url::parse(address).map_err(|error| Cause::NoAddress(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(Cause::NoAddress("neither https nor http".to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Cause::NoAddress("it has a user or password".to_owned()));
    }
    if !plain && insecure(url.as_str()).is_some() {
        return Err(Cause::NotHttps);
    }
    Ok(url)
}

/// The addresses that a URL leads to. If one of them is guarded, none is used.
pub(super) async fn resolve(
    url: &Url,
    known: &BTreeMap<String, Vec<IpAddr>>,
    forbidden: &[SocketAddr],
) -> Result<Vec<SocketAddr>, Cause> {
    let port = url.port_or_known_default().unwrap_or(443);
    let at = |ip: IpAddr| SocketAddr::new(ip, port);
    let found: Vec<SocketAddr> = match url.host() {
        Some(Host::Ipv4(ip)) => vec![at(ip.into())],
        Some(Host::Ipv6(ip)) => vec![at(ip.into())],
        // RFC 6761 §6.3: these names are this machine, whatever a name server says.
        Some(Host::Domain(name)) if name == "localhost" || name.ends_with(".localhost") => {
            vec![
                at(Ipv4Addr::LOCALHOST.into()),
                at(Ipv6Addr::LOCALHOST.into()),
            ]
        }
        Some(Host::Domain(name)) => match known.get(name) {
            Some(ips) => ips.iter().copied().map(at).collect(),
            None => {
                let found = tokio::net::lookup_host((name, port)).await;
                found.map_or_else(|_| Vec::new(), Iterator::collect)
            }
        },
        None => Vec::new(),
    };
    if found.is_empty() {
        let host = url.host_str().unwrap_or_default().to_owned();
        return Err(Cause::NameNotFound(host));
    }
    for address in &found {
        if let Some(guarded) = guarded(*address, forbidden) {
            let address = *address;
            return Err(Cause::Forbidden { address, guarded });
        }
    }
    Ok(found)
}

/// Why nothing goes to an address, if so.
pub(super) fn guarded(address: SocketAddr, forbidden: &[SocketAddr]) -> Option<Guarded> {
    let ip = plain(address.ip());
    if is_ours(ip, address.port(), forbidden) {
        return Some(Guarded::Management);
    }
    match ip {
        ip if CLOUD.contains(&ip) => Some(Guarded::Cloud),
        IpAddr::V4(ip) if ip.octets()[0] == 0 => Some(Guarded::Unspecified),
        IpAddr::V4(ip) if ip.is_link_local() => Some(Guarded::LinkLocal),
        IpAddr::V4(ip) if ip.is_multicast() || ip.is_broadcast() => Some(Guarded::Multicast),
        IpAddr::V6(ip) if ip.is_unspecified() => Some(Guarded::Unspecified),
        IpAddr::V6(ip) if ip.is_unicast_link_local() => Some(Guarded::LinkLocal),
        IpAddr::V6(ip) if ip.is_multicast() => Some(Guarded::Multicast),
        _ => None,
    }
}

/// Whether one of our own forbidden listeners answers there.
fn is_ours(ip: IpAddr, port: u16, forbidden: &[SocketAddr]) -> bool {
    let same = |listener: IpAddr| {
        listener == ip
            || listener.is_loopback() && ip.is_loopback()
            // One that listens everywhere is met at every address of this machine.
            || listener.is_unspecified() && is_here(ip)
    };
    let mut listeners = forbidden.iter().filter(|at| at.port() == port);
    listeners.any(|listener| same(plain(listener.ip())))
}

/// Whether this machine has an address: only such a one can be bound. Nothing is sent.
fn is_here(ip: IpAddr) -> bool {
    ip.is_loopback() || ip.is_unspecified() || UdpSocket::bind((ip, 0)).is_ok()
}

/// An IPv4 address that is written as an IPv6 one: mapped (`::ffff:0:0/96`), compatible (`::/96`), or through a
/// translator (NAT64, RFC 6052; 6to4, RFC 3056). It must not be a way around the rules for IPv4.
fn plain(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = ip.to_canonical() else {
        return ip.to_canonical();
    };
    let last = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match v6.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => ip,
        [0, 0, 0, 0, 0, 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => last(high, low),
        [0x2002, high, low, ..] => last(high, low),
        _ => ip,
    }
}
