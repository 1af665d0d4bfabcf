use super::*;
use crate::edge::journal::Note;
use crate::edge::testing::{app, body, send};
use crate::hub::rollover::{Action, Heard};
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::request::Builder;
use axum::http::{Method, Request};

const OWN: &str = "127.0.0.1:7879";

fn at(method: Method, uri: &str, host: &str) -> Builder {
    Request::builder()
        .method(method)
        .uri(uri)
        .header("host", host)
}

async fn status(site: &Router, request: Builder) -> u16 {
    send(site, request.body(Body::empty()).unwrap())
        .await
        .status()
        .as_u16()
}

#[tokio::test]
async fn only_loopback_names_are_answered() {
    let site = router(app(Mode::Demo), Access::open());
    for host in [OWN, "localhost:7879", "[::1]:7879"] {
        assert_eq!(
            status(&site, at(Method::GET, "/", host)).await,
            200,
            "{host}"
        );
    }
    for host in ["evil.example", "127.0.0.1.evil.example:7879", "192.0.2.1"] {
        assert_eq!(
            status(&site, at(Method::GET, "/api/v1/flows", host)).await,
            421,
            "{host}"
        );
    }
    assert_eq!(
        status(&site, at(Method::GET, "/healthz", "some-container")).await,
        200
    );
}

#[tokio::test]
async fn other_sites_can_link_here_but_not_read_or_change() {
    let site = router(app(Mode::Demo), Access::open());
    let foreign = |method, uri| at(method, uri, OWN).header("sec-fetch-site", "cross-site");
    assert_eq!(status(&site, foreign(Method::GET, "/forloeb")).await, 200);
    assert_eq!(
        status(&site, foreign(Method::GET, "/api/v1/flows")).await,
        403
    );
    assert_eq!(
        status(&site, foreign(Method::POST, "/api/v1/reset")).await,
        403
    );
    for origin in [
        "http://evil.example",
        "null",
        "http://127.0.0.1:7878",
        "file://",
    ] {
        let request = at(Method::POST, "/api/v1/reset", OWN).header("origin", origin);
        assert_eq!(status(&site, request).await, 403, "{origin}");
    }
    let own = at(Method::POST, "/api/v1/reset", OWN).header("origin", "http://127.0.0.1:7879");
    assert_eq!(
        status(&site, own.header("sec-fetch-site", "same-origin")).await,
        204
    );
}

#[tokio::test]
async fn a_token_opens_everything_and_the_link_gives_a_cookie() {
    let site = router(
        app(Mode::Serve),
        Access::with_token("secret".to_owned(), false),
    );
    assert_eq!(status(&site, at(Method::GET, "/readyz", OWN)).await, 200);
    for uri in [
        "/",
        "/forloeb",
        "/api/v1/flows",
        "/?token=wrong",
        "/no-such-page",
    ] {
        assert_eq!(status(&site, at(Method::GET, uri, OWN)).await, 401, "{uri}");
    }
    let bearer = at(Method::GET, "/api/v1/flows", OWN).header("authorization", "Bearer secret");
    assert_eq!(status(&site, bearer).await, 200);
    let link = at(Method::GET, "/?token=secret", OWN)
        .body(Body::empty())
        .unwrap();
    let response = send(&site, link).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()[LOCATION]),
        (303, &"/".parse().unwrap())
    );
    let cookie = response.headers()[SET_COOKIE].to_str().unwrap();
    assert!(
        cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Strict")
            && !cookie.contains("secret")
    );
    let cookie = cookie.split(';').next().unwrap();
    assert_eq!(
        status(&site, at(Method::GET, "/", OWN).header("cookie", cookie)).await,
        200
    );
}

#[tokio::test]
async fn clock_and_reset_are_not_in_serve() {
    let site = router(app(Mode::Serve), Access::open());
    assert_eq!(
        status(&site, at(Method::POST, "/api/v1/reset", OWN)).await,
        404
    );
    assert_eq!(
        status(&site, at(Method::PUT, "/api/v1/clock", OWN)).await,
        404
    );
}

