//! Danish or English, in every layer.

use super::*;

/// Wherever a page is made, it is in the request's language, and leads to the same page in the other one.
#[tokio::test]
async fn every_layer_answers_in_the_language_of_the_request() {
    let site = router(app(Mode::Demo));
    let panics = shield(Router::new().route("/", get(|| async { panic!("for the test") as () })));
    let large = form(None, path::CONSUME, vec![b'a'; MAX_BODY + 1]);
    for (site, mut request, title) in [
        (&site, get_as(None, "/"), "an unofficial Context Handler 2"),
        (&site, get_as(None, "/no-such-page"), "No such page"),
        (&site, get_as(None, path::ISSUE), "The login stopped here"),
        (&site, get_as(None, path::CONSUME), "The login stopped here"),
        (&site, large, "The message is too large"),
        (&panics, get_as(None, "/"), "Something broke in the hub"),
    ] {
        let fetched = request.method() == "GET";
        let headers = request.headers_mut();
        headers.insert("accept-language", "en".parse().unwrap());
        let page = body(send(site, request).await).await;
        assert!(page.contains("<html lang=\"en\">"), "{title}: {page}");
        let heading = page.split("<h1>").nth(1).unwrap();
        assert!(heading.split("</h1>").next().unwrap().contains(title));
        assert_eq!(page.contains("href=\"?lang=da\""), fetched, "{title}");
    }
}

#[tokio::test]
async fn the_language_link_repeats_the_address_and_nothing_else() {
    let site = router(app(Mode::Demo));
    let response = send(&site, get_as(None, "/x?a='%22%3E//{}&lang=da&b=1")).await;
    assert_eq!(
        response.headers()["set-cookie"],
        "vejviser-sprog=da; Path=/; Max-Age=31536000; SameSite=Lax"
    );
    let page = body(response).await;
    let link = "href=\"?a=%27%22%3E%2F%2F%7B%7D&#38;b=1&#38;lang=en\"";
    assert!(page.contains(link), "{page}");
}
