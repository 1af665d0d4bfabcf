//! The site of a demo system: a button, a signed AuthnRequest, and what came back.

use super::keys::Keyholder;
use super::logout::{self, Told};
use super::page::{AttributeRow, FailedRow, FrontPage, RefusedPage, RolesGot, WelcomePage};
use super::session::{
    Declared, Memory, cookie, declare_cookie, forget_cookie, random_id, random_name,
};
use super::strict::{self, Trusted};
use super::{HubSide, Site, metadata, verdict};
use crate::config::{Defect, DemoSystem, LogoutHabit};
use crate::dsig::{Place, PublicKey, sign};
use crate::edge::page::{self, Party, Text};
use crate::edge::send;
use crate::edge::trials::{Try, Wish};
use crate::edge::world::Clock;
use crate::oiosaml::{Level, OiosamlVersion, RequestProfile};
use crate::saml::binding::{decode_post, post as by_post, redirect};
use crate::saml::metadata::Entity;
use crate::saml::names::{binding, name_id, status};
use crate::saml::{
    AuthnRequest, BindingError, Comparison, IdpEntry, MessageField, NameId, NameIdPolicy, Outbound,
    RequestedAuthnContext, Scoping, Status,
};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use std::sync::Arc;
use time::OffsetDateTime;

/// Cookie of a login that was begun: binds it to the browser.
const BROWSER: &str = "system_browser";
/// Cookie of a session.
const SESSION: &str = "system_session";

/// One demo system.
pub struct System {
    /// Whether it is one of the built-in test systems: only they can say what is tried.
    pub built_in: bool,
    /// Its site.
    pub site: Site,
    /// entityID.
    pub entity_id: String,
    /// What people call it.
    pub title: String,
    /// Level that it is registered with.
    pub level: Option<Level>,
    /// Profile.
    pub profile: OiosamlVersion,
    /// Its key and how it sends.
    pub demo: DemoSystem,
    /// Its keys, and what it holds of the hub.
    pub keys: Keyholder,
    /// Its metadata.
    pub metadata: Entity,
    /// The hub as this system knows it.
    pub hub: HubSide,
    /// The clock.
    pub clock: Arc<Clock>,
    /// Logins that were begun, by RelayState.
    pub begun: Memory<Begun>,
    /// Who is logged in.
    pub sessions: Memory<Arc<LoggedIn>>,
    /// Who was logged in by which answer, by the answer's fingerprint: of a strict system, which knows an answer again.
    pub answered: Memory<Arc<LoggedIn>>,
    /// The last login that a browser began, by the browser: of a system that knows one of each.
    pub last_begun: Memory<String>,
    /// Logouts that began here.
    pub leaving: Memory<logout::Begun>,
    /// What a strict system holds of the hub.
    pub trusted: Trusted,
}

/// A login that was begun.
#[derive(Clone)]
pub struct Begun {
    /// `ID` of the AuthnRequest.
    pub request_id: String,
    /// The browser.
    pub browser: String,
    /// When, if the user must log in anew.
    pub forced_at: Option<OffsetDateTime>,
}

/// What a session knows.
pub struct LoggedIn {
    /// The user's name.
    pub name: String,
    /// NameID, as the hub gave it.
    pub name_id: NameId,
    /// Level that was issued.
    pub level: Option<Level>,
    /// SessionIndex, by which the hub names it.
    pub session_index: Option<String>,
    /// Class ref.
    pub class_ref: String,
    /// The IdP.
    pub authority: String,
    /// Roles.
    pub roles: RolesGot,
    /// Attributes.
    pub attributes: Vec<AttributeRow>,
}

/// What a test may ask the request to say.
#[derive(Debug, Default, Deserialize)]
struct Wishes {
    /// ForceAuthn.
    force: Option<String>,
    /// IsPassive.
    passive: Option<String>,
    /// RequestedAuthnContext: `1|2|3|4|Low|Substantial|High`.
    niveau: Option<String>,
    /// IDPList: one entityID. Of a trial the short name of the IdP.
    idp: Option<String>,
    /// Trial: the request profile, spelled as in the API.
    profil: Option<String>,
    /// Trial: what the management listener says that it must show.
    ticket: Option<String>,
    /// Trial: the person that an invented IdP logs in without asking.
    autologin: Option<String>,
}

