//! A slow IdP: the user waits before a page that looks again by itself, and the answer is made when it is sent.
//! Nothing of the process waits with them, so that a test moves the clock instead.

use super::idp::Idp;
use super::page::WaitingPage;
use super::request::Verified;
use super::respond::{self, Login};
use super::session::random_name;
use crate::edge::page::{self, Text};
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

/// An answer that is not sent yet.
#[derive(Clone)]
pub struct Waiting {
    to: Verified,
    login: Login,
    until: OffsetDateTime,
}

/// Where whoever waits looks again.
#[derive(Deserialize)]
pub struct WaitQuery {
    id: String,
}

/// The answer, once it is time; the page again before that.
pub async fn wait(State(idp): State<Arc<Idp>>, Query(query): Query<WaitQuery>) -> Response {
    let now = idp.clock.now();
    match idp.waiting.get(&query.id) {
        Some(waiting) if now < waiting.until => idp.waiting_page(&query.id, waiting.until - now),
        Some(_) => match idp.waiting.take(&query.id) {
            Some(Waiting { to, login, .. }) => {
                idp.send(&respond::assertion(&idp, &to, &login, now))
            }
            None => idp.refuse(Text::current().wait_over, None),
        },
        None => idp.refuse(Text::current().wait_over, None),
    }
}

impl Idp {
    /// Sends the answer, or has the user wait for it.
    pub(super) fn answer(&self, to: &Verified, login: Login, now: OffsetDateTime) -> Response {
        let Some(delay) = self.persona.delay() else {
            return self.send(&respond::assertion(self, to, &login, now));
        };
        let id = random_name();
        let waiting = Waiting {
            to: to.clone(),
            login,
            until: now + delay,
        };
        self.waiting.put(id.clone(), waiting);
        self.waiting_page(&id, delay)
    }

    /// The browser looks again by itself; nothing of the process waits with it.
    fn waiting_page(&self, id: &str, left: Duration) -> Response {
        let again = format!("{}/vent?id={id}", self.site.base);
        let page = WaitingPage {
            t: Text::current(),
            base: &self.site.base,
            title: &self.title,
            again: &again,
            seconds: left.whole_seconds() + i64::from(left.subsec_nanoseconds() > 0),
        };
        let mut response = page::html(StatusCode::OK, &page);
        if let Ok(refresh) = HeaderValue::from_str(&format!("1; url={again}")) {
            response.headers_mut().insert(header::REFRESH, refresh);
        }
        response
    }
}