#[tokio::test]
async fn the_clock_moves_by_json_only() {
    let app = app(Mode::Demo);
    let site = router(app.clone(), Access::open());
    let put = |content_type: &str, body: &str| {
        at(Method::PUT, "/api/v1/clock", OWN)
            .header(CONTENT_TYPE, content_type)
            .body(Body::from(body.to_owned()))
            .unwrap()
    };
    assert_eq!(
        send(&site, put("text/plain", "{\"offset_seconds\":60}"))
            .await
            .status(),
        415
    );
    assert_eq!(
        send(&site, put("application/json", "{}")).await.status(),
        400
    );
    assert_eq!(
        send(
            &site,
            put(
                "application/json",
                "{\"offset_seconds\":9223372036854775807}"
            )
        )
        .await
        .status(),
        400
    );
    for out in [
        "{\"offset_seconds\":-9223372036854775808}",
        "{\"offset_seconds\":3155760000}",
        "{\"now\":\"1999-12-31T23:59:59Z\"}",
        "{\"now\":\"2000-01-01T00:00:00+01:00\"}",
        "{\"now\":\"2101-01-01T00:00:00Z\"}",
        "{\"now\":\"9999-12-31T23:59:59Z\"}",
    ] {
        let response = send(&site, put("application/json", out)).await;
        assert_eq!(response.status(), 400, "{out}");
        assert!(app.clock.offset().is_zero(), "{out}");
    }
    assert_eq!(
        send(
            &site,
            put("application/json", "{\"now\":\"2030-01-02T03:04:05Z\"}")
        )
        .await
        .status(),
        200
    );
    assert_eq!(app.clock.now().year(), 2030);
    assert_eq!(
        send(&site, put("application/json", "{\"offset_seconds\":3600}"))
            .await
            .status(),
        200
    );
    assert_eq!(app.clock.offset(), time::Duration::HOUR);
    assert_eq!(
        status(&site, at(Method::POST, "/api/v1/reset", OWN)).await,
        204
    );
    assert!(app.clock.offset().is_zero());
}

#[tokio::test]
async fn flows_are_listed_shown_and_waited_for() {
    let app = app(Mode::Demo);
    let site = router(app.clone(), Access::open());
    let flow = app.new_flow();
    app.journal.note(
        &flow,
        Note {
            system: Some("https://<b>evil</b>".to_owned()),
            ..Note::default()
        },
    );
    let get = |uri: String| at(Method::GET, &uri, OWN).body(Body::empty()).unwrap();

    let list = body(send(&site, get("/api/v1/flows".to_owned())).await).await;
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["flows"][0]["id"], flow.as_str());
    assert_eq!(list["flows"][0]["outcome"], "pending");
    assert!(list["flows"][0]["verdict"].is_null());

    let detail = body(send(&site, get(format!("/api/v1/flows/{flow}/wait?timeout=0"))).await).await;
    let detail: serde_json::Value = serde_json::from_str(&detail).unwrap();
    assert!(detail["exchanges"].is_array() && detail["decisions"].is_array());

    let page = body(send(&site, get(format!("/forloeb/{flow}"))).await).await;
    assert!(page.contains(flow.as_str()) && !page.contains("<b>evil"));
    for uri in [
        "/api/v1/flows/x",
        "/forloeb/00000000000000000000000000",
        "/api/v1/flows/00000000000000000000000000/wait",
    ] {
        assert_eq!(
            send(&site, get(uri.to_owned())).await.status(),
            404,
            "{uri}"
        );
    }
}

#[tokio::test]
async fn a_reset_forgets_logins_too() {
    let app = app(Mode::Demo);
    let site = router(app.clone(), Access::open());
    let browser = crate::hub::BrowserHash("b".to_owned());
    let flow = crate::edge::testing::choosing(&app, browser).await;
    let reset = at(Method::POST, "/api/v1/reset", OWN);
    assert_eq!(status(&site, reset).await, 204);
    assert_eq!(app.store.by_flow(&flow, app.clock.now()).await, Ok(None));
}