/// The routes of the site.
pub fn router(system: Arc<System>) -> Router {
    let site = Router::new()
        .route("/", get(front))
        .route("/metadata", get(own_metadata))
        .route("/log-ind", get(login))
        .route("/acs", post(acs))
        .route("/log-ud", get(log_out))
        .route("/logget-ud", get(left));
    let site = match system.demo.is_strict() {
        true => site
            .route("/slo", get(single_logout))
            .route("/genindlaes", post(read_again)),
        false => site.merge(logout::routes(system.demo.logout())),
    };
    site.merge(page::assets()).with_state(system)
}

async fn own_metadata(State(system): State<Arc<System>>) -> Response {
    let keys = system.keys.own(&system.hub);
    match system.demo.has(Defect::UnsignedMetadata) {
        true => metadata::serve_unsigned(&system.metadata, &keys),
        false => metadata::serve(&system.metadata, &keys),
    }
}

async fn front(State(system): State<Arc<System>>, headers: HeaderMap) -> Response {
    match cookie(&headers, SESSION).and_then(|name| system.sessions.get(&name)) {
        Some(session) => system.welcome(&session),
        None => system.front_page(None),
    }
}

/// What became of a logout; whoever is logged in sees that.
async fn left(
    State(system): State<Arc<System>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match cookie(&headers, SESSION).and_then(|name| system.sessions.get(&name)) {
        Some(session) => system.welcome(&session),
        None => {
            let told = Told::read(&query.unwrap_or_default());
            system.front_page(Some(&told.unwrap_or(Told::Here)))
        }
    }
}

/// The user leaves: here at once, and by the hub everywhere else. With `?lokal=1` nobody else is asked, and by a strict
/// system never.
async fn log_out(
    State(system): State<Arc<System>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let local = logout::is_local(query.as_deref()) || !system.leaves_everywhere();
    if local {
        return leave_here(&system, &headers);
    }
    let session = cookie(&headers, SESSION).and_then(|name| system.sessions.take(&name));
    let mut response = match session {
        Some(session) => {
            let (name_id, index) = (session.name_id.clone(), session.session_index.clone());
            logout::begin(&*system, name_id, index).await
        }
        None => system.front_page(Some(&Told::Here)),
    };
    let forget = forget_cookie(&system.site, SESSION);
    response.headers_mut().append(header::SET_COOKIE, forget);
    response
}

fn leave_here(system: &System, headers: &HeaderMap) -> Response {
    let name = cookie(headers, SESSION);
    let session = match (&name, system.demo.has(Defect::LogoutForgetsCookieOnly)) {
        (Some(name), false) => system.sessions.take(name),
        _ => None,
    };
    if let Some(session) = session.filter(|_| system.demo.has(Defect::LogoutRenews)) {
        return system.enter(session, random_name(), None);
    }
    let mut response = system.front_page(Some(&Told::Here));
    response
        .headers_mut()
        .append(header::SET_COOKIE, forget_cookie(&system.site, SESSION));
    response
}

/// The hub asks to log a user out.
async fn single_logout(State(system): State<Arc<System>>, RawQuery(query): RawQuery) -> Response {
    strict::slo(&system, &query.unwrap_or_default())
}

/// Takes over what the hub's metadata shows at this moment.
async fn read_again(State(system): State<Arc<System>>) -> StatusCode {
    system.trusted.read(system.demo.defect, system.shown_keys());
    StatusCode::NO_CONTENT
}

