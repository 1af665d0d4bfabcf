//! The real hub's provisioning interface, from outside: every operation of CH.json, what is refused, what a change does to the
//! next login, and who may make it.

mod acts;
mod certificates;
mod interface;

use crate::support::demo::Demo;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use tower::ServiceExt;
use vejviser::edge::manage::{self, Access};

/// The management listener of a demo, without a socket.
struct Api(Router);

/// What was answered.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Json,
}

impl Answer {
    /// Everything that is wrong, as it is told.
    fn details(&self) -> Vec<&str> {
        let details = self.body["errorDetails"].as_array();
        let details = details.into_iter().flatten();
        details.filter_map(Json::as_str).collect()
    }
}

impl Api {
    fn of(demo: &Demo) -> Self {
        Self(manage::router(demo.app.clone(), Access::open()))
    }

    async fn ask(&self, method: &str, path: &str, body: Option<&Json>) -> Answer {
        self.ask_if(method, path, body, None).await
    }

    async fn ask_if(
        &self,
        method: &str,
        path: &str,
        body: Option<&Json>,
        seen: Option<&str>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header("host", "127.0.0.1");
        if let Some(seen) = seen {
            request = request.header("if-match", seen);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let response = self.0.clone().oneshot(request.body(body).unwrap()).await;
        let response = response.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 1 << 24).await.unwrap();
        Answer {
            status,
            headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Json::Null),
        }
    }

    async fn get(&self, path: &str) -> Json {
        let answer = self.ask("GET", path, None).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.body
    }

    async fn done(&self, method: &str, path: &str, body: Option<&Json>) {
        let answer = self.ask(method, path, body).await;
        assert_eq!(answer.status, 200, "{method} {path}: {answer:?}");
    }
}

/// An id as it stands in a path: the standard alphabet, so that `/` and `+` must be escaped.
fn in_path(id: &str) -> String {
    let text = STANDARD.encode(id);
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// `SamlMetadata` with this document.
fn metadata(document: &str) -> Json {
    json!({ "Xml": STANDARD.encode(document), "MetadataUrl": "" })
}
