//! Every mistake against every answer that the hub can be asked for: it fails at its own, and at no other.

mod answers;
mod site;

use crate::config::pki;
use crate::config::{Defect, File};
use crate::dsig::{self, Place, Recipient};
use crate::edge::journal::Journal;
use crate::edge::reports::Reports;
use crate::edge::rollover::{Parts, Player};
use crate::edge::trials::Trials;
use crate::edge::world::{Clock, SystemEntropy};
use crate::hub::fault::{self, Fault, Kit};
use crate::hub::federation::Generation;
use crate::hub::keys::{HubKeys, KeyPair, KeyState, RoleKeys};
use crate::hub::{Hub, UserFacingSystem};
use crate::oiosaml::attributes as name;
use crate::oiosaml::privileges::{BppVersion, PrivilegeGroup, PrivilegeList, Scope};
use crate::oiosaml::{AttributeProfile, Cvr, Level, Nist, Nsis, OiosamlVersion};
use crate::persona::{Addresses, Cast, Demo};
use crate::saml::assertion::NameId;
use crate::saml::binding::decode_redirect;
use crate::saml::metadata::EncryptionMethod;
use crate::saml::response::Content;
use crate::saml::{
    Assertion, Attribute, AuthnRequest, AuthnStatement, Conditions, Response, Status,
    SubjectConfirmation, names,
};
use crate::xml::Document;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::BodyExt as _;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use time::Duration;
use tower::ServiceExt as _;

/// The system without a mistake.
const RIGHT: &str = "right";

/// The hub's key and everybody's site.
struct Stage {
    clock: Arc<Clock>,
    player: Arc<Player>,
    pair: KeyPair,
    next: KeyPair,
    kit: Kit,
    version: OiosamlVersion,
    cast: Cast,
    routers: BTreeMap<String, Router>,
    _demo: Demo,
}

/// A browser that keeps what it is given, whatever the site.
#[derive(Default, Clone)]
struct Browser {
    cookies: BTreeMap<String, String>,
}

/// What a site answered.
struct Seen {
    status: StatusCode,
    location: String,
    cookies: Vec<String>,
    body: String,
}

/// A login under way.
struct Asked {
    request: AuthnRequest,
    relay_state: String,
}

impl Seen {
    fn logged_in(&self) -> bool {
        self.status == StatusCode::SEE_OTHER
    }
}

fn federation(version: OiosamlVersion) -> String {
    let needs = match version {
        OiosamlVersion::V2 => "oiosaml_profile = \"OIOSAML2\"\nassurance_level = 3",
        OiosamlVersion::V3 => {
            "oiosaml_profile = \"OIOSAML3\"\nnsis_assurance_level = \"Substantial\""
        }
    };
    let mut text = String::new();
    let ids = Defect::ALL.iter().map(|defect| defect.id());
    for id in ids.chain([RIGHT]) {
        let what = match id {
            RIGHT => "strict = true".to_owned(),
            id => format!("defect = \"{id}\""),
        };
        let _ = writeln!(
            text,
            "[[user_facing_system]]\nname = \"{id}\"\ncvr = \"33333333\"\n{needs}\n\
             [user_facing_system.demo]\nkey = \"sagssystem\"\n{what}"
        );
    }
    text
}

impl Stage {
    fn new(version: OiosamlVersion) -> Self {
        let file: File = toml::from_str(&federation(version)).unwrap();
        let addresses = Addresses::new("http://hub.localhost:8080").unwrap();
        let cast = Cast::new(&file, &addresses).unwrap();
        let ring = pki::ring("test-hub").unwrap();
        let (pair, next) = (ring.active.clone(), ring.next.clone().unwrap());
        let hub = Hub {
            entity_id: "http://hub.localhost:8080/runtime".into(),
            public_url: "http://hub.localhost:8080".into(),
            organisation: "Prøvehub".into(),
            idp: RoleKeys::of(&pair),
            sp: RoleKeys::of(&pair),
            faults: None,
        };
        let clock = Arc::new(Clock::default());
        let player = Arc::new(Player::new(hub, HubKeys::shared(ring), Parts::default()));
        let journal = Arc::new(Journal::new(clock.clone()));
        let reports = Reports::new(journal, Arc::default(), clock.clone());
        let trials = Arc::new(Trials::new(clock.clone()));
        let demo = cast.clone().open(&player, &clock, &trials, reports);
        Self {
            kit: Kit {
                neighbour: pki::pair("test-neighbour").unwrap().signing,
                stranger: pki::pair("test-stranger").unwrap().signing,
                watermark: "prøve".into(),
                roles: Vec::new(),
            },
            clock,
            player,
            pair,
            next,
            version,
            cast,
            routers: demo.routers(),
            _demo: demo,
        }
    }

    /// A hub whose metadata shows these generations.
    fn shows(&self, state: impl FnOnce(&mut KeyState)) {
        let mut own = KeyState::only(crate::hub::keys::Generation::Active);
        state(&mut own);
        self.player.hold(Some(&own));
    }

