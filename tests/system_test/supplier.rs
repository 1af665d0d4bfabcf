//! A supplier's own test, as README shows it: a system written for this test, with the crate's own reader of SAML.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use time::OffsetDateTime;
use vejviser::config::pki;
use vejviser::dsig::{DecryptPolicy, DecryptionKey, Place, Policy, PublicKey, SigningKey, sign};
use vejviser::edge::world::{Clock, random};
use vejviser::hub::judge::{self, Content, Expected, IdentityRules};
use vejviser::oiosaml::OiosamlVersion;
use vejviser::saml::binding::{MessageField, Outbound, decode_post, redirect};
use vejviser::saml::metadata::{
    self, Endpoint, Entity, IndexedEndpoint, KeyDescriptor, KeyUse, SpRole,
};
use vejviser::saml::{AuthnRequest, names::binding};
use vejviser::testing::{Chapter, Hub, Registered, Ways, report};
use vejviser::xml::Document;

// README shows this test.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logs_in_and_refuses_what_it_must() -> Result<(), vejviser::testing::Failed> {
    let hub = Hub::reserve().await?;
    // Your system, as it starts in your other tests: it trusts this hub.
    let system = start_my_system(&hub.metadata()?).await;
    let test = hub.start(
        &Registered::oiosaml3(&system.metadata),
        Ways::from(system.login_url),
    )?;
    let wanted = [Chapter::Signature, Chapter::Conditions];
    let run = test.run(|case| wanted.contains(&case.chapter())).await?;
    assert!(run.failed().is_empty(), "{}", report(&run));
    Ok(())
}
// README shows the test up to here.

struct MySystem {
    metadata: Vec<u8>,
    login_url: url::Url,
}

struct Me {
    base: String,
    key: SigningKey,
    opens: DecryptionKey,
    hub: (String, String, Vec<PublicKey>),
    begun: Mutex<BTreeMap<String, String>>,
    sessions: Mutex<Vec<String>>,
}

fn name() -> String {
    let mut bytes = [0; 16];
    random(&mut bytes);
    format!("_{:032x}", u128::from_be_bytes(bytes))
}

fn now() -> OffsetDateTime {
    Clock::default().now()
}

fn cookie(headers: &HeaderMap, wanted: &str) -> Option<String> {
    let all = headers.get(COOKIE)?.to_str().ok()?;
    let mut pairs = all.split("; ").filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value.to_owned())
}

/// The supplier's system: a login, an answer's address, and a page that tells who is there.
async fn start_my_system(hub: &str) -> MySystem {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!(
        "http://my-system.localhost:{}",
        listener.local_addr().unwrap().port()
    );
    let pair = pki::pair("borgerportal").unwrap();
    let document = Document::parse(hub.as_bytes()).unwrap();
    let hub = metadata::read(document.root()).unwrap().remove(0);
    let role = hub.idp.unwrap();
    let keys = role.keys.iter().filter(|key| key.usage == KeyUse::Signing);
    let keys = keys.flat_map(|key| &key.certificates).map(|base64| {
        let pem = format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n");
        PublicKey::parse(pem.as_bytes(), Policy::Modern).unwrap()
    });
    let me = Arc::new(Me {
        key: pair.signing.clone(),
        opens: pair.decryption.clone(),
        hub: (
            hub.entity_id,
            role.single_sign_on[0].location.clone(),
            keys.collect(),
        ),
        begun: Mutex::default(),
        sessions: Mutex::default(),
        base: base.clone(),
    });
    let entity = me.describe();
    let metadata = sign(
        &entity.to_element(),
        "_metadata",
        Place::First,
        &pair.signing,
    );
    let routes = Router::new()
        .route("/", get(page))
        .route("/login", get(login))
        .route("/acs", post(acs))
        .with_state(me);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    MySystem {
        metadata: metadata.as_bytes().to_vec(),
        login_url: url::Url::parse(&format!("{base}/login")).unwrap(),
    }
}

impl Me {
    fn acs(&self) -> String {
        format!("{}/acs", self.base)
    }

