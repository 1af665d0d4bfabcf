//! Which language a page speaks, and where the same page is in the other one.
//!
//! Both belong to the request, and pages are made in every layer (a missing address, a panic, a timeout), so
//! they are kept with the request's task and not handed through every function.

use super::text::Text;
use crate::edge::cookies;
use crate::oiosaml::Level;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use std::fmt::Write;

/// The parameter of an address that asks for a language.
const PARAMETER: &str = "lang";
/// The cookie that keeps it.
const COOKIE_NAME: &str = "vejviser-sprog";
/// Seconds of a year.
const COOKIE_SECONDS: u32 = 365 * 24 * 60 * 60;
/// Bytes of a query that a page repeats in its link; the longest are SAML messages that came by Redirect.
const MAX_QUERY: usize = 8 * 1024;

/// A language of the pages. Danish where nobody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Danish.
    #[default]
    Danish,
    /// English.
    English,
}

/// On whose site a page stands: decides what its header leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// The hub's public site.
    Hub,
    /// The management listener.
    Management,
    /// A persona, a demo system, or a host that is nobody's.
    #[default]
    Elsewhere,
}

/// What the pages made for one request share.
#[derive(Debug, Clone, Default)]
struct Spoken {
    language: Language,
    place: Place,
    /// The query without its language; only of a GET, whose answer can be fetched again.
    query: Option<String>,
}

tokio::task_local! {
    static SPOKEN: Spoken;
}

impl Language {
    /// The language of the request that is being answered.
    pub fn current() -> Self {
        spoken(|spoken| spoken.language)
    }

    /// As in `lang` attributes.
    pub fn code(self) -> &'static str {
        match self {
            Self::Danish => "da",
            Self::English => "en",
        }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Danish => Self::English,
            Self::English => Self::Danish,
        }
    }

    /// One of a pair: Danish, English.
    pub fn pick<T>(self, pair: (T, T)) -> T {
        match self {
            Self::Danish => pair.0,
            Self::English => pair.1,
        }
    }

    /// A level as staff say it.
    pub fn level(self, level: Level) -> String {
        match self {
            Self::Danish => level.danish(),
            Self::English => level.english(),
        }
    }

    fn parse(code: &str) -> Option<Self> {
        let primary = code.split('-').next().unwrap_or(code).trim();
        [Self::Danish, Self::English]
            .into_iter()
            .find(|language| primary.eq_ignore_ascii_case(language.code()))
    }

    /// What the address asks for, else what the browser keeps, else what it prefers.
    fn of(request: &Request) -> Self {
        let headers = request.headers();
        asked(request)
            .or_else(|| kept(headers))
            .or_else(|| preferred(headers))
            .unwrap_or_default()
    }
}

/// Whose site the request is for.
pub fn place() -> Place {
    spoken(|spoken| spoken.place)
}

/// The link to this page in the other language; none where the page cannot be fetched again. It is a query
/// alone, which a browser resolves against the path it is at.
pub fn switch() -> Option<String> {
    let (query, other) = spoken(|spoken| (spoken.query.clone(), spoken.language.other()));
    let query = query?;
    let separator = if query.is_empty() { "" } else { "&" };
    Some(format!("?{query}{separator}{PARAMETER}={}", other.code()))
}

/// Answers a request in its language, on a site of this kind. A language in the address is kept.
pub async fn answered(State(place): State<Place>, request: Request, next: Next) -> Response {
    let asked = asked(&request);
    let mut response = during(place, request, |request| next.run(request)).await;
    if let Some(cookie) = asked.and_then(keep) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Runs what answers a request, so that every page it makes is in the request's language.
pub async fn during<A: Future<Output = Response>>(
    place: Place,
    request: Request,
    answer: impl FnOnce(Request) -> A,
) -> Response {
    let repeatable = request.method() == Method::GET;
    let spoken = Spoken {
        language: Language::of(&request),
        place,
        query: repeatable
            .then(|| others(request.uri().query().unwrap_or_default()))
            .flatten(),
    };
    SPOKEN.scope(spoken, answer(request)).await
}

fn spoken<T>(read: impl Fn(&Spoken) -> T) -> T {
    SPOKEN
        .try_with(&read)
        .unwrap_or_else(|_| read(&Spoken::default()))
}

fn asked(request: &Request) -> Option<Language> {
    let query = request.uri().query()?;
    url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name == PARAMETER)
        .find_map(|(_, value)| Language::parse(&value))
}

fn kept(headers: &HeaderMap) -> Option<Language> {
    cookies::all(headers)
        .filter(|cookie| cookie.name() == COOKIE_NAME)
        .find_map(|cookie| Language::parse(cookie.value()))
}

/// The one of ours that ranks highest; of equals the one that is named first.
fn preferred(headers: &HeaderMap) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    let lines = headers.get_all(ACCEPT_LANGUAGE).iter();
    for item in lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
    {
        let (tag, weight) = weighted(item);
        if let Some(language) = Language::parse(tag)
            && weight > best.map_or(0.0, |(weight, _)| weight)
        {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

/// A range and its weight; a weight that cannot be read is none.
fn weighted(item: &str) -> (&str, f32) {
    let mut parts = item.split(';').map(str::trim);
    let tag = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
    let weight = weight.map_or(1.0, |text| text.trim().parse().unwrap_or(0.0));
    (tag, weight)
}

/// No `Secure`: it holds no secret, and `serve` may speak plain http.
fn keep(language: Language) -> Option<HeaderValue> {
    let code = language.code();
    let line = format!("{COOKIE_NAME}={code}; Path=/; Max-Age={COOKIE_SECONDS}; SameSite=Lax");
    HeaderValue::from_str(&line).ok()
}

/// A query without its language, for a link. Whoever sent the user here wrote it: what could leave an
/// address is encoded. What needs no encoding stays octet for octet, because a signature may be over it.
fn others(query: &str) -> Option<String> {
    if query.len() > MAX_QUERY {
        return None;
    }
    let mut safe = String::with_capacity(query.len());
    let is_language = |part: &str| {
        let mut pairs = url::form_urlencoded::parse(part.as_bytes());
        pairs.next().is_some_and(|(name, _)| name == PARAMETER)
    };
    for part in query.split('&').filter(|part| !is_language(part)) {
        if !safe.is_empty() {
            safe.push('&');
        }
        for byte in part.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~%+=*".contains(&byte) {
                safe.push(char::from(byte));
            } else {
                // Writing to a String does not fail.
                let _ = write!(safe, "%{byte:02X}");
            }
        }
    }
    Some(safe)
}

impl Text {
    /// In the language of the request that is being answered; Danish outside of one.
    pub fn current() -> &'static Self {
        Self::of(Language::current())
    }
}

#[cfg(test)]
mod tests;