#[tokio::test]
async fn pages_are_in_the_language_of_the_request() {
    let app = app(Mode::Demo);
    let site = router(app.clone(), Access::open());
    let flow = app.new_flow();
    app.journal.note(&flow, Note::default());
    for (uri, danish, english) in [
        ("/".to_owned(), "<h1>Overblik</h1>", "<h1>Overview</h1>"),
        ("/forloeb".to_owned(), "<h1>Forløb</h1>", "<h1>Flows</h1>"),
        (format!("/forloeb/{flow}"), "I gang", "In progress"),
        ("/x".to_owned(), "<h1>Siden findes", "<h1>No such page"),
    ] {
        for (language, said, unsaid) in [("da", danish, english), ("en", english, danish)] {
            let request = at(Method::GET, &uri, OWN).header("accept-language", language);
            let page = body(send(&site, request.body(Body::empty()).unwrap()).await).await;
            assert!(page.contains(said) && !page.contains(unsaid), "{uri}");
            assert!(page.contains("href=\"/forloeb\"") && !page.contains("/mit-valg"));
        }
    }
}

fn json(method: Method, uri: &str, body: &'static str) -> Request<Body> {
    let request = at(method, uri, OWN).header(CONTENT_TYPE, "application/json");
    request.body(Body::from(body)).unwrap()
}