    fn describe(&self) -> Entity {
        let endpoint = |binding: &str, path: &str| Endpoint {
            binding: binding.to_owned(),
            location: format!("{}{path}", self.base),
            response_location: None,
        };
        let certificate = self.key.certificate().unwrap().to_base64();
        let key = |usage| KeyDescriptor {
            usage,
            certificates: vec![certificate.clone()],
            encryption_methods: Vec::new(),
        };
        Entity {
            entity_id: format!("{}/metadata", self.base),
            id: Some("_metadata".to_owned()),
            valid_until: None,
            idp: None,
            organization: None,
            sp: Some(SpRole {
                authn_requests_signed: true,
                want_assertions_signed: true,
                keys: vec![key(KeyUse::Signing), key(KeyUse::Encryption)],
                assertion_consumer: vec![IndexedEndpoint {
                    endpoint: endpoint(binding::POST, "/acs"),
                    index: 0,
                    is_default: Some(true),
                }],
                single_logout: vec![endpoint(binding::REDIRECT, "/slo")],
                name_id_formats: Vec::new(),
            }),
        }
    }
}

async fn page(State(me): State<Arc<Me>>, headers: HeaderMap) -> Response {
    let session = cookie(&headers, "session").unwrap_or_default();
    match me.sessions.lock().unwrap().contains(&session) {
        true => Html("<h1>Velkommen</h1>").into_response(),
        false => (StatusCode::UNAUTHORIZED, Html("<h1>Log ind</h1>")).into_response(),
    }
}

async fn login(State(me): State<Arc<Me>>) -> Response {
    let (browser, request) = (
        name(),
        AuthnRequest {
            destination: Some(me.hub.1.clone()),
            issuer: Some(format!("{}/metadata", me.base)),
            protocol_binding: Some(binding::POST.into()),
            acs_url: Some(me.acs()),
            ..AuthnRequest::new(name(), now())
        },
    );
    let sent = request.to_element().render();
    let sent = redirect(&me.hub.1, MessageField::Request, &sent, None, Some(&me.key));
    let Outbound::Redirect { url } = sent else {
        panic!("by redirect")
    };
    me.begun.lock().unwrap().insert(browser.clone(), request.id);
    let cookie = format!("login={browser}; Path=/; HttpOnly; Secure; SameSite=None");
    (
        StatusCode::SEE_OTHER,
        [(LOCATION, url), (SET_COOKIE, cookie)],
    )
        .into_response()
}

async fn acs(State(me): State<Arc<Me>>, headers: HeaderMap, body: Bytes) -> Response {
    let refused = || (StatusCode::FORBIDDEN, Html("<h1>Afvist</h1>")).into_response();
    let Ok(decoded) = decode_post(&body) else {
        return refused();
    };
    let browser = cookie(&headers, "login").unwrap_or_default();
    let Some(request) = me.begun.lock().unwrap().get(&browser).cloned() else {
        return refused();
    };
    let (id, acs) = (format!("{}/metadata", me.base), me.acs());
    let judged = judge::response(
        &decoded.xml,
        &Expected {
            sender: Some(&me.hub.0),
            keys: &me.hub.2,
            former_keys: &[],
            decryption_keys: std::slice::from_ref(&me.opens),
            signatures: Policy::Modern,
            encryption: DecryptPolicy::GcmOnly,
            audience: Some(&id),
            acs: Some(&acs),
            in_response_to: Some(&request),
            now: Some(now()),
            skew: time::Duration::minutes(3),
            forced_at: None,
            proxies: false,
            unsigned_status: false,
            identity: Some(IdentityRules {
                contexts: None,
                x509_subject_name: true,
                version: OiosamlVersion::V3,
            }),
        },
    );
    let accepted = matches!(judged.content, Content::Assertion(_));
    // An answer is good once, and an encrypted one is what the hub sends.
    let once = || me.begun.lock().unwrap().remove(&browser).is_some();
    if !(accepted && judged.encrypted && judged.report.reason().is_none() && once()) {
        return refused();
    }
    let session = name();
    me.sessions.lock().unwrap().push(session.clone());
    let cookie = format!("session={session}; Path=/; HttpOnly; Secure; SameSite=None");
    let home = format!("{}/", me.base);
    (
        StatusCode::SEE_OTHER,
        [(LOCATION, home), (SET_COOKIE, cookie)],
    )
        .into_response()
}
