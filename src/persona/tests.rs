//! An IdP persona from outside, without a hub: a signed request in, a Response out, judged as the hub would.

use super::{Addresses, Cast, Demo};
use crate::config::pki;
use crate::config::{self, File};
use crate::drill::Form;
use crate::dsig::{DecryptPolicy, Policy, PublicKey};
use crate::edge::journal::Journal;
use crate::edge::reports::Reports;
use crate::edge::rollover::{Parts, Player};
use crate::edge::trials::Trials;
use crate::edge::world::Clock;
use crate::hub::Hub;
use crate::hub::judge::{self, Content, Expected, IdentityRules, Judged};
use crate::hub::keys::{HubKeys, KeyPair, RoleKeys};
use crate::oiosaml::attributes::{self as name, ASSURANCE_LEVEL, LOA};
use crate::oiosaml::privileges::BppVersion;
use crate::oiosaml::{Cvr, OiosamlVersion, PrivilegeList};
use crate::persona::habits::tests::request;
use crate::saml::binding::{decode_post, redirect};
use crate::saml::names::{PASSWORD_PROTECTED_TRANSPORT, status};
use crate::saml::{AuthnRequest, MessageField, Outbound};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use time::Duration;
use tower::ServiceExt as _;

const FEDERATION: &str = r#"
[[identity_provider]]
name = "adfs"
presentation_name = "Opdigtet Kommune (AD FS)"
oiosaml_profile = "OIOSAML2_ADFS_MULTIPLEAUTHN"
assurance_level = 3
user_contexts = ["11111111"]
[identity_provider.persona]
kind = "adfs"
key = "provekobing-adfs"
[[identity_provider.persona.people]]
id = "eva"
name = "Eva, Prøve"
uuid = "00000000-0000-4000-8000-000000000001"
email = "eva@kommune.example"
second_factor = true
roles = [{ role = "http://a.example/roles/jobrole/leder/1" }]
[[identity_provider.persona.people]]
id = "bo"
name = "Bo Prøve"
uuid = "00000000-0000-4000-8000-000000000002"
email = "bo@kommune.example"

[[identity_provider]]
name = "os2"
presentation_name = "Opdigtet Kommune (OS2faktor)"
oiosaml_profile = "OIOSAML3"
assurance_level = 3
nsis_assurance_level = "Substantial"
user_contexts = ["22222222"]
[identity_provider.persona]
kind = "os2faktor"
key = "testrup"
[[identity_provider.persona.people]]
id = "ida"
name = "Ida Prøve"
uuid = "00000000-0000-4000-8000-000000000003"
email = "ida@kommune.example"
second_factor = true
nsis = "Substantial"
roles = [
    { role = "http://a.example/roles/jobrole/leder/1" },
    { role = "http://b.example/roles/jobrole/vagt/1", scope = "11111111" },
]

[[identity_provider]]
name = "safe"
presentation_name = "Opdigtet Kommune (Safewhere)"
oiosaml_profile = "OIOSAML3"
assurance_level = 3
nsis_assurance_level = "Substantial"
user_contexts = ["22222222"]
[identity_provider.persona]
kind = "safewhere"
key = "eksempelstrup"
people = [{ id = "ulla", name = "Ulla Prøve", uuid = "00000000-0000-4000-8000-000000000004", email = "ulla@kommune.example", second_factor = true, nsis = "Substantial", roles = [{ role = "http://a.example/roles/jobrole/leder/1" }] }]

[[identity_provider]]
name = "fox"
presentation_name = "Opdigtet Kommune (FoxIDs)"
oiosaml_profile = "OIOSAML3"
assurance_level = 3
nsis_assurance_level = "Substantial"
user_contexts = ["22222222"]
[identity_provider.persona]
kind = "foxids"
key = "fiktiv-ny"
people = [{ id = "per", name = "Per Prøve", uuid = "00000000-0000-4000-8000-000000000005", email = "per@kommune.example", second_factor = true, nsis = "Substantial", roles = [{ role = "http://a.example/roles/jobrole/leder/1" }] }]

