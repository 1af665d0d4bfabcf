//! What a login does when the store says no: nothing is sent, and a page says who must act.

use crate::support::app::app;
use crate::support::world::{World, assertion_signed};
use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use std::sync::Arc;
use time::OffsetDateTime;
use tower::ServiceExt;
use vejviser::edge::journal::{Flow, Journal, State};
use vejviser::edge::world::Clock;
use vejviser::edge::{browser, front};
use vejviser::hub::logout::{BeginLogout, Ended, PendingLogout};
use vejviser::hub::session::{Session, SessionKey};
use vejviser::hub::verdict::Cause;
use vejviser::hub::{Check, Consume, FlowId, Pending};
use vejviser::store::{Consumed, LogoutKey, Store, StoreError};

const BROWSER: &str = "0123456789abcdef0123456789abcdef";

/// A store that knows one login and answers a consume with what it was told to.
struct Says {
    pending: Pending,
    consume: Result<Consumed, StoreError>,
}

#[async_trait]
impl Store for Says {
    async fn put(
        &self,
        _: &Pending,
        _: Option<&Pending>,
        _: OffsetDateTime,
    ) -> Result<(), StoreError> {
        Ok(())
    }
    async fn by_flow(&self, _: &FlowId, _: OffsetDateTime) -> Result<Option<Pending>, StoreError> {
        Ok(Some(self.pending.clone()))
    }
    async fn by_request(&self, _: &str, _: OffsetDateTime) -> Result<Option<Pending>, StoreError> {
        Ok(Some(self.pending.clone()))
    }
    async fn consume(&self, _: &Consume, _: OffsetDateTime) -> Result<Consumed, StoreError> {
        self.consume.clone()
    }
    async fn sessions(
        &self,
        _: &SessionKey,
        _: OffsetDateTime,
    ) -> Result<Vec<Session>, StoreError> {
        Ok(Vec::new())
    }
    async fn join(&self, _: &Session, _: OffsetDateTime) -> Result<bool, StoreError> {
        Ok(false)
    }
    async fn begin_logout(&self, _: &BeginLogout, _: OffsetDateTime) -> Result<Ended, StoreError> {
        Ok(Ended::Changed)
    }
    async fn go_on(
        &self,
        _: &PendingLogout,
        _: Option<&PendingLogout>,
        _: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        Ok(false)
    }
    async fn logout(
        &self,
        _: LogoutKey<'_>,
        _: OffsetDateTime,
    ) -> Result<Option<PendingLogout>, StoreError> {
        Ok(None)
    }
    async fn clear(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// A good answer arrives, and the store says `consume`: the page, and how the flow stands.
async fn answered(consume: Result<Consumed, StoreError>) -> (StatusCode, String, Option<State>) {
    let (status, body, flow) = arrived("https://hub.example", true, consume).await;
    (status, body, flow.map(|flow| flow.state))
}

/// A good answer arrives at a hub of this address, with or without the hub's cookie: the page, and the flow it is about.
async fn arrived(
    hub: &str,
    cookie: bool,
    consume: Result<Consumed, StoreError>,
) -> (StatusCode, String, Option<Flow>) {
    let clock = Arc::new(Clock::default());
    let mut world = World::plain();
    world.now = clock.now();
    let mut pending = world.asked();
    world.hub.public_url = hub.to_owned();
    pending.browser = browser::hash(BROWSER);
    let decoded = assertion_signed(
        &world.response(&pending),
        &world.assertion(&pending),
        &world.keys.idp.signing,
    );
    let flow = pending.flow.clone();
    let store = Arc::new(Says { pending, consume });
    let app = app(&world, store, Journal::new(clock.clone()), clock);
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    use base64::Engine as _;
    form.append_pair(
        "SAMLResponse",
        &base64::engine::general_purpose::STANDARD.encode(&decoded.xml),
    );
    let mut request = Request::post("/runtime/saml2auth/consume.idp")
        .header(header::HOST, "hub.example")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if cookie {
        let cookie = format!("{}={BROWSER}", browser::cookie_name(BROWSER));
        request = request.header(header::COOKIE, cookie);
    }
    let request = request.body(Body::from(form.finish())).unwrap();
    let response = front::router(app.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    // Without a cookie it is nobody's flow, and one of its own.
    let newest = || app.journal.list().into_iter().next();
    let flow = app.journal.get(&flow).or_else(newest);
    (status, String::from_utf8(body.to_vec()).unwrap(), flow)
}

#[tokio::test]
async fn only_a_consumed_login_is_answered() {
    let (status, body, state) = answered(Ok(Consumed::Done)).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert!(body.contains("SAMLResponse"));
    assert_eq!(state, Some(State::LoggedIn));
}

#[tokio::test]
async fn what_the_store_refuses_is_a_page_with_its_check() {
    let unavailable = StoreError::Unavailable("test".to_owned());
    for (consume, check) in [
        (Ok(Consumed::Replayed("x".to_owned())), Check::Replay),
        (Ok(Consumed::Gone), Check::ResponseExpected),
        (Err(StoreError::Full), Check::StoreAvailable),
        (Err(unavailable), Check::StoreAvailable),
    ] {
        let (status, body, state) = answered(consume.clone()).await;
        let wanted = check == Check::StoreAvailable;
        assert_eq!(
            status == StatusCode::SERVICE_UNAVAILABLE,
            wanted,
            "{consume:?}: {status}"
        );
        assert!(status.is_client_error() || wanted, "{consume:?}: {status}");
        assert!(body.contains(check.info().id), "{consume:?}: {body}");
        assert!(!body.contains("SAMLResponse"), "nothing is sent");
        assert_ne!(state, Some(State::LoggedIn), "{consume:?}");
    }
}

/// What the flow says it was, and who must act: kebab-case, as the API has it.
fn judged(flow: Option<Flow>) -> (Cause, String) {
    let cause = flow.unwrap().verdict.unwrap().cause;
    let actor = serde_json::to_value(cause.info().actor).unwrap();
    (cause, actor.as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_store_that_cannot_be_reached_is_the_hubs() {
    let unavailable = Err(StoreError::Unavailable("test".to_owned()));
    let (_, _, flow) = arrived("https://hub.example", true, unavailable).await;
    assert_eq!(judged(flow), (Cause::StoreUnavailable, "hub".to_owned()));
}

/// Browsers drop a cookie with `Secure` where there is neither https nor localhost: that is the hub's address, and not the
/// user's browser (tests/browser shows it in Chromium).
#[tokio::test]
async fn a_cookie_that_browsers_cannot_keep_is_the_hubs() {
    for (hub, cause, actor) in [
        ("http://hub.test", Cause::CookieNotKept, "hub"),
        ("https://hub.test", Cause::CookieMissing, "user"),
        ("http://hub.localhost", Cause::CookieMissing, "user"),
    ] {
        let (status, body, flow) = arrived(hub, false, Ok(Consumed::Done)).await;
        assert!(status.is_client_error(), "{body}");
        assert_eq!(judged(flow), (cause, actor.to_owned()), "{hub}");
    }
}
