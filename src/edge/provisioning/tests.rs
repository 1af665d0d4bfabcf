use crate::dsig::Certificate;
use crate::edge::app::Mode;
use crate::edge::manage::Administrators;
use crate::edge::manage::{Access, router};
use crate::edge::server::PeerCertificate;
use crate::edge::testing::{IDP, app, body, send};
use crate::edge::world::Clock;
use crate::mint::testchance::Counting;
use crate::mint::{self, Authority, Fault, KeyKind, Recipe};
use crate::oiosaml::Cvr;
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value as Json, json};

const LOW: &str = "https://data.gov.dk/concept/core/nsis/loa/Low";

fn site() -> Router {
    router(app(Mode::Demo), Access::open())
}

fn in_path(id: &str) -> String {
    URL_SAFE_NO_PAD.encode(id)
}

/// Status and body.
async fn ask(site: &Router, method: Method, path: &str, sent: Option<Json>) -> (u16, Json) {
    let mut request = Request::builder().method(method).uri(path);
    request = request.header("host", "127.0.0.1:7879");
    if sent.is_some() {
        request = request.header("content-type", "application/json");
    }
    let sent = sent.map_or_else(Body::empty, |sent| Body::from(sent.to_string()));
    let response = send(site, request.body(sent).unwrap()).await;
    let status = response.status().as_u16();
    let text = body(response).await;
    (status, serde_json::from_str(&text).unwrap_or(Json::Null))
}

