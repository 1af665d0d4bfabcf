//! Who may use the management listener.

use super::shown::Administrators;
use crate::edge::app::App;
use crate::edge::browser::is_local;
use crate::edge::cookies;
use crate::edge::guard::{host, without_port};
use crate::edge::provisioning::{self, Caller};
use crate::edge::server::PeerCertificate;
use crate::edge::world::hex;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, LOCATION, ORIGIN, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;

const COOKIE_NAME: &str = "vejviser-manage";

/// What a request must bring.
#[derive(Debug, Clone)]
pub struct Access {
    token: Option<String>,
    any_host: bool,
    /// Over TLS: whose certificates are as good as the token.
    administrators: Option<Administrators>,
}

/// A listener's guard, and what it must know to decide.
pub struct Door {
    pub app: Arc<App>,
    pub access: Access,
}

impl Access {
    /// A demo on loopback: no token.
    pub fn open() -> Self {
        Self {
            token: None,
            any_host: false,
            administrators: None,
        }
    }
    /// With a token. A listener beyond loopback has names that we cannot know; there the token alone stands
    /// against DNS rebinding.
    pub fn with_token(token: String, beyond_loopback: bool) -> Self {
        Self {
            token: Some(token),
            any_host: beyond_loopback,
            administrators: None,
        }
    }
    /// Over TLS, where client certificates count too: registered ones, and those of administrators.
    pub fn over_tls(self, administrators: Administrators) -> Self {
        Self {
            administrators: Some(administrators),
            ..self
        }
    }
}

/// Lets a request through, or says why not.
pub async fn admit(State(door): State<Arc<Door>>, mut request: Request, next: Next) -> Response {
    let access = &door.access;
    let Some(name) = host(&request).filter(|name| access.any_host || is_local(name)) else {
        return refuse(
            StatusCode::MISDIRECTED_REQUEST,
            "this host name is not the management listener's",
        );
    };
    let reads_a_page = matches!(*request.method(), Method::GET | Method::HEAD)
        && !request.uri().path().starts_with("/api/")
        && !provisioning::is_here(request.uri().path());
    if !reads_a_page && is_foreign(&request, &name) {
        return refuse(
            StatusCode::FORBIDDEN,
            "requests from other sites are refused",
        );
    }
    let Some(token) = &access.token else {
        request.extensions_mut().insert(Caller::named("demo"));
        return next.run(request).await;
    };
    if let Some(given) = login_link(&request) {
        return if same(&given, token) {
            logged_in(token, access.administrators.is_some())
        } else {
            unauthorized(NO_TOKEN)
        };
    }
    match door.caller(&request, token) {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(why) => unauthorized(&why),
    }
}

const NO_TOKEN: &str = "a bearer token is needed; see the ready line, or open the login link";

impl Door {
    /// Who sends a request, or why they may not.
    fn caller(&self, request: &Request, token: &str) -> Result<Caller, String> {
        let path = request.uri().path();
        if bearer(request).is_some_and(|given| same(given, token)) {
            return Ok(Caller::named("token"));
        }
        if has_cookie(request, token) {
            return Ok(Caller::named("browser"));
        }
        if path.starts_with("/assets/") {
            return Ok(Caller::named("anybody"));
        }
        let Some(administrators) = &self.access.administrators else {
            return Err(NO_TOKEN.to_owned());
        };
        match request.extensions().get::<PeerCertificate>() {
            Some(shown) => administrators.caller(&self.app, shown, path),
            None => Err(format!("{NO_TOKEN}, or show a client certificate")),
        }
    }
}

/// Whether a page of another site had the browser send this. Scripts send neither header.
fn is_foreign(request: &Request, name: &str) -> bool {
    let headers = request.headers();
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if !matches!(site, None | Some(b"same-origin" | b"none")) {
        return true;
    }
    let Some(origin) = headers.get(ORIGIN) else {
        return false;
    };
    // Our pages tell nobody where they are, and so their own forms come with an opaque origin.
    if origin == "null" && site == Some(b"same-origin") {
        return false;
    }
    let own = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or(name)
        .to_ascii_lowercase();
    let Some(origin) = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"))
    else {
        return true;
    };
    !(matches!(origin.0, "http" | "https") && origin.1 == own && without_port(origin.1) == name)
}

fn login_link(request: &Request) -> Option<String> {
    (request.uri().path() == "/").then_some(())?;
    let pairs = url::form_urlencoded::parse(request.uri().query()?.as_bytes());
    pairs
        .into_iter()
        .find(|(name, _)| name == "token")
        .map(|(_, value)| value.into_owned())
}

fn logged_in(token: &str, over_tls: bool) -> Response {
    let secure = if over_tls { "; Secure" } else { "" };
    let cookie = format!(
        "{COOKIE_NAME}={}; Path=/; HttpOnly; SameSite=Strict{secure}",
        cookie_value(token)
    );
    (
        StatusCode::SEE_OTHER,
        [(LOCATION, "/".to_owned()), (SET_COOKIE, cookie)],
    )
        .into_response()
}

fn bearer(request: &Request) -> Option<&str> {
    let (scheme, token) = request
        .headers()
        .get(AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

fn has_cookie(request: &Request, token: &str) -> bool {
    let wanted = cookie_value(token);
    cookies::all(request.headers())
        .any(|cookie| cookie.name() == COOKIE_NAME && same(cookie.value(), &wanted))
}

/// The cookie is not the token: whoever reads a browser's cookies does not get the scripts' key.
fn cookie_value(token: &str) -> String {
    hex(&openssl::sha::sha256(
        format!("vejviser management cookie {token}").as_bytes(),
    ))
}

fn same(given: &str, wanted: &str) -> bool {
    given.len() == wanted.len() && openssl::memcmp::eq(given.as_bytes(), wanted.as_bytes())
}

fn unauthorized(why: &str) -> Response {
    let mut response = refuse(StatusCode::UNAUTHORIZED, why);
    response
        .headers_mut()
        .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

/// An error of the API.
pub fn refuse(status: StatusCode, why: &str) -> Response {
    (status, axum::Json(json!({ "error": why }))).into_response()
}
