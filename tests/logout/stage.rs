//! A hub behind its router with the memory store, one identity provider and two systems that write their own messages, and a
//! clock that the test moves.

use crate::support::app::app;
use crate::support::world::{ACS, IDP, SYSTEM, World, assertion_signed, single_logout};
use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::{Arc, Mutex};
use time::{Duration, OffsetDateTime};
use tower::ServiceExt;
use vejviser::dsig::{self, Place, SigningKey};
use vejviser::edge::journal::{Flow, Journal};
use vejviser::edge::world::{Clock, random_hex};
use vejviser::edge::{App, browser, front};
use vejviser::hub::logout::{BeginLogout, Ended, PendingLogout};
use vejviser::hub::session::{Session, SessionKey};
use vejviser::hub::{Consume, FlowId, Pending};
use vejviser::saml::binding::{self, MessageField, Outbound, soap};
use vejviser::saml::{AuthnRequest, Decoded, LogoutRequest, LogoutResponse, NameId, Status, names};
use vejviser::store::{Consumed, LogoutKey, Memory, Store, StoreError};
use vejviser::xml::{Canonical, Document};

pub const SECOND: &str = "https://post.example/saml";
const SECOND_ACS: &str = "https://post.example/acs";
pub const HUB: &str = "https://hub.example";
pub const ISSUE: &str = "/runtime/saml2/issue.idp";
pub const SIGNOFF: &str = "/runtime/saml2/signoff.idp";
pub const SIGNOFF_REQUEST: &str = "/runtime/saml2auth/signoffrequest.idp";
pub const SIGNOFF_RESPONSE: &str = "/runtime/saml2auth/signoffresponse.idp";
pub const SOAP: &str = "/runtime/services/signoff/saml2/soap";
pub const BROWSER: &str = "0123456789abcdef0123456789abcdef";

/// The memory store, of which one step can be made to fail.
#[derive(Default)]
pub struct Shaky {
    memory: Memory,
    fails: Mutex<Option<&'static str>>,
}

impl Shaky {
    /// From now on this step fails; none: it works again.
    pub fn fail(&self, step: Option<&'static str>) {
        *self.fails.lock().unwrap() = step;
    }
    fn at(&self, step: &str) -> Result<(), StoreError> {
        match *self.fails.lock().unwrap() == Some(step) {
            true => Err(StoreError::Unavailable("test".to_owned())),
            false => Ok(()),
        }
    }
}

#[async_trait]
impl Store for Shaky {
    async fn put(
        &self,
        pending: &Pending,
        replaces: Option<&Pending>,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        self.memory.put(pending, replaces, now).await
    }
    async fn by_flow(
        &self,
        flow: &FlowId,
        now: OffsetDateTime,
    ) -> Result<Option<Pending>, StoreError> {
        self.memory.by_flow(flow, now).await
    }
    async fn by_request(
        &self,
        id: &str,
        now: OffsetDateTime,
    ) -> Result<Option<Pending>, StoreError> {
        self.memory.by_request(id, now).await
    }
    async fn consume(
        &self,
        consume: &Consume,
        now: OffsetDateTime,
    ) -> Result<Consumed, StoreError> {
        self.memory.consume(consume, now).await
    }
    async fn sessions(
        &self,
        key: &SessionKey,
        now: OffsetDateTime,
    ) -> Result<Vec<Session>, StoreError> {
        self.at("sessions")?;
        self.memory.sessions(key, now).await
    }
    async fn join(&self, login: &Session, now: OffsetDateTime) -> Result<bool, StoreError> {
        self.at("join")?;
        self.memory.join(login, now).await
    }
    async fn begin_logout(
        &self,
        begin: &BeginLogout,
        now: OffsetDateTime,
    ) -> Result<Ended, StoreError> {
        self.at("begin_logout")?;
        self.memory.begin_logout(begin, now).await
    }
    async fn go_on(
        &self,
        read: &PendingLogout,
        becomes: Option<&PendingLogout>,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        self.at("go_on")?;
        self.memory.go_on(read, becomes, now).await
    }
    async fn logout(
        &self,
        key: LogoutKey<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<PendingLogout>, StoreError> {
        self.at("logout")?;
        self.memory.logout(key, now).await
    }
    async fn clear(&self) -> Result<(), StoreError> {
        self.memory.clear().await
    }
}

pub struct Stage {
    pub world: World,
    pub app: Arc<App>,
    pub store: Arc<Shaky>,
    pub clock: Arc<Clock>,
}

/// What came back.
#[derive(Debug)]
pub struct Came {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Came {
    pub fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION)?.to_str().ok()
    }

