//! One public port, several sites: told apart by Host, as in reality they are different sites to a browser.

use crate::edge::browser::is_local;
use crate::edge::page::language::{self, Place};
use crate::edge::{guard, page};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use std::collections::BTreeMap;
use std::net::IpAddr;
use tower::ServiceExt;

/// The sites of the public listener.
pub struct Sites {
    /// The hub.
    pub hub: Router,
    /// Host of the public address, without port.
    pub public_host: String,
    /// Personas and demo systems by host, without port.
    pub by_host: BTreeMap<String, Router>,
}

impl Sites {
    /// Only the hub.
    pub fn hub_only(hub: Router, public_host: &str) -> Self {
        Self {
            hub,
            public_host: public_host.to_ascii_lowercase(),
            by_host: BTreeMap::new(),
        }
    }

    /// The site of a host. The hub answers to its public name and on loopback; a name that is nobody's gets
    /// nothing, so that no other site can have its name point here (DNS rebinding).
    pub fn site(&self, host: &str) -> Option<&Router> {
        if let Some(site) = self.by_host.get(host) {
            return Some(site);
        }
        let loopback = host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        (host == self.public_host || loopback || matches!(host, "localhost" | "hub.localhost"))
            .then_some(&self.hub)
    }

    /// Answers a request.
    pub async fn answer(&self, request: Request<Body>) -> Response<Body> {
        let Some(site) = guard::host(&request).and_then(|host| self.site(&host).cloned()) else {
            let answer = async |_| page::misdirected();
            return guard::headers(language::during(Place::Elsewhere, request, answer).await).await;
        };
        match site.oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    /// Whether sites can have hosts of their own under this public host.
    pub fn can_have_hosts(public_host: &str) -> bool {
        is_local(public_host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;
    use axum::routing::get;

    async fn status(host: Option<&str>) -> (StatusCode, String) {
        let mut sites = Sites::hub_only(
            Router::new().route("/", get(|| async { "hub" })),
            "hub.example.dk",
        );
        sites.by_host.insert(
            "by.localhost".to_owned(),
            Router::new().route("/", get(|| async { "by" })),
        );
        let mut request = Request::builder().uri("/");
        if let Some(host) = host {
            request = request.header("host", host);
        }
        let response = sites.answer(request.body(Body::empty()).unwrap()).await;
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20)
            .await
            .unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn hosts_lead_to_their_sites_and_strangers_nowhere() {
        for host in [
            "hub.example.dk",
            "HUB.localhost:7878",
            "127.0.0.1:7878",
            "[::1]:7878",
            "localhost",
        ] {
            assert_eq!(
                status(Some(host)).await,
                (StatusCode::OK, "hub".to_owned()),
                "{host}"
            );
        }
        assert_eq!(status(Some("by.localhost:7878")).await.1, "by");
        for host in [
            Some("evil.example"),
            Some("192.0.2.1"),
            Some("other.localhost"),
            Some(""),
            None,
        ] {
            assert_eq!(
                status(host).await.0,
                StatusCode::MISDIRECTED_REQUEST,
                "{host:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_stranger_is_told_so_in_their_language() {
        let sites = Sites::hub_only(Router::new(), "hub.example.dk");
        let request = Request::get("/").header("host", "evil.example");
        let request = request.header("accept-language", "en").body(Body::empty());
        let response = sites.answer(request.unwrap()).await;
        let page = crate::edge::testing::body(response).await;
        assert!(page.contains("<h1>Unknown host name</h1>") && page.contains("lang=\"da\""));
    }
}
