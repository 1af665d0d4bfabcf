//! The hub's metadata. Its documents name no time, so each is signed once for every state of the hub's keys, when it
//! is first asked for then. An `ETag` tells pollers whether anything changed; nobody may keep a copy unasked, or a
//! change of keys would reach them late.

use super::{Source, observe};
use crate::edge::app::App;
use crate::hub::Hub;
use crate::hub::metadata::{self, Form};
use crate::hub::trace::Leg;
use crate::xml::Canonical;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::{Arc, Mutex, PoisonError};

/// `?samlprofile=nemlogin3` is taken as the real hub takes it, and changes nothing: one form fits both.
#[derive(Debug, Deserialize)]
pub struct Asked {
    quirks: Option<String>,
    /// Who asks, by short name: everybody is told an address of their own.
    part: Option<String>,
}

/// The documents that were asked for last: by role, then plain and with quirks.
#[derive(Debug, Default)]
pub struct Published {
    idp: [Mutex<Option<Document>>; 2],
    sp: [Mutex<Option<Document>>; 2],
}

/// A document and the hub that it was signed for.
#[derive(Debug, Clone)]
struct Document {
    hub: Arc<Hub>,
    bytes: Bytes,
    etag: String,
}

/// For user-facing systems.
pub async fn idp_role(
    State(app): State<Arc<App>>,
    Source(source): Source,
    Extension(published): Extension<Arc<Published>>,
    Query(asked): Query<Asked>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let hub = app.hub();
    if method == Method::GET {
        let part = asked.part.as_deref();
        observe::fetched(&app, &hub, Leg::System, part, source, &headers);
    }
    let place = &published.idp[asked.place()];
    place.answer(&hub, &headers, |hub| metadata::idp_role(hub, asked.form()))
}

/// For identity providers.
pub async fn sp_role(
    State(app): State<Arc<App>>,
    Source(source): Source,
    Extension(published): Extension<Arc<Published>>,
    Query(asked): Query<Asked>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let hub = app.hub();
    if method == Method::GET {
        let part = asked.part.as_deref();
        observe::fetched(&app, &hub, Leg::IdentityProvider, part, source, &headers);
    }
    let place = &published.sp[asked.place()];
    place.answer(&hub, &headers, |hub| metadata::sp_role(hub, asked.form()))
}

impl Asked {
    fn form(&self) -> Form {
        Form {
            quirks: self.quirks.as_deref() == Some("ch2"),
        }
    }

    fn place(&self) -> usize {
        usize::from(self.form().quirks)
    }
}

trait Place {
    fn answer(
        &self,
        hub: &Arc<Hub>,
        headers: &HeaderMap,
        sign: impl Fn(&Hub) -> Canonical,
    ) -> Response;
}

impl Place for Mutex<Option<Document>> {
    fn answer(
        &self,
        hub: &Arc<Hub>,
        headers: &HeaderMap,
        sign: impl Fn(&Hub) -> Canonical,
    ) -> Response {
        let mut place = self.lock().unwrap_or_else(PoisonError::into_inner);
        // The same hub is the same document: the keys of a state are made once.
        let document = match place
            .take()
            .filter(|document| Arc::ptr_eq(&document.hub, hub))
        {
            Some(document) => document,
            None => Document::new(hub, &sign(hub)),
        };
        *place = Some(document.clone());
        drop(place);
        document.response(headers)
    }
}

impl Document {
    fn new(hub: &Arc<Hub>, signed: &Canonical) -> Self {
        let bytes = Bytes::copy_from_slice(signed.as_bytes());
        let digest = openssl::sha::sha256(&bytes);
        let digest = crate::dsig::hex(&digest[..16]);
        Self {
            hub: hub.clone(),
            etag: format!("\"{digest}\""),
            bytes,
        }
    }

    fn response(self, headers: &HeaderMap) -> Response {
        let asked = headers.get_all(IF_NONE_MATCH).iter();
        let mut asked = asked
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','));
        let known = asked.any(|tag| tag.trim().trim_start_matches("W/") == self.etag);
        let caching = [(ETAG, self.etag), (CACHE_CONTROL, "no-cache".to_owned())];
        if known {
            return (StatusCode::NOT_MODIFIED, caching).into_response();
        }
        let kind = [(CONTENT_TYPE, "application/samlmetadata+xml")];
        (kind, caching, self.bytes).into_response()
    }
}
