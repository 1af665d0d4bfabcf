//! What a browser did at the hub, for the flow that it was about: the request as it came, and what it got.

use crate::edge::app::App;
use crate::edge::cookies;
use crate::edge::journal::Visit;
use crate::hub::FlowId;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_LANGUAGE, CONTENT_TYPE, HOST, LOCATION, ORIGIN, REFERER, SET_COOKIE, USER_AGENT,
};
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::Response;
use std::cell::RefCell;
use std::sync::Arc;

/// The headers that say something about the browser and where it comes from.
static TOLD: [HeaderName; 11] = [
    HOST,
    USER_AGENT,
    ORIGIN,
    REFERER,
    CONTENT_TYPE,
    ACCEPT_LANGUAGE,
    HeaderName::from_static("sec-fetch-site"),
    HeaderName::from_static("sec-fetch-mode"),
    HeaderName::from_static("sec-fetch-dest"),
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-proto"),
];
/// Bytes of a header that are kept, and cookies that are named.
const LONGEST: usize = 512;
const MOST_COOKIES: usize = 50;

tokio::task_local! {
    static ABOUT: RefCell<Option<FlowId>>;
}

/// The request that is being answered is about this flow.
pub fn about(flow: &FlowId) {
    // Outside a request (a test that calls a handler) there is nobody to visit.
    let _ = ABOUT.try_with(|about| *about.borrow_mut() = Some(flow.clone()));
}

/// Notes the request in the flow that it turned out to be about.
pub async fn noted(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let at = app.clock.now();
    let (method, path) = (
        request.method().to_string(),
        request.uri().path().to_owned(),
    );
    let headers = request.headers().clone();
    let answered = async {
        let response = next.run(request).await;
        (response, ABOUT.with(RefCell::take))
    };
    let (response, flow) = ABOUT.scope(RefCell::default(), answered).await;
    if let Some(flow) = flow {
        let visit = Visit {
            at,
            method,
            path,
            headers: told(&headers),
            cookies: names(&headers),
            status: response.status().as_u16(),
            set_cookies: set(response.headers()),
            location: response
                .headers()
                .get(LOCATION)
                .map(|to| bare(&text(to.as_bytes()))),
        };
        app.journal.visited(&flow, visit);
    }
    response
}

fn told(headers: &HeaderMap) -> Vec<(String, String)> {
    let told = TOLD.iter().flat_map(|name| {
        let values = headers.get_all(name).iter();
        values.map(move |value| {
            let value = text(value.as_bytes());
            // What comes after the question mark may be a message, or somebody's secret.
            let value = match *name == REFERER {
                true => bare(&value),
                false => value,
            };
            (name.to_string(), value)
        })
    });
    told.collect()
}

fn names(headers: &HeaderMap) -> Vec<String> {
    let all = cookies::all(headers).map(|cookie| text(cookie.name().as_bytes()));
    all.take(MOST_COOKIES).collect()
}

/// `name; Secure; SameSite=None`: without the value.
fn set(headers: &HeaderMap) -> Vec<String> {
    let all = headers.get_all(SET_COOKIE).iter();
    let all = all.map(|line| {
        let line = text(line.as_bytes());
        let (pair, attributes) = line.split_once(';').unwrap_or((&line, ""));
        let name = pair.split('=').next().unwrap_or_default();
        match attributes {
            "" => name.to_owned(),
            attributes => format!("{name};{attributes}"),
        }
    });
    all.collect()
}

fn bare(address: &str) -> String {
    address
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn text(bytes: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    let end = (0..=LONGEST.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    text.truncate(end.unwrap_or(0));
    text
}