/// RelayState names the login that was begun; the browser's cookie must fit it when the answer comes. One
/// browser may have several logins under way.
async fn login(
    State(system): State<Arc<System>>,
    Query(wishes): Query<Wishes>,
    headers: HeaderMap,
) -> Response {
    let level = match wishes.niveau.clone().map(Level::try_from).transpose() {
        Ok(level) => level,
        Err(why) => {
            let what = Text::current().unknown_level;
            return system.refuse(StatusCode::BAD_REQUEST, what, Some(&why), Vec::new());
        }
    };
    let wish = match system.wish(&wishes) {
        Ok(wish) => wish,
        Err(why) => return system.refuse(StatusCode::BAD_REQUEST, why, None, Vec::new()),
    };
    let open = cookie(&headers, SESSION);
    if system.demo.has(Defect::RefusesSecondLogin)
        && let Some(name) = &open
        && system.sessions.take(name).is_some()
    {
        let what = Text::current().answer_refused;
        return system.refuse(StatusCode::CONFLICT, what, None, Vec::new());
    }
    let now = system.clock.now();
    let browser = cookie(&headers, BROWSER)
        .filter(|value| is_name(value))
        .unwrap_or_else(random_name);
    let relay_state = match system.demo.has(Defect::LongRelayState) {
        // What a framework puts into it: where to go afterwards, and for whom.
        true => random_name().repeat(4),
        false => random_name(),
    };
    let request = match wish {
        Some(wish) => {
            let plain = Wishes {
                force: wishes.force,
                ..Wishes::default()
            };
            let request = system.request(&plain, None, now);
            system.hub.trials.wish(request.id.clone(), wish);
            request
        }
        None => system.request(&wishes, level, now),
    };
    let forced_at = request.force_authn.filter(|force| *force).map(|_| now);
    let handle = match system.demo.has(Defect::FollowsRelayState) {
        true => request.id.clone(),
        false => relay_state.clone(),
    };
    if system.demo.has(Defect::OneLoginPerBrowser) {
        if let Some(last) = system.last_begun.take(&browser) {
            system.begun.take(&last);
        }
        system.last_begun.put(browser.clone(), handle.clone());
    }
    system.begun.put(
        handle,
        Begun {
            request_id: request.id.clone(),
            browser: browser.clone(),
            forced_at,
        },
    );
    let mut response = send::of_party(system.party(), &system.seal(&request, &relay_state));
    let declared = match system.demo.defect {
        Some(Defect::LaxCookies) => Declared::Lax,
        Some(Defect::UndeclaredCookies) => Declared::Undeclared,
        _ => Declared::Fully,
    };
    let headers = response.headers_mut();
    let line = declare_cookie(&system.site, BROWSER, &browser, declared);
    headers.append(header::SET_COOKIE, line);
    if system.demo.has(Defect::KeepsSessionName) {
        // The session begins before anybody is logged in, and stays.
        let name = open
            .filter(|name| is_name(name))
            .unwrap_or_else(random_name);
        let line = declare_cookie(&system.site, SESSION, &name, Declared::Fully);
        headers.append(header::SET_COOKIE, line);
    }
    response
}

async fn acs(State(system): State<Arc<System>>, headers: HeaderMap, body: Bytes) -> Response {
    let browser = cookie(&headers, BROWSER).unwrap_or_default();
    let t = Text::current();
    let decoded = match decode_post(&body) {
        Ok(decoded) => decoded,
        Err(error) => {
            let missing = error == BindingError::NoMessage;
            return match system.demo.defect {
                Some(Defect::FailsOnNoMessage) if missing => broken(),
                Some(Defect::FailsOnUnreadable) if !missing => broken(),
                _ => system.refuse(StatusCode::FORBIDDEN, t.answer_unreadable, None, Vec::new()),
            };
        }
    };
    let open = cookie(&headers, SESSION);
    if system.demo.has(Defect::FailsOnBackButton)
        && let Some(name) = &open
        && system.sessions.get(name).is_some()
        && system
            .answered
            .get(&verdict::fingerprint(&decoded))
            .is_some()
    {
        return broken();
    }
    let relay_state = decoded.relay_state.as_deref().unwrap_or_default();
    let verdict = verdict::of(&system, &decoded, &browser);
    if let (Some(open), verdict::Verdict::Refused { .. }) = (&open, &verdict)
        && system.demo.has(Defect::KeepsSessionName)
    {
        // It renews nothing, but it does end a session that brings what it will not have.
        system.sessions.take(open);
    }
    match verdict {
        verdict::Verdict::LoggedIn(session) => {
            let elsewhere = Some(relay_state).filter(|address| {
                system.demo.has(Defect::FollowsRelayState) && address.starts_with("http")
            });
            let name = match (open, system.demo.has(Defect::KeepsSessionName)) {
                (Some(open), true) if is_name(&open) => open,
                (open, _) => {
                    // Whoever was logged in before is not any more.
                    if let Some(open) = open.filter(|_| system.demo.is_strict()) {
                        system.sessions.take(&open);
                    }
                    random_name()
                }
            };
            system.enter(session, name, elsewhere)
        }
        verdict::Verdict::Status(status) => match (system.demo.defect, status.subcode.as_deref()) {
            (Some(Defect::FailsOnNoAuthnContext), Some(status::NO_AUTHN_CONTEXT))
            | (Some(Defect::FailsOnAuthnFailed), Some(status::AUTHN_FAILED)) => broken(),
            _ => system.refused_by_hub(&status),
        },
        verdict::Verdict::Refused { .. } if system.demo.has(Defect::ShowsRelayStateRaw) => (
            StatusCode::FORBIDDEN,
            Html(format!("<h1>{}</h1><p>{relay_state}</p>", t.answer_refused)),
        )
            .into_response(),
        verdict::Verdict::Refused { what, rows } => {
            system.refuse(StatusCode::FORBIDDEN, what, None, rows)
        }
        verdict::Verdict::Broken => broken(),
    }
}

