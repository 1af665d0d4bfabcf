//! Metadata by address: fetched when it is registered and again when it is due; what is bad never takes effect.

use crate::admin::Clerk;
use crate::support::demo::Demo;
use crate::support::served;
use crate::support::world;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use time::Duration;
use tokio::net::TcpListener;
use vejviser::drill::Browser;
use vejviser::dsig::{Place, sign};
use vejviser::edge::metadata::look;
use vejviser::registry::object::SamlMetadata;

const IDP: &str = "https://ny.example/saml";

/// What an address answers with.
#[derive(Clone)]
enum Answer {
    /// A document, which has this tag.
    Document(String, &'static str),
    /// A page with this status.
    Page(u16),
}

type Shown = Arc<Mutex<Site>>;

/// What is shown, and who asked.
struct Site {
    answer: Answer,
    asked: usize,
    /// How many had it already.
    unchanged: usize,
}

/// A server that shows one thing at a time, and counts who asks.
async fn shows(answer: Answer) -> (Shown, String) {
    let shown: Shown = Arc::new(Mutex::new(Site {
        answer,
        asked: 0,
        unchanged: 0,
    }));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = format!("http://{}/metadata", listener.local_addr().unwrap());
    let site = Router::new()
        .route("/metadata", get(show))
        .with_state(shown.clone());
    tokio::spawn(async move { axum::serve(listener, site).await });
    (shown, address)
}

async fn show(State(shown): State<Shown>, headers: HeaderMap) -> Response {
    let mut shown = shown.lock().unwrap();
    shown.asked += 1;
    let known = headers.get("if-none-match").cloned();
    match shown.answer.clone() {
        Answer::Document(_, tag) if known.is_some_and(|known| known == tag) => {
            shown.unchanged += 1;
            StatusCode::NOT_MODIFIED.into_response()
        }
        Answer::Document(text, tag) => ([("etag", tag)], text).into_response(),
        Answer::Page(status) => {
            let status = StatusCode::from_u16(status).unwrap();
            (status, "<!DOCTYPE html><html>Log ind</html>").into_response()
        }
    }
}

fn set(shown: &Shown, answer: Answer) {
    shown.lock().unwrap().answer = answer;
}

fn asked(shown: &Shown) -> usize {
    shown.lock().unwrap().asked
}

fn unsigned() -> String {
    served::idp(IDP, &world::keys().stranger.certificate)
}

fn signed(text: &str) -> String {
    let document =
        vejviser::xml::Document::parse(text.replace("entityID", "ID=\"m1\" entityID").as_bytes())
            .unwrap();
    let entity = vejviser::saml::metadata::read(document.root())
        .unwrap()
        .remove(0);
    let signed = sign(
        &entity.to_element(),
        "m1",
        Place::First,
        &world::keys().stranger.signing,
    );
    signed.as_str().to_owned()
}

fn body(url: &str) -> Value {
    json!({ "Id": IDP, "Beskrivelse": "", "AssuranceLevel": 3, "KenderRoller": true, "Mobilvenlig": true,
        "Praesentationsnavn": "Ny", "SamlMetadata": { "MetadataUrl": url }, "OIOSAMLProfile": "OIOSAML3",
        "Anvenderkontekster": [{ "Cvr": "11111111" }] })
}

/// Asks the management listener of a demo.
async fn ask(demo: &Demo, method: &'static str, path: &str, body: Option<Value>) -> (u16, Value) {
    let (host, path) = (format!("127.0.0.1:{}", demo.manage), path.to_owned());
    let answer =
        tokio::task::spawn_blocking(move || served::ask(&host, "", method, &path, body.as_ref()));
    let (status, text) = answer.await.unwrap().expect("an answer");
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

async fn sso(demo: &Demo) -> Option<String> {
    let snapshot = demo.app.registry.now();
    snapshot
        .federation
        .identity_provider(IDP)
        .map(|idp| idp.sso_url.clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metadata_by_address_is_fetched_at_once_and_again_and_never_for_the_worse() {
    let demo = Demo::start().await;
    let (shown, url) = shows(Answer::Page(200)).await;
    // What is no metadata registers nobody.
    let (status, error) = ask(&demo, "POST", "/IdentityProviders", Some(body(&url))).await;
    assert_eq!((status, &error["version"]), (503, &json!("2.0")), "{error}");
    assert!(
        error["errorDetails"][0]
            .as_str()
            .unwrap()
            .starts_with("The metadata specified at http://127.0.0.1"),
        "{error}"
    );
    let other = served::idp(
        "https://anden.example/saml",
        &world::keys().stranger.certificate,
    );
    set(&shown, Answer::Document(other, "\"0\""));
    let (status, error) = ask(&demo, "POST", "/IdentityProviders", Some(body(&url))).await;
    assert_eq!(status, 400, "{error}");
    assert_eq!(sso(&demo).await, None);
    // Good metadata does.
    set(&shown, Answer::Document(unsigned(), "\"1\""));
    let (status, error) = ask(&demo, "POST", "/IdentityProviders", Some(body(&url))).await;
    assert_eq!(status, 200, "{error}");
    let first = sso(&demo).await.expect("served");
    let before = asked(&shown);
    look(&demo.app).await;
    assert_eq!(asked(&shown), before, "not due yet");
    // A day later: nothing is new.
    demo.move_clock(Duration::hours(25));
    look(&demo.app).await;
    assert_eq!(asked(&shown), before + 1);
    let (_, known) = ask(&demo, "GET", "/api/v1/metadata", None).await;
    let party = |known: &Value| {
        known["metadata"]
            .as_array()
            .unwrap()
            .iter()
            .find(|party| party["id"] == IDP)
            .unwrap()
            .clone()
    };
    assert!(
        party(&known)["failed"].is_null() && party(&known)["next"].is_string(),
        "{known}"
    );
    // Another address for its login: it takes effect, and what is new is told.
    let moved = unsigned().replace("https://idp.example/sso", "https://idp.example/ny-sso");
    set(&shown, Answer::Document(moved.clone(), "\"2\""));
    demo.move_clock(Duration::hours(50));
    look(&demo.app).await;
    assert_eq!(
        sso(&demo).await.as_deref(),
        Some("https://idp.example/ny-sso")
    );
    assert_ne!(sso(&demo).await, Some(first));
    let (_, known) = ask(&demo, "GET", "/api/v1/metadata", None).await;
    assert!(
        party(&known)["diff"].to_string().contains("ny-sso"),
        "{known}"
    );
    // From now on signed; then each bad thing once: the last good one stays, and the reason is told.
    let good = signed(&moved);
    set(&shown, Answer::Document(good.clone(), "\"3\""));
    let refresh = "/api/v1/metadata/ny/refresh";
    let (_, refreshed) = ask(&demo, "POST", refresh, None).await;
    assert_ne!(refreshed["outcome"], "kept", "{refreshed}");
    for (bad, why) in [
        (Answer::Page(200), "HTML"),
        (Answer::Page(503), "503"),
        (
            Answer::Document("nonsense".to_owned(), "\"4\""),
            "cannot be read",
        ),
        (
            Answer::Document(good.replace(IDP, "https://anden.example/saml"), "\"5\""),
            "anden.example",
        ),
        (
            Answer::Document(
                moved.replace("entityID", "validUntil=\"2020-01-01T00:00:00Z\" entityID"),
                "\"6\"",
            ),
            "validUntil",
        ),
        (Answer::Document(moved.clone(), "\"7\""), "signed"),
        (
            Answer::Document(good.replace("ny-sso", "ond-sso"), "\"8\""),
            "changed",
        ),
    ] {
        set(&shown, bad);
        let (_, kept) = ask(&demo, "POST", refresh, None).await;
        assert_eq!(kept["outcome"], "kept", "{kept}");
        assert!(
            kept["failed"]["en"].as_str().unwrap().contains(why),
            "{why}: {kept}"
        );
        assert!(!kept["failed"]["da"].as_str().unwrap().is_empty());
        assert_eq!(
            sso(&demo).await.as_deref(),
            Some("https://idp.example/ny-sso")
        );
    }
    // As soon as there is good metadata again, no failure is told any more: new or not.
    set(&shown, Answer::Document(good.clone(), "\"3\""));
    for outcome in ["same", "same"] {
        let (_, refreshed) = ask(&demo, "POST", refresh, None).await;
        assert_eq!(refreshed["outcome"], outcome, "{refreshed}");
        let (_, known) = ask(&demo, "GET", "/api/v1/metadata", None).await;
        assert!(party(&known)["failed"].is_null(), "{known}");
    }
    // What is invented is not fetched.
    let (status, _) = ask(&demo, "POST", "/api/v1/metadata/testrup/refresh", None).await;
    assert_eq!(status, 409);
    let (status, _) = ask(&demo, "POST", "/api/v1/metadata/ingen/refresh", None).await;
    assert_eq!(status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_management_listener_is_never_fetched_from() {
    let demo = Demo::start().await;
    let url = format!("http://127.0.0.1:{}/api/v1/metadata", demo.manage);
    let (status, error) = ask(&demo, "POST", "/IdentityProviders", Some(body(&url))).await;
    assert_eq!(status, 503, "{error}");
    assert!(error.to_string().contains("management"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metadata_is_validated_without_being_registered() {
    let demo = Demo::start().await;
    let judge = "/Validation/IdentityProviderSamlMetadata";
    let document = |xml: &str| {
        use base64::Engine;
        let text = base64::engine::general_purpose::STANDARD.encode(xml);
        Some(json!({ "SamlMetadata": { "Xml": text } }))
    };
    let (status, error) = ask(&demo, "POST", judge, document(&unsigned())).await;
    assert_eq!(
        (status, &error["message"]),
        (400, &json!("Metadata validation failed.")),
        "{error}"
    );
    let details = error["errorDetails"].to_string();
    for message in [
        "Signature missing: SAML metadata must include a valid XML digital signature.",
        "IDPSSODescriptor must have a SingleLogoutService endpoint using the HTTP-Redirect binding.",
    ] {
        assert!(details.contains(message), "{details}");
    }
    let both = json!({ "SamlMetadata": { "Xml": "PGEvPg==", "MetadataUrl": "https://a.example" } });
    for (body, expected) in [
        (Some(both), 400),
        (Some(json!({})), 400),
        (
            Some(json!({ "SamlMetadata": { "MetadataUrl": "http://127.0.0.1:1/metadata" } })),
            503,
        ),
    ] {
        assert_eq!(ask(&demo, "POST", judge, body).await.0, expected);
    }
    assert_eq!(
        demo.app
            .registry
            .now()
            .federation
            .identity_provider(IDP)
            .map(|idp| idp.id.clone()),
        None
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metadata_is_used_until_it_ends_and_not_a_moment_longer() {
    let demo = Demo::start().await;
    let now = demo.app.clock.now();
    let until = now + Duration::hours(30);
    let until = until
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap();
    let until = format!("{}Z", &until[..19]);
    let ending = unsigned().replace("entityID", &format!("validUntil=\"{until}\" entityID"));
    let (shown, url) = shows(Answer::Document(ending, "\"1\"")).await;
    let (status, error) = ask(&demo, "POST", "/IdentityProviders", Some(body(&url))).await;
    assert_eq!(status, 200, "{error}");
    set(&shown, Answer::Page(503));
    let before = asked(&shown);
    // Halfway to its end somebody looks, and again; what there is stays.
    demo.move_clock(Duration::hours(20));
    look(&demo.app).await;
    assert!(asked(&shown) > before && sso(&demo).await.is_some());
    demo.move_clock(Duration::hours(31));
    look(&demo.app).await;
    assert_eq!(sso(&demo).await, None);
    let (_, told) = ask(&demo, "GET", "/api/v1/registry", None).await;
    assert!(told["notes"].to_string().contains("validUntil"), "{told}");
    // It comes back by itself as soon as there is a good one.
    set(&shown, Answer::Document(unsigned(), "\"2\""));
    demo.move_clock(Duration::hours(60));
    look(&demo.app).await;
    assert!(sso(&demo).await.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_metadata_asks_for_is_known_after_a_restart_too() {
    let demo = Demo::start().await;
    let hourly = unsigned().replace("entityID", "cacheDuration=\"PT1H\" entityID");
    let (shown, url) = shows(Answer::Document(hourly, "\"1\"")).await;
    let (status, error) = ask(&demo, "POST", "/IdentityProviders", Some(body(&url))).await;
    assert_eq!(status, 200, "{error}");
    let before = asked(&shown);
    // All that a process knows of fetching is gone with it; the document is kept.
    demo.app.metadata.clear();
    look(&demo.app).await;
    assert_eq!(asked(&shown), before, "not due yet");
    demo.move_clock(Duration::minutes(61));
    look(&demo.app).await;
    assert_eq!(asked(&shown), before + 1);
}

/// The administration's list in a language, without the escapes of HTML.
async fn listed(demo: &Demo, language: &'static str) -> String {
    let mut browser = Browser::without_scripts().speaking(language);
    let page = browser.get(&format!("{}/admin", demo.app.manage_url)).await;
    page.unwrap().body.replace("&#39;", "'")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_of_parties_tells_the_next_fetch_and_why_the_last_one_failed() {
    let demo = Demo::start().await;
    let (shown, url) = shows(Answer::Document(unsigned(), "\"1\"")).await;
    let (status, error) = ask(&demo, "POST", "/IdentityProviders", Some(body(&url))).await;
    assert_eq!(status, 200, "{error}");
    for (language, next, failed) in [
        ("da", "hentes næste gang ", "ikke fornyet "),
        ("en", "is fetched next ", "not renewed "),
    ] {
        let page = listed(&demo, language).await;
        // Nobody fetches what is invented.
        assert_eq!(page.matches(next).count(), 1, "{page}");
        assert!(!page.contains(failed), "{page}");
    }
    set(&shown, Answer::Page(503));
    demo.move_clock(Duration::hours(25));
    assert!(listed(&demo, "da").await.contains("hentes om et øjeblik"));
    look(&demo.app).await;
    let (_, known) = ask(&demo, "GET", "/api/v1/metadata", None).await;
    let all = known["metadata"].as_array().unwrap();
    let told = &all.iter().find(|party| party["id"] == IDP).unwrap()["failed"];
    for (language, next, failed) in [
        ("da", "hentes næste gang ", "ikke fornyet "),
        ("en", "is fetched next ", "not renewed "),
    ] {
        let page = listed(&demo, language).await;
        let why = told[language].as_str().unwrap();
        for words in [next, failed, why] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }
    // A good one, and the failure is over.
    set(&shown, Answer::Document(unsigned(), "\"1\""));
    demo.move_clock(Duration::hours(50));
    look(&demo.app).await;
    assert!(!listed(&demo, "da").await.contains("ikke fornyet"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_fetched_from_the_page_is_not_sent_again() {
    let demo = Demo::start().await;
    let (shown, url) = shows(Answer::Document(unsigned(), "W/\"1 a\"")).await;
    let mut clerk = Clerk::at(&demo).speaking("da");
    let page = clerk.open("/admin/identity-provider").await;
    let page = clerk.press(&page, "next", &[("url", &url)]).await;
    let fields = [("name", "ny"), ("title", "Ny"), ("contexts", "11111111")];
    let page = clerk.press(&page, "preview", &fields).await;
    let page = clerk.press(&page, "save", &[]).await;
    assert!(page.body.contains("ny er gemt"), "{}", page.body);
    let state = || {
        let shown = shown.lock().unwrap();
        (shown.asked, shown.unchanged)
    };
    assert_eq!(state(), (1, 0), "nothing is asked twice");
    demo.move_clock(Duration::hours(25));
    look(&demo.app).await;
    assert_eq!(state(), (2, 1), "as it is known");
    // Fetched again by hand after a failure: the failure is over, and the new tag is kept.
    set(&shown, Answer::Page(503));
    demo.move_clock(Duration::hours(50));
    look(&demo.app).await;
    assert!(listed(&demo, "da").await.contains("ikke fornyet"));
    set(&shown, Answer::Document(unsigned(), "\"2\""));
    let page = clerk.open("/admin/identity-provider/ny").await;
    let page = clerk.press(&page, "preview", &[("refetch", "on")]).await;
    clerk.press(&page, "save", &[]).await;
    assert!(!listed(&demo, "da").await.contains("ikke fornyet"));
    demo.move_clock(Duration::hours(80));
    look(&demo.app).await;
    assert_eq!(state(), (5, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metadata_at_a_new_address_does_not_wait_for_the_old_ones_day() {
    let demo = Demo::start().await;
    let (_, url) = shows(Answer::Document(unsigned(), "\"1\"")).await;
    let (status, error) = ask(&demo, "POST", "/IdentityProviders", Some(body(&url))).await;
    assert_eq!(status, 200, "{error}");
    // As federation.toml does it, which cannot wait for an answer.
    let moved = unsigned().replace("https://idp.example/sso", "https://idp.example/ny-sso");
    let (_, url) = shows(Answer::Document(moved, "\"1\"")).await;
    let registry = &demo.app.registry;
    let now = demo.app.clock.now();
    let changed = registry.change("file", now, move |draft| {
        let party = draft.content().identity_providers[IDP].clone();
        let mut object = party.object.clone();
        object.saml_metadata = SamlMetadata::Address(url);
        Ok(draft.put_identity_provider(object, None, None)?)
    });
    changed.await.unwrap();
    assert_eq!(sso(&demo).await, None);
    assert!(listed(&demo, "da").await.contains("hentes om et øjeblik"));
    look(&demo.app).await;
    assert_eq!(
        sso(&demo).await.as_deref(),
        Some("https://idp.example/ny-sso")
    );
}