async fn get(site: &Router, path: &str) -> Json {
    let (status, body) = ask(site, Method::GET, path, None).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

async fn done(site: &Router, method: Method, path: &str, sent: Option<Json>) {
    let (status, body) = ask(site, method, path, sent).await;
    assert_eq!((status, body), (200, Json::Null), "{path}");
}

/// What is told of a request that is refused as invalid.
async fn told(site: &Router, method: Method, path: &str, sent: Json) -> Vec<String> {
    let (status, body) = ask(site, method, path, Some(sent)).await;
    assert_eq!(
        (status, &body["code"], &body["version"]),
        (400, &json!(400), &json!("2.0")),
        "{path}: {body}"
    );
    let details = body["errorDetails"].as_array().unwrap().iter();
    details
        .map(|one| one.as_str().unwrap().to_owned())
        .collect()
}

fn mapping(id: &str, role: &str, kinds: &[&str]) -> Json {
    let kinds = kinds.iter();
    let kinds = kinds.map(|kind| json!({ "DataafgraensningstypeId": kind, "Values": ["1"] }));
    json!({ "Id": id, "JobfunktionsrolleId": "http://a.example/job", "BrugersystemrolleId": role,
        "Dataafgraensninger": kinds.collect::<Vec<_>>() })
}

fn oidc(id: &str, uri: &str) -> Json {
    json!({ "Id": id, "Cvr": "55555555", "AssuranceLevel": 3, "OIDCMetadata": { "client_secret": "", "jwks": "{\"keys\":[]}",
        "redirect_uris": [uri], "token_endpoint_auth_method": "private_key_jwt", "application_type": "web",
        "backchannel_logout_uri": "https://a.example/ud" } })
}

/// An organisation's certificate, in force now unless that is what is wrong with it.
fn minted(cvr: &str, fault: Option<Fault>) -> Certificate {
    let mut chance = Counting(1);
    let recipe = Recipe {
        organisation: "Prøvekøbing Kommune".to_owned(),
        cvr: Cvr::parse(cvr).unwrap(),
        common_name: "Brugere".to_owned(),
        uuid: None,
        not_before: Clock::default().now() - time::Duration::DAY,
        days: 30,
        key: KeyKind::P256,
        fault,
        reuse: None,
    };
    let authority = Authority::new(recipe.not_before, recipe.days, &mut chance).unwrap();
    mint::make(&recipe, &authority, &mut chance)
        .unwrap()
        .certificate
}

#[tokio::test]
async fn users_of_all_authorities_by_whoever_administers() {
    let site = site();
    let user = |authority: &str, id: &str, value: &str| json!({ "Authority": authority, "Id": id, "Claims": [{ "Key": "urn:a", "Value": value }] });
    done(
        &site,
        Method::POST,
        "/Users",
        Some(user("11111111", "a/b", "1")),
    )
    .await;
    done(
        &site,
        Method::POST,
        "/Users",
        Some(user("11111111", "a/b", "2")),
    )
    .await;
    let shown = get(&site, "/Users/a%2Fb").await;
    assert_eq!(shown["Claims"][0]["Value"], "2", "replaced");
    let list = get(&site, "/Users").await;
    assert_eq!(
        list,
        json!([{ "Id": "a/b", "ModifiedDate": shown["ModifiedDate"] }])
    );

    let update = json!({ "Claims": [] });
    done(&site, Method::PUT, "/Users/a%2Fb", Some(update.clone())).await;
    assert_eq!(get(&site, "/Users/a%2Fb").await["Claims"], json!([]));
    let other = json!({ "Claims": [], "Authority": "22222222" });
    let other = told(&site, Method::PUT, "/Users/a%2Fb", other).await;
    assert!(
        other[0].contains("UserUpdate has no such field"),
        "{other:?}"
    );
    assert_eq!(
        ask(&site, Method::PUT, "/Users/c", Some(update)).await.0,
        404
    );

    // Two authorities may have the same id: then it does not say which.
    let more = json!([user("22222222", "a/b", "3"), user("22222222", "d", "4")]);
    done(&site, Method::PUT, "/Users/bulk", Some(more)).await;
    for method in [Method::GET, Method::DELETE] {
        let (status, error) = ask(&site, method, "/Users/a%2Fb", None).await;
        assert_eq!((status, &error["code"]), (409, &json!(409)), "{error}");
        assert!(
            error["errorDetails"][0]
                .as_str()
                .unwrap()
                .contains("11111111, 22222222")
        );
    }
    done(&site, Method::DELETE, "/Users/d", None).await;
    let page = get(&site, "/Users/.filter?pageSize=1&pageIndex=1&$select=urn:a").await;
    assert_eq!(page["TotalResults"], 2);
    assert_eq!(page["Resources"][0]["Claims"][0]["Value"], "3");
    assert_eq!(
        ask(&site, Method::GET, "/Users/.filter?pageSize=1", None)
            .await
            .0,
        400
    );

    let twice = json!([
        user("11111111", "x", "1"),
        user("11111111", "x", "2"),
        user("1", "y", "")
    ]);
    assert_eq!(
        told(&site, Method::POST, "/Users/bulk", twice).await.len(),
        1
    );
    done(
        &site,
        Method::POST,
        "/Users/bulk",
        Some(json!([user("11111111", "x", "1")])),
    )
    .await;
    assert_eq!(get(&site, "/Users").await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn values_that_xml_cannot_carry_are_refused_with_the_place_where_they_stand() {
    let site = site();
    let user = json!({ "Authority": "11111111", "Id": "eva",
        "Claims": [{ "Key": "urn:a", "Value": "1" }, { "Key": "urn:b\u{1}", "Value": "\u{ffff}" }] });
    let told_of = told(&site, Method::POST, "/Users", user).await;
    assert_eq!(
        told_of,
        [
            "Claims[1].Key: must not hold the character U+0001",
            "Claims[1].Value: must not hold the character U+FFFF"
        ]
    );
    let mut mapping = mapping("a", "http://a.example/role", &["http://a.example/kle"]);
    mapping["Dataafgraensninger"][0]["Values"] = json!(["27.00", "a\u{8}"]);
    let system = json!({ "Id": "https://ny.example/saml", "Cvr": "11111111", "AssuranceLevel": 3, "OIOSAMLProfile": "OIOSAML2",
        "SamlMetadata": { "Xml": "PGEvPg==" }, "RoleMappings": [mapping] });
    let told_of = told(&site, Method::POST, "/BrugervendteSystemer", system).await;
    assert_eq!(
        told_of,
        ["RoleMappings[0].Dataafgraensninger[0].Values[1]: must not hold the character U+0008"]
    );
}

#[tokio::test]
async fn a_restriction_of_a_mapping_is_a_type_of_its_role() {
    let site = site();
    let role =
        json!({ "Id": "http://a.example/role", "Dataafgraensningstyper": [{ "Id": "kle" }] });
    done(&site, Method::POST, "/Brugersystemroller", Some(role)).await;
    let client = format!("/OIDCBrugervendteSystemer/{}", in_path("client"));
    let uri = "https://a.example/tilbage";
    done(
        &site,
        Method::POST,
        "/OIDCBrugervendteSystemer",
        Some(oidc("client", uri)),
    )
    .await;

    let mappings = format!("{client}/RoleMappings");
    let wrong = json!([mapping("m", "http://a.example/role", &["kle", "org"])]);
    let wrong = told(&site, Method::PUT, &mappings, wrong).await;
    assert!(
        wrong.len() == 1 && wrong[0].contains("org is none of"),
        "{wrong:?}"
    );
    // Of a role that nobody registered nothing is known.
    let good = json!([
        mapping("m", "http://a.example/role", &["kle"]),
        mapping("n", "http://a.example/other", &["org"])
    ]);
    done(&site, Method::PUT, &mappings, Some(good)).await;
    let late = json!({ "Id": "http://a.example/other" });
    assert_eq!(
        told(&site, Method::POST, "/Brugersystemroller", late)
            .await
            .len(),
        1
    );

    let kinds = format!(
        "/Brugersystemroller/{}/Dataafgraensningstyper",
        in_path("http://a.example/role")
    );
    let (status, error) = ask(
        &site,
        Method::DELETE,
        &format!("{kinds}/{}", in_path("kle")),
        None,
    )
    .await;
    assert_eq!(status, 400, "{error}");
    done(
        &site,
        Method::PUT,
        &kinds,
        Some(json!([{ "Id": "org", "Description": "b" }, { "Id": "kle", "Description": "a" }])),
    )
    .await;
    done(
        &site,
        Method::DELETE,
        &format!("{kinds}/{}", in_path("org")),
        None,
    )
    .await;
    done(
        &site,
        Method::DELETE,
        &format!("{mappings}/{}", in_path("m")),
        None,
    )
    .await;
    assert_eq!(
        ask(
            &site,
            Method::DELETE,
            &format!("{mappings}/{}", in_path("m")),
            None
        )
        .await
        .0,
        404
    );
    done(
        &site,
        Method::DELETE,
        &format!("{kinds}/{}", in_path("kle")),
        None,
    )
    .await;
    let twice = json!([mapping("o", "r", &[])]);
    let mut system = oidc("client", uri);
    system["RoleMappings"] = json!([twice[0], twice[0]]);
    assert_eq!(
        told(&site, Method::PUT, &client, system).await,
        ["RoleMappings: o is there twice"]
    );
}

#[tokio::test]
async fn an_openid_system_has_one_level_a_secret_and_its_own_addresses() {
    let site = site();
    let uri = "https://a.example/tilbage";
    done(
        &site,
        Method::POST,
        "/OIDCBrugervendteSystemer",
        Some(oidc("a", uri)),
    )
    .await;
    let secret = get(
        &site,
        &format!("/OIDCBrugervendteSystemer/{}", in_path("a")),
    )
    .await;
    let secret = secret["OIDCMetadata"]["client_secret"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(secret.len(), 64, "made, since none was given");
    let same = told(
        &site,
        Method::POST,
        "/OIDCBrugervendteSystemer",
        oidc("b", uri),
    )
    .await;
    assert!(same[0].contains("must be unique"), "{same:?}");
    done(
        &site,
        Method::POST,
        "/OIDCBrugervendteSystemer",
        Some(oidc("b", "https://b.example/x")),
    )
    .await;
    let path = format!("/OIDCBrugervendteSystemer/{}", in_path("b"));
    let metadata = oidc("b", uri)["OIDCMetadata"].take();
    assert_eq!(
        told(
            &site,
            Method::PUT,
            &format!("{path}/OIDCMetadata"),
            metadata
        )
        .await
        .len(),
        1
    );

    let path = format!("/OIDCBrugervendteSystemer/{}", in_path("a"));
    done(
        &site,
        Method::PUT,
        &format!("{path}/NSISAssuranceLevel/{}", in_path(LOW)),
        None,
    )
    .await;
    let now = get(&site, &path).await;
    assert_eq!(
        (&now["AssuranceLevel"], &now["NSISAssuranceLevel"]),
        (&json!(0), &json!(LOW))
    );
    done(
        &site,
        Method::PUT,
        &format!("{path}/AssuranceLevel/2"),
        None,
    )
    .await;
    done(
        &site,
        Method::PUT,
        &format!("{path}/OIDCMetadata"),
        Some(oidc("a", uri)["OIDCMetadata"].take()),
    )
    .await;
    done(&site, Method::PUT, &path, Some(oidc("a", uri))).await;
    let now = get(&site, &path).await;
    assert_eq!(
        (&now["AssuranceLevel"], &now["NSISAssuranceLevel"]),
        (&json!(3), &json!(""))
    );
    assert_eq!(
        now["OIDCMetadata"]["client_secret"],
        secret.as_str(),
        "kept"
    );
}

#[tokio::test]
async fn lists_grow_and_shrink_by_one_and_what_is_not_served_is_told() {
    let site = site();
    done(
        &site,
        Method::POST,
        "/AttributServices",
        Some(json!({ "Id": "https://as.example" })),
    )
    .await;
    done(
        &site,
        Method::POST,
        "/Jobfunktionsroller",
        Some(json!({ "Id": "http://a.example/job" })),
    )
    .await;
    let service = format!("/AttributServices/{}", in_path("https://as.example"));
    let job = format!("/Jobfunktionsroller/{}", in_path("http://a.example/job"));
    for (path, list, field) in [
        (&service, "Anvenderkontekster", "Anvenderkontekster"),
        (&job, "DelegeretTil", "DelegeretTil"),
    ] {
        let list = format!("{path}/{list}");
        let more = json!([{ "Cvr": "11111111" }, { "Cvr": "22222222" }, { "Cvr": "11111111" }]);
        done(&site, Method::PUT, &list, Some(more)).await;
        done(&site, Method::DELETE, &format!("{list}/11111111"), None).await;
        assert_eq!(
            get(&site, path).await[field],
            json!([{ "Cvr": "22222222" }])
        );
        let gone = ask(&site, Method::DELETE, &format!("{list}/11111111"), None).await;
        assert_eq!(gone.0, 404);
        assert_eq!(
            told(&site, Method::PUT, &list, json!([{ "Cvr": "1" }, 2]))
                .await
                .len(),
            2
        );
    }
    let metadata = json!({ "MetadataUrl": "https://as.example/m" });
    done(
        &site,
        Method::PUT,
        &format!("{service}/SamlMetadata"),
        Some(metadata),
    )
    .await;
    assert_eq!(
        get(&site, &service).await["SamlMetadata"]["MetadataUrl"],
        "https://as.example/m"
    );
    let taken = told(
        &site,
        Method::POST,
        "/AttributServices",
        json!({ "Id": IDP }),
    )
    .await;
    assert!(
        taken[0].contains("unique within the federation"),
        "{taken:?}"
    );

    let all = get(&site, "/api/v1/registry").await;
    assert_eq!(
        (
            &all["counts"]["attribute_service"],
            &all["counts"]["identity_provider"]
        ),
        (&json!(1), &json!(1))
    );
    assert_eq!(all["unserved"][0]["id"], "https://as.example");
    assert_eq!(all["unserved"].as_array().unwrap().len(), 1);
    assert_eq!(all["notes"], json!([]));
}

#[tokio::test]
async fn a_client_certificate_is_known_by_its_thumbprint_in_any_case() {
    let site = site();
    let certificate = minted("11111111", None);
    let id = certificate.thumbprint().to_uppercase();
    let good = json!({ "Id": id, "Base64Certificate": certificate.to_base64() });
    done(
        &site,
        Method::POST,
        "/ClientCertificates",
        Some(good.clone()),
    )
    .await;
    assert_eq!(get(&site, "/ClientCertificates").await, json!([good]));
    assert_eq!(
        get(&site, &format!("/ClientCertificates/{}", id.to_lowercase())).await,
        good
    );
    let mut again = good.clone();
    again["Id"] = json!(id.to_lowercase());
    assert_eq!(
        told(&site, Method::POST, "/ClientCertificates", again)
            .await
            .len(),
        1
    );
    let other = json!({ "Id": "00", "Base64Certificate": good["Base64Certificate"] });
    assert!(
        told(&site, Method::POST, "/ClientCertificates", other).await[0].contains("thumbprint")
    );
    let junk = json!({ "Id": "00", "Base64Certificate": "AAAA" });
    assert!(
        told(&site, Method::POST, "/ClientCertificates", junk).await[0].contains("no certificate")
    );
    done(
        &site,
        Method::DELETE,
        &format!("/ClientCertificates/{id}"),
        None,
    )
    .await;
    assert_eq!(
        ask(
            &site,
            Method::GET,
            &format!("/ClientCertificates/{id}"),
            None
        )
        .await
        .0,
        404
    );
}

/// Each certificate may what it is registered for, and says why where it may not.
#[tokio::test]
async fn a_certificate_opens_the_users_of_its_organisation() {
    let (staff, other) = (minted("99999999", None), minted("22222222", None));
    let ours = minted("11111111", None);
    let (old, early) = (
        minted("11111111", Some(Fault::Expired)),
        minted("99999999", Some(Fault::NotYetValid)),
    );
    let administrators = Administrators::new(vec![staff.clone(), early.clone()]);
    let access = Access::with_token("secret".to_owned(), true);
    let site = router(app(Mode::Serve), access.over_tls(administrators));
    let asked =
        async |shown: Option<&Certificate>, method: Method, path: &str, sent: Option<Json>| {
            let mut request = Request::builder()
                .method(method)
                .uri(path)
                .header("host", "hub.example");
            request = request.header("content-type", "application/json");
            if let Some(shown) = shown {
                request = request.extension(PeerCertificate(shown.der().into()));
            }
            let sent = sent.map_or_else(Body::empty, |sent| Body::from(sent.to_string()));
            let response = send(&site, request.body(sent).unwrap()).await;
            let status = response.status().as_u16();
            (status, body(response).await)
        };
    for certificate in [&ours, &old] {
        let sent =
            json!({ "Id": certificate.thumbprint(), "Base64Certificate": certificate.to_base64() });
        let (status, said) = asked(
            Some(&staff),
            Method::POST,
            "/ClientCertificates",
            Some(sent),
        )
        .await;
        assert_eq!(status, 200, "{said}");
    }
    let user = |authority: &str| json!({ "Authority": authority, "Id": "a", "Claims": [] });
    let put = async |shown: &Certificate, authority: &str| {
        asked(Some(shown), Method::POST, "/Users", Some(user(authority))).await
    };
    assert_eq!(put(&ours, "11111111").await.0, 200);
    let (status, said) = put(&ours, "22222222").await;
    assert!(
        status == 400 && said.contains("must be that of the client certificate"),
        "{said}"
    );
    assert_eq!(put(&staff, "22222222").await.0, 200);
    let (_, seen) = asked(Some(&ours), Method::GET, "/Users", None).await;
    assert_eq!(seen.matches("\"Id\"").count(), 1);
    let (_, page) = asked(Some(&ours), Method::GET, "/Users/.filter", None).await;
    assert!(
        page.contains("\"TotalResults\":1") && !page.contains("22222222"),
        "{page}"
    );
    let link = Request::get("/?token=secret").header("host", "hub.example");
    let cookie = send(&site, link.body(Body::empty()).unwrap()).await;
    assert!(
        cookie.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .ends_with("; Secure")
    );
    // Rebuilding removes nobody else's.
    assert_eq!(
        asked(Some(&ours), Method::POST, "/Users/bulk", Some(json!([])))
            .await
            .0,
        200
    );
    assert_eq!(
        asked(Some(&ours), Method::DELETE, "/Users/a", None).await.0,
        404
    );
    assert_eq!(
        asked(Some(&staff), Method::GET, "/Users/a", None).await.0,
        200
    );

    for (shown, path, why) in [
        (None, "/Users", "or show a client certificate"),
        (Some(&other), "/Users", "is not registered"),
        (Some(&old), "/Users", "is valid from"),
        (Some(&early), "/Users", "is valid from"),
        (Some(&ours), "/IdentityProviders", "is good for /Users only"),
        (
            Some(&ours),
            "/ClientCertificates",
            "is good for /Users only",
        ),
        (Some(&ours), "/Usersx", "is good for /Users only"),
        (Some(&ours), "/api/v1/flows", "is good for /Users only"),
        (Some(&ours), "/", "is good for /Users only"),
    ] {
        let (status, said) = asked(shown, Method::GET, path, None).await;
        assert!(
            status == 401 && said.contains(why),
            "{path}: {status} {said}"
        );
        if path == "/Users" {
            let said: Json = serde_json::from_str(&said).unwrap();
            assert_eq!(
                (&said["code"], &said["message"]),
                (&json!(401), &json!("Unauthorized"))
            );
        }
    }
    for path in ["/", "/api/v1/flows", "/IdentityProviders"] {
        assert_eq!(
            asked(Some(&staff), Method::GET, path, None).await.0,
            200,
            "{path}"
        );
    }
}
