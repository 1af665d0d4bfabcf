use super::*;
use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::get;

fn request(uri: &str, headers: &[(&str, &str)]) -> Request {
    let request = headers
        .iter()
        .fold(Request::get(uri), |request, (name, value)| {
            request.header(*name, *value)
        });
    request.body(Body::empty()).unwrap()
}

fn accepting(value: &str) -> Language {
    Language::of(&request("/", &[("accept-language", value)]))
}

#[test]
fn the_browsers_preference_decides_by_weight() {
    for danish in [
        "da",
        "da-DK,da;q=0.9,en;q=0.8",
        "en;q=0.4, da;q=0.5",
        "DA",
        "de,fr;q=0.5",
        "",
        "*",
        "en;q=0",
        "en;q=x",
        "da,en",
    ] {
        assert_eq!(accepting(danish), Language::Danish, "{danish}");
    }
    for english in [
        "en",
        "en-GB",
        "de,en;q=0.1",
        "da;q=0.3,en;q=0.4",
        "en,da",
        "da;q=0,en;q=0.1",
    ] {
        assert_eq!(accepting(english), Language::English, "{english}");
    }
    assert_eq!(Language::of(&request("/", &[])), Language::Danish);
}

#[test]
fn the_address_goes_before_the_cookie_and_the_cookie_before_the_browser() {
    let english = [
        ("accept-language", "en"),
        ("cookie", "a=b; vejviser-sprog=da"),
    ];
    assert_eq!(Language::of(&request("/", &english)), Language::Danish);
    assert_eq!(
        Language::of(&request("/?a=1&lang=en", &english)),
        Language::English
    );
    assert_eq!(
        Language::of(&request("/?lang=xx", &english)),
        Language::Danish
    );
    let broken = [
        ("accept-language", "en"),
        ("cookie", "vejviser-sprog=<script>"),
    ];
    assert_eq!(Language::of(&request("/", &broken)), Language::English);
}

#[test]
fn what_somebody_else_wrote_into_the_address_cannot_leave_the_link() {
    for (query, kept) in [
        ("", ""),
        ("flow=A&lang=en", "flow=A"),
        ("lang=da&flow=A&lang=en&q=%C3%B8", "flow=A&q=%C3%B8"),
        ("l%61ng=en&a", "a"),
        (
            "SAMLRequest=a%2fB%2B&SigAlg=x",
            "SAMLRequest=a%2fB%2B&SigAlg=x",
        ),
        ("q='\"><script>{}", "q=%27%22%3E%3Cscript%3E%7B%7D"),
        ("q=a#b;c", "q=a%23b%3Bc"),
        ("q=//evil.example:80/", "q=%2F%2Fevil.example%3A80%2F"),
    ] {
        assert_eq!(others(query).as_deref(), Some(kept), "{query}");
    }
    assert_eq!(others(&"a".repeat(MAX_QUERY + 1)), None);
}

async fn seen(request: Request) -> (String, Option<String>) {
    let page = || async { format!("{:?} {:?}", Language::current(), switch()) };
    let site = Router::new()
        .route("/", get(page).post(page))
        .layer(from_fn_with_state(Place::Hub, answered));
    let response = crate::edge::testing::send(&site, request).await;
    assert_eq!(response.status(), StatusCode::OK);
    let cookie = response.headers().get(SET_COOKIE);
    let cookie = cookie.map(|value| value.to_str().unwrap().to_owned());
    (crate::edge::testing::body(response).await, cookie)
}

#[tokio::test]
async fn a_language_in_the_address_is_kept_for_a_year() {
    let (body, cookie) = seen(request("/?lang=en&a=b", &[])).await;
    assert_eq!(body, "English Some(\"?a=b&lang=da\")");
    assert_eq!(
        cookie.as_deref(),
        Some("vejviser-sprog=en; Path=/; Max-Age=31536000; SameSite=Lax")
    );
    let (body, cookie) = seen(request("/", &[])).await;
    assert_eq!(body, "Danish Some(\"?lang=en\")");
    assert_eq!(cookie, None);
}

#[tokio::test]
async fn the_answer_to_a_post_has_no_link_to_itself() {
    let post = Request::post("/?lang=en").body(Body::empty()).unwrap();
    assert_eq!(seen(post).await.0, "English None");
    assert_eq!((Language::current(), switch()), (Language::Danish, None));
}
