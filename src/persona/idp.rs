//! The site of a municipal IdP: the hub's request in, a person's choice, a Response out.

use super::behaviour::{self, Behaviour, Stated, behaviour};
use super::habits::{Asked, Need};
use super::keys::Keyholder;
use super::logout::{self, Party as _, Told};
use super::page::{AskedFor, FailedRow, IdpPage, LoginPage, PersonButton, RefusedPage, StuckPage};
use super::request::{self, Verified};
use super::respond::{self, Login};
use super::session::{Memory, cookie, forget_cookie, random_id, random_name, set_cookie};
use super::slow::{self, Waiting};
use super::told::{rows, traits};
use super::{HubSide, Site, metadata};
use crate::config::{Person, Persona, Trait};
use crate::dsig::SigningKey;
use crate::edge::page::{self, Party, Text};
use crate::edge::send;
use crate::edge::world::Clock;
use crate::hub::rollover::Heard;
use crate::hub::trace::Finding;
use crate::hub::verdict::finding::{REQUEST, SIGNATURE};
use crate::oiosaml::{Cvr, RequestProfile};
use crate::saml::binding::decode_redirect;
use crate::saml::metadata::Entity;
use crate::saml::names::status;
use crate::saml::{NameId, Outbound, Status};
use crate::xml::Document;
use axum::Router;
use axum::extract::{Form, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use std::sync::Arc;
use time::OffsetDateTime;

/// Name of the session cookie.
const SESSION: &str = "persona_session";

/// One invented IdP.
pub struct Idp {
    /// Its site.
    pub site: Site,
    /// entityID.
    pub entity_id: String,
    /// Name in the chooser.
    pub title: String,
    /// The profile that it is registered with.
    pub profile: RequestProfile,
    /// The organisation that it speaks for.
    pub cvr: Cvr,
    /// Habits and people.
    pub persona: Persona,
    /// Its keys, and what it holds of the hub.
    pub keys: Keyholder,
    /// Its metadata.
    pub metadata: Entity,
    /// The hub as this IdP knows it.
    pub hub: HubSide,
    /// The clock.
    pub clock: Arc<Clock>,
    /// Who is logged in here.
    pub sessions: Memory<Session>,
    /// Answers that a slow one has not sent yet.
    pub waiting: Memory<Waiting>,
    /// Logouts that began here.
    pub begun: Memory<logout::Begun>,
    /// The key of somebody else, where it signs with that.
    pub stranger: Option<SigningKey>,
}

/// Somebody's session at the IdP.
#[derive(Clone)]
pub struct Session {
    person: String,
    second_factor: bool,
    at: OffsetDateTime,
    /// SessionIndex that the hub got.
    pub index: String,
    /// NameID that the hub got.
    pub name_id: NameId,
}

#[derive(Deserialize)]
struct LoginForm {
    query: String,
    person: Option<String>,
    cancel: Option<String>,
}

/// The routes of the site.
pub fn router(idp: Arc<Idp>) -> Router {
    Router::new()
        .route("/", get(front))
        .route(
            "/metadata",
            get(|State(idp): State<Arc<Idp>>| async move {
                metadata::serve(&idp.metadata, &idp.keys.own(&idp.hub))
            }),
        )
        .route("/sso", get(sso))
        .route("/login", post(login))
        .route("/vent", get(slow::wait))
        .route("/log-ud", get(log_out))
        .merge(logout::routes(idp.persona.logout))
        .merge(page::assets())
        .with_state(idp)
}

async fn front(
    State(idp): State<Arc<Idp>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let told = Told::read(&query.unwrap_or_default());
    let session = idp
        .session(&headers)
        .and_then(|session| idp.person(&session.person))
        .map(|person| person.name.clone());
    let page = IdpPage {
        t: Text::current(),
        base: &idp.site.base,
        title: &idp.title,
        product: idp.product(),
        kind: idp.persona.kind.id(),
        profile: idp.profile.title(),
        entity_id: &idp.entity_id,
        people: idp.buttons(),
        traits: rows(&idp.persona, Text::current()),
        session,
        told: told.as_ref(),
    };
    page::html(StatusCode::OK, &page)
}

/// The user leaves: here at once, and by the hub everywhere else. With `?lokal=1` nobody else is asked.
async fn log_out(
    State(idp): State<Arc<Idp>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let session = cookie(&headers, SESSION).and_then(|name| idp.sessions.take(&name));
    let mut response = match session {
        Some(session) if !logout::is_local(query.as_deref()) => {
            logout::begin(&*idp, session.name_id, Some(session.index)).await
        }
        Some(_) => idp.tell_user(&Told::Here),
        None => {
            let home = HeaderValue::from_str(&idp.site.home());
            let home = home.unwrap_or(HeaderValue::from_static("/"));
            (StatusCode::SEE_OTHER, [(header::LOCATION, home)]).into_response()
        }
    };
    let forget = forget_cookie(&idp.site, SESSION);
    response.headers_mut().append(header::SET_COOKIE, forget);
    response
}

async fn sso(
    State(idp): State<Arc<Idp>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let (autologin, query) = request::split_autologin(query.as_deref().unwrap_or_default());
    let verified = match idp.verify(&query) {
        Ok(verified) => verified,
        Err(why) => {
            idp.keys.tell(&idp.hub, Heard::Failed(why.clone()));
            idp.tell(&query, &why);
            return idp.refuse_request(&why);
        }
    };
    let tried = idp.hub.trials.at_idp(&verified.request.id);
    let autologin = autologin.or_else(|| tried.and_then(|tried| tried.person));
    let now = idp.clock.now();
    let asked = idp.asked(&verified, now);
    let need = match behaviour::admitted(&asked) {
        Ok(need) => need,
        Err(status) => return idp.send(&respond::refusal(&idp, &verified, status, now)),
    };
    let ignores = idp.persona.has(Trait::IgnoresForceAuthn);
    let force = verified.request.force_authn == Some(true) && !ignores;
    if !force
        && autologin.is_none()
        && let Some(answer) = idp.continue_session(&headers, &verified, &need, now)
    {
        return answer;
    }
    if verified.request.is_passive == Some(true) {
        return idp.send(&respond::refusal(
            &idp,
            &verified,
            behaviour::no_passive(),
            now,
        ));
    }
    match autologin {
        Some(id) => idp.log_in(&verified, &id, true, now),
        None => idp.login_page(&verified),
    }
}

async fn login(State(idp): State<Arc<Idp>>, Form(form): Form<LoginForm>) -> Response {
    // The form carries the request along. That it is refused now, at a later moment of a change, is this user's page
    // only: the hub's own message was heard before.
    let verified = match idp.verify(&form.query) {
        Ok(verified) => verified,
        Err(why) => return idp.refuse_request(&why),
    };
    let now = idp.clock.now();
    if form.cancel.is_some() {
        let status = Status::refusal(
            status::RESPONDER,
            Some(status::AUTHN_FAILED),
            "The user cancelled.",
        );
        return idp.send(&respond::refusal(&idp, &verified, status, now));
    }
    match form.person {
        Some(person) => idp.log_in(&verified, &person, false, now),
        None => idp.login_page(&verified),
    }
}

impl Idp {
    fn product(&self) -> &'static str {
        self.persona.kind.product()
    }

    fn person(&self, id: &str) -> Option<&Person> {
        self.persona.people.iter().find(|person| person.id == id)
    }

    fn asked<'a>(&'a self, verified: &'a Verified, now: OffsetDateTime) -> Asked<'a> {
        Asked {
            persona: &self.persona,
            request: &verified.request,
            profile: self.profile_for(verified),
            now,
        }
    }

    /// The profile that it answers in: the one that is tried, as if its claim rules had been set up for it.
    pub fn profile_for(&self, verified: &Verified) -> RequestProfile {
        let tried = self.hub.trials.at_idp(&verified.request.id);
        tried.map_or(self.profile, |tried| tried.profile)
    }

    fn session(&self, headers: &HeaderMap) -> Option<Session> {
        cookie(headers, SESSION).and_then(|name| self.sessions.get(&name))
    }

    /// The request of a query, or why it is none.
    fn verify(&self, query: &str) -> Result<Verified, String> {
        let trust = self.keys.trust(&self.hub);
        request::verify(
            query,
            &self.hub.entity_id,
            trust.checks.then_some(trust.keys.as_slice()),
            &self.site.url("/sso"),
            &self.hub.acs,
        )
    }

    /// Tells the hub's operators, who sit beside this party, what was wrong with the request.
    fn tell(&self, query: &str, why: &str) {
        let request = decode_redirect(query).ok();
        let id = request.and_then(|request| {
            let document = Document::parse(&request.xml).ok()?;
            document.root().attribute("ID").map(str::to_owned)
        });
        if let Some(id) = id {
            let finding = Finding {
                id: match why.contains("signature") {
                    true => SIGNATURE,
                    false => REQUEST,
                }
                .to_owned(),
                found: why.to_owned(),
                expected: "a request of the hub that this identity provider trusts".to_owned(),
            };
            self.hub.reports.of_idp(&id, vec![finding]);
        }
    }

    fn refuse_request(&self, why: &str) -> Response {
        let what = Text::current().request_refused(&self.title);
        self.refuse(&what, Some(&format!("Refused: {why}.")))
    }

    /// Single sign-on: a session answers if what it was logged in with is enough; otherwise the user is asked.
    fn continue_session(
        &self,
        headers: &HeaderMap,
        verified: &Verified,
        need: &Need,
        now: OffsetDateTime,
    ) -> Option<Response> {
        let session = self.session(headers)?;
        // Whatever the person has enrolled, this session stands for what was used.
        let used = Person {
            second_factor: session.second_factor,
            ..self.person(&session.person)?.clone()
        };
        let asked = self.asked(verified, now);
        match behaviour::in_session(&asked, need, &used)? {
            Behaviour::Answers(stated) => {
                let login = Login {
                    person: used,
                    at: session.at,
                    index: session.index,
                    stated,
                };
                Some(self.answer(verified, login, now))
            }
            Behaviour::Refuses(status) | Behaviour::Stuck(status) => {
                Some(self.stuck_page(verified, &used, &status))
            }
        }
    }

    /// Somebody says who they are. A script that names a person who is stuck at a page gets the answer of
    /// whoever cancels there.
    fn log_in(&self, verified: &Verified, id: &str, script: bool, now: OffsetDateTime) -> Response {
        let Some(person) = self.person(id) else {
            return self.refuse(Text::current().no_such_person, None);
        };
        let profile = self.profile_for(verified);
        let trials = &self.hub.trials;
        match behaviour(&self.persona, profile, &verified.request, person, now) {
            Behaviour::Answers(stated) => self.logged_in(verified, person, stated, now),
            Behaviour::Stuck(status) => {
                trials.stopped_at_idp(&verified.request.id);
                if !script {
                    return self.stuck_page(verified, person, &status);
                }
                self.send(&respond::refusal(self, verified, status, now))
            }
            Behaviour::Refuses(status) => self.send(&respond::refusal(self, verified, status, now)),
        }
    }

    fn logged_in(
        &self,
        verified: &Verified,
        person: &Person,
        stated: Stated,
        now: OffsetDateTime,
    ) -> Response {
        let (name, index) = (random_name(), random_id());
        let at = now + self.persona.skew();
        let session = Session {
            person: person.id.clone(),
            second_factor: stated.second_factor,
            at,
            index: index.clone(),
            name_id: respond::subject(self, person),
        };
        self.sessions.put(name.clone(), session);
        let (trials, asked) = (&self.hub.trials, stated.second_factor);
        trials.said(&verified.request.id, asked);
        let login = Login {
            person: person.clone(),
            at,
            index,
            stated,
        };
        let mut response = self.answer(verified, login, now);
        response
            .headers_mut()
            .append(header::SET_COOKIE, set_cookie(&self.site, SESSION, &name));
        response
    }

    fn stuck_page(&self, verified: &Verified, person: &Person, status: &Status) -> Response {
        let factor = status.subcode.as_deref() == Some(status::AUTHN_FAILED);
        let page = StuckPage {
            t: Text::current(),
            base: &self.site.base,
            title: &self.title,
            product: self.product(),
            query: &verified.query,
            person: &person.name,
            message: status.message.as_deref().filter(|_| !factor),
        };
        page::html(StatusCode::OK, &page)
    }

    fn login_page(&self, verified: &Verified) -> Response {
        let request = &verified.request;
        let requesters = request
            .scoping
            .as_ref()
            .map(|scoping| scoping.requester_ids.join(", "));
        let asked = AskedFor {
            class_refs: request
                .requested_authn_context
                .as_ref()
                .map(|context| context.class_refs.clone())
                .unwrap_or_default(),
            relay_state: verified.relay_state.clone().unwrap_or_default(),
            requester: requesters.unwrap_or_default(),
            force_authn: request.force_authn == Some(true),
        };
        let page = LoginPage {
            t: Text::current(),
            base: &self.site.base,
            title: &self.title,
            product: self.product(),
            query: &verified.query,
            people: self.buttons(),
            asked,
        };
        page::html(StatusCode::OK, &page)
    }

    fn buttons(&self) -> Vec<PersonButton> {
        let button = |person: &Person| PersonButton {
            id: person.id.clone(),
            name: person.name.clone(),
            traits: traits(person, Text::current()).join(", "),
        };
        self.persona.people.iter().map(button).collect()
    }

    /// Sends a message through the browser.
    pub(super) fn send(&self, outbound: &Outbound) -> Response {
        let party = Party {
            base: &self.site.base,
            title: &self.title,
        };
        send::of_party(party, outbound)
    }

    /// A page of the IdP's own.
    pub(super) fn refuse(&self, what: &str, detail: Option<&str>) -> Response {
        let heading = Text::current().login_failed;
        self.refused_page(StatusCode::FORBIDDEN, heading, what, detail, Vec::new())
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
            again: false,
        };
        page::html(code, &page)
    }
}