#[tokio::test]
async fn a_demos_parties_and_settings_can_be_changed_and_reset() {
    let app = app(Mode::Demo);
    let site = router(app.clone(), Access::open());
    let closed = send(
        &site,
        json(
            Method::PUT,
            "/api/v1/identity-providers/idp",
            r#"{"active":false}"#,
        ),
    )
    .await;
    assert_eq!(closed.status(), 200);
    assert!(body(closed).await.contains(r#""active":false"#));
    assert_eq!(app.registry.now().federation.active().count(), 0);
    let list = send(&site, json(Method::GET, "/api/v1/identity-providers", "")).await;
    let list: serde_json::Value = serde_json::from_str(&body(list).await).unwrap();
    assert_eq!(list["identity_providers"][0]["active"], false);
    assert_eq!(list["identity_providers"][0]["pinned"]["uses"], 0);
    for (uri, wrong, status) in [
        (
            "/api/v1/identity-providers/nobody",
            r#"{"active":true}"#,
            404,
        ),
        ("/api/v1/identity-providers/idp", r#"{"active":"yes"}"#, 422),
        ("/api/v1/identity-providers/idp", r#"{"aktiv":true}"#, 422),
        ("/api/v1/settings", r#"{"remembered_choice":"ch1"}"#, 422),
        ("/api/v1/settings", "{", 400),
    ] {
        let response = send(&site, json(Method::PUT, uri, wrong)).await;
        assert_eq!(response.status(), status, "{uri} {wrong}");
    }
    let set = send(
        &site,
        json(
            Method::PUT,
            "/api/v1/settings",
            r#"{"remembered_choice":"safe"}"#,
        ),
    )
    .await;
    assert_eq!(body(set).await, r#"{"remembered_choice":"safe"}"#);
    let reset = send(&site, json(Method::POST, "/api/v1/reset", "")).await;
    assert_eq!(reset.status(), 204);
    let now = app.registry.now();
    assert_eq!(now.federation.active().count(), 1);
    assert_eq!(
        now.settings.remembered_choice,
        crate::hub::settings::RememberedChoice::Ch2
    );
}

#[tokio::test]
async fn the_page_of_the_parties_changes_them_in_a_demo_only() {
    for mode in [Mode::Demo, Mode::Serve] {
        let app = app(mode);
        let site = router(app.clone(), Access::open());
        let page = body(
            send(
                &site,
                at(Method::GET, "/admin", OWN).body(Body::empty()).unwrap(),
            )
            .await,
        )
        .await;
        assert!(
            page.contains("Prøve &#60;Kommune&#62;") && page.contains("/mit-valg/glem"),
            "{page}"
        );
        assert_eq!(
            page.contains("name=\"close\" value=\"idp\""),
            mode == Mode::Demo
        );
        let form = |body: &'static str| {
            at(Method::POST, "/admin", OWN)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(body))
                .unwrap()
        };
        let pressed = send(&site, form("close=idp")).await.status().as_u16();
        assert_eq!(pressed, if mode == Mode::Demo { 303 } else { 405 });
        let open = usize::from(mode == Mode::Serve);
        assert_eq!(app.registry.now().federation.active().count(), open);
        let put = json(
            Method::PUT,
            "/api/v1/identity-providers/idp",
            r#"{"active":true}"#,
        );
        assert_eq!(send(&site, put).await.status() == 404, mode == Mode::Serve);
        // A form of our own page, as browsers send it (its referrer policy makes the origin opaque).
        let own = at(Method::POST, "/admin", OWN)
            .header("sec-fetch-site", "same-origin")
            .header("origin", "null")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let pressed = send(&site, own.body(Body::from("open=idp")).unwrap()).await;
        assert_eq!(pressed.status() == 303, mode == Mode::Demo);
        // Another site cannot press it, nor a page without a name and without that header.
        let opaque = at(Method::POST, "/admin", OWN).header("origin", "null");
        assert_eq!(status(&site, opaque).await, 403);
        let foreign = at(Method::POST, "/admin", OWN)
            .header("sec-fetch-site", "cross-site")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let refused = send(&site, foreign.body(Body::from("open=idp")).unwrap()).await;
        assert_eq!(refused.status(), 403);
    }
}

async fn put(site: &Router, uri: &str, json: &str) -> (u16, serde_json::Value) {
    let request = at(Method::PUT, uri, OWN)
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(json.to_owned()))
        .unwrap();
    let response = send(site, request).await;
    let status = response.status().as_u16();
    (status, serde_json::from_str(&body(response).await).unwrap())
}

const REHEARSAL: &str = "/api/v1/rehearsal";
const HARD: &str = r#"{"strategy":"hard-swap","window":"2026-12-02T06:00:00+01:00","speed":0}"#;

#[tokio::test]
async fn a_rehearsal_is_started_moved_and_ended_over_the_api() {
    let app = app(Mode::Serve);
    let site = router(app.clone(), Access::open());
    let (status, played) = put(&site, REHEARSAL, HARD).await;
    assert_eq!(status, 200, "{played}");
    assert_eq!(played["time"], "2026-12-02T05:45:00+01:00");
    assert_eq!(played["plan"]["name"], "hard-swap (signing-first)");
    assert_eq!(played["keys"]["signs"], "active");
    assert_eq!(played["steps"][2]["at"], "2026-12-02T06:00:00+01:00");
    let to = r#"{"to":"2026-12-02T05:30:00Z"}"#;
    let (status, played) = put(&site, "/api/v1/rehearsal/time", to).await;
    assert_eq!(
        (status, &played["time"]),
        (200, &"2026-12-02T06:30:00+01:00".into())
    );
    assert_eq!(
        played["keys"]["shows"]["signing"],
        serde_json::json!(["next"])
    );
    assert_eq!(played["parties"][0]["name"], "idp");
    // Nobody has stated its habits: no more than that is claimed.
    assert_eq!(played["parties"][0]["login"]["state"], "unknown");
    let (status, played) = put(&site, "/api/v1/rehearsal/speed", r#"{"speed":60}"#).await;
    assert_eq!((status, &played["speed"]), (200, &60.into()));
    assert_eq!(status_of(&site, Method::DELETE, REHEARSAL).await, 204);
    let shown = send(
        &site,
        at(Method::GET, REHEARSAL, OWN).body(Body::empty()).unwrap(),
    )
    .await;
    assert!(body(shown).await.contains("\"playing\":false"));
    assert!(app.player.plan_time(app.clock.real()).is_none());
}

async fn status_of(site: &Router, method: Method, uri: &str) -> u16 {
    status(site, at(method, uri, OWN)).await
}

#[tokio::test]
async fn a_rehearsal_that_cannot_be_says_what_to_do() {
    let site = router(app(Mode::Serve), Access::open());
    for (uri, json, word) in [
        (REHEARSAL, r#"{"strategy":"nix"}"#, "expired-in-place"),
        (
            REHEARSAL,
            r#"{"strategy":"hard-swap","order":"nix"}"#,
            "signing-first",
        ),
        (
            REHEARSAL,
            r#"{"strategy":"hard-swap","plan":"x"}"#,
            "unknown field",
        ),
        (
            REHEARSAL,
            r#"{"strategy":"hard-swap","window":"tomorrow"}"#,
            "window",
        ),
        (REHEARSAL, r#"{"strategy":"hard-swap","speed":-1}"#, "speed"),
        (
            REHEARSAL,
            r#"{"strategy":"hard-swap","subject":"idp:idp"}"#,
            "not simulated",
        ),
        (REHEARSAL, "{", "EOF"),
        (
            "/api/v1/rehearsal/time",
            r#"{"to":"2026-12-02T06:00:00Z"}"#,
            "start a plan first",
        ),
        (
            "/api/v1/rehearsal/speed",
            r#"{"speed":1}"#,
            "start a plan first",
        ),
    ] {
        let (status, said) = put(&site, uri, json).await;
        assert_eq!(status, 400, "{json}: {said}");
        assert!(said["error"].as_str().unwrap().contains(word), "{said}");
    }
    // The same guard as for everything else that changes something.
    let foreign = at(Method::PUT, REHEARSAL, OWN)
        .header("sec-fetch-site", "cross-site")
        .header(CONTENT_TYPE, "application/json");
    let response = send(&site, foreign.body(Body::from(HARD)).unwrap()).await;
    assert_eq!(response.status().as_u16(), 403);
    let plain = at(Method::PUT, REHEARSAL, OWN).header(CONTENT_TYPE, "text/plain");
    let response = send(&site, plain.body(Body::from(HARD)).unwrap()).await;
    assert_eq!(response.status().as_u16(), 415);
}

/// The plan of `vejviser rehearse --plan`, played.
#[tokio::test]
async fn a_plan_in_toml_is_played_and_its_problems_have_lines() {
    let site = router(app(Mode::Serve), Access::open());
    let plan = "strategy = \"hard-swap\"\norder = \"metadata-first\"\nwindow = { from = 2026-12-02T06:00:00+01:00, to = 2026-12-02T08:00:00+01:00 }\n";
    let put = async |uri: &str, text: &str| {
        let request = at(Method::PUT, uri, OWN)
            .header(CONTENT_TYPE, "application/toml")
            .body(Body::from(text.to_owned()))
            .unwrap();
        let response = send(&site, request).await;
        let status = response.status().as_u16();
        let said: serde_json::Value = serde_json::from_str(&body(response).await).unwrap();
        (status, said)
    };
    let uri = "/api/v1/rehearsal?speed=0&begin=2026-12-02T06:40:00%2B01:00";
    let (status, played) = put(uri, plan).await;
    assert_eq!(status, 200, "{played}");
    assert_eq!(played["time"], "2026-12-02T06:40:00+01:00");
    assert_eq!(played["plan"]["name"], "hard-swap (metadata-first)");
    assert_eq!(
        played["keys"]["shows"]["signing"],
        serde_json::json!(["next"])
    );
    let bad = plan.replace("metadata-first", "both")
        + "environment = \"Q A\"\n[next]\ncertificate = \"/etc/hostname\"\n";
    let (status, said) = put(REHEARSAL, &bad).await;
    assert_eq!(status, 400, "{said}");
    let places: Vec<&str> = said["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["where"].as_str().unwrap())
        .collect();
    assert_eq!(places, ["plan.toml:1", "plan.toml:4", "plan.toml:6"]);
    assert!(
        said["error"]
            .as_str()
            .unwrap()
            .contains("plan.toml:4: environment cannot be")
    );
    let (status, said) = put("/api/v1/rehearsal?speed=x", plan).await;
    assert_eq!(status, 400, "{said}");
}

#[tokio::test]
async fn a_reset_ends_the_rehearsal() {
    let app = app(Mode::Demo);
    let site = router(app.clone(), Access::open());
    assert_eq!(put(&site, REHEARSAL, HARD).await.0, 200);
    let (at, heard) = (app.player.at(app.clock.real()), Heard::Worked);
    app.player.observed.heard("idp", at, heard);
    assert_eq!(status_of(&site, Method::POST, "/api/v1/reset").await, 204);
    assert!(app.player.plan_time(app.clock.real()).is_none());
    assert_eq!(app.player.observed.of("idp").heard, None);
}

#[tokio::test]
async fn the_page_plays_and_the_list_of_tasks_is_a_table() {
    let app = app(Mode::Serve);
    let site = router(app.clone(), Access::open());
    let press = |form: &str| {
        at(Method::POST, "/skifte", OWN)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap()
    };
    let get = |uri: &str| at(Method::GET, uri, OWN).body(Body::empty()).unwrap();
    let start = "action=start&strategy=overlap&order=signing-first&window=2026-12-02T06%3A00&speed=60&live=1";
    let response = send(&site, press(start)).await;
    assert_eq!(response.status().as_u16(), 303);
    assert_eq!(response.headers()[LOCATION], "/skifte?live=1");
    let page = body(send(&site, get("/skifte?live=1")).await).await;
    assert!(
        page.contains("http-equiv=\"refresh\"") && page.contains("overlap"),
        "{page}"
    );
    assert!(
        !body(send(&site, get("/skifte")).await)
            .await
            .contains("http-equiv=\"refresh\"")
    );
    for form in [
        "action=next",
        "action=pause",
        "action=speed&speed=600",
        "action=jump&to=2026-12-02T06%3A10",
    ] {
        assert_eq!(
            send(&site, press(form)).await.status().as_u16(),
            303,
            "{form}"
        );
    }
    let english = body(send(&site, get("/skifte?lang=en")).await).await;
    assert!(
        english.contains("Wednesday 2 December 2026 at 06:1"),
        "{english}"
    );
    // Nobody said how they take the change over: that is no good news.
    assert!(
        english.contains("nothing is known of 1 out of 1 parties"),
        "{english}"
    );
    // A button that the page does not have ends nothing.
    for form in [
        "action=slut",
        "action=start&strategy=overlap&order=nix",
        "action=start&strategy=nix",
        "strategy=overlap",
    ] {
        let status = send(&site, press(form)).await.status().as_u16();
        assert_eq!(status, 422, "{form}");
        assert!(app.player.plan_time(app.clock.real()).is_some());
    }
    let given_up =
        "action=start&strategy=overlap&window=2026-12-02T06%3A00&rollback=2026-12-02T08%3A00";
    assert_eq!(send(&site, press(given_up)).await.status().as_u16(), 303);
    let (playing, ..) = app.player.playing(app.clock.real()).unwrap();
    assert!(
        playing
            .plan
            .steps
            .iter()
            .any(|step| step.action == Action::RollBack)
    );
    let response = send(&site, press("action=jump&to=2027-12-02T06%3A10")).await;
    assert_eq!(response.status().as_u16(), 400);
    assert!(body(response).await.contains("role=\"alert\""));
    assert_eq!(
        send(&site, press("action=end")).await.status().as_u16(),
        303
    );
    assert!(app.player.plan_time(app.clock.real()).is_none());

    let csv = body(send(&site, get("/skifte/parathed.csv?days=9&lang=en")).await).await;
    let mut lines = csv.trim_start_matches('\u{FEFF}').lines();
    assert_eq!(
        lines.next(),
        Some("Party;Task;What;Found;By;Who must act;Done")
    );
    assert!(
        lines.any(|line| line.starts_with("idp;readiness::habits-stated;")),
        "{csv}"
    );
    let list = body(send(&site, get("/api/v1/readiness?days=9")).await).await;
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["days"], 9);
    assert_eq!(list["kinds"].as_array().unwrap().len(), 8);
    assert!(
        list["tasks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|task| task["id"] == "readiness::metadata-fetched")
    );
    assert_eq!(
        status_of(&site, Method::GET, "/api/v1/readiness?days=x").await,
        400
    );
    assert_eq!(
        status_of(&site, Method::GET, "/skifte/parathed.csv?days=x").await,
        400
    );
    // Without a plan only the certificate; what is announced is tested with the demo.
    let file = "/skifte/filer/new_ADG_TEST_Adgangsstyring_2.cer";
    assert_eq!(status_of(&site, Method::GET, file).await, 200);
    assert_eq!(
        status_of(&site, Method::GET, "/skifte/filer/hub.key.pem").await,
        404
    );
}
