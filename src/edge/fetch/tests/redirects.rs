//! Where a server may send us on to, and where not.

use super::*;
use crate::edge::server::Clients;

fn to(location: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n")
}

/// Counts down: `/3` leads to `/2`, and `/0` is the end.
async fn chain() -> Server {
    Server::start(|request| {
        let path = request.split(" /").nth(1).unwrap();
        let left = path.as_bytes()[0] - b'0';
        match left {
            0 => ok("", "end"),
            left => to(&format!("/{}", left - 1)),
        }
    })
    .await
}

#[tokio::test]
async fn three_redirects_are_followed_and_no_more() {
    let server = chain().await;
    let base = format!("http://localhost:{}", server.port);
    let end = fetched(settings(), &format!("{base}/3")).await;
    assert_eq!(
        (&end.bytes[..], end.final_url),
        (&b"end"[..], format!("{base}/0"))
    );
    let answer = got(settings(), &format!("{base}/4")).await;
    assert_eq!(answer, Err(Cause::TooManyRedirects(3)));
}

#[tokio::test]
async fn an_error_tells_where_it_happened() {
    let server = Server::start(|request| match request.starts_with("GET /gone ") {
        true => "HTTP/1.1 404 Not Found\r\n\r\n".to_owned(),
        false => to("/gone"),
    })
    .await;
    let url = server.url("localhost");
    let error = fetcher(settings()).get(&url, 9, &Known::default()).await;
    let error = error.expect_err("gone");
    assert_eq!(error.url, format!("http://localhost:{}/gone", server.port));
    assert_eq!(error.cause, Cause::Status(404));
}

#[tokio::test]
async fn every_step_is_held_against_the_rules() {
    for (location, cause) in [
        ("http://idp.example/", Cause::NotHttps),
        (
            "http://user:secret@localhost/",
            Cause::NoAddress("it has a user or password".to_owned()),
        ),
        (
            "file:///etc/passwd",
            Cause::NoAddress("neither https nor http".to_owned()),
        ),
        ("http://", Cause::BadRedirect),
    ] {
        let server = Server::start(move |_| to(location)).await;
        let answer = got(settings(), &server.url("localhost")).await;
        assert_eq!(answer, Err(cause), "{location}");
    }
    let server = Server::start(|_| "HTTP/1.1 301 X\r\n\r\n".to_owned()).await;
    let answer = got(settings(), &server.url("localhost")).await;
    assert_eq!(answer, Err(Cause::BadRedirect));
}

#[tokio::test]
async fn from_https_never_to_http() {
    let (acceptor, pem) = self_signed(
        &["hub.localhost"],
        Clock::default().now(),
        Clients::Anonymous,
    )
    .unwrap();
    let plain = Server::start(|_| ok("", "x")).await;
    let location = plain.url("localhost");
    let target = location.clone();
    let server = Server::listening(Some(acceptor), move |_| to(&target)).await;
    let settings = Settings {
        roots: Some(pem),
        plain_http: true,
        ..settings()
    };
    let answer = got(settings, &format!("https://localhost:{}/", server.port)).await;
    assert_eq!(answer, Err(Cause::Downgrade(location)));
    assert!(plain.asked().is_empty());
}

#[tokio::test]
async fn a_post_is_not_redirected() {
    let server = chain().await;
    let url = format!("http://localhost:{}/1", server.port);
    let answer = fetcher(settings()).post(&url, "a/b", Bytes::new(), 9).await;
    let cause = answer.map_err(|error| error.cause);
    assert_eq!(cause, Err(Cause::BadRedirect));
}
