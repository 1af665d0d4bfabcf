//! The test CA as those see it who ask, and those who validate metadata.

use super::*;
use crate::dsig::{ocsp_request, read_crl, read_ocsp};
use crate::edge::Mode;
use crate::edge::front;
use crate::edge::manage::{self, Access};
use crate::edge::metadata::validate;
use crate::edge::testing::{app, body, send};
use crate::hub::lint::{LintRole, Rule};
use crate::mint::{Made, Recipe};
use crate::oiosaml::Cvr;
use crate::saml::metadata::{Entity, KeyDescriptor, KeyUse, SpRole};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

fn issued(app: &App) -> Made {
    let own = app.test_ca.as_ref().unwrap().own().unwrap();
    let recipe = Recipe {
        organisation: "Opfundet".to_owned(),
        cvr: Cvr::parse("99999999").unwrap(),
        common_name: "System".to_owned(),
        uuid: None,
        not_before: app.clock.now() - time::Duration::days(1),
        days: 365,
        key: KeyKind::P256,
        fault: None,
        reuse: None,
    };
    let authority = own.authority.clone().answering_at(&address(app));
    mint::make(&recipe, &authority, &mut SystemEntropy).unwrap()
}

fn request(method: &str, path: &str, bytes: Vec<u8>) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header("host", "127.0.0.1")
        .body(Body::from(bytes))
        .unwrap()
}

async fn asked(site: &Router, method: &str, path: &str, bytes: Vec<u8>) -> (String, Vec<u8>) {
    let response = send(site, request(method, path, bytes)).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    let kind = response.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (kind, bytes.to_vec())
}

fn metadata(certificate: &Certificate) -> Vec<u8> {
    let entity = Entity {
        entity_id: "https://system.example/saml".to_owned(),
        id: None,
        valid_until: None,
        idp: None,
        sp: Some(SpRole {
            keys: vec![KeyDescriptor {
                usage: KeyUse::Both,
                certificates: vec![certificate.to_base64()],
                encryption_methods: Vec::new(),
            }],
            ..SpRole::default()
        }),
        organization: None,
    };
    entity.to_element().render().as_str().as_bytes().to_vec()
}

async fn found(app: &App, certificate: &Certificate) -> Vec<Rule> {
    let verdict = validate(app, &metadata(certificate), LintRole::System).await;
    assert_eq!(verdict.unreachable, [""; 0]);
    let findings = verdict.linted.findings.into_iter();
    findings.map(|finding| finding.rule).collect()
}

#[tokio::test]
async fn it_answers_in_every_way_until_a_certificate_is_taken_back_and_then_too() {
    let app = app(Mode::Demo);
    let (site, desk) = (
        front::router(app.clone()),
        manage::router(app.clone(), Access::open()),
    );
    let made = issued(&app);
    let (kind, der) = asked(&site, "GET", "/ca/certificate.cer", Vec::new()).await;
    let ca = Certificate::parse(&der).unwrap();
    assert_eq!(kind, "application/pkix-cert");
    let question = ocsp_request(&made.certificate, &ca).unwrap();
    // As a path has it: RFC 6960 §A.1.
    let encoded = STANDARD.encode(&question);
    let encoded = encoded.replace('+', "%2B").replace('=', "%3D");
    let paths = [
        ("POST", "/ca/ocsp".to_owned(), question.clone()),
        ("GET", format!("/ca/ocsp/{encoded}"), Vec::new()),
        (
            "GET",
            format!("/ca/ocsp/{}", encoded.replace('/', "%2F")),
            Vec::new(),
        ),
    ];
    let serial = made.certificate.story().serial;
    for revoked in [false, true] {
        let now = app.clock.now();
        let is = |answer| matches!(answer, Revocation::Revoked(_)) == revoked;
        for (method, path, bytes) in &paths {
            let (kind, answer) = asked(&site, method, path, bytes.clone()).await;
            assert_eq!(kind, "application/ocsp-response");
            assert!(is(read_ocsp(&answer, &made.certificate, &ca, now).unwrap()));
        }
        let (kind, list) = asked(&site, "GET", "/ca/revoked.crl", Vec::new()).await;
        assert_eq!(kind, "application/pkix-crl");
        let list = read_crl(&list, &ca, now).unwrap();
        assert!(is(list.status(&made.certificate).unwrap()));
        // Its own CA is trusted, and asked without being told to.
        let rules = found(&app, &made.certificate).await;
        assert_eq!(rules.contains(&Rule::Revoked), revoked, "{rules:?}");
        for never in [Rule::RevocationNotAsked, Rule::IssuerUntrusted] {
            assert!(!rules.contains(&never), "{rules:?}");
        }
        let put = request(
            "PUT",
            &format!("/api/v1/test-ca/revoked/{serial}"),
            Vec::new(),
        );
        assert_eq!(send(&desk, put).await.status(), StatusCode::OK);
    }
    // A demo that is reset has taken nothing back.
    app.registry.reset(app.clock.now()).await.unwrap();
    assert!(
        !found(&app, &made.certificate)
            .await
            .contains(&Rule::Revoked)
    );
}

#[tokio::test]
async fn what_cannot_be_understood_is_answered_in_the_protocols_words() {
    let app = app(Mode::Demo);
    let site = front::router(app.clone());
    let made = issued(&app);
    let ca = app.test_ca.as_ref().unwrap().certificate().unwrap().clone();
    for (method, path) in [("POST", "/ca/ocsp"), ("GET", "/ca/ocsp/no%20request")] {
        let (_, answer) = asked(&site, method, path, b"no request".to_vec()).await;
        let read = read_ocsp(&answer, &made.certificate, &ca, app.clock.now());
        let refused = crate::dsig::RevocationError::Refused("malformedRequest");
        assert_eq!(read, Err(refused));
    }
}

#[tokio::test]
async fn a_key_is_handed_out_only_if_it_is_nobodys() {
    let demo = app(Mode::Demo);
    let path = "/api/v1/test-ca/key";
    let desk = manage::router(demo.clone(), Access::open());
    let response = send(&desk, request("GET", path, Vec::new())).await;
    let pem = body(response).await;
    let certificate = demo.test_ca.as_ref().unwrap().certificate().unwrap();
    assert_eq!(certificate.belongs_to(pem.as_bytes()), Ok(true));
    let own = demo.test_ca.as_ref().unwrap().own().unwrap();
    let given = TestCa::given(own.authority.clone(), demo.clock.clone()).unwrap();
    assert!(!given.is_invented());
}