/// What the user sees of software that did not think of something.
fn broken() -> Response {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    (status, "Internal Server Error").into_response()
}

fn is_name(value: &str) -> bool {
    value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl System {
    /// AssertionConsumerService.
    pub fn acs(&self) -> String {
        self.site.url("/acs")
    }

    /// SingleLogoutService.
    pub fn slo(&self) -> String {
        self.site.url("/slo")
    }

    /// As it stands on pages that are not its own.
    pub fn party(&self) -> Party<'_> {
        Party {
            base: &self.site.base,
            title: &self.title,
        }
    }

    /// The keys of the hub that it holds.
    pub fn held_keys(&self) -> Vec<PublicKey> {
        match self.demo.is_strict() {
            true => self.trusted.keys(self.demo.defect, || self.shown_keys()),
            false => self.keys.trust(&self.hub).keys,
        }
    }

    /// The keys for signing that the hub's metadata shows now, in its order.
    fn shown_keys(&self) -> Vec<PublicKey> {
        let hub = self.hub.player.hub(self.clock.real());
        hub.idp.public_keys()
    }

    /// Begins a session of this name, and goes on to the front page, or elsewhere.
    fn enter(&self, session: Arc<LoggedIn>, name: String, elsewhere: Option<&str>) -> Response {
        let home = self.site.home();
        let to = HeaderValue::from_str(elsewhere.unwrap_or(&home));
        let declared = match self.demo.has(Defect::ScriptableCookie) {
            true => Declared::Scriptable,
            false => Declared::Fully,
        };
        let line = declare_cookie(&self.site, SESSION, &name, declared);
        self.sessions.put(name, session);
        let to = to.unwrap_or(HeaderValue::from_static("/"));
        let headers = [(header::LOCATION, to), (header::SET_COOKIE, line)];
        (StatusCode::SEE_OTHER, headers).into_response()
    }

    /// The hub's own refusal, for people.
    fn refused_by_hub(&self, status: &Status) -> Response {
        let t = Text::current();
        let page = RefusedPage {
            t,
            base: &self.site.base,
            title: &self.title,
            heading: t.login_failed,
            what: t.refused_by_hub,
            detail: None,
            holds: None,
            status: Some(status),
            rows: Vec::new(),
            again: true,
        };
        page::html(StatusCode::OK, &page)
    }

    /// What is tried, or the sentence that says why it cannot be.
    fn wish(&self, wishes: &Wishes) -> Result<Option<Wish>, &'static str> {
        let t = Text::current();
        let Some(profile) = &wishes.profil else {
            return Ok(None);
        };
        if !self.built_in {
            return Err(t.trial_not_here);
        }
        if !self.hub.trials.admits(wishes.ticket.as_deref()) {
            return Err(t.trial_ticket);
        }
        let mut known = RequestProfile::ALL.into_iter();
        let profile = known.find(|known| known.as_str() == profile);
        let (Some(profile), Some(idp)) = (profile, &wishes.idp) else {
            return Err(t.trial_unclear);
        };
        Ok(Some(Wish {
            of: Try {
                idp: idp.clone(),
                profile,
                system: self.keys.name.clone(),
            },
            person: wishes.autologin.clone(),
        }))
    }

    fn request(&self, wishes: &Wishes, level: Option<Level>, now: OffsetDateTime) -> AuthnRequest {
        let wished =
            |flag: &Option<String>| flag.as_deref().map(|value| !matches!(value, "0" | "false"));
        let id = match self.demo.has(Defect::RepeatsRequestId) {
            true => "_anmodning".to_owned(),
            false => random_id(),
        };
        AuthnRequest {
            destination: Some(self.hub.sso.clone()),
            issuer: Some(self.entity_id.clone()),
            force_authn: wished(&wishes.force),
            is_passive: wished(&wishes.passive),
            protocol_binding: Some(binding::POST.into()),
            acs_url: Some(self.acs()),
            requested_authn_context: level.map(|level| RequestedAuthnContext {
                comparison: Some(Comparison::Minimum),
                class_refs: vec![level.class_ref()],
                decl_refs: Vec::new(),
            }),
            scoping: wishes.idp.clone().map(|provider_id| Scoping {
                idp_list: vec![IdpEntry {
                    provider_id,
                    name: None,
                }],
                ..Scoping::default()
            }),
            // A format that the hub does not give.
            name_id_policy: self
                .demo
                .has(Defect::AsksForPersistentNameId)
                .then(|| NameIdPolicy {
                    format: Some(name_id::PERSISTENT.to_owned()),
                    allow_create: Some(true),
                }),
            ..AuthnRequest::new(id, now)
        }
    }

    fn seal(&self, request: &AuthnRequest, relay_state: &str) -> Outbound {
        let element = request.to_element();
        let keys = self.keys.own(&self.hub);
        if self.demo.post {
            let message = sign(&element, &request.id, Place::AfterIssuer, &keys.signing);
            return by_post(
                &self.hub.sso,
                MessageField::Request,
                &message,
                Some(relay_state),
            );
        }
        redirect(
            &self.hub.sso,
            MessageField::Request,
            &element.render(),
            Some(relay_state),
            Some(&keys.signing),
        )
    }

    /// Whether its «Log ud» is everybody's.
    fn leaves_everywhere(&self) -> bool {
        !self.demo.is_strict() && self.demo.logout() != LogoutHabit::NotOffered
    }

    fn front_page(&self, told: Option<&Told>) -> Response {
        let t = Text::current();
        let level = self
            .level
            .map_or_else(|| t.no_level.to_owned(), |level| t.language.level(level));
        let page = FrontPage {
            t,
            base: &self.site.base,
            title: &self.title,
            level: &level,
            profile: self.profile.as_str(),
            binding: if self.demo.post {
                "HTTP-POST"
            } else {
                "HTTP-Redirect"
            },
            told,
            built_in: self.built_in,
        };
        page::html(StatusCode::OK, &page)
    }

    fn welcome(&self, session: &LoggedIn) -> Response {
        let t = Text::current();
        let level_text = session.level.map_or_else(
            || t.level_unsaid.to_owned(),
            |level| t.language.level(level),
        );
        let page = WelcomePage {
            t,
            base: &self.site.base,
            title: &self.title,
            name: &session.name,
            name_id: &session.name_id.value,
            everywhere: self.leaves_everywhere(),
            level_text: &level_text,
            level: &session
                .level
                .map(|level| level.to_string())
                .unwrap_or_default(),
            class_ref: &session.class_ref,
            authority: &session.authority,
            roles: &session.roles,
            attributes: &session.attributes,
        };
        page::html(StatusCode::OK, &page)
    }

    /// A page that says what is wrong.
    pub fn refuse(
        &self,
        code: StatusCode,
        what: &str,
        detail: Option<&str>,
        rows: Vec<FailedRow>,
    ) -> Response {
        self.refused_page(code, Text::current().login_failed, what, detail, rows)
    }

    /// The same of a login or a logout.
    pub(super) fn refused_page(
        &self,
        code: StatusCode,
        heading: &str,
        what: &str,
        detail: Option<&str>,
        rows: Vec<FailedRow>,
    ) -> Response {
        let page = RefusedPage {
            t: Text::current(),
            base: &self.site.base,
            title: &self.title,
            heading,
            what,
            detail,
            holds: self.keys.holding(&self.hub, Text::current()),
            status: None,
            rows,
            again: true,
        };
        page::html(code, &page)
    }
}