[[user_facing_system]]
name = "sag"
cvr = "33333333"
oiosaml_profile = "OIOSAML2"
assurance_level = 3
[user_facing_system.demo]
key = "sagssystem"
"#;

const MULTIPLEAUTHN: &str = "http://schemas.microsoft.com/claims/multipleauthn";
const SUBSTANTIAL: &str = "https://data.gov.dk/concept/core/nsis/loa/Substantial";

struct Stage {
    hub: Hub,
    hub_keys: KeyPair,
    clock: Arc<Clock>,
    cast: Cast,
    demo: Demo,
}

/// Nothing is played.
fn player(hub: &Hub) -> Arc<Player> {
    let keys = HubKeys::shared(pki::ring("hub").unwrap());
    Arc::new(Player::new(hub.clone(), keys, Parts::default()))
}

/// A page as a test sees it.
struct Seen {
    status: StatusCode,
    cookie: Option<String>,
    location: Option<String>,
    policy: String,
    body: String,
}

impl Stage {
    fn new() -> Self {
        let file: File = toml::from_str(FEDERATION).unwrap();
        let addresses = Addresses::new("http://hub.localhost:8080").unwrap();
        let cast = Cast::new(&file, &addresses).unwrap();
        let hub_keys = pki::pair("hub").unwrap();
        let hub = Hub {
            entity_id: "http://hub.localhost:8080/runtime".into(),
            public_url: "http://hub.localhost:8080".into(),
            organisation: "Prøvehub".into(),
            idp: RoleKeys::of(&hub_keys),
            sp: RoleKeys::of(&hub_keys),
            faults: None,
        };
        let clock = Arc::new(Clock::default());
        let demo = cast.clone().open(
            &player(&hub),
            &clock,
            &Arc::new(Trials::new(clock.clone())),
            nowhere(&clock),
        );
        Self {
            hub,
            hub_keys,
            clock,
            cast,
            demo,
        }
    }

    async fn send(&self, host: &str, request: Request<Body>) -> Seen {
        let router = self.demo.routers().remove(host).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let text = |name| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let (cookie, location) = (text(header::SET_COOKIE), text(header::LOCATION));
        let (status, policy) = (
            response.status(),
            text(header::CONTENT_SECURITY_POLICY).unwrap_or_default(),
        );
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Seen {
            status,
            cookie,
            location,
            policy,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    async fn get(&self, host: &str, path: &str, cookie: Option<&str>) -> Seen {
        let mut request = Request::get(path);
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie.split(';').next().unwrap());
        }
        self.send(host, request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, host: &str, path: &str, fields: &[(&str, &str)]) -> Seen {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request =
            Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(host, request.body(Body::from(body)).unwrap())
            .await
    }

    /// The hub's request to an IdP as the path and query of a signed redirect.
    fn ask(&self, name: &str, change: impl FnOnce(&mut AuthnRequest), refs: &[&str]) -> String {
        let mut message = request(refs);
        message.issue_instant = self.clock.now();
        message.issuer = Some(self.hub.entity_id.clone());
        message.destination = Some(format!("http://{name}.localhost:8080/sso"));
        change(&mut message);
        let xml = message.to_element().render();
        let destination = message.destination.unwrap();
        let sent = redirect(
            &destination,
            MessageField::Request,
            &xml,
            Some("h&nsis=Høj"),
            Some(&self.hub_keys.signing),
        );
        let Outbound::Redirect { url } = sent else {
            panic!()
        };
        url.strip_prefix(&format!("http://{name}.localhost:8080"))
            .unwrap()
            .to_owned()
    }

    /// Judges the Response of an auto-post page.
    fn judge(&self, name: &str, version: OiosamlVersion, page: &Seen) -> (Judged, Form) {
        let form = crate::drill::forms(&page.body).remove(0);
        assert!(form.automatic, "{}", page.body);
        assert_eq!(
            form.action,
            "http://hub.localhost:8080/runtime/saml2auth/consume.idp"
        );
        assert!(
            page.policy
                .contains("form-action http://hub.localhost:8080;")
                || page
                    .policy
                    .ends_with("form-action http://hub.localhost:8080")
        );
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&form.fields)
            .finish();
        let decoded = decode_post(body.as_bytes()).unwrap();
        assert_eq!(decoded.relay_state.as_deref(), Some("h&nsis=Høj"));
        let entity = &self.cast.rendered()[name];
        let keys: Vec<PublicKey> = entity.idp.as_ref().unwrap().keys[0]
            .readable()
            .into_iter()
            .map(|certificate| PublicKey::from_certificate(certificate, Policy::Modern).unwrap())
            .collect();
        let contexts = [
            Cvr::parse("11111111").unwrap(),
            Cvr::parse("22222222").unwrap(),
        ];
        let judged = judge::response(
            &decoded.xml,
            &Expected {
                sender: Some(&entity.entity_id),
                keys: &keys,
                former_keys: &[],
                decryption_keys: &self.hub.sp.decryption,
                signatures: Policy::Modern,
                encryption: if version == OiosamlVersion::V2 {
                    DecryptPolicy::CbcToo
                } else {
                    DecryptPolicy::GcmOnly
                },
                audience: Some(&self.hub.entity_id),
                acs: Some(&form.action),
                in_response_to: Some("_q1"),
                now: Some(self.clock.now()),
                skew: Duration::seconds(180),
                forced_at: None,
                proxies: true,
                unsigned_status: false,
                identity: Some(IdentityRules {
                    contexts: Some(&contexts),
                    x509_subject_name: true,
                    version,
                }),
            },
        );
        (judged, form)
    }
}

