//! What a login does when the store says no: nothing is sent, and a page says who must act.

use crate::support::world::{World, assertion_signed};
use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use std::sync::Arc;
use time::OffsetDateTime;
use tower::ServiceExt;
use vejviser::config::pki;
use vejviser::edge::journal::{Journal, State};
use vejviser::edge::memory::Seal;
use vejviser::edge::metadata::Source;
use vejviser::edge::pinned::Pinned;
use vejviser::edge::registry::Registry;
use vejviser::edge::rollover::{Parts, Player};
use vejviser::edge::trials::Trials;
use vejviser::edge::world::Clock;
use vejviser::edge::{App, Mode, browser, front};
use vejviser::hub::keys::HubKeys;
use vejviser::hub::{Check, Consume, FlowId, Pending};
use vejviser::store::{Consumed, Store, StoreError};

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
    async fn clear(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// A good answer arrives, and the store says `consume`: the page, and how the flow stands.
async fn answered(consume: Result<Consumed, StoreError>) -> (StatusCode, String, Option<State>) {
    let clock = Arc::new(Clock::default());
    let mut world = World::plain();
    world.now = clock.now();
    let mut pending = world.asked();
    pending.browser = browser::hash(BROWSER);
    let decoded = assertion_signed(
        &world.response(&pending),
        &world.assertion(&pending),
        &world.keys.idp.signing,
    );
    let flow = pending.flow.clone();
    let keys = HubKeys::shared(pki::ring("hub").unwrap());
    let app = Arc::new(App {
        player: Arc::new(Player::new(world.hub.clone(), keys, Parts::default())),
        registry: Registry::new(world.federation.clone(), world.settings.clone()),
        test_ca: None,
        metadata: Source::offline(),
        seal: Seal::fresh(),
        pinned: Pinned::default(),
        trusted_proxies: Vec::new(),
        store: Arc::new(Says { pending, consume }),
        journal: Journal::new(clock.clone()),
        trials: Arc::new(Trials::new(clock.clone())),
        clock,
        mode: Mode::Serve,
        manage_url: "http://127.0.0.1:1".to_owned(),
        systems: Vec::new(),
        test_systems: Vec::new(),
        idps: Vec::new(),
        hand_outs: |_, _, _, _, _| Vec::new(),
        pages: Box::new(axum::Router::new),
        on_reset: Vec::new(),
    });
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    use base64::Engine as _;
    form.append_pair(
        "SAMLResponse",
        &base64::engine::general_purpose::STANDARD.encode(&decoded.xml),
    );
    let request = Request::post("/runtime/saml2auth/consume.idp")
        .header(header::HOST, "hub.example")
        .header(
            header::COOKIE,
            format!("{}={BROWSER}", browser::cookie_name(BROWSER)),
        )
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.finish()))
        .unwrap();
    let response = front::router(app.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let state = app.journal.get(&flow).map(|flow| flow.state);
    (status, String::from_utf8(body.to_vec()).unwrap(), state)
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