    /// The message of a redirect: where to, and what.
    pub fn redirected(&self) -> (String, Decoded) {
        let location = self.location().unwrap_or_else(|| panic!("{self:?}"));
        let (to, query) = location.split_once('?').expect("a query");
        (to.to_owned(), binding::decode_redirect(query).unwrap())
    }

    /// The LogoutRequest that the browser carries to `to`.
    pub fn asks(&self, to: &str) -> LogoutRequest {
        let (at, decoded) = self.redirected();
        assert_eq!(at, to);
        LogoutRequest::read(Document::parse(&decoded.xml).unwrap().root()).unwrap()
    }

    /// The LogoutResponse that the browser carries to `to`, and its RelayState.
    pub fn answers(&self, to: &str) -> (LogoutResponse, Option<String>) {
        let (at, decoded) = self.redirected();
        assert_eq!(at, to);
        let document = Document::parse(&decoded.xml).unwrap();
        let response = LogoutResponse::read(document.root()).unwrap();
        (response, decoded.relay_state)
    }

    /// That it is a page with this check, and nothing that a browser carries on.
    pub fn is_page(&self, status: StatusCode, check: &str) {
        assert_eq!(self.status, status, "{self:?}");
        assert!(self.body.contains(check), "{check}: {}", self.body);
        assert!(self.location().is_none() && !self.body.contains("name=\"SAML"));
    }
}

impl Stage {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// With a world of another kind.
    pub fn with(bend: impl FnOnce(&mut World)) -> Self {
        let clock = Arc::new(Clock::default());
        let mut world = World::plain();
        world.now = clock.now();
        let mut second = world.federation.systems[0].clone();
        second.name = "post".to_owned();
        second.id = SECOND.to_owned();
        second.presentation_name = "Postsystemet".to_owned();
        second.assertion_consumers[0].endpoint.location = SECOND_ACS.to_owned();
        second.single_logout = single_logout("https://post.example", &[names::binding::REDIRECT]);
        world.federation.systems.push(second);
        bend(&mut world);
        let store = Arc::new(Shaky::default());
        let journal = Journal::new(clock.clone());
        let app = app(&world, store.clone(), journal, clock.clone());
        Self {
            world,
            app,
            store,
            clock,
        }
    }

    /// Anna is logged in at both systems, by one browser.
    pub async fn logged_in() -> Self {
        let mut stage = Self::new();
        stage.logs_in_to_both().await;
        stage
    }

    pub async fn logs_in_to_both(&mut self) {
        self.logs_in(SYSTEM, ACS).await;
        self.logs_in(SECOND, SECOND_ACS).await;
    }

    pub fn move_clock(&mut self, by: Duration) {
        self.clock.set_offset(by);
        self.world.now = self.clock.now();
    }

    pub async fn send(&self, request: Request<Body>) -> Came {
        let router = front::router(self.app.clone());
        let response = router.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 1 << 22).await.unwrap();
        Came {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    fn cookie() -> String {
        format!("{}={BROWSER}", browser::cookie_name(BROWSER))
    }

    /// A GET, with the browser's cookie or without.
    pub async fn get(&self, path: &str, cookie: bool) -> Came {
        let mut request = Request::get(path).header(HOST, "hub.example");
        if cookie {
            request = request.header(COOKIE, Self::cookie());
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)], cookie: bool) -> Came {
        self.post_from(path, fields, cookie, "same-origin").await
    }

    pub async fn post_from(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        cookie: bool,
        site: &str,
    ) -> Came {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let mut request = Request::post(path)
            .header(HOST, "hub.example")
            .header("sec-fetch-site", site)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        if cookie {
            request = request.header(COOKIE, Self::cookie());
        }
        self.send(request.body(Body::from(form.finish())).unwrap())
            .await
    }

    /// A system's request for a login.
    pub async fn begins(
        &self,
        system: &str,
        acs: &str,
        bend: impl FnOnce(&mut AuthnRequest),
    ) -> Came {
        let request = self.world.request(|request| {
            request.id = format!("_{}", random_hex::<8>());
            request.issuer = Some(system.to_owned());
            request.acs_url = Some(acs.to_owned());
            bend(request);
        });
        let to = format!("{HUB}{ISSUE}");
        let message = request.to_element().render();
        let key = Some(&self.world.keys.system.signing);
        let url = match binding::redirect(&to, MessageField::Request, &message, None, key) {
            Outbound::Redirect { url } => url,
            other => panic!("{other:?}"),
        };
        self.get(url.strip_prefix(HUB).unwrap(), true).await
    }