fn level(judged: &Judged, attribute: &str) -> Option<String> {
    let Content::Assertion(assertion) = &judged.content else {
        panic!("{:?}", judged.report.findings())
    };
    assert_eq!(judged.report.findings(), Vec::<&crate::hub::Row>::new());
    assertion
        .value()
        .values(attribute)
        .next()
        .map(str::to_owned)
}

/// A journal that nobody reads.
fn nowhere(clock: &Arc<Clock>) -> Reports {
    let journal = Arc::new(Journal::new(clock.clone()));
    Reports::new(journal, Arc::default(), clock.clone())
}

#[tokio::test]
async fn a_person_with_second_factor_reaches_level_3_at_ad_fs() {
    let stage = Stage::new();
    let page = stage
        .get(
            "adfs.localhost",
            &stage.ask("adfs", |_| {}, &[MULTIPLEAUTHN]),
            None,
        )
        .await;
    let form = crate::drill::forms(&page.body).remove(0);
    assert_eq!(form.choices[0].value, "eva");
    let told: Vec<&str> = form.choices.iter().map(|one| one.text.as_str()).collect();
    assert!(told[0].contains("med to-faktor") && told[0].contains("roller: 1"));
    assert!(told[1].contains("uden roller"), "{told:?}");
    let query = form.fields[0].1.clone();
    let page = stage
        .post(
            "adfs.localhost",
            "/login",
            &[("query", &query), ("person", "eva")],
        )
        .await;
    let (judged, _) = stage.judge("adfs", OiosamlVersion::V2, &page);
    assert!(judged.encrypted);
    assert_eq!(level(&judged, ASSURANCE_LEVEL).as_deref(), Some("3"));
}

/// The attributes of an IdP's answer, with their values.
async fn attributes(
    idp: &str,
    person: &str,
    class_ref: &str,
    version: OiosamlVersion,
) -> Vec<(String, Vec<String>)> {
    let stage = Stage::new();
    let path = stage.ask(idp, |_| {}, &[class_ref]);
    let path = format!("{path}&autologin={person}");
    let page = stage.get(&format!("{idp}.localhost"), &path, None).await;
    let (judged, _) = stage.judge(idp, version, &page);
    let Content::Assertion(assertion) = &judged.content else {
        panic!("{:?}", judged.report.findings())
    };
    let all = assertion.value().attributes.iter();
    all.map(|one| (one.name.clone(), one.values.clone()))
        .collect()
}