    async fn send(&self, system: &str, browser: &mut Browser, request: Request<Body>) -> Seen {
        let (mut parts, body) = request.into_parts();
        let line: Vec<String> = (browser.cookies.iter())
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !line.is_empty() {
            let line = line.join("; ").parse().unwrap();
            parts.headers.insert(header::COOKIE, line);
        }
        let router = self.routers[&format!("{system}.localhost")].clone();
        let response = router
            .oneshot(Request::from_parts(parts, body))
            .await
            .unwrap();
        let all = response.headers().get_all(header::SET_COOKIE).iter();
        let cookies: Vec<String> = all.map(|line| line.to_str().unwrap().to_owned()).collect();
        for line in &cookies {
            let (pair, rest) = line.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            match rest.contains("Max-Age=0") {
                true => browser.cookies.remove(name),
                false => browser.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        let location = response.headers().get(header::LOCATION);
        let location = location
            .map_or("", |value| value.to_str().unwrap())
            .to_owned();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Seen {
            status,
            location,
            cookies,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    async fn get(&self, system: &str, browser: &mut Browser, path: &str) -> Seen {
        let request = Request::get(path).body(Body::empty()).unwrap();
        self.send(system, browser, request).await
    }

    async fn post(
        &self,
        system: &str,
        browser: &mut Browser,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Seen {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        let body = form.extend_pairs(fields).finish();
        let kind = "application/x-www-form-urlencoded";
        let request = Request::post(path).header(header::CONTENT_TYPE, kind);
        self.send(system, browser, request.body(Body::from(body)).unwrap())
            .await
    }

    async fn ask(&self, system: &str, browser: &mut Browser, path: &str) -> Asked {
        let seen = self.get(system, browser, path).await;
        let (_, query) = seen.location.split_once('?').expect(&seen.body);
        let decoded = decode_redirect(query).unwrap();
        let document = Document::parse(&decoded.xml).unwrap();
        Asked {
            request: AuthnRequest::read(document.root()).unwrap(),
            relay_state: decoded.relay_state.unwrap(),
        }
    }

    async fn deliver(&self, system: &str, browser: &mut Browser, asked: &Asked, xml: &str) -> Seen {
        let message = STANDARD.encode(xml);
        let fields = [
            ("SAMLResponse", message.as_str()),
            ("RelayState", asked.relay_state.as_str()),
        ];
        self.post(system, browser, "/acs", &fields).await
    }

    /// A whole login, with this fault in the answer.
    async fn log_in(&self, system: &str, browser: &mut Browser, fault: Option<Fault>) -> Seen {
        let path = match fault {
            Some(Fault::StaleSession) => "/log-ind?force=1",
            _ => "/log-ind",
        };
        let asked = self.ask(system, browser, path).await;
        let xml = self.answer(system, &asked, fault);
        self.deliver(system, browser, &asked, &xml).await
    }

    async fn is_in(&self, system: &str, browser: &mut Browser) -> bool {
        let front = self.get(system, browser, "/").await;
        front.body.contains("Logget ind")
    }

    /// What the hub answers.
    fn answer(&self, system: &str, asked: &Asked, fault: Option<Fault>) -> String {
        self.answer_by(system, asked, fault, &self.pair)
    }

    fn answer_by(
        &self,
        system: &str,
        asked: &Asked,
        fault: Option<Fault>,
        pair: &KeyPair,
    ) -> String {
        let registered = self.registered(system);
        let (response, assertion) = self.good(asked);
        let signing = &pair.signing;
        let now = self.clock.now();
        match fault {
            Some(Fault::RefusedLevel) => self.refusal(response, names::status::NO_AUTHN_CONTEXT),
            Some(Fault::RefusedCancelled) => self.refusal(response, names::status::AUTHN_FAILED),
            Some(fault) => fault::sent(
                fault,
                (response, assertion),
                &registered,
                now,
                (signing, &self.kit),
                &mut SystemEntropy,
            ),
            None => {
                let element = assertion.to_element();
                let signed = dsig::sign(&element, &assertion.id, Place::AfterIssuer, signing);
                let to = registered.encryption.as_ref().unwrap();
                let content = Content::Encrypted(dsig::encrypt(&signed, to, &mut SystemEntropy));
                let message = response.to_element(Some(content)).render();
                message.as_str().to_owned()
            }
        }
    }

    fn refusal(&self, mut response: Response, subcode: &str) -> String {
        response.status = Status::refusal(names::status::RESPONDER, Some(subcode), "nej");
        let element = response.to_element(None);
        let place = Place::AfterIssuer;
        let signed = dsig::sign(&element, &response.id, place, &self.pair.signing);
        signed.as_str().to_owned()
    }

    fn registered(&self, system: &str) -> UserFacingSystem {
        let entity = &self.cast.rendered()[system];
        let role = entity.sp.as_ref().unwrap();
        let key = role
            .keys
            .iter()
            .find(|key| !key.encryption_methods.is_empty());
        let (mut cipher, mut transport) = (None, None);
        for method in &key.unwrap().encryption_methods {
            match method {
                // The first that is named is what the hub takes.
                EncryptionMethod::Cipher(found) => cipher = cipher.or(Some(*found)),
                EncryptionMethod::Transport(found) => transport = transport.or(Some(*found)),
                EncryptionMethod::Unknown(_) => {}
            }
        }
        UserFacingSystem {
            name: system.to_owned(),
            id: entity.entity_id.clone(),
            presentation_name: system.to_owned(),
            cvr: Cvr::parse("33333333").unwrap(),
            oiosaml_profile: self.version,
            required_level: self.level(),
            attribute_profile: AttributeProfile::default(),
            assertion_consumers: role.assertion_consumer.clone(),
            default_acs: 0,
            single_logout: Vec::new(),
            signing_keys: Vec::new(),
            former_keys: Vec::new(),
            valid_until: None,
            encryption: Some(Recipient {
                key: pki::pair("sagssystem").unwrap().signing.public(),
                cipher: cipher.unwrap(),
                transport: transport.unwrap(),
            }),
            generation: Generation::Two,
            role_mappings: Arc::default(),
        }
    }

    fn level(&self) -> Level {
        match self.version {
            OiosamlVersion::V2 => Level::Nist(Nist::Three),
            OiosamlVersion::V3 => Level::Nsis(Nsis::Substantial),
        }
    }

    /// A good answer before it is sealed.
    fn good(&self, asked: &Asked) -> (Response, Assertion) {
        let now = self.clock.now();
        let end = now + Duration::minutes(5);
        let acs = asked.request.acs_url.clone();
        let me = asked.request.issuer.clone().unwrap();
        let roles = PrivilegeList {
            version: match self.version {
                OiosamlVersion::V2 => BppVersion::V1_1,
                OiosamlVersion::V3 => BppVersion::V1_2,
            },
            groups: vec![PrivilegeGroup {
                scope: Scope::Cvr(Cvr::parse("11111111").unwrap()),
                privileges: vec!["http://a.example/roles/usersystemrole/se/1".into()],
                constraints: Vec::new(),
            }],
        };
        let hub = self.player.unplanned().entity_id.clone();
        let level = self.level();
        let (spec, version) = self.version.spec_version();
        let stated: Vec<(&str, String)> = match self.version {
            OiosamlVersion::V3 => vec![
                (name::LOA, level.to_string()),
                (name::EMAIL_3, "eva@kommune.example".into()),
                (spec, version.into()),
                (name::KOMBIT_SPEC_VER, self.version.kombit_spec_ver().into()),
                (name::CVR_3, "11111111".into()),
                (name::ORG_NAME_3, "Opdigtet Kommune".into()),
                (name::PRIVILEGES_3, roles.write().unwrap()),
            ],
            OiosamlVersion::V2 => vec![
                (name::KOMBIT_SPEC_VER, self.version.kombit_spec_ver().into()),
                (name::CVR_2, "11111111".into()),
                (name::PRIVILEGES_2, roles.write().unwrap()),
                (name::ASSURANCE_LEVEL, level.to_string()),
                (spec, version.into()),
                (name::ORG_NAME_2, "Opdigtet Kommune".into()),
                (name::EMAIL_2, "eva@kommune.example".into()),
            ],
        };
        let attribute = |(name, value): (&str, String)| Attribute {
            name: name.to_owned(),
            name_format: Some(self.version.name_format().to_owned()),
            friendly_name: None,
            values: vec![value],
        };
        let assertion = Assertion {
            id: "_assertion".into(),
            version: "2.0".into(),
            issue_instant: now,
            issuer: hub.clone(),
            issuer_format: None,
            name_id: Some(NameId {
                value: "C=DK,O=11111111,CN=Eva Prøve,Serial=00000000-0000-4000-8000-000000000001"
                    .into(),
                format: Some(names::name_id::X509_SUBJECT_NAME.into()),
                name_qualifier: None,
                sp_name_qualifier: None,
            }),
            confirmations: vec![SubjectConfirmation {
                method: names::BEARER.into(),
                recipient: acs.clone(),
                not_before: None,
                not_on_or_after: Some(end),
                in_response_to: Some(asked.request.id.clone()),
            }],
            conditions: Some(Conditions {
                not_before: Some(now),
                not_on_or_after: Some(end),
                audience_restrictions: vec![vec![me]],
                ..Conditions::default()
            }),
            authn_statements: vec![AuthnStatement {
                authn_instant: now,
                session_index: Some("index".into()),
                session_not_on_or_after: None,
                class_ref: Some(level.class_ref()),
                authenticating_authorities: vec!["https://idp.example".into()],
            }],
            attributes: stated.into_iter().map(attribute).collect(),
        };
        let response = Response {
            id: "_response".into(),
            version: "2.0".into(),
            issue_instant: now,
            in_response_to: Some(asked.request.id.clone()),
            destination: acs,
            consent: None,
            issuer: Some(hub),
            issuer_format: None,
            status: Status::success(),
        };
        (response, assertion)
    }
}
