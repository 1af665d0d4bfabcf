//! “Dine valg”: who may forget, and what is shown.

use super::*;

#[tokio::test]
async fn every_page_of_the_hub_leads_to_the_users_choices() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let flow = choosing(&app, hash(BROWSER)).await;
    for uri in [
        "/",
        "/no-such-page",
        path::ISSUE,
        &format!("/vaelg?flow={flow}"),
    ] {
        let page = body(send(&site, get_as(Some(BROWSER), uri)).await).await;
        assert!(page.contains("href=\"/mit-valg\""), "{uri}");
    }
    let party = shield(Router::new().fallback(page::not_found));
    let page = body(send(&party, get_as(None, "/")).await).await;
    assert!(!page.contains("/mit-valg"), "not a persona's");
}

/// A request with what a browser remembers.
fn remembering(
    app: &crate::edge::App,
    request: axum::http::request::Builder,
) -> axum::http::request::Builder {
    let memory = succeeded_with(
        app,
        crate::hub::BrowserMemory::default(),
        "https://system.example/metadata",
        true,
    );
    let set = app.seal.cookie(&memory).unwrap();
    let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
    request.header(COOKIE, pair)
}

#[tokio::test]
async fn only_the_page_itself_and_the_link_forget() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let form_type = "application/x-www-form-urlencoded";
    let post = |from: &str| {
        remembering(&app, Request::post("/mit-valg/glem"))
            .header("sec-fetch-site", from)
            .header(CONTENT_TYPE, form_type)
            .body(Body::from("alle=1"))
            .unwrap()
    };
    let link = |kind: &str| {
        remembering(&app, Request::get("/mit-valg/glem"))
            .header("sec-fetch-dest", kind)
            .body(Body::empty())
            .unwrap()
    };
    for (request, forgets) in [
        (post("same-origin"), true),
        (post("cross-site"), false),
        (post("same-site"), false),
        (link("document"), true),
        (link("image"), false),
        (link("iframe"), false),
    ] {
        let about = format!("{request:?}");
        let response = send(&site, request).await;
        let gone = response
            .headers()
            .get(axum::http::header::SET_COOKIE)
            .is_some_and(|set| set.to_str().unwrap().contains("Max-Age=0"));
        assert_eq!(gone, forgets, "{about}");
        assert_eq!(response.status().is_client_error(), !forgets, "{about}");
    }
}

#[tokio::test]
async fn what_is_remembered_is_shown_as_text() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let request = remembering(&app, Request::get("/mit-valg?glemt=1&fokus=0"));
    let page = body(send(&site, request.body(Body::empty()).unwrap()).await).await;
    assert!(page.contains("https://system.example/metadata"), "{page}");
    assert!(
        page.contains("Prøve &#60;Kommune&#62;") && !page.contains("<Kommune>"),
        "{page}"
    );
    for odd in [
        "/mit-valg?glemt=-1",
        "/mit-valg?glemt=x",
        "/mit-valg?fokus=99999999999999999999999",
    ] {
        let response = send(&site, Request::get(odd).body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 400, "{odd}");
    }
    // A focus that is nowhere is none.
    let request = remembering(&app, Request::get("/mit-valg?fokus=7"));
    let response = send(&site, request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 200);
}