    /// A whole login.
    pub async fn logs_in(&mut self, system: &str, acs: &str) {
        self.world.now = self.clock.now();
        let came = self.begins(system, acs, |_| {}).await;
        let (_, asked) = came.redirected();
        let document = Document::parse(&asked.xml).unwrap();
        let id = document.root().attribute("ID").unwrap().to_owned();
        let pending = self.store.by_request(&id, self.clock.now()).await;
        let pending = pending.unwrap().expect("a pending login");
        let mut assertion = self.world.assertion(&pending);
        assertion.id = format!("_{}", random_hex::<8>());
        let mut response = self.world.response(&pending);
        response.id = format!("_{}", random_hex::<8>());
        let decoded = assertion_signed(&response, &assertion, &self.world.keys.idp.signing);
        let message = STANDARD.encode(&decoded.xml);
        let consume = "/runtime/saml2auth/consume.idp";
        let came = self
            .post_from(consume, &[("SAMLResponse", &message)], true, "cross-site")
            .await;
        assert!(came.body.contains("name=\"SAMLResponse\""), "{came:?}");
        assert!(came.headers.get(SET_COOKIE).is_none());
    }

    /// The sessions of the browser.
    pub async fn sessions(&self) -> Vec<Session> {
        let key = SessionKey::Browser(browser::hash(BROWSER));
        let found = self.store.memory.sessions(&key, self.clock.now()).await;
        found.unwrap()
    }

    /// A LogoutRequest of a party about Anna, by all of her sessions there, before it is signed.
    pub fn request(&self, party: &str, to: &str) -> LogoutRequest {
        LogoutRequest {
            id: format!("_{}", random_hex::<8>()),
            version: "2.0".to_owned(),
            issue_instant: self.clock.now(),
            destination: Some(format!("{HUB}{to}")),
            consent: None,
            issuer: Some(party.to_owned()),
            issuer_format: None,
            reason: None,
            not_on_or_after: None,
            name_id: Some(self.name_id()),
            session_indexes: Vec::new(),
        }
    }

    pub fn name_id(&self) -> NameId {
        NameId {
            value: "C=DK,O=11111111,CN=Prøve Prøvesen,Serial=3b2f0c1e-1111-4222-8333-444455556666"
                .to_owned(),
            format: Some(names::name_id::X509_SUBJECT_NAME.to_owned()),
            name_qualifier: None,
            sp_name_qualifier: None,
        }
    }

    pub fn key(&self, party: &str) -> &SigningKey {
        match party {
            IDP => &self.world.keys.idp.signing,
            _ => &self.world.keys.system.signing,
        }
    }

    /// Sends a request by Redirect, without a cookie.
    pub async fn redirects(
        &self,
        to: &str,
        request: &LogoutRequest,
        key: Option<&SigningKey>,
    ) -> Came {
        let message = request.to_element().render();
        self.carry(to, MessageField::Request, &message, key).await
    }

    /// A party that was asked answers, without a cookie.
    pub async fn answers(
        &self,
        party: &str,
        to: &str,
        asked: &LogoutRequest,
        status: Status,
    ) -> Came {
        let message = self
            .response(party, to, asked, status)
            .to_element()
            .render();
        let key = Some(self.key(party));
        self.carry(to, MessageField::Response, &message, key).await
    }

    pub fn response(
        &self,
        party: &str,
        to: &str,
        asked: &LogoutRequest,
        status: Status,
    ) -> LogoutResponse {
        LogoutResponse {
            id: format!("_{}", random_hex::<8>()),
            version: "2.0".to_owned(),
            issue_instant: self.clock.now(),
            in_response_to: Some(asked.id.clone()),
            destination: Some(format!("{HUB}{to}")),
            consent: None,
            issuer: Some(party.to_owned()),
            issuer_format: None,
            status,
        }
    }

    async fn carry(
        &self,
        to: &str,
        field: MessageField,
        message: &Canonical,
        key: Option<&SigningKey>,
    ) -> Came {
        let state = Some("mål & <mening>");
        match binding::redirect(&format!("{HUB}{to}"), field, message, state, key) {
            Outbound::Redirect { url } => self.get(url.strip_prefix(HUB).unwrap(), false).await,
            other => panic!("{other:?}"),
        }
    }

    /// A request in an envelope.
    pub async fn calls(&self, request: &LogoutRequest, key: &SigningKey) -> Came {
        let message = dsig::sign(&request.to_element(), &request.id, Place::AfterIssuer, key);
        let request = Request::post(SOAP)
            .header(HOST, "hub.example")
            .header(CONTENT_TYPE, soap::CONTENT_TYPE)
            .body(Body::from(soap::envelope(&message)))
            .unwrap();
        self.send(request).await
    }

    /// The newest flow, with everything.
    pub fn flow(&self) -> Flow {
        let newest = self.app.journal.list().remove(0);
        self.app.journal.get(&newest.id).unwrap()
    }
}
