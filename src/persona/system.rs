//! The site of a demo system: a button, a signed AuthnRequest, and what came back.

use super::keys::Keyholder;
use super::page::{AttributeRow, FailedRow, FrontPage, RefusedPage, RolesGot, WelcomePage};
use super::session::{Memory, cookie, forget_cookie, random_id, random_name, set_cookie};
use super::{HubSide, Site, metadata, verdict};
use crate::config::DemoSystem;
use crate::dsig::{Place, sign};
use crate::edge::page::{self, Party, Text};
use crate::edge::send;
use crate::edge::trials::{Try, Wish};
use crate::edge::world::Clock;
use crate::oiosaml::{Level, OiosamlVersion, RequestProfile};
use crate::saml::binding::{post as by_post, redirect};
use crate::saml::metadata::Entity;
use crate::saml::names::binding;
use crate::saml::{
    AuthnRequest, Comparison, IdpEntry, MessageField, Outbound, RequestedAuthnContext, Scoping,
};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
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
    /// NameID.
    pub name_id: String,
    /// Level that was issued.
    pub level: Option<Level>,
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
    Router::new()
        .route("/", get(front))
        .route(
            "/metadata",
            get(|State(system): State<Arc<System>>| async move {
                metadata::serve(&system.metadata, &system.keys.own(&system.hub))
            }),
        )
        .route("/log-ind", get(login))
        .route("/acs", post(acs))
        .route("/log-ud", get(logout))
        .merge(page::assets())
        .with_state(system)
}

async fn front(State(system): State<Arc<System>>, headers: HeaderMap) -> Response {
    match cookie(&headers, SESSION).and_then(|name| system.sessions.get(&name)) {
        Some(session) => system.welcome(&session),
        None => system.front_page(false),
    }
}

async fn logout(State(system): State<Arc<System>>, headers: HeaderMap) -> Response {
    if let Some(name) = cookie(&headers, SESSION) {
        system.sessions.take(&name);
    }
    let mut response = system.front_page(true);
    response
        .headers_mut()
        .append(header::SET_COOKIE, forget_cookie(&system.site, SESSION));
    response
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
    let now = system.clock.now();
    let browser = cookie(&headers, BROWSER)
        .filter(|value| is_name(value))
        .unwrap_or_else(random_name);
    let relay_state = random_name();
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
    system.begun.put(
        relay_state.clone(),
        Begun {
            request_id: request.id.clone(),
            browser: browser.clone(),
            forced_at,
        },
    );
    let party = Party {
        base: &system.site.base,
        title: &system.title,
    };
    let mut response = send::of_party(party, &system.seal(&request, &relay_state));
    response.headers_mut().append(
        header::SET_COOKIE,
        set_cookie(&system.site, BROWSER, &browser),
    );
    response
}

async fn acs(State(system): State<Arc<System>>, headers: HeaderMap, body: Bytes) -> Response {
    let browser = cookie(&headers, BROWSER).unwrap_or_default();
    match verdict::of(&system, &body, &browser) {
        verdict::Verdict::LoggedIn(session) => {
            let name = random_name();
            system.sessions.put(name.clone(), Arc::new(session));
            let home =
                HeaderValue::from_str(&system.site.home()).unwrap_or(HeaderValue::from_static("/"));
            (
                StatusCode::SEE_OTHER,
                [
                    (header::LOCATION, home),
                    (header::SET_COOKIE, set_cookie(&system.site, SESSION, &name)),
                ],
            )
                .into_response()
        }
        verdict::Verdict::Status(status) => {
            let t = Text::current();
            let page = RefusedPage {
                t,
                base: &system.site.base,
                title: &system.title,
                what: t.refused_by_hub,
                detail: None,
                holds: None,
                status: Some(&status),
                rows: Vec::new(),
                again: true,
            };
            page::html(StatusCode::OK, &page)
        }
        verdict::Verdict::Refused { what, rows } => {
            system.refuse(StatusCode::FORBIDDEN, what, None, rows)
        }
    }
}

fn is_name(value: &str) -> bool {
    value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl System {
    /// AssertionConsumerService.
    pub fn acs(&self) -> String {
        self.site.url("/acs")
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
            ..AuthnRequest::new(random_id(), now)
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

    fn front_page(&self, logged_out: bool) -> Response {
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
            logged_out,
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
            name_id: &session.name_id,
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

    fn refuse(
        &self,
        code: StatusCode,
        what: &str,
        detail: Option<&str>,
        rows: Vec<FailedRow>,
    ) -> Response {
        let page = RefusedPage {
            t: Text::current(),
            base: &self.site.base,
            title: &self.title,
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