/// The list of privileges among them, by either name.
fn privileges(attributes: &[(String, Vec<String>)]) -> Vec<(&str, PrivilegeList)> {
    let all = attributes
        .iter()
        .filter(|(name, _)| [name::PRIVILEGES_2, name::PRIVILEGES_3].contains(&name.as_str()));
    all.map(|(name, values)| {
        assert_eq!(values.len(), 1);
        (name.as_str(), PrivilegeList::read(&values[0]).unwrap())
    })
    .collect()
}

#[tokio::test]
async fn roles_are_stated_in_the_namespace_of_the_vendor_and_by_the_name_of_the_profile() {
    use BppVersion::{V1_1, V1_2};
    use OiosamlVersion::{V2, V3};
    for (idp, person, class_ref, version, name, bpp, scopes) in [
        (
            "adfs",
            "eva",
            MULTIPLEAUTHN,
            V2,
            name::PRIVILEGES_2,
            V1_1,
            &["11111111"][..],
        ),
        (
            "os2",
            "ida",
            SUBSTANTIAL,
            V3,
            name::PRIVILEGES_3,
            V1_1,
            &["22222222", "11111111"],
        ),
        (
            "safe",
            "ulla",
            SUBSTANTIAL,
            V3,
            name::PRIVILEGES_3,
            V1_1,
            &["22222222"],
        ),
        (
            "fox",
            "per",
            SUBSTANTIAL,
            V3,
            name::PRIVILEGES_3,
            V1_2,
            &["22222222"],
        ),
    ] {
        let all = attributes(idp, person, class_ref, version).await;
        let found = privileges(&all);
        assert_eq!((found.len(), found[0].0), (1, name), "{idp}");
        let list = &found[0].1;
        assert_eq!(list.version, bpp, "{idp}");
        let stated: Vec<String> = list
            .groups
            .iter()
            .map(|one| one.scope.to_string())
            .collect();
        let scopes = scopes
            .iter()
            .map(|cvr| format!("urn:dk:gov:saml:cvrNumberIdentifier:{cvr}"));
        assert_eq!(stated, scopes.collect::<Vec<_>>(), "{idp}");
    }
    let nobody = attributes(
        "adfs",
        "bo",
        PASSWORD_PROTECTED_TRANSPORT,
        OiosamlVersion::V2,
    )
    .await;
    assert_eq!(privileges(&nobody), []);
}

/// Safewhere/kombit SampleMessages, 2023: six attributes, the roles first. OS2faktor-Login: the UUID is a URN.
#[tokio::test]
async fn attributes_are_those_that_were_seen_of_the_vendor() {
    let all = attributes("safe", "ulla", SUBSTANTIAL, OiosamlVersion::V3).await;
    let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            name::PRIVILEGES_3,
            name::CVR_3,
            name::SPEC_VERSION_3,
            name::ORG_NAME_3,
            name::LOA,
            name::EMAIL_3
        ]
    );
    let all = attributes("os2", "ida", SUBSTANTIAL, OiosamlVersion::V3).await;
    let uuid = all.iter().find(|(name, _)| name == name::UUID_PERSISTENT);
    assert_eq!(
        uuid.unwrap().1,
        ["urn:uuid:00000000-0000-4000-8000-000000000003"]
    );
}

