//! A hub for tests of handlers: one identity provider, no system, the shipped keys.

use super::app::{App, Mode};
use super::journal::Journal;
use super::memory::Seal;
use super::metadata::Source;
use super::next_login::NextLogins;
use super::pinned::Pinned;
use super::registry::Registry;
use super::rollover::{Parts, Player};
use super::test_ca::TestCa;
use super::trials::Trials;
use super::world::Clock;
use crate::config::pki;
use crate::hub::keys::{HubKeys, RoleKeys};
use crate::hub::settings::RememberedChoice;
use crate::hub::{
    BrowserHash, BrowserMemory, Federation, FlowId, Hub, IdentityProvider, Pending, Settings, Stage,
};
use crate::oiosaml::{Cvr, Level, Nist, RequestProfile};
use crate::store::Memory;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response};
use std::sync::Arc;
use time::Duration;
use tower::ServiceExt;

/// entityID of the identity provider.
pub const IDP: &str = "https://idp.example/metadata";

/// The state.
pub fn app(mode: Mode) -> Arc<App> {
    let federation = Federation {
        identity_providers: vec![idp()],
        ..Federation::default()
    };
    app_with(mode, federation)
}

/// The state, with this federation.
pub fn app_with(mode: Mode, federation: Federation) -> Arc<App> {
    let clock = Arc::new(Clock::default());
    Arc::new(App {
        player: Arc::new(Player::new(
            hub(),
            HubKeys::shared(pki::ring("hub").unwrap()),
            Parts::default(),
        )),
        registry: Registry::new(federation, Settings::default()),
        metadata: Source::offline(),
        test_ca: Some(TestCa::invented(clock.clone())),
        seal: Seal::fresh(),
        pinned: Pinned::default(),
        trusted_proxies: Vec::new(),
        store: Arc::new(Memory::default()),
        journal: Arc::new(Journal::new(clock.clone())),
        logins: Arc::default(),
        next_logins: NextLogins::new(clock.clone()),
        trials: Arc::new(Trials::new(clock.clone())),
        clock,
        mode,
        manage_url: "http://127.0.0.1:7879".to_owned(),
        systems: Vec::new(),
        test_systems: Vec::new(),
        idps: Vec::new(),
        hand_outs: |_, _, _, _, _| Vec::new(),
        pages: Box::new(axum::Router::new),
        on_reset: Vec::new(),
    })
}

/// A login that waits at the chooser, stored.
pub async fn choosing(app: &App, browser: BrowserHash) -> FlowId {
    let pending = waiting(app, browser);
    app.store
        .put(&pending, None, app.clock.now())
        .await
        .unwrap();
    pending.flow
}

/// A login that waits at the chooser, not stored.
pub fn waiting(app: &App, browser: BrowserHash) -> Pending {
    let now = app.clock.now();
    Pending {
        flow: app.new_flow(),
        browser,
        system: "https://system.example/metadata".to_owned(),
        request_id: "_r".to_owned(),
        acs_url: "https://system.example/acs".to_owned(),
        relay_state: Some("mål & <mening>".to_owned()),
        required: Level::Nist(Nist::Three),
        enforced: true,
        force_authn: false,
        is_passive: false,
        idp_list: Vec::new(),
        chooser: true,
        notice: None,
        remember: false,
        profile: None,
        fault: None,
        started: now,
        expires: now + Duration::hours(1),
        stage: Stage::Choosing,
    }
}

/// What a browser remembers after a login that succeeded.
pub fn succeeded_with(
    app: &App,
    mut memory: BrowserMemory,
    system: &str,
    ticked: bool,
) -> BrowserMemory {
    let mut snapshot = (*app.registry.now()).clone();
    snapshot.settings.remembered_choice = RememberedChoice::Safe;
    let pending = Pending {
        system: system.to_owned(),
        remember: ticked,
        ..waiting(app, BrowserHash("browser".to_owned()))
    };
    let organisation = Cvr::parse("11111111");
    let now = app.clock.now().replace_nanosecond(0).unwrap();
    let hub = app.hub();
    let context = snapshot.context(&hub, now);
    memory.succeeded(context, &pending, IDP, organisation.as_ref());
    memory
}

/// Sends a request to a router.
pub async fn send(router: &Router, request: Request<Body>) -> Response<Body> {
    router.clone().oneshot(request).await.unwrap()
}

/// The body as text.
pub async fn body(response: Response<Body>) -> String {
    String::from_utf8(
        to_bytes(response.into_body(), 1 << 22)
            .await
            .unwrap()
            .to_vec(),
    )
    .unwrap()
}

fn hub() -> Hub {
    let keys = RoleKeys::of(&pki::pair("hub").unwrap());
    Hub {
        entity_id: "http://hub.localhost/runtime".to_owned(),
        public_url: "http://hub.localhost".to_owned(),
        organisation: "Test".to_owned(),
        idp: keys.clone(),
        sp: keys,
        faults: None,
    }
}

/// The identity provider.
pub fn idp() -> IdentityProvider {
    IdentityProvider {
        name: "idp".to_owned(),
        id: IDP.to_owned(),
        presentation_name: "Prøve <Kommune>".to_owned(),
        description: String::new(),
        oiosaml_profile: RequestProfile::Oiosaml2,
        assurance_level: Nist::Three,
        nsis_assurance_level: None,
        user_contexts: vec![Cvr::parse("11111111").unwrap()],
        ip_addresses: Vec::new(),
        knows_roles: false,
        mobile_friendly: false,
        supports_scope: false,
        supports_step_up: false,
        sso_url: "https://idp.example:8443/sso".to_owned(),
        single_logout: Vec::new(),
        signing_keys: Vec::new(),
        former_keys: Vec::new(),
        valid_until: None,
        replaced_by: None,
    }
}
