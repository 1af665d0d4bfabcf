//! Where a user came from: the socket's other end, or what a trusted proxy says stood at its own.

use axum::http::HeaderMap;
use ipnet::IpNet;
use std::net::IpAddr;

/// The header in which proxies keep a list: whoever asked first stands first, and each proxy adds the address
/// that it was asked from.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address, where `peer` is the socket's other end. Only a trusted proxy is believed, and of what it says
/// only the part that trusted ones wrote: the list is read from its end until an address that is none of
/// theirs. None if that is no address.
pub fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    if !is_trusted(&peer) {
        return Some(peer);
    }
    let lines = headers.get_all(FORWARDED_FOR);
    let mut listed: Vec<&str> = Vec::new();
    for line in lines {
        listed.extend(line.to_str().ok()?.split(','));
    }
    for entry in listed.into_iter().rev() {
        let address = entry.trim().parse::<IpAddr>().ok()?.to_canonical();
        if !is_trusted(&address) {
            return Some(address);
        }
    }
    // The proxy itself asks.
    Some(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed_and_only_what_they_wrote() {
        let trusted: Vec<IpNet> = vec![
            "10.0.0.0/8".parse().unwrap(),
            "192.0.2.7/32".parse().unwrap(),
        ];
        for (peer, lines, expected) in [
            // Anybody may write the header.
            ("198.51.100.1", vec!["203.0.113.9"], Some("198.51.100.1")),
            ("10.0.0.1", vec!["203.0.113.9"], Some("203.0.113.9")),
            // What the user's own browser claimed stands left of what the proxy saw.
            (
                "10.0.0.1",
                vec!["127.0.0.1, 203.0.113.9"],
                Some("203.0.113.9"),
            ),
            (
                "10.0.0.1",
                vec!["127.0.0.1", "203.0.113.9"],
                Some("203.0.113.9"),
            ),
            (
                "10.0.0.1",
                vec!["203.0.113.9, 192.0.2.7 ,10.2.3.4"],
                Some("203.0.113.9"),
            ),
            (
                "10.0.0.1",
                vec!["203.0.113.9", "::ffff:10.1.1.1"],
                Some("203.0.113.9"),
            ),
            ("10.0.0.1", vec!["2001:db8::1"], Some("2001:db8::1")),
            // No address is not a guess.
            ("10.0.0.1", vec!["203.0.113.9, unknown"], None),
            ("10.0.0.1", vec!["203.0.113.9,"], None),
            ("10.0.0.1", vec!["203.0.113.9:4711"], None),
            ("10.0.0.1", vec![], Some("10.0.0.1")),
            ("10.0.0.1", vec!["10.9.9.9"], Some("10.0.0.1")),
        ] {
            let mut headers = HeaderMap::new();
            for line in &lines {
                headers.append(FORWARDED_FOR, line.parse().unwrap());
            }
            let found = of(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(
                found,
                expected.map(|ip| ip.parse().unwrap()),
                "{peer} {lines:?}"
            );
        }
    }
}