#[tokio::test]
async fn somebody_without_second_factor_is_stuck_and_a_script_gets_a_status() {
    let stage = Stage::new();
    let path = stage.ask("adfs", |_| {}, &[MULTIPLEAUTHN]);
    let page = stage.get("adfs.localhost", &path, None).await;
    let query = crate::drill::forms(&page.body).remove(0).fields[0]
        .1
        .clone();
    let stuck = stage
        .post(
            "adfs.localhost",
            "/login",
            &[("query", &query), ("person", "bo")],
        )
        .await;
    assert!(stuck.body.contains("ingen to-faktor"));
    let cancelled = stage
        .post(
            "adfs.localhost",
            "/login",
            &[("query", &query), ("cancel", "1")],
        )
        .await;
    let script = stage
        .get("adfs.localhost", &format!("{path}&autologin=bo"), None)
        .await;
    for page in [cancelled, script] {
        let (judged, _) = stage.judge("adfs", OiosamlVersion::V2, &page);
        let Content::Status(answer) = judged.content else {
            panic!("not signed")
        };
        assert_eq!(
            answer.value().subcode.as_deref(),
            Some(status::AUTHN_FAILED)
        );
    }
}

#[tokio::test]
async fn a_script_names_the_person_without_breaking_the_signature() {
    let stage = Stage::new();
    let path = stage.ask("os2", |_| {}, &[SUBSTANTIAL]);
    let page = stage
        .get("os2.localhost", &format!("{path}&autologin=ida"), None)
        .await;
    let (judged, _) = stage.judge("os2", OiosamlVersion::V3, &page);
    assert_eq!(level(&judged, LOA).as_deref(), Some("Substantial"));
    let nobody = stage
        .get("os2.localhost", &format!("{path}&autologin=nobody"), None)
        .await;
    assert_eq!(nobody.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_session_answers_unless_the_hub_forces_a_login() {
    let stage = Stage::new();
    let path = stage.ask("os2", |_| {}, &[SUBSTANTIAL]);
    let passive = stage.ask(
        "os2",
        |request| request.is_passive = Some(true),
        &[SUBSTANTIAL],
    );
    let page = stage.get("os2.localhost", &passive, None).await;
    let Content::Status(answer) = stage.judge("os2", OiosamlVersion::V3, &page).0.content else {
        panic!()
    };
    assert_eq!(answer.value().subcode.as_deref(), Some(status::NO_PASSIVE));

    let page = stage
        .get("os2.localhost", &format!("{path}&autologin=ida"), None)
        .await;
    let cookie = page.cookie.unwrap();
    assert!(cookie.contains("HttpOnly; SameSite=None; Secure"));
    for path in [&path, &passive] {
        let page = stage.get("os2.localhost", path, Some(&cookie)).await;
        assert_eq!(
            level(&stage.judge("os2", OiosamlVersion::V3, &page).0, LOA).as_deref(),
            Some("Substantial")
        );
    }
    let forced = stage.ask(
        "os2",
        |request| request.force_authn = Some(true),
        &[SUBSTANTIAL],
    );
    let page = stage.get("os2.localhost", &forced, Some(&cookie)).await;
    assert!(page.body.contains("Hvem vil du være?"));
}

#[tokio::test]
async fn only_the_hub_can_ask() {
    let stage = Stage::new();
    let path = stage.ask("os2", |_| {}, &[SUBSTANTIAL]);
    let unsigned = path.split("&SigAlg").next().unwrap().to_owned();
    let changed = path.replace("RelayState=h", "RelayState=i");
    let foreign = stage.ask(
        "os2",
        |request| request.issuer = Some("https://other.example".into()),
        &[],
    );
    let elsewhere = stage.ask(
        "os2",
        |request| request.acs_url = Some("https://other.example/acs".into()),
        &[],
    );
    for path in [unsigned, changed, foreign, elsewhere, "/sso".to_owned()] {
        let page = stage.get("os2.localhost", &path, None).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        assert!(!page.body.contains("name=\"SAMLResponse\""));
    }
}

#[tokio::test]
async fn a_system_sends_a_signed_request_and_believes_nothing_unasked() {
    let stage = Stage::new();
    let front = stage.get("sag.localhost", "/", None).await;
    assert!(front.body.contains("Log ind") && !front.body.contains("Logget ind"));
    let login = stage
        .get("sag.localhost", "/log-ind?force=1&niveau=4", None)
        .await;
    let location = login.location.unwrap();
    assert!(location.starts_with("http://hub.localhost:8080/runtime/saml2/issue.idp?SAMLRequest="));
    let decoded =
        crate::saml::binding::decode_redirect(location.split_once('?').unwrap().1).unwrap();
    let document = crate::xml::Document::parse(&decoded.xml).unwrap();
    let sent = AuthnRequest::read(document.root()).unwrap();
    assert_eq!(sent.force_authn, Some(true));
    assert_eq!(
        sent.requested_authn_context.unwrap().class_refs,
        ["urn:dk:gov:saml:attribute:AssuranceLevel:4"]
    );

    let bad = stage.get("sag.localhost", "/log-ind?niveau=5", None).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    let relay_state = decoded.relay_state.unwrap();
    for fields in [
        vec![("SAMLResponse", "PHgvPg==")],
        vec![
            ("SAMLResponse", "PHgvPg=="),
            ("RelayState", relay_state.as_str()),
        ],
    ] {
        let page = stage.post("sag.localhost", "/acs", &fields).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.body.contains("Login mislykkedes") && !page.body.contains("Logget ind"));
    }
    let out = stage.get("sag.localhost", "/log-ud", None).await;
    assert!(out.body.contains("<h1>Logget ud</h1>"));
}

#[tokio::test]
async fn metadata_is_signed_and_read_back() {
    let stage = Stage::new();
    for (host, name) in [("adfs.localhost", "adfs"), ("sag.localhost", "sag")] {
        let page = stage.get(host, "/metadata", None).await;
        let document = crate::xml::Document::parse(page.body.as_bytes()).unwrap();
        let entity = crate::saml::metadata::read(document.root())
            .unwrap()
            .remove(0);
        assert_eq!(entity.entity_id, stage.cast.rendered()[name].entity_id);
        let keys = entity
            .idp
            .map(|role| role.keys)
            .or(entity.sp.map(|role| role.keys))
            .unwrap();
        let key =
            PublicKey::from_certificate(keys[0].readable().remove(0), Policy::Modern).unwrap();
        crate::dsig::verify(document.root(), &[key], Policy::Modern).unwrap();
    }
}

#[tokio::test]
async fn below_a_path_of_the_hub_every_address_still_leads_somewhere() {
    let file: File = toml::from_str(FEDERATION).unwrap();
    let cast = Cast::new(&file, &Addresses::new("https://hub.example.dk").unwrap()).unwrap();
    let clock = Arc::new(Clock::default());
    let trials = Arc::new(Trials::new(clock.clone()));
    let demo = cast.open(&player(&Stage::new().hub), &clock, &trials, nowhere(&clock));
    let mut site = axum::Router::new();
    for (key, router) in demo.routers() {
        site = site.nest(&key, router);
    }
    for path in [
        "/system/sag",
        "/system/sag/metadata",
        "/system/sag/log-ud",
        "/system/sag/assets/vejviser.css",
        "/idp/adfs",
        "/idp/adfs/metadata",
    ] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = site.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
    }
    let request = Request::get("/system/sag/log-ind")
        .body(Body::empty())
        .unwrap();
    let response = site.oneshot(request).await.unwrap();
    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
    assert!(
        cookie.contains("Path=/system/sag; HttpOnly; SameSite=None; Secure"),
        "{cookie}"
    );
}

/// The sample federation's metadata in the repository; `cargo run --example sample-metadata` makes it anew.
#[test]
fn the_metadata_in_the_repository_is_what_the_demo_serves() {
    let file = config::parse(Path::new("federation.toml"), config::SAMPLE).unwrap();
    let addresses = Addresses::new("http://hub.localhost:7878").unwrap();
    let rendered = Cast::new(&file, &addresses).unwrap().files();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("metadata");
    let mut found = BTreeMap::new();
    for folder in ["idp", "system"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
            found.insert(name.replace('\\', "/"), std::fs::read(&path).unwrap());
        }
    }
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(&rendered));
    for (name, content) in rendered {
        assert!(found[&name] == content, "{name} is another one");
    }
}
